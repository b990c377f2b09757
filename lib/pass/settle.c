/*
 * settle.c - payments and refunds that statements reported, onto their orders.
 *
 * A payment is applied once: its order's sums change, an event says so, and
 * the payment remembers both. Held is what cannot be applied: another
 * currency than the order's, or an order that is closed or cancelled. What has
 * no order (yet) stays untouched.
 */
#include <stdlib.h>

#include "audit/leaf.h"
#include "order/money.h"
#include "pass/move.h"
#include "store/sql.h"

static const char count_open[] =
    "SELECT count(*) FROM payments WHERE slot BETWEEN $1 AND $2"
    " AND order_id = 0 AND batch <= $3";
static const char select_open[] =
    "SELECT p.slot, p.key, p.channel, p.reference, p.payment, p.amount_minor,"
    " o.id, o.last_leaf, o.state, o.paid_minor, o.refunded_minor,"
    " CASE WHEN o.currency = p.currency THEN 1 ELSE 0 END"
    " FROM payments p"
    " JOIN order_keys k ON k.slot = p.slot AND k.key = p.key"
    " JOIN order_rows o ON o.slot = k.slot AND o.id = k.id"
    " WHERE p.slot BETWEEN $1 AND $2 AND p.order_id = 0 AND p.batch <= $3"
    " AND o.channel = p.channel AND o.reference = p.reference"
    " AND o.until_batch = 0 AND o.batch <= $3 AND o.currency <> ''"
    " ORDER BY o.id, p.leaf";
static const char update_payments[] =
    "UPDATE payments SET order_id = a.order_id, apply_leaf = a.leaf"
    " FROM applied a WHERE payments.slot = a.slot AND payments.key = a.key"
    " AND payments.payment = a.payment AND payments.channel = a.channel"
    " AND payments.reference = a.reference";
static const char update_orders[] =
    "UPDATE order_rows SET paid_minor = s.paid_minor,"
    " refunded_minor = s.refunded_minor, last_leaf = s.leaf FROM sums s"
    " WHERE order_rows.slot = s.slot AND order_rows.id = s.order_id";

struct applied {
	int64_t slot;
	int64_t key;
	struct om_str channel;
	struct om_str reference;
	struct om_str payment;
};

struct sums {
	int64_t order_id;
	int64_t paid_minor;
	int64_t refunded_minor;
	size_t last_move;
};

/* Arrays grow together: one payment, one move; one order, one of sums. */
struct settling {
	struct applied *applied;
	struct om_move *move;
	size_t count;
	struct sums *sums;
	size_t orders;
	size_t cap;
	int64_t held;
};

static void
settling_end(struct settling *s)
{
	free(s->applied);
	free(s->move);
	free(s->sums);
}

static int
make_room(struct settling *s, struct om_err *err)
{
	size_t cap = s->cap == 0 ? 1024 : 2 * s->cap;
	struct applied *applied;
	struct om_move *move;
	struct sums *sums;

	if (s->count < s->cap)
		return 0;
	if ((applied = realloc(s->applied, cap * sizeof(*applied))) != NULL)
		s->applied = applied;
	if ((move = realloc(s->move, cap * sizeof(*move))) != NULL)
		s->move = move;
	if ((sums = realloc(s->sums, cap * sizeof(*sums))) != NULL)
		s->sums = sums;
	if (applied == NULL || move == NULL || sums == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	s->cap = cap;
	return 0;
}

/* The sums of the order of this row; rows of one order stand together. */
static struct sums *
sums_of(struct settling *s, const struct om_stmt *q)
{
	int64_t id = om_col_int(q, 6);

	if (s->orders == 0 || s->sums[s->orders - 1].order_id != id)
		s->sums[s->orders++] = (struct sums){
			.order_id = id,
			.paid_minor = om_col_int(q, 9),
			.refunded_minor = om_col_int(q, 10),
		};
	return &s->sums[s->orders - 1];
}

static int
add_amount(struct sums *sums, int64_t amount, struct om_err *err)
{
	if (amount >= 0)
		return om_money_add(&sums->paid_minor, amount, err);
	if (amount == INT64_MIN)
		return om_fail(err, OM_ELIMIT, "sum overflows");
	return om_money_add(&sums->refunded_minor, -amount, err);
}

static int
take(struct om_work *w, struct settling *s, const struct om_stmt *q,
    struct om_err *err)
{
	enum om_state state = (enum om_state)om_col_int(q, 8);
	struct sums *sums;

	if (om_col_int(q, 11) == 0 || !om_state_open(state)) {
		s->held++;
		return 0;
	}
	if (make_room(s, err) < 0)
		return err->code;
	sums = sums_of(s, q);
	if (add_amount(sums, om_col_int(q, 5), err) < 0)
		return om_wrap(err, "payment '%.*s'",
		    OM_FMT(om_col_text(q, 4)));
	sums->last_move = s->count;
	s->applied[s->count] = (struct applied){
		.slot = om_col_int(q, 0),
		.key = om_col_int(q, 1),
		.channel = om_str_dup(&w->arena, om_col_text(q, 2)),
		.reference = om_str_dup(&w->arena, om_col_text(q, 3)),
		.payment = om_str_dup(&w->arena, om_col_text(q, 4)),
	};
	s->move[s->count++] = (struct om_move){
		.order_id = om_col_int(q, 6),
		.slot = om_col_int(q, 0),
		.prev_leaf = om_col_int(q, 7),
		.kind = OM_EVENT_PAYMENT,
		.from = state,
		.to = state,
		.amount_minor = om_col_int(q, 5),
		.reason = om_strndup(&w->arena, om_col_text(q, 4).p,
		    om_col_text(q, 4).n),
	};
	return 0;
}

static const struct om_lend_column applied_columns[] = {
	{ "slot", OM_INT },
	{ "key", OM_INT },
	{ "channel", OM_TEXT },
	{ "reference", OM_TEXT },
	{ "payment", OM_TEXT },
	{ "order_id", OM_INT },
	{ "leaf", OM_INT },
};

static void
applied_cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct settling *s = rows;
	const struct applied *a = &s->applied[row];
	const struct om_move *m = &s->move[row];

	switch (col) {
	case 0:
		out->i = a->slot;
		break;
	case 1:
		out->i = a->key;
		break;
	case 2:
		out->s = a->channel;
		break;
	case 3:
		out->s = a->reference;
		break;
	case 4:
		out->s = a->payment;
		break;
	default:
		out->i = col == 5 ? m->order_id : m->leaf;
	}
}

static const struct om_lend_column sums_columns[] = {
	{ "order_id", OM_INT },
	{ "slot", OM_INT },
	{ "paid_minor", OM_INT },
	{ "refunded_minor", OM_INT },
	{ "leaf", OM_INT },
};

static void
sums_cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct settling *s = rows;
	const struct sums *o = &s->sums[row];
	const struct om_move *m = &s->move[o->last_move];
	const int64_t value[] = { o->order_id, m->slot, o->paid_minor,
		o->refunded_minor, m->leaf };

	out->i = value[col];
}

static int
update(struct om_db *db, const struct om_lend *table, const char *sql,
    struct om_err *err)
{
	int rc;

	if (om_db_lend(db, table, err) < 0)
		return err->code;
	rc = om_sql_run(db, err, sql, "");
	om_db_unlend(db, table->name);
	return rc;
}

static int
apply(struct om_work *w, struct settling *s, struct om_err *err)
{
	const struct om_lend applied = {
		.name = "applied",
		.columns = applied_columns,
		.column_count = OM_COUNT(applied_columns),
		.rows = s,
		.row_count = s->count,
		.cell = applied_cell,
	};
	const struct om_lend sums = {
		.name = "sums",
		.columns = sums_columns,
		.column_count = OM_COUNT(sums_columns),
		.rows = s,
		.row_count = s->orders,
		.cell = sums_cell,
		.sorted_by = 1,
	};

	if (s->count == 0)
		return 0;
	if (om_moves_seal(w, om_pass_settle.name, s->move, s->count, err) < 0 ||
	    update(w->db, &applied, update_payments, err) < 0)
		return err->code;
	return update(w->db, &sums, update_orders, err);
}

static int
settle(struct om_work *w, int64_t from, int64_t to, struct om_err *err)
{
	OM_AUTO(settling_end) struct settling s = { 0 };
	struct om_stmt *q;
	int64_t in = 0;
	int rc;

	if (om_sql_int(w->db, &in, err, count_open, "iii", from, to,
		w->published) < 0)
		return err->code;
	if (in == 0)
		return 0;
	if (om_sql(w->db, &q, err, select_open, "iii", from, to, w->published) <
	    0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1)
		if (take(w, &s, q, err) < 0)
			return err->code;
	if (rc < 0)
		return rc;
	om_tally_add(&w->tally, "in", in);
	om_tally_add(&w->tally, "applied", (int64_t)s.count);
	om_tally_add(&w->tally, "held", s.held);
	om_tally_add(&w->tally, "untouched", in - (int64_t)s.count - s.held);
	return apply(w, &s, err);
}

const struct om_pass om_pass_settle = {
	.name = "settle",
	.summary = "apply the payments and refunds of statements to orders",
	.from = "any open state",
	.to = "the same state, other sums",
	.items = "payments",
	.window = OM_BY_SLOT,
	.work = settle,
};
