#include "scene.h"

#define HEAD                                                                   \
	"channel: acme\n"                                                      \
	"columns:\n"                                                           \
	"  reference: id\n"                                                    \
	"  customer: {from: who.email, required: false}\n"                     \
	"  currency: currency\n"                                               \
	"  shipping: {from: 'ship[].price', required: false}\n"                \
	"  total: total\n"                                                     \
	"  sku: 'lines[].sku'\n"                                               \
	"  quantity: {from: 'lines[].n', default: 1}\n"                        \
	"  unit_price: 'lines[].price'\n"
#define JSON   "format: json\nitems: [orders, page.data]\n" HEAD
#define NDJSON "format: ndjson\n" HEAD

#define ONE(id)                                                                \
	"{\"id\":\"" id "\",\"currency\":\"EUR\",\"total\":\"3.50\","          \
	"\"lines\":[{\"sku\":\"X\",\"price\":3.5}]}"

static void
read_json(struct scene *s, const char *map, const char *text)
{
	assert_ok(scene_map(s, map));
	assert_ok(scene_read(s, text, NULL));
}

static void
fails(struct scene *s, const char *map, const char *text, const char *message)
{
	char want[OM_ERR_MAX];

	assert_ok(scene_map(s, map));
	assert_fails(scene_read(s, text, NULL), OM_EDATA);
	snprintf(want, sizeof(want), "%s: %s", s->file[0], message);
	assert_string_equal(err.msg, want);
}

static void
an_order_holds_its_lines(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	read_json(s, JSON,
	    "{\"orders\": [{\"id\": 1017, \"who\": {\"email\": \"a@b\\u00fc\"},"
	    " \"currency\": \"EUR\", \"total\": \"25.50\", \"ship\": ["
	    "{\"price\": \"2.50\"}, {\"price\": 1.00}], \"more\": {\"id\": 9},"
	    "\n \"lines\": [{\"sku\": \"X\", \"n\": 2, \"price\": 10.00},"
	    " {\"price\": \"2\", \"sku\": null, \"tags\": [[1]]}]}]}");
	o = scene_order(s, 0);
	assert_int_equal(s->count, 1);
	assert_true(scene_is(o->channel, "acme"));
	assert_true(scene_is(o->reference, "1017"));
	assert_true(scene_is(o->customer, "a@b\xc3\xbc"));
	assert_int_equal(o->shipping_minor, 350);
	assert_int_equal(o->total_minor, 2550);
	assert_int_equal(o->line_count, 2);
	assert_true(scene_is(o->lines[0].sku, "X"));
	assert_int_equal(o->lines[0].quantity_milli, 2000);
	assert_int_equal(o->lines[0].total_minor, 2000);
	assert_int_equal(o->lines[1].sku.n, 0);
	assert_int_equal(o->lines[1].total_minor, 200);
	assert_int_equal(o->at.line, 1);
	assert_int_equal(o->at.offset, 12);
	assert_int_equal(om_reader_rows(s->reader), 1);
}

static void
orders_stand_where_items_say_or_at_the_top(void **state)
{
	static const char *const texts[] = {
		"[" ONE("1") "," ONE("2") "]",
		ONE("1") "\n" ONE("2") "\n",
		ONE("1") "[" ONE("2") "]",
		"{\"orders\":[" ONE("1") "," ONE("2") "]}",
		"{\"page\":{\"data\":[" ONE("1") "," ONE("2") "],\"n\":2}}",
		"{\"n\":[{\"orders\":[7]}],\"page\":{\"orders\":7,\"data\":"
		"[" ONE("1") "]},\"orders\":" ONE("2") "}",
		"{\"orders\":[" ONE("1") "]}{\"orders\":[" ONE("2") "]}",
		"{\"orders\":null}{\"orders\":[" ONE("1") "," ONE(
		    "2") "],"
			 "\"page\":{\"data\":[]}}",
		"\xef\xbb\xbf [" ONE("1") "," ONE("2") "]",
	};
	struct scene *s = *state;

	for (size_t i = 0; i < OM_COUNT(texts); i++) {
		read_json(s, JSON, texts[i]);
		assert_int_equal(s->count, 2);
		assert_true(scene_is(scene_order(s, 0)->reference, "1"));
		assert_true(scene_is(scene_order(s, 1)->reference, "2"));
	}
	read_json(s, JSON, "{\"orders\":[]}");
	assert_int_equal(s->count, 0);
	read_json(s, JSON, "[]");
	assert_int_equal(s->count, 0);
}

static void
what_breaks_a_document_ends_the_batch(void **state)
{
	struct scene *s = *state;

	fails(s, JSON, "", "empty, not even a document");
	fails(s, JSON, " \n", "empty, not even a document");
	fails(s, JSON, "[" ONE("1") ",{\"id\":\"2\"",
	    "line 1, byte 87, [1].id: the input ends in the middle of a value");
	fails(s, JSON, "[" ONE("1") "\n{}]",
	    "line 2, byte 78, [0]: ',' or ']' expected");
	fails(s, JSON, "{\"orders\":7}",
	    "line 1, byte 10: neither an array of orders nor an order");
	fails(s, JSON, "{\"x\":\"\xff\",\"orders\":[]}",
	    "line 1, byte 6, x: not UTF-8");
	fails(s, JSON, "{\"orders\":[],\"x\":NaN}",
	    "line 1, byte 17, x: no JSON value");
}

static void
an_object_that_is_wrong_in_itself_is_a_reject(void **state)
{
	struct scene *s = *state;

	read_json(s, JSON,
	    "[" ONE("1") ",\n{\"id\":\"2\",\n \"note\":\"\xff\"}, 7,\n"
			 "[{}], {\"id\":\"3\",\"x\":NaN}, " ONE("4") "]");
	assert_int_equal(s->count, 6);
	scene_order(s, 0);
	scene_reject(s, 1, 3, "", "not UTF-8 in '[1].note'");
	assert_true(scene_is(s->item[1].reject.reference, "2"));
	assert_int_equal(s->item[1].reject.at.offset, 99);
	assert_int_equal(s->item[1].reject.row_count, 1);
	assert_int_equal(s->item[1].reject.rows[0].at.line, 2);
	assert_true(scene_is(s->item[1].reject.rows[0].bytes,
	    "{\"id\":\"2\",\n \"note\":\"\xff\"}"));
	scene_reject(s, 2, 3, "", "a number where an order is expected");
	assert_true(scene_is(s->item[2].reject.rows[0].bytes, "7"));
	scene_reject(s, 3, 4, "", "an array where an order is expected");
	assert_true(scene_is(s->item[3].reject.rows[0].bytes, "[{}]"));
	scene_reject(s, 4, 4, "", "no JSON value in '[4].x'");
	scene_order(s, 5);
}

static void
rejects_show_their_place(void **state)
{
	struct scene *s = *state;
	const struct om_reject *r;

	read_json(s, JSON,
	    "[\n{\"id\":\"1\",\"currency\":\"EUR\",\"total\":\"3.00\",\n"
	    "\"lines\":[\n{\"sku\":\"X\",\"price\":1},\n"
	    "{\"sku\":\"Y\",\n\"price\":\"zwei\"}]}]");
	assert_int_equal(s->count, 1);
	scene_reject(s, 0, 6, "lines[1].price", "bad amount 'zwei'");
	r = &s->item[0].reject;
	assert_int_equal(r->at.offset, 98);
	assert_true(scene_is(r->value, "zwei"));
	assert_int_equal(r->total_minor, 300);
	assert_string_equal(r->currency->code, "EUR");
	assert_int_equal(r->row_count, 1);
	assert_int_equal(r->rows[0].at.offset, 2);
	assert_int_equal(r->rows[0].bytes.n, 105);
}

struct outcome {
	const char *text;
	const char *column; /* NULL: it is an order */
	const char *reason;
};

#define START "{\"id\":\"1\",\"currency\":\"EUR\",\"total\":\"3.50\","
#define LINE  "\"lines\":[{\"sku\":\"X\",\"price\":3.5}]"
static const struct outcome outcomes[] = {
	{ START LINE "}", NULL, NULL },
	/* missing */
	{ "{\"currency\":\"EUR\",\"total\":\"3.50\"," LINE "}", "id",
	    "missing" },
	{ START "\"lines\":[{\"sku\":\"X\"}]}", "lines[0].price", "missing" },
	{ START "\"lines\":[{\"sku\":\"X\",\"price\":3.5},"
		"{\"price\":0}]}",
	    "lines[1].sku", "missing" },
	{ START "\"who\":{}," LINE "}", NULL, NULL },
	{ START "\"x\":1}", "", "no array 'lines'" },
	/* null */
	{ START "\"who\":{\"email\":null}," LINE "}", NULL, NULL },
	{ START "\"who\":null,\"ship\":null," LINE "}", NULL, NULL },
	{ "{\"id\":null,\"currency\":\"EUR\",\"total\":\"3.50\"," LINE "}",
	    "id", "reference is empty" },
	{ "{\"id\":\"\",\"currency\":\"EUR\",\"total\":\"3.50\"," LINE "}",
	    "id", "reference is empty" },
	{ START "\"lines\":null}", NULL, NULL },
	{ START "\"lines\":[]}", NULL, NULL },
	{ START "\"ship\":[]," LINE "}", NULL, NULL },
	{ START "\"ship\":[{\"price\":null},{}]," LINE "}", NULL, NULL },
	{ START "\"lines\":[{\"sku\":null,\"price\":null}]}", NULL, NULL },
	/* another type */
	{ START "\"who\":\"a@b\"," LINE "}", "who.email",
	    "a text where an object is expected" },
	{ START "\"who\":[]," LINE "}", "who.email",
	    "an array where an object is expected" },
	{ START "\"who\":{\"email\":{}}," LINE "}", "who.email",
	    "an object where a value is expected" },
	{ START "\"who\":{\"email\":[\"a\"]}," LINE "}", "who.email",
	    "an array where a value is expected" },
	{ START "\"who\":{\"email\":true}," LINE "}", "who.email",
	    "a boolean where a value is expected" },
	{ START "\"who\":{\"email\":7}," LINE "}", NULL, NULL },
	{ START "\"lines\":{}}", "lines[0].price",
	    "an object where an array is expected" },
	{ START "\"lines\":\"none\"}", "lines[0].price",
	    "a text where an array is expected" },
	{ START "\"lines\":[{\"sku\":\"X\",\"price\":3.5},null]}",
	    "lines[0].price", "null where an object is expected" },
	{ START "\"lines\":[[]]}", "lines[0].price",
	    "an array where an object is expected" },
	{ START "\"ship\":5," LINE "}", "ship[0].price",
	    "a number where an array is expected" },
	{ START "\"ship\":[{\"price\":\"x\"},{\"price\":1}]," LINE "}",
	    "ship[0].price", "bad amount 'x'" },
	{ START "\"ship\":[{\"price\":1},{\"price\":\"\"},"
		"{\"price\":-1}]," LINE "}",
	    NULL, NULL },
	/* twice */
	{ START "\"id\":\"2\"," LINE "}", "id",
	    "a second member of this name" },
	{ START "\"x\":1,\"x\":2," LINE "}", NULL, NULL },
	{ START "\"lines\":[{\"sku\":\"X\",\"price\":3.5,"
		"\"price\":4}]}",
	    "lines[0].price", "a second member of this name" },
	{ START LINE "," LINE "}", "lines[0].price",
	    "a second member of this name" },
	/* odd texts */
	{ START "\"who\":{\"email\":\"a\\u0000b\"}," LINE "}", "who.email",
	    "NUL byte" },
	{ START "\"lines\":[{\"sku\":\"X\\n\",\"price\":3.5}]}", "lines[0].sku",
	    "sku has a control character at byte 2" },
	{ "{\"id\":\"1\",\"currency\":\"EUR\",\"total\":\"3.60\"," LINE "}",
	    "total",
	    "total 3.60 but lines, discount, shipping and tax make "
	    "3.50" },
};

static void
each_kind_of_value_has_one_outcome(void **state)
{
	struct scene *s = *state;

	for (size_t i = 0; i < OM_COUNT(outcomes); i++) {
		const struct outcome *o = &outcomes[i];

		read_json(s, JSON, o->text);
		assert_int_equal(s->count, 1);
		if (o->column == NULL)
			(void)scene_order(s, 0);
		else
			scene_reject(s, 0, 1, o->column, o->reason);
	}
}

static void
numbers_are_read_exactly(void **state)
{
	static const struct {
		const char *text;
		int64_t minor;
	} table[] = { { "3.5", 350 }, { "3.500", 350 }, { "0.35e1", 350 },
		{ "35E-1", 350 }, { "1e2", 10000 }, { "1.5e+0", 150 },
		{ "1.0E7", 1000000000 }, { "-2e-2", -2 }, { "0e5", 0 },
		{ "90071992547409.93", 9007199254740993 } };
	struct scene *s = *state;
	char text[200];

	assert_ok(scene_map(s, "format: ndjson\nchannel: a\ncurrency: EUR\n"
			       "columns: {reference: id, total: t}\n"));
	for (size_t i = 0; i < OM_COUNT(table); i++) {
		snprintf(text, sizeof(text), "{\"id\":\"1\",\"t\":%s}",
		    table[i].text);
		assert_ok(scene_read(s, text, NULL));
		assert_int_equal(scene_order(s, 0)->total_minor,
		    table[i].minor);
	}
	assert_ok(scene_read(s,
	    "{\"id\":\"1\",\"t\":1e101}\n{\"id\":1e2,\"t\":\"1e2\"}\n"
	    "{\"id\":\"3\",\"t\":3.505}",
	    NULL));
	scene_reject(s, 0, 1, "t", "bad amount '1e101'");
	scene_reject(s, 1, 2, "t", "bad amount '1e2'");
	assert_true(scene_is(s->item[1].reject.reference, "1e2"));
	scene_reject(s, 2, 3, "t", "bad amount '3.505': more than 2 decimals");
}

static void
numbers_have_a_point_whatever_texts_have(void **state)
{
	struct scene *s = *state;

	read_json(s,
	    "format: ndjson\nchannel: a\ncurrency: EUR\ndecimal: ','\n"
	    "thousands: '.'\n"
	    "columns: {reference: id, total: t, shipping: 's[].p'}\n",
	    "{\"id\":\"1\",\"t\":\"1.234,50\",\"s\":[{\"p\":1.500},"
	    "{\"p\":\"1,25\"}]}\n"
	    "{\"id\":\"2\",\"t\":1.500,\"s\":[]}\n");
	assert_int_equal(scene_order(s, 0)->total_minor, 123450);
	assert_int_equal(scene_order(s, 0)->shipping_minor, 275);
	assert_int_equal(scene_order(s, 1)->total_minor, 150);
}

static void
a_bad_line_of_ndjson_is_one_reject(void **state)
{
	struct scene *s = *state;

	read_json(s, NDJSON,
	    "\xef\xbb\xbf" ONE("1") "\n\n  {\"id\":\"2\",,}\r\n" ONE(
		"3") "\r\n"
		     "{\"id\":\"4\"\n" ONE("5")
			 ONE("6") "\n[1]\n\"x\n \t\n"
				  "{\"id\":\"7\",\"x\":\"\\q\"}\n" ONE("8"));
	assert_int_equal(s->count, 9);
	scene_order(s, 0);
	scene_reject(s, 1, 3, "", "a name in quotes expected in 'id'");
	assert_true(
	    scene_is(s->item[1].reject.rows[0].bytes, "{\"id\":\"2\",,}"));
	assert_int_equal(s->item[1].reject.rows[0].at.offset, 83);
	assert_int_equal(s->item[1].reject.at.offset, 93);
	assert_true(scene_is(s->item[1].reject.reference, "2"));
	scene_order(s, 2);
	scene_reject(s, 3, 5, "",
	    "the input ends in the middle of a value in 'id'");
	scene_reject(s, 4, 6, "", "more than one value in the line");
	scene_reject(s, 5, 7, "", "an array where an order is expected");
	scene_reject(s, 6, 8, "", "a string that does not end");
	scene_reject(s, 7, 10, "", "bad escape in 'x'");
	scene_order(s, 8);
	assert_int_equal(om_reader_rows(s->reader), 9);
	read_json(s, NDJSON, "\r \t{]\r\n");
	scene_reject(s, 0, 1, "", "a name in quotes or '}' expected");
	assert_int_equal(s->item[0].reject.rows[0].at.offset, 3);
	assert_true(scene_is(s->item[0].reject.rows[0].bytes, "{]"));
	read_json(s, NDJSON, "");
	assert_int_equal(s->count, 0);
}

static void
rows_of_documents_are_gathered_too(void **state)
{
	struct scene *s = *state;

	read_json(s,
	    "format: ndjson\nshape: lines\nchannel: a\ncurrency: EUR\n"
	    "columns: {reference: order, sku: sku, line_total: price}\n",
	    "{\"order\":1,\"sku\":\"X\",\"price\":1}\n"
	    "{\"order\":2,\"sku\":\"X\\u0041\",\"price\":2}\n"
	    "{\"order\":1,\"sku\":\"Y\",\"price\":3}\n"
	    "{\"order\":2,\"sku\":\"Y\",\"price\":true}\n");
	assert_int_equal(s->count, 2);
	assert_int_equal(scene_order(s, 0)->line_count, 2);
	assert_int_equal(scene_order(s, 0)->total_minor, 400);
	scene_reject(s, 1, 4, "price", "a boolean where a value is expected");
	assert_int_equal(s->item[1].reject.row_count, 2);
	assert_true(scene_is(s->item[1].reject.rows[0].bytes,
	    "{\"order\":2,\"sku\":\"X\\u0041\",\"price\":2}"));
}

static void
attributes_keep_values_and_whole_objects(void **state)
{
	struct scene *s = *state;

	read_json(s,
	    "format: json\nchannel: a\ncurrency: EUR\n"
	    "columns: {reference: id, total: t, tax_included: inc}\n"
	    "attributes: [note, paid, tags, who.name, 'a\\.b', gone]\n",
	    "[{\"id\":1,\"t\":2,\"inc\":true,\"note\":\"x\\ty\","
	    "\"paid\":false,\"tags\":[ 1,{}],\"who\":{\"name\":\"Z\"},"
	    "\"a.b\":7}]");
	assert_true(scene_order(s, 0)->tax_included);
	assert_true(scene_is(scene_order(s, 0)->attributes,
	    "{\"note\":\"x\\ty\",\"paid\":\"false\",\"tags\":\"[ 1,{}]\","
	    "\"who.name\":\"Z\",\"a\\\\.b\":\"7\"}"));
}

static void
payments_come_as_json_too(void **state)
{
	struct scene *s = *state;

	read_json(s,
	    "kind: payments\nformat: json\nitems: transactions\nchannel: a\n"
	    "columns: {reference: order, payment: id, currency: currency,\n"
	    "  amount: amount}\n",
	    "{\"transactions\":[{\"id\":699519475,\"order\":217130470,"
	    "\"currency\":\"USD\",\"amount\":\"-3.45\"}]}");
	assert_int_equal(s->count, 1);
	assert_int_equal(s->item[0].kind, OM_ITEM_PAYMENT);
	assert_int_equal(s->item[0].payment.amount_minor, -345);
	assert_true(scene_is(s->item[0].payment.payment, "699519475"));
}

static void
charges_count_where_the_total_counts_them(void **state)
{
#define FEED(counted)                                                          \
	"format: json\nchannel: a\ncurrency: EUR\n"                            \
	"columns:\n  reference: id\n  tax: tax\n  total: total\n"              \
	"  charges: {from: 'fees[].total', counted: " counted "}\n"            \
	"  line_total: 'lines[].total'\n"
#define ORDER(total)                                                           \
	"{\"id\":1,\"tax\":1,\"total\":" total ",\"fees\":[{\"total\":2}],"    \
	"\"lines\":[{\"total\":10}]}"
	struct scene *s = *state;

	read_json(s, FEED("true"), ORDER("13") ORDER("11"));
	assert_int_equal(scene_order(s, 0)->shipping_minor, 200);
	scene_reject(s, 1, 1, "total",
	    "total 11.00 but lines, discount, shipping and tax make 13.00");
	read_json(s, FEED("auto"), ORDER("13") ORDER("11") ORDER("12.50"));
	assert_int_equal(scene_order(s, 0)->shipping_minor, 200);
	assert_int_equal(scene_order(s, 1)->shipping_minor, 0);
	scene_reject(s, 2, 1, "total",
	    "total 12.50 but lines, discount, shipping and tax make 13.00");
}

static void
a_discount_lies_between_gross_and_total(void **state)
{
	struct scene *s = *state;

	read_json(s,
	    "format: json\nchannel: a\ncurrency: EUR\n"
	    "columns: {reference: id, line_gross: 'l[].g',\n"
	    "  line_total: 'l[].t', quantity: 'l[].n'}\n",
	    "{\"id\":1,\"l\":[{\"g\":10,\"t\":7.50,\"n\":4}]}");
	assert_int_equal(scene_order(s, 0)->lines[0].discount_minor, 250);
	assert_int_equal(scene_order(s, 0)->lines[0].total_minor, 750);
	assert_int_equal(scene_order(s, 0)->lines[0].unit_price_micro, 2500000);
	assert_int_equal(scene_order(s, 0)->total_minor, 750);
}

static void
too_many_lines_are_a_reject(void **state)
{
	struct scene *s = *state;
	size_t cap = (size_t)(OM_ORDER_LINES_MAX + 2) * 8 + 64;
	char *text = malloc(cap);

	for (int extra = 0; extra < 3; extra++) {
		size_t n = (size_t)snprintf(text, cap, "{\"id\":1,\"l\":[");

		for (int i = 0; i < OM_ORDER_LINES_MAX + extra; i++)
			n += (size_t)snprintf(text + n, cap - n, "%s{\"t\":0}",
			    i == 0 ? "" : ",");
		snprintf(text + n, cap - n, "]}");
		read_json(s,
		    "format: json\nchannel: a\ncurrency: EUR\n"
		    "columns: {reference: id, line_total: 'l[].t'}\n",
		    text);
		assert_int_equal(s->count, 1);
		if (extra == 0)
			assert_int_equal(scene_order(s, 0)->line_count,
			    OM_ORDER_LINES_MAX);
		else
			assert_int_equal(s->item[0].kind, OM_ITEM_REJECT);
	}
	free(text);
}

static void
a_profile_reads_the_format_it_finds(void **state)
{
	struct scene *s = *state;
	unsigned char plain[OM_SHA256_SIZE];
	unsigned char other[OM_SHA256_SIZE];

	read_json(s, "profile: shopify\nchannel: mine\n",
	    " {\"orders\":[{\"name\":\"#1\",\"created_at\":\"2026-01-01\","
	    "\"cancelled_at\":null,\"currency\":\"EUR\",\"total_price\":\"2\","
	    "\"line_items\":[{\"quantity\":2,\"price\":\"1.00\"}]}]}");
	assert_true(scene_is(scene_order(s, 0)->channel, "mine"));
	assert_string_equal(om_feed_name(s->feed), "acme");
	om_feed_digest(s->feed, plain);
	assert_ok(scene_map(s, "profile: shopify\nchannel: other\n"));
	om_feed_digest(s->feed, other);
	assert_memory_not_equal(plain, other, sizeof(plain));
	assert_ok(scene_map(s, "profile: shopify\nattributes: drop\n"));
	assert_fails(scene_read(s, "{\"orders\":[]}", NULL), OM_EDATA);
	assert_ok(scene_map(s, "profile: shopify\njson: woocommerce\n"));
	assert_ok(scene_read(s, "[]", NULL));
}

static const struct {
	const char *yaml;
	const char *message;
} mistakes[] = {
	{ "columns: {reference: a..b, total: t}\n", "4:22: bad path 'a..b'" },
	{ "columns: {reference: 'a[b]', total: t}\n", "4:22: bad path 'a[b]'" },
	{ "columns: {reference: a., total: t}\n", "4:22: bad path 'a.'" },
	{ "columns: {reference: 'a\\', total: t}\n", "4:22: bad path 'a\\'" },
	{ "columns: {reference: 'a[].b', total: t}\n",
	    "4:22: only amounts are added up over an array, not "
	    "'a[].b'" },
	{ "columns: {reference: a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q,\n"
	  "  total: t}\n",
	    "4:22: bad path 'a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q'" },
	{ "columns: {reference: a, total: 'l[].t',\n"
	  "  line_total: 'l[].t'}\n",
	    "4:32: a fact of the order cannot stand in the lines: "
	    "'l[].t'" },
	{ "columns: {reference: a, total: t, sku: 'm[].s',\n"
	  "  line_total: 'l[].t'}\n",
	    "4:40: the lines cannot stand in two places: not in "
	    "'m[].s'" },
	{ "columns: {reference: a, total: t, sku: s,\n"
	  "  line_total: 'l[].t'}\n",
	    "4:40: a fact of the line must stand in the lines: 's'" },
	{ "shape: lines\ncolumns: {reference: a, line_total: 'l[].t'}\n",
	    "with an array of lines the shape is not 'lines'" },
	{ "attributes: keep\ncolumns: {reference: a, total: t}\n",
	    "of a document only named paths can be kept, not "
	    "'attributes: keep'" },
	{ "attributes: ['b[].c']\n"
	  "columns: {reference: a, total: t}\n",
	    "bad path 'b[].c'" },
	{ "items: 'a[].b'\ncolumns: {reference: a, total: t}\n",
	    "4:8: bad path 'a[].b'" },
	{ "format: ndjson\n", NULL },
};

static void
a_mistake_in_a_path_names_its_place(void **state)
{
	struct scene *s = *state;
	char yaml[400];

	for (size_t i = 0; mistakes[i].message != NULL; i++) {
		snprintf(yaml, sizeof(yaml),
		    "format: json\nchannel: a\ncurrency: EUR\n%s",
		    mistakes[i].yaml);
		assert_fails(scene_map(s, yaml), OM_EUSAGE);
		if (strstr(err.msg, mistakes[i].message) == NULL)
			fail_msg("'%s', not '%s'", err.msg,
			    mistakes[i].message);
	}
	assert_fails(scene_map(s,
			 "format: ndjson\nitems: a\nchannel: a\n"
			 "columns: {reference: a, currency: c, total: t}\n"),
	    OM_EUSAGE);
	assert_non_null(strstr(err.msg, "'items' needs format 'json'"));
	assert_fails(scene_map(s,
			 "shape: nested\nchannel: a\n"
			 "columns: {reference: a, currency: c, total: t}\n"),
	    OM_EUSAGE);
	assert_non_null(
	    strstr(err.msg, "only documents have the shape 'nested'"));
	assert_fails(scene_map(s, "columns: {tax: {from: a, counted: auto}}\n"),
	    OM_EUSAGE);
	assert_non_null(strstr(err.msg, "'counted' means nothing for 'tax'"));
}

static void
a_value_over_the_maximum_ends_the_batch(void **state)
{
	struct scene *s = *state;
	size_t n = (size_t)16 * 1024 * 1024;
	char *text = malloc(n + 64);
	size_t head;

	for (size_t over = 0; over < 2; over++) {
		head = (size_t)snprintf(text, n + 64, "{\"id\":\"1\",\"x\":\"");
		memset(text + head, 'x', n - head - 2 + over);
		strcpy(text + n - 2 + over, "\"}\n");
		assert_ok(scene_map(s,
		    "format: json\nchannel: a\n"
		    "columns: {reference: id, kind: {const: cancel}}\n"));
		assert_int_equal(scene_read(s, text, NULL),
		    over == 0 ? 0 : OM_ELIMIT);
		assert_int_equal(s->count, 1 - over);
		assert_ok(scene_map(s,
		    "format: ndjson\nchannel: a\n"
		    "columns: {reference: id, kind: {const: cancel}}\n"));
		assert_int_equal(scene_read(s, text, NULL),
		    over == 0 ? 0 : OM_ELIMIT);
		assert_int_equal(s->count, 1 - over);
	}
	free(text);
}

int
main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_order_holds_its_lines),
		TEST(orders_stand_where_items_say_or_at_the_top),
		TEST(what_breaks_a_document_ends_the_batch),
		TEST(an_object_that_is_wrong_in_itself_is_a_reject),
		TEST(rejects_show_their_place),
		TEST(each_kind_of_value_has_one_outcome),
		TEST(numbers_are_read_exactly),
		TEST(numbers_have_a_point_whatever_texts_have),
		TEST(a_bad_line_of_ndjson_is_one_reject),
		TEST(rows_of_documents_are_gathered_too),
		TEST(attributes_keep_values_and_whole_objects),
		TEST(payments_come_as_json_too),
		TEST(charges_count_where_the_total_counts_them),
		TEST(a_discount_lies_between_gross_and_total),
		TEST(too_many_lines_are_a_reject),
		TEST(a_profile_reads_the_format_it_finds),
		TEST(a_mistake_in_a_path_names_its_place),
		TEST(a_value_over_the_maximum_ends_the_batch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
