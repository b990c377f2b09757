/* Several revisions of an order in one file of lines are told apart where every
 * row says of which it is. */
#include "scene.h"

#include "base/buf.h"

#define HEAD "reference,revision,currency,total,line,quantity,unit_price\n"

static void
is(const struct scene *s, size_t i, const char *revision, uint32_t lines,
    int64_t total)
{
	const struct om_order *o = scene_order(s, i);

	assert_true(scene_is(o->revision, revision));
	assert_int_equal(o->line_count, lines);
	assert_int_equal(o->total_minor, total);
}

static void
rows_of_different_revisions_are_different_orders(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    HEAD "A,1,EUR,3.00,1,1,1.00\nA,2,EUR,5.00,1,1,5.00\n"
		 "B,1,EUR,1.00,1,1,1.00\nA,1,EUR,3.00,2,2,1.00\n",
	    NULL));
	assert_int_equal(s->count, 3);
	is(s, 0, "1", 2, 300);
	is(s, 1, "2", 1, 500);
	assert_true(scene_is(scene_order(s, 2)->reference, "B"));
	assert_int_equal(scene_order(s, 0)->at.line, 2);
	assert_int_equal(scene_order(s, 1)->at.line, 3);
}

static void
they_come_in_the_order_of_their_first_rows(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    HEAD "A,9,EUR,1.00,1,1,1.00\nA,10,EUR,2.00,1,1,2.00\n"
		 "A,1,EUR,3.00,1,1,3.00\nA,10,EUR,2.00,2,0,1.00\n",
	    NULL));
	assert_int_equal(s->count, 3);
	is(s, 0, "9", 1, 100);
	is(s, 1, "10", 2, 200);
	is(s, 2, "1", 1, 300);
}

static void
a_time_that_is_written_in_two_ways_is_one_revision(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s,
	    "channel: acme\nshape: lines\ncurrency: EUR\ncolumns:\n"
	    "  reference: r\n  revision: {from: v, date: \"%d.%m.%Y %H:%M %z\"}\n"
	    "  line_total: t\n"));
	assert_ok(scene_read(s,
	    "r,v,t\nA,01.02.2026 10:00 +0100,1\nA,01.02.2026 09:00 +0000,2\n"
	    "A,02.02.2026 09:00 +0000,4\n",
	    NULL));
	assert_int_equal(s->count, 2);
	scene_reject(s, 0, 3, "v",
	    "revision '01.02.2026 09:00 +0000' but the order's first row says "
	    "'01.02.2026 10:00 +0100'");
	is(s, 1, "2026-02-02T09:00:00Z", 1, 400);
}

/* Who fills the cells of an order once says nothing of the rows behind. */
static void
a_row_that_does_not_say_leaves_them_one(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    HEAD "A,1,EUR,3.00,1,1,1.00\nA,,EUR,3.00,2,2,1.00\n"
		 "B,1,EUR,3.00,1,1,1.00\nB,,EUR,3.00,2,2,1.00\n"
		 "B,2,EUR,3.00,3,2,1.00\n",
	    NULL));
	assert_int_equal(s->count, 2);
	is(s, 0, "1", 2, 300);
	scene_reject(s, 1, 6, "revision",
	    "revision '2' but the order's first row says '1'");
	assert_int_equal(s->item[1].reject.row_count, 3);
}

static void
a_row_that_cannot_be_read_quarantines_all_of_them(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    HEAD "A,1,EUR,1.00,1,1,1.00\nA,2,EUR,1.00,1,1,1.00\nA,3,EUR\n",
	    NULL));
	assert_int_equal(s->count, 1);
	scene_reject(s, 0, 4, "", "3 fields, 7 expected");
	assert_int_equal(s->item[0].reject.row_count, 3);
}

static void
a_revision_that_is_bad_quarantines_itself_only(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    HEAD "A,1,EUR,1.00,1,1,1.00\nA,2,EUR,x,1,1,1.00\n", NULL));
	assert_int_equal(s->count, 2);
	is(s, 0, "1", 1, 100);
	scene_reject(s, 1, 3, "total", "bad amount 'x'");
	assert_int_equal(s->item[1].reject.row_count, 1);
}

static void
thousands_of_revisions_of_one_order_are_cut(void **state)
{
	struct scene *s = *state;
	OM_AUTO(om_buf_fini) struct om_buf text = { 0 };

	om_buf_init(&text, (size_t)1 << 20);
	om_buf_text(&text, HEAD);
	for (int i = 0; i < 8000; i++)
		om_buf_printf(&text, "A,%d,EUR,2.00,%d,1,1.00\n", i % 4000,
		    1 + i / 4000);
	om_buf_char(&text, '\0');
	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s, text.p, NULL));
	assert_int_equal(s->count, 4000);
	is(s, 0, "0", 2, 200);
	is(s, 3999, "3999", 2, 200);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rows_of_different_revisions_are_different_orders),
		TEST(they_come_in_the_order_of_their_first_rows),
		TEST(a_time_that_is_written_in_two_ways_is_one_revision),
		TEST(a_row_that_does_not_say_leaves_them_one),
		TEST(a_row_that_cannot_be_read_quarantines_all_of_them),
		TEST(a_revision_that_is_bad_quarantines_itself_only),
		TEST(thousands_of_revisions_of_one_order_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
