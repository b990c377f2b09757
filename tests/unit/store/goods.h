/* goods.h - orders to put into shards, and the short way to do it. */
#ifndef OM_TEST_GOODS_H
#define OM_TEST_GOODS_H

#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "store/chunk.h"

#define GOODS_MAX 16

/* Orders that belong together, and where they are put. */
struct goods {
	struct om_order order[GOODS_MAX];
	struct om_line line[GOODS_MAX][2];
	struct om_entry entry[GOODS_MAX];
	size_t n;
	struct om_arena arena;
};

/* Two lines of qty 1; the total is split between them. */
static inline struct om_order *
goods_add(struct goods *g, const char *reference, const char *revision,
    int64_t total_minor)
{
	struct om_order *o = &g->order[g->n];
	struct om_line *l = g->line[g->n++];

	for (int i = 0; i < 2; i++)
		l[i] = (struct om_line){
			.number = i + 1,
			.sku = i == 0 ? OM_STR("SKU-1") : OM_STR("SKU-2"),
			.quantity_milli = 1000,
			.unit_price_micro = total_minor * 5000,
			.total_minor = i == 0 ? total_minor - total_minor / 2
					      : total_minor / 2,
		};
	*o = (struct om_order){
		.channel = OM_STR("shop"),
		.reference = om_str_of(reference),
		.revision = om_str_of(revision),
		.customer = OM_STR("C1"),
		.currency = om_currency_find(OM_STR("EUR")),
		.placed_at = 1700000000,
		.subtotal_minor = total_minor,
		.total_minor = total_minor,
		.lines = l,
		.line_count = 2,
		.at = { 0, 10 + g->n, 100 * g->n },
	};
	o->hash = om_hash64(o->channel, o->reference);
	return o;
}

/* A cancellation of it. */
static inline struct om_order *
goods_cancel(struct goods *g, const char *reference, const char *revision)
{
	struct om_order *o = goods_add(g, reference, revision, 0);

	o->kind = OM_KIND_CANCEL;
	o->currency = NULL;
	o->lines = NULL;
	o->line_count = 0;
	return o;
}

static inline void
goods_clear(struct goods *g)
{
	om_arena_clear(&g->arena);
	g->n = 0;
}

static inline int
by_key(const void *a, const void *b)
{
	const struct om_keyed *x = a;
	const struct om_keyed *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static inline void
goods_entries(struct goods *g, struct om_keyed *keys)
{
	for (size_t i = 0; i < g->n; i++) {
		g->entry[i] = (struct om_entry){
			.seq = (uint32_t)i,
			.slot = om_slot_of(g->order[i].hash),
			.order = &g->order[i],
		};
		keys[i] = (struct om_keyed){ om_key_of(g->order[i].hash),
			(uint32_t)i };
	}
	qsort(keys, g->n, sizeof(keys[0]), by_key);
}

static inline int
goods_probe(struct goods *g, struct om_db *db, struct om_err *err)
{
	struct om_keyed keys[GOODS_MAX];

	goods_entries(g, keys);
	return om_chunk_probe(db, g->entry, keys, g->n, &g->arena, err);
}

/* The entry of the ith order that was added. */
static inline const struct om_entry *
goods_entry(const struct goods *g, size_t i)
{
	size_t k = 0;

	while (g->entry[k].seq != i)
		k++;
	return &g->entry[k];
}

static inline int
by_new_key(const void *a, const void *b)
{
	const struct om_new_key *x = a;
	const struct om_new_key *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* Insert what was judged to be inserted, with leaves from *leaf on. */
static inline int
goods_insert(struct goods *g, struct om_db *db, int64_t batch, uint64_t *leaf,
    struct om_err *err)
{
	const struct om_entry *rows[GOODS_MAX];
	struct om_new_key keys[GOODS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		if (om_outcome_inserts(g->entry[i].outcome)) {
			g->entry[i].id = om_row_id((*leaf)++);
			if (g->entry[i].prev != NULL)
				g->entry[i].prev_id = g->entry[i].prev->id;
			rows[n] = &g->entry[i];
			keys[n++] =
			    (struct om_new_key){ om_key_of(g->order[i].hash),
				    g->entry[i].id };
		}
	qsort(keys, n, sizeof(keys[0]), by_new_key);
	return om_chunk_insert(db, rows, keys, n, batch, &g->arena, err);
}

/* Probe and insert in one transaction. */
static inline void
goods_put(struct goods *g, struct om_db *db, int64_t batch, uint64_t *leaf)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	assert_ok(om_txn_begin(db, &txn, &err));
	assert_ok(goods_probe(g, db, &err));
	assert_ok(goods_insert(g, db, batch, leaf, &err));
	assert_ok(om_txn_commit(&txn, &err));
}

#endif
