/*
 * census.h - the published orders of a store, counted and summed.
 *
 * One scan of every shard, grouped by state and currency. Each order counts
 * once, with its current revision; cancelled orders count, too. A cancellation
 * whose order has not come is no order.
 */
#ifndef OM_OPS_CENSUS_H
#define OM_OPS_CENSUS_H

#include "order/money.h"
#include "order/state.h"
#include "store/store.h"

struct om_census_sum {
	int64_t orders;
	int64_t lines;
	int64_t total_minor;
	int64_t paid_minor;
	int64_t refunded_minor;
};

/* The orders of one shard in one state and currency. */
struct om_census_group {
	struct om_census_group *next;
	unsigned shard;
	enum om_state state;
	const struct om_currency *currency; /* NULL: none that is known */
	struct om_census_sum sum;
};

struct om_census {
	const struct om_census_group *groups; /* by shard, state, currency */
	int64_t payments;		      /* published */
	int64_t unsettled; /* of them: applied to no order yet */
	int64_t waiting;   /* cancellations whose order has not come */
};

/* The groups live in arena. */
OM_MUST_USE int om_census_take(struct om_store *store, struct om_arena *arena,
    struct om_census *out, struct om_err *err);

/* The published cancellations of a shard that wait for their orders: a look at
 * a small index. */
OM_MUST_USE int om_census_waiting(struct om_db *shard, int64_t published,
    int64_t *out, struct om_err *err);

/* Which groups to add up. */
struct om_census_filter {
	int shard; /* -1: all */
	int state; /* -1: all */
	const struct om_currency *currency;
	bool any_currency; /* else currency, which may be NULL, must be it */
	bool live;	   /* leave out what is cancelled */
};

/* OM_ELIMIT if an amount overflows; amounts of different currencies must not
 * be read from it. */
OM_MUST_USE int om_census_add_up(const struct om_census *census,
    const struct om_census_filter *filter, struct om_census_sum *out,
    struct om_err *err);

/* What is still to be paid: total - paid + refunded. */
OM_MUST_USE int om_census_due(const struct om_census_sum *sum, int64_t *out,
    struct om_err *err);

/* The distinct currencies of a census, sorted by code; returns how many, at
 * most max. */
size_t om_census_currencies(const struct om_census *census,
    const struct om_currency **out, size_t max);

#endif
