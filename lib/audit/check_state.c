/* check_state.c - does what may change in an order's row follow from the
 * events and revisions that changed it? */
#include <inttypes.h>

#include "audit/check.h"
#include "audit/leaf.h"
#include "base/hash.h"
#include "order/state.h"

static const char sql_event[] =
    "SELECT order_id, prev_leaf, kind, from_state, to_state, amount_minor"
    " FROM events WHERE slot = $1 AND leaf = $2";
static const char sql_prev[] =
    "SELECT channel, reference, until_batch, paid_minor, refunded_minor"
    " FROM order_rows WHERE slot = $1 AND id = $2";
static const char sql_next[] =
    "SELECT o.batch FROM order_keys k"
    " JOIN order_rows o ON o.slot = k.slot AND o.id = k.id"
    " WHERE k.slot = $1 AND k.key = $2 AND o.prev_id = $3";

/* What the row ought to say, put together from newest to oldest. */
struct sum {
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
	if (om_col_int(q, 2) == OM_EVENT_STATE) {
		if (!sum->state_known)
			sum->state = om_col_int(q, 4);
		else if (om_col_int(q, 4) != sum->before)
			om_flaw(&c->flaws, row->channel, row->reference,
			    "event %" PRId64 " does not lead to the next", at);
		sum->state_known = true;
		sum->before = om_col_int(q, 3);
	} else {
		add_amount(sum, om_col_int(q, 5));
	}
	om_stmt_reset(q);
	return 0;
}

/* The revision before this one: the same order, ended by this one's batch. */
static int
take_prev(struct om_check *c, const struct om_mutable *row, struct sum *sum,
    struct om_err *err)
{
	struct om_stmt *q;
	int rc = find(c, sql_prev, row->slot, row->prev_id, &q, err);

	if (rc < 0)
		return rc;
	if (rc == 0 || !om_str_eq(om_col_text(q, 0), row->channel) ||
	    !om_str_eq(om_col_text(q, 1), row->reference)) {
		om_flaw(&c->flaws, row->channel, row->reference,
		    "the revision before it is missing");
	} else {
		if (om_col_int(q, 2) != row->batch)
			om_flaw(&c->flaws, row->channel, row->reference,
			    "batch %" PRId64
			    " superseded it, its row says %" PRId64,
			    row->batch, om_col_int(q, 2));
		add_amount(sum, om_col_int(q, 3));
		sum->refunded_minor = (int64_t)((uint64_t)sum->refunded_minor +
						(uint64_t)om_col_int(q, 4));
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

static void
compare(struct om_check *c, const struct om_mutable *row, const struct sum *sum)
{
	int64_t first =
	    row->kind == OM_KIND_CANCEL ? OM_CANCELLED : OM_RECEIVED;
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

int
om_check_state(struct om_check *c, const struct om_mutable *row,
    struct om_err *err)
{
	int64_t leaf = row->last_leaf;
	struct sum sum = { 0 };

	while (leaf != 0)
		if (take_event(c, row, &leaf, &sum, err) < 0)
			return err->code;
	if (row->prev_id != 0 && take_prev(c, row, &sum, err) < 0)
		return err->code;
	if (row->until_batch != 0 && check_next(c, row, err) < 0)
		return err->code;
	compare(c, row, &sum);
	return 0;
}
