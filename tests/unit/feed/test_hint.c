/* A file that is no CSV, or another one, is told what it looks like. */
#include "scene.h"

static void
other_content_is_told_by_its_first_bytes(void **state)
{
	static const struct {
		const char *text;
		const char *message; /* its end */
	} cases[] = {
		{ "ISA*00*          *00*", "X12: try --feed x12-850" },
		{ "\xef\xbb\xbf\r\n UNB+UNOA:1+",
		    "EDIFACT: try --feed edifact-orders" },
		{ "UNA:+.? 'UNB+", "EDIFACT: try --feed edifact-orders" },
		{ "<?xml version=\"1.0\"?><Order/>",
		    "XML: try --feed ubl-order" },
		{ "[{\"reference\": 1}]",
		    "JSON: say 'format: json' or 'format: ndjson'" },
		{ "reference;currency;total\n1;EUR;1,00\n",
		    "rows cut by ';': say 'delimiter: \";\"'" },
		{ "reference\tcurrency\ttotal\r\n1\tEUR\t1,00\n",
		    "rows cut by TAB: say 'format: tsv'" },
		{ "reference|currency|total\n",
		    "rows cut by '|': say 'format: psv'" },
	};
	struct scene *s = *state;

	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		const char *start;

		assert_ok(scene_map(s, NULL));
		assert_fails(scene_read(s, cases[i].text, NULL), OM_EDATA);
		start = strstr(err.msg, "; it looks like ");
		assert_non_null(start);
		assert_string_equal(start + strlen("; it looks like "),
		    cases[i].message);
	}
}

static void
a_comma_is_told_to_who_wants_another(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, "format: psv\nchannel: a\ncurrency: EUR\n"
			       "columns: {reference: r, total: t}\n"));
	assert_fails(scene_read(s, "r,t\n1,2\n", NULL), OM_EDATA);
	assert_non_null(strstr(err.msg,
	    "; it looks like rows cut by ',': say 'format: csv'"));
}

static void
what_looks_right_gets_no_hint(void **state)
{
	static const char *const cases[] = { "", "\n", "ref,currency\n",
		"a;b,c\n", "no delimiter at all\n", "ISABEL\n" };
	struct scene *s = *state;

	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		assert_ok(scene_map(s, NULL));
		assert_fails(scene_read(s, cases[i], NULL), OM_EDATA);
		assert_null(strstr(err.msg, "looks like"));
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(other_content_is_told_by_its_first_bytes),
		TEST(a_comma_is_told_to_who_wants_another),
		TEST(what_looks_right_gets_no_hint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
