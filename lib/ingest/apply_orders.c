/* apply_orders.c - a shard's share of orders: judge, seal, insert. */
#include <stdio.h>
#include <stdlib.h>

#include "audit/leaf.h"
#include "base/hash.h"
#include "ingest/apply.h"
#include "store/chunk.h"

#define AHEAD	    4  /* entries */
#define FETCH_BYTES 64 /* at a time */

/* Reused from block to block; each array has room for a whole one. */
struct om_order_work {
	struct om_entry *entry;	      /* in the order of the input */
	int64_t *id;		      /* of each, 0 if it becomes no row */
	struct om_keyed *key;	      /* theirs, ascending */
	struct om_new_key *new_key;   /* of those that become rows */
	const struct om_entry **rows; /* those that become rows */
};

static void *
array(size_t size)
{
	void *p = malloc(OM_BLOCK_ITEMS * size);

	if (p == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	return p;
}

static struct om_order_work *
work_of(struct om_applier *a)
{
	struct om_order_work *w = a->work;

	if (w != NULL)
		return w;
	w = om_new(&a->keep, struct om_order_work);
	w->entry = array(sizeof(w->entry[0]));
	w->id = array(sizeof(w->id[0]));
	w->key = array(sizeof(w->key[0]));
	w->new_key = array(sizeof(w->new_key[0]));
	w->rows = array(sizeof(w->rows[0]));
	a->work = w;
	return w;
}

void
om_order_work_fini(struct om_order_work *w)
{
	if (w == NULL)
		return;
	free(w->entry);
	free(w->id);
	free(w->key);
	free(w->new_key);
	free(w->rows);
}

static void
fill(struct om_order_work *w, const struct om_block *block,
    const struct om_share *share)
{
	for (size_t i = 0; i < share->count; i++) {
		const struct om_keyed *item = &share->item[i];

		w->entry[i] = (struct om_entry){
			.seq = item->index,
			.slot = om_key_slot(item->key),
			.order = &block->orders[item->index],
		};
		w->key[i] = (struct om_keyed){ item->key, (uint32_t)i };
	}
}

/* In the books stands what the input states: a cancellation may state no
 * amount. */
static int
book(struct om_applier *a, const struct om_block *block,
    const struct om_entry *e, struct om_err *err)
{
	const struct om_order *in = &block->orders[e->seq];
	struct om_finding finding;

	if (om_books_count(&a->books, in->currency, e->outcome, in->total_minor,
		err) < 0)
		return err->code;
	if (e->outcome != OM_CONFLICTING)
		return 0;
	finding = (struct om_finding){
		.channel = in->channel,
		.reference = in->reference,
		.at = in->at,
		.reason = om_str_of(e->reason),
		.currency = in->currency,
		.total_minor = in->total_minor,
	};
	return om_finding_add(a->db, a->batch, block->number, e->seq, &finding,
	    err);
}

/* Give the entry its id and its leaf. */
static void
seal(struct om_applier *a, struct om_entry *e, size_t n, uint64_t base)
{
	struct om_taken taken = { .batch = a->batch,
		.source_line = (int64_t)e->order->at.line };

	if (e->prev != NULL)
		e->prev_id = e->prev->id;
	taken.prev_id = e->prev_id;
	e->id = om_row_id(base + n);
	om_buf_reset(&a->record);
	om_leaf_order(&a->record, e->order, &taken);
	om_applier_leaf(a, n);
}

/* The keys of what became a row, with the row's id: out of an array of its own,
 * because keys lie in another order than entries. */
static void
name_rows(struct om_order_work *w, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t id = w->id[w->key[i].index];

		w->new_key[count] = (struct om_new_key){ w->key[i].key, id };
		count += id != 0;
	}
}

/* Book what came and seal what becomes a row; returns in *out how many do.
 * Orders were written a while ago, by another thread: asked for in time, they
 * are here when their turn comes. */
static int
take_entries(struct om_applier *a, const struct om_block *block, size_t n,
    size_t *out, struct om_err *err)
{
	struct om_order_work *w = a->work;
	uint64_t base = om_log_size(a->log);
	size_t inserts = 0;

	for (size_t i = 0; i < n; i++) {
		struct om_entry *e = &w->entry[i];

		for (size_t at = 0; i + AHEAD < n && at < sizeof(*e->order);
		     at += FETCH_BYTES)
			__builtin_prefetch((const char *)e[AHEAD].order + at);
		if (book(a, block, e, err) < 0)
			return err->code;
		if (om_outcome_inserts(e->outcome)) {
			seal(a, e, inserts, base);
			w->rows[inserts++] = e;
		}
		w->id[i] = e->id;
	}
	*out = inserts;
	return 0;
}

/* Rows lie in the order of the input, not of their keys. */
int
om_apply_orders(struct om_applier *a, const struct om_block *block,
    const struct om_share *share, struct om_err *err)
{
	struct om_order_work *w = work_of(a);
	size_t inserts = 0;

	fill(w, block, share);
	om_sort_keyed(w->key, a->scratch, share->count);
	if (om_chunk_probe(a->db, w->entry, w->key, share->count, &a->arena,
		err) < 0 ||
	    take_entries(a, block, share->count, &inserts, err) < 0)
		return err->code;
	name_rows(w, share->count);
	if (om_chunk_insert(a->db, w->rows, w->new_key, inserts, a->batch,
		&a->arena, err) < 0)
		return err->code;
	return om_log_append(a->log, a->leaves, inserts, err);
}
