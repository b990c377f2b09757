/* Latin-1, windows-1252 and UTF-16 become UTF-8, and offsets stay theirs. */
#include "unit.h"

#include <string.h>

#include "base/buf.h"
#include "text/decode.h"

static struct om_err err;

struct input {
	struct om_str text;
	size_t at;
	size_t step;
};

static int
give(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *why)
{
	struct input *in = arg;
	size_t left = in->text.n - in->at;

	(void)why;
	n = n < in->step ? n : in->step;
	n = n < left ? n : left;
	memcpy(bytes, in->text.p + in->at, n);
	in->at += n;
	*out_n = n;
	return 0;
}

/* All of it, taken room bytes at a time. */
static int
decode(enum om_encoding declared, struct om_str text, size_t step, size_t room,
    struct om_buf *out, enum om_encoding *out_encoding)
{
	static struct om_decoder d;
	struct input in = { text, 0, step };
	char bytes[4096];
	size_t n;

	om_buf_reset(out);
	if (om_decode_open(&d, declared, give, &in, &err) < 0)
		return err.code;
	*out_encoding = d.encoding;
	do {
		if (om_decode_read(&d, bytes, room, &n, &err) < 0)
			return err.code;
		om_buf_add(out, bytes, n);
	} while (n > 0);
	return 0;
}

struct decode_case {
	enum om_encoding declared;
	struct om_str bytes;
	enum om_encoding as;
	struct om_str text;
};

#define UTF16LE_AE "a\0\xe9\0\x3d\xd8\x00\xde"

static const struct decode_case cases[] = {
	{ OM_ENC_UTF8, { "a\xc3\xa9\xff", 4 }, OM_ENC_UTF8,
	    { "a\xc3\xa9\xff", 4 } },
	{ OM_ENC_LATIN1, { "a\xe9\x80\xff", 4 }, OM_ENC_LATIN1,
	    { "a\xc3\xa9\xc2\x80\xc3\xbf", 7 } },
	{ OM_ENC_WINDOWS_1252, { "\x80\x99\xe9", 3 }, OM_ENC_WINDOWS_1252,
	    { "\xe2\x82\xac\xe2\x84\xa2\xc3\xa9", 8 } },
	{ OM_ENC_UTF16LE, { UTF16LE_AE, 8 }, OM_ENC_UTF16LE,
	    { "a\xc3\xa9\xf0\x9f\x98\x80", 7 } },
	{ OM_ENC_UTF16BE, { "\0a\0\xe9\xd8\x3d\xde\x00", 8 }, OM_ENC_UTF16BE,
	    { "a\xc3\xa9\xf0\x9f\x98\x80", 7 } },
	{ OM_ENC_UTF16, { "\xff\xfe" UTF16LE_AE, 10 }, OM_ENC_UTF16LE,
	    { "\xef\xbb\xbf"
	      "a\xc3\xa9\xf0\x9f\x98\x80",
		10 } },
	{ OM_ENC_UTF8, { "\xfe\xff\0a", 4 }, OM_ENC_UTF16BE,
	    { "\xef\xbb\xbf"
	      "a",
		4 } },
	{ OM_ENC_LATIN1, { "\xef\xbb\xbf\xc3\xa9", 5 }, OM_ENC_UTF8,
	    { "\xef\xbb\xbf\xc3\xa9", 5 } },
	{ OM_ENC_UTF16, { "", 0 }, OM_ENC_UTF16LE, { "", 0 } },
	{ OM_ENC_UTF8, { "a\0b,c", 5 }, OM_ENC_UTF8, { "a\0b,c", 5 } },
};

static void
every_encoding_becomes_utf8_however_it_is_cut(void **state)
{
	struct om_buf out OM_AUTO(om_buf_fini) = { 0 };
	enum om_encoding as;

	(void)state;
	om_buf_init(&out, 4096);
	for (size_t i = 0; i < OM_COUNT(cases); i++)
		for (size_t step = 1; step < 6; step++) {
			const struct decode_case *c = &cases[i];

			assert_ok(decode(c->declared, c->bytes, step, 3 + step,
			    &out, &as));
			assert_int_equal(as, c->as);
			assert_int_equal(out.n, c->text.n);
			assert_memory_equal(out.p, c->text.p, c->text.n);
		}
}

static void
what_is_no_character_is_not_utf8(void **state)
{
	static const struct decode_case bad[] = {
		{ OM_ENC_UTF16LE, { "a\0\x00\xd8z\0", 6 }, 0, { NULL, 0 } },
		{ OM_ENC_UTF16LE, { "a\0\x00\xdcz\0", 6 }, 0, { NULL, 0 } },
		{ OM_ENC_UTF16LE, { "a\0\x00\xd8", 4 }, 0, { NULL, 0 } },
		{ OM_ENC_UTF16LE, { "a\0\x00\xd8\x00\xd8z\0", 8 }, 0,
		    { NULL, 0 } },
		{ OM_ENC_WINDOWS_1252, { "a\x81z", 3 }, 0, { NULL, 0 } },
		{ OM_ENC_WINDOWS_1252, { "a\x9d", 2 }, 0, { NULL, 0 } },
	};
	struct om_buf out OM_AUTO(om_buf_fini) = { 0 };
	enum om_encoding as;
	size_t at;

	(void)state;
	om_buf_init(&out, 4096);
	for (size_t i = 0; i < OM_COUNT(bad); i++) {
		assert_ok(
		    decode(bad[i].declared, bad[i].bytes, 1, 16, &out, &as));
		assert_false(om_utf8_valid(om_buf_view(&out), &at));
		assert_int_equal(at, 1);
	}
}

static void
utf16_without_a_mark_is_noticed(void **state)
{
	static const struct om_str le = { "r\0e\0f\0,\0t\0\n\0", 12 };
	static const struct om_str be = { "\0r\0e\0f\0,\0t\0\n", 12 };
	static const enum om_encoding declared[] = { OM_ENC_UTF8, OM_ENC_LATIN1,
		OM_ENC_WINDOWS_1252, OM_ENC_UTF16 };
	struct om_buf out OM_AUTO(om_buf_fini) = { 0 };
	enum om_encoding as;

	(void)state;
	om_buf_init(&out, 4096);
	for (size_t i = 0; i < OM_COUNT(declared); i++) {
		assert_fails(decode(declared[i], le, 3, 16, &out, &as),
		    OM_EDATA);
		assert_string_equal(err.msg,
		    "looks like UTF-16 without a byte order mark: say "
		    "'encoding: utf-16le' in the feed");
		assert_fails(decode(declared[i], be, 3, 16, &out, &as),
		    OM_EDATA);
		assert_non_null(strstr(err.msg, "'encoding: utf-16be'"));
	}
	assert_fails(decode(OM_ENC_UTF16, OM_STR("plain"), 3, 16, &out, &as),
	    OM_EDATA);
	assert_string_equal(err.msg,
	    "no byte order mark: say utf-16le or utf-16be if it is UTF-16");
}

static void
half_a_character_at_the_end_is_told(void **state)
{
	struct om_buf out OM_AUTO(om_buf_fini) = { 0 };
	enum om_encoding as;

	(void)state;
	om_buf_init(&out, 4096);
	assert_fails(decode(OM_ENC_UTF16LE, (struct om_str){ "a\0b\0c", 5 }, 2,
			 16, &out, &as),
	    OM_EDATA);
	assert_string_equal(err.msg,
	    "byte 4: ends inside a character of UTF-16");
}

/* One record per line, its offset in front. */
static void
records(enum om_encoding declared, struct om_str text, struct om_buf *out)
{
	OM_AUTO(om_csv_close) struct om_csv *csv = NULL;
	static struct om_decoder d;
	struct om_csv_dialect dialect = { .comment = '#' };
	struct input in = { text, 0, 5 };
	struct om_csv_record r;
	int rc;

	om_buf_reset(out);
	assert_ok(om_decode_open(&d, declared, give, &in, &err));
	dialect.measure = om_decode_measure(&d);
	assert_ok(om_csv_open(&dialect, om_decode_read, &d, &csv, &err));
	while ((rc = om_csv_next(csv, &r, &err)) == 1) {
		om_buf_printf(out, "%d:%.*s", (int)r.offset, OM_FMT(r.raw));
		if (r.problem != NULL)
			om_buf_printf(out, "!%d", (int)r.problem_offset);
		om_buf_char(out, '\n');
	}
	if (rc < 0)
		om_buf_printf(out, "%s\n", err.msg);
}

static void
offsets_are_those_of_the_file(void **state)
{
	struct om_buf out OM_AUTO(om_buf_fini) = { 0 };

	(void)state;
	om_buf_init(&out, 4096);
	records(OM_ENC_LATIN1,
	    OM_STR("\xe9,1\r\n#\xe9\n\n\xfc\xfc,x\"\n\xe9\n"), &out);
	assert_string_equal(out.p, "0:\xc3\xa9,1\n"
				   "9:\xc3\xbc\xc3\xbc,x\"!13\n"
				   "15:\xc3\xa9\n");
	records(OM_ENC_UTF16,
	    (struct om_str){ "\xff\xfe\x3d\xd8\x00\xde,\0\n\0b\0\x00\xd8\n\0"
			     "c\0\n\0\"\0",
		22 },
	    &out);
	assert_string_equal(out.p, "2:\xf0\x9f\x98\x80,\n"
				   "10:b\xed\xa0\x80!12\n"
				   "16:c\n"
				   "line 4, byte 20: unterminated quote\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_encoding_becomes_utf8_however_it_is_cut),
		cmocka_unit_test(what_is_no_character_is_not_utf8),
		cmocka_unit_test(utf16_without_a_mark_is_noticed),
		cmocka_unit_test(half_a_character_at_the_end_is_told),
		cmocka_unit_test(offsets_are_those_of_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
