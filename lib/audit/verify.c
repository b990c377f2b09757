/* verify.c - the journal, then all shards at once; see verify.h. */
#include "audit/verify.h"

#include <stdlib.h>
#include <string.h>

#include "audit/check.h"
#include "base/pool.h"
#include "store/sql.h"

#define SNAPSHOT_TRIES 10
#define WORKERS	       4 /* shards at a time: each has its window */

static const char journal_end[] = "SELECT coalesce(max(leaf), -1) FROM journal";

/* Everything that is open during one call. */
struct job {
	struct om_store *store;
	unsigned shards;
	struct om_check check[OM_SHARDS_MAX];
	struct om_txn txn[OM_SHARDS_MAX];
	struct om_txn catalog;
	struct om_flaws flaws; /* of the journal */
	struct om_history history[OM_SHARDS_MAX];
	struct om_verifier *verifier; /* the store's own */
};

static void
close_shards(struct job *job)
{
	for (unsigned i = 0; i < job->shards; i++) {
		om_log_close(&job->check[i].log);
		om_txn_end(&job->txn[i]);
		om_db_close(&job->check[i].db);
		om_flaws_fini(&job->check[i].flaws);
	}
}

static void
job_end(struct job **job)
{
	if (*job == NULL)
		return;
	close_shards(*job);
	om_txn_end(&(*job)->catalog);
	for (unsigned i = 0; i < (*job)->shards; i++)
		free((*job)->history[i].head);
	om_flaws_fini(&(*job)->flaws);
	om_verifier_free(&(*job)->verifier);
	free(*job);
	*job = NULL;
}

/* A shard that cannot be opened for damage is a flaw, and left out. */
static int
open_shard(struct job *job, unsigned i, struct om_err *err)
{
	struct om_check *c = &job->check[i];

	*c = (struct om_check){ .store = job->store, .shard = i };
	om_random(c->seed, sizeof(c->seed));
	om_flaws_init(&c->flaws, (int64_t)i);
	if (om_store_open_shard(job->store, i, OM_DB_READ, &c->db, err) < 0 ||
	    om_txn_begin_read(c->db, &job->txn[i], err) < 0 ||
	    om_log_open(c->db, &c->log, err) < 0) {
		if (om_flaw_or_fail(&c->flaws, err) < 0)
			return om_wrap(err, "shard %u", i);
	}
	return 0;
}

/* One picture of catalog and shards: if the journal did not grow between a
 * look before and one after the shards' snapshots, all of them agree with it. */
static int
snapshot(struct job *job, struct om_err *err)
{
	struct om_db *db = om_store_catalog(job->store);
	int64_t before = 0;
	int64_t after = 0;

	for (int i = 0; i < SNAPSHOT_TRIES; i++) {
		om_txn_end(&job->catalog);
		close_shards(job);
		if (om_sql_int(db, &before, err, journal_end, "") < 0)
			return err->code;
		for (unsigned s = 0; s < job->shards; s++)
			if (open_shard(job, s, err) < 0)
				return err->code;
		if (om_txn_begin_read(db, &job->catalog, err) < 0 ||
		    om_sql_int(db, &after, err, journal_end, "") < 0)
			return err->code;
		if (before == after)
			return 0;
	}
	return om_fail(err, OM_EBUSY,
	    "the store changed each of %d times that it was looked at",
	    SNAPSHOT_TRIES);
}

static int
check_shards(struct job *job, struct om_err *err)
{
	void *args[OM_SHARDS_MAX];

	for (unsigned i = 0; i < job->shards; i++) {
		job->check[i].history = job->history[i];
		args[i] = &job->check[i];
	}
	for (unsigned i = 0; i < job->shards; i += WORKERS) {
		unsigned left = job->shards - i;
		struct om_pool *pool;

		if (om_pool_start(om_check_shard, args + i,
			left < WORKERS ? left : WORKERS, &pool, err) < 0 ||
		    om_pool_wait(&pool, err) < 0)
			return err->code;
	}
	return 0;
}

/* Copies, in the caller's arena, at the end of the list. */
static struct om_flaw **
keep(const struct om_flaws *flaws, struct om_arena *arena, struct om_flaw **end,
    struct om_verified *out)
{
	out->flaw_count += flaws->count;
	for (const struct om_flaw *f = flaws->first; f != NULL; f = f->next) {
		struct om_flaw *copy = om_new(arena, struct om_flaw);

		copy->shard = f->shard;
		copy->what = om_strndup(arena, f->what, strlen(f->what));
		if (f->order != NULL)
			copy->order =
			    om_strndup(arena, f->order, strlen(f->order));
		*end = copy;
		end = &copy->next;
	}
	return end;
}

static void
report(const struct job *job, struct om_arena *arena, struct om_verified *out)
{
	struct om_flaw **end = &out->flaws;

	end = keep(&job->flaws, arena, end, out);
	for (unsigned i = 0; i < job->shards; i++) {
		const struct om_check *c = &job->check[i];

		out->leaves += c->size;
		out->pending += c->pending;
		end = keep(&c->flaws, arena, end, out);
	}
}

/* The key to look for: the caller's, else the store's own, else none. */
static int
choose_key(struct job *job, struct om_verify_plan *plan, struct om_err *err)
{
	char vkey[OM_META_MAX];

	if (plan->verifier != NULL)
		return 0;
	if (om_store_meta(job->store, "vkey", vkey, err) < 0)
		return err->code;
	if (vkey[0] == '\0')
		return 0;
	if (om_verifier_parse(om_str_of(vkey), &job->verifier, err) < 0) {
		(void)om_wrap(err, "the store's verifier key");
		err->code = OM_EDAMAGED;
		return om_flaw_or_fail(&job->flaws, err);
	}
	plan->verifier = job->verifier;
	return 0;
}

int
om_verify(struct om_store *store, const struct om_verify_plan *plan,
    struct om_arena *arena, struct om_verified *out, struct om_err *err)
{
	OM_AUTO(job_end) struct job *job = calloc(1, sizeof(*job));
	struct om_verify_plan with_key = *plan;
	struct om_verified result = { 0 };

	if (job == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	job->store = store;
	job->shards = om_store_shards(store);
	om_flaws_init(&job->flaws, -1);
	if (choose_key(job, &with_key, err) < 0 || snapshot(job, err) < 0)
		return err->code;
	result.signed_by_key = with_key.verifier != NULL;
	if (om_check_journal(store, &with_key, &job->flaws, job->history,
		&result, err) < 0 ||
	    check_shards(job, err) < 0)
		return err->code;
	report(job, arena, &result);
	*out = result;
	return 0;
}
