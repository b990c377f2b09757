/*
 * order_row.h - a row of order_rows, read back into what was sealed.
 *
 * Private to lib/audit: verifying and proving must read it alike.
 */
#ifndef OM_AUDIT_ORDER_ROW_H
#define OM_AUDIT_ORDER_ROW_H

#include "audit/leaf.h"
#include "db/db.h"

/* The columns of the SELECT that om_order_row_read() understands. */
#define OM_ORDER_ROW                                                           \
	"o.id, o.kind, o.channel, o.reference, o.revision, o.customer,"        \
	" o.placed_at, o.currency, o.tax_included, o.subtotal_minor,"          \
	" o.discount_minor, o.shipping_minor, o.tax_minor, o.total_minor,"     \
	" o.line_count, o.attributes, o.prev_id, o.batch, o.source_line"
#define OM_ORDER_ROW_COLUMNS 19

struct om_order_row {
	int64_t id;
	int64_t line_count; /* as the row says; order.line_count is 0 */
	bool legible;	    /* no value that the program never writes */
	struct om_order order;
	struct om_taken taken;
};

/* Text is borrowed from the statement until its next step. */
void om_order_row_read(const struct om_stmt *q, struct om_order_row *out);

#endif
