/*
 * gen_plan.h - which orders are not like the others, and how.
 *
 * The orders are cut into as many strides as there are special ones; each
 * stride has its one at a random place. What is special about it takes turns,
 * in proportion, so that every kind is spread over all orders, no order has
 * two fates, and the counts are exactly those asked for. Any part of the plan
 * can be made without the parts before it.
 */
#ifndef OM_OPS_GEN_PLAN_H
#define OM_OPS_GEN_PLAN_H

#include "ops/gen.h"

enum om_gen_fate {
	OM_GEN_PLAIN,
	OM_GEN_BROKEN,	  /* the statement says something else */
	OM_GEN_AMENDED,	  /* there is a second revision */
	OM_GEN_CANCELLED, /* and then it was called off */
	OM_GEN_BAD,	  /* its rows are damaged */
	OM_GEN_FATES
};

struct om_gen_turn {
	enum om_gen_fate fate;
	int64_t nth; /* 0..: of its fate */
};

struct om_gen_plan {
	const struct om_gen_options *opt;
	int64_t count; /* of all special orders */
	int64_t index; /* of the next one, 0.. */
	int64_t at;    /* its number; INT64_MAX: there is none */
};

/* How many orders have a fate but OM_GEN_PLAIN. */
int64_t om_gen_special(const struct om_gen_options *opt);

/* For orders from first on. */
void om_gen_plan_start(const struct om_gen_options *opt, int64_t first,
    struct om_gen_plan *out);

/* Numbers are asked for one after the other. */
struct om_gen_turn om_gen_plan_next(struct om_gen_plan *plan, int64_t number);

#endif
