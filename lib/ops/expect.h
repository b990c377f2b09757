/*
 * expect.h - what a store should hold, word by word, against what it holds.
 *
 * A word is NAME=VALUE:
 *     orders, lines      current orders, cancelled ones too, and their lines
 *     state.NAME         orders in that state
 *     total.CUR          sum of the totals of all current orders
 *     paid.CUR, refunded.CUR
 *     due.CUR            total - paid + refunded of what is not cancelled
 *     payments, unsettled   payments known; of them, applied to no order
 *     waiting            cancellations whose order has not come
 *     batches            published batches
 *     books.OUTCOME      orders with that outcome in the books of all of them
 *     rejects            orders in quarantine, not yet resolved
 *     shards
 * Counts are integers, amounts are in the major unit of their currency.
 */
#ifndef OM_OPS_EXPECT_H
#define OM_OPS_EXPECT_H

#include "store/store.h"

struct om_expectation {
	const char *name;
	const char *wanted; /* as given */
	const char *got;    /* in the same manner */
	bool met;
};

/* Fills out[0 .. count-1]; text is in arena. Words that make no sense are
 * OM_EUSAGE, found before the store is looked at. */
OM_MUST_USE int om_expect(struct om_store *store, struct om_arena *arena,
    const char *const *words, size_t count, struct om_expectation *out,
    struct om_err *err);

#endif
