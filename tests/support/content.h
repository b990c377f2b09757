/*
 * content.h - what a store holds, as one hash.
 *
 * Everything but times, keys and process numbers: rows of every table of the
 * catalog and the shards, in whatever order they lie. Stores into which the
 * same batches went hash alike, on either engine, however often they were
 * interrupted.
 */
#ifndef OM_TEST_CONTENT_H
#define OM_TEST_CONTENT_H

#include "base/hash.h"
#include "store/store.h"

void content_digest(struct om_store *store, char out[OM_SHA256_HEX]);

/* The same for one database: a catalog or a shard. */
void content_of_db(struct om_db *db, bool catalog, char out[OM_SHA256_HEX]);

#endif
