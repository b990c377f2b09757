/*
 * sqlite_lend.c - SQLite: lent rows as an eponymous virtual table.
 *
 * One module per lent name, registered at its first loan and kept; the table
 * object points at the loan, so that lending again swaps rows under statements
 * that stay prepared. See "The Virtual Table Mechanism Of SQLite".
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/sqlite.h"

#define SCHEMA_MAX ((size_t)64 * 1024)

/* What the planner is told when nothing, or little, is lent yet: statements
 * are planned once and see all later loans. */
#define ROWS_MIN 1000

struct om_sqlite_loan {
	struct om_sqlite_loan *next;
	struct om_lend lent; /* row_count 0 while nothing is lent */
	char name[];
};

struct lent_table {
	sqlite3_vtab base;
	struct om_sqlite_loan *loan;
};

struct lent_cursor {
	sqlite3_vtab_cursor base;
	const struct om_lend *lent;
	size_t row;
	size_t end;
};

enum { SCAN, SEARCH };

static int64_t
sort_key(const struct om_lend *lent, size_t row)
{
	struct om_value v = { .type = OM_INT };

	om_lend_cell(lent, row, lent->sorted_by - 1, &v);
	return v.i;
}

/* The first row whose key is above, or not below, the given one. */
static size_t
bisect(const struct om_lend *lent, int64_t key, bool above)
{
	size_t low = 0;
	size_t high = lent->row_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int64_t k = sort_key(lent, mid);

		if (k < key || (above && k == key))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static int
lent_connect(sqlite3 *conn, void *aux, int argc, const char *const *argv,
    sqlite3_vtab **out, char **message)
{
	static const char *const types[] = { "INTEGER", "TEXT", "BLOB" };
	OM_AUTO(om_buf_fini) struct om_buf sql = { .max = SCHEMA_MAX };
	struct om_sqlite_loan *loan = aux;
	struct lent_table *table;
	int rc;

	(void)argc;
	(void)argv;
	(void)message;
	om_buf_text(&sql, "CREATE TABLE x(");
	om_lend_schema(&loan->lent, types, &sql);
	om_buf_char(&sql, ')');
	rc = sqlite3_declare_vtab(conn, om_buf_view(&sql).p);
	if (rc != SQLITE_OK)
		return rc;
	table = om_db_alloc(sizeof(*table));
	table->loan = loan;
	*out = &table->base;
	return SQLITE_OK;
}

static int
lent_disconnect(sqlite3_vtab *table)
{
	free(table);
	return SQLITE_OK;
}

/* Which usable constraint says "sort column = value", or -1. */
static int
search_term(const struct om_lend *lent, const sqlite3_index_info *info)
{
	for (int i = 0; i < info->nConstraint; i++)
		if (info->aConstraint[i].usable &&
		    info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ &&
		    info->aConstraint[i].iColumn == lent->sorted_by - 1)
			return i;
	return -1;
}

/* A scan inside another loop must look dear and the number of rows moderate:
 * then the lent table goes into the outer loop. */
static int
lent_best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
	const struct om_lend *lent = &((struct lent_table *)base)->loan->lent;
	size_t rows = lent->row_count < ROWS_MIN ? ROWS_MIN : lent->row_count;
	int term = -1;

	if (lent->sorted_by > 0) {
		term = search_term(lent, info);
		info->orderByConsumed =
		    info->nOrderBy == 1 && !info->aOrderBy[0].desc &&
		    info->aOrderBy[0].iColumn == lent->sorted_by - 1;
	}
	if (term >= 0) {
		info->aConstraintUsage[term].argvIndex = 1;
		info->idxNum = SEARCH;
		info->estimatedCost = 20;
		info->estimatedRows = 4;
		return SQLITE_OK;
	}
	info->idxNum = SCAN;
	info->estimatedCost = 1e6 + (double)rows;
	info->estimatedRows = (sqlite3_int64)rows;
	return SQLITE_OK;
}

static int
lent_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
	struct lent_cursor *c = om_db_alloc(sizeof(*c));

	c->lent = &((struct lent_table *)table)->loan->lent;
	*out = &c->base;
	return SQLITE_OK;
}

static int
lent_close(sqlite3_vtab_cursor *cursor)
{
	free(cursor);
	return SQLITE_OK;
}

/* SQLite checks the constraint again by itself: whatever is not an integer may
 * safely scan. */
static int
lent_filter(sqlite3_vtab_cursor *cursor, int how, const char *text, int argc,
    sqlite3_value **argv)
{
	struct lent_cursor *c = (struct lent_cursor *)cursor;

	(void)text;
	(void)argc;
	c->row = 0;
	c->end = c->lent->row_count;
	if (how == SEARCH && sqlite3_value_type(argv[0]) == SQLITE_INTEGER) {
		int64_t key = sqlite3_value_int64(argv[0]);

		c->row = bisect(c->lent, key, false);
		c->end = bisect(c->lent, key, true);
	}
	return SQLITE_OK;
}

static int
lent_next(sqlite3_vtab_cursor *cursor)
{
	((struct lent_cursor *)cursor)->row++;
	return SQLITE_OK;
}

static int
lent_eof(sqlite3_vtab_cursor *cursor)
{
	const struct lent_cursor *c = (struct lent_cursor *)cursor;

	return c->row >= c->end;
}

static void
give_text(sqlite3_context *ctx, enum om_type type, struct om_str s)
{
	if (type == OM_TEXT)
		sqlite3_result_text64(ctx, s.p, s.n, SQLITE_STATIC,
		    SQLITE_UTF8);
	else
		sqlite3_result_blob64(ctx, s.p, s.n, SQLITE_STATIC);
}

/* Once for every cell of every order: straight from its place. */
static void
give_placed(sqlite3_context *ctx, const struct om_lend *t, size_t row, int col)
{
	const char *at = (const char *)t->rows + row * t->row_size;
	struct om_value v = { .type = t->columns[col].type };

	om_lend_load(&t->places[col], at, &v);
	if (v.type == OM_INT)
		sqlite3_result_int64(ctx, v.i);
	else
		give_text(ctx, v.type, v.s);
}

/* The bytes outlive the statement: lent means that nobody copies. */
static int
lent_column(sqlite3_vtab_cursor *cursor, sqlite3_context *ctx, int col)
{
	const struct lent_cursor *c = (struct lent_cursor *)cursor;
	const struct om_lend *t = c->lent;
	struct om_value v;

	if (t->places != NULL && t->places[col].kind != OM_CELL_CALL) {
		give_placed(ctx, t, c->row, col);
		return SQLITE_OK;
	}
	v = (struct om_value){ .type = t->columns[col].type };
	t->cell(t->rows, c->row, col, &v);
	if (v.null)
		return SQLITE_OK; /* a result is NULL unless one is set */
	if (v.type == OM_INT)
		sqlite3_result_int64(ctx, v.i);
	else if (v.s.p != NULL)
		give_text(ctx, v.type, v.s);
	return SQLITE_OK;
}

static int
lent_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)((struct lent_cursor *)cursor)->row;
	return SQLITE_OK;
}

/* No xCreate: the table exists by the module's name and needs no CREATE. */
static const sqlite3_module lent_module = {
	.xConnect = lent_connect,
	.xBestIndex = lent_best_index,
	.xDisconnect = lent_disconnect,
	.xOpen = lent_open,
	.xClose = lent_close,
	.xFilter = lent_filter,
	.xNext = lent_next,
	.xEof = lent_eof,
	.xColumn = lent_column,
	.xRowid = lent_rowid,
};

static struct om_sqlite_loan *
find(struct om_sqlite *db, const char *name)
{
	struct om_sqlite_loan *loan = db->loans;

	while (loan != NULL && strcmp(loan->name, name) != 0)
		loan = loan->next;
	return loan;
}

static int
first_loan(struct om_sqlite *db, const struct om_lend *table,
    struct om_err *err)
{
	size_t n = strlen(table->name);
	struct om_sqlite_loan *loan = om_db_alloc(sizeof(*loan) + n + 1);
	int rc;

	memcpy(loan->name, table->name, n);
	loan->lent = *table;
	loan->next = db->loans;
	db->loans = loan;
	rc = sqlite3_create_module_v2(db->conn, loan->name, &lent_module, loan,
	    NULL);
	return rc == SQLITE_OK ? 0 : om_sqlite_fail(db, rc, err);
}

static bool
ascends(const struct om_lend *lent)
{
	for (size_t i = 1; lent->sorted_by > 0 && i < lent->row_count; i++)
		if (sort_key(lent, i) < sort_key(lent, i - 1))
			return false;
	return true;
}

int
om_sqlite_lend(struct om_db *base, const struct om_lend *table,
    struct om_err *err)
{
	struct om_sqlite *db = om_sqlite_of(base);
	struct om_sqlite_loan *loan = find(db, table->name);

	assert(ascends(table));

	if (loan == NULL)
		return first_loan(db, table, err);
	assert(om_lend_same(&loan->lent, table));
	loan->lent = *table;
	return 0;
}

void
om_sqlite_unlend(struct om_db *base, const char *name)
{
	struct om_sqlite_loan *loan = om_sqlite_of(base)->loans;

	for (; loan != NULL; loan = loan->next)
		if (name == NULL || strcmp(loan->name, name) == 0)
			loan->lent.row_count = 0;
}

void
om_sqlite_loans_free(struct om_sqlite *db)
{
	struct om_sqlite_loan *loan;

	while ((loan = db->loans) != NULL) {
		db->loans = loan->next;
		free(loan);
	}
}
