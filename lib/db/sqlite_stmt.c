/* sqlite_stmt.c - SQLite: statements, parameters, columns. */
#include <assert.h>
#include <stdlib.h>

#include "db/sqlite.h"

struct sqlite_stmt {
	struct om_stmt base;
	sqlite3_stmt *stmt;
	sqlite3_int64 before; /* rows changed before the first step */
	/* SQLite takes $2 for a name and numbers names as they appear:
	 * index[n] is its number for our $n, 0 if there is none. */
	int index[OM_PARAM_MAX + 1];
};

static struct sqlite_stmt *
of(struct om_stmt *stmt)
{
	return (struct sqlite_stmt *)stmt;
}

static sqlite3_stmt *
raw(const struct om_stmt *stmt)
{
	return ((const struct sqlite_stmt *)stmt)->stmt;
}

static struct om_sqlite *
owner(const struct om_stmt *stmt)
{
	return om_sqlite_of(stmt->db);
}

static void
map_parameters(struct sqlite_stmt *s)
{
	int count = sqlite3_bind_parameter_count(s->stmt);

	for (int i = 1; i <= count; i++) {
		const char *name = sqlite3_bind_parameter_name(s->stmt, i);
		int n = name == NULL ? 0 : atoi(name + 1);

		assert(n >= 1 && n <= OM_PARAM_MAX);
		s->index[n] = i;
	}
}

int
om_sqlite_prepare(struct om_db *base, const char *sql, struct om_stmt **out,
    struct om_err *err)
{
	struct om_sqlite *db = om_sqlite_of(base);
	struct sqlite_stmt *s;
	sqlite3_stmt *stmt;
	int rc;

	rc = sqlite3_prepare_v3(db->conn, sql, -1, SQLITE_PREPARE_PERSISTENT,
	    &stmt, NULL);
	if (rc != SQLITE_OK)
		return om_sqlite_fail(db, rc, err);
	if (stmt == NULL)
		return om_fail(err, OM_EINTERNAL, "an empty statement");
	s = om_db_alloc(sizeof(*s));
	s->stmt = stmt;
	map_parameters(s);
	*out = &s->base;
	return 0;
}

void
om_sqlite_finalize(struct om_stmt *stmt)
{
	sqlite3_finalize(raw(stmt));
	free(stmt);
}

/* A bind can fail only where it is out of memory or is our mistake. */
void
om_sqlite_bind(struct om_stmt *stmt, int n, const struct om_value *v)
{
	sqlite3_stmt *s = raw(stmt);
	int i, rc;

	assert(n >= 1 && n <= OM_PARAM_MAX && of(stmt)->index[n] > 0);

	i = of(stmt)->index[n];
	if (v->null)
		rc = sqlite3_bind_null(s, i);
	else if (v->type == OM_INT)
		rc = sqlite3_bind_int64(s, i, v->i);
	else if (v->type == OM_TEXT)
		rc = sqlite3_bind_text64(s, i, v->s.p, v->s.n, SQLITE_STATIC,
		    SQLITE_UTF8);
	else
		rc = sqlite3_bind_blob64(s, i, v->s.p, v->s.n, SQLITE_STATIC);
	if (rc != SQLITE_OK)
		abort();
}

int
om_sqlite_step(struct om_stmt *stmt, struct om_err *err)
{
	struct om_sqlite *db = owner(stmt);
	int rc;

	if (stmt->state == OM_STMT_IDLE)
		of(stmt)->before = sqlite3_total_changes64(db->conn);
	rc = sqlite3_step(raw(stmt));
	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		return om_sqlite_fail(db, rc, err);
	/* sqlite3_changes() still tells of an earlier statement when this one
	 * was no INSERT, UPDATE or DELETE. */
	db->base.changes = 0;
	if (!sqlite3_stmt_readonly(raw(stmt)) &&
	    sqlite3_total_changes64(db->conn) != of(stmt)->before)
		db->base.changes = sqlite3_changes64(db->conn);
	return 0;
}

void
om_sqlite_reset(struct om_stmt *stmt)
{
	sqlite3_reset(raw(stmt));
	sqlite3_clear_bindings(raw(stmt));
}

int
om_sqlite_col_count(const struct om_stmt *stmt)
{
	return sqlite3_column_count(raw(stmt));
}

const char *
om_sqlite_col_name(const struct om_stmt *stmt, int i)
{
	return sqlite3_column_name(raw(stmt), i);
}

bool
om_sqlite_col_null(const struct om_stmt *stmt, int i)
{
	return sqlite3_column_type(raw(stmt), i) == SQLITE_NULL;
}

/* A column of integers holds whatever was put there: SQLite itself would cut
 * 12.5 off to 12. */
bool
om_sqlite_col_int(const struct om_stmt *stmt, int i, int64_t *out)
{
	switch (sqlite3_column_type(raw(stmt), i)) {
	case SQLITE_NULL:
	case SQLITE_INTEGER:
		*out = sqlite3_column_int64(raw(stmt), i);
		return true;
	case SQLITE_TEXT:
		return om_str_int(om_sqlite_col_text(stmt, i), out);
	default:
		return false;
	}
}

/* The length is asked for after the pointer: taking the pointer may convert. */
struct om_str
om_sqlite_col_text(const struct om_stmt *stmt, int i)
{
	const void *p = sqlite3_column_text(raw(stmt), i);

	return (struct om_str){ p, (size_t)sqlite3_column_bytes(raw(stmt), i) };
}

struct om_str
om_sqlite_col_blob(const struct om_stmt *stmt, int i)
{
	const void *p = sqlite3_column_blob(raw(stmt), i);

	/* an empty blob comes without a pointer, and so does NULL */
	if (p == NULL && !om_sqlite_col_null(stmt, i))
		p = "";
	return (struct om_str){ p, (size_t)sqlite3_column_bytes(raw(stmt), i) };
}
