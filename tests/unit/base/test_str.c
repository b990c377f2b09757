/* Byte strings: there, empty, and not there. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/str.h"

static const struct om_str nothing = { NULL, 0 };

static void
a_string_of_null_is_not_there(void **state)
{
	(void)state;
	assert_null(om_str_of(NULL).p);
	assert_int_equal(om_str_of("abc").n, 3);
	assert_non_null(om_str_of("").p);
}

static void
equal_means_the_same_bytes(void **state)
{
	(void)state;
	assert_true(om_str_eq(OM_STR("ab"), OM_STR("ab")));
	assert_false(om_str_eq(OM_STR("ab"), OM_STR("ac")));
	assert_false(om_str_eq(OM_STR("ab"), OM_STR("abc")));
	assert_false(om_str_eq(OM_STR("a\0b"), OM_STR("a\0c")));
	assert_true(om_str_eq(nothing, OM_STR("")));
	assert_true(om_str_is(OM_STR("ab"), "ab"));
	assert_false(om_str_is(OM_STR("ab\0"), "ab"));
}

static void
order_is_by_bytes_then_by_length(void **state)
{
	(void)state;
	assert_true(om_str_cmp(OM_STR("a"), OM_STR("b")) < 0);
	assert_true(om_str_cmp(OM_STR("ab"), OM_STR("a")) > 0);
	assert_true(om_str_cmp(OM_STR("\xff"), OM_STR("a")) > 0);
	assert_true(om_str_cmp(OM_STR("10"), OM_STR("9")) < 0);
	assert_int_equal(om_str_cmp(OM_STR("a\0b"), OM_STR("a\0b")), 0);
	assert_true(om_str_cmp(OM_STR("a\0b"), OM_STR("a")) > 0);
	assert_int_equal(om_str_cmp(nothing, OM_STR("")), 0);
}

static void
a_copy_has_its_own_bytes(void **state)
{
	struct om_arena arena OM_AUTO(om_arena_clear) = { 0 };
	char text[] = "a\0b";
	struct om_str copy = om_str_dup(&arena, (struct om_str){ text, 3 });

	(void)state;
	text[0] = 'z';
	assert_true(om_str_eq(copy, OM_STR("a\0b")));
	assert_int_equal(copy.p[3], '\0');
	assert_null(om_str_dup(&arena, nothing).p);
	assert_non_null(om_str_dup(&arena, OM_STR("")).p);
}

static void
trim_takes_ascii_blanks_only(void **state)
{
	(void)state;
	assert_true(om_str_is(om_str_trim(OM_STR(" \t\r\n\v\fa b \n")), "a b"));
	assert_int_equal(om_str_trim(OM_STR(" \t ")).n, 0);
	assert_int_equal(om_str_trim(OM_STR("")).n, 0);
	assert_int_equal(om_str_trim(nothing).n, 0);
	assert_int_equal(om_str_trim(OM_STR("\xc2\xa0"
					    "a"))
			     .n,
	    3);
}

static void
integers_are_read_to_the_limits(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} cases[] = { { "0", 0 }, { "-0", 0 }, { "007", 7 }, { "-12", -12 },
		{ "9223372036854775807", INT64_MAX },
		{ "-9223372036854775808", INT64_MIN },
		{ "00000000000000000000000000000001", 1 } };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		int64_t value = 77;

		assert_true(om_str_int(om_str_of(cases[i].text), &value));
		assert_true(value == cases[i].value);
	}
}

static void
what_is_no_integer_leaves_the_result(void **state)
{
	static const char *const texts[] = { "", "-", "+1", " 1", "1 ", "1.0",
		"--1", "x", "0x1", "9223372036854775808",
		"-9223372036854775809", "18446744073709551617" };
	int64_t value = 77;

	(void)state;
	for (size_t i = 0; i < OM_COUNT(texts); i++)
		assert_false(om_str_int(om_str_of(texts[i]), &value));
	assert_false(om_str_int(nothing, &value));
	assert_false(om_str_int(OM_STR("1\0"), &value));
	assert_int_equal(value, 77);
}

static void
globs_match_the_whole_string(void **state)
{
	static const struct {
		const char *pattern;
		const char *text;
		bool match;
	} cases[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "a", "", false },
		{ "*", "", true },
		{ "*", "anything", true },
		{ "C*", "C536379", true },
		{ "C*", "536379", false },
		{ "*.csv", "orders.csv", true },
		{ "*.csv", "orders.csv.gz", false },
		{ "*.csv", ".csv.csv", true },
		{ "a?c", "abc", true },
		{ "a?c", "ac", false },
		{ "?", "", false },
		{ "*a*b*", "xxaxxbxx", true },
		{ "*a*b*", "xxbxxaxx", false },
		{ "a**b", "ab", true },
		{ "[ab]", "a", false },
		{ "[ab]", "[ab]", true },
		{ "*aab", "aaaaab", true },
	};

	(void)state;
	for (size_t i = 0; i < OM_COUNT(cases); i++)
		assert_int_equal(om_str_glob(cases[i].pattern,
				     om_str_of(cases[i].text)),
		    cases[i].match);
	assert_false(om_str_glob("a", OM_STR("a\0")));
	assert_true(om_str_glob("a?", OM_STR("a\0")));
}

/* "*a*a*...b" is where a naive matcher takes for ever. */
static void
a_glob_with_many_stars_stays_quick(void **state)
{
	static char text[20000];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_false(om_str_glob("*a*a*a*a*a*a*a*a*a*a*b",
	    (struct om_str){ text, sizeof(text) }));
}

static void
well_formed_utf8_is_valid_at_every_offset(void **state)
{
	static const char *const texts[] = { "", "plain", "\x7f", "\xc2\x80",
		"\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
		"\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf" };
	char text[32];
	size_t at;

	(void)state;
	for (size_t i = 0; i < OM_COUNT(texts); i++) {
		for (size_t before = 0; before <= 17; before++) {
			size_t n = strlen(texts[i]);

			memset(text, 'x', sizeof(text));
			memcpy(text + before, texts[i], n);
			assert_true(
			    om_utf8_valid((struct om_str){ text, before + n },
				&at));
			assert_true(om_utf8_valid((struct om_str){ text,
						      before + n + 8 },
			    &at));
		}
	}
	assert_true(om_utf8_valid(nothing, &at));
}

static void
malformed_utf8_is_found_where_it_begins(void **state)
{
	static const char *const texts[] = { "\x80", "\xbf", "\xc0\x80",
		"\xc1\xbf", "\xc2", "\xc2x", "\xe0\x9f\xbf", "\xe0\xa0",
		"\xe2\x82x", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf",
		"\xf0\x90\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
		"\xfe" };
	char text[32];

	(void)state;
	for (size_t i = 0; i < OM_COUNT(texts); i++) {
		for (size_t before = 0; before <= 17; before++) {
			size_t n = strlen(texts[i]);
			size_t at = 99;

			memset(text, 'x', sizeof(text));
			memcpy(text + before, texts[i], n);
			assert_false(
			    om_utf8_valid((struct om_str){ text, before + n },
				&at));
			assert_int_equal(at, before);
		}
	}
}

static bool
is_plain(struct om_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 ||
		    (unsigned char)s.p[i] > 0x7e)
			return false;
	return true;
}

/* Each byte at each place, between two that lie at the limits. */
static void
plain_text_is_found_plain_at_every_length(void **state)
{
	static const char fill[] = { ' ', '~' };

	(void)state;
	for (size_t n = 0; n <= 26; n++) {
		char *bytes = malloc(n + 1); /* so that ASan sees its end */
		struct om_str s = { bytes, n };

		assert_non_null(bytes);
		for (size_t at = 0; at < n; at++) {
			for (int c = 0; c < 256; c++) {
				memset(bytes, fill[c % 2], n);
				bytes[at] = (char)c;
				if (om_str_plain(s) != is_plain(s))
					fail_msg("0x%x at %zu of %zu", c, at,
					    n);
			}
		}
		memset(bytes, 'x', n);
		assert_true(om_str_plain(s));
		free(bytes);
	}
}

static void
no_two_bytes_hide_each_other(void **state)
{
	char bytes[8];
	struct om_str s = { bytes, sizeof(bytes) };

	(void)state;
	for (int a = 0; a < 256; a++) {
		for (int b = 0; b < 256; b++) {
			memset(bytes, 'x', sizeof(bytes));
			bytes[3] = (char)a;
			bytes[4] = (char)b;
			if (om_str_plain(s) != is_plain(s))
				fail_msg("0x%x, 0x%x", a, b);
		}
	}
}

static void
the_nearest_name_is_within_two_edits(void **state)
{
	static const char *const names[] = { "ingest", "init", "reconcile",
		"report" };

	(void)state;
	assert_string_equal(om_str_nearest("ingset", names, 4), "ingest");
	assert_string_equal(om_str_nearest("int", names, 4), "init");
	assert_string_equal(om_str_nearest("reconcil", names, 4), "reconcile");
	assert_string_equal(om_str_nearest("report", names, 4), "report");
	assert_null(om_str_nearest("ingxyz", names, 4));
	assert_null(om_str_nearest("", names, 4));
	assert_null(om_str_nearest("ingest", names, 0));
	assert_null(
	    om_str_nearest("ingestingestingestingestingestingest", names, 4));
}

static void
a_word_is_not_all_edits(void **state)
{
	static const char *const names[] = { "go", "ab" };

	(void)state;
	assert_null(om_str_nearest("x", names, 2));
	assert_null(om_str_nearest("xy", names, 2));
	assert_null(om_str_nearest("g", names, 2));
	assert_string_equal(om_str_nearest("ax", names, 2), "ab");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_string_of_null_is_not_there),
		cmocka_unit_test(equal_means_the_same_bytes),
		cmocka_unit_test(order_is_by_bytes_then_by_length),
		cmocka_unit_test(a_copy_has_its_own_bytes),
		cmocka_unit_test(trim_takes_ascii_blanks_only),
		cmocka_unit_test(integers_are_read_to_the_limits),
		cmocka_unit_test(what_is_no_integer_leaves_the_result),
		cmocka_unit_test(globs_match_the_whole_string),
		cmocka_unit_test(a_glob_with_many_stars_stays_quick),
		cmocka_unit_test(well_formed_utf8_is_valid_at_every_offset),
		cmocka_unit_test(malformed_utf8_is_found_where_it_begins),
		cmocka_unit_test(plain_text_is_found_plain_at_every_length),
		cmocka_unit_test(no_two_bytes_hide_each_other),
		cmocka_unit_test(the_nearest_name_is_within_two_edits),
		cmocka_unit_test(a_word_is_not_all_edits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
