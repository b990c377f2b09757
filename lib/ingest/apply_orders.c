/* apply_orders.c - a shard's share of orders: judge, seal, insert. */
#include <stdlib.h>
#include <string.h>

#include "audit/leaf.h"
#include "ingest/apply.h"
#include "store/chunk.h"

struct work {
	struct om_entry *entry;	      /* the run at hand, by key */
	struct om_entry **by_seq;     /* the same in the order of the input */
	const struct om_entry **rows; /* those that become rows, as read */
	const struct om_entry **keys; /* the same by key */
	struct om_keyed *later;	      /* repeated keys, for the next run */
	size_t later_count;
};

static void
work_end(struct work *w)
{
	free(w->entry);
	free(w->by_seq);
	free(w->rows);
	free(w->keys);
	free(w->later);
}

static int
work_begin(struct work *w, size_t n, size_t block, struct om_err *err)
{
	w->entry = malloc(n * sizeof(w->entry[0]));
	w->by_seq = malloc(block * sizeof(w->by_seq[0]));
	w->rows = malloc(n * sizeof(w->rows[0]));
	w->keys = malloc(n * sizeof(w->keys[0]));
	w->later = malloc(n * sizeof(w->later[0]));
	if (w->entry == NULL || w->by_seq == NULL || w->rows == NULL ||
	    w->keys == NULL || w->later == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	return 0;
}

/* The first item of every key becomes an entry; the others wait. items may
 * be w->later itself. */
static size_t
take_distinct(struct work *w, const struct om_block *block,
    const struct om_keyed *items, size_t n)
{
	size_t taken = 0;

	w->later_count = 0;
	for (size_t i = 0; i < n; i++) {
		if (taken > 0 && w->entry[taken - 1].key == items[i].key) {
			w->later[w->later_count++] = items[i];
			continue;
		}
		w->entry[taken++] = (struct om_entry){
			.key = items[i].key,
			.seq = items[i].index,
			.slot = om_key_slot(items[i].key),
			.order = &block->orders[items[i].index],
		};
	}
	return taken;
}

/* In the books stands what the input states: a cancellation may state no
 * amount. */
static int
book(struct om_applier *a, const struct om_block *block,
    const struct om_entry *e, struct om_err *err)
{
	const struct om_order *in = &block->orders[e->seq];
	struct om_finding finding;

	if (om_books_add(&a->books, in->currency, e->outcome, 1,
		in->total_minor, err) < 0)
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
	const struct om_taken taken = { a->batch, e->prev_id,
		(int64_t)e->order->at.line };

	e->id = om_row_id(base + n);
	om_buf_reset(&a->record);
	om_leaf_order(&a->record, e->order, &taken);
	om_applier_leaf(a, n);
}

/* The entries in the order of the input: rows lie as they arrived. */
static void
order_by_seq(struct work *w, size_t n, size_t block)
{
	memset(w->by_seq, 0, block * sizeof(w->by_seq[0]));
	for (size_t i = 0; i < n; i++)
		w->by_seq[w->entry[i].seq] = &w->entry[i];
}

static int
apply_run(struct om_applier *a, struct work *w, const struct om_block *block,
    size_t n, struct om_err *err)
{
	uint64_t base = om_log_size(a->log);
	size_t inserts = 0;
	size_t keys = 0;

	if (om_chunk_probe(a->db, w->entry, n, &a->arena, err) < 0)
		return err->code;
	order_by_seq(w, n, block->count);
	for (size_t i = 0; i < block->count; i++) {
		struct om_entry *e = w->by_seq[i];

		if (e == NULL)
			continue;
		if (book(a, block, e, err) < 0)
			return err->code;
		if (!om_outcome_inserts(e->outcome))
			continue;
		seal(a, e, inserts, base);
		w->rows[inserts++] = e;
	}
	for (size_t i = 0; i < n; i++)
		if (om_outcome_inserts(w->entry[i].outcome))
			w->keys[keys++] = &w->entry[i];
	if (om_chunk_insert(a->db, w->rows, w->keys, inserts, a->batch, err) <
	    0)
		return err->code;
	return om_log_append(a->log, a->leaves, inserts, err);
}

int
om_apply_orders(struct om_applier *a, const struct om_block *block,
    const struct om_share *share, struct om_err *err)
{
	OM_AUTO(work_end) struct work w = { 0 };
	size_t n;

	if (work_begin(&w, share->count, block->count, err) < 0)
		return err->code;
	n = take_distinct(&w, block, share->item, share->count);
	if (apply_run(a, &w, block, n, err) < 0)
		return err->code;
	while (w.later_count > 0) {
		n = take_distinct(&w, block, w.later, w.later_count);
		if (apply_run(a, &w, block, n, err) < 0)
			return err->code;
	}
	return 0;
}
