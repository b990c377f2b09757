/* stored.c - current revisions out of order_rows; see stored.h. */
#include "store/stored.h"

#include "order/line_text.h"
#include "store/sql.h"

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
    "SELECT lines FROM line_rows WHERE slot = $1 AND id = $2";

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
om_lines_read(struct om_db *db, int64_t slot, int64_t id,
    struct om_arena *arena, struct om_line **out, uint32_t *out_count,
    struct om_err *err)
{
	struct om_stmt *q;
	bool legible = true;
	int rc;

	*out_count = 0;
	if (om_sql(db, &q, err, find_lines, "ii", slot, id) < 0 ||
	    (rc = om_stmt_step(q, err)) < 0)
		return err->code;
	if (rc == 1)
		legible =
		    om_line_text_read(om_col_text(q, 0), arena, out, out_count);
	om_stmt_reset(q);
	if (!legible)
		return om_fail(err, OM_EDAMAGED,
		    "the lines of order row %lld are none", (long long)id);
	return 0;
}

int
om_stored_lines(struct om_db *db, struct om_stored *f, struct om_arena *arena,
    struct om_err *err)
{
	struct om_order *o = &f->order;
	uint32_t n = 0;

	if (f->entry != NULL)
		return 0;
	if (om_lines_read(db, f->slot, f->id, arena, &o->lines, &n, err) < 0)
		return err->code;
	if (n != o->line_count)
		return om_fail(err, OM_EDAMAGED,
		    "order '%.*s' has %u lines of"
		    " %u",
		    OM_FMT(o->reference), n, o->line_count);
	return 0;
}
