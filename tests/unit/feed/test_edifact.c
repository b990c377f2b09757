#include "scene.h"

#define UNB "UNB+UNOA:3+BUYER+SELLER+261120:1030+I1'\n"
#define UNH "UNH+1+ORDERS:D:96A:UN'\nBGM+220+B-1+9'\nCUX+2:EUR:9'\n"
#define LIN "LIN+1++X:EN'\nQTY+21:2'\nPRI+AAA:5'\n"
#define END "UNZ+1+I1'\n"

static int
read_fact(struct scene *s, const char *text)
{
	om_feed_free(&s->feed);
	assert_ok(om_feed_builtin("edifact-orders", &s->feed, &err));
	return scene_read(s, text, NULL);
}

static void
holds(struct scene *s, const char *text, const char *why)
{
	assert_int_equal(read_fact(s, text), OM_EDATA);
	if (strstr(err.msg, why) == NULL)
		fail_msg("'%s' does not say '%s'", err.msg, why);
}

static void
read_file(struct scene *s, const char *path)
{
	om_feed_free(&s->feed);
	assert_ok(om_feed_builtin("edifact-orders", &s->feed, &err));
	assert_ok(scene_paths(s, path, NULL, 0));
}

static void
an_order_of_d96a_is_read(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	read_file(s, "tests/data/orders-d96a.edi");
	assert_int_equal(s->count, 2);
	o = scene_order(s, 0);
	assert_true(scene_is(o->reference, "B-2026-117"));
	assert_true(scene_is(o->customer, "4012345000009"));
	assert_int_equal(o->placed_at, 1795132800);
	assert_int_equal(o->line_count, 3);
	assert_true(scene_is(o->lines[0].sku, "0459001004"));
	assert_true(scene_is(o->lines[1].sku, "4000862141411"));
	assert_int_equal(o->lines[1].unit_price_micro, 125000);
	assert_int_equal(o->lines[1].total_minor, 3125);
	assert_int_equal(o->lines[2].quantity_milli, 1500);
	assert_int_equal(o->lines[2].discount_minor, 100);
	assert_int_equal(o->tax_minor, 1286);
	assert_int_equal(o->total_minor, 8056);
	assert_int_equal(o->at.line, 3);
	assert_non_null(strstr(o->attributes.p, "\"contract\":\"RV-77\""));
	assert_int_equal(scene_order(s, 1)->kind, OM_KIND_CANCEL);
	assert_true(scene_is(scene_order(s, 1)->reference, "B-2026-090"));
}

static void
an_order_of_d01b_and_its_change_are_read(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	read_file(s, "tests/data/orders-d01b.edi");
	assert_int_equal(s->count, 2);
	o = scene_order(s, 0);
	assert_true(scene_is(o->reference, "B-200"));
	assert_true(scene_is(o->revision, "0000000002"));
	assert_true(scene_is(o->customer, "Caf\xc3\xa9 Z\xc3\xbcrich"));
	assert_int_equal(o->placed_at, 1795252500);
	assert_int_equal(o->lines[0].number, 10);
	o = scene_order(s, 1);
	assert_true(scene_is(o->reference, "B-200"));
	assert_true(scene_is(o->revision, "0000000003"));
	assert_int_equal(o->line_count, 1);
	assert_int_equal(o->total_minor, 1500);
}

static void
figures_that_do_not_hold_end_the_batch(void **state)
{
	struct scene *s = *state;

	holds(s, UNB UNH LIN "UNS+S'\nMOA+86:10.01'\nUNT+9+1'\n" END,
	    "line 9, byte 132: MOA+86 says 10.01, the lines make 10.00");
	holds(s, UNB UNH LIN "UNS+S'\nMOA+79:9'\nUNT+9+1'\n" END,
	    "MOA+79 says 9.00, the lines make 10.00");
	holds(s, UNB UNH LIN "UNS+S'\nCNT+2:2'\nUNT+9+1'\n" END,
	    "CNT+2 says 2, there are 1 lines");
	holds(s, UNB UNH LIN "UNS+S'\nCNT+1:3'\nUNT+9+1'\n" END,
	    "CNT+1 says 3, the quantities make 2");
}

static void
an_envelope_that_does_not_close_ends_the_batch(void **state)
{
	struct scene *s = *state;

	holds(s, UNB UNH LIN "UNS+S'\nUNT+9+1'\n" END,
	    "UNT 0074 says 9, there are 8 segments");
	holds(s, UNB UNH LIN "UNS+S'\nUNT+8+2'\n" END,
	    "UNT says reference '2', UNH says '1'");
	holds(s, UNB UNH LIN "UNS+S'\nUNT+8+1'\nUNZ+2+I1'",
	    "UNZ 0036 says 2, there are 1 messages");
	holds(s, UNB UNH LIN "UNS+S'\nUNT+8+1'\nUNZ+1+I2'",
	    "UNZ says reference 'I2', UNB says 'I1'");
	holds(s, UNB UNH LIN "UNS+S'\nUNT+8+1'\n",
	    "the interchange has no UNZ");
	holds(s, UNB UNH LIN END, "the message '1' has no UNT");
	holds(s, UNB "UNG+ORDERS+A+B+1:1+G1'UNE+1+G1'",
	    "UNE 0060 says 1, there are 0 messages");
	holds(s, UNB "UNG+ORDERS+A+B+1:1+G1'UNE+0+G2'",
	    "UNE says reference 'G2', UNG says 'G1'");
	holds(s, UNB "UNG+ORDERS+A+B+1:1+G1'UNZ+1+I1'", "UNZ within a group");
	holds(s, UNB "UNG+A+A+B+1:1+G1'UNG+A+A+B+1:1+G2'",
	    "UNG within a group");
	holds(s, UNB "LIN+1'", "segment 'LIN' outside a message");
	holds(s, UNB "UNH+1+INVOIC:D:96A:UN'",
	    "message 'INVOIC': this feed reads ORDERS and ORDCHG");
	holds(s, "UNB+UNOD:3+A+B+1:1+1'",
	    "character set 'UNOD': UNOA, UNOB, UNOC and UNOY are read");
	holds(s, "UNA::.? 'UNB+", "UNA declares no usable delimiters");
	holds(s, "ISA*00", "an EDIFACT interchange begins with UNA or UNB");
	holds(s, UNB UNH "LIN+1", "the last segment does not end");
}

static void
the_service_string_declares_the_delimiters(void **state)
{
	struct scene *s = *state;

	assert_ok(read_fact(s,
	    "UNA|*,! ~UNB*UNOA|3*A*B*261120|1030*I1~\r\nUNH*1*ORDERS|D|96A|UN~"
	    "BGM*220*B!*1!~!!*9~CUX*2|EUR|9~LIN*1**+:'|EN~QTY*21|2~PRI*AAA|,5~"
	    "UNS*S~UNT*8*1~UNZ*1*I1~"));
	assert_true(scene_is(scene_order(s, 0)->reference, "B*1~!"));
	assert_true(scene_is(scene_order(s, 0)->lines[0].sku, "+:'"));
	assert_int_equal(scene_order(s, 0)->total_minor, 100);
	assert_int_equal(scene_order(s, 0)->at.line, 2);
}

static void
pieces_are_what_is_ordered_unless_it_is_said(void **state)
{
	struct scene *s = *state;

	assert_ok(read_fact(s,
	    UNB UNH "LIN+1++X:EN'QTY+1:3'PRI+AAA:5'"
		    "LIN+2++Y:EN'QTY+1:7'QTY+21:4'QTY+1:9'PRI+AAA:5'"
		    "LIN+3++Z:EN'QTY+12:7'QTY+21:5'PRI+AAA:5'"
		    "UNS+S'CNT+1:12'CNT+2:3'UNT+19+1'" END));
	assert_int_equal(scene_order(s, 0)->lines[0].quantity_milli, 3000);
	assert_int_equal(scene_order(s, 0)->lines[1].quantity_milli, 4000);
	assert_int_equal(scene_order(s, 0)->lines[2].quantity_milli, 5000);
	assert_int_equal(scene_order(s, 0)->total_minor, 6000);
}

static void
latin1_becomes_utf8_but_rejects_keep_their_bytes(void **state)
{
	struct scene *s = *state;

	assert_ok(
	    read_fact(s, "UNB+UNOC:3+A+B+261120:1030+I1'UNH+1+ORDERS:D:96A:UN'"
			 "BGM+220+\xc4-1+9'CUX+2:EUR:9'LIN+1++X:EN'QTY+21:\xfc'"
			 "PRI+AAA:5'UNS+S'UNT+8+1'UNZ+1+I1'"));
	scene_reject(s, 0, 1, "quantity", "bad amount '\xc3\xbc'");
	assert_true(scene_is(s->item[0].reject.reference, "\xc3\x84-1"));
	assert_true(scene_is(s->item[0].reject.rows[1].bytes,
	    "LIN+1++X:EN'QTY+21:\xfc'PRI+AAA:5'"));
	assert_ok(read_fact(s,
	    UNB "UNH+1+ORDERS:D:96A:UN'BGM+220+\xc4-1+9'UNT+3+1'" END));
	scene_reject(s, 0, 2, "", "bytes that are not UTF-8");
}

static void
functions_place_change_or_cancel(void **state)
{
	struct scene *s = *state;

	assert_ok(read_fact(s, UNB "UNH+1+ORDERS:D:96A:UN'BGM+220+B-1+31'"
				   "CUX+2:EUR:9'" LIN "UNT+7+1'" END));
	scene_reject(s, 0, 2, "purpose", "no pattern of the map fits '31'");
	assert_ok(read_fact(s, UNB "UNH+1+ORDERS:D:96A:UN'BGM+220+B-1'"
				   "CUX+2:EUR:9'" LIN "UNT+7+1'" END));
	assert_int_equal(scene_order(s, 0)->revision.n, 0);
	assert_ok(read_fact(s, UNB "UNH+1+ORDERS:D:96A:UN'BGM+220+B-1+5'"
				   "CUX+2:EUR:9'" LIN "UNT+7+1'" END));
	assert_true(scene_is(scene_order(s, 0)->revision, "20261120T1030"));
	assert_ok(
	    read_fact(s, UNB "UNH+1+ORDCHG:D:96A:UN'BGM+230+C-1+4'"
			     "RFF+ON:B-1'CUX+2:EUR:9'" LIN "UNT+8+1'" END));
	scene_reject(s, 0, 2, "",
	    "a change without a total may be of a part of the order");
	assert_true(scene_is(s->item[0].reject.reference, "B-1"));
	assert_ok(read_fact(s, UNB UNH "UNT+4+1'" END));
	scene_reject(s, 0, 2, "", "an order without lines");
}

static void
a_net_price_has_its_allowances_in_it(void **state)
{
	struct scene *s = *state;

	assert_ok(read_fact(s,
	    UNB UNH LIN "PRI+AAB:6'ALC+A'MOA+23:2'"
			"UNS+S'ALC+C'MOA+8:3'MOA+86:13'UNT+14+1'" END));
	assert_int_equal(scene_order(s, 0)->lines[0].discount_minor, 0);
	assert_int_equal(scene_order(s, 0)->shipping_minor, 300);
	assert_int_equal(scene_order(s, 0)->total_minor, 1300);
	assert_ok(read_fact(s, UNB UNH LIN "MOA+203:10:USD'UNT+8+1'" END));
	scene_reject(s, 0, 5, "",
	    "an amount in another currency than the order's");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_order_of_d96a_is_read),
		TEST(an_order_of_d01b_and_its_change_are_read),
		TEST(figures_that_do_not_hold_end_the_batch),
		TEST(an_envelope_that_does_not_close_ends_the_batch),
		TEST(the_service_string_declares_the_delimiters),
		TEST(pieces_are_what_is_ordered_unless_it_is_said),
		TEST(latin1_becomes_utf8_but_rejects_keep_their_bytes),
		TEST(functions_place_change_or_cancel),
		TEST(a_net_price_has_its_allowances_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
