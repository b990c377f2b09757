/* Amounts in a currency's minor unit, and sums that do not wrap. */
#include "unit.h"

#include "order/money.h"

static const struct om_currency *
currency(const char *code)
{
	return om_currency_find(om_str_of(code));
}

static void
money_has_its_currencys_places(void **state)
{
	static const struct {
		const char *code;
		const char *text;
		int64_t minor;
	} cases[] = {
		{ "JPY", "1250", 1250 },
		{ "EUR", "1250.00", 125000 },
		{ "KWD", "1250.005", 1250005 },
		{ "CLF", "-0.0001", -1 },
	};

	(void)state;
	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		const struct om_currency *c = currency(cases[i].code);
		char text[OM_MONEY_TEXT_MAX];
		struct om_err err = { 0 };
		int64_t minor = 0;

		assert_ok(
		    om_money_parse(om_str_of(cases[i].text), c, &minor, &err));
		assert_int_equal(minor, cases[i].minor);
		assert_string_equal(om_money_text(minor, c, text),
		    cases[i].text);
	}
}

static void
money_finer_than_the_minor_unit_is_refused(void **state)
{
	struct om_err err = { 0 };
	int64_t minor = -77;

	(void)state;
	assert_fails(om_money_parse(OM_STR("12.505"), currency("EUR"), &minor,
			 &err),
	    OM_EDATA);
	assert_string_equal(err.msg,
	    "bad amount '12.505': more than 2 decimals");
	assert_fails(om_money_parse(OM_STR("1.5"), currency("JPY"), &minor,
			 &err),
	    OM_EDATA);
	assert_int_equal(minor, -77);
	assert_ok(om_money_parse(OM_STR("1.0"), currency("JPY"), &minor, &err));
	assert_int_equal(minor, 1);
}

static void
a_sum_stops_at_the_limit(void **state)
{
	struct om_err err = { 0 };
	int64_t sum = INT64_MAX - 5;

	(void)state;
	assert_ok(om_money_add(&sum, 5, &err));
	assert_true(sum == INT64_MAX);
	assert_fails(om_money_add(&sum, 1, &err), OM_ELIMIT);
	assert_string_equal(err.msg, "sum overflows");
	assert_true(sum == INT64_MAX);
	assert_ok(om_money_add(&sum, INT64_MIN, &err));
	assert_int_equal(sum, -1);
	assert_ok(om_money_add(&sum, -INT64_MAX, &err));
	assert_fails(om_money_add(&sum, -1, &err), OM_ELIMIT);
	assert_true(sum == INT64_MIN);
}

static void
a_difference_stops_at_the_limit(void **state)
{
	struct om_err err = { 0 };
	int64_t sum = INT64_MIN + 5;

	(void)state;
	assert_ok(om_money_sub(&sum, 5, &err));
	assert_fails(om_money_sub(&sum, 1, &err), OM_ELIMIT);
	assert_string_equal(err.msg, "difference overflows");
	assert_true(sum == INT64_MIN);
	sum = 0;
	assert_fails(om_money_sub(&sum, INT64_MIN, &err), OM_ELIMIT);
	assert_int_equal(sum, 0);
}

static void
only_what_fits_is_narrowed(void **state)
{
	int64_t out = -77;

	(void)state;
	assert_true(om_money_narrow(INT64_MAX, &out));
	assert_true(out == INT64_MAX);
	assert_true(om_money_narrow(INT64_MIN, &out));
	assert_true(out == INT64_MIN);
	assert_false(om_money_narrow((om_int128)INT64_MAX + 1, &out));
	assert_false(om_money_narrow((om_int128)INT64_MIN - 1, &out));
	assert_true(out == INT64_MIN);
}

static void
near_includes_the_tolerance_itself(void **state)
{
	(void)state;
	assert_true(om_money_near(100, 100, 0));
	assert_false(om_money_near(100, 101, 0));
	assert_true(om_money_near(100, 101, 1));
	assert_true(om_money_near(101, 100, 1));
	assert_false(om_money_near(100, 102, 1));
	assert_false(om_money_near(102, 100, 1));
	assert_false(om_money_near(INT64_MAX, INT64_MIN, INT64_MAX));
	assert_true(om_money_near(INT64_MAX, 0, INT64_MAX));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(money_has_its_currencys_places),
		cmocka_unit_test(money_finer_than_the_minor_unit_is_refused),
		cmocka_unit_test(a_sum_stops_at_the_limit),
		cmocka_unit_test(a_difference_stops_at_the_limit),
		cmocka_unit_test(only_what_fits_is_narrowed),
		cmocka_unit_test(near_includes_the_tolerance_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
