/* om_verify() and om_prove() over whole stores, and when the database fails. */
#include "stage.h"

#include <stdlib.h>
#include <string.h>

#include "audit/checkpoint.h"
#include "audit/log.h"
#include "audit/prove.h"
#include "audit/verify.h"
#include "ingest/ingest.h"
#include "pass/run.h"
#include "spy.h"

static const char orders[] = "kind,channel,reference,revision,customer,"
			     "placed_at,currency,subtotal,discount,shipping,"
			     "tax,tax_included,total,line,sku,quantity,"
			     "unit_price,line_discount,line_tax,line_total\n"
#define ORDER(ref, revision, total)                                            \
	"order,web," ref "," revision ",C,2026-01-01T00:00:00Z,EUR," total     \
	",0.00,0.00,0.00,true," total ",1,SKU,1," total ",0.00,0.00," total    \
	"\n"
    ORDER("A1", "1", "1.00") ORDER("A2", "1", "2.00") ORDER("A3", "1", "3.00")
	ORDER("A4", "1", "4.00") ORDER("A5", "1", "5.00");
static const char payments[] =
    "channel,reference,payment,currency,amount,paid_at\n"
    "web,A1,P1,EUR,1.00,2026-01-02T00:00:00Z\n"
    "web,A1,P2,EUR,-0.25,2026-01-03T00:00:00Z\n"
    "web,A2,P3,EUR,2.00,2026-01-02T00:00:00Z\n";

static void
ingest(struct stage *s, const char *feed_name, const char *name,
    const char *text)
{
	const struct om_ingest_options options = { .dry_run = false };
	const char *path = stage_file(s, name, text);
	struct om_ingest_result result;
	struct om_feed *feed = NULL;
	struct om_err err = { 0 };

	assert_ok(om_feed_builtin(feed_name, &feed, &err));
	assert_ok(om_ingest(s->store, feed, &path, 1, &options, &result, &err));
	om_feed_free(&feed);
}

static void
run(struct stage *s, const struct om_pass *pass)
{
	const struct om_run_options options = { .only_shard = -1 };
	struct om_run_result result;
	struct om_err err = { 0 };

	assert_ok(om_pass_run(s->store, pass, &options, &result, &err));
}

/* Orders, events, a later revision, payments. */
static struct stage *
furnished(void **state)
{
	struct stage *s = stage_of(state);
	char *second = strdup(orders);

	spy_reset();
	ingest(s, "canonical", "a.csv", orders);
	run(s, &om_pass_validate);
	for (char *p = second; (p = strstr(p, ",1,C,")) != NULL; p++)
		p[1] = '2';
	strstr(second, "order,web,A4")[0] = '\0';
	ingest(s, "canonical", "b.csv", second);
	ingest(s, "payments", "c.csv", payments);
	run(s, &om_pass_settle);
	free(second);
	return s;
}

static int
verify(struct stage *s, struct om_arena *arena, struct om_verified *out,
    struct om_err *err)
{
	const struct om_verify_plan plan = { .verifier = NULL };

	return om_verify(s->store, &plan, arena, out, err);
}

/* n flaws, the first of which is this. */
static void
assert_flaws(struct stage *s, uint64_t n, int64_t shard, const char *order,
    const char *what)
{
	struct om_arena arena = { 0 };
	struct om_err err = { 0 };
	struct om_verified v;

	assert_ok(verify(s, &arena, &v, &err));
	assert_int_equal(v.flaw_count, n);
	if (n > 0) {
		assert_int_equal(v.flaws->shard, shard);
		assert_string_equal(v.flaws->order == NULL ? ""
							   : v.flaws->order,
		    order);
		assert_string_equal(v.flaws->what, what);
	}
	om_arena_clear(&arena);
}

static void
change(struct stage *s, unsigned shard, const char *sql)
{
	struct om_db *db = stage_shard(s, shard);

	db_run(db, sql);
	om_db_close(&db);
}

/* The shard that an order lives in. */
static unsigned
home(const struct stage *s, const char *reference)
{
	return om_store_shard_of(s->store,
	    om_slot_of(om_hash64(OM_STR("web"), om_str_of(reference))));
}

static void
a_new_store_verifies(void **state)
{
	assert_flaws(stage_of(state), 0, 0, "", "");
}

static void
a_furnished_store_verifies(void **state)
{
	struct stage *s = furnished(state);
	struct om_arena arena = { 0 };
	struct om_err err = { 0 };
	struct om_verified v;

	assert_ok(verify(s, &arena, &v, &err));
	assert_int_equal(v.flaw_count, 0);
	assert_int_equal(v.size, 5);
	assert_int_equal(v.checkpoints, 5);
	assert_int_equal(v.pending, 0);
	/* 5 orders, 5 events, 3 revisions, 3 payments, 3 events, 5 entries. */
	assert_int_equal(v.leaves, 24);
	om_arena_clear(&arena);
}

static void
sums_and_states_are_those_of_the_events(void **state)
{
	struct stage *s = furnished(state);
	unsigned shard = home(s, "A1");
	int64_t was = shards_number(s, "SELECT refunded_minor FROM orders"
				       " WHERE reference = 'A1'");

	assert_int_equal(was, 25);
	change(s, shard,
	    "UPDATE order_rows SET refunded_minor = 26"
	    " WHERE reference = 'A1' AND until_batch = 0;");
	assert_flaws(s, 1, shard, "web/A1",
	    "its row says 26 refunded, its events 25");
	change(s, shard,
	    "UPDATE order_rows SET refunded_minor = 25,"
	    " paid_minor = 99"
	    " WHERE reference = 'A1' AND until_batch = 0;");
	assert_flaws(s, 1, shard, "web/A1",
	    "its row says 99 paid, its events"
	    " 100");
	change(s, shard,
	    "UPDATE order_rows SET paid_minor = 100, state = 7"
	    " WHERE reference = 'A1' AND until_batch = 0;");
	assert_flaws(s, 1, shard, "web/A1",
	    "its state is closed, its events say received");
	change(s, shard,
	    "UPDATE order_rows SET state = -1"
	    " WHERE reference = 'A1' AND until_batch = 0;");
	assert_flaws(s, 1, shard, "web/A1",
	    "its state is none there is, its events say received");
	change(s, shard,
	    "UPDATE order_rows SET state = 0"
	    " WHERE reference = 'A1' AND until_batch = 0;");
	assert_flaws(s, 0, 0, "", "");
}

/* What one row has too little another may have too much: no sum hides it. */
static void
a_sum_moved_from_order_to_order_is_found(void **state)
{
	struct stage *s = furnished(state);

	for (unsigned i = 0; i < STAGE_SHARDS; i++)
		change(s, i,
		    "UPDATE order_rows SET paid_minor ="
		    " CASE reference WHEN 'A1' THEN 200 ELSE 100 END"
		    " WHERE reference IN ('A1', 'A2')"
		    " AND until_batch = 0;");
	if (home(s, "A1") == home(s, "A2"))
		assert_flaws(s, 2, home(s, "A1"), "web/A1",
		    "its row says 200 paid, its events 100");
	else
		assert_flaws(s, 2, 0, home(s, "A1") == 0 ? "web/A1" : "web/A2",
		    home(s, "A1") == 0
			? "its row says 200 paid, its events 100"
			: "its row says 100 paid, its events 200");
}

static void
revisions_hang_together(void **state)
{
	struct stage *s = furnished(state);
	unsigned shard = home(s, "A2");

	change(s, shard,
	    "UPDATE order_rows SET until_batch = 7"
	    " WHERE reference = 'A2' AND until_batch <> 0;");
	assert_flaws(s, 2, shard, "web/A2",
	    "batch 2 superseded it, its row says 7");
	change(s, shard,
	    "UPDATE order_rows SET until_batch = 0"
	    " WHERE reference = 'A2' AND until_batch = 7;");
	assert_flaws(s, 1, shard, "web/A2",
	    "batch 2 superseded it, its row says 0");
	change(s, shard,
	    "UPDATE order_rows SET until_batch = 2"
	    " WHERE reference = 'A2' AND prev_id = 0;");
	assert_flaws(s, 0, 0, "", "");
}

/* In which state a row begins follows from the cancellation before it. */
static void
an_order_that_was_cancelled_before_it_came_begins_so(void **state)
{
	struct stage *s = stage_of(state);
	unsigned covered = home(s, "E1");
	unsigned later = home(s, "E2");

	spy_reset();
	ingest(s, "canonical", "c.csv",
	    "kind,channel,reference,revision,currency,total\n"
	    "cancel,web,E1,2,,\ncancel,web,E2,2,,\ncancel,web,E3,2,,\n"
	    "cancel,web,E3,3,,\n");
	assert_flaws(s, 0, 0, "", "");
	ingest(s, "canonical", "o.csv",
	    "kind,channel,reference,revision,currency,total\n"
	    "order,web,E1,2,EUR,1.00\norder,web,E2,3,EUR,2.00\n");
	assert_flaws(s, 0, 0, "", "");
	change(s, covered,
	    "UPDATE order_rows SET state = 0"
	    " WHERE reference = 'E1' AND kind = 0;");
	assert_flaws(s, 1, covered, "web/E1",
	    "its state is received, its events say cancelled");
	change(s, covered,
	    "UPDATE order_rows SET state = 8"
	    " WHERE reference = 'E1' AND kind = 0;");
	change(s, later,
	    "UPDATE order_rows SET state = 8"
	    " WHERE reference = 'E2' AND kind = 0;");
	assert_flaws(s, 1, later, "web/E2",
	    "its state is cancelled, its events say received");
}

static void
an_order_that_came_cancelled_begins_so(void **state)
{
	struct stage *s = stage_of(state);
	unsigned shard = home(s, "V1");

	spy_reset();
	ingest(s, "canonical", "v.csv",
	    "kind,channel,reference,revision,currency,total\n"
	    "cancelled,web,V1,2,EUR,1.00\n");
	assert_flaws(s, 0, 0, "", "");
	change(s, shard,
	    "UPDATE order_rows SET state = 0 WHERE reference = 'V1';");
	assert_flaws(s, 1, shard, "web/V1",
	    "its state is received, its events say cancelled");
}

/* As if a batch's last command had been killed, before and after its progress
 * was forgotten. */
static void
work_in_progress_is_pending_and_no_flaw(void **state)
{
	struct stage *s = furnished(state);
	struct om_arena arena = { 0 };
	struct om_err err = { 0 };
	struct om_verified v;
	struct om_db *db = stage_shard(s, 0);
	struct om_log *log = NULL;
	struct om_txn txn;
	struct om_node leaf = { { 1 } };

	assert_ok(om_log_open(db, &log, &err));
	assert_ok(om_txn_begin(db, &txn, &err));
	assert_ok(om_log_append(log, &leaf, 1, &err));
	assert_ok(om_txn_commit(&txn, &err));
	om_log_close(&log);
	db_run(db, "INSERT INTO progress (kind, number, chunk, leaf_from)"
		   " VALUES ('batch', 9, 0, 0);");
	assert_ok(verify(s, &arena, &v, &err));
	assert_int_equal(v.flaw_count, 0);
	assert_int_equal(v.pending, 1);
	db_run(db, "DELETE FROM progress;");
	om_db_close(&db);
	assert_flaws(s, 1, 0, "", "1 leaves follow what the journal sealed");
	om_arena_clear(&arena);
}

static void
a_trusted_checkpoint_must_be_continued(void **state)
{
	struct stage *s = stage_of(state);
	struct om_arena arena = { 0 };
	struct om_verify_plan plan = { .verifier = NULL };
	struct om_err err = { 0 };
	struct om_verified v;
	struct om_buf early;
	struct om_buf late;

	spy_reset();
	om_buf_init(&early, OM_NOTE_MAX);
	om_buf_init(&late, OM_NOTE_MAX);
	assert_fails(om_checkpoint_newest(s->store, &early, &err), OM_ENOENT);
	ingest(s, "canonical", "a.csv", orders);
	assert_ok(om_checkpoint_newest(s->store, &early, &err));
	run(s, &om_pass_validate);
	assert_ok(om_checkpoint_newest(s->store, &late, &err));
	plan.trusted = om_buf_view(&early);
	assert_ok(om_verify(s->store, &plan, &arena, &v, &err));
	assert_int_equal(v.flaw_count, 0);
	/* A note about more than there is, and one about other things. */
	late.p[strcspn(late.p, "\n") + 1] = '3';
	plan.trusted = om_buf_view(&late);
	assert_ok(om_verify(s->store, &plan, &arena, &v, &err));
	assert_int_equal(v.flaw_count, 1);
	assert_string_equal(v.flaws->what,
	    "the checkpoint that was given is of 3 entries, the journal has"
	    " 2");
	late.p[strcspn(late.p, "\n") + 1] = '1';
	assert_ok(om_verify(s->store, &plan, &arena, &v, &err));
	assert_string_equal(v.flaws->what,
	    "the checkpoint that was given is of another journal: its first 1"
	    " entries differ");
	late.p[0] ^= 1;
	assert_ok(om_verify(s->store, &plan, &arena, &v, &err));
	assert_int_equal(v.flaw_count, 2);
	om_buf_fini(&early);
	om_buf_fini(&late);
	om_arena_clear(&arena);
}

static void
whichever_call_fails_is_an_error_and_no_verdict(void **state)
{
	struct stage *s = furnished(state);
	struct om_verified v = { .size = 77 };
	struct om_arena arena = { 0 };
	long nth = 0;
	int rc;

	do {
		struct om_err err = { 0 };

		spy_reset();
		spy_fail_at(++nth);
		rc = verify(s, &arena, &v, &err);
		if (rc == 0)
			break;
		assert_int_equal(rc, OM_EIO);
		assert_int_equal(err.code, OM_EIO);
		assert_non_null(strstr(err.msg, "injected"));
		assert_int_equal(v.size, 77);
		om_arena_reset(&arena);
	} while (nth < 10000);
	assert_false(spy_failed());
	assert_true(nth > 50);
	assert_int_equal(v.flaw_count, 0);
	spy_reset();
	om_arena_clear(&arena);
}

static void
a_proof_is_made_whole_or_not_at_all(void **state)
{
	struct stage *s = furnished(state);
	struct om_buf proof;
	long nth = 0;
	int rc;

	om_buf_init(&proof, OM_PROOF_TEXT_MAX);
	do {
		struct om_err err = { 0 };

		om_buf_reset(&proof);
		spy_reset();
		spy_fail_at(++nth);
		rc = om_prove(s->store, OM_STR("web"), OM_STR("A1"),
		    nth % 2 == 0 ? OM_PROVE_ORDER : OM_PROVE_EVENT, &proof,
		    &err);
		assert_int_equal(rc, rc < 0 ? OM_EIO : 0);
	} while (rc < 0 && nth < 10000);
	assert_true(nth > 10);
	spy_reset();
	assert_memory_equal(proof.p, "ordmill/proof/1\n", 16);
	om_buf_fini(&proof);
}

/* A search in a table that the program serves is called a scan, too. */
static bool
scans(const char *plan)
{
	while ((plan = strstr(plan, "SCAN ")) != NULL) {
		size_t n = strcspn(plan, "\n");
		const char *search = strstr(plan, "VIRTUAL TABLE INDEX 1:");

		if (search == NULL || search > plan + n)
			return true;
		plan += n;
	}
	return false;
}

/* A full scan is meant, and says so. */
static void
no_statement_scans_unless_it_says_so(void **state)
{
	struct stage *s = furnished(state);
	const struct spied *spied;
	struct om_arena arena = { 0 };
	struct om_err err = { 0 };
	struct om_verified v;
	struct om_buf proof;
	size_t n;

	om_buf_init(&proof, OM_PROOF_TEXT_MAX);
	spy_reset();
	spy_remember();
	assert_ok(verify(s, &arena, &v, &err));
	assert_ok(om_prove(s->store, OM_STR("web"), OM_STR("A1"),
	    OM_PROVE_EVENT, &proof, &err));
	n = spy_statements(&spied);
	assert_true(n > 20);
	for (size_t i = 0; i < n; i++)
		if ((scans(spied[i].plan) ||
			strstr(spied[i].plan, "Seq Scan") != NULL) &&
		    strstr(spied[i].sql, "/*scan*/") == NULL &&
		    strstr(spied[i].sql, "sqlite_master") == NULL)
			fail_msg("%s\n%s", spied[i].sql, spied[i].plan);
	spy_reset();
	om_buf_fini(&proof);
	om_arena_clear(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(a_new_store_verifies),
		STAGE_BOTH(a_furnished_store_verifies),
		STAGE_BOTH(sums_and_states_are_those_of_the_events),
		STAGE_BOTH(a_sum_moved_from_order_to_order_is_found),
		STAGE_BOTH(revisions_hang_together),
		STAGE_BOTH(an_order_that_came_cancelled_begins_so),
		STAGE_BOTH(
		    an_order_that_was_cancelled_before_it_came_begins_so),
		STAGE_BOTH(work_in_progress_is_pending_and_no_flaw),
		STAGE_BOTH(a_trusted_checkpoint_must_be_continued),
		STAGE(on_sqlite,
		    whichever_call_fails_is_an_error_and_no_verdict),
		STAGE_BOTH(a_proof_is_made_whole_or_not_at_all),
		STAGE_BOTH(no_statement_scans_unless_it_says_so),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
