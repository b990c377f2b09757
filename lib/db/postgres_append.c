/* postgres_append.c - PostgreSQL: rows into a table as they come. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/postgres.h"

#define SQL_MAX	    ((size_t)64 * 1024)
#define COLUMNS_MAX 64

static const char columns_of[] =
    "SELECT a.attname, a.atttypid = 'integer'::regtype,"
    " pg_get_expr(d.adbin, d.adrelid) IN ('0', '''''::text')"
    " FROM pg_attribute a LEFT JOIN pg_attrdef d"
    " ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
    " WHERE a.attrelid = '%s'::regclass AND a.attnum > 0";

/* A table that was appended to. */
struct om_pg_target {
	struct om_pg_target *next;
	const char *name;
	struct target_column {
		unsigned char int_size; /* 8 of what is no number */
		bool zero; /* or empty text: what the column is by default */
	} column[];
};

static bool
is_true(const PGresult *res, int row, int col)
{
	return strcmp(PQgetvalue(res, row, col), "t") == 0;
}

static void
take_column(struct om_pg_target *t, const struct om_lend *rows,
    const PGresult *res, int row)
{
	for (int i = 0; i < rows->column_count; i++)
		if (strcmp(rows->columns[i].name, PQgetvalue(res, row, 0)) == 0)
			t->column[i] = (struct target_column){
				.int_size = is_true(res, row, 1) ? 4 : 8,
				.zero = is_true(res, row, 2),
			};
}

/* The table has all columns that rows will be sent in. */
static int
check_columns(const struct om_pg_target *t, const struct om_lend *rows,
    struct om_err *err)
{
	for (int i = 0; i < rows->column_count; i++)
		if (t->column[i].int_size == 0)
			return om_fail(err, OM_EINTERNAL,
			    "table '%s' has no column '%s'", rows->name,
			    rows->columns[i].name);
	return 0;
}

static int
first_time(struct om_postgres *db, const struct om_lend *rows,
    struct om_pg_target **out, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf sql = { .max = SQL_MAX };
	OM_AUTO(om_postgres_clear) PGresult *res = NULL;
	size_t n = (size_t)rows->column_count;
	struct om_pg_target *t;

	om_buf_printf(&sql, columns_of, rows->name);
	if (om_postgres_run(db, om_buf_view(&sql).p, &res, err) < 0)
		return err->code;
	t = om_db_alloc(sizeof(*t) + n * sizeof(t->column[0]));
	for (int i = 0; i < PQntuples(res); i++)
		take_column(t, rows, res, i);
	if (check_columns(t, rows, err) < 0) {
		free(t);
		return err->code;
	}
	t->name = rows->name;
	t->next = db->targets;
	db->targets = t;
	*out = t;
	return 0;
}

static bool
all_zero(const struct om_lend *rows, int col)
{
	for (size_t row = 0; row < rows->row_count; row++) {
		struct om_value v = { .type = rows->columns[col].type };

		om_lend_cell(rows, row, col, &v);
		if (v.null || v.i != 0 || v.s.n != 0 ||
		    (v.type != OM_INT && v.s.p == NULL))
			return false;
	}
	return true;
}

/* What all rows have, and the server would put there by itself, is not sent:
 * of the columns that an order may have most are empty in most feeds. */
static void
choose(const struct om_pg_target *t, const struct om_lend *rows,
    unsigned char *int_size, struct om_buf *sql)
{
	const char *comma = "";

	om_buf_printf(sql, "COPY %s (", rows->name);
	for (int i = 0; i < rows->column_count; i++) {
		bool left_out = t->column[i].zero && all_zero(rows, i);

		int_size[i] = left_out ? 0 : t->column[i].int_size;
		if (left_out)
			continue;
		om_buf_printf(sql, "%s%s", comma, rows->columns[i].name);
		comma = ", ";
	}
	om_buf_text(sql, ") FROM STDIN (FORMAT binary)");
}

int
om_postgres_append(struct om_db *base, const struct om_lend *rows,
    struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf sql = { .max = SQL_MAX };
	struct om_postgres *db = om_postgres_of(base);
	struct om_pg_target *t = db->targets;
	unsigned char int_size[COLUMNS_MAX];

	assert(rows->column_count <= COLUMNS_MAX);

	while (t != NULL && strcmp(t->name, rows->name) != 0)
		t = t->next;
	if (t == NULL && first_time(db, rows, &t, err) < 0)
		return err->code;
	choose(t, rows, int_size, &sql);
	if (om_postgres_copy(db, om_buf_view(&sql).p, rows, int_size, err) < 0)
		return err->code;
	return 1;
}

void
om_postgres_targets_free(struct om_postgres *db)
{
	struct om_pg_target *t;

	while ((t = db->targets) != NULL) {
		db->targets = t->next;
		free(t);
	}
}
