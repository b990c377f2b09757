#include "unit.h"

#include "base/time.h"
#include "feed/date.h"

static struct om_err err;

static int64_t
utc(const char *text)
{
	int64_t when = 0;

	assert_ok(om_time_parse(om_str_of(text), &when, &err));
	return when;
}

static const struct om_zone *
zone(struct om_arena *arena, const char *name)
{
	const struct om_zone *z = NULL;

	assert_ok(om_zone_find(arena, om_str_of(name), &z, &err));
	return z;
}

static void
formats_give_the_time_they_say(void **state)
{
	static const struct {
		const char *format;
		const char *text;
		const char *want;
	} rows[] = {
		{ "%d.%m.%Y %H:%M", "24.08.2026 13:18",
		    "2026-08-24T13:18:00Z" },
		{ "%d.%m.%Y %H:%M", "4.8.2026  3:05", "2026-08-04T03:05:00Z" },
		{ "%Y%m%d%H%M%S", "20260824131857", "2026-08-24T13:18:57Z" },
		{ "%m/%d/%y", "12/01/68", "2068-12-01T00:00:00Z" },
		{ "%m/%d/%y", "12/01/69", "1969-12-01T00:00:00Z" },
		{ "%d-%b-%Y", "09-feb-2024", "2024-02-09T00:00:00Z" },
		{ "%d %b %Y", "29 FEB 2024", "2024-02-29T00:00:00Z" },
		{ "%Y-%m-%d %H:%M:%S %z", "2026-08-24 13:18:57 +0200",
		    "2026-08-24T11:18:57Z" },
		{ "%Y-%m-%d%z", "2026-08-24-05:30", "2026-08-24T05:30:00Z" },
		{ "%Y-%m-%d %z", "2026-08-24 Z", "2026-08-24T00:00:00Z" },
		{ "100%% %Y %m %d", "100% 2026 1 2", "2026-01-02T00:00:00Z" },
		{ NULL, "2026-08-24 13:18:57 +0200", "2026-08-24T11:18:57Z" },
		{ NULL, "1996-01-02", "1996-01-02T00:00:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < OM_COUNT(rows); i++) {
		char text[OM_TIME_TEXT_MAX];
		int64_t when = 0;

		assert_ok(om_date_parse(rows[i].format, NULL,
		    om_str_of(rows[i].text), &when, &err));
		assert_string_equal(om_time_text(when, text), rows[i].want);
	}
}

static void
what_does_not_fit_the_format_is_refused(void **state)
{
	static const char *const rows[][2] = {
		{ "%d.%m.%Y", "31.02.2026" },
		{ "%d.%m.%Y", "24/08/2026" },
		{ "%d.%m.%Y", "24.08.2026 " },
		{ "%d.%m.%Y", "24.08." },
		{ "%d.%m.%Y %H:%M", "24.08.2026 24:00" },
		{ "%d.%m.%Y %H:%M", "24.08.2026 23:60" },
		{ "%d.%m.%Y", "" },
		{ "%d %b %Y", "24 mai 2026" },
		{ "%Y-%m-%d %z", "2026-08-24 +24" },
		{ "%d.%m.%Y", "24.00.2026" },
	};
	int64_t when = 0;

	(void)state;
	for (size_t i = 0; i < OM_COUNT(rows); i++)
		assert_fails(om_date_parse(rows[i][0], NULL,
				 om_str_of(rows[i][1]), &when, &err),
		    OM_EDATA);
	assert_fails(om_date_parse("%d.%m.%Y", NULL, OM_STR("24/08/2026"),
			 &when, &err),
	    OM_EDATA);
	assert_string_equal(err.msg, "bad time '24/08/2026' (want '%d.%m.%Y')");
}

static void
a_format_must_name_a_day(void **state)
{
	(void)state;
	assert_fails(om_date_check("%H:%M", &err), OM_EUSAGE);
	assert_string_equal(err.msg,
	    "date format '%H:%M' needs a year, a month and a day");
	assert_fails(om_date_check("%d.%m.%Q", &err), OM_EUSAGE);
	assert_string_equal(err.msg,
	    "unknown directive '%Q' in date format '%d.%m.%Q'");
	assert_fails(om_date_check("%d.%m.%Y%", &err), OM_EUSAGE);
	assert_ok(om_date_check("%y%b%d", &err));
}

static void
a_fixed_zone_shifts_what_has_no_offset(void **state)
{
	struct om_arena a OM_AUTO(om_arena_clear) = { 0 };
	const struct om_zone *east = zone(&a, "+02:00");
	int64_t when = 0;

	(void)state;
	assert_ok(om_date_parse(NULL, east, OM_STR("2026-08-24 13:18:57"),
	    &when, &err));
	assert_int_equal(when, utc("2026-08-24T11:18:57Z"));
	assert_ok(om_date_parse(NULL, east, OM_STR("2026-08-24T13:18:57Z"),
	    &when, &err));
	assert_int_equal(when, utc("2026-08-24T13:18:57Z"));
	assert_ok(om_date_parse("%Y-%m-%d %z", east, OM_STR("2026-08-24 -0100"),
	    &when, &err));
	assert_int_equal(when, utc("2026-08-24T01:00:00Z"));
	assert_ok(om_date_parse(NULL, zone(&a, "-0530"), OM_STR("2026-01-01"),
	    &when, &err));
	assert_int_equal(when, utc("2026-01-01T05:30:00Z"));
}

static void
a_named_zone_knows_summer_and_winter(void **state)
{
	static const char *const rows[][3] = {
		{ "Europe/Vienna", "2026-01-15 12:00", "2026-01-15T11:00:00Z" },
		{ "Europe/Vienna", "2026-07-15 12:00", "2026-07-15T10:00:00Z" },
		/* twice in autumn: the first */
		{ "Europe/Vienna", "2026-10-25 02:30", "2026-10-25T00:30:00Z" },
		{ "Europe/Vienna", "2026-10-25 03:00", "2026-10-25T02:00:00Z" },
		/* beyond the table, by the rule at its end */
		{ "Europe/Vienna", "2099-07-15 12:00", "2099-07-15T10:00:00Z" },
		{ "Europe/Vienna", "2099-12-15 12:00", "2099-12-15T11:00:00Z" },
		{ "America/New_York", "2050-07-04 12:00",
		    "2050-07-04T16:00:00Z" },
		/* summer around the new year */
		{ "Australia/Sydney", "2050-01-04 12:00",
		    "2050-01-04T01:00:00Z" },
		{ "Australia/Sydney", "2050-07-04 12:00",
		    "2050-07-04T02:00:00Z" },
		{ "Asia/Kolkata", "2026-07-04 12:00", "2026-07-04T06:30:00Z" },
		/* before the first change: local mean time */
		{ "Europe/Vienna", "1800-01-01 12:00", "1800-01-01T10:54:39Z" },
	};
	struct om_arena a OM_AUTO(om_arena_clear) = { 0 };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(rows); i++) {
		char text[OM_TIME_TEXT_MAX];
		int64_t when = 0;

		assert_ok(om_date_parse(NULL, zone(&a, rows[i][0]),
		    om_str_of(rows[i][1]), &when, &err));
		assert_string_equal(om_time_text(when, text), rows[i][2]);
	}
}

static void
a_time_the_clock_skips_is_refused(void **state)
{
	struct om_arena a OM_AUTO(om_arena_clear) = { 0 };
	const struct om_zone *z = zone(&a, "Europe/Vienna");
	int64_t when = 0;

	(void)state;
	assert_fails(om_date_parse(NULL, z, OM_STR("2026-03-29 02:30"), &when,
			 &err),
	    OM_EDATA);
	assert_string_equal(err.msg,
	    "the clock never shows 2026-03-29T02:30:00 there");
	assert_ok(
	    om_date_parse(NULL, z, OM_STR("2026-03-29 03:00"), &when, &err));
	assert_int_equal(when, utc("2026-03-29T01:00:00Z"));
}

static void
zones_that_are_none_are_refused(void **state)
{
	static const char *const names[] = { "Europe/Atlantis", "../etc/passwd",
		"/etc/passwd", "", "+25:00", "+1", "+01:0", "tzdata.zi",
		"Europe" };
	struct om_arena a OM_AUTO(om_arena_clear) = { 0 };
	const struct om_zone *z = NULL;

	(void)state;
	for (size_t i = 0; i < OM_COUNT(names); i++)
		assert_fails(om_zone_find(&a, om_str_of(names[i]), &z, &err),
		    OM_EUSAGE);
	assert_null(z);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_give_the_time_they_say),
		cmocka_unit_test(what_does_not_fit_the_format_is_refused),
		cmocka_unit_test(a_format_must_name_a_day),
		cmocka_unit_test(a_fixed_zone_shifts_what_has_no_offset),
		cmocka_unit_test(a_named_zone_knows_summer_and_winter),
		cmocka_unit_test(a_time_the_clock_skips_is_refused),
		cmocka_unit_test(zones_that_are_none_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
