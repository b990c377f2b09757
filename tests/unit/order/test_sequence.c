/* Numbers and days: how many there are between two, and how they read. */
#include "unit.h"

#include <string.h>

#include "base/time.h"
#include "order/sequence.h"

static int64_t
day(const char *text)
{
	struct om_err err = { 0 };
	int64_t when = 0;

	assert_ok(om_time_parse(om_str_of(text), &when, &err));
	return when / 86400;
}

static void
numbers_and_days_are_counted_with_both_ends(void **state)
{
	(void)state;
	assert_int_equal(om_sequence_count(OM_SEQUENCE_NUMBER, 6, 6), 1);
	assert_int_equal(om_sequence_count(OM_SEQUENCE_NUMBER, 6, 8), 3);
	assert_int_equal(om_sequence_count(OM_SEQUENCE_NUMBER, 6, 5), 0);
	assert_int_equal(om_sequence_count(OM_SEQUENCE_DAY, day("2026-02-27"),
			     day("2026-03-01")),
	    3);
}

static void
weekends_are_no_weekdays(void **state)
{
	static const struct {
		const char *from;
		const char *to;
		int64_t days;
	} cases[] = {
		{ "2026-11-28", "2026-11-29", 0 }, /* a weekend */
		{ "2026-11-27", "2026-11-30", 2 }, /* around it */
		{ "2026-11-23", "2026-11-29", 5 }, /* a week */
		{ "2026-11-29", "2026-12-05", 5 },
		{ "2026-11-25", "2026-11-25", 1 },
		{ "2026-01-01", "2026-12-31", 261 },
		{ "1970-01-01", "1970-01-05", 3 }, /* it was a Thursday */
		{ "1969-12-27", "1970-01-01", 4 }, /* a Saturday, before */
	};

	(void)state;
	for (size_t i = 0; i < OM_COUNT(cases); i++)
		assert_int_equal(om_sequence_count(OM_SEQUENCE_WEEKDAY,
				     day(cases[i].from), day(cases[i].to)),
		    cases[i].days);
}

static void
days_read_as_dates(void **state)
{
	char text[OM_SEQUENCE_TEXT_MAX];

	(void)state;
	assert_string_equal(om_sequence_text(OM_SEQUENCE_NUMBER, 245, text),
	    "245");
	assert_string_equal(om_sequence_text(OM_SEQUENCE_NUMBER, INT64_MAX,
				text),
	    "9223372036854775807");
	assert_string_equal(om_sequence_text(OM_SEQUENCE_DAY, day("2026-11-26"),
				text),
	    "2026-11-26");
}

static void
text_reads_as_a_number_or_a_day(void **state)
{
	static const char *const bad[] = { "", "-1", "+1", "1 ", "x",
		"2026-02-30", "2026-11-2", "2026-11-26T00:00:00Z", "26.11.2026",
		"9223372036854775808" };
	struct om_sequence is = { OM_SEQUENCE_WEEKDAY, 7 };

	(void)state;
	assert_true(om_sequence_parse(OM_STR("0017"), &is));
	assert_int_equal(is.unit, OM_SEQUENCE_NUMBER);
	assert_int_equal(is.number, 17);
	assert_true(om_sequence_parse(OM_STR("2026-11-26"), &is));
	assert_int_equal(is.unit, OM_SEQUENCE_DAY);
	assert_int_equal(is.number, day("2026-11-26"));
	assert_true(om_sequence_parse(OM_STR("1969-12-31"), &is));
	assert_int_equal(is.number, -1);
	for (size_t i = 0; i < OM_COUNT(bad); i++)
		assert_false(om_sequence_parse(om_str_of(bad[i]), &is));
	assert_int_equal(is.number, -1);
}

static void
a_unit_is_known_by_its_name(void **state)
{
	enum om_sequence_unit unit = OM_SEQUENCE_DAY;
	struct om_err err = { 0 };

	(void)state;
	for (unsigned i = 0; i < OM_SEQUENCE_UNITS; i++) {
		const char *name =
		    om_sequence_unit_name((enum om_sequence_unit)i);

		assert_int_equal(om_sequence_unit_find(om_str_of(name), &unit,
				     &err),
		    0);
		assert_int_equal(unit, i);
	}
	assert_int_equal(om_sequence_unit_find(OM_STR("moon"), &unit, &err),
	    OM_EDAMAGED);
	assert_string_equal(err.msg, "unknown unit 'moon'");
	assert_int_equal(unit, OM_SEQUENCE_WEEKDAY);
}

static void
a_list_grows_as_it_must(void **state)
{
	struct om_sequences list = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++)
		om_sequences_add(&list, OM_SEQUENCE_NUMBER, i);
	assert_int_equal(list.n, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(list.item[i].number, i);
	om_sequences_fini(&list);
	om_sequences_fini(&list);
	assert_int_equal(list.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_and_days_are_counted_with_both_ends),
		cmocka_unit_test(weekends_are_no_weekdays),
		cmocka_unit_test(days_read_as_dates),
		cmocka_unit_test(text_reads_as_a_number_or_a_day),
		cmocka_unit_test(a_unit_is_known_by_its_name),
		cmocka_unit_test(a_list_grows_as_it_must),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
