#include "scene.h"

#define NS(name)                                                               \
	"<" name " xmlns='urn:oasis:names:specification:ubl:schema:xsd:" name  \
	"-2' xmlns:a='urn:oasis:names:specification:ubl:schema:xsd:"           \
	"CommonAggregateComponents-2' xmlns:b='urn:oasis:names:specification:" \
	"ubl:schema:xsd:CommonBasicComponents-2'>"
#define HEAD                                                                   \
	"<b:ID>O-1</b:ID><b:IssueDate>2026-11-20</b:IssueDate>"                \
	"<b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>"
#define BUYER                                                                  \
	"<a:BuyerCustomerParty><a:Party><a:PartyName><b:Name>Rosa &amp; "      \
	"Co</b:Name></a:PartyName></a:Party></a:BuyerCustomerParty>"
#define LINE(id, quantity, amount, price)                                      \
	"\n<a:OrderLine><a:LineItem><b:ID>" id "</b:ID><b:Quantity>" quantity  \
	"</b:Quantity><b:LineExtensionAmount currencyID='EUR'>" amount         \
	"</b:LineExtensionAmount>" price                                       \
	"<a:Item><a:SellersItemIdentification><b:ID>S-" id                     \
	"</b:ID></a:SellersItemIdentification></a:Item></a:LineItem>"          \
	"</a:OrderLine>"
#define PRICE(n)                                                               \
	"<a:Price><b:PriceAmount currencyID='EUR'>" n                          \
	"</b:PriceAmount></a:Price>"
#define TOTALS(lines, rest)                                                    \
	"<a:AnticipatedMonetaryTotal><b:LineExtensionAmount>" lines            \
	"</b:LineExtensionAmount>" rest "</a:AnticipatedMonetaryTotal>"
#define PAYABLE(n) "<b:PayableAmount>" n "</b:PayableAmount>"

static int
read_ubl(struct scene *s, const char *text)
{
	om_feed_free(&s->feed);
	assert_ok(om_feed_builtin("ubl-order", &s->feed, &err));
	return scene_read(s, text, NULL);
}

static void
holds(struct scene *s, const char *text, const char *why)
{
	assert_int_equal(read_ubl(s, text), OM_EDATA);
	if (strstr(err.msg, why) == NULL)
		fail_msg("'%s' does not say '%s'", err.msg, why);
}

static void
an_order_has_its_lines_and_places(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	assert_ok(read_ubl(s, "<?xml version='1.0'?>\n" NS("Order") HEAD
	    "<b:LineCountNumeric>2</b:LineCountNumeric>" BUYER TOTALS("11.5",
		PAYABLE("11.5")) LINE("1", "2", "10", PRICE("5"))
		LINE("B", ".5", "1.50", PRICE("3")) "</Order>"));
	assert_int_equal(s->count, 1);
	o = scene_order(s, 0);
	assert_true(scene_is(o->reference, "O-1"));
	assert_true(scene_is(o->customer, "Rosa & Co"));
	assert_int_equal(o->placed_at, 1795132800);
	assert_int_equal(o->total_minor, 1150);
	assert_int_equal(o->line_count, 2);
	assert_true(scene_is(o->lines[0].sku, "S-1"));
	assert_int_equal(o->lines[0].quantity_milli, 2000);
	assert_int_equal(o->lines[0].unit_price_micro, 5000000);
	assert_int_equal(o->lines[1].number, 2);
	assert_int_equal(o->lines[1].quantity_milli, 500);
	assert_int_equal(o->at.line, 2);
	assert_int_equal(o->at.offset, 22);
}

static void
totals_that_do_not_hold_end_the_batch(void **state)
{
	struct scene *s = *state;

	holds(s,
	    NS("Order") HEAD TOTALS("10.01", "")
		LINE("1", "2", "10", PRICE("5")) "</Order>",
	    "LineExtensionAmount says 10.01, the lines make 10.00");
	holds(s,
	    NS("Order") HEAD TOTALS("10", PAYABLE("9.99"))
		LINE("1", "2", "10", PRICE("5")) "</Order>",
	    "PayableAmount says 9.99, the lines make 10.00");
	holds(s,
	    NS("Order") HEAD
	    "<b:LineCountNumeric>2</b:LineCountNumeric>" LINE("1", "2", "10",
		PRICE("5")) "</Order>",
	    "LineCountNumeric says 2, there are 1 lines");
	holds(s,
	    NS("Order") HEAD
	    "<a:AllowanceCharge><b:ChargeIndicator>false"
	    "</b:ChargeIndicator><b:Amount>1</b:Amount></a:AllowanceCharge>" TOTALS(
		"10", "<b:AllowanceTotalAmount>2"
		      "</b:AllowanceTotalAmount>")
		LINE("1", "2", "10", PRICE("5")) "</Order>",
	    "AllowanceTotalAmount says 2.00, the allowances make 1.00");
	holds(s,
	    NS("Order") HEAD TOTALS("10", PAYABLE("ten"))
		LINE("1", "2", "10", PRICE("5")) "</Order>",
	    "PayableAmount: bad amount 'ten'");
}

#define TAXED                                                                  \
	"<a:AllowanceCharge><b:ChargeIndicator>true</b:ChargeIndicator>"       \
	"<b:Amount>3</b:Amount></a:AllowanceCharge>"                           \
	"<a:AllowanceCharge><b:ChargeIndicator>false</b:ChargeIndicator>"      \
	"<b:Amount>1</b:Amount></a:AllowanceCharge>"                           \
	"<a:TaxTotal><b:TaxAmount>2.4</b:TaxAmount></a:TaxTotal>"

static void
every_total_follows_from_the_order(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	assert_ok(
	    read_ubl(s, NS("Order") HEAD TAXED TOTALS("10",
			    "<b:TaxExclusiveAmount>12</b:TaxExclusiveAmount>"
			    "<b:TaxInclusiveAmount>14.4</b:TaxInclusiveAmount>"
			    "<b:PrepaidAmount>4</b:PrepaidAmount>"
			    "<b:PayableRoundingAmount>-0.4"
			    "</b:PayableRoundingAmount>" PAYABLE("10"))
			    LINE("1", "2", "10", PRICE("5")) "</Order>"));
	o = scene_order(s, 0);
	assert_int_equal(o->discount_minor, 100);
	assert_int_equal(o->shipping_minor, 300);
	assert_int_equal(o->tax_minor, 240);
	assert_false(o->tax_included);
	assert_int_equal(o->total_minor, 1440);
	assert_ok(read_ubl(s, NS("Order") HEAD TAXED TOTALS("10", PAYABLE("12"))
				  LINE("1", "2", "10", PRICE("5")) "</Order>"));
	assert_true(scene_order(s, 0)->tax_included);
	assert_int_equal(scene_order(s, 0)->total_minor, 1200);
}

static void
a_bad_line_rejects_its_order_with_its_bytes(void **state)
{
	struct scene *s = *state;
	const struct om_reject *r;

	assert_ok(read_ubl(s, NS("Order") HEAD TOTALS("11", PAYABLE("11"))
				  LINE("1", "2", "11", PRICE("5")) "</Order>"));
	scene_reject(s, 0, 2, "line_total",
	    "line_total 11.00 but price and discount make 10.00");
	r = &s->item[0].reject;
	assert_true(scene_is(r->reference, "O-1"));
	assert_int_equal(r->total_minor, 1100);
	assert_int_equal(r->row_count, 3);
	assert_memory_equal(r->rows[0].bytes.p, "<Order xmlns", 12);
	assert_memory_equal(r->rows[1].bytes.p, "<a:OrderLine>", 13);
	assert_true(scene_is(r->rows[2].bytes, "</Order>"));
	assert_ok(read_ubl(s, NS("Order") HEAD "</Order>"));
	scene_reject(s, 0, 1, "", "an order without lines");
}

static void
a_base_quantity_divides_the_price_exactly(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	assert_ok(read_ubl(s,
	    NS("Order") HEAD TOTALS("33333.33", "") LINE("1", "10000",
		"33333.33",
		"<a:Price><b:PriceAmount>10</b:PriceAmount><b:BaseQuantity>3"
		"</b:BaseQuantity></a:Price>") "</Order>"));
	o = scene_order(s, 0);
	assert_int_equal(o->lines[0].unit_price_micro, 3333333);
	assert_int_equal(o->total_minor, 3333333);
}

static void
line_allowances_are_taken_off(void **state)
{
	struct scene *s = *state;

	assert_ok(read_ubl(s,
	    NS("Order") HEAD TOTALS("9.5", PAYABLE("9.50"))
		LINE("1", "2", "9.5",
		    "<b:TotalTaxAmount>0</b:TotalTaxAmount><a:AllowanceCharge>"
		    "<b:ChargeIndicator>false</b:ChargeIndicator><b:Amount>.75"
		    "</b:Amount></a:AllowanceCharge><a:AllowanceCharge>"
		    "<b:ChargeIndicator>true</b:ChargeIndicator><b:Amount>.25"
		    "</b:Amount></a:AllowanceCharge>" PRICE("5")) "</Order>"));
	assert_int_equal(scene_order(s, 0)->lines[0].discount_minor, 50);
	assert_int_equal(scene_order(s, 0)->total_minor, 950);
}

static void
other_currencies_are_not_mixed_in(void **state)
{
	struct scene *s = *state;

	assert_ok(read_ubl(s,
	    NS("Order") HEAD LINE("1", "2", "10",
		"<a:Price><b:PriceAmount currencyID='SEK'>5</b:PriceAmount>"
		"</a:Price>") "</Order>"));
	scene_reject(s, 0, 2, "",
	    "an amount in another currency than the order's");
	assert_ok(read_ubl(s, NS("Order") "<b:ID>1</b:ID>" LINE("1", "2", "10",
				  PRICE("5")) "</Order>"));
	assert_string_equal(scene_order(s, 0)->currency->code, "EUR");
}

#define CHANGE                                                                 \
	"<b:ID>C-1</b:ID><b:SequenceNumberID>2</b:SequenceNumberID>"           \
	"<b:IssueDate>2026-11-21</b:IssueDate><b:IssueTime>10:00:00+01:00"     \
	"</b:IssueTime><a:OrderReference><b:ID>O-1</b:ID></a:OrderReference>"

static void
a_change_restates_the_order_at_a_revision(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	assert_ok(read_ubl(s,
	    NS("OrderChange") CHANGE TOTALS("10", "")
		LINE("1", "2", "10", PRICE("5")) LINE("2", "1", "7",
		    "<b:LineStatusCode>Cancelled</b:LineStatusCode>" PRICE(
			"7")) "</OrderChange>"));
	o = scene_order(s, 0);
	assert_true(scene_is(o->reference, "O-1"));
	assert_true(scene_is(o->revision, "0000000002"));
	assert_int_equal(o->placed_at, 1795251600);
	assert_int_equal(o->line_count, 1);
	assert_ok(read_ubl(s, NS("OrderChange") CHANGE LINE("1", "2", "10",
				  PRICE("5")) "</OrderChange>"));
	scene_reject(s, 0, 1, "",
	    "a change without a total may be of a part of the order");
}

static void
a_cancellation_names_one_order(void **state)
{
	struct scene *s = *state;

	assert_ok(
	    read_ubl(s, NS("OrderCancellation") CHANGE "</OrderCancellation>"));
	assert_int_equal(scene_order(s, 0)->kind, OM_KIND_CANCEL);
	assert_true(scene_is(scene_order(s, 0)->reference, "O-1"));
	assert_ok(read_ubl(s, NS("OrderCancellation") CHANGE
	    "<a:OrderReference><b:ID>O-2</b:ID></a:OrderReference>"
	    "</OrderCancellation>"));
	scene_reject(s, 0, 1, "", "more than one order");
}

static void
documents_may_stand_in_an_envelope(void **state)
{
	struct scene *s = *state;

	assert_ok(
	    read_ubl(s, "<batch>" NS("Order") HEAD LINE("1", "2", "10",
			    PRICE("5")) "</Order>\n" NS("OrderCancellation")
			    CHANGE "</OrderCancellation></batch>"));
	assert_int_equal(s->count, 2);
	assert_int_equal(scene_order(s, 0)->kind, OM_KIND_ORDER);
	assert_int_equal(scene_order(s, 1)->kind, OM_KIND_CANCEL);
	holds(s, "<Order><ID>1</ID></Order>",
	    "no Order, OrderChange or OrderCancellation of UBL 2, but 'Order'");
	holds(s, NS("Order") HEAD, "no element found");
	holds(s, "<!DOCTYPE Order><Order/>", "a document type declaration");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_order_has_its_lines_and_places),
		TEST(totals_that_do_not_hold_end_the_batch),
		TEST(every_total_follows_from_the_order),
		TEST(a_bad_line_rejects_its_order_with_its_bytes),
		TEST(a_base_quantity_divides_the_price_exactly),
		TEST(line_allowances_are_taken_off),
		TEST(other_currencies_are_not_mixed_in),
		TEST(a_change_restates_the_order_at_a_revision),
		TEST(a_cancellation_names_one_order),
		TEST(documents_may_stand_in_an_envelope),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
