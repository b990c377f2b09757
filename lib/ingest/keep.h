/*
 * keep.h - the original bytes of what is turned away, for the quarantine.
 */
#ifndef OM_INGEST_KEEP_H
#define OM_INGEST_KEEP_H

#include "feed/reader.h"
#include "store/store.h"

/* All its rows, under this number; of a document that came in an envelope also
 * what stands before and behind it, so that it can be read by itself. In the
 * caller's transaction of the catalog. */
OM_MUST_USE int om_keep_rows(struct om_store *store, int64_t batch,
    int64_t number, const struct om_reject *reject, struct om_err *err);

#endif
