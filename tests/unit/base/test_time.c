/* The calendar day by day, RFC 3339 in and out, and clocks. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"

static void
every_day_of_ten_thousand_years_goes_both_ways(void **state)
{
	int64_t want = -719528; /* 0000-01-01 */
	int64_t days;

	(void)state;
	for (int64_t y = 0; y <= 9999; y++) {
		for (int m = 1; m <= 12; m++) {
			for (int d = 1; d <= 31; d++) {
				int64_t year;
				int month;
				int day;

				if (!om_time_civil(y, m, d, &days))
					continue;
				if (days != want++)
					fail_msg("%d-%d-%d", (int)y, m, d);
				om_time_from_days(days, &year, &month, &day);
				if (year != y || month != m || day != d)
					fail_msg("back %d-%d-%d", (int)y, m, d);
			}
		}
	}
	assert_int_equal(want, 2932897); /* 10000-01-01 */
}

static void
days_that_do_not_exist_are_refused(void **state)
{
	static const int bad[][3] = { { 2026, 2, 29 }, { 1900, 2, 29 },
		{ 2100, 2, 29 }, { 2024, 2, 30 }, { 2026, 4, 31 },
		{ 2026, 0, 1 }, { 2026, 13, 1 }, { 2026, 1, 0 },
		{ 2026, 1, 32 }, { -1, 1, 1 }, { 10000, 1, 1 } };
	int64_t days = 77;

	(void)state;
	for (size_t i = 0; i < OM_COUNT(bad); i++)
		assert_false(
		    om_time_civil(bad[i][0], bad[i][1], bad[i][2], &days));
	assert_int_equal(days, 77);
	assert_true(om_time_civil(2000, 2, 29, &days));
	assert_int_equal(days, 11016);
}

static void
times_are_read_in_all_their_forms(void **state)
{
	static const struct {
		const char *text;
		int64_t when;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01", 0 },
		{ "1969-12-31T23:59:59Z", -1 },
		{ "2026-11-23T22:00:00Z", 1795471200 },
		{ "2026-11-23t22:00:00z", 1795471200 },
		{ "2026-11-23 22:00:00", 1795471200 },
		{ "2026-11-23T22:00", 1795471200 },
		{ "2026-11-23T22:00:00.999999999Z", 1795471200 },
		{ "2026-11-24T00:00:00+02:00", 1795471200 },
		{ "2026-11-24 00:00:00 +0200", 1795471200 },
		{ "2026-11-23T16:30:00-05:30", 1795471200 },
		{ "2016-12-31T23:59:60Z", 1483228800 },
		{ "0000-01-01T00:00:00Z", -62167219200 },
		{ "9999-12-31T23:59:59Z", 253402300799 },
	};

	(void)state;
	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		struct om_err err = { 0 };
		int64_t when = 77;

		assert_ok(om_time_parse(om_str_of(cases[i].text), &when, &err));
		if (when != cases[i].when)
			fail_msg("%s gives %lld", cases[i].text,
			    (long long)when);
	}
}

static void
what_is_no_time_is_refused_by_name(void **state)
{
	static const char *const texts[] = { "", "2026", "2026-11",
		"2026-02-30", "2026-1-1", "26-01-01", "01/02/2026",
		"2026-01-01T", "2026-01-01 ", "2026-01-01T1:00",
		"2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
		"2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z",
		"2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+00:60",
		"2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00 ",
		"2026-01-01T00:00:00ZZ", "2026-01-01X00:00:00",
		"2026-01-01T00:00:00Z ", " 2026-01-01", "+2026-01-01",
		"0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01" };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(texts); i++) {
		struct om_err err = { 0 };
		int64_t when = 77;
		char why[80];

		assert_fails(om_time_parse(om_str_of(texts[i]), &when, &err),
		    OM_EDATA);
		snprintf(why, sizeof(why), "bad time '%s'", texts[i]);
		assert_string_equal(err.msg, why);
		assert_int_equal(when, 77);
	}
}

/* Whether text is a time of the one shape "2024-02-29T20:10:09Z". */
static bool
is_time(const char *text)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:ddZ";
	int n[6];
	int64_t days;

	for (size_t i = 0; i < sizeof(shape) - 1; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';

		if (shape[i] == 'd' ? !digit : text[i] != shape[i])
			return false;
	}
	sscanf(text, "%d-%d-%dT%d:%d:%dZ", &n[0], &n[1], &n[2], &n[3], &n[4],
	    &n[5]);
	return om_time_civil(n[0], n[1], n[2], &days) && n[3] <= 23 &&
	       n[4] <= 59 && n[5] <= 60;
}

/* Bytes that other shapes have there: a small t or z, a blank, and a point,
 * where there are no seconds. */
static bool
is_other_shape(size_t at, int c)
{
	return (at == 10 && (c == 't' || c == ' ')) || (at == 16 && c == '.') ||
	       (at == 19 && c == 'z');
}

static void
any_byte_that_is_wrong_is_seen(void **state)
{
	static const char *const texts[] = { "2024-02-29T20:10:09Z",
		"2023-12-31T23:59:60Z", "1900-02-28T00:00:00Z" };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(texts); i++) {
		for (size_t k = 0; k < 20 * 256; k++) {
			size_t at = k / 256;
			int c = (int)(k % 256);
			struct om_err err = { 0 };
			char text[21];
			int64_t when;
			int rc;

			memcpy(text, texts[i], sizeof(text));
			text[at] = (char)c;
			rc = om_time_parse((struct om_str){ text, 20 }, &when,
			    &err);
			if ((rc == 0) !=
			    (is_time(text) || is_other_shape(at, c)))
				fail_msg("0x%x at %zu of %s", c, at, texts[i]);
		}
	}
}

/* With a small z the same time goes the way of all other shapes. */
static void
usual_times_mean_what_others_do(void **state)
{
	(void)state;
	for (int64_t when = -62167219200; when <= 253402300799;
	     when += 86400 * 31 + 12347) {
		char usual[OM_TIME_TEXT_MAX];
		char other[OM_TIME_TEXT_MAX];
		struct om_err err = { 0 };
		int64_t a;
		int64_t b;

		om_time_text(when, usual);
		memcpy(other, usual, sizeof(other));
		other[19] = 'z';
		assert_ok(om_time_parse(om_str_of(usual), &a, &err));
		assert_ok(om_time_parse(om_str_of(other), &b, &err));
		assert_true(a == when && b == when);
	}
}

static void
a_time_that_is_not_there_is_refused(void **state)
{
	struct om_err err = { 0 };
	int64_t when = 77;

	(void)state;
	assert_fails(om_time_parse((struct om_str){ NULL, 0 }, &when, &err),
	    OM_EDATA);
	assert_string_equal(err.msg, "bad time ''");
}

static void
text_and_time_go_both_ways(void **state)
{
	char text[OM_TIME_TEXT_MAX];

	(void)state;
	for (int64_t when = -62167219200; when <= 253402300799;
	     when += 86399 * 1237) {
		struct om_err err = { 0 };
		int64_t back;

		om_time_text(when, text);
		assert_ok(om_time_parse(om_str_of(text), &back, &err));
		assert_true(back == when);
	}
	assert_string_equal(om_time_text(1795471199, text),
	    "2026-11-23T21:59:59Z");
	assert_string_equal(om_time_text(-1, text), "1969-12-31T23:59:59Z");
}

static void
beyond_the_calendar_there_is_a_question_mark(void **state)
{
	char text[OM_TIME_TEXT_MAX];

	(void)state;
	assert_string_equal(om_time_text(-62167219200, text),
	    "0000-01-01T00:00:00Z");
	assert_string_equal(om_time_text(253402300799, text),
	    "9999-12-31T23:59:59Z");
	assert_string_equal(om_time_text(-62167219201, text), "?");
	assert_string_equal(om_time_text(253402300800, text), "?");
	assert_string_equal(om_time_text(INT64_MIN, text), "?");
	assert_string_equal(om_time_text(INT64_MAX, text), "?");
}

static void
a_fixed_clock_shows_what_it_is_set_to(void **state)
{
	int64_t when = 5;
	struct om_clock clock = om_clock_fixed(&when);

	(void)state;
	assert_int_equal(om_now(&clock), 5);
	when = 6;
	assert_int_equal(om_now(&clock), 6);
}

static void
a_duration_has_a_unit(void **state)
{
	int64_t ms = 7;

	(void)state;
	assert_true(om_duration_parse(OM_STR("500ms"), &ms));
	assert_int_equal(ms, 500);
	assert_true(om_duration_parse(OM_STR("2h"), &ms));
	assert_int_equal(ms, 7200000);
	assert_true(om_duration_parse(OM_STR("0"), &ms));
	assert_int_equal(ms, 0);
	assert_false(om_duration_parse(OM_STR("5"), &ms));
	assert_false(om_duration_parse(OM_STR("-1s"), &ms));
	assert_false(om_duration_parse(OM_STR("9223372036854775807d"), &ms));
	assert_int_equal(ms, 0);
}

static void
the_system_clock_runs(void **state)
{
	struct om_clock clock = om_clock_system();
	int64_t start = om_monotonic_ns();

	(void)state;
	assert_true(om_now(&clock) > 1700000000);
	assert_true(om_monotonic_ns() >= start);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_day_of_ten_thousand_years_goes_both_ways),
		cmocka_unit_test(days_that_do_not_exist_are_refused),
		cmocka_unit_test(times_are_read_in_all_their_forms),
		cmocka_unit_test(what_is_no_time_is_refused_by_name),
		cmocka_unit_test(any_byte_that_is_wrong_is_seen),
		cmocka_unit_test(usual_times_mean_what_others_do),
		cmocka_unit_test(a_time_that_is_not_there_is_refused),
		cmocka_unit_test(text_and_time_go_both_ways),
		cmocka_unit_test(beyond_the_calendar_there_is_a_question_mark),
		cmocka_unit_test(a_fixed_clock_shows_what_it_is_set_to),
		cmocka_unit_test(a_duration_has_a_unit),
		cmocka_unit_test(the_system_clock_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
