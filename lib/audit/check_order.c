/* check_order.c - order rows and their lines against the log's leaves. */
#include <inttypes.h>

#include "audit/check.h"
#include "audit/order_row.h"
#include "order/line_text.h"
#include "store/chunk.h"

static const char sql_rows[] =
    "SELECT " OM_ORDER_ROW
    ", o.until_batch, o.last_leaf, o.state, o.paid_minor, o.refunded_minor"
    ", o.slot FROM order_rows o WHERE o.id BETWEEN $1 AND $2"
    " ORDER BY o.id";
enum {
	R_UNTIL_BATCH = OM_ORDER_ROW_COLUMNS,
	R_LAST_LEAF,
	R_STATE,
	R_PAID,
	R_REFUNDED,
	R_SLOT
};

static const char sql_lines[] =
    "SELECT id, slot, lines FROM line_rows WHERE id BETWEEN $1 AND $2"
    " ORDER BY id";
enum { L_ID, L_SLOT, L_LINES };

static const struct om_str nobody = { NULL, 0 };

/* The lines of a window, walked beside its rows. */
struct lines {
	struct om_stmt *q;
	bool there;
	int64_t id; /* of the order row whose lines are at hand */
};

static int
next_lines(struct lines *l, struct om_err *err)
{
	int rc = om_stmt_step(l->q, err);

	if (rc < 0)
		return rc;
	l->there = rc == 1;
	l->id = l->there ? om_col_int(l->q, L_ID) : 0;
	return 0;
}

/* Lines before the next order are nobody's. */
static int
skip_lines(struct om_check *c, struct lines *l, bool all, int64_t id,
    struct om_err *err)
{
	while (l->there && (all || l->id < id)) {
		c->lines++;
		om_flaw(&c->flaws, nobody, nobody,
		    "lines of id %" PRId64 " belong to no order", l->id);
		if (next_lines(l, err) < 0)
			return err->code;
	}
	return 0;
}

static int
take_lines(struct om_check *c, struct lines *l, struct om_order_row *row,
    int64_t slot, struct om_err *err)
{
	struct om_order *o = &row->order;

	if (!l->there || l->id != row->id)
		return 0;
	if (slot != om_col_int(l->q, L_SLOT) ||
	    !om_line_text_read(om_col_text(l->q, L_LINES), &c->arena, &o->lines,
		&o->line_count) ||
	    o->line_count == 0)
		row->legible = false;
	c->lines++;
	return next_lines(l, err);
}

static struct om_mutable
read_mutable(const struct om_stmt *q, const struct om_order_row *row)
{
	return (struct om_mutable){
		.id = row->id,
		.slot = om_col_int(q, R_SLOT),
		.kind = (int64_t)row->order.kind,
		.channel = row->order.channel,
		.reference = row->order.reference,
		.revision = row->order.revision,
		.prev_id = row->taken.prev_id,
		.batch = row->taken.batch,
		.until_batch = om_col_int(q, R_UNTIL_BATCH),
		.last_leaf = om_col_int(q, R_LAST_LEAF),
		.state = om_col_int(q, R_STATE),
		.paid_minor = om_col_int(q, R_PAID),
		.refunded_minor = om_col_int(q, R_REFUNDED),
	};
}

static int
check_row(struct om_check *c, const struct om_stmt *q, struct lines *lines,
    struct om_err *err)
{
	struct om_mutable changing;
	struct om_order_row row;
	const struct om_order *o = &row.order;

	om_order_row_read(q, &row);
	changing = read_mutable(q, &row);
	om_arena_reset(&c->arena);
	if (skip_lines(c, lines, false, row.id, err) < 0 ||
	    take_lines(c, lines, &row, changing.slot, err) < 0)
		return err->code;
	if (!row.legible)
		om_flaw(&c->flaws, o->channel, o->reference,
		    "the row has values that no order has");
	if ((int64_t)o->line_count != row.line_count)
		om_flaw(&c->flaws, o->channel, o->reference,
		    "the row has %" PRIu32 " lines and says %" PRId64,
		    o->line_count, row.line_count);
	om_buf_reset(&c->record);
	om_leaf_order(&c->record, o, &row.taken);
	om_check_leaf(c, om_row_leaf(row.id), o->channel, o->reference,
	    "the order's row");
	om_check_place(c, row.id, changing.slot, o->channel, o->reference);
	if (o->currency == NULL)
		om_check_early(c, row.id, changing.slot);
	return om_check_state(c, &changing, err);
}

static int
select_window(struct om_check *c, const char *sql, struct om_stmt **out,
    struct om_err *err)
{
	uint64_t last = c->window_first + c->window_count - 1;

	if (om_db_prepare(c->db, sql, out, err) < 0)
		return err->code;
	om_bind_int(*out, 1, om_row_id(c->window_first));
	om_bind_int(*out, 2, om_row_id(last));
	return 0;
}

int
om_check_orders(struct om_check *c, struct om_err *err)
{
	struct lines lines = { 0 };
	struct om_stmt *q;
	int rc;

	if (select_window(c, sql_rows, &q, err) < 0 ||
	    select_window(c, sql_lines, &lines.q, err) < 0 ||
	    next_lines(&lines, err) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1)
		if ((rc = check_row(c, q, &lines, err)) < 0)
			break;
	om_stmt_reset(q);
	if (rc == 0)
		rc = skip_lines(c, &lines, true, 0, err);
	om_stmt_reset(lines.q);
	return rc;
}
