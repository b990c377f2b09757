#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "text/json_read.h"
#include "text/json_scan.h"
#include "text/json_text.h"

#define STEPS 5

static struct om_err err;

struct input {
	struct om_str text;
	size_t at;
	size_t step;
};

static int
give(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *e)
{
	struct input *in = arg;
	size_t left = in->text.n - in->at;

	if (in->step == SIZE_MAX)
		return om_fail(e, OM_EIO, "the disk is gone");
	n = n < in->step ? n : in->step;
	n = n < left ? n : left;
	if (n > 0)
		memcpy(bytes, in->text.p + in->at, n);
	in->at += n;
	*out_n = n;
	return 0;
}

static void
show(const struct om_json_token *t, struct om_buf *out)
{
	static const char *const mark[] = { "null", "false", "true", "", "", "",
		"{", "}", "[", "]" };

	om_buf_printf(out, "%s%d%s", out->n == 0 ? "" : " ", t->depth,
	    mark[t->kind]);
	if (t->kind == OM_JSON_STRING)
		om_buf_printf(out, "'%.*s'", OM_FMT(t->text));
	if (t->kind == OM_JSON_KEY)
		om_buf_printf(out, "%.*s:", OM_FMT(t->text));
	if (t->kind == OM_JSON_NUMBER)
		om_buf_printf(out, "#%.*s", OM_FMT(t->text));
}

/* All tokens in pieces of step bytes; 0, or the code of what went wrong. */
static int
read_all(struct om_str text, size_t step, size_t max, struct om_buf *out)
{
	struct input in = { text, 0, step };
	OM_AUTO(om_json_close)
	struct om_json_reader *r = om_json_open(give, &in, max, false);
	struct om_json_token t;
	int rc;

	while ((rc = om_json_next(r, &t, &err)) == 1)
		show(&t, out);
	return rc;
}

static void
reads_as(struct om_str text, const char *want)
{
	static const size_t steps[STEPS] = { 1, 2, 3, 17, 4096 };

	for (size_t i = 0; i < STEPS; i++) {
		OM_AUTO(om_buf_fini) struct om_buf got;

		om_buf_init(&got, 65536);
		assert_ok(read_all(text, steps[i], 0, &got));
		assert_string_equal(om_buf_view(&got).p, want);
	}
}

static void
refused(const char *text, const char *message)
{
	static const size_t steps[STEPS] = { 1, 2, 3, 17, 4096 };

	for (size_t i = 0; i < STEPS; i++) {
		OM_AUTO(om_buf_fini) struct om_buf got;

		om_buf_init(&got, 65536);
		assert_true(read_all(om_str_of(text), steps[i], 0, &got) < 0);
		assert_string_equal(err.msg, message);
	}
}

static void
tokens_come_in_order_with_their_depth(void **state)
{
	(void)state;
	reads_as(OM_STR("{\"a\": [1, -2.50e+3, \"x\"],\r\n\t\"b\": {}, "
			"\"c\":[[]]}"),
	    "0{ 1a: 1[ 2#1 2#-2.50e+3 2'x' 1] 1b: 1{ 1} 1c: 1[ 2[ 2] 1] 0}");
	reads_as(OM_STR("null true false"), "0null 0true 0false");
	reads_as(OM_STR(" \n"), "");
	reads_as(OM_STR(""), "");
	reads_as(OM_STR("{}{}[]"), "0{ 0} 0{ 0} 0[ 0]");
}

static void
a_byte_order_mark_is_dropped_at_the_start_only(void **state)
{
	(void)state;
	reads_as(OM_STR("\xef\xbb\xbf[1]"), "0[ 1#1 0]");
	refused("[1]\xef\xbb\xbf", "line 1, byte 3: no JSON value");
	refused("\xef\xbb[1]", "line 1, byte 0: no JSON value");
}

static void
numbers_keep_their_text(void **state)
{
	static const char *const good[] = { "0", "-0", "10", "0.10", "1e5",
		"1E-5", "-1.0e+00", "123456789012345678901234567890.1" };
	static const char *const bad[] = { "", "-", "01", "1.", ".5", "+1",
		"1e", "1e+", "0x1", "1 ", "NaN", "-Infinity", "1.e3", "--1" };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(good); i++)
		assert_true(om_json_number_valid(om_str_of(good[i])));
	for (size_t i = 0; i < OM_COUNT(bad); i++)
		assert_false(om_json_number_valid(om_str_of(bad[i])));
	reads_as(OM_STR("[0.10,100000000000000000000.00]"),
	    "0[ 1#0.10 1#100000000000000000000.00 0]");
}

static void
escapes_are_undone(void **state)
{
	(void)state;
	reads_as(OM_STR("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
	    "0'\"\\/\b\f\n\r\t'");
	reads_as(OM_STR("\"\\u0041\\u00fc\\u20AC\\ud83d\\ude00.\""),
	    "0'A\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80.'");
	reads_as(OM_STR("{\"\\u0061b\":\"\xc3\xbc\"}"),
	    "0{ 1ab: 1'\xc3\xbc' 0}");
}

static void
bad_strings_are_refused_with_their_place(void **state)
{
	(void)state;
	refused("[\"ab\\q\"]", "line 1, byte 4, [0]: bad escape");
	refused("[\"\\u12g4\"]", "line 1, byte 2, [0]: bad \\u escape");
	refused("[\"\\ud83d\"]", "line 1, byte 2, [0]: a lone surrogate");
	refused("[\"\\ud83dx\"]", "line 1, byte 2, [0]: a lone surrogate");
	refused("[\"\\ud83d\\u0041\"]",
	    "line 1, byte 2, [0]: a lone surrogate");
	refused("[\"x\\ude00\"]", "line 1, byte 3, [0]: a lone surrogate");
	refused("[\"a\tb\"]",
	    "line 1, byte 3, [0]: a control character in a string");
	refused("[\"a\\\tb\"]",
	    "line 1, byte 4, [0]: a control character in a string");
	refused("[\"a\xff\"]", "line 1, byte 3, [0]: not UTF-8");
	refused("[\"\xed\xa0\x80\"]", "line 1, byte 2, [0]: not UTF-8");
	refused("[\"abc", "line 1, byte 1, [0]: a string that does not end");
	refused("[\"abc\\\"]",
	    "line 1, byte 1, [0]: a string that does not end");
}

static void
bad_grammar_is_refused_with_its_path(void **state)
{
	(void)state;
	refused("{\"a\":{\"b\":[1,\n 2,]}}",
	    "line 2, byte 17, a.b[2]: a value expected");
	refused("{\"a\" 1}", "line 1, byte 5, a: ':' expected");
	refused("{\"a\":1 \"b\":2}", "line 1, byte 7, a: ',' or '}' expected");
	refused("[1 2]", "line 1, byte 3, [0]: ',' or ']' expected");
	refused("{1:2}", "line 1, byte 1: a name in quotes or '}' expected");
	refused("{\"a\":1,}", "line 1, byte 7, a: a name in quotes expected");
	refused("[1}", "line 1, byte 2, [0]: ',' or ']' expected");
	refused("]", "line 1, byte 0: a value expected");
	refused("[,1]", "line 1, byte 1, [0]: a value expected");
	refused("{\"a\":}", "line 1, byte 5, a: a value expected");
	refused("[1,2", "line 1, byte 4, [1]: the input ends in the middle of "
			"a value");
	refused("{\"o\":[{\"id\":nope}]}",
	    "line 1, byte 12, o[0].id: no JSON value");
	refused("{\"\xc3\xbc\n\":1}", "line 1, byte 4: a control character in "
				      "a string");
}

static void
a_name_may_be_doubled(void **state)
{
	(void)state;
	reads_as(OM_STR("{\"a\":1,\"a\":2}"), "0{ 1a: 1#1 1a: 1#2 0}");
}

static int
nested(int depth)
{
	OM_AUTO(om_buf_fini) struct om_buf got;
	char text[2 * OM_JSON_NEST_MAX + 8];

	memset(text, '[', (size_t)depth);
	memset(text + depth, ']', (size_t)depth);
	om_buf_init(&got, 65536);
	return read_all((struct om_str){ text, 2 * (size_t)depth }, 4096, 0,
	    &got);
}

static void
nesting_has_a_limit(void **state)
{
	(void)state;
	assert_ok(nested(OM_JSON_NEST_MAX));
	assert_fails(nested(OM_JSON_NEST_MAX + 1), OM_ELIMIT);
	assert_non_null(strstr(err.msg, "nested deeper than 128"));
}

static void
a_value_has_a_limit_however_it_is_cut(void **state)
{
	static const char *const text[] = { "\"1234567890\"", "123456789012" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		for (size_t step = 1; step < 20; step++) {
			OM_AUTO(om_buf_fini) struct om_buf got;

			om_buf_init(&got, 65536);
			assert_ok(read_all(om_str_of(text[i]), step, 12, &got));
			assert_fails(read_all(om_str_of(text[i]), step, 11,
					 &got),
			    OM_ELIMIT);
			assert_string_equal(err.msg,
			    "line 1, byte 0: a value of over 11 bytes");
		}
	}
}

static void
blanks_have_no_limit(void **state)
{
	OM_AUTO(om_buf_fini) struct om_buf got;
	char text[2000];

	(void)state;
	memset(text, '\n', sizeof(text));
	text[sizeof(text) - 1] = '7';
	om_buf_init(&got, 65536);
	assert_ok(read_all((struct om_str){ text, sizeof(text) }, 7, 10, &got));
	assert_string_equal(om_buf_view(&got).p, "0#7");
}

/* The elements of an array, marked one by one. */
static int
marked(struct om_str text, size_t step, size_t max, struct om_buf *out)
{
	struct input in = { text, 0, step };
	OM_AUTO(om_json_close)
	struct om_json_reader *r = om_json_open(give, &in, max, false);
	struct om_json_token t;
	struct om_str s;
	int rc;

	while ((rc = om_json_next(r, &t, &err)) == 1) {
		bool end = t.kind == OM_JSON_OBJECT_END;

		if (t.depth == 1 && t.kind == OM_JSON_OBJECT)
			om_json_mark(r);
		if (t.depth != 1 || !end)
			continue;
		rc = om_json_marked(r, &s, &err);
		if (rc < 0)
			return rc;
		om_buf_printf(out, "<%.*s>", OM_FMT(s));
		om_json_unmark(r);
	}
	return rc;
}

static void
what_is_marked_stays_as_it_was(void **state)
{
	static const char text[] = "[ {\"a\": 1 } ,{\"b\":[\"x\\n\", {}]}]";

	(void)state;
	for (size_t step = 1; step < 40; step++) {
		OM_AUTO(om_buf_fini) struct om_buf got;

		om_buf_init(&got, 65536);
		assert_ok(marked(om_str_of(text), step, 0, &got));
		assert_string_equal(om_buf_view(&got).p,
		    "<{\"a\": 1 }><{\"b\":[\"x\\n\", {}]}>");
		assert_ok(marked(om_str_of(text), step, 17, &got));
		assert_fails(marked(om_str_of(text), step, 16, &got),
		    OM_ELIMIT);
	}
}

static void
tokens_know_line_and_offset(void **state)
{
	static const char text[] = "\n\n{\"a\":\n  7,\r\n\"b\" : [] }";
	static const uint64_t lines[] = { 3, 3, 4, 5, 5, 5, 5 };
	static const uint64_t offsets[] = { 2, 3, 10, 14, 20, 21, 23 };
	struct input in = { om_str_of(text), 0, 3 };
	OM_AUTO(om_json_close)
	struct om_json_reader *r = om_json_open(give, &in, 0, false);
	struct om_json_token t;

	(void)state;
	for (size_t i = 0; i < OM_COUNT(lines); i++) {
		assert_int_equal(om_json_next(r, &t, &err), 1);
		assert_int_equal(t.line, lines[i]);
		assert_int_equal(t.offset, offsets[i]);
	}
	assert_int_equal(om_json_next(r, &t, &err), 0);
	assert_int_equal(om_json_next(r, &t, &err), 0);
}

static void
a_tolerant_reader_remembers_the_first_problem(void **state)
{
	static const char text[] =
	    "[{\"a\":NaN,\"b\":\"\\q\"}, {\"a\":tru}, 3]";
	struct input in = { om_str_of(text), 0, 5 };
	OM_AUTO(om_json_close)
	struct om_json_reader *r = om_json_open(give, &in, 0, true);
	struct om_json_token t;
	int rc;

	(void)state;
	do
		rc = om_json_next(r, &t, &err);
	while (rc == 1 && t.kind != OM_JSON_OBJECT_END);
	assert_string_equal(om_json_problem(r)->what, "no JSON value");
	assert_string_equal(om_json_problem(r)->path, "[0].a");
	assert_int_equal(om_json_problem(r)->line, 1);
	assert_int_equal(om_json_problem(r)->offset, 6);
	om_json_forget(r);
	assert_string_equal(om_json_problem(r)->what, "");
	do
		rc = om_json_next(r, &t, &err);
	while (rc == 1);
	assert_int_equal(rc, 0);
	assert_string_equal(om_json_problem(r)->path, "[1].a");
}

static void
what_breaks_a_tolerant_reader_is_laid_to_the_first_problem(void **state)
{
	static const char text[] = "[\"a,\n\"b\"]";
	struct input in = { om_str_of(text), 0, 5 };
	OM_AUTO(om_json_close)
	struct om_json_reader *r = om_json_open(give, &in, 0, true);
	struct om_json_token t;
	int rc;

	(void)state;
	do
		rc = om_json_next(r, &t, &err);
	while (rc == 1);
	assert_int_equal(rc, OM_EDATA);
	assert_string_equal(err.msg,
	    "line 1, byte 4, [0]: a control character in a string");
}

static void
a_given_text_counts_from_its_own_place(void **state)
{
	OM_AUTO(om_json_close)
	struct om_json_reader *r = om_json_open(NULL, NULL, 0, false);
	struct om_json_token t;

	(void)state;
	for (int i = 0; i < 2; i++) {
		om_json_give(r, OM_STR("{\"a\":\n1}"), 7, 100);
		assert_int_equal(om_json_next(r, &t, &err), 1);
		om_json_mark(r);
		assert_int_equal(om_json_next(r, &t, &err), 1);
		assert_int_equal(t.offset, 101);
		assert_int_equal(om_json_next(r, &t, &err), 1);
		assert_int_equal(t.line, 8);
		assert_int_equal(t.offset, 106);
	}
	om_json_give(r, OM_STR("{"), 7, 100);
	assert_int_equal(om_json_next(r, &t, &err), 1);
	assert_fails(om_json_next(r, &t, &err), OM_EDATA);
	assert_string_equal(err.msg,
	    "line 7, byte 101: the input ends in the middle of a value");
	om_json_give(r, OM_STR(""), 1, 0);
	assert_int_equal(om_json_next(r, &t, &err), 0);
}

static void
long_names_and_paths_are_cut(void **state)
{
	OM_AUTO(om_buf_fini) struct om_buf text;
	OM_AUTO(om_buf_fini) struct om_buf got;

	(void)state;
	om_buf_init(&text, 65536);
	om_buf_init(&got, 65536);
	om_buf_text(&text, "{\"0123456789012345678901234567890123456789+\":");
	assert_true(read_all(om_buf_view(&text), 9, 0, &got) < 0);
	assert_non_null(
	    strstr(err.msg, ", 0123456789012345678901234567890123456789...: "));
	for (int i = 0; i < 10; i++)
		om_buf_text(&text, "{\"0123456789012345678901234567890\":");
	assert_true(read_all(om_buf_view(&text), 9, 0, &got) < 0);
	assert_true(strlen(err.msg) < OM_JSON_PATH_MAX + 100);
}

static void
a_failing_disk_is_passed_on(void **state)
{
	OM_AUTO(om_buf_fini) struct om_buf got;

	(void)state;
	om_buf_init(&got, 64);
	assert_fails(read_all(OM_STR("[]"), SIZE_MAX, 0, &got), OM_EIO);
	assert_string_equal(err.msg, "the disk is gone");
}

static void
names_hash_by_all_their_bytes(void **state)
{
	static const char text[] = "abcdefghijklmnopqrstuvwxyz";
	char copy[sizeof(text)];

	(void)state;
	for (size_t n = 1; n < sizeof(text); n++) {
		uint64_t h = om_json_key_hash((struct om_str){ text, n });

		for (size_t i = 0; i < n; i++) {
			memcpy(copy, text, sizeof(text));
			copy[i] ^= 1;
			assert_true(
			    om_json_key_hash((struct om_str){ copy, n }) != h);
		}
		assert_true(
		    om_json_key_hash((struct om_str){ text, n - 1 }) != h);
	}
}

static void
both_scans_find_the_same(void **state)
{
	unsigned char bytes[64 + OM_JSON_SCAN_PAD];
	static const unsigned char odd[] = { '"', '\\', 0, 0x1f, 0x80, 0xff,
		' ', 127 };

	(void)state;
	for (size_t at = 0; at < 64; at++) {
		for (size_t k = 0; k < sizeof(odd); k++) {
			for (size_t n = 0; n < 64; n += 7) {
				struct om_json_run a = { false, false };
				struct om_json_run b = { false, false };

				memset(bytes, 'x', sizeof(bytes));
				bytes[at] = odd[k];
				assert_int_equal(om_json_scan_plain(bytes, n,
						     &a),
				    om_json_scan_string(bytes, n, &b));
				assert_int_equal(a.high, b.high);
				assert_int_equal(a.control, b.control);
			}
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_come_in_order_with_their_depth),
		cmocka_unit_test(
		    a_byte_order_mark_is_dropped_at_the_start_only),
		cmocka_unit_test(numbers_keep_their_text),
		cmocka_unit_test(escapes_are_undone),
		cmocka_unit_test(bad_strings_are_refused_with_their_place),
		cmocka_unit_test(bad_grammar_is_refused_with_its_path),
		cmocka_unit_test(a_name_may_be_doubled),
		cmocka_unit_test(nesting_has_a_limit),
		cmocka_unit_test(a_value_has_a_limit_however_it_is_cut),
		cmocka_unit_test(blanks_have_no_limit),
		cmocka_unit_test(what_is_marked_stays_as_it_was),
		cmocka_unit_test(tokens_know_line_and_offset),
		cmocka_unit_test(a_tolerant_reader_remembers_the_first_problem),
		cmocka_unit_test(
		    what_breaks_a_tolerant_reader_is_laid_to_the_first_problem),
		cmocka_unit_test(a_given_text_counts_from_its_own_place),
		cmocka_unit_test(long_names_and_paths_are_cut),
		cmocka_unit_test(a_failing_disk_is_passed_on),
		cmocka_unit_test(names_hash_by_all_their_bytes),
		cmocka_unit_test(both_scans_find_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
