/*
 * validate.c - received -> accepted, or held with a reason.
 *
 * An order is held if its totals do not follow from its lines (to within one
 * minor unit a line, the most that rounding can explain), if its total is
 * negative, if it was placed more than a day ahead of the clock, or if a rule
 * of the user says so. The first reason counts.
 */
#include <stdlib.h>

#include "audit/leaf.h"
#include "pass/move.h"
#include "store/sql.h"

#define SQL_MAX 65536
#define DAY	INT64_C(86400)

/* The list of reasons is put together from these and the user's rules. */
static const char select_head[] =
    "SELECT o.id, o.slot, o.last_leaf, CASE"
    " WHEN o.line_count > 0 AND abs(o.subtotal_minor - (SELECT"
    " CAST(sum(l.total_minor) AS bigint) FROM order_lines l"
    " WHERE l.slot = o.slot AND l.order_id = o.id)) > o.line_count"
    " THEN 'the lines do not make the subtotal'"
    " WHEN abs(o.total_minor - (o.subtotal_minor - o.discount_minor"
    " + o.shipping_minor + (1 - o.tax_included) * o.tax_minor))"
    " > o.line_count + 1"
    " AND (o.line_count > 0 OR o.subtotal_minor <> 0)"
    " THEN 'the parts do not make the total'"
    " WHEN o.total_minor < 0 THEN 'the total is negative'"
    " WHEN o.placed_at > $4 THEN 'placed in the future'";
static const char select_tail[] =
    " ELSE '' END FROM order_rows o WHERE o.id BETWEEN $1 AND $2"
    " AND o.state = 0 AND o.until_batch = 0 AND o.batch <= $3"
    " ORDER BY o.id";

struct moves {
	struct om_move *move;
	size_t count;
	size_t cap;
};

static void
moves_end(struct moves *m)
{
	free(m->move);
}

static int
add(struct moves *m, const struct om_move *move, struct om_err *err)
{
	if (m->count == m->cap) {
		size_t cap = m->cap == 0 ? 1024 : 2 * m->cap;
		struct om_move *more = realloc(m->move, cap * sizeof(*more));

		if (more == NULL)
			return om_fail(err, OM_ELIMIT, "out of memory");
		m->move = more;
		m->cap = cap;
	}
	m->move[m->count++] = *move;
	return 0;
}

static void
quoted(struct om_buf *out, const char *text)
{
	om_buf_char(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			om_buf_char(out, '\'');
		om_buf_char(out, *text);
	}
	om_buf_char(out, '\'');
}

/* Once for a handle: the rules do not change during a run. */
static int
build(struct om_work *w, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf sql;

	om_buf_init(&sql, SQL_MAX);
	om_buf_text(&sql, select_head);
	for (size_t i = 0; i < w->rule_count; i++) {
		om_buf_printf(&sql, " WHEN (%s) THEN ", w->rules[i].condition);
		quoted(&sql, w->rules[i].name);
	}
	om_buf_text(&sql, select_tail);
	if (om_buf_over(&sql))
		return om_fail(err, OM_EUSAGE, "the rules are over %d bytes",
		    SQL_MAX);
	w->sql = om_strndup(&w->keep, sql.p, sql.n);
	return 0;
}

static int
find(struct om_work *w, int64_t from, int64_t to, struct moves *m,
    struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if ((w->sql == NULL && build(w, err) < 0) ||
	    om_sql(w->db, &q, err, w->sql, "iiii", from, to, w->published,
		w->now + DAY) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		struct om_str reason = om_col_text(q, 3);
		const struct om_move move = {
			.order_id = om_col_int(q, 0),
			.slot = om_col_int(q, 1),
			.prev_leaf = om_col_int(q, 2),
			.kind = OM_EVENT_STATE,
			.from = OM_RECEIVED,
			.to = reason.n == 0 ? OM_ACCEPTED : OM_HELD,
			.reason = reason.n == 0 ? ""
						: om_strndup(&w->arena,
						      reason.p, reason.n),
		};

		if (add(m, &move, err) < 0)
			return err->code;
	}
	return rc;
}

/* SQL that the engine does not understand can only be the user's. */
static int
blame(const struct om_work *w, struct om_err *err)
{
	if (w->rule_count == 0 || err->code != OM_EINTERNAL)
		return err->code;
	err->code = OM_EUSAGE;
	return om_wrap(err, "in a rule to hold orders");
}

static int
validate(struct om_work *w, int64_t from, int64_t to, struct om_err *err)
{
	OM_AUTO(moves_end) struct moves m = { 0 };
	int64_t held = 0;

	if (find(w, from, to, &m, err) < 0)
		return blame(w, err);
	for (size_t i = 0; i < m.count; i++)
		held += m.move[i].to == OM_HELD;
	om_tally_add(&w->tally, "in", (int64_t)m.count);
	om_tally_add(&w->tally, "accepted", (int64_t)m.count - held);
	om_tally_add(&w->tally, "held", held);
	if (om_moves_seal(w, om_pass_validate.name, m.move, m.count, err) < 0)
		return err->code;
	return om_moves_apply(w, m.move, m.count, err);
}

const struct om_pass om_pass_validate = {
	.name = "validate",
	.summary = "check what was received: accept it, or hold it",
	.from = "received",
	.to = "accepted, held",
	.items = "orders",
	.window = OM_BY_ARRIVAL,
	.work = validate,
};
