/* apply_payments.c - a shard's share of a statement: judge, seal, insert. */
#include <stdlib.h>

#include "audit/leaf.h"
#include "ingest/apply.h"
#include "store/chunk.h"
#include "store/payment.h"

static void
free_entries(struct om_pay_entry **entries)
{
	free(*entries);
}

static struct om_pay_entry
entry_of(const struct om_keyed *item, const struct om_payment *p)
{
	return (struct om_pay_entry){
		.key = item->key,
		.seq = item->index,
		.slot = om_key_slot(item->key),
		.channel = p->channel,
		.reference = p->reference,
		.payment = p->payment,
		.currency = p->currency,
		.amount_minor = p->amount_minor,
		.paid_at = p->paid_at,
		.source_line = (int64_t)p->at.line,
	};
}

static int
book(struct om_applier *a, const struct om_block *block,
    const struct om_pay_entry *e, struct om_err *err)
{
	const struct om_finding finding = {
		.channel = e->channel,
		.reference = e->reference,
		.at = block->payments[e->seq].at,
		.reason = OM_STR("payment stored with other values"),
		.currency = e->currency,
		.total_minor = e->amount_minor,
	};

	if (om_books_add(&a->books, e->currency, e->outcome, 1, e->amount_minor,
		err) < 0)
		return err->code;
	if (e->outcome != OM_CONFLICTING)
		return 0;
	return om_finding_add(a->db, a->batch, block->number, e->seq, &finding,
	    err);
}

static void
seal(struct om_applier *a, struct om_pay_entry *e, size_t n, uint64_t base)
{
	const struct om_paid paid = {
		.channel = e->channel,
		.reference = e->reference,
		.payment = e->payment,
		.currency = { e->currency->code, OM_CURRENCY_CODE },
		.amount_minor = e->amount_minor,
		.paid_at = e->paid_at,
		.batch = a->batch,
		.source_line = e->source_line,
	};

	e->leaf = (int64_t)(base + n);
	om_buf_reset(&a->record);
	om_leaf_payment(&a->record, &paid);
	om_applier_leaf(a, n);
}

static int
by_payment(const void *a, const void *b)
{
	const struct om_pay_entry *x = a;
	const struct om_pay_entry *y = b;
	int d = om_payment_cmp(x, y);

	return d != 0 ? d : (x->seq > y->seq) - (x->seq < y->seq);
}

/* By key, and those of one key by payment: what repeats one stands behind it. */
static void
fill(struct om_pay_entry *entries, const struct om_block *block,
    const struct om_keyed *items, size_t n)
{
	size_t first = 0;

	for (size_t i = 0; i < n; i++) {
		entries[i] =
		    entry_of(&items[i], &block->payments[items[i].index]);
		if (i + 1 < n && items[i + 1].key == items[i].key)
			continue;
		if (i > first)
			qsort(&entries[first], i + 1 - first,
			    sizeof(entries[0]), by_payment);
		first = i + 1;
	}
}

int
om_apply_payments(struct om_applier *a, const struct om_block *block,
    const struct om_share *share, struct om_err *err)
{
	OM_AUTO(free_entries)
	struct om_pay_entry *entries = malloc(share->count * sizeof(*entries));
	uint64_t base = om_log_size(a->log);
	size_t n = share->count;
	size_t inserts = 0;

	if (entries == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	om_sort_keyed(share->item, a->scratch, n);
	fill(entries, block, share->item, n);
	if (om_payments_probe(a->db, entries, n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		if (book(a, block, &entries[i], err) < 0)
			return err->code;
		if (entries[i].outcome == OM_CREATED)
			seal(a, &entries[i], inserts++, base);
	}
	if (om_payments_insert(a->db, entries, n, a->batch, err) < 0)
		return err->code;
	return om_log_append(a->log, a->leaves, inserts, err);
}
