/*
 * postgres_stmt.c - PostgreSQL: prepared statements and their rows.
 *
 * A statement is prepared without types when it is asked for, so that bad SQL
 * is found there, and again when the values bound to it are of other types than
 * the server inferred (it takes "$1 + 1" for a 32-bit sum). Rows are fetched
 * one by one; see om_postgres_settle() for what happens when two results are
 * open on the one wire.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/postgres.h"

#define TAPE_MAX ((size_t)1 << 30)

static struct om_pg_stmt *
of(struct om_stmt *stmt)
{
	return (struct om_pg_stmt *)stmt;
}

/* Preparing. */

static int
describe(struct om_postgres *db, struct om_pg_stmt *s, struct om_err *err)
{
	PGresult *res = PQdescribePrepared(db->conn, s->name);

	if (PQresultStatus(res) != PGRES_COMMAND_OK) {
		(void)om_postgres_fail(db, res, err);
		PQclear(res);
		return err->code;
	}
	for (int i = 0; i < s->param_count && i < PQnparams(res); i++)
		s->actual[i] = PQparamtype(res, i);
	om_postgres_shape(s, res);
	return 0;
}

/* *out_unsure: the server could not infer the parameters' types. */
static int
prepare(struct om_postgres *db, struct om_pg_stmt *s, bool *out_unsure,
    struct om_err *err)
{
	OM_AUTO(om_postgres_clear) PGresult *res = NULL;
	const char *state;

	snprintf(s->name, sizeof(s->name), "om_%u", ++db->named);
	res =
	    PQprepare(db->conn, s->name, s->base.sql, s->param_count, s->given);
	if (PQresultStatus(res) == PGRES_COMMAND_OK) {
		s->prepared = true;
		return describe(db, s, err);
	}
	state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	*out_unsure = state != NULL &&
		      (strcmp(state, "42P18") == 0 ||	 /* indeterminate */
			  strcmp(state, "42P08") == 0 || /* ambiguous */
			  strcmp(state, "42725") == 0);	 /* ambiguous call */
	return om_postgres_fail(db, res, err);
}

/* The first, untyped attempt: if it fails only for want of types, the first
 * step tries again; a savepoint keeps it from failing the transaction. */
static int
prepare_untyped(struct om_postgres *db, struct om_pg_stmt *s,
    struct om_err *err)
{
	bool guard = db->base.in_txn && s->param_count > 0;
	bool unsure = false;
	int rc;

	if (guard && om_postgres_run(db, "SAVEPOINT om_prepare", NULL, err) < 0)
		return err->code;
	rc = prepare(db, s, &unsure, err);
	if (rc < 0 && (!unsure || s->param_count == 0))
		return rc;
	if (!guard)
		return 0;
	return om_postgres_run(db,
	    rc == 0 ? "RELEASE om_prepare" : "ROLLBACK TO om_prepare", NULL,
	    err);
}

int
om_postgres_prepare(struct om_db *base, const char *sql, struct om_stmt **out,
    struct om_err *err)
{
	struct om_postgres *db = om_postgres_of(base);
	bool used[OM_PARAM_MAX] = { false };
	struct om_pg_stmt *s;

	if (om_postgres_settle(db, err) < 0)
		return err->code;
	s = om_db_alloc(sizeof(*s));
	s->base.db = base;
	s->base.sql = sql;
	s->param_count = om_param_count(sql, used);
	s->tape.max = TAPE_MAX;
	for (int i = 0; i < s->param_count; i++) {
		s->values[i].null = true;
		/* nothing tells the type of a number that is left out */
		s->given[i] = used[i] ? 0 : OM_PG_TEXT;
	}
	if (prepare_untyped(db, s, err) < 0) {
		om_postgres_finalize(&s->base);
		return err->code;
	}
	*out = &s->base;
	return 0;
}

static Oid
type_of(const struct om_value *v)
{
	switch (v->type) {
	case OM_INT:
		return OM_PG_INT8;
	case OM_TEXT:
		return OM_PG_TEXT;
	case OM_BLOB:
		break;
	}
	return OM_PG_BYTEA;
}

static bool
fits(Oid actual, const struct om_value *v)
{
	return v->null || actual == type_of(v) ||
	       (v->type == OM_TEXT && actual == OM_PG_VARCHAR);
}

/* Prepare anew unless the types are those of the values. */
static int
prepare_typed(struct om_postgres *db, struct om_pg_stmt *s, struct om_err *err)
{
	char old[sizeof("DEALLOCATE ") + sizeof(s->name)];
	bool fit = s->prepared;
	bool unsure;

	for (int i = 0; i < s->param_count; i++) {
		fit = fit && fits(s->actual[i], &s->values[i]);
		if (!s->values[i].null)
			s->given[i] = type_of(&s->values[i]);
	}
	if (fit)
		return 0;
	if (s->prepared) {
		s->prepared = false;
		snprintf(old, sizeof(old), "DEALLOCATE %s", s->name);
		if (om_postgres_run(db, old, NULL, err) < 0)
			return err->code;
	}
	return prepare(db, s, &unsure, err);
}

void
om_postgres_finalize(struct om_stmt *stmt)
{
	struct om_pg_stmt *s = of(stmt);

	om_postgres_result_clear(s);
	om_buf_fini(&s->tape);
	PQclear(s->shape);
	free(s->cells);
	free(s->digits);
	free(s);
}

/* Running. */

void
om_postgres_bind(struct om_stmt *stmt, int n, const struct om_value *value)
{
	assert(n >= 1 && n <= of(stmt)->param_count);

	of(stmt)->values[n - 1] = *value;
}

static void
encode_int(int64_t value, char out[8])
{
	uint64_t n = (uint64_t)value;

	for (int i = 0; i < 8; i++)
		out[i] = (char)(n >> (56 - 8 * i));
}

static int
send(struct om_postgres *db, struct om_pg_stmt *s, struct om_err *err)
{
	const char *values[OM_PARAM_MAX];
	char numbers[OM_PARAM_MAX][8];
	int lengths[OM_PARAM_MAX];
	int formats[OM_PARAM_MAX];

	for (int i = 0; i < s->param_count; i++) {
		const struct om_value *v = &s->values[i];

		formats[i] = 1;
		lengths[i] = v->type == OM_INT ? 8 : (int)v->s.n;
		values[i] = v->type == OM_INT ? numbers[i] : v->s.p;
		if (v->null)
			values[i] = NULL;
		else if (v->type == OM_INT)
			encode_int(v->i, numbers[i]);
		else if (v->s.n > INT32_MAX)
			return om_fail(err, OM_ELIMIT,
			    "a value of more than 2 GiB");
	}
	if (!PQsendQueryPrepared(db->conn, s->name, s->param_count, values,
		lengths, formats, s->format))
		return om_postgres_fail(db, NULL, err);
	PQsetSingleRowMode(db->conn);
	db->streaming = s;
	return 0;
}

/* After the last result comes a NULL, and then the wire is free. */
static void
end_stream(struct om_postgres *db)
{
	PGresult *res;

	while ((res = PQgetResult(db->conn)) != NULL)
		PQclear(res);
	db->streaming = NULL;
}

static int64_t
rows_changed(PGresult *res)
{
	int64_t n = 0;

	if (strncmp(PQcmdStatus(res), "SELECT", 6) == 0 ||
	    !om_str_int(om_str_of(PQcmdTuples(res)), &n))
		return 0;
	return n;
}

/* 1: *out is a row. 0: the result has ended. */
static int
fetch(struct om_postgres *db, PGresult **out, struct om_err *err)
{
	struct om_pg_stmt *s = db->streaming;
	OM_AUTO(om_postgres_clear) PGresult *res = PQgetResult(db->conn);
	ExecStatusType status = PQresultStatus(res);
	int rc = 0;

	if (status == PGRES_SINGLE_TUPLE) {
		*out = res;
		res = NULL;
		return 1;
	}
	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
		s->changes = rows_changed(res);
	else
		rc = om_postgres_fail(db, res, err);
	end_stream(db);
	return rc;
}

/* Every statement shares one wire. Before something else is said on it, the
 * statement that streams has the rest of its rows read into its tape. */
int
om_postgres_settle(struct om_postgres *db, struct om_err *err)
{
	struct om_pg_stmt *s = db->streaming;
	PGresult *row;
	int rc;

	if (s == NULL)
		return 0;
	while ((rc = fetch(db, &row, &s->late)) > 0) {
		om_postgres_tape_add(s, row);
		PQclear(row);
	}
	if (rc == 0 && om_buf_over(&s->tape))
		rc = om_fail(&s->late, OM_ELIMIT,
		    "more than %zu bytes of rows to read ahead", TAPE_MAX);
	if (rc < 0)
		*err = s->late;
	return rc;
}

int
om_postgres_step(struct om_stmt *stmt, struct om_err *err)
{
	struct om_postgres *db = om_postgres_of(stmt->db);
	struct om_pg_stmt *s = of(stmt);
	int rc = 0;

	if (stmt->state == OM_STMT_IDLE &&
	    (om_postgres_settle(db, err) < 0 || prepare_typed(db, s, err) < 0 ||
		send(db, s, err) < 0))
		return err->code;
	om_postgres_clear(&s->row);
	om_arena_clear(&s->scratch);
	if (db->streaming == s) {
		rc = fetch(db, &s->row, err);
		if (rc > 0)
			om_postgres_cells_from_row(s, s->row);
	} else if (om_postgres_cells_from_tape(s)) {
		rc = 1;
	} else if (s->late.code < 0) {
		*err = s->late;
		rc = err->code;
	}
	if (rc == 0)
		db->base.changes = s->changes;
	return rc;
}

/* A result dropped in the middle is read to its end: to cancel it would fail
 * the transaction it is part of. */
void
om_postgres_reset(struct om_stmt *stmt)
{
	struct om_postgres *db = om_postgres_of(stmt->db);
	struct om_pg_stmt *s = of(stmt);
	struct om_err ignored;
	PGresult *row;
	int rc = 1;

	while (db->streaming == s && (rc = fetch(db, &row, &ignored)) > 0)
		PQclear(row);
	if (rc < 0 && db->base.in_txn)
		db->base.failed = true;
	om_postgres_result_clear(s);
	for (int i = 0; i < s->param_count; i++)
		s->values[i] = (struct om_value){ .null = true };
}
