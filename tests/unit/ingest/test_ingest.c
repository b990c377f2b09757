/* A batch into a store: once, as a whole, or not at all. */
#include "world.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "ingest/block.h"
#include "store/ledger.h"
#include "store/quarantine.h"

#define SMALL 10 /* orders in a block */

/* Orders, amendments, cancellations (of what is there, of what comes later and
 * of what never comes), conflicts and rejects, in several blocks. */
static const char *
mixed(struct stage *s)
{
	static char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/mixed.csv", s->dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("kind,reference,revision,currency,total\n", f);
	fputs("cancel,M89,,,\ncancel,gone,,,\n", f);
	for (int i = 0; i < 89; i++)
		fprintf(f, "order,M%d,1,%s,%d.00\n", i,
		    i % 3 == 0 ? "USD" : "EUR", i);
	for (int i = 0; i < 20; i++)
		fprintf(f, "order,M%d,2,%s,%d.50\n", i,
		    i % 3 == 0 ? "USD" : "EUR", i);
	fputs("order,M30,1,USD,99.99\n", f); /* conflicts */
	fputs("order,bad,1,EUR,oops\n", f);  /* is rejected */
	fputs("cancel,M40,,,\norder,M31,1,EUR,99.99\n", f);
	fputs("order,M89,1,EUR,89.00\n", f); /* is cancelled */
	assert_int_equal(fclose(f), 0);
	return path;
}

static const struct om_ingest_options lenient = { .limits = { .rejects = 3 },
	.block_items = SMALL };

static int
load_mixed(struct stage *s, struct om_store *store,
    struct om_ingest_result *out, struct om_err *err)
{
	return load(store, "canonical", mixed(s), &lenient, out, err);
}

static void
new_store(struct stage *s)
{
	om_store_close(&s->store);
	stage_new_url(s);
	stage_create(s, s->url, STAGE_SHARDS);
	s->store = stage_open(s, s->url, OM_STORE_WRITE);
}

/* What a store holds when nothing went wrong. */
static void
undisturbed(struct stage *s, char out[OM_SHA256_HEX])
{
	struct om_ingest_result r;
	struct om_err err = { 0 };

	assert_ok(load_mixed(s, s->store, &r, &err));
	content_digest(s->store, out);
}

static void
a_batch_goes_in_as_a_whole(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_result r;
	struct om_err err = { 0 };

	assert_ok(load_mixed(s, s->store, &r, &err));
	assert_int_equal(r.batch, 1);
	assert_true(r.published);
	assert_false(r.already);
	assert_false(r.resumed);
	assert_int_equal(r.rows_read, 116);
	assert_int_equal(r.open_rejects, 3);
	assert_int_equal(om_books_orders(&r.books, OM_READ), 116);
	assert_int_equal(om_books_orders(&r.books, OM_CREATED), 90);
	assert_int_equal(om_books_orders(&r.books, OM_AMENDED), 20);
	assert_int_equal(om_books_orders(&r.books, OM_CANCELLED_BY_FEED), 3);
	assert_int_equal(om_books_orders(&r.books, OM_EARLY), 2);
	assert_int_equal(om_books_orders(&r.books, OM_OVERTAKEN), 1);
	assert_int_equal(om_books_orders(&r.books, OM_CONFLICTING), 2);
	assert_int_equal(om_books_orders(&r.books, OM_REJECTED), 1);
	assert_ok(om_books_close(&r.books, &err));
	assert_int_equal(om_store_published(s->store), 1);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM orders"), 90);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM waiting"), 1);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM orders WHERE"
					  " reference = 'M89' AND"
					  " state = 'cancelled'"),
	    1);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM progress"), 0);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM findings"), 0);
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM journal"), 1);
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM runs WHERE"
					   " state = 'done' AND status = 0"),
	    1);
}

static void
engines_and_block_sizes_do_not_show(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_options o = lenient;
	char want[OM_SHA256_HEX];
	char got[OM_SHA256_HEX];
	static char first[OM_SHA256_HEX]; /* the other engine's */

	undisturbed(s, want);
	for (int i = 0; i < 2; i++) {
		struct om_ingest_result r;
		struct om_err err = { 0 };

		new_store(s);
		o.block_items = i == 0 ? 7 : 0;
		assert_ok(load(s->store, "canonical", mixed(s), &o, &r, &err));
		content_digest(s->store, got);
		assert_string_equal(got, want);
	}
	if (first[0] == '\0')
		strcpy(first, want);
	assert_string_equal(first, want);
}

static void
conflicts_and_rejects_are_kept_with_their_places(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_result r;
	struct om_err err = { 0 };

	assert_ok(load_mixed(s, s->store, &r, &err));
	assert_int_equal(catalog_number(s,
			     "SELECT count(*) FROM rejects WHERE"
			     " batch = 1 AND reject = 1 AND"
			     " outcome = 'rejected' AND reference = 'bad' AND"
			     " line = 114 AND column_name = 'total'"),
	    1);
	assert_int_equal(catalog_number(s,
			     "SELECT count(*) FROM rejects WHERE"
			     " outcome = 'conflicting' AND ((reference = 'M30'"
			     " AND line = 113 AND total_minor = 9999) OR"
			     " (reference = 'M31' AND line = 116))"),
	    2);
}

static void
known_content_is_not_read_again(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_result r;
	struct om_err err = { 0 };
	char before[OM_SHA256_HEX];
	char after[OM_SHA256_HEX];

	undisturbed(s, before);
	assert_ok(load_mixed(s, s->store, &r, &err));
	assert_true(r.already);
	assert_true(r.published);
	assert_int_equal(r.batch, 1);
	assert_int_equal(r.rows_read, 116);
	assert_int_equal(om_books_orders(&r.books, OM_CREATED), 0);
	assert_int_equal(om_books_orders(&r.books, OM_UNCHANGED), 113);
	assert_int_equal(r.open_rejects, 3);
	content_digest(s->store, after);
	assert_string_equal(before, after);
}

static void
a_rehearsal_leaves_the_store_as_it_was(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_options o = lenient;
	struct om_ingest_result r;
	struct om_err err = { 0 };
	char before[OM_SHA256_HEX];
	char after[OM_SHA256_HEX];

	content_digest(s->store, before);
	o.dry_run = true;
	assert_ok(load(s->store, "canonical", mixed(s), &o, &r, &err));
	assert_int_equal(r.batch, 0);
	assert_false(r.published);
	assert_int_equal(om_books_orders(&r.books, OM_CREATED), 90);
	o.limits.rejects = 2;
	assert_fails(load(s->store, "canonical", mixed(s), &o, &r, &err),
	    OM_EDATA);
	content_digest(s->store, after);
	assert_string_equal(before, after);
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM runs"), 0);
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM batches"), 0);
}

static void
rejects_over_the_limit_leave_nothing_but_themselves(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_options o = lenient;
	struct om_ingest_result r;
	struct om_err err = { 0 };

	o.limits.rejects = 2;
	assert_fails(load(s->store, "canonical", mixed(s), &o, &r, &err),
	    OM_EDATA);
	assert_string_equal(err.msg, "3 of 116 orders rejected, more than"
				     " allowed; nothing was loaded");
	assert_int_equal(r.batch, 1);
	assert_false(r.published);
	assert_int_equal(r.open_rejects, 3);
	assert_int_equal(shards_number(s,
			     "SELECT (SELECT count(*) FROM order_rows) +"
			     " (SELECT count(*) FROM order_keys) +"
			     " (SELECT count(*) FROM progress) +"
			     " (SELECT count(*) FROM shard_books) +"
			     " (SELECT count(*) FROM findings) +"
			     " (SELECT count(*) FROM log_tiles)"),
	    0);
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM rejects"), 3);
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM batches WHERE"
					   " state = 'failed'"),
	    1);
	assert_int_equal(catalog_number(s, "SELECT status FROM runs"), 5);
	assert_ok(load_mixed(s, s->store, &r, &err));
	assert_int_equal(r.batch, 2);
}

/* 3 bad ones of 116 are 25862.06... millionths. */
static void
a_share_of_rejects_has_its_limit_too(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_options o = lenient;
	struct om_ingest_result r;
	struct om_err err = { 0 };

	o.dry_run = true;
	o.limits = (struct om_limits){ .share = true, .ppm = 25862 };
	assert_fails(load(s->store, "canonical", mixed(s), &o, &r, &err),
	    OM_EDATA);
	o.limits.ppm = 25863;
	assert_ok(load(s->store, "canonical", mixed(s), &o, &r, &err));
	o.limits.ppm = 0;
	assert_fails(load(s->store, "canonical", mixed(s), &o, &r, &err),
	    OM_EDATA);
	o.limits.ppm = 1000000;
	assert_ok(load(s->store, "canonical", mixed(s), &o, &r, &err));
}

static void
input_that_breaks_off_leaves_nothing(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_options o = lenient;
	struct om_ingest_result r;
	struct om_err err = { 0 };
	char text[2048] = "reference,currency,total\n";

	for (int i = 0; i < 40; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "T%d,EUR,1.00\n", i);
	strcat(text, "T99,\"EUR,1.00\n");
	assert_fails(load(s->store, "canonical", stage_file(s, "t.csv", text),
			 &o, &r, &err),
	    OM_EDATA);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM order_rows"),
	    0);
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM batches WHERE"
					   " state = 'failed'"),
	    1);
}

/* At each call in turn: all or nothing is seen, and the next attempt ends in
 * the same store. */
static void
each_call_may_fail(void **state)
{
	struct stage *s = stage_of(state);
	char want[OM_SHA256_HEX];
	char got[OM_SHA256_HEX];
	bool failed = true;
	long n;

	undisturbed(s, want);
	for (n = 0; failed;) {
		struct om_ingest_result r;
		struct om_err err = { 0 };
		int64_t seen;
		int rc;

		n += stage_step(s, 17, 211);
		new_store(s);
		spy_fail_at(n);
		rc = load_mixed(s, s->store, &r, &err);
		failed = spy_failed();
		spy_reset();
		seen = shards_number(s, "SELECT count(*) FROM orders");
		if (failed && rc < 0) {
			assert_int_equal(rc, OM_EIO);
			if (catalog_number(s,
				"SELECT count(*) FROM batches"
				" WHERE state = 'published'") == 0)
				assert_int_equal(seen, 0);
			assert_ok(load_mixed(s, s->store, &r, &err));
			assert_true(r.published);
		}
		content_digest(s->store, got);
		assert_string_equal(got, want);
	}
	assert_true(n >= 300);
}

static void
die_while_loading(struct stage *s, long commit, bool after)
{
	struct om_ingest_result r;
	struct om_err err = { 0 };

	s->store = stage_open(s, s->url, OM_STORE_WRITE);
	spy_die_at_commit(commit, after);
	_exit(load_mixed(s, s->store, &r, &err) == 0 ? 0 : 1);
}

/* True if it was killed, false if it came to its end. */
static bool
killed_at(struct stage *s, long commit, bool after)
{
	pid_t child;
	int status;

	new_store(s);
	om_store_close(&s->store);
	child = fork();
	if (child == 0)
		die_while_loading(s, commit, after);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	s->store = stage_open(s, s->url, OM_STORE_WRITE);
	return WIFSIGNALED(status);
}

static void
killed_at_any_commit_it_ends_in_the_same_store(void **state)
{
	struct stage *s = stage_of(state);
	char want[OM_SHA256_HEX];
	char got[OM_SHA256_HEX];
	bool killed = true;
	long n;

	undisturbed(s, want);
	for (n = 1; killed; n += stage_step(s, 1, 3))
		for (int after = 0; after < 2; after++) {
			struct om_ingest_result r;
			struct om_err err = { 0 };

			killed = killed_at(s, n, after != 0);
			assert_ok(load_mixed(s, s->store, &r, &err));
			assert_true(r.published);
			content_digest(s->store, got);
			assert_string_equal(got, want);
		}
	assert_true(n >= 8);
}

static void
stopped_by_its_deadline_it_goes_on(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_options hurry = lenient;
	struct om_ingest_result r;
	struct om_err err = { 0 };
	char want[OM_SHA256_HEX];
	char got[OM_SHA256_HEX];

	undisturbed(s, want);
	new_store(s);
	hurry.deadline_ns = 1;
	assert_fails(load(s->store, "canonical", mixed(s), &hurry, &r, &err),
	    OM_EDEADLINE);
	assert_false(r.published);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM orders"), 0);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM order_rows"),
	    SMALL);
	assert_ok(load_mixed(s, s->store, &r, &err));
	assert_true(r.resumed);
	assert_int_equal(r.batch, 1);
	content_digest(s->store, got);
	assert_string_equal(got, want);
}

static void
cut_into_other_blocks_it_starts_again(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_options o = lenient;
	struct om_ingest_result r;
	struct om_err err = { 0 };

	o.deadline_ns = 1;
	assert_fails(load(s->store, "canonical", mixed(s), &o, &r, &err),
	    OM_EDEADLINE);
	o.deadline_ns = 0;
	o.block_items = SMALL + 1;
	assert_ok(load(s->store, "canonical", mixed(s), &o, &r, &err));
	assert_false(r.resumed);
	assert_int_equal(r.batch, 2);
	assert_int_equal(om_books_orders(&r.books, OM_CREATED), 90);
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM batches WHERE"
					   " batch = 1 AND state = 'undone'"),
	    1);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM orders"), 90);
}

/* Rows of one order that stand far apart, seen after blocks were loaded. */
static void
rows_found_apart_are_gathered(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_result r;
	struct om_err err = { 0 };
	char text[4096] = "reference,currency,total,line,quantity,unit_price\n"
			  "A00,EUR,3.00,1,1,1.00\n";

	for (int i = 1; i < 50; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "A%02d,EUR,1.00,1,1,1.00\n", i);
	strcat(text, "A00,EUR,3.00,2,2,1.00\n");
	assert_ok(load(s->store, "canonical", stage_file(s, "a.csv", text),
	    &lenient, &r, &err));
	assert_int_equal(om_books_orders(&r.books, OM_CREATED), 50);
	assert_int_equal(om_books_orders(&r.books, OM_READ), 50);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM orders"), 50);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM order_lines"),
	    51);
}

static void
books_that_do_not_close_end_the_batch(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_options o = lenient;
	struct om_ingest_result r;
	struct om_err err = { 0 };

	o.deadline_ns = 1;
	assert_fails(load(s->store, "canonical", mixed(s), &o, &r, &err),
	    OM_EDEADLINE);
	for (unsigned i = 0; i < STAGE_SHARDS; i++) {
		OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, i);

		db_run(db, "UPDATE shard_books SET orders = orders + 1");
	}
	assert_fails(load_mixed(s, s->store, &r, &err), OM_EINTERNAL);
	assert_non_null(strstr(err.msg, "the books do not close: "));
	assert_int_equal(shards_number(s, "SELECT count(*) FROM order_rows"),
	    0);
	assert_ok(load_mixed(s, s->store, &r, &err));
	assert_int_equal(om_books_orders(&r.books, OM_CREATED), 90);
}

static void
a_statement_is_another_kind_of_batch(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_result r;
	struct om_err err = { 0 };
	const char *path = stage_file(s, "p.csv",
	    "reference,payment,currency,amount,total\n"
	    "A,p1,EUR,1.00,5.00\nA,p2,EUR,-0.25,6.00\nB,p1,EUR,2.00,7.00\n");

	assert_ok(load(s->store, "payments", path, &lenient, &r, &err));
	assert_int_equal(om_books_orders(&r.books, OM_CREATED), 3);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM payments"), 3);
	assert_ok(load(s->store, "payments", path, &lenient, &r, &err));
	assert_true(r.already);
	assert_fails(load(s->store, "canonical", path, &lenient, &r, &err), 0);
	assert_false(r.already);
}

static void
a_retry_closes_its_parent(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_options o = lenient;
	struct om_ingest_result r;
	struct om_err err = { 0 };
	const char *path = stage_file(s, "fix.csv",
	    "kind,reference,revision,currency,total\n"
	    "order,bad,1,EUR,1.00\norder,M30,3,USD,99.99\n"
	    "order,M31,3,EUR,99.99\n");

	assert_ok(load_mixed(s, s->store, &r, &err));
	o.parent = 99;
	assert_fails(load(s->store, "canonical", path, &o, &r, &err),
	    OM_ENOENT);
	assert_string_equal(err.msg, "no batch 99");
	o.parent = 1;
	assert_ok(load(s->store, "canonical", path, &o, &r, &err));
	assert_int_equal(r.batch, 2);
	assert_int_equal(r.parent_open_rejects, 0);
	assert_int_equal(catalog_number(s, "SELECT parent FROM batches"
					   " WHERE batch = 2"),
	    1);
}

static void
a_cancellation_that_waits_repairs_no_order(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_options o = lenient;
	struct om_ingest_result r;
	struct om_err err = { 0 };
	static const char *const text[] = {
		"kind,reference,currency,total\norder,X,EUR,oops\n",
		"kind,reference,currency,total\ncancel,X,,\n",
		"kind,reference,currency,total\norder,Y,EUR,1.00\n",
		"kind,reference,currency,total\norder,X,EUR,1.00\n",
	};
	static const int64_t open[] = { 0, 0, 1, 0 };

	for (size_t i = 0; i < OM_COUNT(text); i++) {
		o.parent = i < 2 ? 0 : 1;
		assert_ok(load(s->store, "canonical",
		    stage_file(s, "x.csv", text[i]), &o, &r, &err));
		assert_int_equal(r.parent_open_rejects, open[i]);
	}
	assert_int_equal(om_books_orders(&r.books, OM_OVERTAKEN), 1);
}

/* What was a bad cancellation is a good one now: it has been repaired. */
static void
a_cancellation_that_waits_repairs_its_own_reject(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_options o = lenient;
	struct om_ingest_result r;
	struct om_err err = { 0 };

	assert_ok(load(s->store, "canonical",
	    stage_file(s, "x.csv",
		"kind,reference,currency,total\ncancel,X,oops,\n"),
	    &o, &r, &err));
	assert_int_equal(r.open_rejects, 1);
	o.parent = 1;
	assert_ok(load(s->store, "canonical",
	    stage_file(s, "y.csv",
		"kind,reference,currency,total\ncancel,X,,\n"),
	    &o, &r, &err));
	assert_int_equal(om_books_orders(&r.books, OM_EARLY), 1);
	assert_int_equal(r.parent_open_rejects, 0);
}

/* Killed when the retry was published and its parent not yet closed. */
static void
a_retry_that_is_known_closes_its_parent(void **state)
{
	struct stage *s = stage_of(state);
	struct om_ingest_options o = lenient;
	struct om_ingest_result r;
	struct om_err err = { 0 };
	const char *path = stage_file(s, "fix.csv",
	    "reference,revision,currency,total\nbad,1,EUR,1.00\n");

	assert_ok(load_mixed(s, s->store, &r, &err));
	assert_ok(load(s->store, "canonical", path, &o, &r, &err));
	o.parent = 1;
	assert_ok(load(s->store, "canonical", path, &o, &r, &err));
	assert_true(r.already);
	assert_int_equal(r.parent_open_rejects, 2);
}

/* One more than a block holds: what is the default is tried as well. */
static void
more_than_one_full_block(void **state)
{
	struct stage *s = stage_of(state);
	const struct om_ingest_options o = { .dry_run = false };
	struct om_ingest_result r;
	struct om_err err = { 0 };
	int n = (int)OM_BLOCK_ITEMS + 1;

	assert_ok(load(s->store, "canonical", many_orders(s, "many.csv", n, 1),
	    &o, &r, &err));
	assert_int_equal(om_books_orders(&r.books, OM_CREATED), n);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM orders"), n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(a_batch_goes_in_as_a_whole),
		STAGE_BOTH(engines_and_block_sizes_do_not_show),
		STAGE_BOTH(conflicts_and_rejects_are_kept_with_their_places),
		STAGE_BOTH(known_content_is_not_read_again),
		STAGE_BOTH(a_rehearsal_leaves_the_store_as_it_was),
		STAGE_BOTH(rejects_over_the_limit_leave_nothing_but_themselves),
		STAGE_BOTH(a_share_of_rejects_has_its_limit_too),
		STAGE_BOTH(input_that_breaks_off_leaves_nothing),
		STAGE_BOTH(each_call_may_fail),
		STAGE_BOTH(killed_at_any_commit_it_ends_in_the_same_store),
		STAGE_BOTH(stopped_by_its_deadline_it_goes_on),
		STAGE_BOTH(cut_into_other_blocks_it_starts_again),
		STAGE_BOTH(rows_found_apart_are_gathered),
		STAGE_BOTH(books_that_do_not_close_end_the_batch),
		STAGE_BOTH(a_statement_is_another_kind_of_batch),
		STAGE_BOTH(a_retry_closes_its_parent),
		STAGE_BOTH(a_cancellation_that_waits_repairs_no_order),
		STAGE_BOTH(a_cancellation_that_waits_repairs_its_own_reject),
		STAGE_BOTH(a_retry_that_is_known_closes_its_parent),
		STAGE_BOTH(more_than_one_full_block),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
