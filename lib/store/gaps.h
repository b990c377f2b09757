/*
 * gaps.h - what is missing among the numbered batches of a feed.
 *
 * A gap is what lies between two numbers of a feed that came, and did not come
 * itself. It blocks nothing, and is gone once the late one is published. What
 * was there before the first and what will be after the last is not known. What
 * is accepted as missing is a gap of its own, between those that are open.
 */
#ifndef OM_STORE_GAPS_H
#define OM_STORE_GAPS_H

#include "store/decisions.h"

/* In the caller's transaction of the catalog. */
OM_MUST_USE int om_numbered_put(struct om_store *store, const char *feed,
    int64_t batch, const struct om_sequence *sequence, struct om_err *err);

/* A feed whose batches have numbers, as of a batch. */
struct om_numbered {
	struct om_str feed;
	enum om_sequence_unit unit;
	int64_t first;
	int64_t last;
	int64_t repeated; /* numbers that more than one batch had */
};
typedef int om_numbered_fn(const struct om_numbered *feed, void *arg,
    struct om_err *err);
/* In the order of their names; batches up to this one count. */
OM_MUST_USE int om_numbered_each(struct om_store *store, int64_t batch,
    om_numbered_fn *each, void *arg, struct om_err *err);

/* What of one feed is missing, by number. */
struct om_gap {
	struct om_str feed;
	enum om_sequence_unit unit;
	int64_t from; /* first and last of what is missing */
	int64_t to;
	int64_t missing;		    /* > 0 */
	const struct om_decision *accepted; /* NULL: it is open */
};
typedef int om_gap_fn(const struct om_gap *gap, void *arg, struct om_err *err);
/* decisions: those to be heeded, the newest first. */
OM_MUST_USE int om_gaps_each(struct om_store *store, int64_t batch,
    const struct om_decision *decisions, om_gap_fn *each, void *arg,
    struct om_err *err);

#endif
