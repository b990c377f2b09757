#include "scene.h"

/* The figures are those of the corpus's own README. */
#define SHOPIFY "shopify/orders_export_pseudonymised.csv"

static char path[2][512];

static bool
corpus(const char *a, const char *b)
{
	const char *dir = getenv("ORDMILL_CORPUS");

	if (dir == NULL)
		return false;
	snprintf(path[0], sizeof(path[0]), "%s/%s", dir, a);
	snprintf(path[1], sizeof(path[1]), "%s/%s", dir, b == NULL ? a : b);
	return true;
}

struct sums {
	uint64_t orders;
	uint64_t cancels;
	uint64_t cancelled;
	uint64_t lines;
	uint64_t rejects;
	uint64_t rows;
	uint64_t hash;
	int64_t total;
	int64_t discount;
	int64_t tax;
	int64_t gross;
	int64_t quantity;
};

/* Read it all, keeping sums only. */
static struct sums
sum(struct scene *s, const char *feed, unsigned paths, size_t budget)
{
	const char *const names[] = { path[0], path[1] };
	struct sums t = { 0 };
	struct om_item *item = s->item;
	int rc;

	om_feed_free(&s->feed);
	om_reader_close(&s->reader);
	assert_ok(om_feed_builtin(feed, &s->feed, &err));
	assert_ok(om_reader_open(s->feed, names, paths, budget, NULL,
	    &s->reader, &err));
	while ((rc = om_reader_next(s->reader, &s->arena, item, &err)) == 1) {
		const struct om_order *o = &item->order;

		if (item->kind == OM_ITEM_REJECT) {
			print_error("%s\n", item->reject.reason);
			t.rejects++;
			continue;
		}
		t.orders += o->kind == OM_KIND_ORDER;
		t.cancels += o->kind == OM_KIND_CANCEL;
		t.cancelled += o->kind == OM_KIND_CANCELLED;
		t.lines += o->line_count;
		t.hash += o->hash;
		t.total += o->total_minor;
		t.discount += o->discount_minor;
		t.tax += o->tax_minor;
		for (uint32_t i = 0; i < o->line_count; i++) {
			t.quantity += o->lines[i].quantity_milli;
			t.gross += o->lines[i].total_minor +
				   o->lines[i].discount_minor;
		}
		if ((t.orders + t.cancels) % 1000 == 0)
			om_arena_clear(&s->arena);
	}
	assert_ok(rc);
	t.rows = om_reader_rows(s->reader);
	return t;
}

static void
every_tpch_order_follows_from_its_lines(void **state)
{
	struct scene *s = *state;
	struct sums all;
	struct sums spilled;

	if (!corpus("tpch-sf0.1/orders.tbl.gz", "tpch-sf0.1/lineitem.tbl.gz"))
		skip();
	all = sum(s, "tpch", 2, (size_t)1 << 30);
	assert_int_equal(all.rejects, 0);
	assert_int_equal(all.orders, 150000);
	assert_int_equal(all.lines, 600572);
	assert_int_equal(all.rows, 750572);
	assert_int_equal(all.total, 2135659603063);
	assert_int_equal(all.gross, 2161592928024);
	assert_int_equal(all.quantity, 15334802000);
	spilled = sum(s, "tpch", 2, (size_t)4 << 20);
	assert_memory_equal(&spilled, &all, sizeof(all));
}

static void
tpch_refresh_sets_bring_150_orders_each(void **state)
{
	struct scene *s = *state;
	struct sums t;

	for (int i = 1; i <= 2; i++) {
		char orders[64];
		char lines[64];

		snprintf(orders, sizeof(orders), "tpch-sf0.1/orders.tbl.u%d",
		    i);
		snprintf(lines, sizeof(lines), "tpch-sf0.1/lineitem.tbl.u%d",
		    i);
		if (!corpus(orders, lines))
			skip();
		t = sum(s, "tpch", 2, (size_t)64 << 20);
		assert_int_equal(t.orders, 150);
		assert_int_equal(t.rejects, 0);
	}
}

static void
tpch_delete_keys_are_cancellations(void **state)
{
	struct scene *s = *state;
	struct sums t;

	if (!corpus("tpch-sf0.1/delete.1", NULL))
		skip();
	t = sum(s, "tpch-delete", 1, 0);
	assert_int_equal(t.cancels, 150);
	assert_int_equal(t.orders + t.rejects, 0);
	assert_int_equal(t.total, 0);
}

static void
tpch_files_in_the_wrong_order_are_noticed(void **state)
{
	struct scene *s = *state;
	const char *const names[] = { path[0], path[1] };

	if (!corpus("tpch-sf0.1/lineitem.tbl.u1", "tpch-sf0.1/orders.tbl.u1"))
		skip();
	assert_ok(om_feed_builtin("tpch", &s->feed, &err));
	assert_fails(om_reader_open(s->feed, names, 2, 0, NULL, &s->reader,
			 &err),
	    OM_EDATA);
	assert_non_null(strstr(err.msg, "name the orders first"));
}

static void
shopify_orders_add_up(void **state)
{
	struct scene *s = *state;
	struct sums t;

	if (!corpus(SHOPIFY, NULL))
		skip();
	t = sum(s, "shopify", 1, (size_t)64 << 20);
	assert_int_equal(t.rows, 19);
	assert_int_equal(t.orders, 7);
	assert_int_equal(t.lines, 19);
	assert_int_equal(t.rejects, 0);
	assert_int_equal(t.total, 209385);
	assert_int_equal(t.tax, 34268);
	assert_int_equal(t.discount, 26246);
	assert_int_equal(t.gross, 230035);
}

static void
the_first_shopify_order_is_read_in_full(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	if (!corpus(SHOPIFY, NULL))
		skip();
	assert_ok(om_feed_builtin("shopify", &s->feed, &err));
	assert_ok(scene_paths(s, path[0], NULL, (size_t)64 << 20));
	o = scene_order(s, 0);
	assert_true(scene_is(o->channel, "shopify"));
	assert_true(scene_is(o->reference, "#1547"));
	assert_true(scene_is(o->customer, "buyer1@example.at"));
	assert_string_equal(o->currency->code, "EUR");
	assert_int_equal(o->placed_at, 1787570337);
	assert_true(o->tax_included);
	assert_int_equal(o->subtotal_minor, 34787);
	assert_int_equal(o->discount_minor, 4536);
	assert_int_equal(o->shipping_minor, 1399);
	assert_int_equal(o->tax_minor, 5275);
	assert_int_equal(o->total_minor, 31650);
	assert_int_equal(o->line_count, 3);
	assert_true(scene_is(o->lines[0].sku, "2038076"));
	assert_int_equal(o->lines[0].quantity_milli, 1000);
	assert_int_equal(o->lines[0].unit_price_micro, 25200000);
	assert_int_equal(o->at.line, 2);
	assert_non_null(strstr(o->attributes.p, "\"Id\":\"9000000000001\""));
}

/* The corpus's file with the first `from` replaced by `to`, as long. */
static void
read_changed(struct scene *s, const char *from, const char *to)
{
	static char text[65536];
	FILE *f = fopen(path[0], "rb");
	size_t n;
	char *at;

	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	assert_int_equal(fclose(f), 0);
	text[n] = '\0';
	at = strstr(text, from);
	assert_non_null(at);
	memcpy(at, to, strlen(to));
	assert_ok(om_feed_builtin("shopify", &s->feed, &err));
	assert_ok(scene_read(s, text, NULL));
}

static void
a_cent_too_much_rejects_exactly_that_order(void **state)
{
	static const char *const rows[][4] = {
		{ ",316.50,SUMMER", ",316.51,SUMMER", "Total",
		    "total 316.51 but lines, discount and shipping make 316.50" },
		{ ",25.20,", ",25.21,", "Subtotal",
		    "subtotal 347.87 but the lines make 347.88" },
	};
	struct scene *s = *state;

	if (!corpus(SHOPIFY, NULL))
		skip();
	for (size_t i = 0; i < OM_COUNT(rows); i++) {
		size_t rejects = 0;

		read_changed(s, rows[i][0], rows[i][1]);
		assert_int_equal(s->count, 7);
		for (size_t j = 0; j < s->count; j++)
			rejects += s->item[j].kind == OM_ITEM_REJECT;
		assert_int_equal(rejects, 1);
		scene_reject(s, 0, 2, rows[i][2], rows[i][3]);
		assert_true(scene_is(s->item[0].reject.reference, "#1547"));
		assert_int_equal(s->item[0].reject.row_count, 3);
		om_feed_free(&s->feed);
	}
}

static void
woocommerce_orders_add_up(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;
	struct sums t;

	if (!corpus("woocommerce/orders-load-all.json", NULL))
		skip();
	t = sum(s, "woocommerce", 1, 0);
	assert_int_equal(t.rows, 4);
	assert_int_equal(t.orders, 4);
	assert_int_equal(t.lines, 12);
	assert_int_equal(t.rejects, 0);
	assert_int_equal(t.total, 126970);
	assert_int_equal(t.tax, 120);
	assert_ok(scene_paths(s, path[0], NULL, 0));
	o = scene_order(s, 0);
	assert_true(scene_is(o->channel, "woocommerce"));
	assert_true(scene_is(o->reference, "963"));
	assert_true(scene_is(o->revision, "2018-04-03T23:05:14"));
	assert_int_equal(o->placed_at, 1522796712);
	assert_int_equal(o->line_count, 2);
	assert_int_equal(o->lines[0].discount_minor, 2000);
	assert_int_equal(o->lines[0].tax_minor, 120);
	assert_true(scene_is(o->lines[1].sku, "5555-A"));
	assert_int_equal(o->lines[1].quantity_milli, 1500);
	o = scene_order(s, 3);
	assert_int_equal(o->shipping_minor, 29040);
	assert_int_equal(o->line_count, 8);
}

/* The one order of the fixtures is cancelled; its arithmetic must hold like any
 * other's. */
static void
shopify_rest_orders_add_up(void **state)
{
	static const char *const names[] = { "shopify/orders.json",
		"shopify/order.json", "shopify/order_with_transaction.json" };
	struct scene *s = *state;
	const struct om_order *o;

	for (size_t i = 0; i < OM_COUNT(names); i++) {
		struct sums t;

		if (!corpus(names[i], NULL))
			skip();
		t = sum(s, "shopify", 1, 0);
		assert_int_equal(t.cancelled, 1);
		assert_int_equal(t.orders + t.cancels + t.rejects, 0);
		assert_ok(scene_map(s, "profile: shopify-rest\n"));
		assert_ok(scene_paths(s, path[0], NULL, 0));
		o = scene_order(s, 0);
		assert_int_equal(o->kind, OM_KIND_CANCELLED);
		assert_true(scene_is(o->channel, "shopify"));
		assert_true(scene_is(o->reference, "#9999"));
		assert_true(scene_is(o->revision, "2016-05-17T08:14:36Z"));
		assert_true(scene_is(o->customer, "jon@doe.ca"));
		assert_int_equal(o->line_count, 2);
		assert_int_equal(o->subtotal_minor, 500);
		assert_int_equal(o->discount_minor, 500);
		assert_int_equal(o->shipping_minor, 1000);
		assert_int_equal(o->total_minor, 1000);
		assert_false(o->tax_included);
	}
}

/* A line item alone is no order; what is no JSON object at all ends it. */
static void
shopify_fixtures_of_other_things_are_rejects(void **state)
{
	static const char *const names[] = {
		"shopify/orderlineitems/valid.json",
		"shopify/orderlineitems/properties_empty_object.json",
		"shopify/orderlineitems/properties_invalid1.json",
		"shopify/orderlineitems/properties_ommited.json",
		"shopify/fulfillment.json", "shopify/payouts.json"
	};
	struct scene *s = *state;

	if (!corpus("shopify/orderlineitems/properties_invalid0.json", NULL))
		skip();
	assert_ok(om_feed_builtin("shopify", &s->feed, &err));
	assert_fails(scene_paths(s, path[0], NULL, 0), OM_EDATA);
	for (size_t i = 0; i < OM_COUNT(names); i++) {
		assert_true(corpus(names[i], NULL));
		assert_ok(scene_paths(s, path[0], NULL, 0));
		assert_int_equal(s->count, 1);
		assert_int_equal(s->item[0].kind, OM_ITEM_REJECT);
		assert_string_equal(s->item[0].reject.reason, "missing");
		assert_int_equal(s->item[0].reject.row_count, 1);
	}
}

/* Line items with types of their own, in an order that is fine. */
static void
types_of_what_is_not_mapped_do_not_matter(void **state)
{
	static const char *const names[] = { "properties_empty_object",
		"properties_invalid1", "properties_invalid2",
		"properties_object", "properties_ommited", "valid" };
	static const char head[] =
	    "{\"name\":\"#1\",\"created_at\":\"2026-01-01\","
	    "\"cancelled_at\":null,\"currency\":\"USD\","
	    "\"total_price\":\"1.00\",\"line_items\":[{\"quantity\":1,"
	    "\"price\":\"1.00\",\"x\":";
	struct scene *s = *state;
	char text[8192];

	assert_ok(om_feed_builtin("shopify", &s->feed, &err));
	for (size_t i = 0; i < OM_COUNT(names); i++) {
		char name[128];
		size_t n = sizeof(head) - 1;
		FILE *f;

		snprintf(name, sizeof(name), "shopify/orderlineitems/%s.json",
		    names[i]);
		if (!corpus(name, NULL))
			skip();
		f = fopen(path[0], "rb");
		assert_non_null(f);
		memcpy(text, head, n);
		n += fread(text + n, 1, sizeof(text) - n - 8, f);
		fclose(f);
		strcpy(text + n, "}]}");
		assert_ok(scene_read(s, text, NULL));
		assert_int_equal(scene_order(s, 0)->total_minor, 100);
	}
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_tpch_order_follows_from_its_lines),
		TEST(tpch_refresh_sets_bring_150_orders_each),
		TEST(tpch_delete_keys_are_cancellations),
		TEST(tpch_files_in_the_wrong_order_are_noticed),
		TEST(shopify_orders_add_up),
		TEST(the_first_shopify_order_is_read_in_full),
		TEST(a_cent_too_much_rejects_exactly_that_order),
		TEST(woocommerce_orders_add_up),
		TEST(shopify_rest_orders_add_up),
		TEST(shopify_fixtures_of_other_things_are_rejects),
		TEST(types_of_what_is_not_mapped_do_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
