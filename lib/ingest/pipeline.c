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
	r->cut = om_block_cut(r->shards, r->p->block_items);
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
			.batch = r->p->batch,
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
	return p->on_reject(&item->reject, p->arg, err);
}

/* 1: the block is full. 0: the input is at its end. */
static int
fill(struct run *r, struct om_block *b, struct om_item *item,
    struct om_err *err)
{
	int rc;

	while (!om_block_full(b)) {
		rc = om_reader_next(r->p->reader, &b->arena, item, err);
		if (rc <= 0)
			return rc;
		if (take_item(r, b, item, err) < 0)
			return err->code;
	}
	return 1;
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

	while (rc == 1 && !atomic_load(&r->failed)) {
		struct om_block *b = om_queue_pop(r->home);

		om_block_reset(b);
		b->number = number++;
		rc = fill(r, b, item, err);
		if (rc >= 0)
			hand_out(r, b);
		if (rc == 1 && late(r->p, err) < 0)
			rc = err->code;
	}
	free(item);
	return rc < 0 ? rc : 0;
}

int
om_pipeline_run(const struct om_pipeline *p, struct om_books *out_read,
    struct om_books *out_done, struct om_err *err)
{
	OM_AUTO(run_end) struct run r = { .p = p, .books = out_read };
	struct om_pool *pool = NULL;
	void *args[OM_SHARDS_MAX];
	struct om_err late_err = { 0 };
	int rc;

	*out_read = (struct om_books){ 0 };
	*out_done = (struct om_books){ 0 };
	if (run_begin(&r, err) < 0)
		return err->code;
	for (unsigned i = 0; i < r.shards; i++)
		args[i] = &r.writer[i];
	rc = om_pool_start(om_writer_run, args, r.shards, &pool, err);
	if (rc == 0)
		rc = read_all(&r, err);
	if (rc < 0 && rc != OM_EDEADLINE)
		atomic_store(&r.failed, true);
	for (unsigned i = 0; i < r.shards; i++)
		om_queue_close(r.queue[i]);
	if (om_pool_wait(&pool, &late_err) < 0 && rc == 0) {
		*err = late_err;
		rc = err->code;
	}
	for (unsigned i = 0; rc == 0 && i < r.shards; i++)
		rc = om_books_merge(out_done, &r.writer[i].books, err);
	return rc;
}
