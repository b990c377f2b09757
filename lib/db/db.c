/* db.c - what both engines share: statements, transactions, failures. */
#include "db/db.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/backend.h"

#define SCRIPT_MAX ((size_t)16 * 1024 * 1024)
#define PLAN_MAX   ((size_t)1024 * 1024)

void *
om_db_alloc(size_t size)
{
	void *p = calloc(1, size);

	if (p == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	return p;
}

bool
om_db_url_is_remote(const char *url)
{
	return strncmp(url, "postgresql://", 13) == 0 ||
	       strncmp(url, "postgres://", 11) == 0;
}

int
om_db_open(const char *url, enum om_db_mode mode, struct om_db **out,
    struct om_err *err)
{
	if (om_db_url_is_remote(url))
		return om_postgres_open(url, mode, out, err);
	return om_sqlite_open(url, mode, out, err);
}

void
om_db_close(struct om_db **db)
{
	struct om_db *d = *db;
	struct om_stmt *stmt;

	if (d == NULL)
		return;
	*db = NULL;
	while ((stmt = d->stmts) != NULL) {
		d->stmts = stmt->next;
		d->ops->finalize(stmt);
	}
	d->ops->close(d);
}

enum om_engine
om_db_engine(const struct om_db *db)
{
	return db->ops->engine;
}

int64_t
om_db_changes(const struct om_db *db)
{
	return db->changes;
}

int
om_db_fail_after(struct om_db *db, int n)
{
	int left = db->fail_after;

	db->fail_after = n;
	return left;
}

/* A failed call dooms the transaction it was made in. */
static int
doom(struct om_db *db, int rc)
{
	if (rc < 0 && db->in_txn)
		db->failed = true;
	return rc;
}

/* May a fallible call go ahead? */
static int
enter(struct om_db *db, struct om_err *err)
{
	if (db->failed)
		return om_fail(err, OM_EINTERNAL,
		    "the transaction has failed and can only be ended");
	if (db->untold.code != 0) {
		*err = db->untold;
		return doom(db, err->code);
	}
	if (db->fail_after > 0 && --db->fail_after == 0)
		return doom(db, om_fail(err, OM_EIO, "injected"));
	return 0;
}

int
om_db_exec(struct om_db *db, const char *script, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf own = { .max = SCRIPT_MAX };

	if (enter(db, err) < 0)
		return err->code;
	om_script_for(db->ops->engine, script, &own);
	if (om_buf_over(&own))
		return doom(db,
		    om_fail(err, OM_ELIMIT, "script of more than %zu bytes",
			SCRIPT_MAX));
	return doom(db, db->ops->exec(db, om_buf_view(&own).p, err));
}

/* Transactions. */

static int
begin(struct om_db *db, bool write, struct om_txn *out, struct om_err *err)
{
	int rc;

	assert(!db->in_txn);

	if (enter(db, err) < 0)
		return err->code;
	rc = db->ops->begin(db, write, err);
	if (rc < 0)
		return rc;
	db->in_txn = true;
	out->db = db;
	return 0;
}

int
om_txn_begin(struct om_db *db, struct om_txn *out, struct om_err *err)
{
	return begin(db, true, out, err);
}

int
om_txn_begin_read(struct om_db *db, struct om_txn *out, struct om_err *err)
{
	return begin(db, false, out, err);
}

static void
reset_all(struct om_db *db)
{
	for (struct om_stmt *s = db->stmts; s != NULL; s = s->next)
		om_stmt_reset(s);
}

static void
finish(struct om_txn *txn)
{
	txn->db->in_txn = false;
	txn->db->failed = false;
	txn->db->ops->unlend(txn->db, NULL);
	txn->db = NULL;
}

int
om_txn_commit(struct om_txn *txn, struct om_err *err)
{
	struct om_db *db = txn->db;

	if (enter(db, err) < 0)
		return err->code;
	reset_all(db);
	if (doom(db, db->ops->commit(db, err)) < 0)
		return err->code;
	finish(txn);
	return 0;
}

void
om_txn_end(struct om_txn *txn)
{
	if (txn->db == NULL)
		return;
	reset_all(txn->db);
	txn->db->ops->rollback(txn->db);
	finish(txn);
}

int
om_db_write_behind(struct om_db *db, struct om_err *err)
{
	assert(!db->in_txn && db->mode != OM_DB_READ);

	if (enter(db, err) < 0)
		return err->code;
	if (db->ops->write_behind == NULL)
		return 0;
	return db->ops->write_behind(db, err);
}

int
om_db_settle(struct om_db *db, struct om_err *err)
{
	assert(!db->in_txn);

	if (enter(db, err) < 0)
		return err->code;
	return db->ops->settle == NULL ? 0 : db->ops->settle(db, err);
}

/* Statements. */

/* By content; what is found moves to the front, so that a loop's statements
 * are found at once. */
static struct om_stmt *
find(struct om_db *db, const char *sql)
{
	struct om_stmt **link = &db->stmts;
	struct om_stmt *s;

	for (; (s = *link) != NULL; link = &s->next)
		if (s->sql == sql || strcmp(s->sql, sql) == 0)
			break;
	if (s != NULL) {
		*link = s->next;
		s->next = db->stmts;
		db->stmts = s;
	}
	return s;
}

int
om_db_prepare(struct om_db *db, const char *sql, struct om_stmt **out,
    struct om_err *err)
{
	struct om_stmt *s;

	if (enter(db, err) < 0)
		return err->code;
	s = find(db, sql);
	if (s != NULL) {
		om_stmt_reset(s);
		*out = s;
		return 0;
	}
	assert(om_param_count(sql, NULL) <= OM_PARAM_MAX);
	if (doom(db, db->ops->prepare(db, sql, &s, err)) < 0)
		return om_wrap(err, "prepare '%.70s'", sql);
	s->db = db;
	s->sql = sql;
	s->next = db->stmts;
	db->stmts = s;
	*out = s;
	return 0;
}

static void
bind(struct om_stmt *stmt, int n, const struct om_value *value)
{
	assert(stmt->state == OM_STMT_IDLE);

	stmt->db->ops->bind(stmt, n, value);
}

void
om_bind_int(struct om_stmt *stmt, int n, int64_t value)
{
	bind(stmt, n, &(struct om_value){ .type = OM_INT, .i = value });
}

void
om_bind_text(struct om_stmt *stmt, int n, struct om_str value)
{
	bind(stmt, n,
	    &(struct om_value){ .type = OM_TEXT,
		.s = value,
		.null = value.p == NULL });
}

void
om_bind_blob(struct om_stmt *stmt, int n, const void *p, size_t size)
{
	bind(stmt, n,
	    &(struct om_value){ .type = OM_BLOB,
		.s = { p, size },
		.null = p == NULL });
}

void
om_bind_null(struct om_stmt *stmt, int n)
{
	bind(stmt, n, &(struct om_value){ .null = true });
}

int
om_stmt_step(struct om_stmt *stmt, struct om_err *err)
{
	struct om_db *db = stmt->db;
	int rc = enter(db, err);

	if (rc == 0 && stmt->state == OM_STMT_DONE)
		return 0;
	if (rc == 0)
		rc = doom(db, db->ops->step(stmt, err));
	if (rc < 0) {
		om_stmt_reset(stmt);
		return rc;
	}
	stmt->state = rc == 0 ? OM_STMT_DONE : OM_STMT_ROW;
	return rc;
}

void
om_stmt_reset(struct om_stmt *stmt)
{
	stmt->db->ops->reset(stmt);
	stmt->state = OM_STMT_IDLE;
}

int
om_stmt_run(struct om_stmt *stmt, struct om_err *err)
{
	int rc;

	do {
		rc = om_stmt_step(stmt, err);
	} while (rc > 0);
	om_stmt_reset(stmt);
	return rc;
}

/* Columns. */

int
om_col_count(const struct om_stmt *stmt)
{
	return stmt->db->ops->col_count(stmt);
}

const char *
om_col_name(const struct om_stmt *stmt, int i)
{
	assert(i >= 0 && i < om_col_count(stmt));

	return stmt->db->ops->col_name(stmt, i);
}

bool
om_col_null(const struct om_stmt *stmt, int i)
{
	assert(stmt->state == OM_STMT_ROW);

	return stmt->db->ops->col_null(stmt, i);
}

/* Whoever reads a row goes on until the next call that can fail. */
static void
note_damage(const struct om_stmt *stmt, int i)
{
	struct om_str text = om_col_text(stmt, i);

	if (stmt->db->untold.code == 0)
		(void)om_fail(&stmt->db->untold, OM_EDAMAGED,
		    "column '%s' holds '%.*s', which is no integer",
		    om_col_name(stmt, i), text.n > 40 ? 40 : (int)text.n,
		    text.n == 0 ? "" : text.p);
}

int64_t
om_col_int(const struct om_stmt *stmt, int i)
{
	int64_t value = 0;

	assert(stmt->state == OM_STMT_ROW);

	if (!stmt->db->ops->col_int(stmt, i, &value))
		note_damage(stmt, i);
	return value;
}

struct om_str
om_col_text(const struct om_stmt *stmt, int i)
{
	assert(stmt->state == OM_STMT_ROW);

	return stmt->db->ops->col_text(stmt, i);
}

struct om_str
om_col_blob(const struct om_stmt *stmt, int i)
{
	assert(stmt->state == OM_STMT_ROW);

	return stmt->db->ops->col_blob(stmt, i);
}

/* Lending, serving, locks, plans. */

int
om_db_lend(struct om_db *db, const struct om_lend *table, struct om_err *err)
{
	assert(db->in_txn && db->mode != OM_DB_READ);

	if (enter(db, err) < 0)
		return err->code;
	if (doom(db, db->ops->lend(db, table, err)) < 0)
		return om_wrap(err, "lend '%s'", table->name);
	return 0;
}

void
om_db_unlend(struct om_db *db, const char *name)
{
	db->ops->unlend(db, name);
}

int
om_db_append(struct om_db *db, const struct om_lend *rows, struct om_err *err)
{
	int rc;

	assert(db->in_txn && db->mode != OM_DB_READ);

	if (enter(db, err) < 0)
		return err->code;
	rc = db->ops->append(db, rows, err);
	if (doom(db, rc < 0 ? rc : 0) < 0)
		return om_wrap(err, "append to '%s'", rows->name);
	return rc;
}

int
om_db_serve(struct om_db *db, const struct om_serve *table, void *arg,
    struct om_err *err)
{
	assert(db->ops->serve != NULL);

	return db->ops->serve(db, table, arg, err);
}

void *
om_db_served(const struct om_db *db, const char *name)
{
	return db->ops->served == NULL ? NULL : db->ops->served(db, name);
}

int
om_db_advisory_lock(struct om_db *db, const char *name, bool shared,
    struct om_err *err)
{
	if (enter(db, err) < 0)
		return err->code;
	return db->ops->advisory_lock(db, name, shared, err);
}

void
om_db_advisory_unlock(struct om_db *db, const char *name)
{
	db->ops->advisory_unlock(db, name);
}

int
om_db_plan(struct om_db *db, const char *sql, struct om_arena *arena,
    const char **out, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf text = { .max = PLAN_MAX };

	if (enter(db, err) < 0 ||
	    doom(db, db->ops->plan(db, sql, &text, err)) < 0)
		return err->code;
	*out = om_strndup(arena, om_buf_view(&text).p, text.n);
	return 0;
}
