/* order_row.c - rows of orders and lines, read back; see order_row.h. */
#include "audit/order_row.h"

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
	R_SOURCE_LINE
};

/* Values that the types of an order would read as another one: the record
 * alone does not tell them apart. */
static bool
legible(const struct om_stmt *q, const struct om_order *o)
{
	int64_t kind = om_col_int(q, R_KIND);
	int64_t included = om_col_int(q, R_TAX_INCLUDED);

	return (kind == OM_KIND_ORDER || kind == OM_KIND_CANCEL ||
		   kind == OM_KIND_CANCELLED) &&
	       (included == 0 || included == 1) &&
	       (o->currency != NULL || om_col_text(q, R_CURRENCY).n == 0);
}

void
om_order_row_read(const struct om_stmt *q, struct om_order_row *out)
{
	*out = (struct om_order_row){
		.id = om_col_int(q, R_ID),
		.line_count = om_col_int(q, R_LINE_COUNT),
		.order = {
			.kind = (enum om_kind)om_col_int(q, R_KIND),
			.channel = om_col_text(q, R_CHANNEL),
			.reference = om_col_text(q, R_REFERENCE),
			.revision = om_col_text(q, R_REVISION),
			.customer = om_col_text(q, R_CUSTOMER),
			.placed_at = om_col_int(q, R_PLACED_AT),
			.currency =
			    om_currency_find(om_col_text(q, R_CURRENCY)),
			.tax_included = om_col_int(q, R_TAX_INCLUDED) != 0,
			.subtotal_minor = om_col_int(q, R_SUBTOTAL),
			.discount_minor = om_col_int(q, R_DISCOUNT),
			.shipping_minor = om_col_int(q, R_SHIPPING),
			.tax_minor = om_col_int(q, R_TAX),
			.total_minor = om_col_int(q, R_TOTAL),
			.attributes = om_col_text(q, R_ATTRIBUTES),
		},
		.taken = {
			.batch = om_col_int(q, R_BATCH),
			.prev_id = om_col_int(q, R_PREV_ID),
			.source_line = om_col_int(q, R_SOURCE_LINE),
		},
	};
	out->legible = legible(q, &out->order);
}
