/* Fields, positions, problems and limits of the CSV scanner. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "text/csv.h"

/* Input that comes in pieces of at most step bytes. */
struct input {
	struct om_str text;
	size_t at;
	size_t step;
};

static int
give(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *err)
{
	struct input *in = arg;
	size_t left = in->text.n - in->at;

	(void)err;
	if (n > in->step)
		n = in->step;
	if (n > left)
		n = left;
	memcpy(bytes, in->text.p + in->at, n);
	in->at += n;
	*out_n = n;
	return 0;
}

static void
dump_record(struct om_buf *out, const struct om_csv_record *r)
{
	om_buf_printf(out, "%d@%d", (int)r->line, (int)r->offset);
	for (size_t i = 0; i < r->count; i++) {
		om_buf_text(out, r->quoted[i] ? " <" : " [");
		om_buf_str(out, r->field[i]);
		om_buf_text(out, r->quoted[i] ? ">" : "]");
	}
	if (r->problem != NULL)
		om_buf_printf(out, " !%s in %d at %d", r->problem,
		    (int)r->problem_field, (int)r->problem_offset);
	om_buf_char(out, '\n');
}

/* All records as text; an error is the last line. */
static void
dump(const struct om_csv_dialect *d, struct om_str text, size_t step,
    struct om_buf *out)
{
	OM_AUTO(om_csv_close) struct om_csv *csv = NULL;
	struct input in = { text, 0, step };
	struct om_csv_record r;
	struct om_err err = { 0 };
	int rc;

	assert_ok(om_csv_open(d, give, &in, &csv, &err));
	while ((rc = om_csv_next(csv, &r, &err)) > 0) {
		assert_memory_equal(r.raw.p, text.p + r.offset, r.raw.n);
		dump_record(out, &r);
	}
	if (rc < 0)
		om_buf_printf(out, "%s: %s\n", om_code_name(err.code), err.msg);
}

/* The same whatever the size of the pieces. */
static void
reads(struct om_csv_dialect d, const char *bytes, const char *want)
{
	struct om_str text = om_str_of(bytes);

	for (size_t step = 1; step <= text.n + 1; step++) {
		OM_AUTO(om_buf_fini) struct om_buf out;

		om_buf_init(&out, 1 << 20);
		dump(&d, text, step, &out);
		assert_string_equal(om_buf_view(&out).p, want);
	}
}

static const struct om_csv_dialect plain = { 0 };

static void
fields_and_records_have_their_positions(void **state)
{
	(void)state;
	reads(plain, "a,bb,\n,,c\nlast",
	    "1@0 [a] [bb] []\n2@6 [] [] [c]\n3@10 [last]\n");
}

static void
an_empty_input_has_no_record(void **state)
{
	(void)state;
	reads(plain, "", "");
	reads(plain, "\n\r\n\r", "");
	reads(plain, "\xef\xbb\xbf", "");
}

static void
line_ends_may_be_mixed(void **state)
{
	(void)state;
	reads(plain, "a\nb\r\nc\rd\n\re",
	    "1@0 [a]\n2@2 [b]\n3@5 [c]\n4@7 [d]\n6@10 [e]\n");
}

static void
blank_lines_are_skipped_and_counted(void **state)
{
	(void)state;
	reads(plain, "\n\na\r\n\r\nb\r\rc\n\n", "3@2 [a]\n5@7 [b]\n7@10 [c]\n");
}

static void
a_byte_order_mark_counts_in_offsets_only(void **state)
{
	(void)state;
	reads(plain,
	    "\xef\xbb\xbf"
	    "a,b\nc",
	    "1@3 [a] [b]\n2@7 [c]\n");
	reads(plain,
	    "\xef\xbb"
	    "a",
	    "1@0 [\xef\xbb"
	    "a] !not UTF-8 in 0 at 0\n");
}

static void
quotes_are_undone(void **state)
{
	(void)state;
	reads(plain, "\"a,b\",\"\",\"x\"\"y\",\"\"\"\",z\n",
	    "1@0 <a,b> <> <x\"y> <\"> [z]\n");
	reads(plain, "\"a\"", "1@0 <a>\n");
	reads(plain, "\"a\"\"\"\r\n\"b\"", "1@0 <a\">\n2@7 <b>\n");
}

static void
newlines_in_quotes_count_as_lines(void **state)
{
	(void)state;
	reads(plain, "\"a\nb\r\nc\rd\",x\ny\n",
	    "1@0 <a\nb\r\nc\rd> [x]\n5@13 [y]\n");
	reads(plain, "\"\r\",1\n\"\n\"\n3",
	    "1@0 <\r> [1]\n3@6 <\n>\n5@10 [3]\n");
}

static void
blanks_belong_to_their_field(void **state)
{
	(void)state;
	reads(plain, " a ,\" b \"\n   \n", "1@0 [ a ] < b >\n2@10 [   ]\n");
}

static void
a_bare_quote_is_a_problem_of_its_record_only(void **state)
{
	(void)state;
	reads(plain, "x,a\"b,c\nd\n",
	    "1@0 [x] [a\"b] [c] !bare quote in 1 at 3\n2@8 [d]\n");
	reads(plain, "a,b\"\"\n", "1@0 [a] [b\"\"] !bare quote in 1 at 3\n");
	reads(plain, "a, \"b\"\n", "1@0 [a] [ \"b\"] !bare quote in 1 at 3\n");
}

static void
text_after_a_closing_quote_is_a_problem(void **state)
{
	(void)state;
	reads(plain, "\"a\"\"x\"b,c\nd\n",
	    "1@0 [\"a\"\"x\"b] [c] !text after closing quote in 0 at 6\n"
	    "2@10 [d]\n");
	reads(plain, "z,\"a\nb\" ,\"c\"\nd",
	    "1@0 [z] [\"a\nb\" ] <c> !text after closing quote in 1 at 7\n"
	    "3@13 [d]\n");
}

static void
an_unterminated_quote_says_where_it_opened(void **state)
{
	(void)state;
	reads(plain, "a,b\nc,\"d\ne\n",
	    "1@0 [a] [b]\n"
	    "bad data: line 2, byte 6: unterminated quote\n");
	reads(plain, "\"a\nb\",\"c",
	    "bad data: line 2, byte 6: unterminated quote\n");
	reads(plain, "\"", "bad data: line 1, byte 0: unterminated quote\n");
	reads(plain, "\"a\"\"",
	    "bad data: line 1, byte 0: unterminated quote\n");
}

static void
a_nul_byte_is_a_problem(void **state)
{
	OM_AUTO(om_buf_fini) struct om_buf out;

	(void)state;
	om_buf_init(&out, 1000);
	dump(&plain, OM_STR("a,b\nx,\"y\"\"\0z\"\nc"), 100, &out);
	assert_memory_equal(out.p, "1@0 [a] [b]\n2@4 [x] <y\"\0z> ", 27);
	assert_string_equal(out.p + 27, "!NUL byte in 1 at 10\n3@14 [c]\n");
}

static void
bytes_that_are_not_utf8_are_a_problem(void **state)
{
	(void)state;
	reads(plain, "gr\xc3\xbc\xc3\x9f,x\n",
	    "1@0 [gr\xc3\xbc\xc3\x9f] [x]\n");
	reads(plain, "a,gr\xfc\xdf,x\ny\n",
	    "1@0 [a] [gr\xfc\xdf] [x] !not UTF-8 in 1 at 4\n2@9 [y]\n");
}

static void
the_first_problem_of_a_record_is_told(void **state)
{
	(void)state;
	reads(plain, "\xfc,b\"\n", "1@0 [\xfc] [b\"] !not UTF-8 in 0 at 0\n");
	reads(plain, "b\",\xfc\n", "1@0 [b\"] [\xfc] !bare quote in 0 at 1\n");
}

static void
another_delimiter_and_no_quoting(void **state)
{
	struct om_csv_dialect tsv = { .delimiter = '\t', .quote = '\n' };
	struct om_csv_dialect single = { .delimiter = ';', .quote = '\'' };

	(void)state;
	reads(tsv, "a\t\"b\"\t5\"\n\"x\n",
	    "1@0 [a] [\"b\"] [5\"]\n2@9 [\"x]\n");
	reads(single, "'a;b';\"\n'it''s'\n", "1@0 <a;b> [\"]\n2@8 <it's>\n");
}

static void
a_trailing_delimiter_ends_the_last_field(void **state)
{
	struct om_csv_dialect tbl = { .delimiter = '|',
		.quote = '\n',
		.trailing_delimiter = true };
	struct om_csv_dialect csv = { .trailing_delimiter = true };

	(void)state;
	reads(tbl, "1|a|\n2|b\n3||\n|\n",
	    "1@0 [1] [a]\n2@5 [2] [b]\n3@9 [3] []\n4@13 []\n");
	reads(csv, "a,\"\"\n,\n", "1@0 [a] <>\n2@5 []\n");
}

static void
comment_lines_are_skipped_and_counted(void **state)
{
	struct om_csv_dialect d = { .comment = '#' };

	(void)state;
	reads(d, "# \"one\r\na,#b\n#two\n\"#c\"\n#",
	    "2@8 [a] [#b]\n4@18 <#c>\n");
	reads(d, "#only", "");
}

static void
a_comment_may_be_of_any_length(void **state)
{
	struct om_csv_dialect d = { .comment = '#', .record_max = 4 };

	(void)state;
	reads(d, "#23456789\r\nab,c\n#2345#789\n", "2@11 [ab] [c]\n");
}

static void
an_escape_takes_the_next_byte_as_it_is(void **state)
{
	struct om_csv_dialect d = { .escape = '\\' };

	(void)state;
	reads(d, "\"a\\\"b\",c\\,d,\\\"e,\\\\\n",
	    "1@0 <a\"b> [c,d] [\"e] [\\]\n");
	reads(d, "\"x\\\n\"\"y\",1\nz", "1@0 <x\n\"y> [1]\n3@11 [z]\n");
	reads(d, "a\\\nb\\", "1@0 [a\\]\n2@3 [b\\]\n");
	reads(d, "\"a\\\"", "bad data: line 1, byte 0: unterminated quote\n");
}

static void
dialects_that_contradict_themselves_are_refused(void **state)
{
	static const struct om_csv_dialect bad[] = {
		{ .delimiter = '"' },
		{ .delimiter = '\n' },
		{ .delimiter = ';', .quote = ';' },
		{ .delimiter = ';', .escape = ';' },
		{ .quote = '\r' },
		{ .comment = '\n' },
		{ .record_max = OM_CSV_RECORD_MAX + 1 },
	};
	struct input in = { 0 };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(bad); i++) {
		struct om_csv *csv = NULL;
		struct om_err err = { 0 };

		assert_fails(om_csv_open(&bad[i], give, &in, &csv, &err),
		    OM_EUSAGE);
		assert_null(csv);
	}
}

static void
a_record_has_a_maximum_length(void **state)
{
	struct om_csv_dialect d = { .record_max = 8 };

	(void)state;
	reads(d, "a\nb,345678\r\nc", "1@0 [a]\n2@2 [b] [345678]\n3@12 [c]\n");
	reads(d, "a\nb,3456789\r\nc",
	    "1@0 [a]\nlimit: line 2, byte 2: record longer than 8 bytes\n");
	reads(d, "a,\"\n4567\n\"\n",
	    "limit: line 1, byte 0: in the quotes opened at line 1, byte 2: "
	    "record longer than 8 bytes\n");
	reads(d, "\"2345\",89\"",
	    "limit: line 1, byte 0: record longer than 8 bytes\n");
	reads(d, "\"2345678", "bad data: line 1, byte 0: unterminated quote\n");
	reads(d, "\"23456789",
	    "limit: line 1, byte 0: in the quotes opened at line 1, byte 0: "
	    "record longer than 8 bytes\n");
	reads(d, "a\nb,3456789",
	    "1@0 [a]\nlimit: line 2, byte 2: record longer than 8 bytes\n");
}

/* n fields of one byte in a buffer of their own. */
static struct om_str
many_fields(size_t n)
{
	char *text = malloc(2 * n);

	assert_non_null(text);
	for (size_t i = 0; i < n; i++) {
		text[2 * i] = 'x';
		text[2 * i + 1] = i + 1 < n ? ',' : '\n';
	}
	return (struct om_str){ text, 2 * n };
}

static void
a_record_has_a_maximum_of_fields(void **state)
{
	for (size_t over = 0; over < 2; over++) {
		OM_AUTO(om_csv_close) struct om_csv *csv = NULL;
		struct input in = { .step = 1000 };
		struct om_csv_record r;
		struct om_err err = { 0 };

		(void)state;
		in.text = many_fields(OM_CSV_FIELDS_MAX + over);
		assert_ok(om_csv_open(&plain, give, &in, &csv, &err));
		if (over == 0) {
			assert_int_equal(om_csv_next(csv, &r, &err), 1);
			assert_int_equal(r.count, OM_CSV_FIELDS_MAX);
		} else {
			assert_fails(om_csv_next(csv, &r, &err), OM_ELIMIT);
			assert_string_equal(err.msg,
			    "line 1, byte 0: more than 4096 fields");
		}
		free((void *)(uintptr_t)in.text.p);
	}
}

/* A quoted field of n bytes, half of them doubled quotes, then a record. */
static struct om_str
large_field(size_t n)
{
	char *text = malloc(n + 5);

	assert_non_null(text);
	text[0] = '"';
	for (size_t i = 1; i <= n; i++)
		text[i] = i % 4 < 2 ? 'x' : '"';
	memcpy(text + n + 1, "\"\ny\n", 4);
	return (struct om_str){ text, n + 5 };
}

static void
a_field_of_many_refills_is_whole(void **state)
{
	const size_t n = (size_t)10 * 1024 * 1024;
	OM_AUTO(om_csv_close) struct om_csv *csv = NULL;
	struct input in = { .text = large_field(n), .step = 65536 };
	struct om_csv_record r;
	struct om_err err = { 0 };

	(void)state;
	assert_ok(om_csv_open(&plain, give, &in, &csv, &err));
	assert_int_equal(om_csv_next(csv, &r, &err), 1);
	assert_int_equal(r.count, 1);
	assert_int_equal(r.field[0].n, n / 4 * 3);
	assert_int_equal(r.raw.n, n + 2);
	assert_int_equal(om_csv_next(csv, &r, &err), 1);
	assert_int_equal(r.line, 2);
	assert_int_equal(r.offset, n + 3);
	free((void *)(uintptr_t)in.text.p);
}

static void
an_endless_quote_stops_at_the_maximum(void **state)
{
	struct om_csv_dialect d = { .record_max = 1024 * 1024 };
	const size_t n = (size_t)2 * 1024 * 1024;
	OM_AUTO(om_csv_close) struct om_csv *csv = NULL;
	struct input in = { .text = large_field(n), .step = n };
	struct om_csv_record r;
	struct om_err err = { 0 };

	(void)state;
	assert_ok(om_csv_open(&d, give, &in, &csv, &err));
	assert_fails(om_csv_next(csv, &r, &err), OM_ELIMIT);
	assert_string_equal(err.msg,
	    "line 1, byte 0: in the quotes opened at line 1, byte 0: "
	    "record longer than 1048576 bytes");
	free((void *)(uintptr_t)in.text.p);
}

static int
broken(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *err)
{
	(void)arg;
	(void)bytes;
	(void)n;
	(void)out_n;
	return om_fail(err, OM_EIO, "cannot read 'x': it is gone");
}

static void
a_failing_read_is_passed_on(void **state)
{
	OM_AUTO(om_csv_close) struct om_csv *csv = NULL;
	struct om_csv_record r;
	struct om_err err = { 0 };

	(void)state;
	assert_ok(om_csv_open(&plain, broken, NULL, &csv, &err));
	assert_fails(om_csv_next(csv, &r, &err), OM_EIO);
	assert_string_equal(err.msg, "cannot read 'x': it is gone");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_and_records_have_their_positions),
		cmocka_unit_test(an_empty_input_has_no_record),
		cmocka_unit_test(line_ends_may_be_mixed),
		cmocka_unit_test(blank_lines_are_skipped_and_counted),
		cmocka_unit_test(a_byte_order_mark_counts_in_offsets_only),
		cmocka_unit_test(quotes_are_undone),
		cmocka_unit_test(newlines_in_quotes_count_as_lines),
		cmocka_unit_test(blanks_belong_to_their_field),
		cmocka_unit_test(a_bare_quote_is_a_problem_of_its_record_only),
		cmocka_unit_test(text_after_a_closing_quote_is_a_problem),
		cmocka_unit_test(an_unterminated_quote_says_where_it_opened),
		cmocka_unit_test(a_nul_byte_is_a_problem),
		cmocka_unit_test(bytes_that_are_not_utf8_are_a_problem),
		cmocka_unit_test(the_first_problem_of_a_record_is_told),
		cmocka_unit_test(another_delimiter_and_no_quoting),
		cmocka_unit_test(a_trailing_delimiter_ends_the_last_field),
		cmocka_unit_test(comment_lines_are_skipped_and_counted),
		cmocka_unit_test(a_comment_may_be_of_any_length),
		cmocka_unit_test(an_escape_takes_the_next_byte_as_it_is),
		cmocka_unit_test(
		    dialects_that_contradict_themselves_are_refused),
		cmocka_unit_test(a_record_has_a_maximum_length),
		cmocka_unit_test(a_record_has_a_maximum_of_fields),
		cmocka_unit_test(a_field_of_many_refills_is_whole),
		cmocka_unit_test(an_endless_quote_stops_at_the_maximum),
		cmocka_unit_test(a_failing_read_is_passed_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
