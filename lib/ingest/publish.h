/* publish.h - the end of a batch: from loaded in every shard to visible. */
#ifndef OM_INGEST_PUBLISH_H
#define OM_INGEST_PUBLISH_H

#include "store/batch.h"

/* Copy the shards' findings to the quarantine behind *rejects (in the caller's
 * transaction of the catalog); *rejects is then the last number used. */
OM_MUST_USE int om_publish_findings(struct om_store *store, int64_t batch,
    int64_t *rejects, struct om_err *err);

/* Findings, books, journal, checkpoint and the batch itself in one
 * transaction of the catalog, then the shards' marks. */
OM_MUST_USE int om_publish(struct om_store *store, const struct om_batch *batch,
    const struct om_books *books, int64_t run, int64_t rejects,
    struct om_err *err);

/* Mark as resolved the open rejects of a parent whose orders are here now. */
OM_MUST_USE int om_publish_retries(struct om_store *store, int64_t parent,
    int64_t batch, struct om_err *err);

#endif
