/* move.c - events in bulk; see move.h. */
#include "pass/move.h"

#include <assert.h>
#include <stdlib.h>

#include "audit/leaf.h"
#include "store/sql.h"

static const char insert_events[] =
    "INSERT INTO events (leaf, slot, order_id, prev_leaf, run, pass, kind,"
    " from_state, to_state, amount_minor, reason)"
    " SELECT leaf, slot, order_id, prev_leaf, $1, $2, kind, from_state,"
    " to_state, amount_minor, reason FROM moves";
static const char update_orders[] =
    "UPDATE order_rows SET state = m.to_state, last_leaf = m.leaf"
    " FROM moves m"
    " WHERE order_rows.slot = m.slot AND order_rows.id = m.order_id";

enum {
	M_ORDER_ID,
	M_SLOT,
	M_LEAF,
	M_PREV_LEAF,
	M_KIND,
	M_FROM,
	M_TO,
	M_AMOUNT,
	M_REASON,
};

static const struct om_lend_column columns[] = {
	[M_ORDER_ID] = { "order_id", OM_INT },
	[M_SLOT] = { "slot", OM_INT },
	[M_LEAF] = { "leaf", OM_INT },
	[M_PREV_LEAF] = { "prev_leaf", OM_INT },
	[M_KIND] = { "kind", OM_INT },
	[M_FROM] = { "from_state", OM_INT },
	[M_TO] = { "to_state", OM_INT },
	[M_AMOUNT] = { "amount_minor", OM_INT },
	[M_REASON] = { "reason", OM_TEXT },
};

static void
cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct om_move *m = (const struct om_move *)rows + row;

	switch (col) {
	case M_ORDER_ID:
		out->i = m->order_id;
		break;
	case M_SLOT:
		out->i = m->slot;
		break;
	case M_LEAF:
		out->i = m->leaf;
		break;
	case M_PREV_LEAF:
		out->i = m->prev_leaf;
		break;
	case M_KIND:
		out->i = m->kind;
		break;
	case M_FROM:
		out->i = m->from;
		break;
	case M_TO:
		out->i = m->to;
		break;
	case M_AMOUNT:
		out->i = m->amount_minor;
		break;
	default:
		out->s = om_str_of(m->reason);
	}
}

static int
lend(struct om_work *w, const struct om_move *moves, size_t n,
    struct om_err *err)
{
	const struct om_lend table = {
		.name = "moves",
		.columns = columns,
		.column_count = OM_COUNT(columns),
		.rows = moves,
		.row_count = n,
		.cell = cell,
		.sorted_by = M_ORDER_ID + 1,
	};

	return om_db_lend(w->db, &table, err);
}

static void
hash_move(struct om_work *w, const char *pass, const struct om_move *m,
    struct om_node *out)
{
	const struct om_event event = {
		.order_id = m->order_id,
		.prev_leaf = m->prev_leaf,
		.run = w->run,
		.pass = om_str_of(pass),
		.kind = m->kind,
		.from_state = m->from,
		.to_state = m->to,
		.amount_minor = m->amount_minor,
		.reason = om_str_of(m->reason),
	};

	om_buf_reset(&w->record);
	om_leaf_event(&w->record, &event);
	om_merkle_leaf(&w->sha, w->record.p, w->record.n, out);
}

static int
append(struct om_work *w, const char *pass, struct om_move *moves, size_t n,
    struct om_node *leaves, struct om_err *err)
{
	uint64_t base = om_log_size(w->log);

	for (size_t i = 0; i < n; i++) {
		struct om_move *m = &moves[i];

		assert(m->from == m->to || om_state_may(m->from, m->to));
		m->leaf = (int64_t)(base + i);
		if (i > 0 && m->order_id == moves[i - 1].order_id)
			m->prev_leaf = moves[i - 1].leaf;
		hash_move(w, pass, m, &leaves[i]);
	}
	return om_log_append(w->log, leaves, n, err);
}

int
om_moves_seal(struct om_work *w, const char *pass, struct om_move *moves,
    size_t n, struct om_err *err)
{
	struct om_node *leaves;
	int rc;

	if (n == 0)
		return 0;
	leaves = malloc(n * sizeof(*leaves));
	if (leaves == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	rc = append(w, pass, moves, n, leaves, err);
	free(leaves);
	if (rc < 0 || lend(w, moves, n, err) < 0)
		return err->code;
	rc = om_sql_run(w->db, err, insert_events, "is", w->run, pass);
	om_db_unlend(w->db, "moves");
	return rc;
}

int
om_moves_apply(struct om_work *w, const struct om_move *moves, size_t n,
    struct om_err *err)
{
	int rc;

	if (n == 0)
		return 0;
	if (lend(w, moves, n, err) < 0)
		return err->code;
	rc = om_sql_run(w->db, err, update_orders, "");
	om_db_unlend(w->db, "moves");
	return rc;
}
