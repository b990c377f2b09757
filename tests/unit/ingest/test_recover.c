/* What a killed command left behind is finished or undone, however often that
 * is interrupted. */
#include "world.h"

#include <sys/wait.h>
#include <unistd.h>

#include "audit/verify.h"
#include "ingest/recover.h"
#include "store/batch.h"
#include "store/ledger.h"

static void
load_first(struct stage *s)
{
	(void)loaded(s->store, "canonical",
	    stage_file(s, "first.csv",
		HEAD ROW("A", "1", "1.00") ROW("B", "1", "2.00")));
}

/* Leave a batch half loaded: 10 of its 120 orders. */
static void
load_half(struct stage *s, int seed)
{
	const struct om_ingest_options hurry = { .block_items = 10,
		.deadline_ns = 1 };
	struct om_ingest_result r;
	struct om_err err = { 0 };

	assert_fails(load(s->store, "canonical",
			 many_orders(s, "second.csv", 120, seed), &hurry, &r,
			 &err),
	    OM_EDEADLINE);
	assert_false(r.published);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM order_rows"),
	    12);
}

static void
interrupt(struct stage *s)
{
	load_first(s);
	load_half(s, 2);
}

static void
shards_digest(const struct stage *s, char out[2][OM_SHA256_HEX])
{
	for (unsigned i = 0; i < STAGE_SHARDS; i++) {
		OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, i);

		content_of_db(db, false, out[i]);
	}
}

static void
nothing_left_behind_is_nothing_to_do(void **state)
{
	struct stage *s = stage_of(state);
	char before[OM_SHA256_HEX];
	char after[OM_SHA256_HEX];
	struct om_err err = { 0 };
	int64_t batch = -1;

	content_digest(s->store, before);
	assert_ok(om_recover(s->store, NULL, NULL, &batch, &err));
	assert_int_equal(batch, 0);
	content_digest(s->store, after);
	assert_string_equal(before, after);
}

static void
the_same_work_is_left_to_be_resumed(void **state)
{
	struct stage *s = stage_of(state);
	char sha256[OM_SHA256_HEX];
	char plan[OM_SHA256_HEX];
	char before[OM_SHA256_HEX];
	char after[OM_SHA256_HEX];
	struct om_err err = { 0 };
	int64_t batch = -1;

	interrupt(s);
	content_digest(s->store, before);
	assert_ok(om_batch_loading(s->store, &batch, sha256, plan, &err));
	assert_ok(om_recover(s->store, sha256, plan, &batch, &err));
	assert_int_equal(batch, 2);
	content_digest(s->store, after);
	assert_string_equal(before, after);
}

static void
other_work_undoes_it_first(void **state)
{
	struct stage *s = stage_of(state);
	char before[2][OM_SHA256_HEX];
	char after[2][OM_SHA256_HEX];
	char sha256[OM_SHA256_HEX];
	char plan[OM_SHA256_HEX];
	struct om_err err = { 0 };
	int64_t batch = -1;

	load_first(s);
	shards_digest(s, before);
	load_half(s, 2);
	assert_ok(om_batch_loading(s->store, &batch, sha256, plan, &err));
	plan[0] = plan[0] == '0' ? '1' : '0';
	assert_ok(om_recover(s->store, sha256, plan, &batch, &err));
	assert_int_equal(batch, 0);
	shards_digest(s, after);
	assert_string_equal(before[0], after[0]);
	assert_string_equal(before[1], after[1]);
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM batches WHERE"
					   " batch = 2 AND state = 'undone'"),
	    1);
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM reject_rows"
					   " WHERE batch = 2"),
	    0);
}

static void
runs_that_were_killed_are_buried(void **state)
{
	struct stage *s = stage_of(state);
	struct om_err err = { 0 };
	int64_t batch;
	int64_t run;

	assert_ok(om_run_begin(s->store, "ingest", &run, &err));
	assert_ok(om_recover(s->store, NULL, NULL, &batch, &err));
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM runs WHERE"
					   " state = 'died'"),
	    1);
}

/* Killed between the catalog's commit and the shards' marks. */
static void
a_published_batch_is_shown_by_every_shard(void **state)
{
	struct stage *s = stage_of(state);
	struct om_err err = { 0 };
	int64_t batch;

	(void)loaded(s->store, "canonical",
	    stage_file(s, "a.csv",
		HEAD ROW("A", "1", "1.00") ROW("B", "1", "2.00")));
	for (unsigned i = 0; i < STAGE_SHARDS; i++) {
		OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, i);

		assert_ok(om_shard_publish(db, 0, &err));
		assert_ok(om_progress_set(db, OM_WORK_BATCH, 1, 0, 0, &err));
	}
	assert_int_equal(shards_number(s, "SELECT count(*) FROM orders"), 0);
	assert_ok(om_recover(s->store, NULL, NULL, &batch, &err));
	assert_int_equal(shards_number(s, "SELECT count(*) FROM orders"), 2);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM progress"), 0);
}

/* The call that published it failed afterwards, and the handle is still open:
 * what it remembers is older than the catalog. */
static void
a_handle_that_is_behind_catches_up(void **state)
{
	struct stage *s = stage_of(state);
	struct om_err err = { 0 };
	int64_t batch;

	(void)loaded(s->store, "canonical",
	    stage_file(s, "a.csv", HEAD ROW("A", "1", "1.00")));
	db_run(om_store_catalog(s->store),
	    "UPDATE meta SET value = '5' WHERE name = 'published'");
	assert_int_equal(om_store_published(s->store), 1);
	assert_ok(om_recover(s->store, NULL, NULL, &batch, &err));
	assert_int_equal(om_store_published(s->store), 5);
	assert_int_equal(shards_number(s, "SELECT batch FROM published"),
	    5 * STAGE_SHARDS);
}

/* At each call in turn. After that the next recovery ends what is left. */
static void
undoing_may_be_interrupted_anywhere(void **state)
{
	struct stage *s = stage_of(state);
	char before[2][OM_SHA256_HEX];
	char after[2][OM_SHA256_HEX];
	bool failed = true;
	long n;

	load_first(s);
	shards_digest(s, before);
	for (n = 0; failed;) {
		struct om_err err = { 0 };
		int64_t batch = -1;
		int rc;

		n += stage_step(s, 1, 13);
		load_half(s, (int)n);
		spy_fail_at(n);
		rc = om_recover(s->store, NULL, NULL, &batch, &err);
		failed = spy_failed();
		spy_reset();
		if (failed) {
			assert_fails(rc, OM_EIO);
			assert_ok(
			    om_recover(s->store, NULL, NULL, &batch, &err));
		}
		shards_digest(s, after);
		assert_string_equal(before[0], after[0]);
		assert_string_equal(before[1], after[1]);
		assert_int_equal(catalog_number(s,
				     "SELECT count(*) FROM batches"
				     " WHERE state = 'loading'"),
		    0);
	}
	assert_true(n >= 30);
}

/* The rows of one shard are gone already, and the same work comes back. */
static void
what_is_half_undone_is_not_resumed(void **state)
{
	struct stage *s = stage_of(state);
	const struct om_ingest_options all = { .block_items = 10 };
	struct om_ingest_result r;
	struct om_err err = { 0 };
	pid_t child;
	int status;

	interrupt(s);
	om_store_close(&s->store);
	child = fork();
	if (child == 0) {
		int64_t batch;

		s->store = stage_open(s, s->url, OM_STORE_WRITE);
		/* 1: doomed. 2: rows of shard 0. 3: its log. */
		spy_die_at_commit(3, true);
		_exit(om_recover(s->store, NULL, NULL, &batch, &err) < 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	s->store = stage_open(s, s->url, OM_STORE_WRITE);
	assert_ok(load(s->store, "canonical",
	    many_orders(s, "second.csv", 120, 2), &all, &r, &err));
	assert_true(r.published);
	assert_false(r.resumed);
	assert_int_equal(om_books_orders(&r.books, OM_CREATED), 120);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM orders"), 122);
}

static uint64_t
pending_of_a_sound_store(struct stage *s)
{
	const struct om_verify_plan plan = { .verifier = NULL };
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	struct om_err err = { 0 };
	struct om_verified v;

	assert_ok(om_verify(s->store, &plan, &arena, &v, &err));
	if (v.flaw_count > 0)
		print_error("%s\n", v.flaws->what);
	assert_int_equal(v.flaw_count, 0);
	return v.pending;
}

/* More rows than go at a time: some are gone, and of others the keys. */
static void
a_store_is_sound_while_a_batch_is_half_undone(void **state)
{
	struct stage *s = stage_of(state);
	const struct om_ingest_options hurry = { .block_items = 24000,
		.deadline_ns = 1 };
	struct om_ingest_result r;
	struct om_err err = { 0 };
	int64_t batch;
	pid_t child;
	int status;

	load_first(s);
	assert_fails(load(s->store, "canonical",
			 many_orders(s, "second.csv", 30000, 2), &hurry, &r,
			 &err),
	    OM_EDEADLINE);
	om_store_close(&s->store);
	child = fork();
	if (child == 0) {
		s->store = stage_open(s, s->url, OM_STORE_WRITE);
		/* 1: its run buried. 2: doomed. 3: some rows of shard 0. */
		spy_die_at_commit(3, true);
		_exit(om_recover(s->store, NULL, NULL, &batch, &err) < 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	s->store = stage_open(s, s->url, OM_STORE_WRITE);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM order_rows"),
	    24002 - 10000);
	assert_true(pending_of_a_sound_store(s) > 0);
	assert_ok(om_recover(s->store, NULL, NULL, &batch, &err));
	assert_int_equal(pending_of_a_sound_store(s), 0);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM order_keys"),
	    2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(nothing_left_behind_is_nothing_to_do),
		STAGE_BOTH(the_same_work_is_left_to_be_resumed),
		STAGE_BOTH(other_work_undoes_it_first),
		STAGE_BOTH(runs_that_were_killed_are_buried),
		STAGE_BOTH(a_published_batch_is_shown_by_every_shard),
		STAGE_BOTH(a_handle_that_is_behind_catches_up),
		STAGE_BOTH(undoing_may_be_interrupted_anywhere),
		STAGE_BOTH(what_is_half_undone_is_not_resumed),
		STAGE_BOTH(a_store_is_sound_while_a_batch_is_half_undone),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
