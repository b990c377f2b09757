#include "scene.h"

/* Real documents; the figures are those of the corpus's own README. */
static char path[512];

static bool
corpus(const char *name)
{
	const char *dir = getenv("ORDMILL_CORPUS");

	if (dir == NULL)
		return false;
	snprintf(path, sizeof(path), "%s/edi/%s", dir, name);
	return true;
}

static int
read_corpus(struct scene *s, const char *feed)
{
	om_feed_free(&s->feed);
	assert_ok(om_feed_builtin(feed, &s->feed, &err));
	return scene_paths(s, path, NULL, 0);
}

/* The same with one text in it changed, as long as it was. */
static int
read_changed(struct scene *s, const char *feed, const char *from,
    const char *to)
{
	char *text = calloc(1, 65536);
	FILE *f = fopen(path, "rb");
	char *at;
	int rc;

	assert_non_null(text);
	assert_non_null(f);
	assert_true(fread(text, 1, 65535, f) > 0);
	fclose(f);
	at = strstr(text, from);
	assert_non_null(at);
	memcpy(at, to, strlen(to));
	om_feed_free(&s->feed);
	assert_ok(om_feed_builtin(feed, &s->feed, &err));
	rc = scene_read(s, text, NULL);
	free(text);
	return rc;
}

static void
held(struct scene *s, const char *feed, const char *from, const char *to,
    const char *why)
{
	assert_int_equal(read_changed(s, feed, from, to), OM_EDATA);
	if (strstr(err.msg, why) == NULL)
		fail_msg("'%s' does not say '%s'", err.msg, why);
}

static void
the_850_ties_to_its_figures(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	if (!corpus("x12_850.txt"))
		skip();
	assert_ok(read_corpus(s, "x12-850"));
	assert_int_equal(s->count, 1);
	o = scene_order(s, 0);
	assert_true(scene_is(o->reference, "S41000439"));
	assert_true(scene_is(o->customer, "828513080"));
	assert_true(scene_is(o->lines[3].sku, "0684202074"));
	assert_int_equal(o->total_minor, 88406);
	assert_int_equal(o->line_count, 4);
	held(s, "x12-850", "884.06", "884.07",
	    "AMT*TT says 884.07, the lines make 884.06");
	held(s, "x12-850", "*5.09*", "*5.10*",
	    "AMT*TT says 884.06, the lines make 884.11");
	held(s, "x12-850", "CTT*4", "CTT*5", "CTT01 says 5, there are 4 lines");
	held(s, "x12-850", "CTT*4*20", "CTT*4*21",
	    "CTT02 says 21, the quantities make 20");
	held(s, "x12-850", "SE*36", "SE*37",
	    "SE01 says 37, there are 36 segments");
}

static void
the_ubl_order_ties_to_its_figures(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	if (!corpus("UBL-Order-2.1-Example.xml"))
		skip();
	assert_ok(read_corpus(s, "ubl-order"));
	assert_int_equal(s->count, 1);
	o = scene_order(s, 0);
	assert_true(scene_is(o->reference, "34"));
	assert_true(scene_is(o->customer, "7300070011115"));
	assert_string_equal(o->currency->code, "SEK");
	assert_int_equal(o->total_minor, 622500);
	assert_int_equal(o->discount_minor, 10000);
	assert_int_equal(o->shipping_minor, 10000);
	assert_true(o->tax_included);
	held(s, "ubl-order", "6225</cbc:PayableAmount",
	    "6226</cbc:PayableAmount",
	    "PayableAmount says 6226.00, the lines, allowances, charges and "
	    "taxes make 6225.00");
	held(s, "ubl-order", "6225</cbc:LineExt", "6226</cbc:LineExt",
	    "LineExtensionAmount says 6226.00, the lines make 6225.00");
	assert_ok(read_changed(s, "ubl-order", ">120</cbc:Quantity",
	    ">121</cbc:Quantity"));
	scene_reject(s, 0, 247, "line_total",
	    "line_total 6000.00 but price and discount make 6050.00");
}

static void
the_peppol_order_ties_to_its_figures(void **state)
{
	struct scene *s = *state;

	if (!corpus("UC1_Order.xml"))
		skip();
	assert_ok(read_corpus(s, "ubl-order"));
	assert_int_equal(s->count, 1);
	assert_int_equal(scene_order(s, 0)->total_minor, 14375);
	assert_int_equal(scene_order(s, 0)->tax_minor, 2875);
	assert_false(scene_order(s, 0)->tax_included);
	assert_int_equal(scene_order(s, 0)->line_count, 3);
	held(s, "ubl-order", "143.75", "143.76",
	    "PayableAmount says 143.76, the lines, allowances, charges and "
	    "taxes make 143.75");
	held(s, "ubl-order", "28.75", "28.76",
	    "PayableAmount says 143.75, the lines, allowances, charges and "
	    "taxes make 143.76");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_850_ties_to_its_figures),
		TEST(the_ubl_order_ties_to_its_figures),
		TEST(the_peppol_order_ties_to_its_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
