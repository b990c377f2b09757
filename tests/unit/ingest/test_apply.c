/* A block into a shard: judged, booked, sealed, remembered; once. */
#include "world.h"

#include "base/hash.h"
#include "ingest/apply.h"

static const struct om_cut whole = { OM_BLOCK_ITEMS, OM_BLOCK_BYTES, 3, 4 };

/* One block, one applier, all in shard 0: the test's shard map says so. */
struct desk {
	struct stage *s;
	struct om_queue *home;
	struct om_block *block;
	struct om_applier a;
	int64_t next; /* number of the next block */
	uint64_t line;
};

static void
desk_close(struct desk *d)
{
	om_applier_close(&d->a);
	om_block_free(d->block);
	om_queue_free(&d->home);
}

static void
desk_open(struct desk *d, struct stage *s, enum om_feed_kind kind)
{
	struct om_err err = { 0 };

	db_run(om_store_catalog(s->store),
	    "DELETE FROM shard_map;"
	    "INSERT INTO shard_map VALUES (0, 4095, 0);");
	stage_reopen(s);
	*d = (struct desk){ .s = s, .home = om_queue_new(1) };
	d->block = om_block_new(kind, STAGE_SHARDS, &whole, d->home);
	assert_ok(om_applier_open(s->store, 0, 1, &d->a, &err));
}

static struct om_position
next_line(struct desk *d)
{
	d->line++;
	return (struct om_position){ 0, d->line, 100 * d->line };
}

static void
add(struct desk *d, enum om_kind kind, const char *reference,
    const char *revision, int64_t total_minor)
{
	struct om_order o = {
		.kind = kind,
		.channel = OM_STR("shop"),
		.reference = om_str_of(reference),
		.revision = om_str_of(revision),
		.currency = om_currency_find(OM_STR("EUR")),
		.subtotal_minor = total_minor,
		.total_minor = total_minor,
		.at = next_line(d),
	};

	o.hash = om_hash64(o.channel, o.reference);
	om_block_add_order(d->block, &o, d->s->store);
}

static void
pay(struct desk *d, const char *reference, const char *id, int64_t amount_minor)
{
	struct om_payment p = {
		.channel = OM_STR("shop"),
		.reference = om_str_of(reference),
		.payment = om_str_of(id),
		.currency = om_currency_find(OM_STR("EUR")),
		.amount_minor = amount_minor,
		.at = next_line(d),
	};

	p.hash = om_hash64(p.channel, p.reference);
	om_block_add_payment(d->block, &p, d->s->store);
}

/* Apply the block as the next one, commit, and empty it. */
static void
apply(struct desk *d)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	d->block->number = d->next++;
	assert_ok(om_txn_begin(d->a.db, &txn, &err));
	assert_ok(om_apply(&d->a, d->block, &err));
	assert_ok(om_txn_commit(&txn, &err));
	om_block_reset(d->block);
}

/* "created 2 300, unchanged 1 5": what the shard's books of the batch say. */
static void
expect_books(const struct desk *d, const char *want)
{
	struct om_books books;
	struct om_err err = { 0 };
	char text[256] = "";

	assert_ok(om_shard_books_get(d->a.db, 1, &books, &err));
	for (size_t page = 0; page < books.count; page++)
		for (int i = 0; i < OM_COUNTS; i++) {
			enum om_outcome o = om_outcome_told(i);
			const struct om_page *p = &books.page[page];
			size_t n = strlen(text);

			if (p->orders[o] > 0)
				snprintf(text + n, sizeof(text) - n,
				    "%s%s %d %d", n == 0 ? "" : ", ",
				    om_outcome_name(o), (int)p->orders[o],
				    (int)p->amount_minor[o]);
		}
	assert_string_equal(text, want);
}

static void
a_share_goes_in_with_all_that_belongs_to_it(void **state)
{
	OM_AUTO(desk_close) struct desk d;
	struct om_progress progress;
	struct om_err err = { 0 };

	desk_open(&d, stage_of(state), OM_FEED_ORDERS);
	add(&d, OM_KIND_ORDER, "A", "1", 100);
	add(&d, OM_KIND_ORDER, "B", "1", 200);
	apply(&d);
	add(&d, OM_KIND_ORDER, "A", "2", 150);
	apply(&d);
	expect_books(&d, "created 2 300, amended 1 150");
	assert_int_equal(om_log_size(d.a.log), 3);
	assert_ok(om_progress_get(d.a.db, OM_WORK_BATCH, 1, &progress, &err));
	assert_int_equal(progress.chunk, 1);
	assert_int_equal(progress.leaf_from, 0);
	assert_int_equal(db_number(d.a.db, "SELECT count(*) FROM order_rows"
					   " WHERE batch = 1"),
	    3);
}

/* Rows lie, and are sealed, in the order in which they came. */
static void
rows_are_numbered_as_they_came(void **state)
{
	OM_AUTO(desk_close) struct desk d;
	char name[16];

	desk_open(&d, stage_of(state), OM_FEED_ORDERS);
	for (int i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "R%d", i * 7 % 50);
		add(&d, OM_KIND_ORDER, om_strndup(&d.block->arena, name, 5), "",
		    i);
	}
	apply(&d);
	assert_int_equal(db_number(d.a.db, "SELECT count(*) FROM order_rows"
					   " WHERE id = source_line"),
	    50);
}

static void
a_block_that_is_in_is_passed_over(void **state)
{
	OM_AUTO(desk_close) struct desk d;

	desk_open(&d, stage_of(state), OM_FEED_ORDERS);
	add(&d, OM_KIND_ORDER, "A", "1", 100);
	apply(&d);
	add(&d, OM_KIND_ORDER, "B", "1", 200);
	apply(&d);

	/* The next process starts from the first block. */
	om_applier_close(&d.a);
	{
		struct om_err err = { 0 };

		assert_ok(om_applier_open(d.s->store, 0, 1, &d.a, &err));
	}
	d.next = 0;
	add(&d, OM_KIND_ORDER, "A", "1", 100);
	apply(&d);
	add(&d, OM_KIND_ORDER, "B", "1", 200);
	apply(&d);
	expect_books(&d, "created 2 300");
	add(&d, OM_KIND_ORDER, "C", "1", 400);
	apply(&d);
	expect_books(&d, "created 3 700");
	assert_int_equal(om_log_size(d.a.log), 3);
	assert_int_equal(d.a.progress.leaf_from, 0);
}

static void
a_block_that_brings_nothing_leaves_nothing(void **state)
{
	OM_AUTO(desk_close) struct desk d;
	struct om_progress progress;
	struct om_err err = { 0 };

	desk_open(&d, stage_of(state), OM_FEED_ORDERS);
	apply(&d);
	assert_ok(om_progress_get(d.a.db, OM_WORK_BATCH, 1, &progress, &err));
	assert_false(progress.there);
	expect_books(&d, "");
}

static void
one_reference_many_times_is_taken_in_its_order(void **state)
{
	OM_AUTO(desk_close) struct desk d;

	desk_open(&d, stage_of(state), OM_FEED_ORDERS);
	add(&d, OM_KIND_ORDER, "A", "1", 100);
	add(&d, OM_KIND_ORDER, "B", "1", 1000);
	add(&d, OM_KIND_ORDER, "A", "1", 100);
	add(&d, OM_KIND_ORDER, "A", "3", 300);
	add(&d, OM_KIND_ORDER, "A", "2", 200);
	add(&d, OM_KIND_CANCEL, "A", "", 0);
	add(&d, OM_KIND_CANCEL, "A", "", 0);
	apply(&d);
	expect_books(&d,
	    "created 2 1100, amended 1 300, cancelled 1 0, unchanged 3 300,"
	    " stale 1 200");
	assert_int_equal(db_number(d.a.db,
			     "SELECT count(*) FROM order_rows WHERE"
			     " reference = 'A' AND until_batch = 0 AND"
			     " kind = 1 AND state = 8 AND total_minor = 300"),
	    1);
	assert_int_equal(db_number(d.a.db,
			     "SELECT count(*) FROM order_rows a JOIN"
			     " order_rows b ON b.prev_id = a.id JOIN"
			     " order_rows c ON c.prev_id = b.id"
			     " WHERE a.revision = '1' AND b.revision = '3'"
			     " AND c.kind = 1"),
	    1);
}

static void
a_conflict_is_kept_with_its_place(void **state)
{
	OM_AUTO(desk_close) struct desk d;

	desk_open(&d, stage_of(state), OM_FEED_ORDERS);
	add(&d, OM_KIND_ORDER, "A", "1", 100);
	add(&d, OM_KIND_ORDER, "A", "1", 101);
	apply(&d);
	expect_books(&d, "created 1 100, conflicting 1 101");
	assert_int_equal(db_number(d.a.db,
			     "SELECT count(*) FROM findings WHERE"
			     " batch = 1 AND reference = 'A' AND line = 2 AND"
			     " byte_offset = 200 AND total_minor = 101 AND"
			     " reason = 'stored with other values:"
			     " subtotal, total'"),
	    1);
	assert_int_equal(om_log_size(d.a.log), 1);
}

/* In one block and over several: the order ends cancelled, and the books say
 * how that came. */
static void
a_cancellation_may_come_before_its_order(void **state)
{
	OM_AUTO(desk_close) struct desk d;

	desk_open(&d, stage_of(state), OM_FEED_ORDERS);
	add(&d, OM_KIND_CANCEL, "A", "", 0);
	add(&d, OM_KIND_CANCEL, "B", "", 0);
	add(&d, OM_KIND_CANCEL, "A", "", 0);
	add(&d, OM_KIND_ORDER, "A", "1", 100);
	add(&d, OM_KIND_CANCEL, "C", "", 0);
	apply(&d);
	expect_books(&d, "created 1 100, overtaken 1 100, cancelled 3 0,"
			 " early 3 0, unchanged 1 0");
	add(&d, OM_KIND_ORDER, "A", "1", 100);
	add(&d, OM_KIND_ORDER, "B", "1", 200);
	add(&d, OM_KIND_ORDER, "B", "2", 300);
	apply(&d);
	expect_books(&d, "created 2 300, overtaken 2 300, cancelled 3 0,"
			 " early 3 0, unchanged 2 100, conflicting 1 300");
	assert_int_equal(db_number(d.a.db,
			     "SELECT count(*) FROM order_rows o JOIN"
			     " order_rows c ON c.id = o.prev_id WHERE"
			     " o.kind = 0 AND o.state = 8 AND"
			     " o.until_batch = 0 AND c.kind = 1 AND"
			     " c.currency = '' AND c.until_batch = 1"),
	    2);
	assert_int_equal(db_number(d.a.db,
			     "SELECT count(*) FROM order_rows WHERE"
			     " currency = '' AND until_batch = 0"),
	    1);
	assert_int_equal(om_log_size(d.a.log), 5);
}

static void
payments_go_in_the_same_way(void **state)
{
	OM_AUTO(desk_close) struct desk d;

	desk_open(&d, stage_of(state), OM_FEED_PAYMENTS);
	pay(&d, "A", "p1", 100);
	pay(&d, "B", "p1", 50);
	pay(&d, "A", "p2", -30);
	apply(&d);
	expect_books(&d, "created 3 120");
	assert_int_equal(om_log_size(d.a.log), 3);
	pay(&d, "A", "p1", 100);
	pay(&d, "A", "p2", -31);
	apply(&d);
	expect_books(&d, "created 3 120, unchanged 1 100, conflicting 1 -31");
	assert_int_equal(om_log_size(d.a.log), 3);
	assert_int_equal(db_number(d.a.db,
			     "SELECT count(*) FROM findings WHERE line = 5"
			     " AND reason = 'payment stored with other"
			     " values' AND total_minor = -31"),
	    1);
}

static void
one_payment_many_times_is_taken_once(void **state)
{
	OM_AUTO(desk_close) struct desk d;

	desk_open(&d, stage_of(state), OM_FEED_PAYMENTS);
	pay(&d, "A", "p1", 100);
	pay(&d, "A", "p2", 100);
	pay(&d, "A", "p1", 100);
	pay(&d, "A", "p1", 101);
	apply(&d);
	expect_books(&d, "created 2 200, unchanged 1 100, conflicting 1 101");
	assert_int_equal(db_number(d.a.db, "SELECT count(*) FROM payments"), 2);
}

/* Nothing of a block stays if the transaction does not commit. */
static void
each_call_may_fail(void **state)
{
	OM_AUTO(desk_close) struct desk d;
	char before[OM_SHA256_HEX];
	char after[OM_SHA256_HEX];
	struct om_err err = { 0 };
	int failures = 0;

	desk_open(&d, stage_of(state), OM_FEED_ORDERS);
	add(&d, OM_KIND_ORDER, "A", "1", 100);
	add(&d, OM_KIND_ORDER, "B", "1", 100);
	apply(&d);
	content_of_db(d.a.db, false, before);
	add(&d, OM_KIND_ORDER, "A", "2", 200);
	add(&d, OM_KIND_ORDER, "B", "1", 101);
	add(&d, OM_KIND_ORDER, "C", "1", 100);
	d.block->number = d.next;
	for (long n = 1;; n++) {
		struct om_txn txn = { 0 };
		int rc;

		assert_ok(om_txn_begin(d.a.db, &txn, &err));
		spy_fail_at(n);
		rc = om_apply(&d.a, d.block, &err);
		if (!spy_failed()) {
			spy_reset();
			assert_ok(rc);
			om_txn_end(&txn);
			break;
		}
		assert_fails(rc, OM_EIO);
		om_txn_end(&txn);
		spy_reset();
		failures++;
		content_of_db(d.a.db, false, after);
		assert_string_equal(before, after);
		assert_ok(om_log_reload(d.a.log, &err));
	}
	assert_true(failures >= 15);
	assert_ok(om_log_reload(d.a.log, &err));
	apply(&d);
	expect_books(&d, "created 3 300, amended 1 200, conflicting 1 101");
}

/* Left to itself it would read all keys for every block: that costs less than
 * to look up these, but not than to do so for one block of many. */
static void
a_server_looks_up_the_keys_of_a_block_by_their_index(void **state)
{
	static char name[12000][8];
	OM_AUTO(desk_close) struct desk d;
	struct om_err err = { 0 };
	struct om_stmt *q;
	int lines = 0;

	desk_open(&d, stage_of(state), OM_FEED_ORDERS);
	for (size_t i = 0; i < OM_COUNT(name); i++) {
		snprintf(name[i], sizeof(name[i]), "R%zu", i);
		add(&d, OM_KIND_ORDER, name[i], "1", 1);
	}
	apply(&d);
	assert_ok(om_db_prepare(d.a.db,
	    "EXPLAIN SELECT k.id FROM chunk_keys c JOIN order_keys k"
	    " ON k.slot = c.slot AND k.key = c.key",
	    &q, &err));
	for (; om_stmt_step(q, &err) == 1; lines++)
		assert_null(strstr(om_col_text(q, 0).p, "Scan on order_keys"));
	assert_true(lines > 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(a_share_goes_in_with_all_that_belongs_to_it),
		STAGE_BOTH(rows_are_numbered_as_they_came),
		STAGE_BOTH(a_block_that_is_in_is_passed_over),
		STAGE_BOTH(a_block_that_brings_nothing_leaves_nothing),
		STAGE_BOTH(one_reference_many_times_is_taken_in_its_order),
		STAGE_BOTH(a_conflict_is_kept_with_its_place),
		STAGE_BOTH(a_cancellation_may_come_before_its_order),
		STAGE_BOTH(payments_go_in_the_same_way),
		STAGE_BOTH(one_payment_many_times_is_taken_once),
		STAGE_BOTH(each_call_may_fail),
		STAGE(on_postgres,
		    a_server_looks_up_the_keys_of_a_block_by_their_index),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
