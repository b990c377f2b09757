/*
 * order.h - what an order is, and when its arithmetic holds.
 *
 * A struct om_order borrows its text from whoever made it (an arena, a block of
 * the pipeline) and owns nothing. Amounts are minor units of its currency;
 * quantities are thousandths; unit prices are millionths of the major unit.
 *
 * Normal form, whatever the feed: with tax added,
 *     total = subtotal - discount + shipping + tax
 * and with tax included in the prices,
 *     total = subtotal - discount + shipping
 * where subtotal is the sum of the line totals.
 */
#ifndef OM_ORDER_ORDER_H
#define OM_ORDER_ORDER_H

#include "order/money.h"
#include "order/state.h"

#define OM_CHANNEL_MAX	   64
#define OM_REFERENCE_MAX   255
#define OM_ORDER_LINES_MAX 65535

enum om_kind {
	OM_KIND_ORDER,
	OM_KIND_CANCEL,	   /* says of an order only that it is cancelled */
	OM_KIND_CANCELLED, /* an order that is cancelled, with its facts */
};

/* What becomes of an order without a revision that is there with other facts. */
enum om_clash { OM_CLASH_REJECT, OM_CLASH_REPLACE, OM_CLASH_KEEP };

struct om_line {
	int32_t number; /* 1.. or as stated */
	struct om_str sku;
	int64_t quantity_milli;
	int64_t unit_price_micro;
	int64_t discount_minor; /* positive: taken off */
	int64_t tax_minor;
	int64_t total_minor; /* what the line adds to the subtotal */
};

/* Where in its input a thing stood. */
struct om_position {
	uint32_t source; /* index into the batch's sources */
	uint64_t line;	 /* 1.. of the first byte */
	uint64_t offset; /* bytes from the start of the file, gunzipped */
};

struct om_order {
	struct om_str channel;
	struct om_str reference;
	struct om_str revision; /* orders revisions bytewise; empty: none */
	struct om_str customer;
	struct om_str attributes; /* JSON object text, or empty */
	const struct om_currency *currency;
	enum om_kind kind;
	enum om_clash clash;
	bool tax_included;
	int64_t placed_at; /* seconds UTC; 0 when unknown */
	int64_t subtotal_minor;
	int64_t discount_minor;
	int64_t shipping_minor;
	int64_t tax_minor;
	int64_t total_minor;
	struct om_line *lines;
	uint32_t line_count;
	struct om_position at;
	uint64_t hash; /* om_hash64(channel, reference), filled by the reader */
};

/*
 * Everything that must hold of an order whatever feed it came by:
 * - channel and reference are there, within their bounds, UTF-8 without control
 *   characters, and the channel has no '/' (CHANNEL/REFERENCE names an order);
 * - the currency is known;
 * - at most OM_ORDER_LINES_MAX lines, their numbers distinct and not negative;
 * - the subtotal is the sum of the line totals (without lines it is taken as
 *   stated), and the total follows from the lines by the normal form, each to
 *   within tolerance_minor (>= 0).
 * A cancellation is held to its identity alone: its amounts mean nothing.
 *
 * OM_EDATA "no reference", "reference is longer than 255 bytes", "two lines
 * with number 3", "subtotal 300.00 but the lines make 299.99", "total 316.51
 * but lines, discount, shipping and tax make 316.50"; OM_ELIMIT when a sum does
 * not fit. Order, line and amounts are left as they are.
 */
OM_MUST_USE int om_order_check(const struct om_order *o,
    int64_t tolerance_minor, struct om_err *err);

/* Is an order of that revision cancelled by a cancellation of the other? One
 * without a revision cancels them all, another one no later revision than its
 * own. */
bool om_cancel_covers(struct om_str cancelled, struct om_str revision);

#endif
