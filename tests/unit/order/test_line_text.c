/* An order's lines as text: one text for them, and nothing else is one. */
#include "unit.h"

#include <stdio.h>

#include "order/line_text.h"

static void
arena_clear(struct om_arena *arena)
{
	om_arena_clear(arena);
}

static const struct om_line *
two_lines(void)
{
	static const struct om_line lines[] = {
		{ 1, { "SKU-1", 5 }, 1500, 19990000, 0, 480, 2999 },
		{ 20, { "", 0 }, -1000, 0, 5, -1, INT64_MIN },
	};

	return lines;
}

static void
writes(const struct om_line *lines, uint32_t count, const char *want)
{
	OM_AUTO(om_buf_fini) struct om_buf out = { .max = 4096 };

	om_line_text_write(&out, lines, count);
	assert_false(om_buf_over(&out));
	assert_string_equal(om_buf_view(&out).p, want);
}

/* Whatever can be read is what would be written. */
static bool
reads(struct om_arena *arena, struct om_str text)
{
	OM_AUTO(om_buf_fini) struct om_buf out = { .max = 4096 };
	struct om_line *lines = NULL;
	uint32_t count = 77;

	om_arena_reset(arena);
	if (!om_line_text_read(text, arena, &lines, &count)) {
		assert_null(lines);
		assert_int_equal(count, 77);
		return false;
	}
	om_line_text_write(&out, lines, count);
	assert_true(om_str_eq(om_buf_view(&out), text));
	return true;
}

static void
lines_are_arrays_in_an_array(void **state)
{
	(void)state;
	writes(NULL, 0, "[]");
	writes(two_lines(), 1, "[[1,\"SKU-1\",1500,19990000,0,480,2999]]");
	writes(two_lines(), 2,
	    "[[1,\"SKU-1\",1500,19990000,0,480,2999],"
	    "[20,\"\",-1000,0,5,-1,-9223372036854775808]]");
}

static void
what_json_must_escape_is_escaped(void **state)
{
	const struct om_line line = { 3,
		OM_STR("a\"b\\c\n\x01\x1f\x7f/\xc3\xa9"), 1, 2, 3, 4, 5 };

	(void)state;
	writes(&line, 1,
	    "[[3,\"a\\\"b\\\\c\\u000a\\u0001\\u001f\x7f/\xc3\xa9\",1,2,3,4,5]]");
}

static void
it_is_appended_to_what_is_there(void **state)
{
	OM_AUTO(om_buf_fini) struct om_buf out = { .max = 1000 };

	(void)state;
	om_buf_text(&out, "x");
	om_line_text_write(&out, two_lines(), 1);
	om_buf_text(&out, "y");
	assert_string_equal(om_buf_view(&out).p,
	    "x[[1,\"SKU-1\",1500,19990000,0,480,2999]]y");
}

static void
every_line_comes_back(void **state)
{
	static const struct om_line widest = { INT32_MAX, { "\x01\x02", 2 },
		INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN };
	OM_AUTO(arena_clear) struct om_arena arena = { 0 };
	OM_AUTO(om_buf_fini) struct om_buf out = { .max = 16 << 20 };
	struct om_line *many =
	    om_alloc(&arena, OM_ORDER_LINES_MAX * sizeof(*many));
	struct om_line *back = NULL;
	uint32_t count = 0;

	(void)state;
	for (uint32_t i = 0; i < OM_ORDER_LINES_MAX; i++)
		many[i] = widest;
	om_line_text_write(&out, many, OM_ORDER_LINES_MAX);
	assert_false(om_buf_over(&out));
	assert_true(
	    om_line_text_read(om_buf_view(&out), &arena, &back, &count));
	assert_int_equal(count, OM_ORDER_LINES_MAX);
	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(back[i].number, INT32_MAX);
		assert_true(om_str_eq(back[i].sku, widest.sku));
		assert_int_equal(back[i].quantity_milli, INT64_MIN);
		assert_int_equal(back[i].total_minor, INT64_MIN);
	}
}

/* Around every power of two and of ten, on both sides of zero. */
static void
a_number_of_any_length_is_written(void **state)
{
	char want[128];
	uint64_t tens = 1;

	(void)state;
	for (int i = 0; i < 3 * 64; i++) {
		uint64_t two = (UINT64_C(1) << i / 3) + (uint64_t)(i % 3) - 1;
		uint64_t ten = tens + (uint64_t)(i % 3) - 1;
		struct om_line l = { .quantity_milli = (int64_t)two,
			.unit_price_micro = (int64_t)~two,
			.discount_minor = (int64_t)ten,
			.tax_minor = (int64_t)~ten };

		snprintf(want, sizeof(want), "[[0,\"\",%lld,%lld,%lld,%lld,0]]",
		    (long long)l.quantity_milli, (long long)l.unit_price_micro,
		    (long long)l.discount_minor, (long long)l.tax_minor);
		writes(&l, 1, want);
		if (i % 3 == 2)
			tens *= 10;
	}
}

static void
one_line_too_many_is_refused(void **state)
{
	static const char line[] = "[1,\"\",0,0,0,0,0],";
	OM_AUTO(arena_clear) struct om_arena arena = { 0 };
	OM_AUTO(om_buf_fini) struct om_buf out = { .max = 16 << 20 };
	struct om_line *lines = NULL;
	uint32_t count = 0;

	(void)state;
	om_buf_char(&out, '[');
	for (int i = 0; i <= OM_ORDER_LINES_MAX; i++)
		om_buf_text(&out, line);
	om_buf_give_back(&out, 1);
	om_buf_char(&out, ']');
	assert_false(
	    om_line_text_read(om_buf_view(&out), &arena, &lines, &count));
}

static void
nothing_else_is_read(void **state)
{
	static const char *const texts[] = {
		"",
		"[",
		"]",
		"[]]",
		" []",
		"[] ",
		"[[]]",
		"[[1]]",
		"[[1,\"a\",0,0,0,0,0]",
		"[[1,\"a\",0,0,0,0,0],]",
		"[[1,\"a\",0,0,0,0,0]]]",
		"[[1,\"a\",0,0,0,0,0]",
		"[[1,\"a\",0,0,0,0]]",
		"[[1,\"a\",0,0,0,0,0,0]]",
		"[[-1,\"a\",0,0,0,0,0]]",
		"[[2147483648,\"a\",0,0,0,0,0]]",
		"[[01,\"a\",0,0,0,0,0]]",
		"[[1,\"a\",-0,0,0,0,0]]",
		"[[1,\"a\",+1,0,0,0,0]]",
		"[[1,\"a\",,0,0,0,0]]",
		"[[1,\"a\",1.0,0,0,0,0]]",
		"[[1,\"a\",9223372036854775808,0,0,0,0]]",
		"[[1,\"a\",-9223372036854775809,0,0,0,0]]",
		"[[1,\"a\",99999999999999999999999,0,0,0,0]]",
		"[[1,a,0,0,0,0,0]]",
		"[[1,\"a,0,0,0,0,0]]",
		"[[1,\"a\\\",0,0,0,0,0]]",
		"[[1,\"\\n\",0,0,0,0,0]]",
		"[[1,\"\\u0022\",0,0,0,0,0]]",
		"[[1,\"\\u000A\",0,0,0,0,0]]",
		"[[1,\"\\u000\",0,0,0,0,0]]",
		"[[1,\"\n\",0,0,0,0,0]]",
		"[[1, \"a\",0,0,0,0,0]]",
	};

	OM_AUTO(arena_clear) struct om_arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(texts); i++)
		assert_false(reads(&arena, om_str_of(texts[i])));
	assert_true(reads(&arena, OM_STR("[]")));
	assert_true(reads(&arena, OM_STR("[[0,\"\\u000a\\\\\",0,0,0,0,0]]")));
}

/* A text with a byte changed or cut is none, or that of other lines. */
static void
no_byte_can_be_changed_unseen(void **state)
{
	static const char bytes[] = "[],\"\\-0189afu \n\x01\xff";
	OM_AUTO(arena_clear) struct om_arena arena = { 0 };
	OM_AUTO(om_buf_fini) struct om_buf out = { .max = 4096 };
	const struct om_line lines[] = { two_lines()[0], two_lines()[1],
		{ 21, OM_STR("\"\\\x01x"), 10, 20, 30, 40, 50 } };
	struct om_str text;

	(void)state;
	om_line_text_write(&out, lines, OM_COUNT(lines));
	text = om_buf_view(&out);
	for (size_t i = 0; i < text.n; i++) {
		char was = out.p[i];

		assert_false(reads(&arena, (struct om_str){ text.p, i }));
		for (size_t k = 0; k < sizeof(bytes); k++) {
			out.p[i] = bytes[k];
			(void)reads(&arena, text);
		}
		out.p[i] = was;
	}
	assert_true(reads(&arena, text));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_arrays_in_an_array),
		cmocka_unit_test(what_json_must_escape_is_escaped),
		cmocka_unit_test(it_is_appended_to_what_is_there),
		cmocka_unit_test(every_line_comes_back),
		cmocka_unit_test(a_number_of_any_length_is_written),
		cmocka_unit_test(one_line_too_many_is_refused),
		cmocka_unit_test(nothing_else_is_read),
		cmocka_unit_test(no_byte_can_be_changed_unseen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
