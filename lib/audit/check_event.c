/* check_event.c - events and payments against the log's leaves. */
#include <inttypes.h>

#include "audit/check.h"
#include "audit/leaf.h"
#include "base/hash.h"

static const char sql_events[] =
    "SELECT leaf, slot, order_id, prev_leaf, run, pass, kind, from_state,"
    " to_state, amount_minor, reason FROM events"
    " WHERE leaf BETWEEN $1 AND $2 ORDER BY leaf";
static const char sql_payments[] =
    "SELECT leaf, key, channel, reference, payment, currency, amount_minor,"
    " paid_at, batch, source_line, order_id, apply_leaf, slot FROM payments"
    " WHERE slot BETWEEN $1 AND $2 AND leaf BETWEEN $3 AND $4";
static const char sql_applied[] =
    "SELECT kind, order_id, amount_minor, reason FROM events"
    " WHERE slot = $1 AND leaf = $2";
static const char sql_order[] =
    "SELECT channel, reference FROM order_rows WHERE id = $1";

static const struct om_str nobody = { NULL, 0 };

/* An event names its order by number; for a flaw its name is looked up. */
static int
name_order(struct om_check *c, int64_t id, struct om_str *out_channel,
    struct om_str *out_reference, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	*out_channel = *out_reference = nobody;
	if (om_db_prepare(c->db, sql_order, &q, err) < 0)
		return err->code;
	om_bind_int(q, 1, id);
	if ((rc = om_stmt_step(q, err)) < 0)
		return rc;
	if (rc == 1) {
		*out_channel = om_str_dup(&c->arena, om_col_text(q, 0));
		*out_reference = om_str_dup(&c->arena, om_col_text(q, 1));
	}
	om_stmt_reset(q);
	return 0;
}

static struct om_event
read_event(const struct om_stmt *q)
{
	return (struct om_event){
		.order_id = om_col_int(q, 2),
		.prev_leaf = om_col_int(q, 3),
		.run = om_col_int(q, 4),
		.pass = om_col_text(q, 5),
		.kind = om_col_int(q, 6),
		.from_state = om_col_int(q, 7),
		.to_state = om_col_int(q, 8),
		.amount_minor = om_col_int(q, 9),
		.reason = om_col_text(q, 10),
	};
}

static int
check_event(struct om_check *c, const struct om_stmt *q, struct om_err *err)
{
	const struct om_event e = read_event(q);
	uint64_t leaf = (uint64_t)om_col_int(q, 0);
	uint64_t flaws = c->flaws.count;
	struct om_str channel = nobody;
	struct om_str reference = nobody;

	c->events++;
	c->paid_events += e.kind == OM_EVENT_PAYMENT;
	om_buf_reset(&c->record);
	om_leaf_event(&c->record, &e);
	om_check_leaf(c, leaf, nobody, nobody, "an event's row");
	om_check_chain(c, (int64_t)leaf, om_col_int(q, 1), &e);
	if (c->flaws.count == flaws)
		return 0;
	om_arena_reset(&c->arena);
	if (name_order(c, e.order_id, &channel, &reference, err) < 0)
		return err->code;
	if (channel.p != NULL)
		om_flaw(&c->flaws, channel, reference,
		    "event %" PRIu64 " is one of this order", leaf);
	return 0;
}

int
om_check_events(struct om_check *c, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(c->db, sql_events, &q, err) < 0)
		return err->code;
	om_bind_int(q, 1, (int64_t)c->window_first);
	om_bind_int(q, 2, (int64_t)(c->window_first + c->window_count - 1));
	while ((rc = om_stmt_step(q, err)) == 1)
		if ((rc = check_event(c, q, err)) < 0)
			break;
	om_stmt_reset(q);
	return rc;
}

static struct om_paid
read_paid(const struct om_stmt *q)
{
	return (struct om_paid){
		.channel = om_col_text(q, 2),
		.reference = om_col_text(q, 3),
		.payment = om_col_text(q, 4),
		.currency = om_col_text(q, 5),
		.amount_minor = om_col_int(q, 6),
		.paid_at = om_col_int(q, 7),
		.batch = om_col_int(q, 8),
		.source_line = om_col_int(q, 9),
	};
}

/* The event that applied a payment moved the same sum to the same order, and
 * names the payment as its reason. */
static int
check_applied(struct om_check *c, const struct om_stmt *payment,
    struct om_err *err)
{
	struct om_stmt *q;
	bool good;
	int rc;

	if (om_db_prepare(c->db, sql_applied, &q, err) < 0)
		return err->code;
	om_bind_int(q, 1, om_col_int(payment, 12));
	om_bind_int(q, 2, om_col_int(payment, 11));
	if ((rc = om_stmt_step(q, err)) < 0)
		return rc;
	good = rc == 1 && om_col_int(q, 0) == OM_EVENT_PAYMENT &&
	       om_col_int(q, 1) == om_col_int(payment, 10) &&
	       om_col_int(q, 2) == om_col_int(payment, 6) &&
	       om_str_eq(om_col_text(q, 3), om_col_text(payment, 4));
	om_stmt_reset(q);
	c->applied++;
	if (!good)
		om_flaw(&c->flaws, om_col_text(payment, 2),
		    om_col_text(payment, 3),
		    "payment '%.*s' was not applied by event %" PRId64,
		    OM_FMT(om_col_text(payment, 4)), om_col_int(payment, 11));
	return 0;
}

static int
check_payment(struct om_check *c, const struct om_stmt *q, struct om_err *err)
{
	const struct om_paid paid = read_paid(q);
	uint64_t hash = om_hash64(paid.channel, paid.reference);

	c->payments++;
	om_buf_reset(&c->record);
	om_leaf_payment(&c->record, &paid);
	om_check_leaf(c, (uint64_t)om_col_int(q, 0), paid.channel,
	    paid.reference, "a payment's row");
	if ((int64_t)om_slot_of(hash) != om_col_int(q, 12) ||
	    om_key_of(hash) != om_col_int(q, 1))
		om_flaw(&c->flaws, paid.channel, paid.reference,
		    "payment '%.*s' lies under another key",
		    OM_FMT(paid.payment));
	if (om_col_int(q, 10) == 0 && om_col_int(q, 11) == 0)
		return 0;
	return check_applied(c, q, err);
}

int
om_check_payments(struct om_check *c, unsigned from, unsigned to,
    struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(c->db, sql_payments, &q, err) < 0)
		return err->code;
	om_bind_int(q, 1, (int64_t)from);
	om_bind_int(q, 2, (int64_t)to);
	om_bind_int(q, 3, (int64_t)c->window_first);
	om_bind_int(q, 4, (int64_t)(c->window_first + c->window_count - 1));
	while ((rc = om_stmt_step(q, err)) == 1)
		if ((rc = check_payment(c, q, err)) < 0)
			break;
	om_stmt_reset(q);
	return rc;
}
