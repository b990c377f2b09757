/* Division by every mode, against a slow and obvious one. */
#include "unit.h"

#include "order/rounding.h"

/* The same quotient by looking for it: the largest q with q * d <= n, then
 * one up where the mode says so. */
static long
slowly(long n, long d, enum om_rounding mode)
{
	long q = -1000;
	long twice;

	while ((q + 1) * d <= n)
		q++;
	twice = 2 * (n - q * d);
	if (twice == 0 || mode == OM_ROUND_FLOOR)
		return q;
	if (mode == OM_ROUND_TRUNCATE)
		return n < 0 ? q + 1 : q;
	if (twice != d)
		return twice > d ? q + 1 : q;
	if (mode == OM_ROUND_HALF_EVEN)
		return q % 2 == 0 ? q : q + 1;
	return n < 0 ? q : q + 1;
}

static void
every_mode_agrees_with_the_obvious_way(void **state)
{
	(void)state;
	for (int mode = OM_ROUND_HALF_EVEN; mode < OM_ROUND_EXACT; mode++) {
		for (long n = -130; n <= 130; n++) {
			for (long d = 1; d <= 12; d++) {
				om_int128 q = 0;

				assert_true(om_divide(n, d,
				    (enum om_rounding)mode, &q));
				assert_int_equal((long)q,
				    slowly(n, d, (enum om_rounding)mode));
			}
		}
	}
}

static void
exact_refuses_a_remainder_and_leaves_the_result(void **state)
{
	om_int128 q = 77;

	(void)state;
	assert_false(om_divide(7, 2, OM_ROUND_EXACT, &q));
	assert_int_equal((int)q, 77);
	assert_true(om_divide(-8, 2, OM_ROUND_EXACT, &q));
	assert_int_equal((int)q, -4);
}

static void
wide_numbers_divide_like_small_ones(void **state)
{
	om_int128 wide = (om_int128)INT64_MAX * INT64_MAX;
	om_int128 q;

	(void)state;
	assert_true(om_divide(wide, INT64_MAX, OM_ROUND_EXACT, &q));
	assert_true(q == INT64_MAX);
	assert_true(om_divide(-wide - 1, INT64_MAX, OM_ROUND_FLOOR, &q));
	assert_true(q == -(om_int128)INT64_MAX - 1);
	assert_true(om_divide(-wide - 1, INT64_MAX, OM_ROUND_TRUNCATE, &q));
	assert_true(q == -(om_int128)INT64_MAX);
	assert_true(om_divide(INT64_MIN, 1, OM_ROUND_EXACT, &q));
	assert_true(q == INT64_MIN);
	assert_true(om_divide(3, wide, OM_ROUND_HALF_UP, &q));
	assert_true(q == 0);
}

static void
names_go_both_ways(void **state)
{
	static const char *const names[] = { "half-even", "half-up", "floor",
		"truncate", "exact" };
	enum om_rounding mode;

	(void)state;
	for (size_t i = 0; i < OM_COUNT(names); i++) {
		assert_true(om_rounding_find(om_str_of(names[i]), &mode));
		assert_int_equal(mode, i);
		assert_string_equal(om_rounding_name(mode), names[i]);
	}
	mode = OM_ROUND_FLOOR;
	assert_false(om_rounding_find(OM_STR("half"), &mode));
	assert_false(om_rounding_find(OM_STR("FLOOR"), &mode));
	assert_false(om_rounding_find((struct om_str){ NULL, 0 }, &mode));
	assert_int_equal(mode, OM_ROUND_FLOOR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mode_agrees_with_the_obvious_way),
		cmocka_unit_test(
		    exact_refuses_a_remainder_and_leaves_the_result),
		cmocka_unit_test(wide_numbers_divide_like_small_ones),
		cmocka_unit_test(names_go_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
