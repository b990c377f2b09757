/* bury.c - the books of runs that were killed; see bury.h. */
#include "ingest/bury.h"

#include <stdio.h>
#include <string.h>

#include "store/ledger.h"
#include "store/sql.h"

#define RUN_WORD "run "
#define PASS_MAX 64

static const char find_running[] =
    "SELECT run, command FROM runs WHERE state = 'running' ORDER BY run"
    " LIMIT 1 /*scan*/";
static const char put_book[] =
    "INSERT INTO run_books (run, pass, outcome, orders)"
    " VALUES ($1, $2, $3, $4) ON CONFLICT (run, pass, outcome)"
    " DO UPDATE SET orders = run_books.orders + excluded.orders";
static const char drop_books[] = "DELETE FROM run_books WHERE run = $1";
static const char end_run[] =
    "UPDATE runs SET state = 'died', finished_at = $2 WHERE run = $1";

struct grave {
	struct om_store *store;
	int64_t run;
	char pass[PASS_MAX]; /* empty: not the run of a pass */
};

static int
find_one(struct grave *g, bool *out_there, struct om_err *err)
{
	struct om_stmt *q;
	struct om_str command;
	int rc;

	if (om_sql(om_store_catalog(g->store), &q, err, find_running, "") < 0 ||
	    (rc = om_stmt_step(q, err)) < 0)
		return err->code;
	*out_there = rc == 1;
	if (rc == 1) {
		g->run = om_col_int(q, 0);
		command = om_col_text(q, 1);
		g->pass[0] = '\0';
		if (om_str_glob(RUN_WORD "*", command))
			snprintf(g->pass, sizeof(g->pass), "%.*s",
			    (int)(command.n - strlen(RUN_WORD)),
			    command.p + strlen(RUN_WORD));
	}
	om_stmt_reset(q);
	return 0;
}

static int
take_line(const char *outcome, int64_t items, void *arg, struct om_err *err)
{
	const struct grave *g = arg;

	return om_sql_run(om_store_catalog(g->store), err, put_book, "issi",
	    g->run, g->pass, outcome, items);
}

static int
take_shard(struct grave *g, unsigned shard, struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;

	if (om_store_open_shard(g->store, shard, OM_DB_READ, &db, err) < 0)
		return err->code == OM_EREMOTE ? 0 : err->code;
	return om_run_tally_each(db, g->run, take_line, g, err);
}

static int
bury(struct grave *g, struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_db *db = om_store_catalog(g->store);

	if (om_txn_begin(db, &txn, err) < 0 ||
	    om_sql_run(db, err, drop_books, "i", g->run) < 0)
		return err->code;
	for (unsigned i = 0;
	     g->pass[0] != '\0' && i < om_store_shards(g->store); i++)
		if (take_shard(g, i, err) < 0)
			return err->code;
	if (om_sql_run(db, err, end_run, "ii", g->run,
		om_now(om_store_clock(g->store))) < 0)
		return err->code;
	return om_txn_commit(&txn, err);
}

int
om_bury_runs(struct om_store *store, struct om_err *err)
{
	struct grave g = { .store = store };
	bool there;

	for (;;) {
		if (find_one(&g, &there, err) < 0)
			return err->code;
		if (!there)
			return 0;
		if (bury(&g, err) < 0)
			return om_wrap(err, "run %lld", (long long)g.run);
	}
}
