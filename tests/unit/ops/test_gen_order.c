/* The generator's arithmetic: every order in normal form, breaks well spread. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "ops/gen_order.h"
#include "order/order.h"

#define MIX "EUR:70,USD:20,JPY:5,KWD:3,CLF:2"

static struct om_gen_options
options(int64_t orders, int64_t lines, int64_t breaks)
{
	struct om_gen_options opt = {
		.seed = 42,
		.orders = orders,
		.lines = lines,
		.breaks = breaks,
		.channel = "web",
		.start = INT64_C(1767225600),
		.days = 30,
		.parts = 1,
		.part = 1,
	};
	struct om_err err = { 0 };

	assert_ok(om_gen_mix_parse(om_str_of(MIX), &opt.mix, &err));
	return opt;
}

/* As the feed would hand it to the check. */
static void
check_order(const struct om_gen_options *opt, const struct om_gen_order *g)
{
	struct om_err err = { 0 };
	struct om_line *lines = calloc(g->line_count + 1, sizeof(*lines));
	struct om_order o = {
		.channel = OM_STR("web"),
		.reference = OM_STR("1"),
		.currency = opt->mix.part[g->currency].currency,
		.tax_included = g->tax_included,
		.subtotal_minor = g->subtotal_minor,
		.discount_minor = g->discount_minor,
		.shipping_minor = g->shipping_minor,
		.tax_minor = g->tax_minor,
		.total_minor = g->total_minor,
		.lines = lines,
		.line_count = g->line_count,
	};

	assert_non_null(lines);
	for (uint32_t i = 0; i < g->line_count; i++) {
		const struct om_gen_line *l = &g->lines[i];

		lines[i].number = (int32_t)i + 1;
		lines[i].total_minor = l->total_minor;
		assert_int_equal(l->price_minor * l->quantity_milli % 1000, 0);
		assert_int_equal(l->total_minor + l->discount_minor,
		    l->price_minor * l->quantity_milli / 1000);
		assert_true(l->quantity_milli % 500 == 0 &&
			    l->quantity_milli > 0 && l->total_minor > 0);
	}
	assert_ok(om_order_check(&o, 0, &err));
	assert_true(g->total_minor > 1);
	free(lines);
}

static void
every_order_is_in_normal_form(void **state)
{
	struct om_gen_options opt = options(20000, 3, 0);
	struct om_gen_line lines[6];
	struct om_gen_order o = { .lines = lines };
	int64_t sum = 0;

	(void)state;
	for (int64_t i = 1; i <= opt.orders; i++) {
		om_gen_order_make(&opt, i, &o);
		assert_in_range(o.line_count, 1, 5);
		assert_in_range(o.placed_at, opt.start,
		    opt.start + 30 * 86400 - 1);
		assert_true(o.paid_at > o.placed_at);
		check_order(&opt, &o);
		sum += o.line_count;
	}
	assert_in_range(sum, 2 * opt.orders + opt.orders * 9 / 10,
	    3 * opt.orders + opt.orders / 10);
}

static void
a_flat_order_is_too(void **state)
{
	struct om_gen_options opt = options(20000, 0, 0);
	struct om_gen_order o = { 0 };

	(void)state;
	for (int64_t i = 1; i <= opt.orders; i++) {
		om_gen_order_make(&opt, i, &o);
		assert_int_equal(o.line_count, 0);
		assert_false(o.tax_included);
		check_order(&opt, &o);
	}
}

static void
currencies_follow_their_weights(void **state)
{
	struct om_gen_options opt = options(20000, 0, 0);
	struct om_gen_order o = { 0 };
	int64_t count[5] = { 0 };

	(void)state;
	for (int64_t i = 1; i <= opt.orders; i++) {
		om_gen_order_make(&opt, i, &o);
		count[o.currency]++;
	}
	for (int i = 0; i < 5; i++)
		assert_in_range(count[i], opt.mix.part[i].weight * 170,
		    opt.mix.part[i].weight * 230);
}

static int64_t
breaks_between(const struct om_gen_options *opt, int64_t first, int64_t last,
    int64_t by_class[OM_GEN_BREAK_COUNT])
{
	struct om_gen_plan plan;
	int64_t n = 0;

	om_gen_plan_start(opt, first, &plan);
	for (int64_t i = first; i <= last; i++) {
		enum om_gen_break what;

		if (om_gen_plan_next(&plan, i, &what)) {
			by_class[what]++;
			n++;
		}
	}
	return n;
}

static void
exactly_the_breaks_asked_for_are_planted(void **state)
{
	static const int64_t sizes[][2] = { { 1, 0 }, { 1, 1 }, { 7, 7 },
		{ 1000, 12 }, { 1000, 999 }, { 1000, 1000 }, { 997, 600 } };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(sizes); i++) {
		struct om_gen_options opt =
		    options(sizes[i][0], 0, sizes[i][1]);
		int64_t by_class[OM_GEN_BREAK_COUNT] = { 0 };

		assert_int_equal(breaks_between(&opt, 1, opt.orders, by_class),
		    opt.breaks);
		for (int c = 0; c < OM_GEN_BREAK_COUNT; c++)
			assert_int_equal(by_class[c],
			    (opt.breaks + OM_GEN_BREAK_COUNT - 1 - c) /
				OM_GEN_BREAK_COUNT);
	}
}

static void
a_plan_begun_anywhere_is_the_same(void **state)
{
	struct om_gen_options opt = options(997, 0, 130);
	int64_t whole[OM_GEN_BREAK_COUNT] = { 0 };

	(void)state;
	breaks_between(&opt, 1, opt.orders, whole);
	for (int64_t cut = 0; cut <= opt.orders; cut++) {
		int64_t parts[OM_GEN_BREAK_COUNT] = { 0 };

		breaks_between(&opt, 1, cut, parts);
		breaks_between(&opt, cut + 1, opt.orders, parts);
		assert_memory_equal(whole, parts, sizeof(whole));
	}
}

static void
streams_differ_by_seed_and_number(void **state)
{
	struct om_prng a = om_prng_stream(1, 1);
	struct om_prng b = om_prng_stream(1, 2);
	struct om_prng c = om_prng_stream(2, 1);
	uint64_t x = om_prng_next(&a);

	(void)state;
	assert_true(x != om_prng_next(&b));
	assert_true(x != om_prng_next(&c));
	/* The first output of SplitMix64 from state 0, as published. */
	assert_true(om_prng_next(&(struct om_prng){ 0 }) ==
		    UINT64_C(0xe220a8397b1dcdaf));
}

static void
a_mix_that_makes_no_sense_is_refused(void **state)
{
	static const char *const bad[][2] = {
		{ "", "no currency ''" },
		{ "EUR,", "no currency ''" },
		{ "EUX:1", "no currency 'EUX'" },
		{ "EUR:0", "bad weight in 'EUR:0': not within 1 to 1000000" },
		{ "EUR:1000001",
		    "bad weight in 'EUR:1000001': not within 1 to 1000000" },
		{ "EUR:x", "bad weight in 'EUR:x': not within 1 to 1000000" },
		{ "EUR:1,USD:2,EUR:3", "'EUR' twice" },
	};
	struct om_gen_mix mix = { .count = 7 };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(bad); i++) {
		struct om_err err = { 0 };

		assert_fails(om_gen_mix_parse(om_str_of(bad[i][0]), &mix, &err),
		    OM_EUSAGE);
		assert_string_equal(err.msg, bad[i][1]);
		assert_int_equal(mix.count, 7);
	}
}

static void
a_mix_holds_sixteen_currencies_and_no_more(void **state)
{
	const char *text = "EUR,USD,JPY,KWD,GBP,CHF,SEK,NOK,DKK,PLN,CZK,HUF,"
			   "AUD,NZD,CAD,BRL,MXN";
	struct om_gen_mix mix;
	struct om_err err = { 0 };

	(void)state;
	assert_fails(om_gen_mix_parse(om_str_of(text), &mix, &err), OM_EUSAGE);
	assert_string_equal(err.msg, "more than 16 currencies");
	assert_ok(om_gen_mix_parse((struct om_str){ text, strlen(text) - 4 },
	    &mix, &err));
	assert_int_equal(mix.count, 16);
	assert_int_equal(mix.sum, 16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_order_is_in_normal_form),
		cmocka_unit_test(a_flat_order_is_too),
		cmocka_unit_test(currencies_follow_their_weights),
		cmocka_unit_test(exactly_the_breaks_asked_for_are_planted),
		cmocka_unit_test(a_plan_begun_anywhere_is_the_same),
		cmocka_unit_test(streams_differ_by_seed_and_number),
		cmocka_unit_test(a_mix_that_makes_no_sense_is_refused),
		cmocka_unit_test(a_mix_holds_sixteen_currencies_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
