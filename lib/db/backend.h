/*
 * backend.h - what an engine must do; known to lib/db alone.
 *
 * db.c keeps what both engines share (the statements of a handle, the state of
 * its transaction, failures on demand) and calls the engine through a const
 * table. An engine embeds the two structs below as the first member of its own.
 */
#ifndef OM_DB_BACKEND_H
#define OM_DB_BACKEND_H

#include <string.h>

#include "base/buf.h"
#include "db/db.h"

#define OM_PARAM_MAX 64 /* parameters of one statement */

struct om_db_ops;

struct om_db {
	const struct om_db_ops *ops;
	struct om_stmt *stmts; /* most recently asked for first */
	enum om_db_mode mode;
	bool in_txn;
	bool failed;	      /* the transaction can only be ended */
	int fail_after;	      /* calls until the injected failure; 0: none */
	struct om_err untold; /* of a call that returns none; code 0: none */
	int64_t changes;
};

enum om_stmt_state { OM_STMT_IDLE, OM_STMT_ROW, OM_STMT_DONE };

struct om_stmt {
	struct om_db *db;
	struct om_stmt *next;
	const char *sql;
	enum om_stmt_state state;
};

struct om_db_ops {
	enum om_engine engine;

	void (*close)(struct om_db *db); /* after its statements are gone */
	int (*exec)(struct om_db *db, const char *script, struct om_err *err);
	int (*begin)(struct om_db *db, bool write, struct om_err *err);
	int (*commit)(struct om_db *db, struct om_err *err);
	void (*rollback)(struct om_db *db);

	int (*prepare)(struct om_db *db, const char *sql, struct om_stmt **out,
	    struct om_err *err);
	void (*finalize)(struct om_stmt *stmt);
	void (*bind)(struct om_stmt *stmt, int n, const struct om_value *value);
	/* Sets db->changes when it returns 0. */
	int (*step)(struct om_stmt *stmt, struct om_err *err);
	void (*reset)(struct om_stmt *stmt); /* and unbind */

	int (*col_count)(const struct om_stmt *stmt);
	const char *(*col_name)(const struct om_stmt *stmt, int i);
	bool (*col_null)(const struct om_stmt *stmt, int i);
	/* NULL is 0. False: what stands there is no integer. */
	bool (*col_int)(const struct om_stmt *stmt, int i, int64_t *out);
	struct om_str (*col_text)(const struct om_stmt *stmt, int i);
	struct om_str (*col_blob)(const struct om_stmt *stmt, int i);

	int (*lend)(struct om_db *db, const struct om_lend *table,
	    struct om_err *err);
	void (*unlend)(struct om_db *db, const char *name);

	int (*append)(struct om_db *db, const struct om_lend *rows,
	    struct om_err *err);
	/* NULL: a commit is as quick as it gets. */
	int (*write_behind)(struct om_db *db, struct om_err *err);
	int (*settle)(struct om_db *db, struct om_err *err);
	/* NULL: the engine has no such tables. */
	int (*serve)(struct om_db *db, const struct om_serve *table, void *arg,
	    struct om_err *err);
	void *(*served)(const struct om_db *db, const char *name);

	int (*advisory_lock)(struct om_db *db, const char *name, bool shared,
	    struct om_err *err);
	void (*advisory_unlock)(struct om_db *db, const char *name);
	int (*plan)(struct om_db *db, const char *sql, struct om_buf *out,
	    struct om_err *err);
};

extern const struct om_db_ops om_sqlite_ops;
extern const struct om_db_ops om_postgres_ops;

/* Each opens its kind; *out has ops and mode set, the rest zeroed. */
OM_MUST_USE int om_sqlite_open(const char *path, enum om_db_mode mode,
    struct om_db **out, struct om_err *err);
OM_MUST_USE int om_postgres_open(const char *url, enum om_db_mode mode,
    struct om_db **out, struct om_err *err);

/* Zeroed memory; running out is fatal, as everywhere. */
void *om_db_alloc(size_t size);

/* The script without the lines that are for the other engine. */
void om_script_for(enum om_engine engine, const char *script,
    struct om_buf *out);

/* The highest $n of a statement, outside quotes and comments. used may be
 * NULL; else used[n - 1] is set for each $n that is there. */
int om_param_count(const char *sql, bool *used);

/* Where the cell of a row lies, if it has a place. */
static inline const char *
om_lend_at(const struct om_cell_place *c, const char *row)
{
	const char *p;

	memcpy(&p, row + c->via, sizeof(p));
	return p + c->at;
}

/* What lies there, in so many bytes of its own kind. */
static inline int64_t
om_lend_int(enum om_cell_kind kind, const char *at)
{
	int64_t i64 = 0;
	uint32_t u;
	int32_t i;
	bool b;

	switch (kind) {
	case OM_CELL_I64:
		memcpy(&i64, at, sizeof(i64));
		break;
	case OM_CELL_U32:
		memcpy(&u, at, sizeof(u));
		return u;
	case OM_CELL_I32:
		memcpy(&i, at, sizeof(i));
		return i;
	case OM_CELL_BOOL:
		memcpy(&b, at, sizeof(b));
		return b;
	case OM_CELL_STR:
	case OM_CELL_CALL:
		break;
	}
	return i64;
}

static inline struct om_str
om_lend_str(const char *at)
{
	struct om_str s;

	memcpy(&s, at, sizeof(s));
	if (s.p == NULL)
		s.p = "";
	return s;
}

static inline void
om_lend_load(const struct om_cell_place *c, const char *row,
    struct om_value *out)
{
	const char *at = om_lend_at(c, row);

	if (c->kind == OM_CELL_STR)
		out->s = om_lend_str(at);
	else
		out->i = om_lend_int(c->kind, at);
}

/* Cell (row, col) of a lent table; out->type is set already. */
static inline void
om_lend_cell(const struct om_lend *t, size_t row, int col, struct om_value *out)
{
	if (t->places == NULL || t->places[col].kind == OM_CELL_CALL)
		t->cell(t->rows, row, col, out);
	else
		om_lend_load(&t->places[col],
		    (const char *)t->rows + row * t->row_size, out);
}

/* True if both describe a table of the same columns. */
bool om_lend_same(const struct om_lend *a, const struct om_lend *b);

/* "a type, b type, ...": types are named by enum om_type. */
void om_lend_schema(const struct om_lend *table, const char *const types[3],
    struct om_buf *out);

#endif
