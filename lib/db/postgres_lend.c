/* postgres_lend.c - PostgreSQL: lent rows in a temporary table. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/postgres.h"

#define SQL_MAX ((size_t)64 * 1024)

struct om_pg_loan {
	struct om_pg_loan *next;
	struct om_lend lent;
	bool out; /* in this transaction */
	char name[];
};

static struct om_pg_loan *
find(struct om_postgres *db, const char *name)
{
	struct om_pg_loan *loan = db->loans;

	while (loan != NULL && strcmp(loan->name, name) != 0)
		loan = loan->next;
	return loan;
}

static struct om_pg_loan *
first_loan(struct om_postgres *db, const struct om_lend *table)
{
	size_t n = strlen(table->name);
	struct om_pg_loan *loan = om_db_alloc(sizeof(*loan) + n + 1);

	memcpy(loan->name, table->name, n);
	loan->lent = *table;
	loan->next = db->loans;
	db->loans = loan;
	return loan;
}

/*
 * The table is there (a rollback may have taken it), is empty, and takes
 * rows, in one round trip. TRUNCATE does more than empty it: the server then
 * plans the statements that read it anew, with the size that it now has.
 */
static void
write_script(const struct om_lend *table, struct om_buf *sql)
{
	static const char *const types[] = { "bigint", "text", "bytea" };

	om_buf_printf(sql, "CREATE TEMP TABLE IF NOT EXISTS %s (", table->name);
	om_lend_schema(table, types, sql);
	om_buf_printf(sql, ") ON COMMIT DELETE ROWS; TRUNCATE pg_temp.%s;",
	    table->name);
	om_buf_printf(sql, "COPY pg_temp.%s FROM STDIN (FORMAT binary)",
	    table->name);
}

int
om_postgres_lend(struct om_db *base, const struct om_lend *table,
    struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf sql = { .max = SQL_MAX };
	struct om_postgres *db = om_postgres_of(base);
	struct om_pg_loan *loan = find(db, table->name);
	int rc;

	if (loan == NULL)
		loan = first_loan(db, table);
	assert(om_lend_same(&loan->lent, table));
	write_script(table, &sql);
	rc = om_postgres_copy(db, om_buf_view(&sql).p, table, NULL, err);
	loan->out = rc == 0;
	return rc;
}

/* The next call tells what went wrong. */
static void
take_back(struct om_postgres *db, struct om_pg_loan *loan)
{
	OM_AUTO(om_buf_fini) struct om_buf sql = { .max = SQL_MAX };
	struct om_err err = { 0 };

	om_buf_printf(&sql, "TRUNCATE pg_temp.%s", loan->name);
	if (om_postgres_run(db, om_buf_view(&sql).p, NULL, &err) < 0 &&
	    db->base.in_txn)
		db->base.untold = err;
}

/* The end of the transaction (no name) has emptied the tables already. */
void
om_postgres_unlend(struct om_db *base, const char *name)
{
	struct om_postgres *db = om_postgres_of(base);

	for (struct om_pg_loan *l = db->loans; l != NULL; l = l->next) {
		if (name != NULL && strcmp(l->name, name) != 0)
			continue;
		if (name != NULL && l->out && !base->failed)
			take_back(db, l);
		l->out = false;
	}
}

void
om_postgres_loans_free(struct om_postgres *db)
{
	struct om_pg_loan *loan;

	while ((loan = db->loans) != NULL) {
		db->loans = loan->next;
		free(loan);
	}
}
