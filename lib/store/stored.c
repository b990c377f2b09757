/* stored.c - current revisions out of order_rows; see stored.h. */
#include "store/stored.h"

/* In the order of OM_STORED_COLUMNS. */
enum {
	C_ID,
	C_SLOT,
	C_CHANNEL,
	C_REFERENCE,
	C_REVISION,
	C_CUSTOMER,
	C_PLACED_AT,
	C_CURRENCY,
	C_TAX_INCLUDED,
	C_SUBTOTAL,
	C_DISCOUNT,
	C_SHIPPING,
	C_TAX,
	C_TOTAL,
	C_LINE_COUNT,
	C_ATTRIBUTES,
	C_STATE,
	C_PAID,
	C_REFUNDED
};

static const char find_lines[] =
    "SELECT line, sku, quantity_milli, unit_price_micro, discount_minor,"
    " tax_minor, total_minor FROM order_lines"
    " WHERE slot = $1 AND order_id = $2 ORDER BY line";

bool
om_stored_is(const struct om_stmt *q, int col, const struct om_order *o)
{
	return om_str_eq(om_col_text(q, col + C_CHANNEL), o->channel) &&
	       om_str_eq(om_col_text(q, col + C_REFERENCE), o->reference);
}

struct om_stored
om_stored_read(const struct om_stmt *q, int col, struct om_arena *arena)
{
	struct om_order o = {
		.channel = om_str_dup(arena, om_col_text(q, col + C_CHANNEL)),
		.reference =
		    om_str_dup(arena, om_col_text(q, col + C_REFERENCE)),
		.revision = om_str_dup(arena, om_col_text(q, col + C_REVISION)),
		.customer = om_str_dup(arena, om_col_text(q, col + C_CUSTOMER)),
		.attributes =
		    om_str_dup(arena, om_col_text(q, col + C_ATTRIBUTES)),
		.currency = om_currency_find(om_col_text(q, col + C_CURRENCY)),
		.tax_included = om_col_int(q, col + C_TAX_INCLUDED) != 0,
		.placed_at = om_col_int(q, col + C_PLACED_AT),
		.subtotal_minor = om_col_int(q, col + C_SUBTOTAL),
		.discount_minor = om_col_int(q, col + C_DISCOUNT),
		.shipping_minor = om_col_int(q, col + C_SHIPPING),
		.tax_minor = om_col_int(q, col + C_TAX),
		.total_minor = om_col_int(q, col + C_TOTAL),
		.line_count = (uint32_t)om_col_int(q, col + C_LINE_COUNT),
	};

	return (struct om_stored){
		.id = om_col_int(q, col + C_ID),
		.slot = om_col_int(q, col + C_SLOT),
		.state = (enum om_state)om_col_int(q, col + C_STATE),
		.paid_minor = om_col_int(q, col + C_PAID),
		.refunded_minor = om_col_int(q, col + C_REFUNDED),
		.waits = om_col_text(q, col + C_CURRENCY).n == 0,
		.order = o,
	};
}

int
om_stored_lines(struct om_db *db, struct om_stored *f, struct om_arena *arena,
    struct om_err *err)
{
	struct om_order *o = &f->order;
	uint32_t n = 0;
	struct om_stmt *q;
	int rc;

	o->lines = om_alloc(arena, (o->line_count + 1) * sizeof(o->lines[0]));
	if (om_db_prepare(db, find_lines, &q, err) < 0)
		return err->code;
	om_bind_int(q, 1, f->slot);
	om_bind_int(q, 2, f->id);
	while ((rc = om_stmt_step(q, err)) == 1 && n < o->line_count)
		o->lines[n++] = (struct om_line){
			.number = (int32_t)om_col_int(q, 0),
			.sku = om_str_dup(arena, om_col_text(q, 1)),
			.quantity_milli = om_col_int(q, 2),
			.unit_price_micro = om_col_int(q, 3),
			.discount_minor = om_col_int(q, 4),
			.tax_minor = om_col_int(q, 5),
			.total_minor = om_col_int(q, 6),
		};
	if (rc < 0)
		return rc;
	om_stmt_reset(q);
	if (n != o->line_count)
		return om_fail(err, OM_EDAMAGED,
		    "order '%.*s' has %u lines of"
		    " %u",
		    OM_FMT(o->reference), n, o->line_count);
	return 0;
}
