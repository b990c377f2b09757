#include "scene.h"

/* A feed of flat orders with one more line of mapping. */
static void
map_with(struct scene *s, const char *top, const char *columns)
{
	char yaml[1024];

	snprintf(yaml, sizeof(yaml),
	    "channel: acme\n%s\ncolumns:\n  reference: r\n  %s\n", top,
	    columns);
	assert_ok(scene_map(s, yaml));
}

static void
trim_takes_blanks_off(void **state)
{
	struct scene *s = *state;

	map_with(s, "currency: EUR",
	    "total: {from: t, trim: true}\n  customer: {from: c, trim: true}");
	assert_ok(scene_read(s, "r,t,c\n 1 , 2.50\t,  Erika  \n2, ,x\n", NULL));
	assert_true(scene_is(scene_order(s, 0)->reference, " 1 "));
	assert_true(scene_is(scene_order(s, 0)->customer, "Erika"));
	assert_int_equal(scene_order(s, 0)->total_minor, 250);
	scene_reject(s, 1, 3, "t", "total is empty");
	map_with(s, "currency: EUR", "total: t");
	assert_ok(scene_read(s, "r,t\n1, 2.50\n", NULL));
	scene_reject(s, 0, 2, "t", "bad amount ' 2.50'");
}

static void
the_first_pattern_that_fits_decides(void **state)
{
	struct scene *s = *state;

	map_with(s, "currency: EUR",
	    "total: t\n  kind: {from: r, map: {\"C*\": cancel, \"*\": order}}");
	assert_ok(scene_read(s, "r,t\nC17,x\n17,1\n", NULL));
	assert_int_equal(scene_order(s, 0)->kind, OM_KIND_CANCEL);
	assert_int_equal(scene_order(s, 1)->kind, OM_KIND_ORDER);
	map_with(s, "",
	    "total: t\n  currency: {from: c, map: {\"Euro*\": EUR, \"?\": "
	    "null}, default: USD}");
	assert_ok(
	    scene_read(s, "r,t,c\n1,1,Euros\n2,1,-\n3,1,\n4,1,Yen\n", NULL));
	assert_string_equal(scene_order(s, 0)->currency->code, "EUR");
	assert_string_equal(scene_order(s, 1)->currency->code, "USD");
	assert_string_equal(scene_order(s, 2)->currency->code, "USD");
	scene_reject(s, 3, 5, "c", "no pattern of the map fits 'Yen'");
	assert_true(scene_is(s->item[3].reject.value, "Yen"));
}

static void
texts_can_mean_empty(void **state)
{
	struct scene *s = *state;

	map_with(s, "currency: EUR",
	    "total: t\n  customer: {from: c, empty: [\"n/a\", \"-\"]}\n"
	    "  shipping: {from: s, empty: none}\n"
	    "  tax: {from: x, empty: error}");
	assert_ok(scene_read(s,
	    "r,t,c,s,x\n1,1,n/a,none,0\n2,1,-,0,0\n3,1,--,0,\n", NULL));
	assert_int_equal(scene_order(s, 0)->customer.n, 0);
	assert_int_equal(scene_order(s, 1)->customer.n, 0);
	scene_reject(s, 2, 4, "x", "tax is empty");
}

static void
required_and_default_are_about_empty_cells(void **state)
{
	struct scene *s = *state;

	map_with(s, "currency: EUR",
	    "total: t\n  customer: {from: c, required: true}\n"
	    "  shipping: {from: s, required: false, default: \"4.90\"}\n"
	    "  discount: {from: d, required: false}");
	assert_ok(scene_read(s, "r,t,c\n1,10,Erika\n2,10,\n", NULL));
	assert_int_equal(scene_order(s, 0)->shipping_minor, 490);
	assert_int_equal(scene_order(s, 0)->subtotal_minor, 510);
	scene_reject(s, 1, 3, "c", "customer is empty");
	assert_fails(scene_read(s, "r,t\n1,10\n", NULL), OM_EDATA);
	assert_non_null(strstr(err.msg, "no column 'c'"));
}

static void
a_constant_stands_in_every_row(void **state)
{
	struct scene *s = *state;

	map_with(s, "",
	    "total: t\n  currency: {const: EUR}\n  shipping: {const: \"1\"}");
	assert_ok(scene_read(s, "r,t\n1,10\n2,20\n", NULL));
	assert_int_equal(scene_order(s, 0)->shipping_minor, 100);
	assert_string_equal(scene_order(s, 1)->currency->code, "EUR");
}

static void
a_feeds_own_currency_fills_empty_cells(void **state)
{
	struct scene *s = *state;

	map_with(s, "currency: EUR", "total: t\n  currency: c");
	assert_ok(scene_read(s, "r,t,c\n1,10,\n2,20,USD\n", NULL));
	assert_string_equal(scene_order(s, 0)->currency->code, "EUR");
	assert_string_equal(scene_order(s, 1)->currency->code, "USD");
}

static void
numbers_are_written_in_many_ways(void **state)
{
	static const struct {
		const char *top;
		const char *value;
		const char *cell;
		int64_t want; /* INT64_MIN: refused */
	} rows[] = {
		{ "decimal: \",\"\nthousands: \".\"", "{from: t}", "1.653,75",
		    165375 },
		{ "decimal: \",\"\nthousands: \".\"", "{from: t}", "1653,75",
		    165375 },
		{ "decimal: \",\"", "{from: t}", "1.653,75", INT64_MIN },
		{ "", "{from: t, decimal: \",\"}", "16,50", 1650 },
		{ "", "{from: t, thousands: \"'\"}", "1'653.75", 165375 },
		{ "decimal: \",\"", "{from: t, decimal: \".\"}", "16.50",
		    1650 },
		{ "", "{from: t, scale: minor}", "1650", 1650 },
		{ "", "{from: t, scale: minor}", "16.5", INT64_MIN },
		{ "", "{from: t, scale: 2}", "1650", 1650 },
		{ "", "{from: t, scale: 3}", "16500", 1650 },
		{ "", "{from: t, scale: 3}", "16505", INT64_MIN },
		{ "", "{from: t, scale: -3}", "1.5", 150000 },
		{ "", "{from: t, absolute: true}", "-16.50", 1650 },
		{ "", "{from: t, negate: true}", "16.50", -1650 },
		{ "", "{from: t, absolute: true, negate: true}", "-16.50",
		    -1650 },
		{ "", "{from: t, absolute: true}", "-92233720368547758.08",
		    INT64_MIN },
		{ "", "{from: t}", "+16.5", 1650 },
		{ "", "{from: t}", "'16.5", INT64_MIN },
		{ "", "{from: t}", "1e3", INT64_MIN },
	};
	struct scene *s = *state;

	for (size_t i = 0; i < OM_COUNT(rows); i++) {
		char top[128];
		char columns[128];
		char text[128];

		snprintf(top, sizeof(top), "currency: EUR\nformat: psv\n%s",
		    rows[i].top);
		snprintf(columns, sizeof(columns), "total: %s", rows[i].value);
		map_with(s, top, columns);
		snprintf(text, sizeof(text), "r|t\n1|%s\n", rows[i].cell);
		assert_ok(scene_read(s, text, NULL));
		if (rows[i].want == INT64_MIN)
			assert_int_equal(s->item[0].kind, OM_ITEM_REJECT);
		else
			assert_int_equal(scene_order(s, 0)->total_minor,
			    rows[i].want);
	}
}

static void
dates_follow_feed_and_column(void **state)
{
	struct scene *s = *state;

	map_with(s,
	    "currency: EUR\ntimezone: Europe/Vienna\n"
	    "date: \"%d.%m.%Y %H:%M\"",
	    "total: t\n  placed_at: d\n"
	    "  revision: {from: v, date: \"%Y%m%d %H%M\"}");
	assert_ok(scene_read(s,
	    "r,t,d,v\n1,1,24.08.2026 13:18,20260824 1418\n"
	    "2,1,2026-08-24,\n",
	    NULL));
	assert_int_equal(scene_order(s, 0)->placed_at, 1787570280);
	assert_true(
	    scene_is(scene_order(s, 0)->revision, "2026-08-24T12:18:00Z"));
	scene_reject(s, 1, 3, "d",
	    "bad time '2026-08-24' (want '%d.%m.%Y %H:%M')");
}

static void
revision_may_stand_beside_the_columns(void **state)
{
	struct scene *s = *state;

	map_with(s, "currency: EUR\nrevision: updated", "total: t");
	assert_ok(scene_read(s, "r,t,updated\n1,1,007\n", NULL));
	assert_true(scene_is(scene_order(s, 0)->revision, "007"));
}

static void
tax_is_added_included_or_found_out(void **state)
{
	static const char text[] = "r,t,s,x\n1,12,10,2\n2,10,10,2\n3,10,10,0\n";
	struct scene *s = *state;

	map_with(s, "currency: EUR\ntax: auto",
	    "total: t\n  subtotal: s\n  tax: x");
	assert_ok(scene_read(s, text, NULL));
	assert_false(scene_order(s, 0)->tax_included);
	assert_true(scene_order(s, 1)->tax_included);
	assert_false(scene_order(s, 2)->tax_included);
	map_with(s, "currency: EUR\ntax: included",
	    "total: t\n  subtotal: s\n  tax: x");
	assert_ok(scene_read(s, text, NULL));
	scene_reject(s, 0, 2, "t",
	    "total 12.00 but subtotal, discount and shipping make 10.00");
	assert_true(scene_order(s, 1)->tax_included);
	map_with(s, "currency: EUR", "total: t\n  subtotal: s\n  tax: x");
	assert_ok(scene_read(s, text, NULL));
	(void)scene_order(s, 0);
	scene_reject(s, 1, 3, "t",
	    "total 10.00 but subtotal, discount, shipping and tax make 12.00");
}

static void
a_tolerance_forgives_that_much_and_no_more(void **state)
{
	struct scene *s = *state;

	map_with(s, "currency: EUR\ntolerance: 0.01",
	    "total: t\n  subtotal: s");
	assert_ok(
	    scene_read(s, "r,t,s\n1,10.01,10\n2,9.99,10\n3,10.02,10\n", NULL));
	assert_int_equal(scene_order(s, 0)->total_minor, 1001);
	assert_int_equal(scene_order(s, 1)->total_minor, 999);
	assert_int_equal(s->item[2].kind, OM_ITEM_REJECT);
}

static void
a_net_subtotal_has_its_discount_put_back(void **state)
{
	struct scene *s = *state;

	map_with(s, "currency: EUR",
	    "total: t\n  subtotal: {from: s, net: true}\n  discount: d");
	assert_ok(scene_read(s, "r,t,s,d\n1,8,8,2\n2,8,10,2\n", NULL));
	assert_int_equal(scene_order(s, 0)->subtotal_minor, 1000);
	assert_int_equal(s->item[1].kind, OM_ITEM_REJECT);
}

static void
unmapped_columns_can_be_kept(void **state)
{
	static const char text[] =
	    "r,t,Note,\"a \"\"b\"\"\",Empty,Note\n1,1,\"x\ny\",z,,w\n2,2,,,,\n";
	struct scene *s = *state;

	map_with(s, "currency: EUR\nattributes: keep", "total: t");
	assert_ok(scene_read(s, text, NULL));
	assert_true(scene_is(scene_order(s, 0)->attributes,
	    "{\"Note\":\"x\\ny\",\"a \\\"b\\\"\":\"z\"}"));
	assert_int_equal(scene_order(s, 1)->attributes.n, 0);
	map_with(s, "currency: EUR\nattributes: [Note, t, Gone]", "total: t");
	assert_ok(scene_read(s, text, NULL));
	assert_true(scene_is(scene_order(s, 0)->attributes,
	    "{\"t\":\"1\",\"Note\":\"x\\ny\"}"));
	map_with(s, "currency: EUR\nattributes: drop", "total: t");
	assert_ok(scene_read(s, text, NULL));
	assert_int_equal(scene_order(s, 0)->attributes.n, 0);
}

static void
files_are_cut_as_the_dialect_says(void **state)
{
	struct scene *s = *state;

	map_with(s,
	    "currency: EUR\ndelimiter: tab\nquote: \"'\"\nskip: 2\n"
	    "comment: \"#\"\ntrailing-delimiter: true\nescape: \"\\\\\"",
	    "total: t\n  customer: c");
	assert_ok(scene_read(s,
	    "exported by \"x\n\nr\tt\tc\t\n# remark\n1\t1\t'a\tb'\t\n"
	    "2\t2\tc\\\td\t\n",
	    NULL));
	assert_int_equal(s->count, 2);
	assert_true(scene_is(scene_order(s, 0)->customer, "a\tb"));
	assert_true(scene_is(scene_order(s, 1)->customer, "c\td"));
	assert_int_equal(scene_order(s, 0)->at.line, 5);
	assert_int_equal(scene_order(s, 0)->at.offset, 32);
}

static void
without_a_header_columns_are_numbers(void **state)
{
	struct scene *s = *state;
	const char *map = "format: psv\nheader: false\nchannel: a\n"
			  "currency: EUR\nattributes: keep\n"
			  "columns: {reference: 2, total: 1}\n";

	assert_ok(scene_map(s, map));
	assert_ok(scene_read(s, "1.50|17|x\n2.50|18|y\n2.50|19\n", NULL));
	assert_int_equal(s->count, 3);
	assert_true(scene_is(scene_order(s, 0)->reference, "17"));
	assert_true(scene_is(scene_order(s, 1)->attributes, "{\"3\":\"y\"}"));
	scene_reject(s, 2, 3, "", "2 fields, 3 expected");
	assert_int_equal(om_reader_header(s->reader, 0).n, 0);
	assert_ok(scene_read(s, "", NULL));
	assert_int_equal(s->count, 0);
	assert_fails(scene_read(s, "1.50\n", NULL), OM_EDATA);
	assert_non_null(strstr(err.msg, "no column '2'"));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(trim_takes_blanks_off),
		TEST(the_first_pattern_that_fits_decides),
		TEST(texts_can_mean_empty),
		TEST(required_and_default_are_about_empty_cells),
		TEST(a_constant_stands_in_every_row),
		TEST(a_feeds_own_currency_fills_empty_cells),
		TEST(numbers_are_written_in_many_ways),
		TEST(dates_follow_feed_and_column),
		TEST(revision_may_stand_beside_the_columns),
		TEST(tax_is_added_included_or_found_out),
		TEST(a_tolerance_forgives_that_much_and_no_more),
		TEST(a_net_subtotal_has_its_discount_put_back),
		TEST(unmapped_columns_can_be_kept),
		TEST(files_are_cut_as_the_dialect_says),
		TEST(without_a_header_columns_are_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
