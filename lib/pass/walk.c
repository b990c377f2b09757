/* walk.c - a pass over one shard, window by window; see walk.h. */
#include "pass/walk.h"

#include <stdio.h>

#include "store/chunk.h"
#include "store/ledger.h"
#include "store/sql.h"

#define SLOTS_AT_ONCE 16
#define IDS_AT_ONCE   65536
/* Items in one transaction, more or less. */
#define COMMIT_ITEMS   100000
#define RECORD_MAX     ((size_t)1 << 20)
#define NAME_MAX_BYTES 64

static const char get_since[] = "SELECT value FROM meta WHERE name = $1";
static const char set_since[] =
    "INSERT INTO meta (name, value) VALUES ($1, $2)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value";

/* A walk under way. What is in pending is not committed yet. */
struct going {
	struct om_walk *walk;
	struct om_work work;
	struct om_txn txn;
	struct om_tally pending;
	char name[NAME_MAX_BYTES]; /* of the checkpoint: "pass validate" */
	int64_t first;		   /* what comes before it is done */
	uint64_t since;		   /* leaves that an earlier full run saw */
	uint64_t log_start;	   /* size of the log when this one began */
};

static void
going_end(struct going *g)
{
	om_txn_end(&g->txn);
	om_log_close(&g->work.log);
	om_db_close(&g->work.db);
	om_sha256_fini(&g->work.sha);
	om_buf_fini(&g->work.record);
	om_arena_clear(&g->work.arena);
	om_arena_clear(&g->work.keep);
}

static int
load_since(struct going *g, struct om_err *err)
{
	struct om_stmt *q;
	int64_t since = 0;
	int rc;

	if (g->walk->pass->window != OM_BY_ARRIVAL)
		return 0;
	if (om_sql(g->work.db, &q, err, get_since, "s", g->name) < 0 ||
	    (rc = om_stmt_step(q, err)) < 0)
		return err->code;
	if (rc == 1 && !om_str_int(om_col_text(q, 0), &since))
		return om_fail(err, OM_EDAMAGED, "setting '%s' is no number",
		    g->name);
	om_stmt_reset(q);
	g->since = (uint64_t)since;
	return 0;
}

static int
start(struct going *g, struct om_walk *walk, struct om_err *err)
{
	struct om_progress progress;

	g->walk = walk;
	snprintf(g->name, sizeof(g->name), "pass %s", walk->pass->name);
	om_sha256_init(&g->work.sha);
	om_buf_init(&g->work.record, RECORD_MAX);
	if (om_store_open_shard(walk->store, walk->shard, OM_DB_WRITE,
		&g->work.db, err) < 0 ||
	    om_log_open(g->work.db, &g->work.log, err) < 0 ||
	    load_since(g, err) < 0 ||
	    om_progress_get(g->work.db, g->name, 0, &progress, err) < 0)
		return err->code;
	g->work.run = walk->run;
	g->work.now = walk->now;
	g->work.published = walk->published;
	g->work.rules = walk->options->rules;
	g->work.rule_count = walk->options->rule_count;
	g->log_start = om_log_size(g->work.log);
	walk->resumed = progress.there;
	g->first = progress.there ? progress.chunk : 0;
	if (progress.there)
		g->log_start = (uint64_t)progress.leaf_from;
	return 0;
}

static void
merge(struct om_tally *into, const struct om_tally *from)
{
	for (size_t i = 0; i < from->count; i++)
		om_tally_add(into, from->line[i].name, from->line[i].n);
}

/* So that the books of a killed run can be put together. */
static int
note_pending(struct going *g, struct om_err *err)
{
	if (om_run_tally_drop_others(g->work.db, g->walk->run, err) < 0)
		return err->code;
	for (size_t i = 0; i < g->pending.count; i++)
		if (om_run_tally_add(g->work.db, g->walk->run,
			g->pending.line[i].name, g->pending.line[i].n, err) < 0)
			return err->code;
	return 0;
}

static int
commit(struct going *g, struct om_err *err)
{
	if (g->txn.db == NULL)
		return 0;
	if (note_pending(g, err) < 0)
		return err->code;
	if (!g->walk->options->dry_run && om_txn_commit(&g->txn, err) < 0)
		return err->code;
	merge(&g->walk->tally, &g->pending);
	g->pending = (struct om_tally){ 0 };
	return 0;
}

/* Work on one window and move the checkpoint behind it. */
static int
work_on(struct going *g, int64_t from, int64_t to, struct om_err *err)
{
	struct om_work *w = &g->work;

	if (g->txn.db == NULL && om_txn_begin(w->db, &g->txn, err) < 0)
		return err->code;
	om_arena_reset(&w->arena);
	w->tally = (struct om_tally){ 0 };
	if (g->walk->pass->work(w, from, to, err) < 0)
		return err->code;
	if (om_tally_close(&w->tally, err) < 0)
		return err->code;
	merge(&g->pending, &w->tally);
	if (om_progress_set(w->db, g->name, 0, to + 1, (int64_t)g->log_start,
		err) < 0)
		return err->code;
	if (om_tally_get(&g->pending, "in") < COMMIT_ITEMS)
		return 0;
	return commit(g, err);
}

static bool
is_late(struct going *g)
{
	int64_t deadline = g->walk->options->deadline_ns;

	g->walk->late = deadline != 0 && om_monotonic_ns() >= deadline;
	return g->walk->late;
}

static int
walk_range(struct going *g, int64_t from, int64_t last, int64_t step,
    struct om_err *err)
{
	if (from < g->first)
		from = g->first;
	while (from <= last && !is_late(g)) {
		int64_t to = last - from < step ? last : from + step - 1;

		if (work_on(g, from, to, err) < 0)
			return err->code;
		from = to + 1;
	}
	return 0;
}

static int
walk_all(struct going *g, struct om_err *err)
{
	const struct om_walk *w = g->walk;
	const struct om_slots *slots;
	size_t n = om_store_slots(w->store, w->shard, &slots);

	if (w->pass->window == OM_BY_ARRIVAL)
		return walk_range(g, om_row_id(g->since),
		    om_row_id(g->log_start) - 1, IDS_AT_ONCE, err);
	for (size_t i = 0; i < n; i++)
		if (walk_range(g, slots[i].from, slots[i].to, SLOTS_AT_ONCE,
			err) < 0)
			return err->code;
	return 0;
}

/* All windows are done: forget the checkpoint, remember how far we looked. */
static int
finish(struct going *g, struct om_err *err)
{
	char text[24];

	if (g->walk->late)
		return commit(g, err);
	if (g->txn.db == NULL && om_txn_begin(g->work.db, &g->txn, err) < 0)
		return err->code;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)g->log_start);
	if (om_progress_drop(g->work.db, g->name, 0, err) < 0)
		return err->code;
	if (g->walk->pass->window == OM_BY_ARRIVAL &&
	    om_sql_run(g->work.db, err, set_since, "ss", g->name, text) < 0)
		return err->code;
	return commit(g, err);
}

int
om_walk_run(void *walk, struct om_err *err)
{
	OM_AUTO(going_end) struct going g = { 0 };
	struct om_walk *w = walk;

	if (start(&g, w, err) < 0 || walk_all(&g, err) < 0 ||
	    finish(&g, err) < 0)
		return om_wrap(err, "shard %u", w->shard);
	return 0;
}
