/*
 * postgres_lend.c - PostgreSQL: lent rows by COPY ... (FORMAT binary).
 *
 * The format is in the manual under COPY, "Binary Format": a signature, then
 * per row a count of fields and per field its length and bytes, big-endian.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/postgres.h"

#define COPY_SIZE ((size_t)1024 * 1024)
#define SQL_MAX	  ((size_t)64 * 1024)

struct om_pg_loan {
	struct om_pg_loan *next;
	struct om_lend lent;
	bool out; /* in this transaction */
	char name[];
};

/* Bytes on their way; the first failure to send is remembered. */
struct copy {
	PGconn *conn;
	char *p;
	size_t n;
	bool failed;
};

static void
copy_flush(struct copy *c)
{
	if (c->n > 0 && !c->failed)
		c->failed = PQputCopyData(c->conn, c->p, (int)c->n) != 1;
	c->n = 0;
}

static void
copy_bytes(struct copy *c, const char *p, size_t n)
{
	while (n > COPY_SIZE - c->n) {
		size_t part = COPY_SIZE - c->n;

		memcpy(c->p + c->n, p, part);
		c->n += part;
		copy_flush(c);
		p += part;
		n -= part;
	}
	if (n > 0)
		memcpy(c->p + c->n, p, n);
	c->n += n;
}

static void
copy_number(struct copy *c, uint64_t value, size_t size)
{
	if (COPY_SIZE - c->n < size)
		copy_flush(c);
	for (size_t i = 0; i < size; i++)
		c->p[c->n++] = (char)(value >> (8 * (size - 1 - i)));
}

static void
copy_value(struct copy *c, const struct om_value *v)
{
	if (v->null || (v->type != OM_INT && v->s.p == NULL)) {
		copy_number(c, UINT32_MAX, 4); /* length -1 */
	} else if (v->type == OM_INT) {
		copy_number(c, 8, 4);
		copy_number(c, (uint64_t)v->i, 8);
	} else {
		copy_number(c, v->s.n, 4);
		copy_bytes(c, v->s.p, v->s.n);
	}
}

static int
copy_rows(struct copy *c, const struct om_lend *table, struct om_err *err)
{
	static const char header[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";

	copy_bytes(c, header, sizeof(header)); /* its NUL is the last of 19 */
	for (size_t row = 0; row < table->row_count && !c->failed; row++) {
		copy_number(c, (uint64_t)table->column_count, 2);
		for (int col = 0; col < table->column_count; col++) {
			struct om_value v = {
				.type = table->columns[col].type,
			};

			om_lend_cell(table, row, col, &v);
			if (v.s.n > INT32_MAX)
				return om_fail(err, OM_ELIMIT,
				    "a value of more than 2 GiB");
			copy_value(c, &v);
		}
	}
	copy_number(c, UINT16_MAX, 2);
	copy_flush(c);
	return 0;
}

/* The result of the whole COPY, and then the NULL that follows it. */
static int
copy_end(struct om_postgres *db, const char *refusal, struct om_err *err)
{
	OM_AUTO(om_postgres_clear) PGresult *res = NULL;
	int rc = 0;

	PQputCopyEnd(db->conn, refusal);
	res = PQgetResult(db->conn);
	if (refusal == NULL && PQresultStatus(res) != PGRES_COMMAND_OK)
		rc = om_postgres_fail(db, res, err);
	while (res != NULL) {
		PQclear(res);
		res = PQgetResult(db->conn);
	}
	return rc;
}

/*
 * The table is there (a rollback may have taken it), is empty, and takes
 * rows, in one round trip. TRUNCATE does more than empty it: the server then
 * plans the statements that read it anew, with the size that it now has.
 */
static int
copy_begin(struct om_postgres *db, const struct om_lend *table,
    struct om_err *err)
{
	static const char *const types[] = { "bigint", "text", "bytea" };
	OM_AUTO(om_buf_fini) struct om_buf sql = { .max = SQL_MAX };
	OM_AUTO(om_postgres_clear) PGresult *res = NULL;

	if (om_postgres_settle(db, err) < 0)
		return err->code;
	om_buf_printf(&sql, "CREATE TEMP TABLE IF NOT EXISTS %s (",
	    table->name);
	om_lend_schema(table, types, &sql);
	om_buf_printf(&sql, ") ON COMMIT DELETE ROWS; TRUNCATE pg_temp.%s;",
	    table->name);
	om_buf_printf(&sql, "COPY pg_temp.%s FROM STDIN (FORMAT binary)",
	    table->name);
	res = PQexec(db->conn, om_buf_view(&sql).p);
	if (PQresultStatus(res) != PGRES_COPY_IN)
		return om_postgres_fail(db, res, err);
	return 0;
}

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

int
om_postgres_lend(struct om_db *base, const struct om_lend *table,
    struct om_err *err)
{
	struct om_postgres *db = om_postgres_of(base);
	struct om_pg_loan *loan = find(db, table->name);
	struct copy c;
	int rc;

	if (loan == NULL)
		loan = first_loan(db, table);
	assert(om_lend_same(&loan->lent, table));
	if (db->copy == NULL)
		db->copy = om_db_alloc(COPY_SIZE);
	if (copy_begin(db, table, err) < 0)
		return err->code;
	c = (struct copy){ .conn = db->conn, .p = db->copy };
	rc = copy_rows(&c, table, err);
	if (copy_end(db, rc < 0 ? "refused" : NULL, err) < 0)
		rc = err->code;
	loan->out = rc == 0;
	return rc;
}

static void
take_back(struct om_postgres *db, struct om_pg_loan *loan)
{
	OM_AUTO(om_buf_fini) struct om_buf sql = { .max = SQL_MAX };
	struct om_err ignored;

	om_buf_printf(&sql, "TRUNCATE pg_temp.%s", loan->name);
	if (om_postgres_run(db, om_buf_view(&sql).p, NULL, &ignored) < 0)
		db->base.failed = db->base.in_txn;
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
