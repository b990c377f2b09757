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

/* The orders are cut into as many strides as there are breaks; each has its
 * break at a random place. */
struct om_gen_plan {
	const struct om_gen_options *opt;
	int64_t index; /* of the next break, 0.. */
	int64_t at;    /* the order that has it; INT64_MAX: there is none */
};

/* For orders from first on. */
void om_gen_plan_start(const struct om_gen_options *opt, int64_t first,
    struct om_gen_plan *out);

/* Numbers are asked for one after the other. Does this one have a break? */
bool om_gen_plan_next(struct om_gen_plan *plan, int64_t number,
    enum om_gen_break *out);

#endif
