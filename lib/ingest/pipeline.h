/*
 * pipeline.h - one reader, one writer per shard, bounded blocks between them.
 */
#ifndef OM_INGEST_PIPELINE_H
#define OM_INGEST_PIPELINE_H

#include "feed/reader.h"
#include "store/outcome.h"
#include "store/store.h"

/* A reject, as it comes; text lives during the call. */
typedef int om_reject_fn(const struct om_reject *reject, void *arg,
    struct om_err *err);

struct om_pipeline {
	const struct om_store *store;
	const struct om_feed *feed;
	struct om_reader *reader;
	int64_t batch;
	bool dry_run; /* one transaction per shard, rolled back at the end */
	int64_t deadline_ns; /* monotonic; 0: none */
	size_t block_items;  /* at most OM_BLOCK_ITEMS; 0: see om_block_cut() */
	om_reject_fn *on_reject;
	void *arg;
};

/* Read everything and commit it to the shards in groups of blocks. *out_read gets
 * the reader's pages of the books (read and rejected), *out_done those of
 * the writers, including what an interrupted run had already done. */
OM_MUST_USE int om_pipeline_run(const struct om_pipeline *p,
    struct om_books *out_read, struct om_books *out_done, struct om_err *err);

#endif
