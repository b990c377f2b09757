/* Payments: known by their order and their own id. */
#include "goods.h"

#include "store/payment.h"

/* Entries in ascending order of their keys. */
static struct om_pay_entry
payment(const char *reference, const char *id, int64_t amount_minor)
{
	struct om_pay_entry p = {
		.channel = OM_STR("shop"),
		.reference = om_str_of(reference),
		.payment = om_str_of(id),
		.currency = om_currency_find(OM_STR("EUR")),
		.amount_minor = amount_minor,
		.paid_at = 1700000000,
		.source_line = 7,
	};
	uint64_t hash = om_hash64(p.channel, p.reference);

	p.key = om_key_of(hash);
	p.slot = om_slot_of(hash);
	return p;
}

static void
take(struct om_db *db, struct om_pay_entry *p, size_t n, int64_t leaf)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	assert_ok(om_txn_begin(db, &txn, &err));
	assert_ok(om_payments_probe(db, p, n, &err));
	for (size_t i = 0; i < n; i++)
		p[i].leaf = leaf + (int64_t)i;
	assert_ok(om_payments_insert(db, p, n, 3, &err));
	assert_ok(om_txn_commit(&txn, &err));
}

static void
a_new_payment_is_stored_with_all_its_facts(void **state)
{
	OM_AUTO(om_db_close)
	struct om_db *db = stage_shard(stage_of(state), 0);
	struct om_pay_entry p = payment("A-1", "p1", -250);

	take(db, &p, 1, 12);
	assert_int_equal(p.outcome, OM_CREATED);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM payments WHERE"
			     " channel = 'shop' AND reference = 'A-1' AND"
			     " payment = 'p1' AND currency = 'EUR' AND"
			     " amount_minor = -250 AND paid_at = 1700000000"
			     " AND batch = 3 AND source_line = 7 AND leaf = 12"
			     " AND order_id = 0 AND apply_leaf = 0"),
	    1);
	assert_int_equal(db_number(db, "SELECT slot FROM payments"), p.slot);
	assert_int_equal(db_number(db, "SELECT key FROM payments"), p.key);
}

static void
the_same_payment_again_is_unchanged(void **state)
{
	OM_AUTO(om_db_close)
	struct om_db *db = stage_shard(stage_of(state), 0);
	struct om_pay_entry p = payment("A-1", "p1", 250);

	take(db, &p, 1, 0);
	take(db, &p, 1, 1);
	assert_int_equal(p.outcome, OM_UNCHANGED);
	assert_int_equal(db_number(db, "SELECT count(*) FROM payments"), 1);
	assert_int_equal(db_number(db, "SELECT leaf FROM payments"), 0);
}

static void
the_same_id_with_other_facts_is_a_conflict(void **state)
{
	OM_AUTO(om_db_close)
	struct om_db *db = stage_shard(stage_of(state), 0);
	struct om_pay_entry p = payment("A-1", "p1", 250);
	struct om_pay_entry other;

	take(db, &p, 1, 0);
	other = p;
	other.amount_minor = 251;
	take(db, &other, 1, 1);
	assert_int_equal(other.outcome, OM_CONFLICTING);
	other = p;
	other.currency = om_currency_find(OM_STR("USD"));
	take(db, &other, 1, 1);
	assert_int_equal(other.outcome, OM_CONFLICTING);
	other = p;
	other.paid_at++;
	take(db, &other, 1, 1);
	assert_int_equal(other.outcome, OM_CONFLICTING);
	assert_int_equal(db_number(db, "SELECT amount_minor FROM payments"),
	    250);
}

static void
one_id_serves_several_orders_and_one_order_several_ids(void **state)
{
	OM_AUTO(om_db_close)
	struct om_db *db = stage_shard(stage_of(state), 0);
	struct om_pay_entry p[3];

	p[0] = payment("A-1", "p1", 100);
	p[1] = payment("A-1", "p2", 100);
	take(db, p, 2, 0);
	p[0] = payment("A-2", "p1", 100);
	take(db, p, 1, 2);
	p[0] = payment("A-1", "p1", 100);
	p[1] = payment("A-1", "p3", 100);
	take(db, p, 2, 3);
	assert_int_equal(p[0].outcome, OM_UNCHANGED);
	assert_int_equal(p[1].outcome, OM_CREATED);
	assert_int_equal(db_number(db, "SELECT count(*) FROM payments"), 4);
	assert_int_equal(db_number(db, "SELECT leaf FROM payments"
				       " WHERE payment = 'p3'"),
	    4);
}

/* The keys are equal; only the texts tell the orders apart. */
static void
an_equal_key_is_not_yet_an_equal_order(void **state)
{
	OM_AUTO(om_db_close)
	struct om_db *db = stage_shard(stage_of(state), 0);
	struct om_pay_entry p = payment("A-1", "p1", 100);

	take(db, &p, 1, 0);
	p.reference = OM_STR("A-2");
	p.amount_minor = 200;
	take(db, &p, 1, 1);
	assert_int_equal(p.outcome, OM_CREATED);
	assert_int_equal(db_number(db, "SELECT count(*) FROM payments"), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(a_new_payment_is_stored_with_all_its_facts),
		STAGE_BOTH(the_same_payment_again_is_unchanged),
		STAGE_BOTH(the_same_id_with_other_facts_is_a_conflict),
		STAGE_BOTH(
		    one_id_serves_several_orders_and_one_order_several_ids),
		STAGE_BOTH(an_equal_key_is_not_yet_an_equal_order),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
