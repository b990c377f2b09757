/* The life of a batch in the catalog, its books, and runs. */
#include "stage.h"

#include <string.h>
#include <unistd.h>

#include "store/batch.h"

static struct om_batch
batch(const char *sha256, const char *kind)
{
	struct om_batch b = {
		.feed = "shop",
		.kind = kind,
		.source = "in/a.csv",
		.bytes = INT64_C(5000000000),
		.parent = 0,
		.rows_read = 12,
	};

	strcpy(b.sha256, sha256);
	strcpy(b.plan, "p1");
	return b;
}

static void
a_batch_is_loading_and_then_published(void **state)
{
	struct stage *s = stage_of(state);
	struct om_batch b = batch("aa", "orders");
	char sha256[OM_SHA256_HEX];
	char plan[OM_SHA256_HEX];
	struct om_err err = { 0 };
	int64_t found = -1;

	assert_ok(om_batch_loading(s->store, &found, sha256, plan, &err));
	assert_int_equal(found, 0);
	assert_ok(om_batch_begin(s->store, &b, &err));
	assert_int_equal(b.batch, 1);
	assert_int_equal(b.started_at, s->now);
	assert_ok(om_batch_loading(s->store, &found, sha256, plan, &err));
	assert_int_equal(found, 1);
	assert_string_equal(sha256, "aa");
	assert_string_equal(plan, "p1");
	assert_ok(om_batch_published(s->store, "aa", "orders", &found, &err));
	assert_int_equal(found, 0);

	assert_ok(om_batch_publish(s->store, &b, &err));
	assert_ok(om_batch_loading(s->store, &found, sha256, plan, &err));
	assert_int_equal(found, 0);
	assert_ok(om_batch_published(s->store, "aa", "orders", &found, &err));
	assert_int_equal(found, 1);
	assert_ok(om_batch_namesake(s->store, &b, &found, &err));
	assert_int_equal(found, 0);
	strcpy(b.sha256, "bb");
	assert_ok(om_batch_namesake(s->store, &b, &found, &err));
	assert_int_equal(found, 1);
	b.kind = "payments";
	assert_ok(om_batch_namesake(s->store, &b, &found, &err));
	assert_int_equal(found, 0);
	assert_int_equal(om_store_published(s->store), 0);
	assert_ok(om_store_refresh(s->store, &err));
	assert_int_equal(om_store_published(s->store), 1);
	assert_int_equal(catalog_number(s,
			     "SELECT count(*) FROM batches WHERE"
			     " state = 'published' AND feed = 'shop' AND"
			     " source = 'in/a.csv' AND bytes = 5000000000 AND"
			     " rows_read = 12 AND reason = ''"),
	    1);
}

static void
content_is_known_by_its_hash_and_kind(void **state)
{
	struct stage *s = stage_of(state);
	struct om_batch b = batch("aa", "orders");
	struct om_err err = { 0 };
	int64_t found = -1;

	assert_ok(om_batch_begin(s->store, &b, &err));
	assert_ok(om_batch_publish(s->store, &b, &err));
	assert_ok(om_batch_published(s->store, "ab", "orders", &found, &err));
	assert_int_equal(found, 0);
	assert_ok(om_batch_published(s->store, "aa", "payments", &found, &err));
	assert_int_equal(found, 0);
}

static void
an_ended_batch_is_neither_loading_nor_published(void **state)
{
	struct stage *s = stage_of(state);
	struct om_batch b = batch("aa", "orders");
	char sha256[OM_SHA256_HEX];
	char plan[OM_SHA256_HEX];
	struct om_err err = { 0 };
	int64_t found = -1;

	assert_ok(om_batch_begin(s->store, &b, &err));
	assert_ok(om_batch_end(s->store, b.batch, "failed", "too bad", &err));
	assert_ok(om_batch_loading(s->store, &found, sha256, plan, &err));
	assert_int_equal(found, 0);
	assert_ok(om_batch_published(s->store, "aa", "orders", &found, &err));
	assert_int_equal(found, 0);
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM batches WHERE"
					   " state = 'failed' AND"
					   " reason = 'too bad'"),
	    1);
	assert_ok(om_batch_begin(s->store, &b, &err));
	assert_int_equal(b.batch, 2);
}

/* What is being undone is not taken up again, whoever asks for it. */
static void
a_doomed_batch_matches_no_plan(void **state)
{
	struct stage *s = stage_of(state);
	struct om_batch b = batch("aa", "orders");
	char sha256[OM_SHA256_HEX];
	char plan[OM_SHA256_HEX];
	struct om_err err = { 0 };
	int64_t found = -1;

	assert_ok(om_batch_begin(s->store, &b, &err));
	assert_ok(om_batch_doom(s->store, b.batch, &err));
	assert_ok(om_batch_loading(s->store, &found, sha256, plan, &err));
	assert_int_equal(found, 1);
	assert_string_equal(plan, "");
}

static void
a_batch_that_is_not_there_is_told(void **state)
{
	struct stage *s = stage_of(state);
	struct om_batch b = batch("aa", "orders");
	struct om_err err = { 0 };

	assert_fails(om_batch_exists(s->store, 1, &err), OM_ENOENT);
	assert_string_equal(err.msg, "no batch 1");
	assert_ok(om_batch_begin(s->store, &b, &err));
	assert_ok(om_batch_exists(s->store, 1, &err));
}

static void
books_come_back_as_they_were_put(void **state)
{
	struct stage *s = stage_of(state);
	struct om_batch b = batch("aa", "orders");
	const struct om_currency *eur = om_currency_find(OM_STR("EUR"));
	struct om_books put = { 0 };
	struct om_books got;
	struct om_err err = { 0 };
	int64_t rows = -1;

	assert_ok(om_batch_begin(s->store, &b, &err));
	assert_ok(om_books_add(&put, eur, OM_READ, 3, INT64_MAX, &err));
	assert_ok(om_books_add(&put, eur, OM_REJECTED, 1, INT64_MIN, &err));
	assert_ok(om_books_add(&put, NULL, OM_READ, 2, 0, &err));
	assert_ok(om_batch_books_put(s->store, b.batch, &put, &err));
	assert_ok(om_batch_publish(s->store, &b, &err));
	assert_ok(om_batch_books_get(s->store, b.batch, &got, &rows, &err));
	assert_int_equal(rows, 12);
	assert_int_equal(got.count, 2);
	assert_null(got.page[0].currency);
	assert_int_equal(got.page[0].orders[OM_READ], 2);
	assert_ptr_equal(got.page[1].currency, eur);
	assert_int_equal(got.page[1].orders[OM_READ], 3);
	assert_int_equal(got.page[1].amount_minor[OM_READ], INT64_MAX);
	assert_int_equal(got.page[1].amount_minor[OM_REJECTED], INT64_MIN);
	assert_int_equal(got.page[1].orders[OM_CREATED], 0);
	assert_ok(om_batch_books_get(s->store, 99, &got, &rows, &err));
	assert_int_equal(got.count, 0);
	assert_int_equal(rows, 0);
}

static void
a_run_says_who_and_how_it_ended(void **state)
{
	struct stage *s = stage_of(state);
	struct om_err err = { 0 };
	int64_t good = 0;
	int64_t bad = 0;

	assert_ok(om_run_begin(s->store, "ingest", &good, &err));
	assert_ok(om_run_begin(s->store, "run", &bad, &err));
	assert_int_equal(good, 1);
	assert_int_equal(bad, 2);
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM runs WHERE"
					   " state = 'running'"),
	    2);
	assert_int_equal(catalog_number(s, "SELECT pid FROM runs"), getpid());
	assert_ok(om_run_end(s->store, good, 0, &err));
	assert_ok(om_run_end(s->store, bad, 5, &err));
	assert_int_equal(catalog_number(s,
			     "SELECT count(*) FROM runs WHERE (run = 1 AND"
			     " state = 'done' AND status = 0) OR (run = 2 AND"
			     " state = 'failed' AND status = 5)"),
	    2);
	assert_int_equal(catalog_number(s, "SELECT finished_at FROM runs"),
	    s->now);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(a_batch_is_loading_and_then_published),
		STAGE_BOTH(content_is_known_by_its_hash_and_kind),
		STAGE_BOTH(an_ended_batch_is_neither_loading_nor_published),
		STAGE_BOTH(a_doomed_batch_matches_no_plan),
		STAGE_BOTH(a_batch_that_is_not_there_is_told),
		STAGE_BOTH(books_come_back_as_they_were_put),
		STAGE_BOTH(a_run_says_who_and_how_it_ended),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
