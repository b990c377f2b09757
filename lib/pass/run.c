/* run.c - threads, books and journal of a pass; see run.h. */
#include "pass/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/journal.h"
#include "base/pool.h"
#include "pass/walk.h"
#include "store/batch.h"
#include "store/sql.h"

#define FIELD_TEXT 32

static const char put_book[] =
    "INSERT INTO run_books (run, pass, outcome, orders)"
    " VALUES ($1, $2, $3, $4)";

static const char ask_rule[] =
    "SELECT CASE WHEN (%s) THEN 1 END FROM order_rows o";

struct running {
	struct om_store *store;
	const struct om_pass *pass;
	const struct om_run_options *options;
	struct om_walk *walk;
	unsigned count;
	int64_t run;
};

static void
running_end(struct running *r)
{
	free(r->walk);
}

/* Only shards that the options name. */
static int
plan(struct running *r, struct om_err *err)
{
	unsigned shards = om_store_shards(r->store);
	int only = r->options->only_shard;

	if (only >= (int)shards)
		return om_fail(err, OM_EUSAGE, "there is no shard %d", only);
	r->walk = calloc(shards, sizeof(r->walk[0]));
	if (r->walk == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	for (unsigned i = 0; i < shards; i++)
		if (only < 0 || only == (int)i)
			r->walk[r->count++] = (struct om_walk){
				.store = r->store,
				.pass = r->pass,
				.options = r->options,
				.shard = i,
				.now = om_now(om_store_clock(r->store)),
				.published = om_store_published(r->store),
			};
	return 0;
}

static int
check_rule(struct om_db *db, const struct om_rule *rule, const char *sql,
    struct om_err *err)
{
	struct om_stmt *q;

	if (om_db_prepare(db, sql, &q, err) == 0)
		return 0;
	if (err->code == OM_EINTERNAL)
		err->code = OM_EUSAGE;
	return om_wrap(err, "rule '%s'", rule->name);
}

static void
texts_end(struct om_arena *texts)
{
	om_arena_clear(texts);
}

/* Nothing is begun with a rule that cannot be asked. */
static int
check_rules(const struct running *r, struct om_err *err)
{
	const struct om_run_options *o = r->options;
	OM_AUTO(texts_end) struct om_arena texts = { 0 };
	OM_AUTO(om_db_close) struct om_db *db = NULL;

	if (o->rule_count > 0 &&
	    om_store_open_shard(r->store, 0, OM_DB_READ, &db, err) < 0)
		return err->code;
	for (size_t i = 0; i < o->rule_count; i++) {
		size_t room = sizeof(ask_rule) + strlen(o->rules[i].condition);
		char *sql = om_alloc(&texts, room);

		snprintf(sql, room, ask_rule, o->rules[i].condition);
		if (check_rule(db, &o->rules[i], sql, err) < 0)
			return err->code;
	}
	return 0;
}

static int
begin_run(struct running *r, struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	char command[64];

	snprintf(command, sizeof(command), "run %s", r->pass->name);
	if (r->options->dry_run)
		return 0;
	if (om_txn_begin(om_store_catalog(r->store), &txn, err) < 0 ||
	    om_run_begin(r->store, command, &r->run, err) < 0)
		return err->code;
	return om_txn_commit(&txn, err);
}

static int
walk_all(struct running *r, struct om_err *err)
{
	struct om_pool *pool = NULL;
	void *args[OM_SHARDS_MAX];
	struct om_err first = { 0 };
	int rc;

	for (unsigned i = 0; i < r->count; i++) {
		r->walk[i].run = r->run;
		args[i] = &r->walk[i];
	}
	rc = om_pool_start(om_walk_run, args, r->count, &pool, err);
	if (om_pool_wait(&pool, &first) < 0 && rc == 0) {
		*err = first;
		rc = err->code;
	}
	return rc;
}

static int
put_books(struct running *r, const struct om_tally *tally, struct om_err *err)
{
	struct om_db *db = om_store_catalog(r->store);

	for (size_t i = 0; i < tally->count; i++)
		if (om_sql_run(db, err, put_book, "issi", r->run, r->pass->name,
			tally->line[i].name, tally->line[i].n) < 0)
			return err->code;
	return 0;
}

static int
write_journal(struct running *r, const struct om_tally *tally,
    struct om_err *err)
{
	struct om_journal_field field[OM_TALLY_LINES + 3];
	char text[OM_TALLY_LINES + 1][FIELD_TEXT];
	struct om_head heads[OM_SHARDS_MAX];
	size_t head_count = 0;
	size_t n = 0;

	snprintf(text[0], FIELD_TEXT, "%lld", (long long)r->run);
	field[n++] = (struct om_journal_field){ "command", "run" };
	field[n++] = (struct om_journal_field){ "run", text[0] };
	field[n++] = (struct om_journal_field){ "pass", r->pass->name };
	for (size_t i = 0; i < tally->count; i++) {
		snprintf(text[i + 1], FIELD_TEXT, "%lld",
		    (long long)tally->line[i].n);
		field[n++] = (struct om_journal_field){ tally->line[i].name,
			text[i + 1] };
	}
	if (om_journal_heads(r->store, heads, &head_count, err) < 0)
		return err->code;
	return om_journal_append(r->store, field, n, heads, head_count, err);
}

/* Books and evidence, also of a run that some shard cut short. */
static int
end_run(struct running *r, const struct om_tally *tally, int rc,
    struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };

	if (r->options->dry_run)
		return 0;
	if (om_txn_begin(om_store_catalog(r->store), &txn, err) < 0 ||
	    put_books(r, tally, err) < 0 ||
	    om_run_end(r->store, r->run, rc < 0, err) < 0 ||
	    write_journal(r, tally, err) < 0)
		return err->code;
	return om_txn_commit(&txn, err);
}

static bool
any_late(const struct running *r)
{
	for (unsigned i = 0; i < r->count; i++)
		if (r->walk[i].late)
			return true;
	return false;
}

static void
gather(const struct running *r, struct om_run_result *out)
{
	for (unsigned i = 0; i < r->count; i++) {
		const struct om_tally *t = &r->walk[i].tally;

		out->resumed = out->resumed || r->walk[i].resumed;
		for (size_t k = 0; k < t->count; k++)
			om_tally_add(&out->tally, t->line[k].name,
			    t->line[k].n);
	}
}

int
om_pass_run(struct om_store *store, const struct om_pass *pass,
    const struct om_run_options *options, struct om_run_result *out,
    struct om_err *err)
{
	OM_AUTO(running_end)
	struct running r = { .store = store, .pass = pass, .options = options };
	int64_t started = om_monotonic_ns();
	struct om_err late = { 0 };
	int rc;

	*out = (struct om_run_result){ 0 };
	om_tally_add(&out->tally, "in", 0);
	if (plan(&r, err) < 0 || check_rules(&r, err) < 0 ||
	    begin_run(&r, err) < 0)
		return err->code;
	out->run = r.run;
	rc = walk_all(&r, err);
	gather(&r, out);
	if (end_run(&r, &out->tally, rc, &late) < 0 && rc == 0) {
		*err = late;
		rc = late.code;
	}
	out->ns = om_monotonic_ns() - started;
	if (rc < 0)
		return rc;
	if (any_late(&r))
		return om_fail(err, OM_EDEADLINE,
		    "stopped at a checkpoint;"
		    " run the same command again to go on");
	return om_tally_close(&out->tally, err);
}
