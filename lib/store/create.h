/* create.h - the parts that stores are made of. For lib/store/ only. */
#ifndef OM_STORE_CREATE_H
#define OM_STORE_CREATE_H

#include "store/handle.h"

/* The directory, and its lock. */
OM_MUST_USE int om_create_lock(const char *url, const struct om_clock *clock,
    struct om_lock *lock, struct om_err *err);

/* OM_EUSAGE if two shards have one place. */
OM_MUST_USE int om_create_distinct(const struct om_store_plan *plan,
    struct om_err *err);

/* The URL of shard i as the catalog keeps it, and one to open it by. */
OM_MUST_USE int om_create_shard_url(const char *store,
    const struct om_store_plan *plan, unsigned i, char kept[OM_URL_MAX],
    char full[OM_URL_MAX], struct om_err *err);

/* An empty shard of the store with this id. OM_ECONFLICT: it is another's. */
OM_MUST_USE int om_create_shard(const char *url, const char *id,
    struct om_err *err);

/* A new id at random, or this one, into a catalog that has none. */
OM_MUST_USE int om_create_id(struct om_db *catalog, char id[OM_META_MAX],
    struct om_err *err);
OM_MUST_USE int om_create_keep_id(struct om_db *catalog, const char *id,
    struct om_err *err);

/* Fill a catalog that has its id: shards, map, identity. From here on it is a
 * store. */
OM_MUST_USE int om_create_catalog(struct om_db *catalog, const char *store,
    const char *id, const struct om_store_plan *plan, const char *created_at,
    struct om_err *err);

#endif
