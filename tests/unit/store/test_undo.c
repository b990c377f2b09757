/* Undoing a batch brings a shard back to what it was, row for row. */
#include "goods.h"

#include "content.h"
#include "store/ledger.h"
#include "store/payment.h"

static int
undo_all(struct om_db *db, int64_t leaf_from)
{
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };
	bool more = true;
	int goes;

	for (goes = 0; more; goes++) {
		assert_ok(om_txn_begin(db, &txn, &err));
		assert_ok(om_shard_undo(db, leaf_from, &more, &err));
		assert_ok(om_txn_commit(&txn, &err));
	}
	return goes;
}

static void
first_batch(struct goods *g, struct om_db *db, uint64_t *leaf)
{
	goods_add(g, "A-1", "1", 100);
	goods_add(g, "A-2", "1", 200);
	goods_add(g, "A-3", "1", 300);
	goods_put(g, db, 1, leaf);
	goods_clear(g);
}

static void
undoing_brings_everything_back(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	char before[OM_SHA256_HEX];
	char between[OM_SHA256_HEX];
	char after[OM_SHA256_HEX];
	uint64_t leaf = 0;

	first_batch(&g, db, &leaf);
	goods_cancel(&g, "E-1", ""); /* waits */
	goods_put(&g, db, 1, &leaf);
	goods_clear(&g);
	content_of_db(db, false, before);
	goods_add(&g, "A-1", "2", 150); /* amended */
	goods_cancel(&g, "A-2", "");	/* cancelled */
	goods_add(&g, "A-4", "1", 400); /* created */
	goods_add(&g, "A-3", "1", 300); /* unchanged */
	goods_add(&g, "E-1", "1", 100); /* overtaken */
	goods_cancel(&g, "E-2", "");	/* early */
	goods_put(&g, db, 2, &leaf);
	content_of_db(db, false, between);
	assert_string_not_equal(before, between);
	(void)undo_all(db, 4);
	content_of_db(db, false, after);
	assert_string_equal(before, after);
}

static void
a_chain_of_revisions_within_the_batch_goes_too(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	char before[OM_SHA256_HEX];
	char after[OM_SHA256_HEX];
	uint64_t leaf = 0;

	first_batch(&g, db, &leaf);
	content_of_db(db, false, before);
	for (int i = 2; i < 6; i++) {
		char revision[2] = { (char)('0' + i), '\0' };

		goods_add(&g, "A-1", revision, 100 * i);
		goods_put(&g, db, 2, &leaf);
		goods_clear(&g);
	}
	goods_cancel(&g, "A-1", "9");
	goods_put(&g, db, 2, &leaf);
	assert_int_equal(leaf, 8);
	(void)undo_all(db, 3);
	content_of_db(db, false, after);
	assert_string_equal(before, after);
}

static void
undoing_may_be_repeated_and_may_find_nothing(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(goods_clear) struct goods g = { 0 };
	char before[OM_SHA256_HEX];
	char after[OM_SHA256_HEX];
	uint64_t leaf = 0;

	first_batch(&g, db, &leaf);
	content_of_db(db, false, before);
	(void)undo_all(db, 3);
	goods_add(&g, "A-9", "1", 150);
	goods_put(&g, db, 2, &leaf);
	(void)undo_all(db, 3);
	(void)undo_all(db, 3);
	content_of_db(db, false, after);
	assert_string_equal(before, after);
	(void)undo_all(db, 0);
	assert_int_equal(db_number(db, "SELECT count(*) FROM order_rows"), 0);
	assert_int_equal(db_number(db, "SELECT count(*) FROM order_keys"), 0);
	assert_int_equal(db_number(db, "SELECT count(*) FROM order_lines"), 0);
}

/* More rows than are undone at a time. */
static void
many_rows_are_undone_in_several_goes(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);

	db_run(db,
	    "INSERT INTO order_rows (id, slot, kind, channel, reference,"
	    " revision, customer, placed_at, currency, tax_included,"
	    " subtotal_minor, discount_minor, shipping_minor, tax_minor,"
	    " total_minor, line_count, attributes, prev_id, batch,"
	    " source_line, until_batch, last_leaf, state, paid_minor,"
	    " refunded_minor)"
	    " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
	    " SELECT i + 1 FROM n WHERE i < 20001)"
	    " SELECT i, 0, 0, 'c', CAST(i AS text), '', '', 0, 'EUR', 0, 0, 0,"
	    " 0, 0, 0, 0, '', 0, 1, i, 0, 0, 0, 0, 0 FROM n");
	assert_int_equal(undo_all(db, 1), 3);
	assert_int_equal(db_number(db, "SELECT id FROM order_rows"), 1);
	assert_int_equal(db_number(db, "SELECT count(*) FROM order_rows"), 1);
}

static void
payments_go_back_unless_they_came_before(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };
	struct om_pay_entry p = {
		.channel = OM_STR("shop"),
		.reference = OM_STR("A-1"),
		.currency = om_currency_find(OM_STR("EUR")),
		.amount_minor = 100,
	};
	uint64_t hash = om_hash64(p.channel, p.reference);

	p.key = om_key_of(hash);
	p.slot = om_slot_of(hash);
	for (int i = 0; i < 2; i++) {
		p.payment = i == 0 ? OM_STR("p1") : OM_STR("p2");
		p.leaf = 4 + i;
		assert_ok(om_txn_begin(db, &txn, &err));
		assert_ok(om_payments_probe(db, &p, 1, &err));
		assert_ok(om_payments_insert(db, &p, 1, 1 + i, &err));
		assert_ok(om_txn_commit(&txn, &err));
	}
	(void)undo_all(db, 5);
	assert_int_equal(db_number(db, "SELECT count(*) FROM payments"
				       " WHERE payment = 'p1'"),
	    1);
	assert_int_equal(db_number(db, "SELECT count(*) FROM payments"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(undoing_brings_everything_back),
		STAGE_BOTH(a_chain_of_revisions_within_the_batch_goes_too),
		STAGE_BOTH(undoing_may_be_repeated_and_may_find_nothing),
		STAGE_BOTH(many_rows_are_undone_in_several_goes),
		STAGE_BOTH(payments_go_back_unless_they_came_before),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
