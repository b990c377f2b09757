/* Decimal text in and out: limits, halves, grouping, and what is refused. */
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "order/decimal.h"

static const struct om_number_format german = { ',', '.' };

/* Parse what must parse. */
static int64_t
parsed(const char *text, int places, enum om_rounding mode,
    const struct om_number_format *fmt)
{
	struct om_err err = { 0 };
	int64_t value = -77;

	assert_ok(
	    om_decimal_parse(om_str_of(text), places, mode, fmt, &value, &err));
	return value;
}

static void
refused(struct om_str text, int places, const struct om_number_format *fmt,
    const char *why)
{
	struct om_err err = { 0 };
	int64_t value = -77;

	assert_fails(om_decimal_parse(text, places, OM_ROUND_EXACT, fmt, &value,
			 &err),
	    strstr(why, "too large") != NULL ? OM_ELIMIT : OM_EDATA);
	assert_string_equal(err.msg, why);
	assert_int_equal(value, -77);
}

static void
text_and_value_go_both_ways_at_all_places(void **state)
{
	char text[OM_MONEY_TEXT_MAX];
	char plus[OM_MONEY_TEXT_MAX + 1];

	(void)state;
	for (int places = 0; places <= OM_DECIMAL_PLACES_MAX; places++) {
		for (uint64_t size = 1; size != 0;
		     size = size > UINT64_MAX / 3 ? 0 : size * 3 + 1) {
			int64_t value = (int64_t)(size >> 1);

			om_decimal_text(value, places, text);
			assert_true(parsed(text, places, OM_ROUND_EXACT,
					NULL) == value);
			snprintf(plus, sizeof(plus), "+%s", text);
			assert_true(parsed(plus, places, OM_ROUND_EXACT,
					NULL) == value);
			om_decimal_text(-value, places, text);
			assert_true(parsed(text, places, OM_ROUND_EXACT,
					NULL) == -value);
		}
	}
}

static void
the_text_always_has_all_its_places(void **state)
{
	static const struct {
		int64_t value;
		int places;
		const char *text;
	} cases[] = {
		{ 0, 0, "0" },
		{ 0, 2, "0.00" },
		{ 5, 2, "0.05" },
		{ -5, 2, "-0.05" },
		{ 1200, 2, "12.00" },
		{ -153350, 2, "-1533.50" },
		{ 7, 4, "0.0007" },
		{ 1, 18, "0.000000000000000001" },
		{ INT64_MAX, 0, "9223372036854775807" },
		{ INT64_MIN, 0, "-9223372036854775808" },
		{ INT64_MIN, 4, "-922337203685477.5808" },
		{ INT64_MIN, 18, "-9.223372036854775808" },
	};
	char text[OM_MONEY_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < OM_COUNT(cases); i++)
		assert_string_equal(om_decimal_text(cases[i].value,
					cases[i].places, text),
		    cases[i].text);
}

static void
missing_digits_are_zeros(void **state)
{
	(void)state;
	assert_int_equal(parsed("12", 2, OM_ROUND_EXACT, NULL), 1200);
	assert_int_equal(parsed("12.5", 2, OM_ROUND_EXACT, NULL), 1250);
	assert_int_equal(parsed("13085.0", 2, OM_ROUND_EXACT, NULL), 1308500);
	assert_int_equal(parsed("-0.00", 2, OM_ROUND_EXACT, NULL), 0);
	assert_int_equal(parsed("-7", 0, OM_ROUND_EXACT, NULL), -7);
	assert_int_equal(parsed("000000000000000000000000012.50", 2,
			     OM_ROUND_EXACT, NULL),
	    1250);
}

static void
zeros_beyond_the_places_are_no_remainder(void **state)
{
	(void)state;
	assert_int_equal(parsed("1.0000000000000000000000000000000000000000", 2,
			     OM_ROUND_EXACT, NULL),
	    100);
	assert_int_equal(parsed("5.000", 0, OM_ROUND_EXACT, NULL), 5);
	refused(OM_STR("1.005"), 2, NULL,
	    "bad amount '1.005': more than 2 decimals");
	refused(OM_STR("1.0000000001"), 2, NULL,
	    "bad amount '1.0000000001': more than 2 decimals");
	refused(OM_STR("5.5"), 0, NULL,
	    "bad amount '5.5': more than 0 decimals");
}

/* What is cut off is compared with a half as a whole, not digit by digit. */
static void
each_mode_rounds_halves_its_own_way(void **state)
{
	/* half-even, half-up, floor, truncate */
	static const struct {
		const char *text;
		int want[4];
	} cases[] = {
		{ "0.005", { 0, 1, 0, 0 } },
		{ "0.015", { 2, 2, 1, 1 } },
		{ "0.025", { 2, 3, 2, 2 } },
		{ "0.0250000000000000000000000001", { 3, 3, 2, 2 } },
		{ "0.0249999999999999999999999999", { 2, 2, 2, 2 } },
		{ "0.0301", { 3, 3, 3, 3 } },
		{ "0.0300000000000000000000000001", { 3, 3, 3, 3 } },
		{ "0.039", { 4, 4, 3, 3 } },
		{ "-0.005", { 0, -1, -1, 0 } },
		{ "-0.015", { -2, -2, -2, -1 } },
		{ "-0.025", { -2, -3, -3, -2 } },
		{ "-0.0250000000000000000000000001", { -3, -3, -3, -2 } },
		{ "-0.0249999999999999999999999999", { -2, -2, -3, -2 } },
		{ "-0.001", { 0, 0, -1, 0 } },
		{ "-0.00000000001", { 0, 0, -1, 0 } },
		{ "-0.020", { -2, -2, -2, -2 } },
	};

	(void)state;
	for (size_t i = 0; i < OM_COUNT(cases); i++)
		for (int mode = 0; mode < OM_ROUND_EXACT; mode++)
			assert_int_equal(parsed(cases[i].text, 2,
					     (enum om_rounding)mode, NULL),
			    cases[i].want[mode]);
}

static void
rounding_agrees_with_division_for_every_fraction(void **state)
{
	char text[OM_MONEY_TEXT_MAX];

	(void)state;
	for (int n = -3050; n <= 3050; n++) {
		om_decimal_text(n, 3, text);
		for (int m = 0; m < OM_ROUND_EXACT; m++) {
			enum om_rounding mode = (enum om_rounding)m;
			om_int128 want;

			assert_true(om_divide(n, 100, mode, &want));
			assert_int_equal(parsed(text, 1, mode, NULL),
			    (int)want);
		}
	}
}

static void
the_limits_of_int64_hold_at_every_number_of_places(void **state)
{
	(void)state;
	for (int places = 0; places <= OM_DECIMAL_PLACES_MAX; places++) {
		char text[OM_MONEY_TEXT_MAX];
		char why[80];
		size_t n;

		om_decimal_text(INT64_MAX, places, text);
		assert_true(
		    parsed(text, places, OM_ROUND_EXACT, NULL) == INT64_MAX);
		n = strlen(text);
		text[n - 1] = '8';
		snprintf(why, sizeof(why), "amount '%s' is too large", text);
		refused(om_str_of(text), places, NULL, why);

		om_decimal_text(INT64_MIN, places, text);
		assert_true(
		    parsed(text, places, OM_ROUND_EXACT, NULL) == INT64_MIN);
		text[n] = '9';
		snprintf(why, sizeof(why), "amount '%s' is too large", text);
		refused(om_str_of(text), places, NULL, why);
	}
}

static void
rounding_may_not_pass_the_limit(void **state)
{
	struct om_err err = { 0 };
	int64_t value = -77;

	(void)state;
	assert_true(parsed("9223372036854775807.4", 0, OM_ROUND_HALF_UP,
			NULL) == INT64_MAX);
	assert_fails(om_decimal_parse(OM_STR("9223372036854775807.5"), 0,
			 OM_ROUND_HALF_UP, NULL, &value, &err),
	    OM_ELIMIT);
	assert_true(parsed("-9223372036854775808.9", 0, OM_ROUND_TRUNCATE,
			NULL) == INT64_MIN);
	assert_fails(om_decimal_parse(OM_STR("-9223372036854775808.1"), 0,
			 OM_ROUND_FLOOR, NULL, &value, &err),
	    OM_ELIMIT);
	assert_int_equal(value, -77);
}

static void
numbers_beyond_any_integer_are_too_large(void **state)
{
	(void)state;
	refused(OM_STR("18446744073709551616"), 0, NULL,
	    "amount '18446744073709551616' is too large");
	refused(OM_STR("184467440737095516170"), 0, NULL,
	    "amount '184467440737095516170' is too large");
	refused(OM_STR("1000000000000000000"), 6, NULL,
	    "amount '1000000000000000000' is too large");
	refused(OM_STR("99999999999999999999999999999999999999.99"), 2, NULL,
	    "amount '99999999999999999999999999999999999999.99' is too large");
}

static void
what_is_no_number_is_refused(void **state)
{
	static const char *const texts[] = { "", "-", "+", ".", "-.", "+-1",
		"--1", "1-", "1 ", " 1", "1 000", ".5", "-.5", "5.", "1..2",
		"1.2.3", "1,5", "12,x", "12.x", "12.5x", "12.505x", "x", "1e3",
		"0x10", "inf", "nan", "(5.00)", "5.00-", "$5", "5 EUR", "'5",
		"1'000", "1,000.00",
		"\xe2\x88\x92"
		"5" };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(texts); i++) {
		char why[64];

		snprintf(why, sizeof(why), "bad amount '%s'", texts[i]);
		refused(om_str_of(texts[i]), 2, NULL, why);
	}
	refused((struct om_str){ NULL, 0 }, 2, NULL, "bad amount ''");
	refused(OM_STR("1\0002"), 2, NULL, "bad amount '1'");
}

static void
a_number_ends_where_its_string_ends(void **state)
{
	struct om_err err = { 0 };
	int64_t value;

	(void)state;
	assert_ok(om_decimal_parse((struct om_str){ "12.345", 4 }, 2,
	    OM_ROUND_EXACT, NULL, &value, &err));
	assert_int_equal(value, 1230);
}

static void
a_long_culprit_is_cut(void **state)
{
	char text[200];
	char why[100];

	(void)state;
	memset(text, 'y', sizeof(text));
	snprintf(why, sizeof(why), "bad amount '%.64s'", text);
	refused((struct om_str){ text, sizeof(text) }, 2, NULL, why);
	memset(text, '9', sizeof(text));
	snprintf(why, sizeof(why), "amount '%.64s' is too large", text);
	refused((struct om_str){ text, sizeof(text) }, 2, NULL, why);
}

static void
groups_are_whole_or_absent(void **state)
{
	(void)state;
	assert_int_equal(parsed("1.653,75", 2, OM_ROUND_EXACT, &german),
	    165375);
	assert_int_equal(parsed("1653,75", 2, OM_ROUND_EXACT, &german), 165375);
	assert_int_equal(parsed("-12.345.678", 2, OM_ROUND_EXACT, &german),
	    -1234567800);
	assert_int_equal(parsed("0,5", 2, OM_ROUND_EXACT, &german), 50);
	assert_int_equal(parsed("123.456", 2, OM_ROUND_EXACT, &german),
	    12345600);
}

static void
broken_groups_are_refused(void **state)
{
	static const char *const texts[] = { "1.65,75", "1.6537,5", "16.5375",
		"1653.750", "1.6.530", "1..653", ".653,75", "1.,5", "1.653.",
		"1.653.,5", "0.123", "01.234", "-0.123", "1,653.75", "1,5.0",
		"1.653,7.5", "12.34", "1,", "1,653,7" };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(texts); i++) {
		char why[64];

		snprintf(why, sizeof(why), "bad amount '%s'", texts[i]);
		refused(om_str_of(texts[i]), 2, &german, why);
	}
}

static void
a_format_of_zeros_is_the_plain_one(void **state)
{
	static const struct om_number_format zeros = { 0 };
	static const struct om_number_format comma = { .decimal = ',' };
	static const struct om_number_format english = { .thousands = ',' };
	static const struct om_number_format blank = { ',', ' ' };

	(void)state;
	assert_int_equal(parsed("12.5", 2, OM_ROUND_EXACT, &zeros), 1250);
	refused(OM_STR("1,000"), 2, &zeros, "bad amount '1,000'");
	assert_int_equal(parsed("12,5", 2, OM_ROUND_EXACT, &comma), 1250);
	refused(OM_STR("12.5"), 2, &comma, "bad amount '12.5'");
	refused(OM_STR("1\0002"), 2, &comma, "bad amount '1'");
	assert_int_equal(parsed("1,533.50", 2, OM_ROUND_EXACT, &english),
	    153350);
	assert_int_equal(parsed("1 533,50", 2, OM_ROUND_EXACT, &blank), 153350);
}

static void
a_format_needs_two_different_marks(void **state)
{
	static const struct om_number_format good[] = { { 0, 0 }, { ',', 0 },
		{ ',', '.' }, { 0, ',' }, { '.', '\'' }, { ',', ' ' } };
	static const struct om_number_format bad[] = { { ',', ',' }, { 0, '.' },
		{ '.', '.' }, { '5', 0 }, { ',', '0' }, { '-', 0 },
		{ ',', '+' }, { '"', 0 } };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(good); i++)
		assert_true(om_number_format_valid(&good[i]));
	for (size_t i = 0; i < OM_COUNT(bad); i++)
		assert_false(om_number_format_valid(&bad[i]));
}

/* With a mark for thousands every text goes the complete way; if the mark is
 * not in it, it means the same. */
static void
agree(struct om_str text, int places)
{
	static const struct om_number_format grouped = { '.', ',' };
	struct om_err err = { 0 };
	int64_t simple = -77;
	int64_t complete = -77;
	int rc = om_decimal_parse(text, places, OM_ROUND_EXACT, &grouped,
	    &complete, &err);

	if (!om_decimal_plain(text, places, &simple))
		assert_true(simple == -77);
	else if (rc < 0 || simple != complete)
		fail_msg("'%.*s' at %d is %lld and %lld", OM_FMT(text), places,
		    (long long)simple, (long long)complete);
}

/* Every text of up to five bytes of these, at the ends of what fits too. */
static void
the_simple_way_is_the_complete_way(void **state)
{
	static const char bytes[] = { '0', '1', '9', '.', '-', '+', '/', ':' };
	static const char *const before[] = { "", "-", "1234567890123",
		"-99999999999999", "0.", "922337203685477580" };

	(void)state;
	for (size_t b = 0; b < OM_COUNT(before); b++) {
		size_t start = strlen(before[b]);
		char text[32];

		memcpy(text, before[b], start);
		for (unsigned k = 0; k < 8 * 8 * 8 * 8 * 8; k++) {
			for (size_t i = 0; i < 5; i++)
				text[start + i] = bytes[k >> (3 * i) & 7];
			for (size_t n = 0; n <= 5; n++)
				agree((struct om_str){ text, start + n },
				    (int)((k + n) % 19));
		}
	}
}

static void
usual_amounts_go_the_simple_way(void **state)
{
	static const char *const texts[] = { "0", "7", "-7", "101.15", "0.00",
		"-1533.50", "1.5", "99999999999999.99", "000001" };
	int64_t value;

	(void)state;
	for (size_t i = 0; i < OM_COUNT(texts); i++) {
		assert_true(om_decimal_plain(om_str_of(texts[i]), 2, &value));
		assert_true(value == parsed(texts[i], 2, OM_ROUND_EXACT, NULL));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_value_go_both_ways_at_all_places),
		cmocka_unit_test(the_text_always_has_all_its_places),
		cmocka_unit_test(missing_digits_are_zeros),
		cmocka_unit_test(zeros_beyond_the_places_are_no_remainder),
		cmocka_unit_test(each_mode_rounds_halves_its_own_way),
		cmocka_unit_test(
		    rounding_agrees_with_division_for_every_fraction),
		cmocka_unit_test(
		    the_limits_of_int64_hold_at_every_number_of_places),
		cmocka_unit_test(rounding_may_not_pass_the_limit),
		cmocka_unit_test(numbers_beyond_any_integer_are_too_large),
		cmocka_unit_test(what_is_no_number_is_refused),
		cmocka_unit_test(a_number_ends_where_its_string_ends),
		cmocka_unit_test(a_long_culprit_is_cut),
		cmocka_unit_test(groups_are_whole_or_absent),
		cmocka_unit_test(broken_groups_are_refused),
		cmocka_unit_test(the_simple_way_is_the_complete_way),
		cmocka_unit_test(usual_amounts_go_the_simple_way),
		cmocka_unit_test(a_format_of_zeros_is_the_plain_one),
		cmocka_unit_test(a_format_needs_two_different_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
