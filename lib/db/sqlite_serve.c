/*
 * sqlite_serve.c - SQLite: a table whose rows somebody else finds.
 *
 * An eponymous virtual table over the functions of struct om_serve. What goes
 * wrong in them is the message of the statement that asked.
 */
#include <stdlib.h>
#include <string.h>

#include "db/sqlite.h"

#define SCHEMA_MAX ((size_t)64 * 1024)

struct om_sqlite_served {
	struct om_sqlite_served *next;
	const struct om_serve *table;
	void *arg;
};

struct served_table {
	sqlite3_vtab base;
	const struct om_sqlite_served *served;
};

struct served_cursor {
	sqlite3_vtab_cursor base;
	const struct om_serve *table;
	void *cursor;
	sqlite3_int64 row;
	bool at_end;
};

enum { SCAN, SEARCH };

static int
served_connect(sqlite3 *conn, void *aux, int argc, const char *const *argv,
    sqlite3_vtab **out, char **message)
{
	static const char *const types[] = { "INTEGER", "TEXT", "BLOB" };
	OM_AUTO(om_buf_fini) struct om_buf sql = { .max = SCHEMA_MAX };
	const struct om_sqlite_served *served = aux;
	const struct om_lend columns = {
		.columns = served->table->columns,
		.column_count = served->table->column_count,
	};
	struct served_table *table;
	int rc;

	(void)argc;
	(void)argv;
	(void)message;
	om_buf_text(&sql, "CREATE TABLE x(");
	om_lend_schema(&columns, types, &sql);
	om_buf_char(&sql, ')');
	rc = sqlite3_declare_vtab(conn, om_buf_view(&sql).p);
	if (rc != SQLITE_OK)
		return rc;
	table = om_db_alloc(sizeof(*table));
	table->served = served;
	*out = &table->base;
	return SQLITE_OK;
}

static int
served_disconnect(sqlite3_vtab *table)
{
	free(table);
	return SQLITE_OK;
}

/* A search must look cheap and a scan dear, so that whatever it is joined with
 * goes into the outer loop. A plan says "INDEX 0:all" of a scan. */
static int
served_best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
	const struct om_serve *t = ((struct served_table *)base)->served->table;

	info->idxNum = SCAN;
	info->estimatedCost = 1e12;
	info->estimatedRows = 100000000;
	for (int i = 0; i < info->nConstraint; i++) {
		if (!info->aConstraint[i].usable ||
		    info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ ||
		    info->aConstraint[i].iColumn != t->searched_by - 1)
			continue;
		info->aConstraintUsage[i].argvIndex = 1;
		info->idxNum = SEARCH;
		info->estimatedCost = 20;
		info->estimatedRows = 1;
		return SQLITE_OK;
	}
	info->idxStr = sqlite3_mprintf("all");
	info->needToFreeIdxStr = 1;
	return info->idxStr == NULL ? SQLITE_NOMEM : SQLITE_OK;
}

static int
served_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
	struct served_cursor *c = om_db_alloc(sizeof(*c));

	c->table = ((struct served_table *)table)->served->table;
	*out = &c->base;
	return SQLITE_OK;
}

static void
drop_cursor(struct served_cursor *c)
{
	if (c->cursor != NULL)
		c->table->close(c->cursor);
	c->cursor = NULL;
}

static int
served_close(sqlite3_vtab_cursor *cursor)
{
	drop_cursor((struct served_cursor *)cursor);
	free(cursor);
	return SQLITE_OK;
}

/* The result that om_sqlite_fail() takes for this code. */
static int
result_of(enum om_code code)
{
	if (code == OM_EBUSY)
		return SQLITE_BUSY;
	if (code == OM_EDAMAGED)
		return SQLITE_CORRUPT;
	if (code == OM_EOUTPUT)
		return SQLITE_FULL;
	if (code == OM_EIO)
		return SQLITE_IOERR;
	return SQLITE_ERROR;
}

static int
fail(struct served_cursor *c, const struct om_err *err)
{
	sqlite3_free(c->base.pVtab->zErrMsg);
	c->base.pVtab->zErrMsg = sqlite3_mprintf("%s", err->msg);
	return result_of(err->code);
}

static int
served_next(sqlite3_vtab_cursor *cursor)
{
	struct served_cursor *c = (struct served_cursor *)cursor;
	struct om_err err = { 0 };
	int rc = c->table->next(c->cursor, &err);

	if (rc < 0)
		return fail(c, &err);
	c->row++;
	c->at_end = rc == 0;
	return SQLITE_OK;
}

/* SQLite checks the constraint again by itself: for whatever is not an integer,
 * such as 5.0, a scan is right. Nothing is equal to null. */
static int
served_filter(sqlite3_vtab_cursor *cursor, int how, const char *text, int argc,
    sqlite3_value **argv)
{
	struct served_cursor *c = (struct served_cursor *)cursor;
	void *arg = ((struct served_table *)cursor->pVtab)->served->arg;
	struct om_err err = { 0 };
	int64_t key = 0;

	(void)text;
	(void)argc;
	drop_cursor(c);
	c->row = 0;
	c->at_end = how == SEARCH && sqlite3_value_type(argv[0]) == SQLITE_NULL;
	if (c->at_end)
		return SQLITE_OK;
	if (how == SEARCH &&
	    sqlite3_value_numeric_type(argv[0]) != SQLITE_INTEGER)
		how = SCAN;
	if (how == SEARCH)
		key = sqlite3_value_int64(argv[0]);
	if (c->table->open(arg, how == SEARCH ? &key : NULL, &c->cursor, &err) <
	    0)
		return fail(c, &err);
	return served_next(cursor);
}

static int
served_eof(sqlite3_vtab_cursor *cursor)
{
	return ((const struct served_cursor *)cursor)->at_end;
}

static int
served_column(sqlite3_vtab_cursor *cursor, sqlite3_context *ctx, int col)
{
	const struct served_cursor *c = (struct served_cursor *)cursor;
	struct om_value v = { .type = c->table->columns[col].type };

	c->table->cell(c->cursor, col, &v);
	if (v.null)
		return SQLITE_OK; /* a result is NULL unless one is set */
	if (v.type == OM_INT)
		sqlite3_result_int64(ctx, v.i);
	else if (v.s.p != NULL && v.type == OM_TEXT)
		sqlite3_result_text64(ctx, v.s.p, v.s.n, SQLITE_TRANSIENT,
		    SQLITE_UTF8);
	else if (v.s.p != NULL)
		sqlite3_result_blob64(ctx, v.s.p, v.s.n, SQLITE_TRANSIENT);
	return SQLITE_OK;
}

static int
served_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out)
{
	*out = ((struct served_cursor *)cursor)->row;
	return SQLITE_OK;
}

/* No xCreate: the table exists by the module's name and needs no CREATE. */
static const sqlite3_module served_module = {
	.xConnect = served_connect,
	.xBestIndex = served_best_index,
	.xDisconnect = served_disconnect,
	.xOpen = served_open,
	.xClose = served_close,
	.xFilter = served_filter,
	.xNext = served_next,
	.xEof = served_eof,
	.xColumn = served_column,
	.xRowid = served_rowid,
};

int
om_sqlite_serve(struct om_db *base, const struct om_serve *table, void *arg,
    struct om_err *err)
{
	struct om_sqlite *db = om_sqlite_of(base);
	struct om_sqlite_served *served = om_db_alloc(sizeof(*served));
	int rc;

	*served = (struct om_sqlite_served){ db->served, table, arg };
	rc = sqlite3_create_module_v2(db->conn, table->name, &served_module,
	    served, NULL);
	if (rc != SQLITE_OK) {
		free(served);
		return om_sqlite_fail(db, rc, err);
	}
	db->served = served;
	return 0;
}

void *
om_sqlite_served(const struct om_db *base, const char *name)
{
	const struct om_sqlite_served *s =
	    ((const struct om_sqlite *)base)->served;

	while (s != NULL && strcmp(s->table->name, name) != 0)
		s = s->next;
	return s == NULL ? NULL : s->arg;
}

void
om_sqlite_served_free(struct om_sqlite *db)
{
	struct om_sqlite_served *s;

	while ((s = db->served) != NULL) {
		db->served = s->next;
		s->table->free(s->arg);
		free(s);
	}
}
