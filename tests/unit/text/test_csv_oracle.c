/*
 * The scanner against libcsv on thousands of nasty inputs.
 *
 * libcsv is run strict and without its trimming of blanks. What is left that
 * differs: it keeps a byte order mark (tested apart), and it cannot say what
 * is wrong, so a refusal is only compared as one.
 */
#include "unit.h"

#include <csv.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "text/csv.h"

#define INPUTS	  20000
#define INPUT_MAX 64

/* Splitmix64: the same inputs everywhere. */
static uint64_t
draw(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static int
no_space(unsigned char c)
{
	(void)c;
	return 0;
}

/* Complete records go to out, the fields of the current one to row. */
struct oracle {
	struct om_buf *out;
	struct om_buf row;
};

static void
add_field(struct om_buf *row, const void *bytes, size_t n)
{
	om_buf_char(row, '[');
	om_buf_add(row, bytes, n);
	om_buf_char(row, ']');
}

static void
on_field(void *bytes, size_t n, void *arg)
{
	struct oracle *o = arg;

	add_field(&o->row, bytes, n);
}

static void
on_record(int end, void *arg)
{
	struct oracle *o = arg;

	(void)end;
	om_buf_str(o->out, om_buf_view(&o->row));
	om_buf_char(o->out, '\n');
	om_buf_reset(&o->row);
}

static bool
by_libcsv(struct om_str in, struct om_buf *out)
{
	struct oracle o = { .out = out };
	struct csv_parser parser;
	bool ok;

	om_buf_init(&o.row, 1 << 20);
	assert_int_equal(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI), 0);
	csv_set_space_func(&parser, no_space);
	ok = csv_parse(&parser, in.p, in.n, on_field, on_record, &o) == in.n &&
	     csv_fini(&parser, on_field, on_record, &o) == 0;
	csv_free(&parser);
	om_buf_fini(&o.row);
	return ok;
}

struct input {
	struct om_str text;
	size_t step;
};

static int
give(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *err)
{
	struct input *in = arg;

	(void)err;
	if (n > in->step)
		n = in->step;
	if (n > in->text.n)
		n = in->text.n;
	memcpy(bytes, in->text.p, n);
	in->text.p += n;
	in->text.n -= n;
	*out_n = n;
	return 0;
}

/* False if a record is wrong in a way that libcsv refuses too. */
static bool
by_scanner(struct om_str text, size_t step, struct om_buf *out)
{
	OM_AUTO(om_csv_close) struct om_csv *csv = NULL;
	struct input in = { text, step };
	struct om_csv_dialect d = { 0 };
	struct om_csv_record r;
	struct om_err err = { 0 };
	int rc;

	assert_ok(om_csv_open(&d, give, &in, &csv, &err));
	while ((rc = om_csv_next(csv, &r, &err)) > 0) {
		if (r.problem != NULL && strstr(r.problem, "quote") != NULL)
			return false;
		for (size_t i = 0; i < r.count; i++)
			add_field(out, r.field[i].p, r.field[i].n);
		om_buf_char(out, '\n');
	}
	if (rc < 0)
		assert_string_equal(strrchr(err.msg, ':'),
		    ": unterminated quote");
	return rc == 0;
}

static void
agree(struct om_str in, size_t step)
{
	OM_AUTO(om_buf_fini) struct om_buf want;
	OM_AUTO(om_buf_fini) struct om_buf got;
	bool ok;

	om_buf_init(&want, 1 << 20);
	om_buf_init(&got, 1 << 20);
	ok = by_libcsv(in, &want);
	if (by_scanner(in, step, &got) != ok)
		fail_msg("libcsv %s '%.*s'", ok ? "takes" : "refuses",
		    OM_FMT(in));
	if (!om_str_eq(om_buf_view(&got), om_buf_view(&want)))
		fail_msg("'%.*s' gives\n%.*s, not\n%.*s", OM_FMT(in),
		    OM_FMT(om_buf_view(&got)), OM_FMT(om_buf_view(&want)));
}

/* Up to INPUT_MAX pieces of an alphabet, then a few long fields so that some
 * marks lie near the edges of 64-byte blocks. */
static void
torture(const char *const *alphabet, size_t letters, uint64_t seed)
{
	OM_AUTO(om_buf_fini) struct om_buf in;

	om_buf_init(&in, 1 << 20);
	for (int k = 0; k < INPUTS; k++) {
		uint64_t pieces = draw(&seed) % INPUT_MAX;

		om_buf_reset(&in);
		for (uint64_t i = 0; i < pieces; i++)
			om_buf_text(&in, alphabet[draw(&seed) % letters]);
		agree(om_buf_view(&in), 1 + draw(&seed) % 100);
	}
}

static void
random_quotes_and_line_ends_read_the_same(void **state)
{
	static const char *const alphabet[] = { "\"", ",", "\r", "\n", " ", "a",
		"b", "\xc3\xbc" };

	(void)state;
	torture(alphabet, OM_COUNT(alphabet), 1);
}

/* Whole fields: most of these are taken by libcsv. */
static void
random_well_formed_records_read_the_same(void **state)
{
	static const char *const alphabet[] = { ",", ",", "\r\n", "\n", "\r",
		"\n\n", "word,", ",\"\"", ",\"a\"\"b\"\n", ",\"x,\r\ny\",",
		"\n\"\"\"\"\n",
		"a field of more than sixty-four bytes, in which nothing at all "
		"happens,",
		"\n\"another long one, \"\"quoted\"\", so that its marks lie in "
		"some other block\"\r" };

	(void)state;
	torture(alphabet, OM_COUNT(alphabet), 2);
}

/* Such bytes are a problem to us and nothing to libcsv; the fields agree. */
static void
bytes_that_are_not_text_read_the_same(void **state)
{
	static const char *const alphabet[] = { ",", "\n", "a", "\xff", "\x80",
		"\xef\xbb", "b,\"c\xfe\"\n" };

	(void)state;
	torture(alphabet, OM_COUNT(alphabet), 3);
}

static void
libcsv_keeps_a_byte_order_mark(void **state)
{
	OM_AUTO(om_buf_fini) struct om_buf want;
	OM_AUTO(om_buf_fini) struct om_buf got;

	(void)state;
	om_buf_init(&want, 100);
	om_buf_init(&got, 100);
	assert_true(by_libcsv(OM_STR("\xef\xbb\xbf"
				     "a"),
	    &want));
	assert_true(by_scanner(OM_STR("\xef\xbb\xbf"
				      "a"),
	    9, &got));
	assert_string_equal(want.p, "[\xef\xbb\xbf"
				    "a]\n");
	assert_string_equal(got.p, "[a]\n");
}

static void
single_records_split_as_in_the_scanner(void **state)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	struct om_csv_dialect semicolon = { .delimiter = ';' };
	const struct om_str *field = NULL;
	struct om_err err = { 0 };
	size_t n = 0;

	(void)state;
	assert_ok(om_csv_fields(&arena, OM_STR(" a ;\"b;\"\"\nc\";;\xff"),
	    &semicolon, &field, &n, &err));
	assert_int_equal(n, 4);
	assert_true(om_str_is(field[0], " a "));
	assert_true(om_str_is(field[1], "b;\"\nc"));
	assert_true(om_str_is(field[2], ""));
	assert_true(om_str_is(field[3], "\xff"));
}

static void
a_single_record_must_be_one_and_sound(void **state)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	const struct om_str *field = NULL;
	struct om_err err = { 0 };
	size_t n = 0;
	static const char *const bad[] = { "a\"b", "\"a\"b", "\"a", "a\nb" };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(bad); i++)
		assert_fails(om_csv_fields(&arena, om_str_of(bad[i]),
				 &(struct om_csv_dialect){ 0 }, &field, &n,
				 &err),
		    OM_EDATA);
	assert_fails(om_csv_fields(&arena, OM_STR("a"),
			 &(struct om_csv_dialect){ .escape = '\\' }, &field, &n,
			 &err),
	    OM_EUSAGE);
}

static void
a_trailing_delimiter_counts_for_single_records_too(void **state)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	struct om_csv_dialect tbl = { .delimiter = '|',
		.quote = '\n',
		.trailing_delimiter = true };
	const struct om_str *field = NULL;
	struct om_err err = { 0 };
	size_t n = 0;

	(void)state;
	assert_ok(
	    om_csv_fields(&arena, OM_STR("1|\"x|"), &tbl, &field, &n, &err));
	assert_int_equal(n, 2);
	assert_true(om_str_is(field[1], "\"x"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_quotes_and_line_ends_read_the_same),
		cmocka_unit_test(random_well_formed_records_read_the_same),
		cmocka_unit_test(bytes_that_are_not_text_read_the_same),
		cmocka_unit_test(libcsv_keeps_a_byte_order_mark),
		cmocka_unit_test(single_records_split_as_in_the_scanner),
		cmocka_unit_test(a_single_record_must_be_one_and_sound),
		cmocka_unit_test(
		    a_trailing_delimiter_counts_for_single_records_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
