#include "scene.h"

#define HEAD "reference,currency,total\n"

static void
a_flat_row_is_an_order(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    "channel,reference,revision,customer,placed_at,currency,subtotal,"
	    "discount,shipping,tax,total\n"
	    "web,0042,3,Erika,2026-08-24T13:18:57Z,EUR,10.00,1.00,2.50,2.00,"
	    "13.50\n",
	    NULL));
	o = scene_order(s, 0);
	assert_int_equal(s->count, 1);
	assert_true(scene_is(o->channel, "web"));
	assert_true(scene_is(o->reference, "0042"));
	assert_true(scene_is(o->revision, "3"));
	assert_true(scene_is(o->customer, "Erika"));
	assert_string_equal(o->currency->code, "EUR");
	assert_int_equal(o->kind, OM_KIND_ORDER);
	assert_false(o->tax_included);
	assert_int_equal(o->placed_at, 1787577537);
	assert_int_equal(o->subtotal_minor, 1000);
	assert_int_equal(o->discount_minor, 100);
	assert_int_equal(o->shipping_minor, 250);
	assert_int_equal(o->tax_minor, 200);
	assert_int_equal(o->total_minor, 1350);
	assert_int_equal(o->line_count, 0);
	assert_int_equal(o->at.line, 2);
	assert_int_equal(o->at.offset, 92);
	assert_int_equal(o->hash, om_hash64(OM_STR("web"), OM_STR("0042")));
	assert_int_equal(om_reader_rows(s->reader), 1);
	assert_true(scene_is(om_reader_header(s->reader, 0),
	    "channel,reference,revision,customer,placed_at,currency,subtotal,"
	    "discount,shipping,tax,total"));
	assert_int_equal(om_reader_header(s->reader, 1).n, 0);
}

static void
three_columns_are_enough(void **state)
{
	struct scene *s = *state;
	const struct om_order *o;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s, HEAD "7,EUR,13.50\n", NULL));
	o = scene_order(s, 0);
	assert_true(scene_is(o->channel, "canonical"));
	assert_int_equal(o->subtotal_minor, 1350);
	assert_int_equal(o->placed_at, 0);
	assert_int_equal(o->attributes.n, 0);
}

static void
an_unstated_subtotal_follows_from_the_total(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    "reference,currency,total,discount,shipping,tax,tax_included\n"
	    "1,EUR,13.50,1.00,2.50,2.00,false\n"
	    "2,EUR,13.50,1.00,2.50,2.00,yes\n"
	    "3,EUR,13.50,1.00,2.50,2.00,\n",
	    NULL));
	assert_int_equal(scene_order(s, 0)->subtotal_minor, 1000);
	assert_int_equal(scene_order(s, 1)->subtotal_minor, 1200);
	assert_true(scene_order(s, 1)->tax_included);
	assert_int_equal(scene_order(s, 2)->subtotal_minor, 1000);
}

static void
every_exponent_is_read(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    HEAD "1,JPY,1533\n2,EUR,13085.0\n3,KWD,1.005\n4,CLF,1.0005\n"
		 "5,EUR,-92233720368547758.08\n",
	    NULL));
	assert_int_equal(scene_order(s, 0)->total_minor, 1533);
	assert_int_equal(scene_order(s, 1)->total_minor, 1308500);
	assert_int_equal(scene_order(s, 2)->total_minor, 1005);
	assert_int_equal(scene_order(s, 3)->total_minor, 10005);
	assert_int_equal(scene_order(s, 4)->total_minor, INT64_MIN);
}

static void
a_bad_cell_is_a_reject_with_its_place(void **state)
{
	static const struct {
		const char *row;
		const char *column;
		const char *value;
		const char *reason;
	} rows[] = {
		{ ",EUR,1.00,,,", "reference", "", "reference is empty" },
		{ "a\tb,EUR,1.00,,,", "reference", "a\tb",
		    "reference has a control character at byte 2" },
		{ "1,EUX,1.00,,,", "currency", "EUX",
		    "no such currency 'EUX'" },
		{ "1,eur,1.00,,,", "currency", "eur",
		    "no such currency 'eur'" },
		{ "1,,1.00,,,", "currency", "", "no currency" },
		{ "1,EUR,,,,", "total", "", "total is empty" },
		{ "1,EUR,\"1,00\",,,", "total", "1,00", "bad amount '1,00'" },
		{ "1,EUR,1.005,,,", "total", "1.005",
		    "bad amount '1.005': more than 2 decimals" },
		{ "1,EUR,92233720368547758.08,,,", "total",
		    "92233720368547758.08",
		    "amount '92233720368547758.08' is too large" },
		{ "1,EUR,1.00,24.08.2026,,", "placed_at", "24.08.2026",
		    "bad time '24.08.2026'" },
		{ "1,EUR,1.00,,ordered,", "kind", "ordered",
		    "kind 'ordered' is none of 'order', 'cancel', 'cancelled'" },
		{ "1,EUR,1.00,,,0.99", "total", "1.00",
		    "total 1.00 but subtotal, discount, shipping and tax make "
		    "0.99" },
		{ "1,EUR,1.00,,", "", "", "5 fields, 6 expected" },
		{ "1,EUR,1.00,,,,", "", "", "7 fields, 6 expected" },
		{ "1,EUR,1.00,,,\"1.00\"x", "subtotal", "\"1.00\"x",
		    "text after closing quote" },
	};
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	for (size_t i = 0; i < OM_COUNT(rows); i++) {
		const struct om_reject *r = &s->item[1].reject;
		char text[512];

		snprintf(text, sizeof(text),
		    "reference,currency,total,placed_at,kind,subtotal\n"
		    "0,EUR,1.00,,,\n%s\n2,EUR,2.00,,,\n",
		    rows[i].row);
		assert_ok(scene_read(s, text, NULL));
		assert_int_equal(s->count, 3);
		scene_reject(s, 1, 3, rows[i].column, rows[i].reason);
		assert_true(scene_is(r->value, rows[i].value));
		assert_int_equal(r->row_count, 1);
		assert_true(scene_is(r->rows[0].bytes, rows[i].row));
		assert_int_equal(r->rows[0].at.offset, 63);
		assert_int_equal(r->rows[0].at.line, 3);
		(void)scene_order(s, 0);
		(void)scene_order(s, 2);
	}
}

static void
a_reject_says_whose_it_is_and_for_how_much(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    "reference,currency,total,placed_at\n"
	    "17,EUR,13.50,yesterday\n"
	    "18,EUR,oops,\n"
	    "19,EUX,13.50,\n",
	    NULL));
	scene_reject(s, 0, 2, "placed_at", "bad time 'yesterday'");
	assert_true(scene_is(s->item[0].reject.channel, "canonical"));
	assert_true(scene_is(s->item[0].reject.reference, "17"));
	assert_string_equal(s->item[0].reject.currency->code, "EUR");
	assert_int_equal(s->item[0].reject.total_minor, 1350);
	assert_true(scene_is(s->item[1].reject.reference, "18"));
	assert_int_equal(s->item[1].reject.total_minor, 0);
	assert_null(s->item[2].reject.currency);
}

/* A NUL and bytes that are not UTF-8 are found by the scanner. */
static void
bytes_that_are_no_text_are_rejects(void **state)
{
	static const char text[] =
	    HEAD "1\0002,EUR,1.00\n2\xff,EUR,1.00\n3,EUR,1.00\n";
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	scene_write(s->file[0], text, sizeof(text) - 1);
	assert_ok(scene_paths(s, s->file[0], NULL, 0));
	assert_int_equal(s->count, 3);
	assert_int_equal(s->item[0].kind, OM_ITEM_REJECT);
	assert_true(scene_is(s->item[0].reject.column, "reference"));
	assert_int_equal(s->item[0].reject.channel.n, 0);
	assert_int_equal(s->item[0].reject.reference.n, 0);
	assert_int_equal(s->item[0].reject.rows[0].bytes.n, 12);
	assert_int_equal(s->item[1].kind, OM_ITEM_REJECT);
	assert_int_equal(s->item[1].reject.reference.n, 0);
	(void)scene_order(s, 2);
}

static void
a_reference_may_have_255_bytes_and_no_more(void **state)
{
	struct scene *s = *state;
	char text[1024];
	char reference[OM_REFERENCE_MAX + 2];

	memset(reference, 'r', sizeof(reference) - 1);
	reference[sizeof(reference) - 1] = '\0';
	assert_ok(scene_map(s, NULL));
	snprintf(text, sizeof(text), HEAD "%s,EUR,1.00\n%s,EUR,1.00\n",
	    reference + 1, reference);
	assert_ok(scene_read(s, text, NULL));
	assert_int_equal(scene_order(s, 0)->reference.n, OM_REFERENCE_MAX);
	scene_reject(s, 1, 3, "reference",
	    "reference is longer than 255 bytes");
}

static void
the_header_again_is_a_reject(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s, HEAD "1,EUR,1.00\n" HEAD "2,EUR,2.00\n", NULL));
	assert_int_equal(s->count, 3);
	scene_reject(s, 1, 3, "", "the header again");
	assert_int_equal(s->item[1].reject.reference.n, 0);
	assert_true(scene_is(s->item[1].reject.rows[0].bytes,
	    "reference,currency,total"));
}

static void
columns_are_found_before_the_first_row(void **state)
{
	static const char *const rows[][2] = {
		{ "reference,currency,Total\n1,EUR,1\n",
		    "no column 'total', did you mean 'Total'" },
		{ "reference,currency\n1,EUR\n", "no column 'total'" },
		{ "reference,currency,total,total\n1,EUR,1,1\n",
		    "two columns 'total'" },
		{ " reference,currency,total\n1,EUR,1\n",
		    "no column 'reference', did you mean ' reference'" },
		{ "", "empty, not even a header" },
		{ "\n\n", "empty, not even a header" },
	};
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	for (size_t i = 0; i < OM_COUNT(rows); i++) {
		char want[512];

		assert_fails(scene_read(s, rows[i][0], NULL), OM_EDATA);
		snprintf(want, sizeof(want), "%s: %s", s->file[0], rows[i][1]);
		assert_string_equal(err.msg, want);
	}
	assert_ok(
	    scene_read(s, "reference,currency,total,x,x\n1,EUR,1,,\n", NULL));
	assert_int_equal(s->count, 1);
}

static void
a_header_alone_brings_nothing(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s, HEAD, NULL));
	assert_int_equal(s->count, 0);
	assert_int_equal(om_reader_rows(s->reader), 0);
}

static void
marks_and_line_ends_do_not_matter(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    "\xef\xbb\xbfreference,currency,total\r\n1,EUR,1.00\n\n"
	    "2,EUR,2.00\r\n3,EUR,3.00",
	    NULL));
	assert_int_equal(s->count, 3);
	assert_int_equal(scene_order(s, 1)->at.line, 4);
	assert_int_equal(scene_order(s, 2)->total_minor, 300);
	assert_int_equal(om_reader_rows(s->reader), 3);
}

static void
what_cannot_be_cut_into_rows_ends_the_batch(void **state)
{
	struct scene *s = *state;
	const char *const none[] = { s->file[0] };

	assert_ok(scene_map(s, NULL));
	assert_fails(scene_read(s, HEAD "1,EUR,1.00\n\"2,EUR,2.00\n", NULL),
	    OM_EDATA);
	assert_int_equal(s->count, 1);
	assert_non_null(strstr(err.msg, s->file[0]));
	(void)unlink(s->file[0]);
	assert_fails(om_reader_open(s->feed, none, 1, 0, NULL, &s->reader,
			 &err),
	    OM_ENOENT);
	assert_fails(om_reader_open(s->feed, none, 2, 0, NULL, &s->reader,
			 &err),
	    OM_EUSAGE);
	assert_string_equal(err.msg, "feed 'canonical' reads 1 file, not 2");
}

static void
a_cancellation_needs_only_a_reference(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    "kind,reference,currency,total\ncancel,17,,\ncancel,18,EUR,5\n"
	    "cancel,,,\n",
	    NULL));
	assert_int_equal(scene_order(s, 0)->kind, OM_KIND_CANCEL);
	assert_null(scene_order(s, 0)->currency);
	assert_int_equal(scene_order(s, 1)->total_minor, 0);
	scene_reject(s, 2, 4, "reference", "reference is empty");
}

static void
a_cancelled_order_has_the_facts_of_an_order(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    "kind,reference,currency,total,subtotal\n"
	    "cancelled,17,EUR,5,5\ncancelled,18,,,\ncancelled,19,EUR,5,4\n",
	    NULL));
	assert_int_equal(scene_order(s, 0)->kind, OM_KIND_CANCELLED);
	assert_int_equal(scene_order(s, 0)->total_minor, 500);
	scene_reject(s, 1, 3, "currency", "no currency");
	scene_reject(s, 2, 4, "total",
	    "total 5.00 but subtotal, discount, shipping and tax make 4.00");
}

static void
a_hundred_like_rejects_mean_the_wrong_file(void **state)
{
	struct scene *s = *state;
	char text[8192] = HEAD;
	size_t n = strlen(text);

	assert_ok(scene_map(s, NULL));
	for (int i = 0; i < 99; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "%d,EUR,%dx\n", i, i);
	assert_ok(scene_read(s, text, NULL));
	assert_int_equal(s->count, 99);
	snprintf(text + n, sizeof(text) - n, "99,EUR,99x\n");
	assert_fails(scene_read(s, text, NULL), OM_EDATA);
	assert_int_equal(s->count, 99);
	assert_non_null(strstr(err.msg,
	    "100 rejects in a row, all 'total: bad amount': is this the right "
	    "file?"));
	snprintf(text + n, sizeof(text) - n, "99,EUR,1\n100,EUR,1x\n");
	assert_ok(scene_read(s, text, NULL));
	assert_int_equal(s->count, 101);
	snprintf(text + n, sizeof(text) - n, ",EUR,1\n100,EUR,1x\n");
	assert_ok(scene_read(s, text, NULL));
	assert_int_equal(s->count, 101);
}

static void
payments_and_refunds_are_read(void **state)
{
	struct scene *s = *state;
	const struct om_payment *p = &s->item[0].payment;

	assert_ok(om_feed_builtin("payments", &s->feed, &err));
	assert_ok(scene_read(s,
	    "channel,reference,payment,currency,amount,paid_at\n"
	    "web,17,p1,EUR,13.50,2026-08-24T13:18:57Z\n"
	    "web,17,r1,EUR,-3.50,\n"
	    ",18,p2,EUR,1.00,\n"
	    "web,19,,EUR,1.00,\n"
	    "web,20,p4,EUR,,\n"
	    "web,21,p5,,1.00,\n"
	    "web,22,p6,EUR,1.00,soon\n",
	    NULL));
	assert_int_equal(s->count, 7);
	assert_int_equal(s->item[0].kind, OM_ITEM_PAYMENT);
	assert_true(scene_is(p->channel, "web"));
	assert_true(scene_is(p->reference, "17"));
	assert_true(scene_is(p->payment, "p1"));
	assert_string_equal(p->currency->code, "EUR");
	assert_int_equal(p->amount_minor, 1350);
	assert_int_equal(p->paid_at, 1787577537);
	assert_int_equal(p->hash, om_hash64(OM_STR("web"), OM_STR("17")));
	assert_int_equal(p->at.line, 2);
	assert_int_equal(s->item[1].payment.amount_minor, -350);
	assert_true(scene_is(s->item[2].payment.channel, "canonical"));
	scene_reject(s, 3, 5, "payment", "payment is empty");
	assert_int_equal(s->item[3].reject.total_minor, 100);
	scene_reject(s, 4, 6, "amount", "amount is empty");
	scene_reject(s, 5, 7, "currency", "no currency");
	scene_reject(s, 6, 8, "paid_at", "bad time 'soon'");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_flat_row_is_an_order),
		TEST(three_columns_are_enough),
		TEST(an_unstated_subtotal_follows_from_the_total),
		TEST(every_exponent_is_read),
		TEST(a_bad_cell_is_a_reject_with_its_place),
		TEST(a_reject_says_whose_it_is_and_for_how_much),
		TEST(bytes_that_are_no_text_are_rejects),
		TEST(a_reference_may_have_255_bytes_and_no_more),
		TEST(the_header_again_is_a_reject),
		TEST(columns_are_found_before_the_first_row),
		TEST(a_header_alone_brings_nothing),
		TEST(marks_and_line_ends_do_not_matter),
		TEST(what_cannot_be_cut_into_rows_ends_the_batch),
		TEST(a_cancellation_needs_only_a_reference),
		TEST(a_cancelled_order_has_the_facts_of_an_order),
		TEST(a_hundred_like_rejects_mean_the_wrong_file),
		TEST(payments_and_refunds_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
