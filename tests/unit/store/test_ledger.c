/* What a shard remembers of a batch: how far it came, books, findings. */
#include "stage.h"

#include <string.h>

#include "store/ledger.h"

static const struct om_currency *
currency(const char *code)
{
	return om_currency_find(om_str_of(code));
}

static void
progress_is_kept_per_kind_and_number(void **state)
{
	OM_AUTO(om_db_close)
	struct om_db *db = stage_shard(stage_of(state), 0);
	struct om_progress p = { .there = true };
	struct om_err err = { 0 };

	assert_ok(om_progress_get(db, OM_WORK_BATCH, 1, &p, &err));
	assert_false(p.there);
	assert_int_equal(p.chunk, -1);
	assert_ok(om_progress_set(db, OM_WORK_BATCH, 1, 0, 77, &err));
	assert_ok(om_progress_set(db, OM_WORK_RUN, 1, 5, 99, &err));
	assert_ok(om_progress_get(db, OM_WORK_BATCH, 1, &p, &err));
	assert_true(p.there);
	assert_int_equal(p.chunk, 0);
	assert_int_equal(p.leaf_from, 77);
	assert_ok(om_progress_get(db, OM_WORK_BATCH, 2, &p, &err));
	assert_false(p.there);
}

/* Where the log stood before the first chunk is said once. */
static void
progress_moves_on_from_where_it_started(void **state)
{
	OM_AUTO(om_db_close)
	struct om_db *db = stage_shard(stage_of(state), 0);
	struct om_progress p;
	struct om_err err = { 0 };

	assert_ok(om_progress_set(db, OM_WORK_BATCH, 1, 0, 77, &err));
	assert_ok(om_progress_set(db, OM_WORK_BATCH, 1, 4, 80, &err));
	assert_ok(om_progress_get(db, OM_WORK_BATCH, 1, &p, &err));
	assert_int_equal(p.chunk, 4);
	assert_int_equal(p.leaf_from, 77);
	assert_ok(om_progress_drop(db, OM_WORK_BATCH, 1, &err));
	assert_ok(om_progress_get(db, OM_WORK_BATCH, 1, &p, &err));
	assert_false(p.there);
}

static void
books_add_up_over_chunks(void **state)
{
	OM_AUTO(om_db_close)
	struct om_db *db = stage_shard(stage_of(state), 0);
	struct om_books more = { 0 };
	struct om_books all;
	struct om_err err = { 0 };

	assert_ok(
	    om_books_add(&more, currency("EUR"), OM_CREATED, 2, 300, &err));
	assert_ok(
	    om_books_add(&more, currency("USD"), OM_UNCHANGED, 1, -5, &err));
	assert_ok(om_books_add(&more, NULL, OM_CONFLICTING, 1, 0, &err));
	assert_ok(om_shard_books_add(db, 3, &more, &err));
	assert_ok(om_shard_books_add(db, 3, &more, &err));
	assert_ok(om_shard_books_add(db, 4, &more, &err));
	assert_ok(om_shard_books_get(db, 3, &all, &err));
	assert_int_equal(all.count, 3);
	assert_null(all.page[0].currency);
	assert_int_equal(all.page[0].orders[OM_CONFLICTING], 2);
	assert_string_equal(all.page[1].currency->code, "EUR");
	assert_int_equal(all.page[1].orders[OM_CREATED], 4);
	assert_int_equal(all.page[1].amount_minor[OM_CREATED], 600);
	assert_int_equal(all.page[2].amount_minor[OM_UNCHANGED], -10);
	assert_ok(om_shard_books_drop(db, 3, &err));
	assert_ok(om_shard_books_get(db, 3, &all, &err));
	assert_int_equal(all.count, 0);
	assert_ok(om_shard_books_get(db, 4, &all, &err));
	assert_int_equal(all.count, 3);
}

static void
an_outcome_that_no_one_knows_is_damage(void **state)
{
	OM_AUTO(om_db_close)
	struct om_db *db = stage_shard(stage_of(state), 0);
	struct om_books all;
	struct om_err err = { 0 };

	db_run(db, "INSERT INTO shard_books VALUES"
		   " ('batch', 1, 'EUR', 'vanished', 1, 1)");
	assert_fails(om_shard_books_get(db, 1, &all, &err), OM_EDAMAGED);
}

static struct om_finding
finding(const char *reference)
{
	return (struct om_finding){
		.channel = OM_STR("shop"),
		.reference = om_str_of(reference),
		.at = { 1, 20, 3000000000 },
		.reason = OM_STR("stored with other values: total"),
		.currency = currency("EUR"),
		.total_minor = -7,
	};
}

static int
note(const struct om_finding *f, void *arg, struct om_err *err)
{
	char *seen = arg;

	strncat(seen, f->reference.p, f->reference.n);
	strcat(seen, " ");
	if (om_str_is(f->reference, "A-3"))
		return om_fail(err, OM_EIO, "enough");
	assert_true(om_str_is(f->channel, "shop"));
	assert_true(om_str_is(f->reason, "stored with other values: total"));
	assert_int_equal(f->at.source, 1);
	assert_int_equal(f->at.line, 20);
	assert_int_equal(f->at.offset, 3000000000);
	assert_string_equal(f->currency->code, "EUR");
	assert_int_equal(f->total_minor, -7);
	return 0;
}

static void
findings_come_back_by_chunk_and_place(void **state)
{
	static const struct {
		int64_t batch, chunk, seq;
		const char *reference;
	} rows[] = {
		{ 1, 1, 0, "A-2" },
		{ 1, 0, 9, "A-1" },
		{ 1, 1, 5, "A-3" },
		{ 1, 2, 0, "A-4" },
		{ 2, 0, 0, "B-1" },
	};
	OM_AUTO(om_db_close)
	struct om_db *db = stage_shard(stage_of(state), 0);
	struct om_err err = { 0 };
	char seen[64] = "";

	for (size_t i = 0; i < OM_COUNT(rows); i++) {
		const struct om_finding f = finding(rows[i].reference);

		assert_ok(om_finding_add(db, rows[i].batch, rows[i].chunk,
		    rows[i].seq, &f, &err));
	}
	assert_ok(om_findings_each(db, 2, note, seen, &err));
	assert_string_equal(seen, "B-1 ");
	seen[0] = '\0';
	assert_fails(om_findings_each(db, 1, note, seen, &err), OM_EIO);
	assert_string_equal(seen, "A-1 A-2 A-3 ");
}

static void
a_finding_without_currency_is_one_too(void **state)
{
	OM_AUTO(om_db_close)
	struct om_db *db = stage_shard(stage_of(state), 0);
	struct om_finding f = finding("A-1");
	struct om_err err = { 0 };

	f.currency = NULL;
	assert_ok(om_finding_add(db, 1, 0, 0, &f, &err));
	assert_int_equal(db_number(db, "SELECT count(*) FROM findings"
				       " WHERE currency = ''"),
	    1);
}

static void
forgetting_a_batch_leaves_the_others(void **state)
{
	OM_AUTO(om_db_close)
	struct om_db *db = stage_shard(stage_of(state), 0);
	const struct om_finding f = finding("A-1");
	struct om_books more = { 0 };
	struct om_err err = { 0 };

	assert_ok(om_books_add(&more, currency("EUR"), OM_CREATED, 1, 1, &err));
	for (int64_t batch = 1; batch < 3; batch++) {
		assert_ok(
		    om_progress_set(db, OM_WORK_BATCH, batch, 0, 0, &err));
		assert_ok(om_shard_books_add(db, batch, &more, &err));
		assert_ok(om_finding_add(db, batch, 0, 0, &f, &err));
	}
	assert_ok(om_progress_set(db, OM_WORK_RUN, 1, 0, 0, &err));
	assert_ok(om_shard_forget(db, 1, &err));
	assert_int_equal(db_number(db, "SELECT count(*) FROM progress"), 2);
	assert_int_equal(db_number(db, "SELECT number FROM shard_books"), 2);
	assert_int_equal(db_number(db, "SELECT batch FROM findings"), 2);
}

static void
a_shard_shows_what_it_is_told_to(void **state)
{
	OM_AUTO(om_db_close)
	struct om_db *db = stage_shard(stage_of(state), 0);
	struct om_err err = { 0 };
	int64_t published = -1;

	assert_ok(om_shard_published(db, &published, &err));
	assert_int_equal(published, 0);
	assert_ok(om_shard_publish(db, 4, &err));
	assert_ok(om_shard_published(db, &published, &err));
	assert_int_equal(published, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(progress_is_kept_per_kind_and_number),
		STAGE_BOTH(progress_moves_on_from_where_it_started),
		STAGE_BOTH(books_add_up_over_chunks),
		STAGE_BOTH(an_outcome_that_no_one_knows_is_damage),
		STAGE_BOTH(findings_come_back_by_chunk_and_place),
		STAGE_BOTH(a_finding_without_currency_is_one_too),
		STAGE_BOTH(forgetting_a_batch_leaves_the_others),
		STAGE_BOTH(a_shard_shows_what_it_is_told_to),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
