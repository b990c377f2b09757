/* publish.c - make a loaded batch visible; see publish.h. */
#include "ingest/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/journal.h"
#include "store/keys.h"
#include "store/ledger.h"
#include "store/quarantine.h"
#include "store/sql.h"

#define FIELDS_MAX (6 + OM_CURRENCIES_MAX * OM_COUNTS)
#define FIELD_TEXT 64

/* A cancellation that waits for its order ($6 brought it or did not) is no
 * sign of the order. */
static const char find_order[] =
    "SELECT o.batch FROM order_keys k"
    " JOIN order_rows o ON o.slot = k.slot AND o.id = k.id"
    " WHERE k.slot = $1 AND k.key = $2 AND o.channel = $3"
    " AND o.reference = $4 AND o.until_batch = 0 AND o.batch <= $5"
    " AND (o.currency <> '' OR o.batch = $6)";

/* What a batch after $6 brought for an order. */
static const char find_payment[] =
    "SELECT max(batch) FROM payments WHERE slot = $1 AND key = $2"
    " AND channel = $3 AND reference = $4 AND batch <= $5 AND batch > $6";
static const char is_payments[] =
    "SELECT 1 FROM batches WHERE batch = $1 AND kind = 'payments'";

struct findings {
	struct om_store *store;
	int64_t batch;
	int64_t rejects;
};

static int
take_finding(const struct om_finding *f, void *arg, struct om_err *err)
{
	struct findings *all = arg;
	const struct om_quarantined q = {
		.batch = all->batch,
		.reject = ++all->rejects,
		.outcome = OM_CONFLICTING,
		.channel = f->channel,
		.reference = f->reference,
		.at = f->at,
		.reason = f->reason,
		.currency = f->currency,
		.total_minor = f->total_minor,
	};

	return om_quarantine_put(all->store, &q, err);
}

int
om_publish_findings(struct om_store *store, int64_t batch, int64_t *rejects,
    struct om_err *err)
{
	struct findings all = { store, batch, *rejects };

	for (unsigned i = 0; i < om_store_shards(store); i++) {
		OM_AUTO(om_db_close) struct om_db *db = NULL;

		if (om_store_open_shard(store, i, OM_DB_READ, &db, err) < 0 ||
		    om_findings_each(db, batch, take_finding, &all, err) < 0)
			return err->code;
	}
	*rejects = all.rejects;
	return 0;
}

struct fields {
	struct om_journal_field field[FIELDS_MAX];
	char name[FIELDS_MAX][FIELD_TEXT];
	char value[FIELDS_MAX][FIELD_TEXT];
	size_t n;
};

static void
free_fields(struct fields **f)
{
	free(*f);
}

static void
add_field(struct fields *f, const char *name, const char *value)
{
	if (f->n < FIELDS_MAX)
		f->field[f->n++] = (struct om_journal_field){ name, value };
}

/* "EUR.created" = "7 209385": orders, then minor units. */
static void
add_books(struct fields *f, const struct om_books *books)
{
	for (size_t i = 0; i < books->count; i++)
		for (int o = 0; o < OM_COUNTS; o++) {
			const struct om_page *p = &books->page[i];
			size_t n = f->n;

			if (p->orders[o] == 0 || n == FIELDS_MAX)
				continue;
			snprintf(f->name[n], FIELD_TEXT, "%s.%s",
			    p->currency == NULL ? "none" : p->currency->code,
			    om_outcome_name((enum om_outcome)o));
			snprintf(f->value[n], FIELD_TEXT, "%lld %lld",
			    (long long)p->orders[o],
			    (long long)p->amount_minor[o]);
			add_field(f, f->name[n], f->value[n]);
		}
}

static int
write_journal(struct om_store *store, const struct om_batch *b,
    const struct om_books *books, struct om_err *err)
{
	OM_AUTO(free_fields) struct fields *f = calloc(1, sizeof(*f));
	struct om_head heads[OM_SHARDS_MAX];
	size_t n = 0;
	char number[24];
	char rows[24];

	if (f == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	snprintf(number, sizeof(number), "%lld", (long long)b->batch);
	snprintf(rows, sizeof(rows), "%lld", (long long)b->rows_read);
	add_field(f, "command", "ingest");
	add_field(f, "batch", number);
	add_field(f, "feed", b->feed);
	add_field(f, "source", b->source);
	add_field(f, "sha256", b->sha256);
	add_field(f, "rows", rows);
	add_books(f, books);
	if (om_journal_heads(store, heads, &n, err) < 0)
		return err->code;
	return om_journal_append(store, f->field, f->n, heads, n, err);
}

static int
mark_shards(struct om_store *store, int64_t batch, struct om_err *err)
{
	for (unsigned i = 0; i < om_store_shards(store); i++) {
		OM_AUTO(om_db_close) struct om_db *db = NULL;
		OM_AUTO(om_txn_end) struct om_txn txn = { 0 };

		if (om_store_open_shard(store, i, OM_DB_WRITE, &db, err) < 0 ||
		    om_txn_begin(db, &txn, err) < 0 ||
		    om_shard_publish(db, batch, err) < 0 ||
		    om_shard_forget(db, batch, err) < 0 ||
		    om_txn_commit(&txn, err) < 0 ||
		    om_txn_begin(db, &txn, err) < 0 ||
		    om_keys_merge(db, 0, err) < 0 ||
		    om_txn_commit(&txn, err) < 0)
			return om_wrap(err, "shard %u", i);
	}
	return 0;
}

int
om_publish(struct om_store *store, const struct om_batch *batch,
    const struct om_books *books, int64_t run, int64_t rejects,
    struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };

	if (om_txn_begin(om_store_catalog(store), &txn, err) < 0 ||
	    om_publish_findings(store, batch->batch, &rejects, err) < 0 ||
	    om_quarantine_supersede(store, batch->batch, err) < 0 ||
	    om_batch_books_put(store, batch->batch, books, err) < 0 ||
	    om_batch_publish(store, batch, err) < 0 ||
	    om_run_end(store, run, 0, err) < 0 ||
	    write_journal(store, batch, books, err) < 0 ||
	    om_txn_commit(&txn, err) < 0 || om_store_refresh(store, err) < 0)
		return om_wrap(err, "publish batch %lld",
		    (long long)batch->batch);
	return mark_shards(store, batch->batch, err);
}

struct retries {
	struct om_store *store;
	int64_t parent;
	int64_t batch;
	struct om_arena arena;
	int64_t *resolved;
	size_t n;
	size_t cap;
	int64_t payments; /* 1: not orders were rejected, but payments */
	bool for_all;	  /* the retry can have repaired every one of them */
};

/* A reject of a statement names the order, not the payment. */
static int
look_up(const struct retries *r, const struct om_quarantined *q,
    int64_t *out_batch, struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	struct om_store *store = r->store;
	uint64_t hash = om_hash64(q->channel, q->reference);
	unsigned slot = om_slot_of(hash);

	if (om_store_open_shard(store, om_store_shard_of(store, slot),
		OM_DB_READ, &db, err) < 0)
		return err->code;
	if (r->payments != 0)
		return om_sql_int(db, out_batch, err, find_payment, "iittii",
		    (int64_t)slot, om_key_of(hash), &q->channel, &q->reference,
		    om_store_published(store), r->parent);
	return om_sql_int(db, out_batch, err, find_order, "iittii",
	    (int64_t)slot, om_key_of(hash), &q->channel, &q->reference,
	    om_store_published(store), r->batch);
}

/* A retry without rejects of its own that brings as many orders as were open:
 * among them are those whose rows did not tell their reference. */
static int
weigh(struct retries *r, struct om_err *err)
{
	struct om_books books;
	int64_t rows;
	int64_t open = 0;

	if (om_quarantine_open(r->store, r->parent, &open, err) < 0 ||
	    om_batch_books_get(r->store, r->batch, &books, &rows, err) < 0)
		return err->code;
	r->for_all = om_books_orders(&books, OM_REJECTED) == 0 &&
		     om_books_orders(&books, OM_CONFLICTING) == 0 &&
		     om_books_orders(&books, OM_READ) >= open;
	return 0;
}

static void
resolve(struct retries *r, int64_t reject)
{
	if (r->n == r->cap) {
		size_t cap = r->cap == 0 ? 64 : 2 * r->cap;
		int64_t *more = om_alloc(&r->arena, cap * sizeof(*more));

		if (r->n > 0)
			memcpy(more, r->resolved, r->n * sizeof(*more));
		r->resolved = more;
		r->cap = cap;
	}
	r->resolved[r->n++] = reject;
}

/* A rejected order is resolved by being there, a rejected payment by any that
 * came for its order since, a contradicted one only by what the retry itself
 * brought. */
static int
try_one(const struct om_quarantined *q, void *arg, struct om_err *err)
{
	struct retries *r = arg;
	int64_t found = 0;

	if (q->reference.n == 0) {
		if (r->for_all)
			resolve(r, q->reject);
		return 0;
	}
	if (look_up(r, q, &found, err) < 0)
		return err->code;
	if (found != 0 && (q->outcome != OM_CONFLICTING || found == r->batch))
		resolve(r, q->reject);
	return 0;
}

static void
retries_end(struct retries *r)
{
	om_arena_clear(&r->arena);
}

int
om_publish_retries(struct om_store *store, int64_t parent, int64_t batch,
    struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	OM_AUTO(retries_end)
	struct retries r = { .store = store, .parent = parent, .batch = batch };

	if (om_txn_begin(om_store_catalog(store), &txn, err) < 0 ||
	    om_sql_int(om_store_catalog(store), &r.payments, err, is_payments,
		"i", parent) < 0 ||
	    weigh(&r, err) < 0 ||
	    om_quarantine_each(store, parent, true, try_one, &r, err) < 0)
		return err->code;
	for (size_t i = 0; i < r.n; i++)
		if (om_quarantine_resolve(store, parent, r.resolved[i], batch,
			err) < 0)
			return err->code;
	return om_txn_commit(&txn, err);
}
