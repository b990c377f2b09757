/*
 * leaf.h - the canonical records whose hashes are the leaves of the logs.
 *
 * A record is its tag, then its fields in the order of the struct below, each
 * length-prefixed text (32-bit big-endian length, then the bytes) or a 64-bit
 * big-endian integer, negative ones in two's complement; the tag is such a
 * text, too. Absent text is empty text, as in the database; true is 1. A record
 * holds every column of its row that never changes, and no clock. Records are
 * added to a buffer whose maximum the caller chose: ask om_buf_over().
 */
#ifndef OM_AUDIT_LEAF_H
#define OM_AUDIT_LEAF_H

#include "base/buf.h"
#include "order/order.h"

/* What the store adds to an order when it takes it. */
struct om_taken {
	int64_t batch;
	int64_t prev_id; /* the revision it supersedes, 0 for none */
	int64_t source_line;
};

/* "ordmill/order/1": kind, channel, reference, revision, customer, placed_at,
 * currency code (empty: none), tax_included, subtotal, discount, shipping, tax,
 * total, attributes, prev_id, batch, source_line, line count; then of each
 * line: number, sku, quantity_milli, unit_price_micro, discount, tax, total. */
void om_leaf_order(struct om_buf *out, const struct om_order *order,
    const struct om_taken *taken);

/* A row of payments. */
struct om_paid {
	struct om_str channel;
	struct om_str reference;
	struct om_str payment;
	struct om_str currency;
	int64_t amount_minor;
	int64_t paid_at;
	int64_t batch;
	int64_t source_line;
};

/* "ordmill/payment/1" */
void om_leaf_payment(struct om_buf *out, const struct om_paid *paid);

enum om_event_kind { OM_EVENT_STATE = 1, OM_EVENT_PAYMENT = 2 };

/* A row of events, its leaf left out. */
struct om_event {
	int64_t order_id;
	int64_t prev_leaf;
	int64_t run;
	struct om_str pass;
	int64_t kind;
	int64_t from_state;
	int64_t to_state;
	int64_t amount_minor;
	struct om_str reason;
};

/* "ordmill/event/1" */
void om_leaf_event(struct om_buf *out, const struct om_event *event);

#endif
