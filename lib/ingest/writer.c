/* writer.c - groups of blocks into one shard; see writer.h. */
#include "ingest/writer.h"

struct group {
	struct om_txn txn;
	int blocks;
};

static void
group_end(struct group *g)
{
	om_txn_end(&g->txn);
}

static int
commit(struct om_writer *w, struct group *g, struct om_err *err)
{
	if (g->txn.db == NULL || w->dry_run)
		return 0;
	g->blocks = 0;
	return om_txn_commit(&g->txn, err);
}

static int
take(struct om_writer *w, struct om_applier *a, struct group *g,
    struct om_block *block, struct om_err *err)
{
	if (g->txn.db == NULL && om_txn_begin(a->db, &g->txn, err) < 0)
		return err->code;
	if (om_apply(a, block, err) < 0)
		return err->code;
	if (++g->blocks < w->commit_blocks)
		return 0;
	return commit(w, g, err);
}

static int
write_all(struct om_writer *w, struct om_applier *a, struct om_err *err)
{
	OM_AUTO(group_end) struct group g = { 0 };
	struct om_block *block;

	while ((block = om_queue_pop(w->in)) != NULL) {
		int rc = take(w, a, &g, block, err);

		om_block_release(block);
		if (rc < 0)
			return rc;
	}
	if (atomic_load(w->failed))
		return 0; /* what is committed stays for the restart */
	if (commit(w, &g, err) < 0)
		return err->code;
	if (!w->dry_run && om_db_settle(a->db, err) < 0)
		return err->code;
	return om_shard_books_get(a->db, w->batch, &w->books, err);
}

int
om_writer_run(void *writer, struct om_err *err)
{
	OM_AUTO(om_applier_close) struct om_applier a = { 0 };
	struct om_writer *w = writer;
	struct om_block *block;
	int rc = om_applier_open(w->store, w->shard, w->batch, &a, err);

	if (rc == 0 && !w->dry_run)
		rc = om_db_write_behind(a.db, err);
	if (rc == 0)
		rc = write_all(w, &a, err);
	if (rc == 0)
		return 0;
	atomic_store(w->failed, true);
	while ((block = om_queue_pop(w->in)) != NULL)
		om_block_release(block);
	return om_wrap(err, "shard %u", w->shard);
}
