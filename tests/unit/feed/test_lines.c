#include "scene.h"

#define LINES                                                                  \
	"channel: acme\nshape: lines\ncolumns:\n  reference: r\n"              \
	"  currency: c\n"

#define JOINED                                                                 \
	"channel: acme\ncurrency: EUR\nshape: joined\n"                        \
	"columns: {reference: r, total: t}\n"                                  \
	"lines: {key: o, columns: {line: n, sku: s, quantity: q, "             \
	"unit_price: p}}\n"

static void
rows_become_the_lines_of_their_orders(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    "reference,currency,total,line,sku,quantity,unit_price,"
	    "line_discount,line_tax,line_total\n"
	    "1,EUR,34.01,1,a,2,10.005,,3.00,\n"
	    "2,EUR,5.00,,,,,,,\n"
	    "1,EUR,34.01,2,b,1,10.99,0.99,1.00,10.00\n"
	    "3,EUR,6.00,7,,1.5,4,0,0,6\n",
	    NULL));
	assert_int_equal(s->count, 3);
	o = scene_order(s, 0);
	assert_int_equal(o->line_count, 2);
	assert_int_equal(o->lines[0].number, 1);
	assert_true(scene_is(o->lines[0].sku, "a"));
	assert_int_equal(o->lines[0].quantity_milli, 2000);
	assert_int_equal(o->lines[0].unit_price_micro, 10005000);
	assert_int_equal(o->lines[0].total_minor, 2001);
	assert_int_equal(o->lines[0].tax_minor, 300);
	assert_true(scene_is(o->lines[1].sku, "b"));
	assert_int_equal(o->lines[1].discount_minor, 99);
	assert_int_equal(o->lines[1].total_minor, 1000);
	assert_int_equal(o->subtotal_minor, 3001);
	assert_int_equal(o->tax_minor, 400);
	assert_int_equal(o->at.line, 2);
	assert_int_equal(scene_order(s, 1)->line_count, 0);
	assert_int_equal(scene_order(s, 2)->lines[0].number, 7);
	assert_int_equal(scene_order(s, 2)->lines[0].sku.n, 0);
}

static void
a_total_that_nobody_states_is_computed(void **state)
{
	struct scene *s = *state;

	assert_ok(
	    scene_map(s, LINES "  quantity: q\n  unit_price: p\n  shipping: s\n"
			       "  line_tax: {from: x, rate: percent}\n"));
	assert_ok(scene_read(s,
	    "r,c,q,p,s,x\n1,EUR,2,5.00,4.90,20\n1,,1,1.00,,10\n", NULL));
	assert_int_equal(scene_order(s, 0)->subtotal_minor, 1100);
	assert_int_equal(scene_order(s, 0)->tax_minor, 210);
	assert_int_equal(scene_order(s, 0)->total_minor, 1800);
	assert_int_equal(scene_order(s, 0)->lines[1].number, 2);
}

static void
a_price_follows_from_gross_or_total(void **state)
{
	struct scene *s = *state;

	assert_ok(
	    scene_map(s, LINES "  quantity: q\n  line_gross: g\n"
			       "  line_discount: {from: d, rate: true}\n"));
	assert_ok(scene_read(s,
	    "r,c,q,g,d\n1,EUR,3,10.00,0.1\n2,JPY,-2,-300,0\n3,EUR,0,1,0\n",
	    NULL));
	assert_int_equal(scene_order(s, 0)->lines[0].unit_price_micro, 3333333);
	assert_int_equal(scene_order(s, 0)->total_minor, 900);
	assert_int_equal(scene_order(s, 1)->lines[0].unit_price_micro,
	    150000000);
	assert_int_equal(scene_order(s, 2)->lines[0].unit_price_micro, 0);
	assert_ok(scene_map(s, LINES "  line_total: t\n  line_discount: d\n"));
	assert_ok(scene_read(s, "r,c,t,d\n1,EUR,9.00,1.00\n", NULL));
	assert_int_equal(scene_order(s, 0)->lines[0].quantity_milli, 1000);
	assert_int_equal(scene_order(s, 0)->lines[0].unit_price_micro,
	    10000000);
	assert_int_equal(scene_order(s, 0)->lines[0].total_minor, 900);
}

static void
a_bad_line_quarantines_its_whole_order(void **state)
{
	struct scene *s = *state;
	const struct om_reject *r;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    "reference,currency,total,sku,quantity,unit_price\n"
	    "1,EUR,3.00,a,1,1.00\n"
	    "2,EUR,1.00,a,1,1.00\n"
	    "1,EUR,3.00,b,1,\"2,00\"\n",
	    NULL));
	assert_int_equal(s->count, 2);
	scene_reject(s, 0, 4, "unit_price", "bad amount '2,00'");
	r = &s->item[0].reject;
	assert_int_equal(r->at.offset, 89);
	assert_true(scene_is(r->value, "2,00"));
	assert_true(scene_is(r->reference, "1"));
	assert_int_equal(r->total_minor, 300);
	assert_int_equal(r->row_count, 2);
	assert_true(scene_is(r->rows[0].bytes, "1,EUR,3.00,a,1,1.00"));
	assert_int_equal(r->rows[0].at.line, 2);
	assert_true(scene_is(r->rows[1].bytes, "1,EUR,3.00,b,1,\"2,00\""));
	assert_int_equal(r->rows[1].at.line, 4);
	assert_true(scene_is(scene_order(s, 1)->reference, "2"));
}

static void
each_fault_of_a_line_has_its_reason(void **state)
{
	static const char *const rows[][3] = {
		{ "x,a,1,1.00,,", "line", "bad amount 'x'" },
		{ "-1,a,1,1.00,,", "line", "bad line number" },
		{ "2147483648,a,1,1.00,,", "line", "bad line number" },
		{ "1,a\tb,1,1.00,,", "sku",
		    "sku has a control character at byte 2" },
		{ "1,a,,1.00,,", "quantity", "quantity is empty" },
		{ "1,a,0.0001,1.00,,", "quantity",
		    "bad amount '0.0001': more than 3 decimals" },
		{ "1,a,1,,,", "unit_price", "the line has no price" },
		{ "1,a,1,1.0000001,,", "unit_price",
		    "bad amount '1.0000001': more than 6 decimals" },
		{ "1,a,1,1.00,x,", "line_discount", "bad amount 'x'" },
		{ "1,a,2,1.00,0.50,1.51", "line_total",
		    "line_total 1.51 but price and discount make 1.50" },
		{ "1,a,1,0.99,,", "total",
		    "total 1.00 but lines, discount, shipping and tax make "
		    "0.99" },
		{ "1,a,1000000000000000,9999999999,,", "",
		    "gross is too large" },
		{ "1,a,1,1.00,,,", "", "10 fields, 9 expected" },
		{ "1,a,1,1.00,", "", "8 fields, 9 expected" },
		{ "1,a,1,1.00,,x\"", "line_total", "bare quote" },
	};
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	for (size_t i = 0; i < OM_COUNT(rows); i++) {
		char text[512];

		snprintf(text, sizeof(text),
		    "reference,currency,total,line,sku,quantity,unit_price,"
		    "line_discount,line_total\n1,EUR,1.00,%s\n",
		    rows[i][0]);
		assert_ok(scene_read(s, text, NULL));
		assert_int_equal(s->count, 1);
		scene_reject(s, 0, 2, rows[i][1], rows[i][2]);
		assert_true(scene_is(s->item[0].reject.reference, "1"));
	}
}

static void
two_lines_with_one_number_are_a_fault_of_the_second(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    "reference,currency,total,line,quantity,unit_price\n"
	    "1,EUR,3.00,1,1,1.00\n1,EUR,3.00,2,1,1.00\n1,EUR,3.00,1,1,1.00\n",
	    NULL));
	scene_reject(s, 0, 4, "line", "two lines with number 1");
	assert_true(scene_is(s->item[0].reject.value, "1"));
}

static void
the_first_cell_that_is_not_empty_counts(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s,
	    LINES "  line_total: t\n  customer: w\n  kind: {from: k, map: "
		  "{\"*\": cancel}, default: order}\n"));
	assert_ok(scene_read(s,
	    "r,c,t,w,k\n"
	    "1,,1,,\n1,EUR,1,Erika,\n1,EUR,1,,\n"
	    "2,EUR,1,,\n2,USD,1,,\n"
	    "3,,1,,\n3,EUR,1,A,\n3,EUR,1,B,\n"
	    "4,,1,,\n"
	    "5,EUR,1,,gone\n5,,1,,\n",
	    NULL));
	assert_int_equal(s->count, 5);
	assert_int_equal(scene_order(s, 0)->line_count, 3);
	assert_true(scene_is(scene_order(s, 0)->customer, "Erika"));
	assert_int_equal(scene_order(s, 0)->kind, OM_KIND_ORDER);
	scene_reject(s, 1, 6, "c",
	    "currency 'USD' but the order's first row says 'EUR'");
	scene_reject(s, 2, 9, "w", "customer 'B' but line 8 says 'A'");
	scene_reject(s, 3, 10, "c", "no currency");
	assert_int_equal(scene_order(s, 4)->kind, OM_KIND_CANCEL);
	assert_int_equal(scene_order(s, 4)->line_count, 0);
}

static void
a_row_of_nobody_is_a_reject_by_itself(void **state)
{
	struct scene *s = *state;
	static const char text[] =
	    "r,c,t\n1,EUR,1\n,EUR,2\nr,c,t\n\xff,EUR,3\n1,EUR,4\n1\n";

	assert_ok(scene_map(s, LINES "  line_total: t\n"));
	scene_write(s->file[0], text, sizeof(text) - 1);
	assert_ok(scene_paths(s, s->file[0], NULL, 0));
	assert_int_equal(s->count, 4);
	scene_reject(s, 0, 3, "r", "reference is empty");
	scene_reject(s, 1, 4, "", "the header again");
	scene_reject(s, 2, 5, "r", "not UTF-8");
	/* A ragged row still says whose it is, and takes its order along. */
	scene_reject(s, 3, 7, "", "1 fields, 3 expected");
	assert_int_equal(s->item[3].reject.row_count, 3);
	assert_int_equal(om_reader_rows(s->reader), 6);
}

static void
the_shape_of_canonical_follows_its_columns(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s, "reference,currency,total\n1,EUR,1\n1,EUR,1\n",
	    NULL));
	assert_int_equal(s->count, 2); /* the store judges duplicates */
	assert_ok(scene_read(s,
	    "reference,currency,total,sku,line_total\n"
	    "1,EUR,2,a,1\n1,EUR,2,b,1\n",
	    NULL));
	assert_int_equal(s->count, 1);
	assert_int_equal(scene_order(s, 0)->line_count, 2);
}

static void
a_flat_row_may_carry_one_line(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s,
	    "channel: a\ncurrency: EUR\nshape: orders\ncolumns: {reference: "
	    "r, total: t, sku: s, quantity: q, unit_price: p}\n"));
	assert_ok(scene_read(s, "r,t,s,q,p\n1,6,x,2,3\n2,6,,,\n", NULL));
	assert_int_equal(scene_order(s, 0)->line_count, 1);
	assert_int_equal(scene_order(s, 0)->subtotal_minor, 600);
	assert_int_equal(scene_order(s, 1)->line_count, 0);
}

static void
two_files_are_joined_by_key(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, JOINED));
	assert_int_equal(om_feed_sources(s->feed), 2);
	assert_ok(scene_read(s, "r,t\n1,3\n2,9\n3,1\n4,1\n4,1\n6,1\n",
	    "o,n,s,q,p\n2,1,x,1,9\n1,2,b,1,2\n5,1,y,1,1\n1,1,a,1,1\n"
	    "4,1,z,1,1\n6,1,z,1,x\n"));
	assert_int_equal(s->count, 6);
	assert_true(scene_is(scene_order(s, 0)->reference, "1"));
	assert_int_equal(scene_order(s, 0)->line_count, 2);
	assert_int_equal(scene_order(s, 0)->lines[0].number, 2);
	assert_int_equal(scene_order(s, 1)->total_minor, 900);
	scene_reject(s, 2, 4, "r", "an order without lines");
	scene_reject(s, 3, 6, "r", "the order stands in line 5 already");
	scene_reject(s, 4, 7, "p", "bad amount 'x'");
	assert_int_equal(s->item[4].reject.at.source, 1);
	assert_int_equal(s->item[4].reject.total_minor, 100);
	assert_int_equal(s->item[4].reject.rows[0].at.source, 0);
	scene_reject(s, 5, 4, "o", "lines without an order");
	assert_true(scene_is(s->item[5].reject.reference, "5"));
	assert_int_equal(s->item[5].reject.at.source, 1);
	assert_int_equal(om_reader_rows(s->reader), 12);
	assert_true(scene_is(om_reader_header(s->reader, 1), "o,n,s,q,p"));
}

static void
files_in_the_wrong_order_are_noticed(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, JOINED));
	assert_fails(scene_read(s, "o,n,s,q,p\n1,1,a,1,1\n", "r,t\n1,1\n"),
	    OM_EDATA);
	assert_non_null(strstr(err.msg, "name the orders first"));
	assert_fails(scene_read(s, "r,t\n1,1\n", "r,t\n1,1\n"), OM_EDATA);
	assert_non_null(strstr(err.msg, "no column"));
	om_feed_free(&s->feed);
	assert_ok(om_feed_builtin("tpch", &s->feed, &err));
	assert_fails(scene_read(s, "1|2|3|4|5|6.00|0|0|N|O|a|b|c|d|e|f|\n",
			 "1|2|O|6.00|1996-01-02|a|b|c|d|\n"),
	    OM_EDATA);
	assert_non_null(strstr(err.msg, "name the orders first"));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(rows_become_the_lines_of_their_orders),
		TEST(a_total_that_nobody_states_is_computed),
		TEST(a_price_follows_from_gross_or_total),
		TEST(a_bad_line_quarantines_its_whole_order),
		TEST(each_fault_of_a_line_has_its_reason),
		TEST(two_lines_with_one_number_are_a_fault_of_the_second),
		TEST(the_first_cell_that_is_not_empty_counts),
		TEST(a_row_of_nobody_is_a_reject_by_itself),
		TEST(the_shape_of_canonical_follows_its_columns),
		TEST(a_flat_row_may_carry_one_line),
		TEST(two_files_are_joined_by_key),
		TEST(files_in_the_wrong_order_are_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
