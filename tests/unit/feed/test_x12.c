#include "scene.h"

#include "feed/edi_read.h"

/* An interchange with one 850; its figures are those of its lines. */
#define ISA                                                                     \
	"ISA*00*          *00*          *01*828513080      *01*001903202U     " \
	"*100817*0850*U*00400*000000245*0*P*>~\n"
#define GS  "GS*PO*BUYER1*US*20100817*0850*245*X*004010~\n"
#define END "GE*1*245~\nIEA*1*000000245~\n"
#define BEG "ST*850*0001~\nBEG*00*SA*P1**20100810~\nCUR*BY*USD~\n"
#define PO1 "PO1*1*5*EA*5.09*UM*BP*0459*VP*V-1~\n"
#define PO2 "PO1*2*2*EA*1.5**UP*012345678905~\n"

static int
read_set(struct scene *s, const char *set)
{
	char text[8192];

	snprintf(text, sizeof(text), ISA GS "%s" END, set);
	assert_ok(om_feed_builtin("x12-850", &s->feed, &err));
	return scene_read(s, text, NULL);
}

static void
holds(struct scene *s, const char *set, const char *why)
{
	om_feed_free(&s->feed);
	assert_int_equal(read_set(s, set), OM_EDATA);
	if (strstr(err.msg, why) == NULL)
		fail_msg("'%s' does not say '%s'", err.msg, why);
}

static void
an_850_is_an_order_with_its_lines(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	assert_ok(read_set(s,
	    BEG "AMT*TT*28.45~\n" PO1 PO2 "CTT*2*7~\nSE*8*0001~\n"));
	o = scene_order(s, 0);
	assert_int_equal(s->count, 1);
	assert_true(scene_is(o->channel, "x12-850"));
	assert_true(scene_is(o->reference, "P1"));
	assert_true(scene_is(o->customer, "BUYER1"));
	assert_int_equal(o->revision.n, 0);
	assert_string_equal(o->currency->code, "USD");
	assert_int_equal(o->placed_at, 1281398400);
	assert_int_equal(o->total_minor, 2845);
	assert_int_equal(o->line_count, 2);
	assert_int_equal(o->lines[0].number, 1);
	assert_true(scene_is(o->lines[0].sku, "V-1"));
	assert_int_equal(o->lines[0].quantity_milli, 5000);
	assert_int_equal(o->lines[0].unit_price_micro, 5090000);
	assert_true(scene_is(o->lines[1].sku, "012345678905"));
	assert_int_equal(o->at.line, 3);
	assert_int_equal(om_reader_rows(s->reader), 2);
	assert_true(scene_is(o->attributes,
	    "{\"type\":\"SA\",\"interchange\":\"000000245/245/0001\"}"));
}

static void
figures_that_do_not_hold_end_the_batch(void **state)
{
	struct scene *s = *state;

	holds(s, BEG "AMT*TT*28.46~\n" PO1 PO2 "CTT*2*7~\nSE*8*0001~\n",
	    "a.csv: line 6, byte 200: AMT*TT says 28.46, the lines make 28.45");
	holds(s, BEG PO1 PO2 "CTT*3*7~\nSE*7*0001~\n",
	    "CTT01 says 3, there are 2 lines");
	holds(s, BEG PO1 PO2 "CTT*2*8~\nSE*7*0001~\n",
	    "CTT02 says 8, the quantities make 7");
	holds(s, BEG PO1 PO2 "CTT*2*7~\nSE*8*0001~\n",
	    "SE01 says 8, there are 7 segments");
	holds(s, BEG PO1 PO2 "CTT*2*7~\nSE*7*0002~\n",
	    "SE02 says control number '0002', ST02 says '0001'");
	holds(s, BEG PO1 "CTT*x~\nSE*6*0001~\n",
	    "CTT01 says 'x', there are 1 lines");
	holds(s, BEG "AMT*TT*1O~\n" PO1 "CTT*1~\nSE*7*0001~\n",
	    "AMT*TT: bad amount '1O'");
}

static void
an_envelope_that_does_not_close_ends_the_batch(void **state)
{
	struct scene *s = *state;

	assert_ok(om_feed_builtin("x12-850", &s->feed, &err));
	assert_int_equal(scene_read(s, ISA GS "GE*1*245~\nIEA*1*245~", NULL),
	    OM_EDATA);
	assert_non_null(
	    strstr(err.msg, "GE01 says 1, there are 0 transaction sets"));
	assert_int_equal(scene_read(s, ISA GS "GE*0*246~\nIEA*1*245~", NULL),
	    OM_EDATA);
	assert_non_null(
	    strstr(err.msg, "GE02 says control number '246', GS06 says '245'"));
	assert_int_equal(scene_read(s, ISA GS "GE*0*245~\nIEA*2*245~", NULL),
	    OM_EDATA);
	assert_non_null(strstr(err.msg, "IEA01 says 2, there are 1 groups"));
	assert_int_equal(scene_read(s, ISA GS "GE*0*245~\nIEA*1*9~", NULL),
	    OM_EDATA);
	assert_non_null(strstr(err.msg,
	    "IEA02 says control number '9', ISA13 says '000000245'"));
	assert_int_equal(scene_read(s, ISA GS "IEA*1*245~", NULL), OM_EDATA);
	assert_non_null(strstr(err.msg, "IEA within a group"));
	assert_int_equal(scene_read(s, ISA GS "GE*0*245~\n", NULL), OM_EDATA);
	assert_non_null(strstr(err.msg, "line 1, byte 0: the interchange has "
					"no IEA: the file is cut short"));
	assert_int_equal(scene_read(s, ISA GS GS, NULL), OM_EDATA);
	assert_non_null(strstr(err.msg, "GS within a group"));
	assert_int_equal(scene_read(s, ISA "N1*BY~", NULL), OM_EDATA);
	assert_non_null(
	    strstr(err.msg, "segment 'N1' outside a transaction set"));
	assert_int_equal(scene_read(s, ISA GS BEG PO1 END, NULL), OM_EDATA);
	assert_non_null(
	    strstr(err.msg, "the transaction set '0001' has no SE"));
	assert_int_equal(scene_read(s, ISA GS BEG "PO1*1*5", NULL), OM_EDATA);
	assert_non_null(strstr(err.msg, "the last segment does not end"));
	assert_int_equal(scene_read(s, ISA GS "ST*810*1~", NULL), OM_EDATA);
	assert_non_null(strstr(err.msg,
	    "transaction set '810': this feed reads 850 and 860"));
}

static void
the_interchange_declares_its_delimiters(void **state)
{
	struct scene *s = *state;

	assert_ok(om_feed_builtin("x12-850", &s->feed, &err));
	assert_ok(scene_read(s,
	    "\xef\xbb\xbfISA|00||00||01|A|01|B|100817|0850|U|00400|1|0|P|:\n"
	    "GS|PO|A|B|100817|0850|1|X|004010\nST|850|1\r\n"
	    "BEG|05|SA|P*1||100810\nCUR|BY|USD\nPO1||1|EA|2||VP|a~b\n"
	    "SE|5|1\nGE|1|1\nIEA|1|1\n\n"
	    "ISA*00**00**01*A*01*B*100817*0850*U*00400*2*0*P*:'"
	    "GS*PO*A*B*100817*0850*2*X*004010'GE*0*2'IEA*1*2'",
	    NULL));
	assert_int_equal(s->count, 1);
	assert_true(scene_is(scene_order(s, 0)->reference, "P*1"));
	assert_true(scene_is(scene_order(s, 0)->lines[0].sku, "a~b"));
	assert_true(scene_is(scene_order(s, 0)->revision, "20100817T0850"));
	assert_int_equal(scene_order(s, 0)->placed_at, 1281398400);
	assert_int_equal(scene_order(s, 0)->at.line, 3);
	assert_int_equal(scene_read(s, "ISA*00*no", NULL), OM_EDATA);
	assert_non_null(strstr(err.msg, "the ISA segment is cut short"));
	assert_int_equal(scene_read(s, "reference,total\n", NULL), OM_EDATA);
	assert_non_null(strstr(err.msg, "an X12 interchange begins with ISA"));
	assert_int_equal(scene_read(s, "ISA*00**00**01*A*01*B*1*0*U*0*2*0*P**~",
			     NULL),
	    OM_EDATA);
	assert_non_null(strstr(err.msg, "declares no usable delimiters"));
	assert_ok(scene_read(s, "", NULL));
	assert_int_equal(s->count, 0);
}

static void
a_bad_line_rejects_its_order_with_its_bytes(void **state)
{
	struct scene *s = *state;
	const struct om_reject *r;

	assert_ok(read_set(s, BEG "PO1*1*5.0001*EA*2**VP*A~\nCTT*1~\n"
				  "SE*6*0001~\n"));
	scene_reject(s, 0, 6, "quantity",
	    "bad amount '5.0001': more than 3 decimals");
	r = &s->item[0].reject;
	assert_int_equal(r->at.offset, 200);
	assert_true(scene_is(r->reference, "P1"));
	assert_int_equal(r->row_count, 3);
	assert_true(scene_is(r->rows[0].bytes,
	    "ST*850*0001~\nBEG*00*SA*P1**20100810~\nCUR*BY*USD~"));
	assert_true(scene_is(r->rows[1].bytes, "PO1*1*5.0001*EA*2**VP*A~"));
	assert_true(scene_is(r->rows[2].bytes, "CTT*1~\nSE*6*0001~"));
}

static void
the_stated_total_of_a_reject_is_known(void **state)
{
	struct scene *s = *state;

	assert_ok(read_set(s, BEG "AMT*TT*10~\nPO1*1*x*EA*2**VP*A~\nCTT*1*5~\n"
				  "SE*7*0001~\n"));
	scene_reject(s, 0, 7, "quantity", "bad amount 'x'");
	assert_int_equal(s->item[0].reject.total_minor, 1000);
	assert_string_equal(s->item[0].reject.currency->code, "USD");
}

static void
a_purpose_places_replaces_or_cancels(void **state)
{
	struct scene *s = *state;

	assert_ok(read_set(s, "ST*850*1~\nBEG*01*SA*P1**20100810~\nSE*3*1~\n"));
	assert_int_equal(scene_order(s, 0)->kind, OM_KIND_CANCEL);
	om_feed_free(&s->feed);
	assert_ok(read_set(s, "ST*850*1~\nBEG*07*SA*P1**20100810~\nCUR*BY*USD~"
			      "\n" PO1 "SE*5*1~\n"));
	scene_reject(s, 0, 3, "purpose", "no pattern of the map fits '07'");
	om_feed_free(&s->feed);
	assert_ok(read_set(s, "ST*850*1~\nBEG*00*RL*P1*7*20100810~\n"
			      "CUR*BY*USD~\n" PO1 "SE*5*1~\n"));
	assert_true(scene_is(scene_order(s, 0)->reference, "P1-7"));
	om_feed_free(&s->feed);
	assert_ok(read_set(s, BEG "SE*4*0001~\n"));
	scene_reject(s, 0, 3, "", "an order without lines");
	om_feed_free(&s->feed);
	assert_ok(read_set(s,
	    "ST*850*1~\nBEG*00*SA*P1**20100810~\n" PO1 "SE*4*1~\n"));
	scene_reject(s, 0, 3, "currency", "no currency");
}

#define BCH(purpose, sequence)                                                 \
	"ST*860*0001~\nBCH*" purpose "*SA*P1**" sequence "*20100810~\n"        \
	"CUR*BY*USD~\n"
#define POC(kind) "POC*1*" kind "*5**EA*5.09**VP*V-1~\n"

static void
an_860_restates_the_order_at_a_revision(void **state)
{
	struct scene *s = *state;

	assert_ok(read_set(s,
	    BCH("05", "12") POC(
		"CA") "POC*2*DI*1**EA*2**VP*gone~\nCTT*2*6~\nSE*7*0001~\n"));
	assert_true(scene_is(scene_order(s, 0)->revision, "0000000012"));
	assert_int_equal(scene_order(s, 0)->total_minor, 2545);
	assert_int_equal(scene_order(s, 0)->line_count, 1);
	om_feed_free(&s->feed);
	assert_ok(read_set(s,
	    BCH("04", "") "AMT*TT*25.45~\n" POC("CA") "SE*6*0001~\n"));
	assert_true(scene_is(scene_order(s, 0)->revision, "20100817T0850"));
	om_feed_free(&s->feed);
	assert_ok(read_set(s, BCH("01", "2") "SE*4*0001~\n"));
	assert_int_equal(scene_order(s, 0)->kind, OM_KIND_CANCEL);
}

static void
a_change_of_a_part_of_the_order_is_a_reject(void **state)
{
	struct scene *s = *state;

	assert_ok(read_set(s, BCH("04", "1") POC("CA") "SE*5*0001~\n"));
	scene_reject(s, 0, 3, "",
	    "a change without a total may be of a part of the order");
	om_feed_free(&s->feed);
	assert_ok(read_set(s,
	    BCH("04", "1") "AMT*TT*99~\n" POC("CA") "SE*6*0001~\n"));
	scene_reject(s, 0, 3, "",
	    "the change is not of the whole order: line 6, byte 202: AMT*TT "
	    "says 99.00, the lines make 25.45");
	om_feed_free(&s->feed);
	assert_ok(read_set(s, BCH("05", "1") POC("QI") "SE*5*0001~\n"));
	scene_reject(s, 0, 6, "",
	    "a change of the quantity (QI, QD), not the quantity");
}

static void
allowances_charges_and_taxes_are_in_the_total(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	assert_ok(read_set(s, BEG PO1
	    "SAC*A*C310***45~\nSAC*C*D240***20~\nTXI*ST*1.1~\n"
	    "CTT*1*5~\nSAC*A*C310***100~\nSAC*C*D240***7.5~\nTXI*LS*.55~\n"
	    "SAC*N*C310***9~\nAMT*TT*32.25~\nSE*14*0001~\n"));
	o = scene_order(s, 0);
	assert_int_equal(o->lines[0].discount_minor, 25);
	assert_int_equal(o->lines[0].tax_minor, 110);
	assert_int_equal(o->subtotal_minor, 2520);
	assert_int_equal(o->discount_minor, 100);
	assert_int_equal(o->shipping_minor, 750);
	assert_int_equal(o->tax_minor, 55);
	assert_false(o->tax_included);
	assert_int_equal(o->total_minor, 3225);
}

static void
a_total_that_is_reached_without_the_tax_includes_it(void **state)
{
	struct scene *s = *state;

	assert_ok(
	    read_set(s, BEG "TXI*VA*4~\nAMT*TT*25.45~\n" PO1 "SE*7*0001~\n"));
	assert_true(scene_order(s, 0)->tax_included);
	assert_int_equal(scene_order(s, 0)->total_minor, 2545);
	om_feed_free(&s->feed);
	assert_ok(
	    read_set(s, BEG "TXI*VA*4~\nAMT*TT*29.45~\n" PO1 "SE*7*0001~\n"));
	assert_false(scene_order(s, 0)->tax_included);
	assert_int_equal(scene_order(s, 0)->total_minor, 2945);
	holds(s, BEG "TXI*VA*4~\nAMT*TT*25.44~\n" PO1 "SE*7*0001~\n",
	    "AMT*TT says 25.44, the lines, allowances, charges and taxes make "
	    "25.45");
}

static void
a_price_for_many_is_divided_exactly(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	assert_ok(read_set(s, BEG "PO1*1*7*EA*10*PD*VP*A~\n"
				  "PO1*2*3000*EA*1.25*TP*VP*B~\n"
				  "AMT*TT*9.58~\nSE*7*0001~\n"));
	o = scene_order(s, 0);
	assert_int_equal(o->lines[0].unit_price_micro, 833333);
	assert_int_equal(o->lines[0].total_minor, 583);
	assert_int_equal(o->lines[1].unit_price_micro, 1250);
	assert_int_equal(o->lines[1].total_minor, 375);
	om_feed_free(&s->feed);
	assert_ok(read_set(s, BEG "PO1*1*7*EA*x*HP*VP*A~\nSE*5*0001~\n"));
	scene_reject(s, 0, 6, "", "bad price, price basis or quantity");
}

static void
a_hash_total_may_leave_out_the_points(void **state)
{
	struct scene *s = *state;

	assert_ok(read_set(s, BEG "PO1*1*1.5*EA*2**VP*A~\nPO1*2*2*EA*2**VP*B~\n"
				  "CTT*2*17~\nSE*7*0001~\n"));
	assert_int_equal(s->count, 1);
	om_feed_free(&s->feed);
	assert_ok(read_set(s, BEG "PO1*1*1.5*EA*2**VP*A~\nPO1*2*2*EA*2**VP*B~\n"
				  "CTT*2*3.5~\nSE*7*0001~\n"));
	assert_int_equal(s->count, 1);
	holds(s,
	    BEG "PO1*1*1.5*EA*2**VP*A~\nPO1*2*2*EA*2**VP*B~\n"
		"CTT*2*35~\nSE*7*0001~\n",
	    "CTT02 says 35, the quantities make 3.5");
}

static void
the_buyer_comes_before_other_parties(void **state)
{
	struct scene *s = *state;

	assert_ok(read_set(s, BEG "N1*BT*Bill*92*B2~\nN1*BY*Buyer*92*B1~\n"
				  "N1*SO*Sold*92*B3~\nN1*ST*Dock 5~\n" PO1
				  "N1*BY*Line*92*L1~\nSE*10*0001~\n"));
	assert_true(scene_is(scene_order(s, 0)->customer, "B1"));
	assert_non_null(
	    strstr(scene_order(s, 0)->attributes.p, "\"ship_to\":\"Dock 5\""));
}

static void
bytes_that_are_no_text_reject_the_order(void **state)
{
	struct scene *s = *state;

	assert_ok(read_set(s, BEG "PO1*1*1*EA*2**VP*A\xe9~\nSE*5*0001~\n"));
	scene_reject(s, 0, 6, "", "bytes that are not UTF-8");
	assert_int_equal(s->item[0].reject.at.offset, 218);
}

/* ISA and GS, and then bytes that one makes up. */
static int
read_long(struct scene *s, char fill, size_t n, const char *rest)
{
	size_t head = strlen(ISA GS "ST*850*1~");
	char *text = malloc(head + n + strlen(rest) + 1);
	int rc;

	assert_non_null(text);
	strcpy(text, ISA GS "ST*850*1~");
	memset(text + head, fill, n);
	strcpy(text + head + n, rest);
	rc = scene_read(s, text, NULL);
	free(text);
	return rc;
}

static void
segments_and_elements_have_maxima(void **state)
{
	struct scene *s = *state;

	assert_ok(om_feed_builtin("x12-850", &s->feed, &err));
	assert_int_equal(read_long(s, 'x', OM_EDI_SEGMENT_MAX, "~SE*3*2~" END),
	    OM_EDATA);
	assert_non_null(strstr(err.msg, "SE02 says"));
	assert_int_equal(read_long(s, 'x', OM_EDI_SEGMENT_MAX + 1, "~SE*3*2~"),
	    OM_ELIMIT);
	assert_non_null(
	    strstr(err.msg, "a segment of more than 1048576 bytes"));
	assert_int_equal(read_long(s, '*', OM_EDI_ELEMENTS_MAX - 1, "~SE*3*2~"),
	    OM_EDATA);
	assert_non_null(strstr(err.msg, "SE02 says"));
	assert_int_equal(read_long(s, '*', OM_EDI_ELEMENTS_MAX, "~SE*3*2~"),
	    OM_ELIMIT);
	assert_non_null(strstr(err.msg, "a segment of more than 127 elements"));
}

static void
a_document_wants_no_options_of_rows(void **state)
{
	struct scene *s = *state;

	assert_int_equal(scene_map(s, "profile: x12-850\nshape: orders\n"),
	    OM_EUSAGE);
	assert_non_null(strstr(err.msg, "a document needs 'shape: lines'"));
	assert_int_equal(scene_map(s, "profile: x12-850\nheader: false\n"),
	    OM_EUSAGE);
	assert_non_null(strstr(err.msg, "a document has no 'header'"));
	assert_int_equal(scene_map(s, "profile: x12-850\nskip: 2\n"),
	    OM_EUSAGE);
	assert_int_equal(scene_map(s, "profile: x12-850\nfields: 2\n"),
	    OM_EUSAGE);
	assert_ok(scene_map(s, "profile: x12-850\ncurrency: EUR\n"
			       "channel: shop\n"));
	assert_ok(scene_read(s,
	    ISA GS "ST*850*1~BEG*00*SA*P1**20100810~" PO1 "SE*4*1~" END, NULL));
	assert_string_equal(scene_order(s, 0)->currency->code, "EUR");
	assert_true(scene_is(scene_order(s, 0)->channel, "shop"));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_850_is_an_order_with_its_lines),
		TEST(figures_that_do_not_hold_end_the_batch),
		TEST(an_envelope_that_does_not_close_ends_the_batch),
		TEST(the_interchange_declares_its_delimiters),
		TEST(a_bad_line_rejects_its_order_with_its_bytes),
		TEST(the_stated_total_of_a_reject_is_known),
		TEST(a_purpose_places_replaces_or_cancels),
		TEST(an_860_restates_the_order_at_a_revision),
		TEST(a_change_of_a_part_of_the_order_is_a_reject),
		TEST(allowances_charges_and_taxes_are_in_the_total),
		TEST(a_total_that_is_reached_without_the_tax_includes_it),
		TEST(a_price_for_many_is_divided_exactly),
		TEST(a_hash_total_may_leave_out_the_points),
		TEST(the_buyer_comes_before_other_parties),
		TEST(bytes_that_are_no_text_reject_the_order),
		TEST(segments_and_elements_have_maxima),
		TEST(a_document_wants_no_options_of_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
