/*
 * block.h - a recycled piece of a batch on its way from the reader to the
 * writers: orders (or payments), their text, and who goes where.
 *
 * The reader fills a block, every writer takes its own shard's share, and the
 * last one gives it back. What goes into which block depends on the input, the
 * limits below and the kind of store only, so that block n of a batch is the
 * same in every run: that is what makes a restart safe.
 */
#ifndef OM_INGEST_BLOCK_H
#define OM_INGEST_BLOCK_H

#include <stdatomic.h>

#include "base/queue.h"
#include "feed/reader.h"
#include "ingest/sort.h"
#include "store/store.h"

#define OM_BLOCK_ITEMS	   ((size_t)128 * 1024)
#define OM_BLOCK_ITEMS_MIN ((size_t)16 * 1024)
#define OM_BLOCK_BYTES	   ((size_t)24 * 1024 * 1024)
#define OM_BLOCKS_BYTES	   ((size_t)72 * 1024 * 1024)
/* At most: the smallest ones. */
#define OM_BLOCKS                                                              \
	(OM_BLOCKS_BYTES /                                                     \
	    (OM_BLOCK_BYTES / (OM_BLOCK_ITEMS / OM_BLOCK_ITEMS_MIN)))

/* How a batch is cut. Small blocks keep all threads at work, but every shard's
 * share of one must be worth its statements. */
struct om_cut {
	size_t items;
	size_t bytes;
	int blocks;	   /* that there are at a time */
	int commit_blocks; /* in one transaction of a shard */
};
/* items 0: as suits the number of shards, or a server: the more keys it gets at
 * a time, in their order, the more of them lie on one page of their index. */
struct om_cut om_block_cut(bool server, unsigned shards, size_t items);

/* The part of a block that goes to one shard. */
struct om_share {
	struct om_keyed *item; /* key and index into orders or payments */
	size_t count;
};

struct om_block {
	int64_t number; /* 0.. within the batch */
	struct om_arena arena;
	struct om_order *orders; /* NULL: a block of payments */
	struct om_payment *payments;
	size_t count;
	size_t limit;		/* of count */
	size_t limit_bytes;	/* of the arena */
	struct om_share *share; /* one per shard */
	unsigned shards;
	atomic_uint readers; /* writers that still need it */
	struct om_queue *home;
};

/* With room for cut's items of a kind. */
struct om_block *om_block_new(enum om_feed_kind kind, unsigned shards,
    const struct om_cut *cut, struct om_queue *home);
void om_block_free(struct om_block *block);

void om_block_reset(struct om_block *block);
bool om_block_full(const struct om_block *block);

/* Add a copy of the item, whose text is in the block's arena already. */
void om_block_add_order(struct om_block *block, const struct om_order *order,
    const struct om_store *store);
void om_block_add_payment(struct om_block *block,
    const struct om_payment *payment, const struct om_store *store);

/* A writer is done with its share. */
void om_block_release(struct om_block *block);

#endif
