/*
 * swap.h - put other databases in the place of a store's own, all or none.
 *
 * For stores that are files. Beside each database X:
 *
 *     X.new    what is to take its place
 *     X.start  what a template gave it, for om_reset()
 *
 * and for the catalog .part while it is being written. catalog.db.new comes
 * last, and once it is there all is: from then on the swap only goes forward.
 * The catalog in use goes first, so that there is no store for anyone until
 * the new catalog takes its place as the last of all. Whoever has one of the
 * old files open goes on reading what it was.
 *
 * All of it happens under the store's lock.
 */
#ifndef OM_STORE_SWAP_H
#define OM_STORE_SWAP_H

#include "store/handle.h"

#define OM_PART	 ".part"
#define OM_NEW	 ".new"
#define OM_START ".start"

/* Where the databases of a store are. */
struct om_places {
	char catalog[OM_URL_MAX];
	unsigned shards;
	char kept[OM_SHARDS_MAX][OM_URL_MAX]; /* as the catalog has them */
	char shard[OM_SHARDS_MAX][OM_URL_MAX];
};

/* As the catalog in the file at path, which need not be in its place yet, says
 * of the store at url. OM_EUSAGE if a database is on a server. */
OM_MUST_USE int om_places_read(const char *url, const char *path,
    enum om_db_mode mode, struct om_places *out, struct om_err *err);

/* "PATHSUFFIX" */
OM_MUST_USE int om_place(const char *path, const char *suffix,
    char out[OM_URL_MAX], struct om_err *err);
bool om_place_exists(const char *path, const char *suffix);

/* A database and what SQLite keeps beside it, or what is left of them. */
OM_MUST_USE int om_place_remove(const char *path, struct om_err *err);
/* No one may be writing to it. What stood at to is gone. */
OM_MUST_USE int om_place_copy(const char *from, const char *to,
    struct om_err *err);

/* So that the file alone is all of the database. No one has it open. */
OM_MUST_USE int om_place_settle(const char *path, struct om_err *err);
/* Make names in the directories of the shards durable. */
void om_places_sync(const struct om_places *places);

/* catalog.db.part becomes catalog.db.new: everything else is there. */
OM_MUST_USE int om_swap_ready(const char *url, struct om_err *err);
/* Is there a swap that has to be finished before there is a store? */
bool om_swap_pending(const char *url);
OM_MUST_USE int om_swap(const char *url, struct om_err *err);

#endif
