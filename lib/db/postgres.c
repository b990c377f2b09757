/* postgres.c - PostgreSQL: scripts, transactions, locks, plans. */
#include "db/postgres.h"

#include <string.h>

#include "base/hash.h"

#define SQL_MAX ((size_t)64 * 1024)

struct om_postgres *
om_postgres_of(struct om_db *db)
{
	return (struct om_postgres *)db;
}

void
om_postgres_clear(PGresult **res)
{
	PQclear(*res);
	*res = NULL;
}

int
om_postgres_run(struct om_postgres *db, const char *sql, PGresult **out,
    struct om_err *err)
{
	OM_AUTO(om_postgres_clear) PGresult *res = NULL;
	ExecStatusType status;

	if (om_postgres_settle(db, err) < 0)
		return err->code;
	res = PQexec(db->conn, sql);
	status = PQresultStatus(res);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
	    status != PGRES_EMPTY_QUERY)
		return om_postgres_fail(db, res, err);
	if (out != NULL) {
		*out = res;
		res = NULL;
	}
	return 0;
}

static int
postgres_exec(struct om_db *db, const char *script, struct om_err *err)
{
	return om_postgres_run(om_postgres_of(db), script, NULL, err);
}

static int
postgres_begin(struct om_db *db, bool write, struct om_err *err)
{
	return om_postgres_run(om_postgres_of(db),
	    write ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ", NULL,
	    err);
}

/* The COMMIT of a transaction that has failed answers "ROLLBACK", and that is
 * no error to the server. */
static int
postgres_commit(struct om_db *db, struct om_err *err)
{
	OM_AUTO(om_postgres_clear) PGresult *res = NULL;

	if (om_postgres_run(om_postgres_of(db), "COMMIT", &res, err) < 0)
		return err->code;
	if (strcmp(PQcmdStatus(res), "COMMIT") != 0)
		return om_fail(err, OM_EINTERNAL, "the server rolled back");
	return 0;
}

static void
postgres_rollback(struct om_db *db)
{
	struct om_err ignored; /* a dead server has rolled back as well */
	int rc =
	    om_postgres_run(om_postgres_of(db), "ROLLBACK", NULL, &ignored);

	(void)rc;
}

/* Locks are one number in a database that may hold several stores. */
static int64_t
lock_key(const struct om_postgres *db, const char *name)
{
	uint64_t hash = om_hash64(om_str_of(db->schema), om_str_of(name));
	int64_t key;

	memcpy(&key, &hash, sizeof(key));
	return key;
}

static int
lock_call(struct om_postgres *db, const char *function, const char *name,
    bool *out, struct om_err *err)
{
	OM_AUTO(om_postgres_clear) PGresult *res = NULL;
	OM_AUTO(om_buf_fini) struct om_buf sql = { .max = SQL_MAX };

	om_buf_printf(&sql, "SELECT pg_catalog.%s((%lld)::bigint)", function,
	    (long long)lock_key(db, name));
	if (om_postgres_run(db, om_buf_view(&sql).p, &res, err) < 0)
		return err->code;
	*out = strcmp(PQgetvalue(res, 0, 0), "t") == 0;
	return 0;
}

static int
postgres_lock(struct om_db *db, const char *name, bool shared,
    struct om_err *err)
{
	bool got;

	if (lock_call(om_postgres_of(db),
		shared ? "pg_try_advisory_lock_shared" : "pg_try_advisory_lock",
		name, &got, err) < 0)
		return err->code;
	if (!got)
		return om_fail(err, OM_EBUSY, "'%s' is locked by another",
		    name);
	return 0;
}

static void
postgres_unlock(struct om_db *base, const char *name)
{
	struct om_postgres *db = om_postgres_of(base);
	struct om_err ignored;
	bool held;

	if (lock_call(db, "pg_advisory_unlock", name, &held, &ignored) == 0 &&
	    !held &&
	    lock_call(db, "pg_advisory_unlock_shared", name, &held, &ignored) <
		0)
		return; /* a lost session holds nothing */
}

static int
explain(struct om_postgres *db, const char *sql, struct om_buf *out,
    struct om_err *err)
{
	OM_AUTO(om_postgres_clear) PGresult *res = NULL;
	OM_AUTO(om_buf_fini) struct om_buf text = { .max = SQL_MAX };
	int params = om_param_count(sql, NULL);

	om_buf_text(&text, "EXPLAIN (COSTS OFF) EXECUTE om_plan");
	for (int i = 0; i < params; i++)
		om_buf_text(&text, i == 0 ? "(NULL" : ", NULL");
	om_buf_text(&text, params > 0 ? ")" : "");
	if (om_postgres_run(db, om_buf_view(&text).p, &res, err) < 0)
		return err->code;
	for (int i = 0; i < PQntuples(res); i++)
		om_buf_printf(out, "%s\n", PQgetvalue(res, i, 0));
	return 0;
}

/* Only a statement prepared under a generic plan can be explained without
 * values for its parameters. */
static int
postgres_plan(struct om_db *base, const char *sql, struct om_buf *out,
    struct om_err *err)
{
	struct om_postgres *db = om_postgres_of(base);
	OM_AUTO(om_postgres_clear) PGresult *res = NULL;
	struct om_err ignored;
	int rc;

	if (om_postgres_run(db,
		"SET plan_cache_mode = force_generic_plan;"
		"SET enable_seqscan = off",
		NULL, err) < 0)
		return err->code;
	res = PQprepare(db->conn, "om_plan", sql, 0, NULL);
	rc = PQresultStatus(res) == PGRES_COMMAND_OK
		 ? explain(db, sql, out, err)
		 : om_postgres_fail(db, res, err);
	if (om_postgres_run(db,
		"RESET plan_cache_mode; RESET enable_seqscan;"
		"DEALLOCATE om_plan",
		NULL, &ignored) < 0 &&
	    rc == 0)
		return om_fail(err, ignored.code, "%s", ignored.msg);
	return rc;
}

const struct om_db_ops om_postgres_ops = {
	.engine = OM_POSTGRES,
	.close = om_postgres_close,
	.exec = postgres_exec,
	.begin = postgres_begin,
	.commit = postgres_commit,
	.rollback = postgres_rollback,
	.prepare = om_postgres_prepare,
	.finalize = om_postgres_finalize,
	.bind = om_postgres_bind,
	.step = om_postgres_step,
	.reset = om_postgres_reset,
	.col_count = om_postgres_col_count,
	.col_name = om_postgres_col_name,
	.col_null = om_postgres_col_null,
	.col_int = om_postgres_col_int,
	.col_text = om_postgres_col_text,
	.col_blob = om_postgres_col_blob,
	.lend = om_postgres_lend,
	.unlend = om_postgres_unlend,
	.append = om_postgres_append,
	.advisory_lock = postgres_lock,
	.advisory_unlock = postgres_unlock,
	.plan = postgres_plan,
};
