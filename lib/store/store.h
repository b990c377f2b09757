/*
 * store.h - a catalog and its shards, opened as one thing.
 *
 * A store is named by a URL: a directory (catalog.db and shard-N.db in it), or
 * postgresql://... (a schema for the catalog and one for each shard). A struct
 * om_store belongs to the thread that opened it; shard handles are opened
 * from it one by one, each for the thread that will use it.
 *
 * One writing command at a time: opening for writing takes the store's lock
 * (of the kernel, or of the server), and a killed holder holds nothing.
 * Readers take no lock and see published batches only.
 */
#ifndef OM_STORE_STORE_H
#define OM_STORE_STORE_H

#include "base/time.h"
#include "db/db.h"

#define OM_SHARDS_MAX 64
#define OM_URL_MAX    1024
#define OM_META_MAX   512

struct om_store;

struct om_store_plan {
	unsigned shards;	      /* 1..OM_SHARDS_MAX */
	const char *const *shard_url; /* NULL: made beside the catalog */
	const char *key_path;	      /* signing key, or NULL */
	const char *vkey;	      /* its verifier key, or NULL */
};

/* Make a store. OM_ECONFLICT if there is one already. What an interrupted
 * call left is finished. The name in evidence (origin) is "ordmill/" and 16
 * hex digits of the store's id. */
OM_MUST_USE int om_store_create(const char *url,
    const struct om_store_plan *plan, const struct om_clock *clock,
    struct om_err *err);

/* True if url names a complete store; false also when it cannot be told. */
bool om_store_exists(const char *url);

enum om_access { OM_STORE_READ, OM_STORE_WRITE };

struct om_session {
	enum om_access access;
	const char *command; /* for the lock's holder line */
	int64_t lock_wait_ms;
	struct om_clock clock;
};

/* OM_ESTORE: no store, or a newer one. OM_EBUSY: another command writes. */
OM_MUST_USE int om_store_open(const char *url, const struct om_session *session,
    struct om_store **out, struct om_err *err);
void om_store_close(struct om_store **store); /* safe on NULL and twice */

struct om_db *om_store_catalog(struct om_store *store);
const char *om_store_url(const struct om_store *store);
const struct om_clock *om_store_clock(const struct om_store *store);
unsigned om_store_shards(const struct om_store *store);
unsigned om_store_shard_of(const struct om_store *store, unsigned slot);
/* The slots of a shard as a list of ranges; returns how many. */
struct om_slots {
	unsigned from;
	unsigned to; /* inclusive */
};
size_t om_store_slots(const struct om_store *store, unsigned shard,
    const struct om_slots **out);

/* Open a shard. OM_DB_READ or OM_DB_WRITE. */
OM_MUST_USE int om_store_open_shard(const struct om_store *store,
    unsigned shard, enum om_db_mode mode, struct om_db **out,
    struct om_err *err);

/* The newest published batch, as of the last om_store_open or refresh. */
int64_t om_store_published(const struct om_store *store);
OM_MUST_USE int om_store_refresh(struct om_store *store, struct om_err *err);

/* Settings in the catalog; *out is empty text if it is not set. */
OM_MUST_USE int om_store_meta(struct om_store *store, const char *name,
    char out[OM_META_MAX], struct om_err *err);
OM_MUST_USE int om_store_set_meta(struct om_store *store, const char *name,
    const char *value, struct om_err *err);

/* A path inside a directory store; OM_EUSAGE for a remote one. */
OM_MUST_USE int om_store_path(const struct om_store *store, const char *name,
    char out[OM_URL_MAX], struct om_err *err);

#endif
