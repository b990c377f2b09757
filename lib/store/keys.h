/*
 * keys.h - which rows have a key: the index in which every order is looked up.
 *
 * A key is 63 bits of a hash, so new ones fall anywhere: a tree of them writes
 * a page for almost each, and the larger it is the worse. On SQLite they lie
 * in runs instead, as in a log-structured merge tree (O'Neil and others, "The
 * log-structured merge-tree", 1996): every chunk adds a run, ascending and
 * never changed, and runs of one size are merged into one of the next. What a
 * look-up asks first are 16 bits of each key, in memory while they fit. On
 * PostgreSQL it is a table.
 *
 * Reading is SQL on both engines: the relation order_keys (key, id, slot),
 * which is served by om_keys_serve() where there is no such table. One handle,
 * one thread, as with the handle of the shard itself.
 */
#ifndef OM_STORE_KEYS_H
#define OM_STORE_KEYS_H

#include "db/db.h"

/* What the marks of all shards that are open at once may take. */
#define OM_KEYS_MEMORY ((size_t)208 * 1024 * 1024)

/* A key, and the place of its entry in the array. */
struct om_keyed {
	int64_t key; /* not negative */
	uint32_t index;
};

/* A key, and the row that has it. */
struct om_new_key {
	int64_t key;
	int64_t id;
};

/* A row that has one of the keys. */
struct om_key_hit {
	uint32_t index; /* of the key */
	int64_t key;
	int64_t id;
};

struct om_key_hits {
	struct om_key_hit *hit;
	size_t count;
	size_t cap;
};

void om_key_hits_fini(struct om_key_hits *hits); /* safe twice */
void om_key_hits_add(struct om_key_hits *hits, uint32_t index, int64_t key,
    int64_t id);

/* Make the relation readable. memory: for marks. No-op on PostgreSQL. */
OM_MUST_USE int om_keys_serve(struct om_db *shard, size_t memory,
    struct om_err *err);

/* Within a transaction, so that no other process changes what is looked
 * into: all rows that have one of n ascending, distinct keys, in no order. */
OM_MUST_USE int om_keys_find(struct om_db *shard, const struct om_keyed *keys,
    size_t n, struct om_key_hits *hits, struct om_err *err);

/* Within a transaction, and while no statement reads order_keys, as with all
 * that follow: add n keys, in ascending order of key and id. */
OM_MUST_USE int om_keys_add(struct om_db *shard, const struct om_new_key *keys,
    size_t n, struct om_err *err);

/* Within a transaction: merge where runs of one size have become many. Only
 * runs of rows from first_id on: those of a batch stay apart until it is
 * published, so that it can be taken back. 0: all. No-op on PostgreSQL. */
OM_MUST_USE int om_keys_merge(struct om_db *shard, int64_t first_id,
    struct om_err *err);

/* Within a transaction: forget the rows from first_id on. SQLite only; on
 * PostgreSQL a key is deleted with its row. */
OM_MUST_USE int om_keys_cut(struct om_db *shard, int64_t first_id,
    struct om_err *err);

/* For audit: does every run hold what it says, in order, and do its marks tell
 * of it? OM_EDAMAGED with the reason if not. No-op on PostgreSQL. */
OM_MUST_USE int om_keys_check(struct om_db *shard, struct om_err *err);

#endif
