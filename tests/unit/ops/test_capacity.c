/* Rates against what is asked: who keeps up, and by how much. */
#include "unit.h"

#include "ops/capacity.h"

static const struct om_load load = { "peak", 36000 };

static void
a_rate_is_rounded_down(void **state)
{
	(void)state;
	assert_int_equal(om_per_second(10, INT64_C(3000000000)), 3);
	assert_int_equal(om_per_second(0, 5), 0);
	assert_int_equal(om_per_second(1, 1000000000), 1);
}

static void
what_took_no_time_took_a_nanosecond(void **state)
{
	(void)state;
	assert_int_equal(om_per_second(2, 0), 2000000000);
}

static void
the_most_that_can_be_counted_does_not_overflow(void **state)
{
	(void)state;
	assert_int_equal(om_per_second(OM_STEP_COUNT_MAX, 1),
	    OM_STEP_COUNT_MAX * 1000000000);
}

static void
who_is_just_as_fast_holds(void **state)
{
	struct om_capacity c = om_capacity_of(&load, 40000, 36000);

	(void)state;
	assert_int_equal(c.verdict, OM_HOLDS);
	assert_int_equal(c.load_tenths, 11);
	assert_int_equal(c.all_tenths, 10);
}

static void
who_is_one_short_in_all_only_loads(void **state)
{
	struct om_capacity c = om_capacity_of(&load, 36000, 35999);

	(void)state;
	assert_int_equal(c.verdict, OM_LOADS_IT);
	assert_int_equal(c.load_tenths, 10);
	assert_int_equal(c.all_tenths, 9);
}

static void
who_is_one_short_in_loading_queues(void **state)
{
	struct om_capacity c = om_capacity_of(&load, 35999, 20000);

	(void)state;
	assert_int_equal(c.verdict, OM_QUEUES);
}

static void
the_highest_rate_has_a_reserve_too(void **state)
{
	struct om_capacity c = om_capacity_of(&load, INT64_MAX, INT64_MAX);

	(void)state;
	assert_int_equal(c.verdict, OM_HOLDS);
	assert_true(c.load_tenths > 0);
}

static void
the_loads_are_those_of_the_design_question(void **state)
{
	(void)state;
	assert_int_equal(om_loads[0].per_second, 12000);
	assert_int_equal(om_loads[1].per_second, 3 * 12000);
	assert_int_equal(om_loads[2].per_second, 10 * 36000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rate_is_rounded_down),
		cmocka_unit_test(what_took_no_time_took_a_nanosecond),
		cmocka_unit_test(
		    the_most_that_can_be_counted_does_not_overflow),
		cmocka_unit_test(who_is_just_as_fast_holds),
		cmocka_unit_test(who_is_one_short_in_all_only_loads),
		cmocka_unit_test(who_is_one_short_in_loading_queues),
		cmocka_unit_test(the_highest_rate_has_a_reserve_too),
		cmocka_unit_test(the_loads_are_those_of_the_design_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
