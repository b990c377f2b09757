/* What feeds left out, as it is told: named up to a bound, and escaped. */
#include "unit.h"

#include <string.h>

#include "ops/feeds.h"
#include "shop.h"
#include "store/gaps.h"

static void
put(const struct shop *s, const char *feed, int64_t number)
{
	const struct om_sequence one = { OM_SEQUENCE_NUMBER, number };
	struct om_err err = { 0 };

	assert_ok(om_numbered_put(s->store, feed, 1, &one, &err));
}

static const struct om_feed_state *
feeds_of(struct shop *s)
{
	struct om_feed_state *feeds = NULL;
	struct om_err err = { 0 };

	assert_ok(
	    om_feeds_read(s->store, 9, INT64_MAX, &s->arena, &feeds, &err));
	return feeds;
}

static void
without_numbers_nothing_is_told(void **state)
{
	struct shop *s = *state;
	OM_AUTO(om_buf_fini) struct om_buf text = { 0 };

	om_buf_init(&text, 4096);
	assert_null(feeds_of(s));
	assert_false(om_feeds_troubled(NULL));
	om_feeds_prometheus(NULL, &text);
	assert_int_equal(text.n, 0);
}

static void
gaps_are_kept_apart_by_feed_and_named_up_to_a_bound(void **state)
{
	struct shop *s = *state;
	const struct om_feed_state *f;
	const struct om_feed_gap *g;
	int named = 0;

	put(s, "a", 1);
	for (int i = 0; i <= OM_FEEDS_GAPS_SHOWN + 3; i++)
		put(s, "b", 2 * i);
	put(s, "c", 10);
	put(s, "c", 15);
	f = feeds_of(s);
	assert_true(om_feeds_troubled(f));
	assert_string_equal(f->feed, "a");
	assert_int_equal(f->missing, 0);
	assert_null(f->gap);
	f = f->next;
	assert_string_equal(f->feed, "b");
	assert_int_equal(f->missing, OM_FEEDS_GAPS_SHOWN + 3);
	assert_int_equal(f->gaps, OM_FEEDS_GAPS_SHOWN + 3);
	for (g = f->gap; g != NULL; g = g->next)
		named++;
	assert_int_equal(named, OM_FEEDS_GAPS_SHOWN);
	assert_string_equal(f->gap->text, "1");
	f = f->next;
	assert_string_equal(f->feed, "c");
	assert_string_equal(f->gap->text, "11 to 14");
	assert_string_equal(f->last, "15");
	assert_null(f->next);
}

static void
what_is_accepted_is_not_missing_from_then_on(void **state)
{
	struct shop *s = *state;
	struct om_feed_state *f = NULL;
	struct om_err err = { 0 };
	const struct om_decision d = {
		.feed = OM_STR("a"),
		.from = 2,
		.to = 3,
		.accepted = true,
		.at = 1000,
		.by = OM_STR("karl"),
		.reason = OM_STR("never sent"),
	};

	put(s, "a", 1);
	put(s, "a", 5);
	assert_ok(om_decision_put(s->store, &d, &err));
	assert_ok(om_feeds_read(s->store, 9, 1001, &s->arena, &f, &err));
	assert_int_equal(f->missing, 1);
	assert_int_equal(f->accepted, 2);
	assert_string_equal(f->gap->text, "4");
	assert_ok(om_feeds_read(s->store, 9, 1000, &s->arena, &f, &err));
	assert_int_equal(f->missing, 3);
	assert_int_equal(f->accepted, 0);
	assert_string_equal(f->gap->text, "2 to 4");
}

static void
labels_are_escaped(void **state)
{
	struct shop *s = *state;
	OM_AUTO(om_buf_fini) struct om_buf text = { 0 };

	om_buf_init(&text, 4096);
	put(s, "a\"b\\c\nd", 1);
	om_feeds_prometheus(feeds_of(s), &text);
	om_buf_char(&text, '\0');
	assert_non_null(strstr(text.p,
	    "\nordmill_feed_missing{feed=\"a\\\"b\\\\c\\nd\",unit=\"number\"}"
	    " 0\n"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, shop_open, shop_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_numbers_nothing_is_told),
		TEST(gaps_are_kept_apart_by_feed_and_named_up_to_a_bound),
		TEST(what_is_accepted_is_not_missing_from_then_on),
		TEST(labels_are_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
