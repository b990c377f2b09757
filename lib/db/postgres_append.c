/* postgres_append.c - PostgreSQL: rows into a table as they come. */
#include <stdlib.h>
#include <string.h>

#include "db/postgres.h"

#define SQL_MAX ((size_t)64 * 1024)

/* A table that was appended to, and what its numbers take. */
struct om_pg_target {
	struct om_pg_target *next;
	const char *name;
	unsigned char int_size[]; /* by column; 8 of what is no number */
};

static void
add_names(const struct om_lend *rows, struct om_buf *sql)
{
	for (int i = 0; i < rows->column_count; i++)
		om_buf_printf(sql, "%s%s", i == 0 ? "" : ", ",
		    rows->columns[i].name);
}

static int
first_time(struct om_postgres *db, const struct om_lend *rows,
    struct om_pg_target **out, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf sql = { .max = SQL_MAX };
	OM_AUTO(om_postgres_clear) PGresult *res = NULL;
	size_t n = (size_t)rows->column_count;
	struct om_pg_target *t;

	om_buf_text(&sql, "SELECT ");
	add_names(rows, &sql);
	om_buf_printf(&sql, " FROM %s LIMIT 0", rows->name);
	if (om_postgres_run(db, om_buf_view(&sql).p, &res, err) < 0)
		return err->code;
	t = om_db_alloc(sizeof(*t) + n);
	for (size_t i = 0; i < n; i++)
		t->int_size[i] = PQftype(res, (int)i) == OM_PG_INT4 ? 4 : 8;
	t->name = rows->name;
	t->next = db->targets;
	db->targets = t;
	*out = t;
	return 0;
}

int
om_postgres_append(struct om_db *base, const struct om_lend *rows,
    struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf sql = { .max = SQL_MAX };
	struct om_postgres *db = om_postgres_of(base);
	struct om_pg_target *t = db->targets;

	while (t != NULL && strcmp(t->name, rows->name) != 0)
		t = t->next;
	if (t == NULL && first_time(db, rows, &t, err) < 0)
		return err->code;
	om_buf_printf(&sql, "COPY %s (", rows->name);
	add_names(rows, &sql);
	om_buf_text(&sql, ") FROM STDIN (FORMAT binary)");
	if (om_postgres_copy(db, om_buf_view(&sql).p, rows, t->int_size, err) <
	    0)
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
