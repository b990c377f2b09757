/* status.c - ask the catalog how things stand; see status.h. */
#include "ops/status.h"

#include "ops/census.h"
#include "ops/figure.h"
#include "store/sql.h"

static const char *const state_names[OM_BATCH_STATES] = {
	[OM_BATCH_LOADING] = "loading",
	[OM_BATCH_PUBLISHED] = "published",
	[OM_BATCH_FAILED] = "failed",
	[OM_BATCH_UNDONE] = "undone",
};

static const char count_batches[] =
    "SELECT /*scan*/ count(*) FROM batches WHERE state = $1";
static const char newest_batch[] =
    "SELECT source, finished_at FROM batches WHERE batch = $1";
static const char newest_run[] =
    "SELECT run, command, state, status FROM runs ORDER BY run DESC LIMIT 1";
static const char last_done[] =
    "SELECT /*scan*/ max(finished_at) FROM runs WHERE state = 'done'";
static const char count_running[] =
    "SELECT /*scan*/ count(*) FROM runs WHERE state = 'running'";
static const char count_failed[] =
    "SELECT /*scan*/ count(*) FROM runs"
    " WHERE state = 'failed' AND finished_at > $1";
static const char count_rejects[] =
    "SELECT /*scan*/ count(*) FROM rejects WHERE resolved_by = 0";
static const char newest_checkpoint[] =
    "SELECT size, created_at FROM checkpoints ORDER BY size DESC LIMIT 1";
static const char shard_url[] = "SELECT url FROM shards WHERE shard = $1";
static const char shard_entries[] =
    "SELECT size FROM shard_heads WHERE shard = $1";
static const char count_unsettled[] =
    "SELECT /*scan*/ count(*) FROM payments WHERE order_id = 0";

static int
read_batches(struct om_db *db, struct om_arena *arena, struct om_status *s,
    struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	for (int i = 0; i < OM_BATCH_STATES; i++)
		if (om_sql_int(db, &s->batches[i], err, count_batches, "s",
			state_names[i]) < 0)
			return err->code;
	s->last_source = "";
	if (om_sql(db, &q, err, newest_batch, "i", s->published) < 0)
		return err->code;
	rc = om_stmt_step(q, err);
	if (rc < 0)
		return rc;
	if (rc == 1) {
		s->last_source = om_cell_str(arena, om_col_text(q, 0));
		s->last_published = om_col_int(q, 1);
	}
	om_stmt_reset(q);
	return 0;
}

static int
read_runs(struct om_db *db, struct om_arena *arena, struct om_status *s,
    struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	s->last_command = "";
	s->last_state = "";
	if (om_sql(db, &q, err, newest_run, "") < 0)
		return err->code;
	rc = om_stmt_step(q, err);
	if (rc < 0)
		return rc;
	if (rc == 1) {
		s->last_run = om_col_int(q, 0);
		s->last_command = om_cell_str(arena, om_col_text(q, 1));
		s->last_state = om_cell_str(arena, om_col_text(q, 2));
		s->last_status = om_col_int(q, 3);
	}
	om_stmt_reset(q);
	if (om_sql_int(db, &s->last_success, err, last_done, "") < 0)
		return err->code;
	if (s->last_published > s->last_success)
		s->last_success = s->last_published;
	if (om_sql_int(db, &s->running, err, count_running, "") < 0 ||
	    om_sql_int(db, &s->failed_since, err, count_failed, "i",
		s->last_success) < 0)
		return err->code;
	return 0;
}

static int
read_evidence(struct om_db *db, struct om_status *s, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_sql(db, &q, err, newest_checkpoint, "") < 0)
		return err->code;
	rc = om_stmt_step(q, err);
	if (rc < 0)
		return rc;
	if (rc == 1) {
		s->entries = om_col_int(q, 0);
		s->checkpoint_at = om_col_int(q, 1);
	}
	om_stmt_reset(q);
	return 0;
}

/* Whatever is wrong with a shard is news, not an error. */
static void
ask_shard(struct om_store *store, unsigned shard, struct om_arena *arena,
    struct om_status_shard *out)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	struct om_err why = { 0 };

	if (om_store_open_shard(store, shard, OM_DB_READ, &db, &why) < 0)
		out->trouble = om_cellf(arena, "%s", why.msg);
	else if (om_sql_int(db, &out->unsettled, &why, count_unsettled, "") <
		     0 ||
		 om_census_waiting(db, om_store_published(store), &out->waiting,
		     &why) < 0)
		out->trouble = om_cellf(arena, "shard %u: %s", shard, why.msg);
}

static int
read_shard(struct om_store *store, unsigned shard, struct om_arena *arena,
    struct om_status_shard *out, struct om_err *err)
{
	struct om_db *db = om_store_catalog(store);
	const struct om_slots *ranges;
	size_t n = om_store_slots(store, shard, &ranges);
	struct om_stmt *q;
	int rc;

	for (size_t i = 0; i < n; i++)
		out->slots += (int64_t)ranges[i].to - ranges[i].from + 1;
	if (om_sql_int(db, &out->entries, err, shard_entries, "i",
		(int64_t)shard) < 0 ||
	    om_sql(db, &q, err, shard_url, "i", (int64_t)shard) < 0)
		return err->code;
	rc = om_stmt_step(q, err);
	if (rc < 0)
		return rc;
	out->url =
	    om_cell_str(arena, rc == 1 ? om_col_text(q, 0) : OM_STR("unknown"));
	om_stmt_reset(q);
	ask_shard(store, shard, arena, out);
	return 0;
}

static int
read_lock(struct om_store *store, struct om_status *s, struct om_err *err)
{
	char path[OM_URL_MAX];
	int rc;

	if (om_db_url_is_remote(s->url))
		return 0;
	if (om_store_path(store, "lock", path, err) < 0)
		return err->code;
	rc = om_lock_holder(path, s->holder, err);
	s->lockable = true;
	s->locked = rc == 1;
	return rc < 0 ? rc : 0;
}

int
om_status_read(struct om_store *store, struct om_arena *arena,
    struct om_status *out, struct om_err *err)
{
	struct om_db *db = om_store_catalog(store);
	char epoch[OM_META_MAX];
	struct om_status s = {
		.now = om_now(om_store_clock(store)),
		.url = om_store_url(store),
		.published = om_store_published(store),
		.shards = om_store_shards(store),
	};

	s.shard = om_alloc(arena, s.shards * sizeof(*s.shard));
	if (om_store_meta(store, "epoch", epoch, err) < 0 ||
	    read_batches(db, arena, &s, err) < 0 ||
	    read_runs(db, arena, &s, err) < 0 ||
	    om_sql_int(db, &s.open_rejects, err, count_rejects, "") < 0 ||
	    om_feeds_read(store, s.published, INT64_MAX, arena, &s.feeds, err) <
		0 ||
	    read_evidence(db, &s, err) < 0 || read_lock(store, &s, err) < 0)
		return err->code;
	for (unsigned i = 0; i < s.shards; i++)
		if (read_shard(store, i, arena, &s.shard[i], err) < 0)
			return err->code;
	s.epoch = om_cellf(arena, "%s", epoch);
	*out = s;
	return 0;
}

bool
om_status_stale(const struct om_status *s, int64_t seconds)
{
	return s->last_success == 0 || s->now - s->last_success > seconds;
}

bool
om_status_troubled(const struct om_status *s)
{
	for (unsigned i = 0; i < s->shards; i++)
		if (s->shard[i].trouble != NULL)
			return true;
	return false;
}
