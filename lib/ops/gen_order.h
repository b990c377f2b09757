/* gen_order.h - the facts of the n-th generated order; pure arithmetic. */
#ifndef OM_OPS_GEN_ORDER_H
#define OM_OPS_GEN_ORDER_H

#include "ops/gen.h"
#include "ops/prng.h"

struct om_gen_line {
	uint32_t sku;
	int64_t quantity_milli;
	int64_t price_minor; /* of one */
	int64_t discount_minor;
	int64_t tax_minor;
	int64_t total_minor;
};

struct om_gen_order {
	int64_t number; /* 1.. */
	int revision;	/* 1, or 2 once amended */
	uint32_t customer;
	int currency; /* index in the mix */
	bool tax_included;
	int64_t placed_at;
	int64_t paid_at;
	int64_t subtotal_minor;
	int64_t discount_minor;
	int64_t shipping_minor;
	int64_t tax_minor;
	int64_t total_minor;
	uint32_t line_count;
	/* room for 2 * OM_GEN_LINES_MAX, the caller's; unused without lines */
	struct om_gen_line *lines;
};

/* out->lines stays; all else is filled. Meets om_order_check() to the unit. */
void om_gen_order_make(const struct om_gen_options *opt, int64_t number,
    struct om_gen_order *out);

/* A later revision: other goods for the same customer. out->lines is room of
 * its own. */
void om_gen_order_amend(const struct om_gen_options *opt,
    const struct om_gen_order *order, struct om_gen_order *out);

/* How many rows the order has in its file, without making it. */
uint32_t om_gen_order_rows(const struct om_gen_options *opt, int64_t number);

#endif
