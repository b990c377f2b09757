/* check_order.c - order rows and their lines against the log's leaves. */
#include <inttypes.h>

#include "audit/check.h"
#include "audit/leaf.h"
#include "store/chunk.h"

static const char sql_rows[] =
    "SELECT id, kind, channel, reference, revision, customer, placed_at,"
    " currency, tax_included, subtotal_minor, discount_minor, shipping_minor,"
    " tax_minor, total_minor, line_count, attributes, prev_id, batch,"
    " source_line, until_batch, last_leaf, state, paid_minor, refunded_minor"
    " FROM order_rows WHERE slot = $1 AND id BETWEEN $2 AND $3 ORDER BY id";
enum {
	R_ID,
	R_KIND,
	R_CHANNEL,
	R_REFERENCE,
	R_REVISION,
	R_CUSTOMER,
	R_PLACED_AT,
	R_CURRENCY,
	R_TAX_INCLUDED,
	R_SUBTOTAL,
	R_DISCOUNT,
	R_SHIPPING,
	R_TAX,
	R_TOTAL,
	R_LINE_COUNT,
	R_ATTRIBUTES,
	R_PREV_ID,
	R_BATCH,
	R_SOURCE_LINE,
	R_UNTIL_BATCH,
	R_LAST_LEAF,
	R_STATE,
	R_PAID,
	R_REFUNDED
};

static const char sql_lines[] =
    "SELECT order_id, line, sku, quantity_milli, unit_price_micro,"
    " discount_minor, tax_minor, total_minor FROM order_lines"
    " WHERE slot = $1 AND order_id BETWEEN $2 AND $3 ORDER BY order_id, line";
enum {
	L_ORDER,
	L_LINE,
	L_SKU,
	L_QUANTITY,
	L_PRICE,
	L_DISCOUNT,
	L_TAX,
	L_TOTAL
};

static const struct om_str nobody = { NULL, 0 };

/* The lines of a slot, walked beside its rows. */
struct lines {
	struct om_stmt *q;
	bool there;
	int64_t order_id; /* of the line at hand */
};

static int
next_line(struct lines *l, struct om_err *err)
{
	int rc = om_stmt_step(l->q, err);

	if (rc < 0)
		return rc;
	l->there = rc == 1;
	l->order_id = l->there ? om_col_int(l->q, L_ORDER) : 0;
	return 0;
}

/* Lines before the next order are nobody's. */
static int
skip_lines(struct om_check *c, struct lines *l, bool all, int64_t id,
    struct om_err *err)
{
	while (l->there && (all || l->order_id < id)) {
		c->lines++;
		om_flaw(&c->flaws, nobody, nobody,
		    "line %" PRId64 " of id %" PRId64 " belongs to no order",
		    om_col_int(l->q, L_LINE), l->order_id);
		if (next_line(l, err) < 0)
			return err->code;
	}
	return 0;
}

static int
take_lines(struct om_check *c, struct lines *l, int64_t id, struct om_order *o,
    struct om_err *err)
{
	uint32_t cap = 16;
	uint32_t n = 0;

	o->lines = om_alloc_raw(&c->arena, cap * sizeof(*o->lines));
	for (; l->there && l->order_id == id; n++) {
		if (n == cap) {
			struct om_line *more =
			    om_alloc_raw(&c->arena, 2 * cap * sizeof(*more));

			for (uint32_t i = 0; i < n; i++)
				more[i] = o->lines[i];
			o->lines = more;
			cap *= 2;
		}
		o->lines[n] = (struct om_line){
			.number = (int32_t)om_col_int(l->q, L_LINE),
			.sku = om_str_dup(&c->arena, om_col_text(l->q, L_SKU)),
			.quantity_milli = om_col_int(l->q, L_QUANTITY),
			.unit_price_micro = om_col_int(l->q, L_PRICE),
			.discount_minor = om_col_int(l->q, L_DISCOUNT),
			.tax_minor = om_col_int(l->q, L_TAX),
			.total_minor = om_col_int(l->q, L_TOTAL),
		};
		c->lines++;
		if (next_line(l, err) < 0)
			return err->code;
	}
	o->line_count = n;
	return 0;
}

static struct om_order
read_order(const struct om_stmt *q)
{
	return (struct om_order){
		.kind = (enum om_kind)om_col_int(q, R_KIND),
		.channel = om_col_text(q, R_CHANNEL),
		.reference = om_col_text(q, R_REFERENCE),
		.revision = om_col_text(q, R_REVISION),
		.customer = om_col_text(q, R_CUSTOMER),
		.placed_at = om_col_int(q, R_PLACED_AT),
		.currency = om_currency_find(om_col_text(q, R_CURRENCY)),
		.tax_included = om_col_int(q, R_TAX_INCLUDED) != 0,
		.subtotal_minor = om_col_int(q, R_SUBTOTAL),
		.discount_minor = om_col_int(q, R_DISCOUNT),
		.shipping_minor = om_col_int(q, R_SHIPPING),
		.tax_minor = om_col_int(q, R_TAX),
		.total_minor = om_col_int(q, R_TOTAL),
		.attributes = om_col_text(q, R_ATTRIBUTES),
	};
}

/* Values that the program never writes, and that its types would read as
 * another: the record alone does not tell them apart. */
static bool
legible(const struct om_stmt *q, const struct om_order *o)
{
	int64_t kind = om_col_int(q, R_KIND);
	int64_t included = om_col_int(q, R_TAX_INCLUDED);

	return (kind == OM_KIND_ORDER || kind == OM_KIND_CANCEL) &&
	       (included == 0 || included == 1) &&
	       (o->currency != NULL || om_col_text(q, R_CURRENCY).n == 0);
}

static struct om_mutable
read_mutable(const struct om_stmt *q)
{
	return (struct om_mutable){
		.id = om_col_int(q, R_ID),
		.kind = om_col_int(q, R_KIND),
		.channel = om_col_text(q, R_CHANNEL),
		.reference = om_col_text(q, R_REFERENCE),
		.prev_id = om_col_int(q, R_PREV_ID),
		.batch = om_col_int(q, R_BATCH),
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
	const struct om_taken taken = { om_col_int(q, R_BATCH),
		om_col_int(q, R_PREV_ID), om_col_int(q, R_SOURCE_LINE) };
	const struct om_mutable row = read_mutable(q);
	struct om_order o = read_order(q);

	c->rows++;
	om_arena_reset(&c->arena);
	if (skip_lines(c, lines, false, row.id, err) < 0 ||
	    take_lines(c, lines, row.id, &o, err) < 0)
		return err->code;
	if (!legible(q, &o))
		om_flaw(&c->flaws, o.channel, o.reference,
		    "the row has values that no order has");
	if ((int64_t)o.line_count != om_col_int(q, R_LINE_COUNT))
		om_flaw(&c->flaws, o.channel, o.reference,
		    "the row has %" PRIu32 " lines and says %" PRId64,
		    o.line_count, om_col_int(q, R_LINE_COUNT));
	om_buf_reset(&c->record);
	om_leaf_order(&c->record, &o, &taken);
	om_check_leaf(c, om_row_leaf(row.id), o.channel, o.reference,
	    "the order's row");
	return om_check_state(c, &row, err);
}

static int
select_slot(struct om_check *c, unsigned slot, const char *sql,
    struct om_stmt **out, struct om_err *err)
{
	uint64_t last = c->window_first + c->window_count - 1;

	if (om_db_prepare(c->db, sql, out, err) < 0)
		return err->code;
	om_bind_int(*out, 1, (int64_t)slot);
	om_bind_int(*out, 2, om_row_id(slot, c->window_first));
	om_bind_int(*out, 3, om_row_id(slot, last));
	return 0;
}

int
om_check_orders(struct om_check *c, unsigned slot, struct om_err *err)
{
	struct lines lines = { 0 };
	struct om_stmt *q;
	int rc;

	if (select_slot(c, slot, sql_rows, &q, err) < 0 ||
	    select_slot(c, slot, sql_lines, &lines.q, err) < 0 ||
	    next_line(&lines, err) < 0)
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
