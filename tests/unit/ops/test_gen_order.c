/* The generator's arithmetic: every order in normal form. */
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

static void
an_amendment_is_in_normal_form_and_keeps_the_customer(void **state)
{
	struct om_gen_line lines[2][6];

	(void)state;
	for (int flat = 0; flat < 2; flat++) {
		struct om_gen_options opt = options(5000, flat ? 0 : 3, 0);
		struct om_gen_order o = { .lines = lines[0] };
		struct om_gen_order later = { .lines = lines[1] };
		int same = 0;

		for (int64_t i = 1; i <= opt.orders; i++) {
			om_gen_order_make(&opt, i, &o);
			om_gen_order_amend(&opt, &o, &later);
			assert_int_equal(o.revision, 1);
			assert_int_equal(later.revision, 2);
			assert_int_equal(later.number, i);
			assert_int_equal(later.customer, o.customer);
			assert_int_equal(later.currency, o.currency);
			assert_int_equal(later.placed_at, o.placed_at);
			check_order(&opt, &later);
			same += later.total_minor == o.total_minor;
		}
		assert_in_range(same, 0, 10);
	}
}

static void
rows_are_counted_without_making_them(void **state)
{
	static const int64_t averages[] = { 0, 1, 3, 1000 };
	struct om_gen_line *lines =
	    calloc(2 * OM_GEN_LINES_MAX, sizeof(*lines));
	struct om_gen_order o = { .lines = lines };

	(void)state;
	assert_non_null(lines);
	for (size_t k = 0; k < OM_COUNT(averages); k++) {
		struct om_gen_options opt = options(2000, averages[k], 0);

		for (int64_t i = 1; i <= 200; i++) {
			om_gen_order_make(&opt, i, &o);
			assert_int_equal(om_gen_order_rows(&opt, i),
			    averages[k] == 0 ? 1 : o.line_count);
		}
	}
	free(lines);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_order_is_in_normal_form),
		cmocka_unit_test(a_flat_order_is_too),
		cmocka_unit_test(currencies_follow_their_weights),
		cmocka_unit_test(
		    an_amendment_is_in_normal_form_and_keeps_the_customer),
		cmocka_unit_test(rows_are_counted_without_making_them),
		cmocka_unit_test(streams_differ_by_seed_and_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
