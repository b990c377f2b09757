/* bury.h - runs that were killed: their books are put together and closed. */
#ifndef OM_INGEST_BURY_H
#define OM_INGEST_BURY_H

#include "store/store.h"

/* Every run that the catalog calls running is dead: its lock is ours. What its
 * pass committed is in the shards' books; a shard that cannot be reached is
 * left out. */
OM_MUST_USE int om_bury_runs(struct om_store *store, struct om_err *err);

#endif
