/*
 * pipeline.h - one reader, one writer per shard, bounded blocks between them.
 */
#ifndef OM_INGEST_PIPELINE_H
#define OM_INGEST_PIPELINE_H

#include "feed/reader.h"
#include "store/outcome.h"
#include "store/store.h"

enum om_begun {
	OM_BEGUN,   /* *out_batch is the batch */
	OM_NOT_YET, /* only if not told to wait */
	OM_NOTHING, /* is to be loaded */
};

/* Which batch is it? An enum om_begun, or an error. */
typedef int om_begin_fn(void *arg, bool wait, int64_t *out_batch,
    struct om_err *err);

/* A reject, as it comes; text lives during the call. */
typedef int om_reject_fn(const struct om_reject *reject, void *arg,
    struct om_err *err);

struct om_pipeline {
	const struct om_store *store;
	const struct om_feed *feed;
	struct om_reader *reader;
	bool dry_run; /* one transaction per shard, rolled back at the end */
	int64_t deadline_ns; /* monotonic; 0: none */
	size_t block_items;  /* at most OM_BLOCK_ITEMS; 0: see om_block_cut() */
	om_begin_fn *begin;  /* asked before a reject or a writer needs it */
	om_reject_fn *on_reject;
	void *arg;
};

/* Read everything and commit it to the shards in groups of blocks. *out_read
 * gets the reader's pages of the books (read and rejected), *out_done those of
 * the writers, including what an interrupted run had already done; all are
 * empty if there was nothing to load. */
OM_MUST_USE int om_pipeline_run(const struct om_pipeline *p,
    struct om_books *out_read, struct om_books *out_done, struct om_err *err);

#endif
