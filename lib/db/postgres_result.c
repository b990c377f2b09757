/* postgres_result.c - PostgreSQL: rows, and the columns of the current one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/postgres.h"

static const struct om_pg_stmt *
of(const struct om_stmt *stmt)
{
	return (const struct om_pg_stmt *)stmt;
}

static bool
readable(Oid type)
{
	switch (type) {
	case OM_PG_BOOL:
	case OM_PG_BYTEA:
	case OM_PG_NAME:
	case OM_PG_INT8:
	case OM_PG_INT2:
	case OM_PG_INT4:
	case OM_PG_TEXT:
	case OM_PG_BPCHAR:
	case OM_PG_VARCHAR:
	case OM_PG_VOID:
		return true;
	default:
		return false;
	}
}

/* One column of another type (numeric, date ...) and the whole result is asked
 * for as text: libpq has one format for all columns. */
void
om_postgres_shape(struct om_pg_stmt *s, PGresult *shape)
{
	size_t n = (size_t)PQnfields(shape);

	PQclear(s->shape);
	free(s->cells);
	free(s->digits);
	s->shape = shape;
	s->cells = om_db_alloc((n + 1) * sizeof(*s->cells));
	s->digits = om_db_alloc((n + 1) * sizeof(*s->digits));
	s->format = 1;
	for (int i = 0; i < PQnfields(shape); i++)
		if (!readable(PQftype(shape, i)))
			s->format = 0;
}

void
om_postgres_cells_from_row(struct om_pg_stmt *s, const PGresult *row)
{
	int n = PQnfields(s->shape);

	for (int i = 0; i < n; i++) {
		if (PQgetisnull(row, 0, i))
			s->cells[i] = (struct om_pg_cell){ 0 };
		else
			s->cells[i] =
			    (struct om_pg_cell){ PQgetvalue(row, 0, i),
				    (size_t)PQgetlength(row, 0, i) };
	}
}

void
om_postgres_tape_add(struct om_pg_stmt *s, const PGresult *row)
{
	int n = PQnfields(s->shape);

	for (int i = 0; i < n; i++) {
		int32_t size =
		    PQgetisnull(row, 0, i) ? -1 : PQgetlength(row, 0, i);

		om_buf_add(&s->tape, &size, sizeof(size));
		if (size > 0)
			om_buf_add(&s->tape, PQgetvalue(row, 0, i),
			    (size_t)size);
	}
	/* a row without columns leaves a mark as well */
	if (n == 0)
		om_buf_char(&s->tape, '\0');
}

bool
om_postgres_cells_from_tape(struct om_pg_stmt *s)
{
	int n = PQnfields(s->shape);

	if (s->tape_at >= s->tape.n)
		return false;
	for (int i = 0; i < n; i++) {
		int32_t size;

		memcpy(&size, s->tape.p + s->tape_at, sizeof(size));
		s->tape_at += sizeof(size);
		s->cells[i] = (struct om_pg_cell){ 0 };
		if (size < 0)
			continue;
		s->cells[i] =
		    (struct om_pg_cell){ s->tape.p + s->tape_at, (size_t)size };
		s->tape_at += (size_t)size;
	}
	s->tape_at += n == 0;
	return true;
}

void
om_postgres_result_clear(struct om_pg_stmt *s)
{
	om_postgres_clear(&s->row);
	om_arena_clear(&s->scratch);
	om_buf_fini(&s->tape);
	s->tape_at = 0;
	s->changes = 0;
	s->late.code = OM_OK;
}

int
om_postgres_col_count(const struct om_stmt *stmt)
{
	return PQnfields(of(stmt)->shape);
}

const char *
om_postgres_col_name(const struct om_stmt *stmt, int i)
{
	return PQfname(of(stmt)->shape, i);
}

bool
om_postgres_col_null(const struct om_stmt *stmt, int i)
{
	return of(stmt)->cells[i].p == NULL;
}

/* Big-endian, two's complement, n bytes. */
static int64_t
decode_int(const char *p, size_t n)
{
	uint64_t v = n > 0 && (p[0] & 0x80) != 0 ? UINT64_MAX : 0;
	int64_t out;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | (unsigned char)p[i];
	memcpy(&out, &v, sizeof(out));
	return out;
}

static bool
is_number(Oid type)
{
	return type == OM_PG_INT8 || type == OM_PG_INT4 || type == OM_PG_INT2 ||
	       type == OM_PG_BOOL;
}

bool
om_postgres_col_int(const struct om_stmt *stmt, int i, int64_t *out)
{
	const struct om_pg_stmt *s = of(stmt);
	const struct om_pg_cell *c = &s->cells[i];
	Oid type = PQftype(s->shape, i);

	if (c->p == NULL)
		*out = 0;
	else if (s->format == 1 && is_number(type))
		*out = decode_int(c->p, c->n);
	else if (type == OM_PG_BOOL)
		*out = c->p[0] == 't';
	else
		return om_str_int((struct om_str){ c->p, c->n }, out);
	return true;
}

/* Where the const of a reading function ends: the row's conversions are made
 * on demand and live as long as the row. */
static struct om_arena *
scratch_of(const struct om_pg_stmt *s)
{
	return &((struct om_pg_stmt *)(uintptr_t)s)->scratch;
}

static struct om_str
decimal(const struct om_stmt *stmt, int i)
{
	char *digits = of(stmt)->digits[i];
	int64_t value = 0;
	int n;

	(void)om_postgres_col_int(stmt, i, &value);
	n = snprintf(digits, OM_PG_DIGITS, "%" PRId64, value);
	return (struct om_str){ digits, (size_t)n };
}

/* "\x" and two digits for each byte, which is how bytea looks as text. */
static struct om_str
unhex(const struct om_pg_stmt *s, const struct om_pg_cell *c)
{
	size_t n = c->n < 2 ? 0 : c->n / 2 - 1;
	char *out = om_alloc(scratch_of(s), n + 1);

	for (size_t i = 0; i < n; i++) {
		char pair[3] = { c->p[2 + 2 * i], c->p[3 + 2 * i], '\0' };

		out[i] = (char)strtoul(pair, NULL, 16);
	}
	return (struct om_str){ out, n };
}

struct om_str
om_postgres_col_text(const struct om_stmt *stmt, int i)
{
	const struct om_pg_stmt *s = of(stmt);
	const struct om_pg_cell *c = &s->cells[i];
	Oid type = PQftype(s->shape, i);

	if (c->p != NULL && is_number(type))
		return decimal(stmt, i);
	if (c->p != NULL && type == OM_PG_BYTEA && s->format == 0)
		return unhex(s, c);
	return (struct om_str){ c->p, c->n };
}

struct om_str
om_postgres_col_blob(const struct om_stmt *stmt, int i)
{
	return om_postgres_col_text(stmt, i);
}
