/* apply.c - what orders and payments have in common; see apply.h. */
#include "ingest/apply.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/chunk.h"

#define ANALYZE_MIN    10000
#define ANALYZE_GROWTH 16
#define CACHE_KIB      (96U * 1024)
#define RECORD_MAX     ((size_t)64 * 1024 * 1024)

/* The page caches of all shards share one budget. */
static int
size_cache(struct om_db *db, unsigned shards, struct om_err *err)
{
	char script[64];

	snprintf(script, sizeof(script), "PRAGMA cache_size = -%u; --@sqlite\n",
	    CACHE_KIB / shards);
	return om_db_exec(db, script, err);
}

int
om_applier_open(const struct om_store *store, unsigned shard, int64_t batch,
    struct om_applier *out, struct om_err *err)
{
	*out = (struct om_applier){ .shard = shard, .batch = batch };
	om_sha256_init(&out->sha);
	om_buf_init(&out->record, RECORD_MAX);
	out->scratch = malloc(OM_BLOCK_ITEMS * sizeof(out->scratch[0]));
	out->leaves = malloc(OM_BLOCK_ITEMS * sizeof(out->leaves[0]));
	if (out->scratch == NULL || out->leaves == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	if (om_store_open_shard(store, shard, OM_DB_WRITE, &out->db, err) < 0)
		return err->code;
	if (size_cache(out->db, om_store_shards(store), err) < 0 ||
	    om_log_open(out->db, &out->log, err) < 0 ||
	    om_progress_get(out->db, OM_WORK_BATCH, batch, &out->progress,
		err) < 0)
		return om_wrap(err, "shard %u", shard);
	out->analyzed = om_log_size(out->log);
	if (!out->progress.there)
		out->progress.leaf_from = (int64_t)om_log_size(out->log);
	return 0;
}

void
om_applier_close(struct om_applier *a)
{
	om_log_close(&a->log);
	om_db_close(&a->db);
	om_sha256_fini(&a->sha);
	om_buf_fini(&a->record);
	om_arena_clear(&a->arena);
	om_order_work_fini(a->work);
	a->work = NULL;
	om_arena_clear(&a->keep);
	free(a->scratch);
	free(a->leaves);
	a->scratch = NULL;
	a->leaves = NULL;
}

void
om_applier_leaf(struct om_applier *a, size_t n)
{
	om_merkle_leaf(&a->sha, a->record.p, a->record.n, &a->leaves[n]);
}

/* When the shard has grown much: a server that is told too often spends a
 * tenth of the time on it. */
static int
tell_planner(struct om_applier *a, struct om_err *err)
{
	uint64_t size = om_log_size(a->log);

	if (size < ANALYZE_GROWTH * a->analyzed + ANALYZE_MIN)
		return 0;
	a->analyzed = size;
	return om_shard_analyze(a->db, err);
}

int
om_apply(struct om_applier *a, struct om_block *block, struct om_err *err)
{
	struct om_share *share = &block->share[a->shard];
	int rc;

	if (block->number <= a->progress.chunk || share->count == 0)
		return 0;
	om_arena_reset(&a->arena);
	a->books = (struct om_books){ 0 };
	rc = block->orders != NULL ? om_apply_orders(a, block, share, err)
				   : om_apply_payments(a, block, share, err);
	if (rc < 0 || om_shard_books_add(a->db, a->batch, &a->books, err) < 0)
		return err->code;
	if (om_keys_merge(a->db, om_row_id((uint64_t)a->progress.leaf_from),
		err) < 0 ||
	    om_progress_set(a->db, OM_WORK_BATCH, a->batch, block->number,
		a->progress.leaf_from, err) < 0)
		return err->code;
	return tell_planner(a, err);
}
