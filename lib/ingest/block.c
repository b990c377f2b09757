/* block.c - fixed arrays, reused; see block.h. */
#include "ingest/block.h"

#include <stdio.h>
#include <stdlib.h>

#define ITEMS_PER_SHARD ((size_t)4096)
#define COMMIT_ITEMS	((size_t)64 * 1024)

struct om_cut
om_block_cut(bool server, unsigned shards, size_t items)
{
	struct om_cut cut = { items, OM_BLOCK_BYTES, 3, 4 };

	if (items != 0)
		return cut;
	cut.items = server ? OM_BLOCK_ITEMS : ITEMS_PER_SHARD * shards;
	if (cut.items < OM_BLOCK_ITEMS_MIN)
		cut.items = OM_BLOCK_ITEMS_MIN;
	if (cut.items > OM_BLOCK_ITEMS)
		cut.items = OM_BLOCK_ITEMS;
	cut.bytes = OM_BLOCK_BYTES / (OM_BLOCK_ITEMS / cut.items);
	cut.blocks = (int)(OM_BLOCKS_BYTES / cut.bytes);
	if (cut.items < COMMIT_ITEMS)
		cut.commit_blocks = (int)(COMMIT_ITEMS / cut.items);
	else
		cut.commit_blocks = 1;
	return cut;
}

struct om_block *
om_block_new(enum om_feed_kind kind, unsigned shards, const struct om_cut *cut,
    struct om_queue *home)
{
	struct om_block *b = om_must(calloc(1, sizeof(*b)));

	b->home = home;
	b->shards = shards;
	b->limit = cut->items;
	b->limit_bytes = cut->bytes;
	b->share = om_must(calloc(shards, sizeof(b->share[0])));
	for (unsigned i = 0; i < shards; i++)
		b->share[i].item =
		    om_must(malloc(cut->items * sizeof(struct om_keyed)));
	if (kind == OM_FEED_ORDERS)
		b->orders =
		    om_must(malloc(cut->items * sizeof(struct om_order)));
	else
		b->payments =
		    om_must(malloc(cut->items * sizeof(struct om_payment)));
	return b;
}

void
om_block_free(struct om_block *block)
{
	if (block == NULL)
		return;
	om_arena_clear(&block->arena);
	for (unsigned i = 0; i < block->shards; i++)
		free(block->share[i].item);
	free(block->share);
	free(block->orders);
	free(block->payments);
	free(block);
}

void
om_block_reset(struct om_block *block)
{
	om_arena_reset(&block->arena);
	block->count = 0;
	for (unsigned i = 0; i < block->shards; i++)
		block->share[i].count = 0;
}

bool
om_block_full(const struct om_block *block)
{
	return block->count >= block->limit ||
	       block->arena.used >= block->limit_bytes;
}

static void
route(struct om_block *b, uint64_t hash, const struct om_store *store)
{
	struct om_share *s =
	    &b->share[om_store_shard_of(store, om_slot_of(hash))];

	s->item[s->count++] =
	    (struct om_keyed){ om_key_of(hash), (uint32_t)b->count++ };
}

void
om_block_add_order(struct om_block *block, const struct om_order *order,
    const struct om_store *store)
{
	block->orders[block->count] = *order;
	route(block, order->hash, store);
}

void
om_block_add_payment(struct om_block *block, const struct om_payment *payment,
    const struct om_store *store)
{
	block->payments[block->count] = *payment;
	route(block, payment->hash, store);
}

void
om_block_release(struct om_block *block)
{
	if (atomic_fetch_sub(&block->readers, 1) == 1)
		(void)om_queue_push_front(block->home, block);
}
