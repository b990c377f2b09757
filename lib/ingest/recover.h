/*
 * recover.h - what a killed command left behind, finished or undone.
 *
 * Every writing command calls om_recover() first, under the store's lock, so
 * that nobody ever has to clean up by hand.
 */
#ifndef OM_INGEST_RECOVER_H
#define OM_INGEST_RECOVER_H

#include "base/hash.h"
#include "store/store.h"

/* Finish the publishing of a published batch; undo a batch that was loading,
 * unless its content and plan are those given (both NULL: undo any): that one
 * is left to be resumed and its number is in *out_batch, else 0. */
OM_MUST_USE int om_recover(struct om_store *store, const char *sha256,
    const char *plan, int64_t *out_batch, struct om_err *err);

/* Instead of that, for a dry run, which may not touch anything: OM_EBUSY if
 * there is a batch to be undone or taken up. */
OM_MUST_USE int om_look(struct om_store *store, struct om_err *err);

/* Take an unpublished batch out of every shard. May be interrupted and
 * repeated. */
OM_MUST_USE int om_undo_shards(struct om_store *store, int64_t batch,
    struct om_err *err);

/* The same, and mark it in the catalog: state is "failed" or "undone". */
OM_MUST_USE int om_undo_batch(struct om_store *store, int64_t batch,
    const char *state, const char *reason, struct om_err *err);

#endif
