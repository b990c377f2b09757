/*
 * postgres_copy.c - PostgreSQL: rows of the caller's by COPY (FORMAT binary).
 *
 * The format is in the manual under COPY, "Binary Format": a signature, then
 * per row a count of fields and per field its length and bytes, big-endian.
 */
#include <arpa/inet.h>
#include <string.h>

#include "db/postgres.h"

#define COPY_SIZE ((size_t)1024 * 1024)

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

/* Where the next few bytes go. */
static inline char *
copy_room(struct copy *c, size_t n)
{
	char *p;

	if (COPY_SIZE - c->n < n)
		copy_flush(c);
	p = c->p + c->n;
	c->n += n;
	return p;
}

static inline void
copy_16(struct copy *c, uint16_t value)
{
	uint16_t n = htons(value);

	memcpy(copy_room(c, sizeof(n)), &n, sizeof(n));
}

static inline void
copy_32(struct copy *c, uint32_t value)
{
	uint32_t n = htonl(value);

	memcpy(copy_room(c, sizeof(n)), &n, sizeof(n));
}

/* A number goes in as many bytes as its column has. */
static int
copy_int(struct copy *c, int64_t value, size_t size, struct om_err *err)
{
	if (size == 4 && value != (int32_t)value)
		return om_fail(err, OM_EINTERNAL,
		    "%lld is more than an integer column takes",
		    (long long)value);
	copy_32(c, (uint32_t)size);
	if (size == 8)
		copy_32(c, (uint32_t)((uint64_t)value >> 32));
	copy_32(c, (uint32_t)value);
	return 0;
}

static int
copy_value(struct copy *c, const struct om_value *v, size_t int_size,
    struct om_err *err)
{
	if (v->null || (v->type != OM_INT && v->s.p == NULL)) {
		copy_32(c, UINT32_MAX); /* length -1 */
		return 0;
	}
	if (v->type == OM_INT)
		return copy_int(c, v->i, int_size, err);
	if (v->s.n > INT32_MAX)
		return om_fail(err, OM_ELIMIT, "a value of more than 2 GiB");
	copy_32(c, (uint32_t)v->s.n);
	copy_bytes(c, v->s.p, v->s.n);
	return 0;
}

static size_t
size_of(const unsigned char *int_size, int col)
{
	return int_size == NULL ? 8 : int_size[col];
}

static int
copy_row(struct copy *c, const struct om_lend *table, size_t row,
    const unsigned char *int_size, struct om_err *err)
{
	for (int col = 0; col < table->column_count; col++) {
		struct om_value v = { .type = table->columns[col].type };

		size_t size = size_of(int_size, col);

		if (size == 0)
			continue;
		om_lend_cell(table, row, col, &v);
		if (copy_value(c, &v, size, err) < 0)
			return err->code;
	}
	return 0;
}

static int
copy_rows(struct copy *c, const struct om_lend *table,
    const unsigned char *int_size, struct om_err *err)
{
	static const char header[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
	uint16_t fields = 0;

	for (int col = 0; col < table->column_count; col++)
		fields = (uint16_t)(fields + (size_of(int_size, col) != 0));
	copy_bytes(c, header, sizeof(header)); /* its NUL is the last of 19 */
	for (size_t row = 0; row < table->row_count && !c->failed; row++) {
		copy_16(c, fields);
		if (copy_row(c, table, row, int_size, err) < 0)
			return err->code;
	}
	copy_16(c, UINT16_MAX);
	copy_flush(c);
	return 0;
}

static int
check_count(PGresult *res, size_t want, struct om_err *err)
{
	int64_t n = 0;

	if (om_str_int(om_str_of(PQcmdTuples(res)), &n) && n == (int64_t)want)
		return 0;
	return om_fail(err, OM_EINTERNAL, "of %zu rows %lld were taken", want,
	    (long long)n);
}

/* The result of the whole COPY, and then the NULL that follows it. */
static int
copy_end(struct om_postgres *db, size_t want, const char *refusal,
    struct om_err *err)
{
	OM_AUTO(om_postgres_clear) PGresult *res = NULL;
	int rc = 0;

	PQputCopyEnd(db->conn, refusal);
	res = PQgetResult(db->conn);
	if (refusal == NULL && PQresultStatus(res) != PGRES_COMMAND_OK)
		rc = om_postgres_fail(db, res, err);
	else if (refusal == NULL)
		rc = check_count(res, want, err);
	while (res != NULL) {
		PQclear(res);
		res = PQgetResult(db->conn);
	}
	return rc;
}

int
om_postgres_copy(struct om_postgres *db, const char *script,
    const struct om_lend *rows, const unsigned char *int_size,
    struct om_err *err)
{
	OM_AUTO(om_postgres_clear) PGresult *res = NULL;
	struct copy c = { .conn = db->conn };
	int rc;

	if (om_postgres_settle(db, err) < 0)
		return err->code;
	if (db->copy == NULL)
		db->copy = om_db_alloc(COPY_SIZE);
	c.p = db->copy;
	res = PQexec(db->conn, script);
	if (PQresultStatus(res) != PGRES_COPY_IN)
		return om_postgres_fail(db, res, err);
	rc = copy_rows(&c, rows, int_size, err);
	if (copy_end(db, rows->row_count, rc < 0 ? "refused" : NULL, err) < 0)
		rc = err->code;
	return rc;
}
