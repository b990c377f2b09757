/* recover.c - finish or undo; see recover.h. */
#include "ingest/recover.h"

#include <string.h>

#include "audit/log.h"
#include "ingest/bury.h"
#include "store/batch.h"
#include "store/ledger.h"
#include "store/quarantine.h"

/* Piece by piece: what is undone stays undone when this is interrupted. */
static int
undo_rows(struct om_db *db, int64_t leaf_from, struct om_err *err)
{
	bool more = true;

	while (more) {
		OM_AUTO(om_txn_end) struct om_txn txn = { 0 };

		if (om_txn_begin(db, &txn, err) < 0 ||
		    om_shard_undo(db, leaf_from, &more, err) < 0 ||
		    om_txn_commit(&txn, err) < 0)
			return err->code;
	}
	return 0;
}

/* The log is cut last: until then the undoing can be repeated. */
static int
undo_log(struct om_db *db, int64_t batch, int64_t leaf_from, struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	OM_AUTO(om_log_close) struct om_log *log = NULL;

	if (om_txn_begin(db, &txn, err) < 0 || om_log_open(db, &log, err) < 0 ||
	    om_log_truncate(log, (uint64_t)leaf_from, err) < 0 ||
	    om_shard_forget(db, batch, err) < 0)
		return err->code;
	return om_txn_commit(&txn, err);
}

static int
undo_shard(struct om_store *store, unsigned shard, int64_t batch,
    struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	struct om_progress progress;

	if (om_store_open_shard(store, shard, OM_DB_WRITE, &db, err) < 0 ||
	    om_progress_get(db, OM_WORK_BATCH, batch, &progress, err) < 0)
		return err->code;
	if (!progress.there)
		return 0;
	if (undo_rows(db, progress.leaf_from, err) < 0)
		return err->code;
	return undo_log(db, batch, progress.leaf_from, err);
}

/* First of all, so that no command takes up what is half undone. */
static int
doom(struct om_store *store, int64_t batch, struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };

	if (om_txn_begin(om_store_catalog(store), &txn, err) < 0 ||
	    om_batch_doom(store, batch, err) < 0)
		return err->code;
	return om_txn_commit(&txn, err);
}

int
om_undo_shards(struct om_store *store, int64_t batch, struct om_err *err)
{
	if (doom(store, batch, err) < 0)
		return om_wrap(err, "undo batch %lld", (long long)batch);
	for (unsigned i = 0; i < om_store_shards(store); i++)
		if (undo_shard(store, i, batch, err) < 0)
			return om_wrap(err, "undo batch %lld in shard %u",
			    (long long)batch, i);
	return 0;
}

int
om_undo_batch(struct om_store *store, int64_t batch, const char *state,
    const char *reason, struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };

	if (om_undo_shards(store, batch, err) < 0)
		return err->code;
	if (om_txn_begin(om_store_catalog(store), &txn, err) < 0 ||
	    om_batch_end(store, batch, state, reason, err) < 0)
		return err->code;
	if (strcmp(state, "undone") == 0 &&
	    om_quarantine_drop(store, batch, err) < 0)
		return err->code;
	return om_txn_commit(&txn, err);
}

/* The catalog has published a batch; do the shards show it? A shard that is
 * away hears of it next time. */
static int
finish_shard(struct om_store *store, unsigned shard, struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	int64_t want = om_store_published(store);
	int64_t have = 0;

	if (om_store_open_shard(store, shard, OM_DB_WRITE, &db, err) < 0)
		return err->code == OM_EREMOTE ? 0 : err->code;
	if (om_shard_published(db, &have, err) < 0)
		return err->code;
	if (have == want)
		return 0;
	if (om_txn_begin(db, &txn, err) < 0 ||
	    om_shard_publish(db, want, err) < 0 ||
	    om_shard_forget(db, want, err) < 0)
		return err->code;
	return om_txn_commit(&txn, err);
}

int
om_look(struct om_store *store, struct om_err *err)
{
	char sha[OM_SHA256_HEX];
	char plan[OM_SHA256_HEX];
	int64_t loading = 0;

	if (om_batch_loading(store, &loading, sha, plan, err) < 0)
		return err->code;
	if (loading != 0)
		return om_fail(err, OM_EBUSY,
		    "batch %lld was interrupted: load it again, or run any "
		    "other command that writes, before a dry run",
		    (long long)loading);
	return 0;
}

int
om_recover(struct om_store *store, const char *sha256, const char *plan,
    int64_t *out_batch, struct om_err *err)
{
	char was_sha[OM_SHA256_HEX] = "";
	char was_plan[OM_SHA256_HEX] = "";
	int64_t loading = 0;

	*out_batch = 0;
	if (om_store_refresh(store, err) < 0 || om_bury_runs(store, err) < 0)
		return err->code;
	for (unsigned i = 0; i < om_store_shards(store); i++)
		if (finish_shard(store, i, err) < 0)
			return err->code;
	if (om_batch_loading(store, &loading, was_sha, was_plan, err) < 0)
		return err->code;
	if (loading == 0)
		return 0;
	if (sha256 != NULL && plan != NULL && strcmp(sha256, was_sha) == 0 &&
	    strcmp(plan, was_plan) == 0) {
		*out_batch = loading;
		return 0;
	}
	return om_undo_batch(store, loading, "undone",
	    "interrupted, and not taken up again", err);
}
