/*
 * chunk.h - orders on their way into one shard: looked up, judged, inserted.
 *
 * A chunk is an array of entries in the order of the input, and its keys in
 * their own order, those that are equal in that of the input. What stands first
 * is there for what follows: an entry is judged by what the shard has and by
 * the entries before it. The life of a chunk, within one transaction:
 *
 *     om_chunk_probe    what the shard has under these keys -> outcomes
 *     (the caller gives an id to every entry that is to be inserted, and to
 *     those that supersede another entry its id)
 *     om_chunk_insert   rows, lines, keys; supersedes earlier revisions
 */
#ifndef OM_STORE_CHUNK_H
#define OM_STORE_CHUNK_H

#include "db/db.h"
#include "order/order.h"
#include "store/keys.h"
#include "store/outcome.h"

struct om_entry {
	uint32_t seq; /* position among the orders of the block */
	uint32_t slot;
	const struct om_order *order;
	enum om_outcome outcome;
	enum om_state state; /* in which it is inserted */
	int64_t id;	     /* 0 until given by the caller */
	int64_t prev_id;
	const struct om_entry *prev; /* supersedes this, and then its id */
	int64_t paid_minor;
	int64_t refunded_minor;
	const char *reason; /* for conflicts, in the arena */
};

/* id = leaf + 1: an id is never 0, which stands for none. */
int64_t om_row_id(uint64_t leaf);
uint64_t om_row_leaf(int64_t id);

/* True if an entry with this outcome becomes a row. */
bool om_outcome_inserts(enum om_outcome outcome);

/* Fill outcome, state, prev_id or prev, and reason of n entries, each of which
 * is named by one of n ascending keys. A cancellation gets, in arena, an order
 * with the facts that it cancels, or with none but its name if the order is
 * not here. */
OM_MUST_USE int om_chunk_probe(struct om_db *shard, struct om_entry *entries,
    const struct om_keyed *keys, size_t n, struct om_arena *arena,
    struct om_err *err);

/* Insert n entries, all of which have an id: rows in ascending order of id,
 * keys the same ones in ascending order of key. What is written for them on
 * the way lies in arena. */
OM_MUST_USE int om_chunk_insert(struct om_db *shard,
    const struct om_entry *const *rows, const struct om_new_key *keys, size_t n,
    int64_t batch, struct om_arena *arena, struct om_err *err);

#endif
