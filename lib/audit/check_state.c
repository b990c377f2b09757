/* check_state.c - does what may change in an order's row follow from the
 * events and revisions that changed it?
 *
 * An order's events form a chain: each starts where the one before it ended,
 * the first where the order began, and the row says where the last one ended.
 * So, over all orders, the places where something starts are those where
 * something ended, and the amounts in events are those in the rows. Both are
 * compared as sums over a hash with a secret seed, in the passes that read
 * rows and events anyway. Likewise the revisions that say who ended them are
 * those of which another one says that it did. Only if the sums differ are the
 * chains walked, order by order, to name the culprit. */
#include <inttypes.h>

#include "audit/check.h"
#include "audit/leaf.h"
#include "base/hash.h"
#include "order/order.h"

#define PAGE 10000 /* orders walked at a time */

static const char sql_event[] =
    "SELECT order_id, prev_leaf, kind, from_state, to_state, amount_minor"
    " FROM events WHERE slot = $1 AND leaf = $2";
static const char sql_rows[] =
    "SELECT id, kind, channel, reference, prev_id, batch, until_batch,"
    " last_leaf, state, paid_minor, refunded_minor, slot, revision"
    " FROM order_rows"
    " WHERE id > $1 ORDER BY id LIMIT $2";
static const char sql_prev[] =
    "SELECT channel, reference, until_batch, paid_minor, refunded_minor,"
    " currency, revision FROM order_rows WHERE slot = $1 AND id = $2";
static const char sql_next[] =
    "SELECT o.batch FROM order_keys k"
    " JOIN order_rows o ON o.slot = k.slot AND o.id = k.id"
    " WHERE k.slot = $1 AND k.key = $2 AND o.prev_id = $3";

static const struct om_str nobody = { NULL, 0 };

/* What the row ought to say, put together from newest to oldest. */
struct sum {
	bool cancelled; /* before it came */
	bool state_known;
	int64_t state;	/* after the newest event */
	int64_t before; /* what the oldest event so far started from */
	int64_t paid_minor;
	int64_t refunded_minor;
};

static void
flaw_state(struct om_check *c, const struct om_mutable *row, int64_t want)
{
	bool named = row->state >= 0 && row->state < OM_STATE_COUNT;

	om_flaw(&c->flaws, row->channel, row->reference,
	    "its state is %s, its events say %s",
	    named ? om_state_name((enum om_state)row->state) : "none there is",
	    want >= 0 && want < OM_STATE_COUNT
		? om_state_name((enum om_state)want)
		: "none there is");
}

static int
find(struct om_check *c, const char *sql, int64_t slot, int64_t number,
    struct om_stmt **out, struct om_err *err)
{
	if (om_db_prepare(c->db, sql, out, err) < 0)
		return err->code;
	om_bind_int(*out, 1, slot);
	om_bind_int(*out, 2, number);
	return om_stmt_step(*out, err);
}

static void
add_amount(struct sum *sum, int64_t amount)
{
	/* Unsigned: a forged amount may overflow, and is found as unequal. */
	if (amount >= 0)
		sum->paid_minor =
		    (int64_t)((uint64_t)sum->paid_minor + (uint64_t)amount);
	else
		sum->refunded_minor =
		    (int64_t)((uint64_t)sum->refunded_minor - (uint64_t)amount);
}

/* One event of the chain; *leaf becomes the one before it. 0 ends it. */
static int
take_event(struct om_check *c, const struct om_mutable *row, int64_t *leaf,
    struct sum *sum, struct om_err *err)
{
	int64_t at = *leaf;
	struct om_stmt *q;
	int rc = find(c, sql_event, row->slot, at, &q, err);

	*leaf = 0;
	if (rc < 0)
		return rc;
	if (rc == 0 || om_col_int(q, 0) != row->id || om_col_int(q, 1) >= at) {
		om_flaw(&c->flaws, row->channel, row->reference,
		    "event %" PRId64 " is missing", at);
		om_stmt_reset(q);
		return 0;
	}
	*leaf = om_col_int(q, 1);
	c->chained++;
	if (!sum->state_known)
		sum->state = om_col_int(q, 4);
	else if (om_col_int(q, 4) != sum->before)
		om_flaw(&c->flaws, row->channel, row->reference,
		    "event %" PRId64 " does not lead to the next", at);
	sum->state_known = true;
	sum->before = om_col_int(q, 3);
	if (om_col_int(q, 2) == OM_EVENT_PAYMENT)
		add_amount(sum, om_col_int(q, 5));
	om_stmt_reset(q);
	return 0;
}

/* The revision before this one: the same order, ended by this one's batch. */
static int
take_prev(struct om_check *c, const struct om_mutable *row, struct sum *sum,
    bool tell, struct om_err *err)
{
	struct om_stmt *q;
	int rc = find(c, sql_prev, row->slot, row->prev_id, &q, err);

	if (rc < 0)
		return rc;
	if (rc == 0 || !om_str_eq(om_col_text(q, 0), row->channel) ||
	    !om_str_eq(om_col_text(q, 1), row->reference)) {
		if (tell)
			om_flaw(&c->flaws, row->channel, row->reference,
			    "the revision before it is missing");
	} else {
		if (tell && om_col_int(q, 2) != row->batch)
			om_flaw(&c->flaws, row->channel, row->reference,
			    "batch %" PRId64
			    " superseded it, its row says %" PRId64,
			    row->batch, om_col_int(q, 2));
		add_amount(sum, om_col_int(q, 3));
		sum->refunded_minor = (int64_t)((uint64_t)sum->refunded_minor +
						(uint64_t)om_col_int(q, 4));
		sum->cancelled =
		    om_col_text(q, 5).n == 0 &&
		    om_cancel_covers(om_col_text(q, 6), row->revision);
	}
	om_stmt_reset(q);
	return 0;
}

/* A row that has ended was ended by exactly one later revision. */
static int
check_next(struct om_check *c, const struct om_mutable *row, struct om_err *err)
{
	int64_t key = om_key_of(om_hash64(row->channel, row->reference));
	int found = 0;
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(c->db, sql_next, &q, err) < 0)
		return err->code;
	om_bind_int(q, 1, row->slot);
	om_bind_int(q, 2, key);
	om_bind_int(q, 3, row->id);
	while ((rc = om_stmt_step(q, err)) == 1)
		found += om_col_int(q, 0) == row->until_batch;
	if (rc < 0)
		return rc;
	om_stmt_reset(q);
	if (found != 1)
		om_flaw(&c->flaws, row->channel, row->reference,
		    "its row says batch %" PRId64
		    " superseded it, %d revisions did",
		    row->until_batch, found);
	return 0;
}

static int64_t
first_state(const struct om_mutable *row, const struct sum *sum)
{
	return row->kind != OM_KIND_ORDER || sum->cancelled ? OM_CANCELLED
							    : OM_RECEIVED;
}

static void
compare(struct om_check *c, const struct om_mutable *row, const struct sum *sum)
{
	int64_t first = first_state(row, sum);
	int64_t state = sum->state_known ? sum->state : first;

	if (sum->state_known && sum->before != first)
		om_flaw(&c->flaws, row->channel, row->reference,
		    "its first event does not start from where it began");
	if (state != row->state)
		flaw_state(c, row, state);
	if (sum->paid_minor != row->paid_minor)
		om_flaw(&c->flaws, row->channel, row->reference,
		    "its row says %" PRId64 " paid, its events %" PRId64,
		    row->paid_minor, sum->paid_minor);
	if (sum->refunded_minor != row->refunded_minor)
		om_flaw(&c->flaws, row->channel, row->reference,
		    "its row says %" PRId64 " refunded, its events %" PRId64,
		    row->refunded_minor, sum->refunded_minor);
}

static uint64_t
mix(uint64_t h)
{
	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 33;
}

/* A place in the chain of an order, or the end of a revision. */
struct place {
	int64_t id;
	int64_t slot;
	int64_t leaf; /* or batch */
	int64_t state;
};

/* Counts once for what ends there and once for what starts. */
static uint64_t
weight(const struct om_check *c, struct place p)
{
	uint64_t a = mix((uint64_t)p.id ^ c->seed[0]);
	uint64_t b = mix((a ^ c->seed[1]) + (uint64_t)p.leaf);

	return mix(b + ((uint64_t)p.slot << 32 ^ (uint64_t)p.state));
}

/* Amounts of an order, weighed by a hash of it. */
static void
add_money(struct om_check *c, int64_t id, uint64_t paid, uint64_t refunded)
{
	uint64_t a = mix((uint64_t)id ^ c->seed[1]);

	c->sums.paid += paid * mix(a + c->seed[0]);
	c->sums.refunded += refunded * mix(a ^ c->seed[0]);
}

void
om_check_chain(struct om_check *c, int64_t leaf, int64_t slot,
    const struct om_event *e)
{
	const struct place from = { e->order_id, slot, e->prev_leaf,
		e->from_state };
	const struct place to = { e->order_id, slot, leaf, e->to_state };
	uint64_t amount = (uint64_t)e->amount_minor;

	c->sums.chain += weight(c, to) - weight(c, from);
	if (e->prev_leaf >= leaf)
		c->sums.chain++; /* a ring, which would add up */
	if (e->kind != OM_EVENT_PAYMENT)
		return;
	add_money(c, e->order_id, e->amount_minor >= 0 ? amount : 0,
	    e->amount_minor < 0 ? ~amount + 1 : 0);
}

int
om_check_state(struct om_check *c, const struct om_mutable *row,
    struct om_err *err)
{
	struct place first = { row->id, row->slot, 0, 0 };
	const struct place last = { row->id, row->slot, row->last_leaf,
		row->state };
	const struct place end = { row->id, row->slot, row->until_batch, 0 };
	const struct place prev = { row->prev_id, row->slot, row->batch, 0 };
	struct sum sum = { 0 };

	if (row->prev_id != 0 && take_prev(c, row, &sum, true, err) < 0)
		return err->code;
	if (row->until_batch != 0)
		c->sums.ended += weight(c, end);
	if (row->prev_id != 0)
		c->sums.ended -= weight(c, prev);
	first.state = first_state(row, &sum);
	c->sums.chain += weight(c, first) - weight(c, last);
	add_money(c, row->id,
	    (uint64_t)sum.paid_minor - (uint64_t)row->paid_minor,
	    (uint64_t)sum.refunded_minor - (uint64_t)row->refunded_minor);
	return 0;
}

static int
walk_chain(struct om_check *c, const struct om_mutable *row, struct om_err *err)
{
	int64_t leaf = row->last_leaf;
	struct sum sum = { 0 };

	while (leaf != 0)
		if (take_event(c, row, &leaf, &sum, err) < 0)
			return err->code;
	if (row->prev_id != 0 && take_prev(c, row, &sum, false, err) < 0)
		return err->code;
	if (row->until_batch != 0 && c->sums.ended != 0 &&
	    check_next(c, row, err) < 0)
		return err->code;
	compare(c, row, &sum);
	return 0;
}

/* One page of orders after *id, which moves; *n is how many there were. */
static int
walk_page(struct om_check *c, int64_t *id, int64_t *n, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	*n = 0;
	if (om_db_prepare(c->db, sql_rows, &q, err) < 0)
		return err->code;
	om_bind_int(q, 1, *id);
	om_bind_int(q, 2, PAGE);
	while ((rc = om_stmt_step(q, err)) == 1) {
		const struct om_mutable row = {
			.id = om_col_int(q, 0),
			.kind = om_col_int(q, 1),
			.channel = om_col_text(q, 2),
			.reference = om_col_text(q, 3),
			.prev_id = om_col_int(q, 4),
			.batch = om_col_int(q, 5),
			.until_batch = om_col_int(q, 6),
			.last_leaf = om_col_int(q, 7),
			.state = om_col_int(q, 8),
			.paid_minor = om_col_int(q, 9),
			.refunded_minor = om_col_int(q, 10),
			.slot = om_col_int(q, 11),
			.revision = om_col_text(q, 12),
		};

		*id = row.id;
		++*n;
		if ((rc = walk_chain(c, &row, err)) < 0)
			break;
	}
	om_stmt_reset(q);
	return rc;
}

int
om_check_chains(struct om_check *c, struct om_err *err)
{
	int64_t id = INT64_MIN;
	int64_t n;

	if (c->sums.chain == 0 && c->sums.paid == 0 && c->sums.refunded == 0 &&
	    c->sums.ended == 0)
		return 0;
	do {
		if (walk_page(c, &id, &n, err) < 0)
			return err->code;
	} while (n == PAGE);
	if (c->chained != c->events)
		om_flaw(&c->flaws, nobody, nobody,
		    "%" PRIu64 " events are stored, orders lead to %" PRIu64,
		    c->events, c->chained);
	return 0;
}
