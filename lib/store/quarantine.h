/*
 * quarantine.h - orders that could not be taken, with every byte they came in.
 *
 * Writers work inside the caller's transaction of the catalog.
 */
#ifndef OM_STORE_QUARANTINE_H
#define OM_STORE_QUARANTINE_H

#include "order/order.h"
#include "store/outcome.h"
#include "store/store.h"

struct om_quarantined {
	int64_t batch;
	int64_t reject;		 /* 1.. within the batch */
	enum om_outcome outcome; /* OM_REJECTED or OM_CONFLICTING */
	struct om_str channel;
	struct om_str reference;
	struct om_position at;
	struct om_str column;
	struct om_str value;
	struct om_str reason;
	const struct om_currency *currency; /* NULL: unreadable */
	int64_t total_minor;
	int64_t resolved_by; /* the batch that brought it in, 0 while open */
};

OM_MUST_USE int om_quarantine_put(struct om_store *store,
    const struct om_quarantined *q, struct om_err *err);
/* A row of a reject, in order; reject 0 holds the header of each source. */
OM_MUST_USE int om_quarantine_put_row(struct om_store *store, int64_t batch,
    int64_t reject, int64_t row, const struct om_position *at,
    struct om_str bytes, struct om_err *err);

typedef int om_quarantined_fn(const struct om_quarantined *q, void *arg,
    struct om_err *err);
/* batch 0: of all batches. */
OM_MUST_USE int om_quarantine_each(struct om_store *store, int64_t batch,
    bool open_only, om_quarantined_fn *each, void *arg, struct om_err *err);

typedef int om_quarantined_row_fn(const struct om_position *at,
    struct om_str bytes, void *arg, struct om_err *err);
OM_MUST_USE int om_quarantine_rows(struct om_store *store, int64_t batch,
    int64_t reject, om_quarantined_row_fn *each, void *arg, struct om_err *err);

OM_MUST_USE int om_quarantine_resolve(struct om_store *store, int64_t batch,
    int64_t reject, int64_t by, struct om_err *err);
/* Forget the rejects of a batch that is read again from its start. */
OM_MUST_USE int om_quarantine_drop(struct om_store *store, int64_t batch,
    struct om_err *err);
/* Forget what earlier attempts at the same content left that failed. */
OM_MUST_USE int om_quarantine_supersede(struct om_store *store, int64_t batch,
    struct om_err *err);
OM_MUST_USE int om_quarantine_open(struct om_store *store, int64_t batch,
    int64_t *out, struct om_err *err);

#endif
