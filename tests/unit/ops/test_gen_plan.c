/* Special orders: exactly as many as asked for, one fate each, well spread. */
#include "unit.h"

#include <string.h>

#include "ops/gen_plan.h"

struct tally {
	int64_t by_fate[OM_GEN_FATES];
	int64_t rank_sum[OM_GEN_FATES];
};

static struct om_gen_options
options(const int64_t counts[5])
{
	return (struct om_gen_options){
		.seed = 42,
		.orders = counts[0],
		.breaks = counts[1],
		.amendments = counts[2],
		.cancellations = counts[3],
		.bad_rows = counts[4],
	};
}

/* Whether the nth of each fate come one after the other is asserted. */
static void
walk(const struct om_gen_options *opt, int64_t first, int64_t last,
    int64_t next[OM_GEN_FATES], struct tally *out)
{
	struct om_gen_plan plan;

	om_gen_plan_start(opt, first, &plan);
	for (int64_t i = first; i <= last; i++) {
		struct om_gen_turn turn = om_gen_plan_next(&plan, i);

		assert_in_range(turn.fate, OM_GEN_PLAIN, OM_GEN_BAD);
		out->by_fate[turn.fate]++;
		out->rank_sum[turn.fate] += turn.nth;
		if (turn.fate != OM_GEN_PLAIN)
			assert_int_equal(turn.nth, next[turn.fate]++);
	}
}

static const int64_t sizes[][5] = {
	{ 1, 0, 0, 0, 0 },
	{ 1, 1, 0, 0, 0 },
	{ 1, 0, 0, 0, 1 },
	{ 7, 7, 0, 0, 0 },
	{ 1000, 12, 0, 0, 0 },
	{ 1000, 999, 0, 0, 0 },
	{ 1000, 0, 1000, 0, 0 },
	{ 997, 600, 1, 0, 0 },
	{ 997, 0, 3, 5, 100 },
	{ 1000, 12, 50, 20, 10 },
	{ 100, 25, 25, 25, 25 },
	{ 100, 1, 97, 1, 1 },
};

static void
exactly_the_fates_asked_for_come_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < OM_COUNT(sizes); i++) {
		const int64_t *want = sizes[i];
		struct om_gen_options opt = options(want);
		int64_t next[OM_GEN_FATES] = { 0 };
		struct tally t = { { 0 }, { 0 } };

		walk(&opt, 1, opt.orders, next, &t);
		assert_int_equal(t.by_fate[OM_GEN_BROKEN], want[1]);
		assert_int_equal(t.by_fate[OM_GEN_AMENDED], want[2]);
		assert_int_equal(t.by_fate[OM_GEN_CANCELLED], want[3]);
		assert_int_equal(t.by_fate[OM_GEN_BAD], want[4]);
		assert_int_equal(om_gen_special(&opt),
		    want[1] + want[2] + want[3] + want[4]);
	}
}

static void
a_plan_begun_anywhere_is_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < OM_COUNT(sizes); i++) {
		struct om_gen_options opt = options(sizes[i]);
		int64_t next[OM_GEN_FATES] = { 0 };
		struct tally whole = { { 0 }, { 0 } };

		walk(&opt, 1, opt.orders, next, &whole);
		for (int64_t cut = 0; cut <= opt.orders; cut += 3) {
			int64_t again[OM_GEN_FATES] = { 0 };
			struct tally parts = { { 0 }, { 0 } };

			walk(&opt, 1, cut, again, &parts);
			walk(&opt, cut + 1, opt.orders, again, &parts);
			assert_memory_equal(&whole, &parts, sizeof(whole));
		}
	}
}

static void
no_kind_gathers_in_one_place(void **state)
{
	static const int64_t counts[] = { 10000, 100, 200, 300, 400 };
	struct om_gen_options opt = options(counts);
	int64_t next[OM_GEN_FATES] = { 0 };

	(void)state;
	for (int tenth = 0; tenth < 10; tenth++) {
		struct tally t = { { 0 }, { 0 } };

		walk(&opt, tenth * 1000 + 1, tenth * 1000 + 1000, next, &t);
		for (int f = 1; f < OM_GEN_FATES; f++)
			assert_in_range(t.by_fate[f], counts[f] / 10 - 2,
			    counts[f] / 10 + 2);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exactly_the_fates_asked_for_come_up),
		cmocka_unit_test(a_plan_begun_anywhere_is_the_same),
		cmocka_unit_test(no_kind_gathers_in_one_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
