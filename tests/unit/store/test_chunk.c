/* Orders in a shard: judged against what is there, inserted, superseded. */
#include "goods.h"

#include "content.h"

static void
an_id_is_never_0(void **state)
{
	(void)state;
	assert_int_equal(om_row_id(0), 1);
	assert_int_equal(om_row_leaf(1), 0);
	assert_int_equal(om_row_id(INT64_MAX - 1), INT64_MAX);
	assert_int_equal(om_row_leaf(om_row_id(99)), 99);
}

static void
only_some_outcomes_become_rows(void **state)
{
	(void)state;
	for (int o = 0; o < OM_COUNTS; o++)
		assert_int_equal(om_outcome_inserts((enum om_outcome)o),
		    o == OM_CREATED || o == OM_OVERTAKEN || o == OM_VOID ||
			o == OM_AMENDED || o == OM_CANCELLED_BY_FEED ||
			o == OM_EARLY);
}

/* What the entry of the ith order must have become. */
static void
expect_outcome(const struct goods *g, size_t i, enum om_outcome want,
    const char *reason)
{
	const struct om_entry *e = goods_entry(g, i);

	assert_string_equal(om_outcome_name(e->outcome), om_outcome_name(want));
	if (reason != NULL)
		assert_string_equal(e->reason, reason);
}

static void
judge(struct goods *g, struct om_db *db)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	assert_ok(om_txn_begin(db, &txn, &err));
	assert_ok(goods_probe(g, db, &err));
}

static void
a_new_order_is_created_with_all_its_facts(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	struct om_order *o = goods_add(&g, "A-1", "7", 1001);
	struct om_err err = { 0 };
	struct om_stmt *q;
	uint64_t leaf = 40;

	o->tax_included = true;
	o->attributes = OM_STR("{\"gift\":\"yes\"}");
	o->discount_minor = 3;
	o->shipping_minor = 4;
	o->tax_minor = 5;
	goods_put(&g, db, 9, &leaf);
	expect_outcome(&g, 0, OM_CREATED, NULL);
	assert_ok(om_db_prepare(db,
	    "SELECT id, slot, kind, channel, reference, revision, customer,"
	    " placed_at, currency, tax_included, subtotal_minor,"
	    " discount_minor, shipping_minor, tax_minor, total_minor,"
	    " line_count, attributes, prev_id, batch, source_line,"
	    " until_batch, last_leaf, state, paid_minor, refunded_minor"
	    " FROM order_rows",
	    &q, &err));
	assert_int_equal(om_stmt_step(q, &err), 1);
	{
		const char *want[] = { NULL, NULL, "0", "shop", "A-1", "7",
			"C1", "1700000000", "EUR", "1", "1001", "3", "4", "5",
			"1001", "2", "{\"gift\":\"yes\"}", "0", "9", "11", "0",
			"0", "0", "0", "0" };

		assert_int_equal(om_col_int(q, 1), om_slot_of(o->hash));
		assert_int_equal(om_col_int(q, 0), om_row_id(40));
		for (int i = 2; i < om_col_count(q); i++)
			assert_true(om_str_is(om_col_text(q, i), want[i]));
	}
	om_stmt_reset(q);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM order_lines l JOIN"
			     " order_rows o ON l.order_id = o.id WHERE"
			     " (line = 1 AND sku = 'SKU-1' AND l.total_minor ="
			     " 501) OR (line = 2 AND l.total_minor = 500)"),
	    2);
	assert_int_equal(db_number(db, "SELECT key FROM order_keys"),
	    om_key_of(o->hash));
}

static void
the_same_order_again_is_unchanged(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	char before[OM_SHA256_HEX];
	char after[OM_SHA256_HEX];
	uint64_t leaf = 0;

	goods_add(&g, "A-1", "1", 100);
	goods_add(&g, "A-2", "", 200);
	goods_put(&g, db, 1, &leaf);
	content_of_db(db, false, before);
	goods_put(&g, db, 2, &leaf);
	expect_outcome(&g, 0, OM_UNCHANGED, NULL);
	expect_outcome(&g, 1, OM_UNCHANGED, NULL);
	content_of_db(db, false, after);
	assert_string_equal(before, after);
	assert_int_equal(leaf, 2);
}

typedef void change_fn(struct om_order *o);

static void
change_customer(struct om_order *o)
{
	o->customer = OM_STR("C2");
}

static void
change_time(struct om_order *o)
{
	o->placed_at++;
}

static void
change_currency(struct om_order *o)
{
	o->currency = om_currency_find(OM_STR("USD"));
}

static void
change_sums(struct om_order *o)
{
	o->subtotal_minor++;
	o->discount_minor++;
	o->shipping_minor++;
	o->tax_minor++;
	o->total_minor++;
	o->tax_included = true;
}

static void
change_attributes(struct om_order *o)
{
	o->attributes = OM_STR("{}");
}

static void
change_line(struct om_order *o)
{
	o->lines[1].sku = OM_STR("SKU-3");
}

static void
drop_line(struct om_order *o)
{
	o->line_count = 1;
}

static void
the_same_revision_with_other_facts_is_a_conflict(void **state)
{
	static const struct {
		change_fn *change;
		const char *fields;
	} rows[] = {
		{ change_customer, "customer" },
		{ change_time, "placed_at" },
		{ change_currency, "currency" },
		{ change_sums, "tax_included, subtotal, discount, shipping,"
			       " tax, total" },
		{ change_attributes, "attributes" },
		{ change_line, "lines" },
		{ drop_line, "lines" },
	};
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	uint64_t leaf = 0;

	goods_add(&g, "A-1", "1", 100);
	goods_put(&g, db, 1, &leaf);
	for (size_t i = 0; i < OM_COUNT(rows); i++) {
		char want[128];

		goods_clear(&g);
		rows[i].change(goods_add(&g, "A-1", "1", 100));
		judge(&g, db);
		snprintf(want, sizeof(want), "stored with other values: %s",
		    rows[i].fields);
		expect_outcome(&g, 0, OM_CONFLICTING, want);
	}
}

static void
a_newer_revision_supersedes_and_keeps_what_was_paid(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	uint64_t leaf = 0;

	goods_add(&g, "A-1", "1", 100);
	goods_put(&g, db, 1, &leaf);
	db_run(db, "UPDATE order_rows SET state = 2, paid_minor = 60,"
		   " refunded_minor = 10");
	goods_clear(&g);
	goods_add(&g, "A-1", "2", 150);
	goods_put(&g, db, 2, &leaf);
	expect_outcome(&g, 0, OM_AMENDED, NULL);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM order_rows o JOIN"
			     " order_rows n ON n.prev_id = o.id WHERE"
			     " o.until_batch = 2 AND n.until_batch = 0 AND"
			     " n.state = 0 AND n.paid_minor = 60 AND"
			     " n.refunded_minor = 10 AND o.paid_minor = 60"),
	    1);
	/* Until batch 2 is published, readers see revision 1. */
	db_run(db, "UPDATE published SET batch = 1");
	assert_int_equal(db_number(db,
			     "SELECT CAST(sum(total_minor) AS bigint) FROM"
			     " orders"),
	    100);
	db_run(db, "UPDATE published SET batch = 2");
	assert_int_equal(db_number(db,
			     "SELECT CAST(sum(total_minor) AS bigint) FROM"
			     " orders"),
	    150);
}

static void
an_older_revision_changes_nothing(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	uint64_t leaf = 0;

	goods_add(&g, "A-1", "2", 100);
	goods_put(&g, db, 1, &leaf);
	goods_clear(&g);
	goods_add(&g, "A-1", "1", 150);
	judge(&g, db);
	expect_outcome(&g, 0, OM_STALE, NULL);
	goods_clear(&g);
	goods_add(&g, "A-1", "", 150);
	judge(&g, db);
	expect_outcome(&g, 0, OM_STALE, NULL);
	goods_clear(&g);
	goods_cancel(&g, "A-1", "1");
	judge(&g, db);
	expect_outcome(&g, 0, OM_STALE, NULL);
}

static void
what_left_the_house_can_not_be_amended(void **state)
{
	static const bool may[] = { [OM_RECEIVED] = true,
		[OM_HELD] = true,
		[OM_ACCEPTED] = true,
		[OM_BACKORDERED] = true,
		[OM_CANCELLED] = false };
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	uint64_t leaf = 0;

	goods_add(&g, "A-1", "1", 100);
	goods_put(&g, db, 1, &leaf);
	goods_clear(&g);
	goods_add(&g, "A-1", "2", 150);
	for (int state_no = 0; state_no <= OM_CANCELLED; state_no++) {
		char sql[64];
		char why[64];

		snprintf(sql, sizeof(sql), "UPDATE order_rows SET state = %d",
		    state_no);
		snprintf(why, sizeof(why), "cannot be amended: it is %s",
		    om_state_name((enum om_state)state_no));
		db_run(db, sql);
		judge(&g, db);
		expect_outcome(&g, 0,
		    may[state_no] ? OM_AMENDED : OM_CONFLICTING,
		    may[state_no] ? NULL : why);
	}
}

static void
a_cancellation_repeats_the_facts_that_it_cancels(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	uint64_t leaf = 0;

	goods_add(&g, "A-1", "1", 100);
	goods_put(&g, db, 1, &leaf);
	goods_clear(&g);
	goods_cancel(&g, "A-1", "");
	goods_put(&g, db, 2, &leaf);
	expect_outcome(&g, 0, OM_CANCELLED_BY_FEED, NULL);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM order_rows WHERE kind = 1"
			     " AND state = 8 AND total_minor = 100 AND"
			     " revision = '1' AND customer = 'C1' AND"
			     " line_count = 2 AND source_line = 11"),
	    1);
	assert_int_equal(db_number(db, "SELECT count(*) FROM order_lines"), 4);
	goods_put(&g, db, 3, &leaf);
	expect_outcome(&g, 0, OM_UNCHANGED, NULL);
}

static void
what_is_shipped_can_not_be_cancelled(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	uint64_t leaf = 0;

	goods_add(&g, "A-1", "1", 100);
	goods_put(&g, db, 1, &leaf);
	db_run(db, "UPDATE order_rows SET state = 6");
	goods_clear(&g);
	goods_cancel(&g, "A-1", "");
	judge(&g, db);
	expect_outcome(&g, 0, OM_CONFLICTING,
	    "cannot be cancelled: it is shipped");
}

static void
a_cancellation_without_its_order_keeps_its_name_only(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	struct om_order *o = goods_cancel(&g, "A-1", "5");
	uint64_t leaf = 0;

	o->currency = om_currency_find(OM_STR("EUR"));
	o->attributes = OM_STR("{}");
	goods_put(&g, db, 1, &leaf);
	expect_outcome(&g, 0, OM_EARLY, NULL);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM order_rows WHERE kind = 1"
			     " AND channel = 'shop' AND reference = 'A-1' AND"
			     " revision = '5' AND customer = '' AND currency ="
			     " '' AND placed_at = 0 AND attributes = '' AND"
			     " line_count = 0 AND total_minor = 0 AND"
			     " source_line = 11 AND prev_id = 0 AND state = 8"),
	    1);
	db_run(db, "UPDATE published SET batch = 1");
	assert_int_equal(db_number(db, "SELECT count(*) FROM orders"), 0);
	assert_int_equal(db_number(db, "SELECT count(*) FROM waiting"), 1);
}

/* What waits, what comes, and what becomes of it. */
struct meeting {
	const char *waits; /* revision of the cancellation */
	const char *comes; /* of an order, or NULL */
	const char *cancels;
	enum om_outcome outcome;
	enum om_state state;
};

static void
meet(const struct stage *s, const struct meeting *m, const char *name)
{
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	uint64_t leaf =
	    (uint64_t)db_number(db, "SELECT count(*) FROM order_rows");
	char sql[256];

	goods_cancel(&g, name, m->waits);
	goods_put(&g, db, 1, &leaf);
	goods_clear(&g);
	if (m->comes != NULL)
		goods_add(&g, name, m->comes, 100);
	else
		goods_cancel(&g, name, m->cancels);
	goods_put(&g, db, 2, &leaf);
	expect_outcome(&g, 0, m->outcome, NULL);
	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM order_rows WHERE reference = '%s' AND"
	    " until_batch = 0 AND state = %d AND (currency = '') = (%s)",
	    name, (int)m->state, m->comes == NULL ? "1 = 1" : "1 = 0");
	assert_int_equal(db_number(db, sql), 1);
}

static void
what_waits_is_met_by_revision(void **state)
{
	static const struct meeting meetings[] = {
		{ "", "", NULL, OM_OVERTAKEN, OM_CANCELLED },
		{ "", "7", NULL, OM_OVERTAKEN, OM_CANCELLED },
		{ "5", "", NULL, OM_OVERTAKEN, OM_CANCELLED },
		{ "5", "4", NULL, OM_OVERTAKEN, OM_CANCELLED },
		{ "5", "5", NULL, OM_OVERTAKEN, OM_CANCELLED },
		{ "5", "6", NULL, OM_CREATED, OM_RECEIVED },
		{ "", NULL, "", OM_UNCHANGED, OM_CANCELLED },
		{ "", NULL, "5", OM_UNCHANGED, OM_CANCELLED },
		{ "5", NULL, "5", OM_UNCHANGED, OM_CANCELLED },
		{ "5", NULL, "4", OM_STALE, OM_CANCELLED },
		{ "5", NULL, "6", OM_AMENDED, OM_CANCELLED },
		{ "5", NULL, "", OM_AMENDED, OM_CANCELLED },
	};

	for (size_t i = 0; i < OM_COUNT(meetings); i++) {
		char name[16];

		snprintf(name, sizeof(name), "A-%zu", i);
		meet(stage_of(state), &meetings[i], name);
	}
}

/* In one chunk, too: what waits is known by having no facts. */
static void
every_cancellation_that_waits_keeps_its_name_only(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	uint64_t leaf = 0;

	for (int i = 0; i < 2; i++) {
		struct om_order *o =
		    goods_cancel(&g, "A-1", i == 0 ? "5" : "6");

		o->currency = om_currency_find(OM_STR("EUR"));
		o->attributes = OM_STR("{}");
	}
	goods_add(&g, "A-1", "7", 100);
	goods_put(&g, db, 1, &leaf);
	expect_outcome(&g, 0, OM_EARLY, NULL);
	expect_outcome(&g, 1, OM_AMENDED, NULL);
	expect_outcome(&g, 2, OM_CREATED, NULL);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM order_rows WHERE kind = 1"
			     " AND currency = '' AND attributes = ''"),
	    2);
}

static void
without_revisions_the_feed_says_what_counts(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	uint64_t leaf = 0;

	goods_add(&g, "A-1", "", 100);
	goods_add(&g, "B-1", "1", 100);
	goods_put(&g, db, 1, &leaf);
	goods_clear(&g);
	goods_add(&g, "A-1", "", 90)->clash = OM_CLASH_KEEP;
	goods_add(&g, "B-1", "1", 90)->clash = OM_CLASH_KEEP;
	goods_put(&g, db, 2, &leaf);
	expect_outcome(&g, 0, OM_UNCHANGED, NULL);
	expect_outcome(&g, 1, OM_CONFLICTING, NULL);
	goods_clear(&g);
	goods_add(&g, "A-1", "", 100)->clash = OM_CLASH_REPLACE;
	goods_add(&g, "A-1", "", 80)->clash = OM_CLASH_REPLACE;
	goods_add(&g, "B-1", "1", 90)->clash = OM_CLASH_REPLACE;
	goods_put(&g, db, 3, &leaf);
	expect_outcome(&g, 0, OM_UNCHANGED, NULL);
	expect_outcome(&g, 1, OM_AMENDED, NULL);
	expect_outcome(&g, 2, OM_CONFLICTING, NULL);
	db_run(db, "UPDATE order_rows SET state = 6 WHERE until_batch = 0");
	goods_clear(&g);
	goods_add(&g, "A-1", "", 70)->clash = OM_CLASH_REPLACE;
	judge(&g, db);
	expect_outcome(&g, 0, OM_CONFLICTING,
	    "cannot be amended: it is shipped");
}

/* An order with all its facts, of which they say that it is cancelled. */
static void
goods_void(struct goods *g, const char *revision, int64_t total)
{
	goods_clear(g);
	goods_add(g, "A-1", revision, total)->kind = OM_KIND_CANCELLED;
}

/* In one chunk, each is judged by those before it. */
static void
what_stands_first_is_there_for_what_follows(void **state)
{
	static const struct {
		const char *reference;
		const char *revision; /* NULL: a cancellation of any */
		int64_t total;
		enum om_outcome outcome;
	} cases[] = {
		{ "A-1", "1", 100, OM_CREATED },
		{ "B-1", NULL, 0, OM_EARLY },
		{ "A-1", "2", 100, OM_AMENDED },
		{ "A-1", "1", 100, OM_STALE },
		{ "B-1", "1", 100, OM_OVERTAKEN },
		{ "A-1", "2", 100, OM_UNCHANGED },
		{ "A-1", "2", 101, OM_CONFLICTING },
		{ "C-1", "1", 100, OM_AMENDED }, /* stored as revision 0 */
		{ "A-1", NULL, 0, OM_CANCELLED_BY_FEED },
		{ "A-1", NULL, 0, OM_UNCHANGED },
		{ "C-1", "1", 100, OM_UNCHANGED },
		{ "A-1", "3", 100, OM_CONFLICTING },
		{ "C-1", NULL, 0, OM_CANCELLED_BY_FEED },
	};
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	uint64_t leaf = 0;

	goods_add(&g, "C-1", "0", 100);
	goods_put(&g, db, 1, &leaf);
	goods_clear(&g);
	for (size_t i = 0; i < OM_COUNT(cases); i++)
		if (cases[i].revision == NULL)
			goods_cancel(&g, cases[i].reference, "");
		else
			goods_add(&g, cases[i].reference, cases[i].revision,
			    cases[i].total);
	goods_put(&g, db, 2, &leaf);
	for (size_t i = 0; i < OM_COUNT(cases); i++)
		expect_outcome(&g, i, cases[i].outcome, NULL);
	/* Each revision but the last of an order was ended, by this batch. */
	assert_int_equal(db_number(db, "SELECT count(*) FROM order_rows"
				       " WHERE until_batch = 2"),
	    5);
	assert_int_equal(
	    db_number(db, "SELECT count(*) FROM order_rows n"
			  " JOIN order_rows o ON o.id = n.prev_id"
			  " WHERE o.until_batch = 2 AND n.batch = 2"
			  "   AND o.reference = n.reference AND o.id < n.id"),
	    5);
	assert_int_equal(db_number(db, "SELECT count(*) FROM order_rows"
				       " WHERE until_batch = 0 AND state = 8"),
	    3);
	assert_int_equal(db_number(db, "SELECT count(*) FROM order_lines l"
				       " JOIN order_rows o ON o.id = l.order_id"
				       " WHERE o.until_batch = 0"),
	    6);
}

static void
an_order_that_comes_cancelled_is_created_so(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	uint64_t leaf = 0;

	goods_void(&g, "4", 100);
	goods_put(&g, db, 1, &leaf);
	expect_outcome(&g, 0, OM_VOID, NULL);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM order_rows WHERE kind = 2"
			     " AND state = 8 AND total_minor = 100"
			     " AND line_count = 2 AND prev_id = 0"),
	    1);
	assert_int_equal(db_number(db, "SELECT count(*) FROM early_rows"), 0);
	goods_void(&g, "5", 90);
	judge(&g, db);
	expect_outcome(&g, 0, OM_UNCHANGED, NULL);
	goods_void(&g, "3", 90);
	judge(&g, db);
	expect_outcome(&g, 0, OM_STALE, NULL);
	goods_clear(&g);
	goods_add(&g, "A-1", "6", 150);
	judge(&g, db);
	expect_outcome(&g, 0, OM_CONFLICTING,
	    "cannot be amended: it is cancelled");
	goods_clear(&g);
	goods_cancel(&g, "A-1", "");
	judge(&g, db);
	expect_outcome(&g, 0, OM_UNCHANGED, NULL);
}

static void
an_order_that_is_there_is_cancelled_by_one_that_comes_so(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	uint64_t leaf = 0;

	goods_add(&g, "A-1", "4", 100);
	goods_put(&g, db, 1, &leaf);
	goods_void(&g, "3", 100);
	judge(&g, db);
	expect_outcome(&g, 0, OM_STALE, NULL);
	goods_void(&g, "5", 90);
	goods_put(&g, db, 2, &leaf);
	expect_outcome(&g, 0, OM_CANCELLED_BY_FEED, NULL);
	/* What is cancelled is the order as it was. */
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM order_rows WHERE kind = 1"
			     " AND state = 8 AND total_minor = 100"
			     " AND revision = '5' AND until_batch = 0"),
	    1);
}

static void
one_that_comes_cancelled_meets_its_own_cancellation(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	uint64_t leaf = 0;

	goods_cancel(&g, "A-1", "5");
	goods_put(&g, db, 1, &leaf);
	goods_void(&g, "5", 100);
	judge(&g, db);
	expect_outcome(&g, 0, OM_OVERTAKEN, NULL);
	goods_void(&g, "6", 100);
	goods_put(&g, db, 2, &leaf);
	expect_outcome(&g, 0, OM_VOID, NULL);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM order_rows WHERE kind = 2"
			     " AND state = 8 AND until_batch = 0"),
	    1);
}

static void
an_order_that_was_cancelled_before_it_came_stays_so(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	uint64_t leaf = 0;

	goods_cancel(&g, "A-1", "5");
	goods_put(&g, db, 1, &leaf);
	goods_clear(&g);
	goods_add(&g, "A-1", "4", 100);
	goods_put(&g, db, 2, &leaf);
	goods_put(&g, db, 3, &leaf);
	expect_outcome(&g, 0, OM_UNCHANGED, NULL);
	goods_clear(&g);
	goods_cancel(&g, "A-1", "5");
	judge(&g, db);
	expect_outcome(&g, 0, OM_UNCHANGED, NULL);
	goods_clear(&g);
	goods_add(&g, "A-1", "3", 90);
	judge(&g, db);
	expect_outcome(&g, 0, OM_STALE, NULL);
	goods_clear(&g);
	goods_add(&g, "A-1", "6", 150);
	judge(&g, db);
	expect_outcome(&g, 0, OM_CONFLICTING,
	    "cannot be amended: it is cancelled");
}

/* Two orders whose keys are equal: only the texts tell them apart. */
static void
an_equal_key_is_not_yet_an_equal_order(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	struct om_order *o = goods_add(&g, "A-1", "1", 100);
	uint64_t leaf = 0;

	goods_put(&g, db, 1, &leaf);
	o->reference = OM_STR("A-2");
	goods_put(&g, db, 1, &leaf);
	expect_outcome(&g, 0, OM_CREATED, NULL);
	o->channel = OM_STR("other");
	goods_put(&g, db, 1, &leaf);
	expect_outcome(&g, 0, OM_CREATED, NULL);
	assert_int_equal(db_number(db, "SELECT count(*) FROM order_keys"), 3);
	goods_put(&g, db, 1, &leaf);
	expect_outcome(&g, 0, OM_UNCHANGED, NULL);
}

static void
an_order_without_lines_is_one_too(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	uint64_t leaf = 0;

	goods_add(&g, "A-1", "", 100)->line_count = 0;
	goods_put(&g, db, 1, &leaf);
	expect_outcome(&g, 0, OM_CREATED, NULL);
	goods_put(&g, db, 1, &leaf);
	expect_outcome(&g, 0, OM_UNCHANGED, NULL);
	assert_int_equal(db_number(db, "SELECT count(*) FROM order_lines"), 0);
}

static void
missing_lines_are_damage_and_not_a_difference(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	OM_AUTO(goods_clear) struct goods g = { 0 };
	struct om_err err = { 0 };
	uint64_t leaf = 0;

	goods_add(&g, "A-1", "", 100);
	goods_put(&g, db, 1, &leaf);
	db_run(db, "UPDATE line_rows SET lines ="
		   " '[[1,\"SKU-1\",1000,5010000,0,0,501]]'");
	assert_ok(om_txn_begin(db, &txn, &err));
	assert_fails(goods_probe(&g, db, &err), OM_EDAMAGED);
	assert_string_equal(err.msg, "order 'A-1' has 1 lines of 2");
}

static void
nothing_to_insert_is_no_work(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	assert_ok(om_txn_begin(db, &txn, &err));
	assert_ok(om_chunk_insert(db, NULL, NULL, 0, 1, NULL, &err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_is_never_0),
		cmocka_unit_test(only_some_outcomes_become_rows),
		STAGE_BOTH(a_new_order_is_created_with_all_its_facts),
		STAGE_BOTH(the_same_order_again_is_unchanged),
		STAGE_BOTH(the_same_revision_with_other_facts_is_a_conflict),
		STAGE_BOTH(a_newer_revision_supersedes_and_keeps_what_was_paid),
		STAGE_BOTH(an_older_revision_changes_nothing),
		STAGE_BOTH(what_left_the_house_can_not_be_amended),
		STAGE_BOTH(a_cancellation_repeats_the_facts_that_it_cancels),
		STAGE_BOTH(what_is_shipped_can_not_be_cancelled),
		STAGE_BOTH(
		    a_cancellation_without_its_order_keeps_its_name_only),
		STAGE_BOTH(what_waits_is_met_by_revision),
		STAGE_BOTH(every_cancellation_that_waits_keeps_its_name_only),
		STAGE_BOTH(what_stands_first_is_there_for_what_follows),
		STAGE_BOTH(without_revisions_the_feed_says_what_counts),
		STAGE_BOTH(an_order_that_comes_cancelled_is_created_so),
		STAGE_BOTH(
		    an_order_that_is_there_is_cancelled_by_one_that_comes_so),
		STAGE_BOTH(one_that_comes_cancelled_meets_its_own_cancellation),
		STAGE_BOTH(an_order_that_was_cancelled_before_it_came_stays_so),
		STAGE_BOTH(an_equal_key_is_not_yet_an_equal_order),
		STAGE_BOTH(an_order_without_lines_is_one_too),
		STAGE_BOTH(missing_lines_are_damage_and_not_a_difference),
		STAGE_BOTH(nothing_to_insert_is_no_work),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
