/* Damaged rows, cell by cell, and the answers that go with them. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ops/gen_bad.h"

struct scene {
	struct om_gen_options opt;
	struct om_gen_line lines[3];
	struct om_gen_order order;
	char dir[32];
	char text[4096]; /* of the file that was written last */
};

/* An order of three lines, 1.00 each, or a flat one of 3.00. */
static void
set(struct scene *s, int64_t lines)
{
	struct om_err err = { 0 };

	*s = (struct scene){
		.opt = { .orders = 9, .lines = lines, .channel = "web" },
		.order = { .number = 7,
		    .revision = 1,
		    .customer = 5,
		    .placed_at = INT64_C(1767225600),
		    .subtotal_minor = 300,
		    .total_minor = 300,
		    .line_count = lines > 0 ? 3 : 0 },
		.dir = "/tmp/om-bad-XXXXXX",
	};
	assert_ok(om_gen_mix_parse(OM_STR("EUR"), &s->opt.mix, &err));
	assert_non_null(mkdtemp(s->dir));
	for (int i = 0; i < 3; i++)
		s->lines[i] = (struct om_gen_line){ .sku = 1,
			.quantity_milli = 1000,
			.price_minor = 100,
			.total_minor = 100 };
	s->order.lines = s->lines;
}

static const char *
damaged(struct scene *s, enum om_gen_bad what)
{
	struct om_gen_file f OM_AUTO(om_gen_file_close) = { 0 };
	struct om_gen_rows rows;
	struct om_err err = { 0 };

	om_gen_rows_init(&rows, &s->opt);
	assert_ok(om_gen_file_open(&f, s->dir, "rows", true, &err));
	assert_ok(om_gen_write_bad(&rows, &s->order, what, &f, &err));
	memcpy(s->text, f.buffer, f.used);
	s->text[f.used] = '\0';
	return s->text;
}

#define FLAT(ref, customer, date, currency, total)                             \
	ref ",1," customer "," date "," currency ",3.00,0.00,0.00,0.00," total
#define REF	 "SO0000000007"
#define CUSTOMER "C00000005"
#define DATE	 "2026-01-01T00:00:00Z"
#define LINE(n, quantity, total)                                               \
	",false,3.00," n ",SKU-00001," quantity ",1.00,0.00,0.00," total
#define HEAD "order,web," REF ",1," CUSTOMER "," DATE ",EUR,3.00,0.00,0.00,0.00"

static void
a_flat_row_is_damaged_in_its_cell_alone(void **state)
{
	static const char *const want[OM_GEN_BAD_QUANTITY] = {
		[OM_GEN_BAD_AMOUNT] =
		    FLAT(REF, CUSTOMER, DATE, "EUR", "3.00x\n"),
		[OM_GEN_MISSING_REFERENCE] =
		    FLAT("", CUSTOMER, DATE, "EUR", "3.00\n"),
		[OM_GEN_UNKNOWN_CURRENCY] =
		    FLAT(REF, CUSTOMER, DATE, "XXZ", "3.00\n"),
		[OM_GEN_TOTAL_OFF] = FLAT(REF, CUSTOMER, DATE, "EUR", "3.01\n"),
		[OM_GEN_NOT_UTF8] =
		    FLAT(REF, "M\xfcller", DATE, "EUR", "3.00\n"),
		[OM_GEN_MISSING_CELL] =
		    REF ",1," CUSTOMER "," DATE ",EUR,3.00,0.00,0.00,0.00\n",
		[OM_GEN_EXTRA_CELL] =
		    FLAT(REF, CUSTOMER, DATE, "EUR", "3.00,x\n"),
		[OM_GEN_BAD_DATE] = FLAT(REF, CUSTOMER, "2026-13-01T00:00:00Z",
		    "EUR", "3.00\n"),
	};
	struct scene s;

	(void)state;
	set(&s, 0);
	for (int i = 0; i < OM_GEN_BAD_QUANTITY; i++)
		assert_string_equal(damaged(&s, (enum om_gen_bad)i), want[i]);
	rmdir(s.dir);
}

static void
damage_to_a_line_is_in_the_last_row(void **state)
{
	struct scene s;

	(void)state;
	set(&s, 3);
	assert_string_equal(damaged(&s, OM_GEN_BAD_QUANTITY),
	    HEAD LINE("1", "1", "1.00\n") HEAD LINE("2", "1", "1.00\n")
		HEAD LINE("3", "two", "1.00\n"));
	assert_string_equal(damaged(&s, OM_GEN_LINE_TOTAL_OFF),
	    HEAD LINE("1", "1", "1.00\n") HEAD LINE("2", "1", "1.00\n")
		HEAD LINE("3", "1", "1.01\n"));
	rmdir(s.dir);
}

static void
damage_to_an_order_is_in_all_rows(void **state)
{
	struct scene s;
	const char *at;
	int n = 0;

	(void)state;
	set(&s, 3);
	at = damaged(&s, OM_GEN_TOTAL_OFF);
	while ((at = strstr(at, ",3.01,")) != NULL) {
		at++;
		n++;
	}
	assert_int_equal(n, 3);
	rmdir(s.dir);
}

static void
without_a_reference_one_row_is_left(void **state)
{
	struct scene s;

	(void)state;
	set(&s, 3);
	assert_string_equal(damaged(&s, OM_GEN_MISSING_REFERENCE),
	    "order,web,,1," CUSTOMER "," DATE
	    ",EUR,3.00,0.00,0.00,0.00" LINE("1", "1", "1.00\n"));
	assert_int_equal(om_gen_bad_rows(OM_GEN_MISSING_REFERENCE, 3), 1);
	assert_int_equal(om_gen_bad_rows(OM_GEN_BAD_AMOUNT, 3), 3);
	rmdir(s.dir);
}

static void
answers_name_the_row_the_column_and_the_money(void **state)
{
	struct om_gen_answer a;
	struct scene s;

	(void)state;
	set(&s, 3);
	om_gen_bad_answer(&s.opt, &s.order, OM_GEN_TOTAL_OFF, &a);
	assert_int_equal(a.row, 0);
	assert_string_equal(a.column, "total");
	assert_int_equal(a.total_minor, 301);
	assert_string_equal(a.reason,
	    "total 3.01 but lines, discount, shipping and tax make 3.00");
	s.order.tax_included = true;
	om_gen_bad_answer(&s.opt, &s.order, OM_GEN_TOTAL_OFF, &a);
	assert_string_equal(a.reason,
	    "total 3.01 but lines, discount and shipping make 3.00");
	om_gen_bad_answer(&s.opt, &s.order, OM_GEN_LINE_TOTAL_OFF, &a);
	assert_int_equal(a.row, 2);
	assert_int_equal(a.total_minor, 300);
	om_gen_bad_answer(&s.opt, &s.order, OM_GEN_UNKNOWN_CURRENCY, &a);
	assert_null(a.currency);
	assert_int_equal(a.total_minor, 0);
	om_gen_bad_answer(&s.opt, &s.order, OM_GEN_MISSING_REFERENCE, &a);
	assert_false(a.named);
	om_gen_bad_answer(&s.opt, &s.order, OM_GEN_MISSING_CELL, &a);
	assert_string_equal(a.reason, "19 fields, 20 expected");
	rmdir(s.dir);
}

static void
flat_orders_take_no_turns_that_need_lines(void **state)
{
	struct scene s;

	(void)state;
	set(&s, 0);
	assert_int_equal(om_gen_bad_turn(&s.opt, 7), OM_GEN_BAD_DATE);
	assert_int_equal(om_gen_bad_turn(&s.opt, 8), OM_GEN_BAD_AMOUNT);
	rmdir(s.dir);
	set(&s, 1);
	assert_int_equal(om_gen_bad_turn(&s.opt, 9), OM_GEN_LINE_TOTAL_OFF);
	assert_int_equal(om_gen_bad_turn(&s.opt, 10), OM_GEN_BAD_AMOUNT);
	rmdir(s.dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flat_row_is_damaged_in_its_cell_alone),
		cmocka_unit_test(damage_to_a_line_is_in_the_last_row),
		cmocka_unit_test(damage_to_an_order_is_in_all_rows),
		cmocka_unit_test(without_a_reference_one_row_is_left),
		cmocka_unit_test(answers_name_the_row_the_column_and_the_money),
		cmocka_unit_test(flat_orders_take_no_turns_that_need_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
