/* Gaps lie between what came, and close when the late one comes. */
#include "stage.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "spy.h"
#include "store/gaps.h"

static void
put(const struct stage *s, const char *feed, enum om_sequence_unit unit,
    int64_t number, int64_t batch)
{
	const struct om_sequence one = { unit, number };
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	assert_ok(om_txn_begin(om_store_catalog(s->store), &txn, &err));
	assert_ok(om_numbered_put(s->store, feed, batch, &one, &err));
	assert_ok(om_txn_commit(&txn, &err));
}

static int
tell_gap(const struct om_gap *gap, void *arg, struct om_err *err)
{
	char from[OM_SEQUENCE_TEXT_MAX];
	char to[OM_SEQUENCE_TEXT_MAX];

	(void)err;
	om_buf_printf(arg, "%s%.*s %s-%s %d\n",
	    gap->accepted == NULL ? "" : "accepted ", OM_FMT(gap->feed),
	    om_sequence_text(gap->unit, gap->from, from),
	    om_sequence_text(gap->unit, gap->to, to), (int)gap->missing);
	return 0;
}

static int
tell_feed(const struct om_numbered *n, void *arg, struct om_err *err)
{
	char first[OM_SEQUENCE_TEXT_MAX];
	char last[OM_SEQUENCE_TEXT_MAX];

	(void)err;
	om_buf_printf(arg, "%.*s %s-%s %d\n", OM_FMT(n->feed),
	    om_sequence_text(n->unit, n->first, first),
	    om_sequence_text(n->unit, n->last, last), (int)n->repeated);
	return 0;
}

static void
are(struct stage *s, int64_t batch, const char *gaps, const char *feeds)
{
	OM_AUTO(om_buf_fini) struct om_buf text = { 0 };
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	struct om_decision *decisions = NULL;
	struct om_err err = { 0 };

	om_buf_init(&text, 4096);
	assert_ok(
	    om_decisions_read(s->store, INT64_MAX, &arena, &decisions, &err));
	assert_ok(
	    om_gaps_each(s->store, batch, decisions, tell_gap, &text, &err));
	om_buf_char(&text, '\0');
	assert_string_equal(text.p, gaps);
	om_buf_reset(&text);
	assert_ok(om_numbered_each(s->store, batch, tell_feed, &text, &err));
	om_buf_char(&text, '\0');
	assert_string_equal(text.p, feeds);
}

static void
what_did_not_come_is_a_gap_until_it_does(void **state)
{
	struct stage *s = stage_of(state);

	are(s, 9, "", "");
	put(s, "acme", OM_SEQUENCE_NUMBER, 5, 1);
	are(s, 9, "", "acme 5-5 0\n");
	put(s, "acme", OM_SEQUENCE_NUMBER, 7, 2);
	put(s, "acme", OM_SEQUENCE_NUMBER, 12, 3);
	are(s, 9, "acme 6-6 1\nacme 8-11 4\n", "acme 5-12 0\n");
	put(s, "acme", OM_SEQUENCE_NUMBER, 6, 4);
	are(s, 9, "acme 8-11 4\n", "acme 5-12 0\n");
	put(s, "acme", OM_SEQUENCE_NUMBER, 10, 5);
	are(s, 9, "acme 8-9 2\nacme 11-11 1\n", "acme 5-12 0\n");
	/* As it was in the evening of batch 2. */
	are(s, 2, "acme 6-6 1\n", "acme 5-7 0\n");
}

static void
each_feed_has_gaps_of_its_own(void **state)
{
	struct stage *s = stage_of(state);

	put(s, "b", OM_SEQUENCE_NUMBER, 1, 1);
	put(s, "a", OM_SEQUENCE_NUMBER, 3, 2);
	put(s, "B", OM_SEQUENCE_NUMBER, 2, 3);
	put(s, "a", OM_SEQUENCE_DAY, 20418, 4); /* 2025-11-26 */
	put(s, "a", OM_SEQUENCE_DAY, 20420, 5);
	put(s, "b", OM_SEQUENCE_NUMBER, 3, 6);
	are(s, 9, "a 2025-11-27-2025-11-27 1\nb 2-2 1\n",
	    "B 2-2 0\na 2025-11-26-2025-11-28 0\na 3-3 0\nb 1-3 0\n");
}

static void
a_weekend_is_no_gap_of_weekdays(void **state)
{
	struct stage *s = stage_of(state);

	put(s, "w", OM_SEQUENCE_WEEKDAY, 20420, 1); /* a Friday */
	put(s, "w", OM_SEQUENCE_WEEKDAY, 20423, 2); /* the Monday */
	are(s, 9, "", "w 2025-11-28-2025-12-01 0\n");
	put(s, "w", OM_SEQUENCE_WEEKDAY, 20430, 3); /* a week later */
	are(s, 9, "w 2025-12-02-2025-12-05 4\n", "w 2025-11-28-2025-12-08 0\n");
}

static void
a_number_that_comes_again_is_counted_once(void **state)
{
	struct stage *s = stage_of(state);

	for (int64_t batch = 1; batch <= 3; batch++)
		put(s, "r", OM_SEQUENCE_NUMBER, 1, batch);
	put(s, "r", OM_SEQUENCE_NUMBER, 1, 3); /* twice in one batch */
	put(s, "r", OM_SEQUENCE_NUMBER, 2, 4);
	are(s, 9, "", "r 1-2 1\n");
	are(s, 1, "", "r 1-1 0\n");
}

static void
decide(const struct stage *s, int64_t leaf, enum om_sequence_unit unit,
    int64_t from, int64_t to, bool accepted)
{
	const struct om_decision d = {
		.leaf = leaf,
		.feed = OM_STR("acme"),
		.unit = unit,
		.from = from,
		.to = to,
		.accepted = accepted,
		.by = OM_STR("karl"),
		.reason = OM_STR("never sent"),
	};
	struct om_err err = { 0 };

	assert_ok(om_decision_put(s->store, &d, &err));
}

static void
a_gap_is_cut_where_a_decision_begins_or_ends(void **state)
{
	struct stage *s = stage_of(state);

	put(s, "acme", OM_SEQUENCE_NUMBER, 5, 1);
	put(s, "acme", OM_SEQUENCE_NUMBER, 15, 2);
	put(s, "other", OM_SEQUENCE_NUMBER, 5, 1);
	put(s, "other", OM_SEQUENCE_NUMBER, 15, 2);
	decide(s, 1, OM_SEQUENCE_NUMBER, 8, 12, true);
	are(s, 9,
	    "acme 6-7 2\naccepted acme 8-12 5\nacme 13-14 2\n"
	    "other 6-14 9\n",
	    "acme 5-15 0\nother 5-15 0\n");
	decide(s, 2, OM_SEQUENCE_NUMBER, 10, 10, false);
	are(s, 9,
	    "acme 6-7 2\naccepted acme 8-9 2\nacme 10-10 1\n"
	    "accepted acme 11-12 2\nacme 13-14 2\nother 6-14 9\n",
	    "acme 5-15 0\nother 5-15 0\n");
	/* What came all the same is no gap, whatever was said. */
	put(s, "acme", OM_SEQUENCE_NUMBER, 9, 3);
	/* What is open again is one with what always was. */
	decide(s, 3, OM_SEQUENCE_NUMBER, 6, 14, true);
	decide(s, 4, OM_SEQUENCE_NUMBER, 11, 12, false);
	decide(s, 5, OM_SEQUENCE_NUMBER, 13, 14, false);
	are(s, 9,
	    "accepted acme 6-8 3\naccepted acme 10-10 1\nacme 11-14 4\n"
	    "other 6-14 9\n",
	    "acme 5-15 0\nother 5-15 0\n");
}

static void
accepted_weekdays_leave_no_weekend(void **state)
{
	struct stage *s = stage_of(state);

	put(s, "acme", OM_SEQUENCE_WEEKDAY, 20419, 1); /* a Thursday */
	put(s, "acme", OM_SEQUENCE_WEEKDAY, 20425, 2); /* the Wednesday */
	decide(s, 1, OM_SEQUENCE_WEEKDAY, 20420, 20420, true);
	decide(s, 2, OM_SEQUENCE_WEEKDAY, 20423, 20424, true);
	are(s, 9,
	    "accepted acme 2025-11-28-2025-11-28 1\n"
	    "accepted acme 2025-12-01-2025-12-02 2\n",
	    "acme 2025-11-27-2025-12-03 0\n");
}

static void
an_unknown_unit_is_damage(void **state)
{
	struct stage *s = stage_of(state);
	OM_AUTO(om_buf_fini) struct om_buf text = { 0 };
	struct om_err err = { 0 };

	om_buf_init(&text, 64);
	db_run(om_store_catalog(s->store),
	    "INSERT INTO feed_numbers VALUES ('x', 'moon', 1, 1)");
	assert_fails(om_numbered_each(s->store, 9, tell_feed, &text, &err),
	    OM_EDAMAGED);
	assert_string_equal(err.msg, "unknown unit 'moon'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(what_did_not_come_is_a_gap_until_it_does),
		STAGE_BOTH(each_feed_has_gaps_of_its_own),
		STAGE_BOTH(a_weekend_is_no_gap_of_weekdays),
		STAGE_BOTH(a_number_that_comes_again_is_counted_once),
		STAGE_BOTH(a_gap_is_cut_where_a_decision_begins_or_ends),
		STAGE_BOTH(accepted_weekdays_leave_no_weekend),
		STAGE_BOTH(an_unknown_unit_is_damage),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
