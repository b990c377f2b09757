/* What is accepted as missing must be missing, is sealed, and can be taken
 * back. */
#include "world.h"

#include "audit/verify.h"
#include "ingest/decide.h"
#include "store/gaps.h"

static void
numbers(const struct stage *s, enum om_sequence_unit unit, int64_t number)
{
	const struct om_sequence one = { unit, number };
	struct om_err err = { 0 };

	assert_ok(om_numbered_put(s->store, "acme", 1, &one, &err));
}

/* A store with a batch, so that there is something published. */
static void
scene(struct stage *s)
{
	assert_int_equal(loaded(s->store, "canonical",
			     stage_file(s, "a.csv",
				 HEAD ROW("A", "1", "1.00"))),
	    1);
	numbers(s, OM_SEQUENCE_NUMBER, 5);
	numbers(s, OM_SEQUENCE_NUMBER, 7);
	numbers(s, OM_SEQUENCE_NUMBER, 12);
}

static int
decide(const struct stage *s, enum om_sequence_unit unit, int64_t from,
    int64_t to, bool accept, bool dry_run, struct om_ruled *out,
    struct om_err *err)
{
	const struct om_ruling wish = {
		.feed = "acme",
		.first = { unit, from },
		.last = { unit, to },
		.accept = accept,
		.by = "karl",
		.reason = "never sent",
	};

	return om_decide(s->store, &wish, dry_run, out, err);
}

static int64_t
changed(const struct stage *s, int64_t from, int64_t to, bool accept)
{
	struct om_ruled r = { 0 };
	struct om_err err = { 0 };

	assert_ok(
	    decide(s, OM_SEQUENCE_NUMBER, from, to, accept, false, &r, &err));
	return r.changed;
}

static void
assert_sound(const struct stage *s, uint64_t flaws, const char *what)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	const struct om_verify_plan plan = { 0 };
	struct om_verified v;
	struct om_err err = { 0 };

	assert_ok(om_verify(s->store, &plan, &arena, &v, &err));
	assert_int_equal(v.flaw_count, flaws);
	if (flaws > 0)
		assert_string_equal(v.flaws->what, what);
}

static void
what_is_missing_is_accepted_once_and_reopened_once(void **state)
{
	struct stage *s = stage_of(state);
	char before[OM_SHA256_HEX];
	char after[OM_SHA256_HEX];

	scene(s);
	assert_int_equal(changed(s, 6, 6, true), 1);
	content_digest(s->store, before);
	assert_int_equal(changed(s, 6, 6, true), 0);
	content_digest(s->store, after);
	assert_string_equal(before, after);
	assert_int_equal(changed(s, 8, 11, true), 4);
	assert_int_equal(changed(s, 9, 9, false), 1);
	assert_int_equal(changed(s, 9, 9, false), 0);
	assert_int_equal(changed(s, 8, 11, true), 1);
	assert_sound(s, 0, "");
	assert_int_equal(db_number(om_store_catalog(s->store),
			     "SELECT count(*) FROM gap_decisions"),
	    4);
}

static void
what_came_or_is_not_expected_yet_is_not_missing(void **state)
{
	static const struct {
		int64_t from;
		int64_t to;
		const char *what;
	} cases[] = {
		{ 5, 5, "feed 'acme': 5 is not missing" },
		{ 6, 7, "feed 'acme': 7 is not missing" },
		{ 6, 8, "feed 'acme': 7 is not missing" },
		{ 4, 6, "feed 'acme': 4 is not missing" },
		{ 11, 13, "feed 'acme': 12 is not missing" },
		{ 13, 13, "feed 'acme': 13 is not missing" },
	};
	struct stage *s = stage_of(state);
	struct om_ruled r = { 0 };
	struct om_err err = { 0 };

	scene(s);
	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		assert_fails(decide(s, OM_SEQUENCE_NUMBER, cases[i].from,
				 cases[i].to, true, false, &r, &err),
		    OM_ENOENT);
		assert_string_equal(err.msg, cases[i].what);
	}
	assert_fails(decide(s, OM_SEQUENCE_DAY, 6, 6, true, false, &r, &err),
	    OM_ENOENT);
	assert_string_equal(err.msg,
	    "feed 'acme' has no batches that are numbered so");
	assert_int_equal(db_number(om_store_catalog(s->store),
			     "SELECT count(*) FROM gap_decisions"),
	    0);
}

static void
a_day_may_be_one_of_the_weekdays_of_a_feed(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ruled r = { 0 };
	struct om_err err = { 0 };

	scene(s);
	numbers(s, OM_SEQUENCE_DAY, 20400);
	numbers(s, OM_SEQUENCE_DAY, 20402);
	numbers(s, OM_SEQUENCE_WEEKDAY, 20419); /* a Thursday */
	numbers(s, OM_SEQUENCE_WEEKDAY, 20425); /* the Wednesday */
	assert_ok(
	    decide(s, OM_SEQUENCE_DAY, 20401, 20401, true, false, &r, &err));
	assert_int_equal(r.unit, OM_SEQUENCE_DAY);
	assert_ok(
	    decide(s, OM_SEQUENCE_DAY, 20420, 20424, true, false, &r, &err));
	assert_int_equal(r.unit, OM_SEQUENCE_WEEKDAY);
	assert_int_equal(r.changed, 3);
	assert_fails(decide(s, OM_SEQUENCE_DAY, 20421, 20422, true, false, &r,
			 &err),
	    OM_ENOENT); /* a weekend */
	assert_sound(s, 0, "");
}

static void
a_dry_run_tells_and_changes_nothing(void **state)
{
	struct stage *s = stage_of(state);
	char before[OM_SHA256_HEX];
	char after[OM_SHA256_HEX];
	struct om_ruled r = { 0 };
	struct om_err err = { 0 };

	scene(s);
	content_digest(s->store, before);
	assert_ok(decide(s, OM_SEQUENCE_NUMBER, 8, 9, true, true, &r, &err));
	assert_int_equal(r.changed, 2);
	content_digest(s->store, after);
	assert_string_equal(before, after);
}

static void
a_decision_that_is_changed_or_gone_is_a_flaw(void **state)
{
	struct stage *s = stage_of(state);
	struct om_db *db = om_store_catalog(s->store);

	scene(s);
	assert_int_equal(changed(s, 6, 6, true), 1);
	db_run(db, "UPDATE gap_decisions SET reason = 'stolen'");
	assert_sound(s, 1,
	    "gap decision 1: its reason is 'stolen', entry 1 says 'never sent'");
	db_run(db, "UPDATE gap_decisions SET reason = 'never sent'");
	db_run(db, "UPDATE gap_decisions SET to_number = 11");
	assert_sound(s, 1, "gap decision 1: its to is '11', entry 1 says '6'");
	db_run(db, "UPDATE gap_decisions SET to_number = 6, unit = 'moon'");
	assert_sound(s, 1, "gap decision 1: unknown unit 'moon'");
	db_run(db, "UPDATE gap_decisions SET unit = 'number'");
	assert_sound(s, 0, "");
	db_run(db,
	    "INSERT INTO gap_decisions SELECT 7, feed, unit, 8, 9, decision,"
	    " decided_at, decided_by, reason FROM gap_decisions");
	assert_sound(s, 1, "2 decisions about gaps, entries speak of 1");
	db_run(db, "DELETE FROM gap_decisions");
	assert_sound(s, 2, "the gap decision of entry 1 is missing");
}

/* Whatever call fails, nothing has been decided, or all of it. */
static void
no_failure_leaves_half_a_decision(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ruled r = { 0 };
	struct om_err err = { 0 };
	int rc = -1;

	scene(s);
	for (long n = 1; rc < 0; n++) {
		spy_reset();
		spy_fail_at(n);
		rc = decide(s, OM_SEQUENCE_NUMBER, 6, 6, true, false, &r, &err);
		spy_reset();
		assert_sound(s, 0, "");
		assert_int_equal(db_number(om_store_catalog(s->store),
				     "SELECT count(*) FROM gap_decisions"),
		    rc == 0);
	}
	assert_int_equal(r.changed, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(what_is_missing_is_accepted_once_and_reopened_once),
		STAGE_BOTH(what_came_or_is_not_expected_yet_is_not_missing),
		STAGE_BOTH(a_day_may_be_one_of_the_weekdays_of_a_feed),
		STAGE_BOTH(a_dry_run_tells_and_changes_nothing),
		STAGE_BOTH(a_decision_that_is_changed_or_gone_is_a_flaw),
		STAGE_BOTH(no_failure_leaves_half_a_decision),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
