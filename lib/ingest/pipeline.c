/* pipeline.c - the reader's side: fill blocks, hand them out. */
#include "ingest/pipeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "ingest/writer.h"

struct run {
	const struct om_pipeline *p;
	unsigned shards;
	struct om_cut cut;
	struct om_queue *home;
	struct om_block *block[OM_BLOCKS];
	struct om_queue *queue[OM_SHARDS_MAX];
	struct om_writer *writer;
	struct om_pool *pool;		  /* NULL: not begun */
	struct om_block *held[OM_BLOCKS]; /* till it has */
	int held_count;
	bool stopped; /* there is nothing to load */
	bool refused; /* nobody could say */
	atomic_bool failed;
	struct om_books *books; /* read and rejected */
};

static void
run_end(struct run *r)
{
	for (unsigned i = 0; i < r->shards; i++)
		om_queue_free(&r->queue[i]);
	for (int i = 0; i < (int)OM_BLOCKS; i++)
		om_block_free(r->block[i]);
	om_queue_free(&r->home);
	free(r->writer);
}

static int
run_begin(struct run *r, struct om_err *err)
{
	r->shards = om_store_shards(r->p->store);
	r->cut = om_block_cut(om_db_url_is_remote(om_store_url(r->p->store)),
	    r->shards, r->p->block_items);
	r->home = om_queue_new((size_t)r->cut.blocks);
	r->writer = calloc(r->shards, sizeof(r->writer[0]));
	if (r->writer == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	for (int i = 0; i < r->cut.blocks; i++) {
		r->block[i] = om_block_new(om_feed_kind_of(r->p->feed),
		    r->shards, &r->cut, r->home);
		(void)om_queue_push(r->home, r->block[i]);
	}
	for (unsigned i = 0; i < r->shards; i++) {
		r->queue[i] = om_queue_new((size_t)r->cut.blocks);
		r->writer[i] = (struct om_writer){
			.store = r->p->store,
			.shard = i,
			.dry_run = r->p->dry_run,
			.commit_blocks = r->cut.commit_blocks,
			.in = r->queue[i],
			.failed = &r->failed,
		};
	}
	return 0;
}

static int
by_number(const void *a, const void *b)
{
	const struct om_line *x = a;
	const struct om_line *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

/* Lines lie in the store by their number. */
static void
sort_lines(struct om_order *o)
{
	for (uint32_t i = 1; i < o->line_count; i++)
		if (o->lines[i].number < o->lines[i - 1].number) {
			qsort(o->lines, o->line_count, sizeof(o->lines[0]),
			    by_number);
			return;
		}
}

static void
hand_out(struct run *r, struct om_block *b)
{
	atomic_store(&b->readers, r->shards);
	for (unsigned i = 0; i < r->shards; i++)
		if (!om_queue_push(r->queue[i], b))
			om_block_release(b);
}

static int
start_writers(struct run *r, int64_t batch, struct om_err *err)
{
	void *args[OM_SHARDS_MAX];

	for (unsigned i = 0; i < r->shards; i++) {
		r->writer[i].batch = batch;
		args[i] = &r->writer[i];
	}
	if (om_pool_start(om_writer_run, args, r->shards, &r->pool, err) < 0)
		return err->code;
	for (int i = 0; i < r->held_count; i++)
		hand_out(r, r->held[i]);
	r->held_count = 0;
	return 0;
}

/* Reading need not wait till it is known which batch it is. */
static int
begin(struct run *r, bool wait, struct om_err *err)
{
	int64_t batch = 0;
	int rc;

	if (r->pool != NULL || r->stopped)
		return 0;
	rc = r->p->begin(r->p->arg, wait, &batch, err);
	r->refused = rc < 0;
	if (rc < 0)
		return rc;
	r->stopped = rc == OM_NOTHING;
	return rc == OM_BEGUN ? start_writers(r, batch, err) : 0;
}

static int
give_reject(struct run *r, const struct om_reject *reject, struct om_err *err)
{
	if (begin(r, true, err) < 0)
		return err->code;
	return r->stopped ? 0 : r->p->on_reject(reject, r->p->arg, err);
}

static int
take_item(struct run *r, struct om_block *b, struct om_item *item,
    struct om_err *err)
{
	const struct om_pipeline *p = r->p;

	switch (item->kind) {
	case OM_ITEM_ORDER:
		sort_lines(&item->order);
		om_block_add_order(b, &item->order, p->store);
		return om_books_add(r->books, item->order.currency, OM_READ, 1,
		    item->order.total_minor, err);
	case OM_ITEM_PAYMENT:
		om_block_add_payment(b, &item->payment, p->store);
		return om_books_add(r->books, item->payment.currency, OM_READ,
		    1, item->payment.amount_minor, err);
	case OM_ITEM_REJECT:
		break;
	}
	if (om_books_add(r->books, item->reject.currency, OM_READ, 1,
		item->reject.total_minor, err) < 0 ||
	    om_books_add(r->books, item->reject.currency, OM_REJECTED, 1,
		item->reject.total_minor, err) < 0)
		return err->code;
	return give_reject(r, &item->reject, err);
}

/* 1: the block is full. 0: the input is at its end, or of no interest. */
static int
fill(struct run *r, struct om_block *b, struct om_item *item,
    struct om_err *err)
{
	int rc;

	while (!om_block_full(b) && !r->stopped) {
		rc = om_reader_next(r->p->reader, &b->arena, item, err);
		if (rc <= 0)
			return rc;
		if (take_item(r, b, item, err) < 0)
			return err->code;
	}
	return !r->stopped;
}

/* With the last block at the latest it must be known where they go. */
static int
give_block(struct run *r, struct om_block *b, bool last, struct om_err *err)
{
	if (r->pool != NULL) {
		hand_out(r, b);
		return 0;
	}
	r->held[r->held_count++] = b;
	return begin(r, last || r->held_count == r->cut.blocks, err);
}

static int
late(const struct om_pipeline *p, struct om_err *err)
{
	if (p->deadline_ns == 0 || om_monotonic_ns() < p->deadline_ns)
		return 0;
	return om_fail(err, OM_EDEADLINE,
	    "stopped at a checkpoint; run the"
	    " same command again to go on");
}

static int
read_all(struct run *r, struct om_err *err)
{
	struct om_item *item = calloc(1, sizeof(*item));
	int64_t number = 0;
	int rc = item == NULL ? om_fail(err, OM_ELIMIT, "out of memory") : 1;

	while (rc == 1 && !r->stopped && !atomic_load(&r->failed)) {
		struct om_block *b = om_queue_pop(r->home);

		om_block_reset(b);
		b->number = number++;
		rc = fill(r, b, item, err);
		if (rc >= 0 && give_block(r, b, rc == 0, err) < 0)
			rc = err->code;
		if (rc == 1 && late(r->p, err) < 0)
			rc = err->code;
	}
	free(item);
	return rc < 0 ? rc : 0;
}

/* What is wrong with the input is a finding about a batch, or of no interest:
 * it must be known which one. */
static int
read_batch(struct run *r, struct om_err *err)
{
	int rc = read_all(r, err);
	struct om_err cause = *err;

	if (rc == 0 || r->pool != NULL || r->refused)
		return rc;
	if (begin(r, true, err) < 0)
		return err->code;
	*err = cause;
	return r->stopped ? 0 : rc;
}

int
om_pipeline_run(const struct om_pipeline *p, struct om_books *out_read,
    struct om_books *out_done, struct om_err *err)
{
	OM_AUTO(run_end) struct run r = { .p = p, .books = out_read };
	struct om_err late_err = { 0 };
	int rc;

	*out_read = (struct om_books){ 0 };
	*out_done = (struct om_books){ 0 };
	if (run_begin(&r, err) < 0)
		return err->code;
	rc = read_batch(&r, err);
	if (rc < 0 && rc != OM_EDEADLINE)
		atomic_store(&r.failed, true);
	for (unsigned i = 0; i < r.shards; i++)
		om_queue_close(r.queue[i]);
	if (om_pool_wait(&r.pool, &late_err) < 0 && rc == 0) {
		*err = late_err;
		rc = err->code;
	}
	for (unsigned i = 0; rc == 0 && i < r.shards; i++)
		rc = om_books_merge(out_done, &r.writer[i].books, err);
	return rc;
}
