/* Every record byte for byte, and that no column of a row is left out. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "audit/leaf.h"

/* For initializers of static data. */
#define S(literal)                                                             \
	{                                                                      \
		(literal), sizeof(literal) - 1                                 \
	}

static struct om_line some_lines[2] = {
	{ 1, S("SKU-1"), 1000, 12500000, 0, 0, 1250 },
	{ 2, S(""), -2000, 1, 2, 3, INT64_MIN },
};

static struct om_order
some_order(void)
{
	static const struct om_currency eur = { "EUR", 2, 978 };

	return (struct om_order){
		.channel = OM_STR("web"),
		.reference = OM_STR("A1"),
		.revision = OM_STR("2"),
		.customer = OM_STR("c"),
		.attributes = OM_STR("{}"),
		.currency = &eur,
		.kind = OM_KIND_ORDER,
		.placed_at = 1,
		.subtotal_minor = 2,
		.discount_minor = 3,
		.shipping_minor = 4,
		.tax_minor = 5,
		.total_minor = 6,
		.lines = some_lines,
		.line_count = 2,
	};
}

static const struct om_taken some_taken = { 7, 8, 9 };

#define I(n) "\0\0\0\0\0\0\0" n

static void
an_order_is_these_bytes(void **state)
{
	static const char want[] =
	    "\0\0\0\x0f"
	    "ordmill/order/1" I(
		"\0") "\0\0\0\3web"
		      "\0\0\0\2"
		      "A1"
		      "\0\0\0\1"
		      "2"
		      "\0\0\0\1"
		      "c" I(
			  "\1") "\0\0\0\3"
				"EUR" I("\0") I("\2") I("\3") I("\4") I("\5") I(
				    "\6") "\0\0\0\2{}" I("\x8") I("\7") I("\x9")
				    I("\2") I(
					"\1") "\0\0\0\5SKU-1"
					      "\0\0\0\0\0\0\x3\xe8"
					      "\0\0\0\0\0\xbe\xbc\x20" I("\0")
						  I("\0") "\0\0\0\0\0\0\x4\xe2" I(
						      "\2") "\0\0\0\0"
							    "\xff\xff\xff\xff\xff\xff\xf8\x30" I(
								"\1") I("\2")
								I("\3") "\x80\0\0\0\0\0\0\0";
	struct om_order o = some_order();
	struct om_buf buf;

	(void)state;
	om_buf_init(&buf, 1000);
	om_leaf_order(&buf, &o, &some_taken);
	assert_int_equal(buf.n, sizeof(want) - 1);
	assert_memory_equal(buf.p, want, buf.n);
	om_buf_fini(&buf);
}

static void
a_cancellation_without_a_currency_has_a_record(void **state)
{
	struct om_order o = { .channel = OM_STR("web"),
		.reference = OM_STR("A1"),
		.kind = OM_KIND_CANCEL };
	struct om_buf buf;

	(void)state;
	om_buf_init(&buf, 1000);
	om_leaf_order(&buf, &o, &some_taken);
	assert_int_equal(buf.n, 4 + 15 + 7 + 6 + 4 * 4 + 12 * 8);
	assert_int_equal(buf.p[4 + 15 + 7], OM_KIND_CANCEL);
	om_buf_fini(&buf);
}

/* Record a, with one thing changed, differs from the record without. */
static void
assert_differs(const struct om_buf *plain, const struct om_order *o,
    const struct om_taken *taken)
{
	struct om_buf buf;

	om_buf_init(&buf, 1000);
	om_leaf_order(&buf, o, taken);
	assert_false(om_str_eq(om_buf_view(&buf), om_buf_view(plain)));
	om_buf_fini(&buf);
}

static void
every_fact_of_an_order_counts(void **state)
{
	static const struct om_currency usd = { "USD", 2, 840 };
	struct om_order plain_order = some_order();
	struct om_taken t;
	struct om_buf plain;

	(void)state;
	om_buf_init(&plain, 1000);
	om_leaf_order(&plain, &plain_order, &some_taken);
#define CHANGED(change)                                                        \
	do {                                                                   \
		struct om_order o = some_order();                              \
		change;                                                        \
		assert_differs(&plain, &o, &some_taken);                       \
	} while (0)
	CHANGED(o.channel = OM_STR("wea"));
	CHANGED(o.reference = OM_STR("A2"));
	CHANGED((o.channel = OM_STR("webA"), o.reference = OM_STR("1")));
	CHANGED(o.revision = OM_STR(""));
	CHANGED(o.customer = OM_STR("d"));
	CHANGED(o.attributes = OM_STR("{ }"));
	CHANGED(o.currency = &usd);
	CHANGED(o.currency = NULL);
	CHANGED(o.kind = OM_KIND_CANCEL);
	CHANGED(o.tax_included = true);
	CHANGED(o.placed_at++);
	CHANGED(o.subtotal_minor++);
	CHANGED(o.discount_minor++);
	CHANGED(o.shipping_minor++);
	CHANGED(o.tax_minor++);
	CHANGED(o.total_minor++);
	CHANGED(o.line_count--);
	t = some_taken;
	t.batch++;
	assert_differs(&plain, &plain_order, &t);
	t = some_taken;
	t.prev_id++;
	assert_differs(&plain, &plain_order, &t);
	t = some_taken;
	t.source_line++;
	assert_differs(&plain, &plain_order, &t);
	om_buf_fini(&plain);
}

static void
every_fact_of_a_line_counts(void **state)
{
	struct om_order o = some_order();
	struct om_line saved = some_lines[1];
	struct om_buf plain;

	(void)state;
	om_buf_init(&plain, 1000);
	om_leaf_order(&plain, &o, &some_taken);
#define LINE(change)                                                           \
	do {                                                                   \
		some_lines[1].change;                                          \
		assert_differs(&plain, &o, &some_taken);                       \
		some_lines[1] = saved;                                         \
	} while (0)
	LINE(number++);
	LINE(sku = OM_STR("x"));
	LINE(quantity_milli++);
	LINE(unit_price_micro++);
	LINE(discount_minor++);
	LINE(tax_minor++);
	LINE(total_minor++);
	om_buf_fini(&plain);
}

static void
a_payment_is_these_bytes(void **state)
{
	static const char want[] =
	    "\0\0\0\x11"
	    "ordmill/payment/1\0\0\0\3web\0\0\0\2"
	    "A1\0\0\0\1p\0\0\0\3"
	    "EUR\xff\xff\xff\xff\xff\xff\xff\xff" I("\2") I("\3") I("\4");
	struct om_paid paid = { OM_STR("web"), OM_STR("A1"), OM_STR("p"),
		OM_STR("EUR"), -1, 2, 3, 4 };
	struct om_buf buf;

	(void)state;
	om_buf_init(&buf, 1000);
	om_leaf_payment(&buf, &paid);
	assert_int_equal(buf.n, sizeof(want) - 1);
	assert_memory_equal(buf.p, want, buf.n);
	om_buf_fini(&buf);
}

static void
an_event_is_these_bytes(void **state)
{
	static const char want[] =
	    "\0\0\0\x0f"
	    "ordmill/event/1" I("\1") I("\2") I("\3") "\0\0\0\6settle" I("\4")
		I("\5") I("\6") I("\7") "\0\0\0\3why";
	struct om_event e = { 1, 2, 3, OM_STR("settle"), 4, 5, 6, 7,
		OM_STR("why") };
	struct om_buf buf;

	(void)state;
	om_buf_init(&buf, 1000);
	om_leaf_event(&buf, &e);
	assert_int_equal(buf.n, sizeof(want) - 1);
	assert_memory_equal(buf.p, want, buf.n);
	om_buf_fini(&buf);
}

static void
a_record_that_does_not_fit_is_dropped_whole(void **state)
{
	struct om_order o = some_order();
	struct om_buf buf;
	size_t n;

	(void)state;
	om_buf_init(&buf, 1000);
	om_leaf_order(&buf, &o, &some_taken);
	n = buf.n;
	om_buf_fini(&buf);
	om_buf_init(&buf, n);
	om_leaf_order(&buf, &o, &some_taken);
	assert_false(om_buf_over(&buf));
	om_buf_fini(&buf);
	om_buf_init(&buf, n - 1);
	om_leaf_order(&buf, &o, &some_taken);
	assert_true(om_buf_over(&buf));
	assert_int_equal(buf.n, 0);
	om_buf_fini(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_order_is_these_bytes),
		cmocka_unit_test(
		    a_cancellation_without_a_currency_has_a_record),
		cmocka_unit_test(every_fact_of_an_order_counts),
		cmocka_unit_test(every_fact_of_a_line_counts),
		cmocka_unit_test(a_payment_is_these_bytes),
		cmocka_unit_test(an_event_is_these_bytes),
		cmocka_unit_test(a_record_that_does_not_fit_is_dropped_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
