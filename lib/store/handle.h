/* handle.h - what a struct om_store holds. For lib/store/ only. */
#ifndef OM_STORE_HANDLE_H
#define OM_STORE_HANDLE_H

#include "base/hash.h"
#include "io/lock.h"
#include "store/store.h"

struct om_store {
	char url[OM_URL_MAX];
	bool remote;
	char id[OM_META_MAX];
	struct om_db *catalog;
	struct om_lock lock; /* directory stores */
	bool locked;	     /* stores on a server */
	struct om_clock clock;
	unsigned shards;
	char shard_url[OM_SHARDS_MAX][OM_URL_MAX];
	unsigned char shard_of[OM_SLOTS];
	struct om_slots slots[OM_SHARDS_MAX][OM_SLOTS / 2];
	size_t slot_ranges[OM_SHARDS_MAX];
	int64_t published;
};

/* All that is read from an open catalog when a store is opened. */
OM_MUST_USE int om_store_load(struct om_store *store, struct om_err *err);

/* The catalog's own URL: DIR/catalog.db, or the store's URL with its schema. */
OM_MUST_USE int om_store_catalog_url(const char *store_url,
    char out[OM_URL_MAX], struct om_err *err);
OM_MUST_USE int om_store_lock_path(const char *store_url, char out[OM_URL_MAX],
    struct om_err *err);

/* The URL of a shard that was given no place of its own, as the catalog keeps
 * it: a file name in a directory, in a server's database a schema whose name
 * begins with the catalog's. */
OM_MUST_USE int om_store_shard_beside(const char *store_url, unsigned shard,
    char out[OM_URL_MAX], struct om_err *err);
/* From the URL that the catalog keeps to one that can be opened: a relative
 * path is relative to the store's directory. */
OM_MUST_USE int om_store_shard_url(const char *store_url, const char *kept,
    char out[OM_URL_MAX], struct om_err *err);

/* "BASE/NAME" or "BASE?schema=NAME", OM_ELIMIT if it does not fit. */
OM_MUST_USE int om_url_join(const char *base, const char *name,
    char out[OM_URL_MAX], struct om_err *err);

#endif
