/* postgres.h - what the PostgreSQL files of lib/db share among themselves. */
#ifndef OM_DB_POSTGRES_H
#define OM_DB_POSTGRES_H

#include <libpq-fe.h>

#include "base/arena.h"
#include "db/backend.h"

/* Types by their fixed numbers in pg_type.dat. */
enum om_pg_type {
	OM_PG_BOOL = 16,
	OM_PG_BYTEA = 17,
	OM_PG_NAME = 19,
	OM_PG_INT8 = 20,
	OM_PG_INT2 = 21,
	OM_PG_INT4 = 23,
	OM_PG_TEXT = 25,
	OM_PG_BPCHAR = 1042,
	OM_PG_VARCHAR = 1043,
	OM_PG_VOID = 2278,
};

#define OM_PG_DIGITS 24 /* any int64 in decimal */

struct om_pg_loan;
struct om_pg_target;
struct om_pg_stmt;

struct om_postgres {
	struct om_db base;
	PGconn *conn;
	struct om_pg_stmt *streaming; /* its rows are still on their way */
	struct om_pg_loan *loans;
	struct om_pg_target *targets; /* of appending */
	char *copy;		      /* buffer for COPY, kept */
	char *schema;		      /* "" unless the URL names one */
	unsigned named;		      /* statements named so far */
};

struct om_pg_cell {
	const char *p; /* NULL: null */
	size_t n;
};

/*
 * A prepared statement and its result. The current row is in cells, whether
 * it has just come over the wire (row owns the bytes) or was read ahead to
 * make way for another statement (the tape owns them).
 */
struct om_pg_stmt {
	struct om_stmt base;
	char name[16];
	bool prepared;
	int param_count;
	Oid given[OM_PARAM_MAX];  /* types we told; 0: the server inferred */
	Oid actual[OM_PARAM_MAX]; /* types it is prepared with */
	struct om_value values[OM_PARAM_MAX];

	PGresult *shape; /* describes the columns */
	int format;	 /* 1 binary, 0 text: some type we cannot read */
	PGresult *row;
	struct om_pg_cell *cells;
	char (*digits)[OM_PG_DIGITS]; /* numbers read as text, by column */
	struct om_arena scratch;      /* other conversions of this row */

	struct om_buf tape; /* rows read ahead: length and bytes per column */
	size_t tape_at;
	int64_t changes;
	struct om_err late; /* met while reading ahead; code 0: none */
};

struct om_postgres *om_postgres_of(struct om_db *db);

/* postgres_error.c */

/* Why res (or, if it says nothing, the connection) failed. Keeps res. */
int om_postgres_fail(struct om_postgres *db, const PGresult *res,
    struct om_err *err);
enum om_code om_postgres_code(const char *sqlstate);
/* The five characters of a SQLSTATE in a verbose message, or NULL. */
const char *om_postgres_sqlstate_in(const char *message);

/* postgres.c */

/* Run text without parameters; *out may be NULL. Makes way for itself. */
int om_postgres_run(struct om_postgres *db, const char *sql, PGresult **out,
    struct om_err *err);
void om_postgres_clear(PGresult **res);

/* postgres_open.c */
void om_postgres_close(struct om_db *db);

/* postgres_stmt.c */

/* Read ahead what the streaming statement has left: the wire is free. */
int om_postgres_settle(struct om_postgres *db, struct om_err *err);
int om_postgres_prepare(struct om_db *db, const char *sql, struct om_stmt **out,
    struct om_err *err);
void om_postgres_finalize(struct om_stmt *stmt);
void om_postgres_bind(struct om_stmt *stmt, int n,
    const struct om_value *value);
int om_postgres_step(struct om_stmt *stmt, struct om_err *err);
void om_postgres_reset(struct om_stmt *stmt);

/* postgres_result.c */

/* Take the columns from a description: cells, digits, format. */
void om_postgres_shape(struct om_pg_stmt *stmt, PGresult *shape);
void om_postgres_cells_from_row(struct om_pg_stmt *stmt, const PGresult *row);
void om_postgres_tape_add(struct om_pg_stmt *stmt, const PGresult *row);
/* False at the end of the tape. */
bool om_postgres_cells_from_tape(struct om_pg_stmt *stmt);
void om_postgres_result_clear(struct om_pg_stmt *stmt);

int om_postgres_col_count(const struct om_stmt *stmt);
const char *om_postgres_col_name(const struct om_stmt *stmt, int i);
bool om_postgres_col_null(const struct om_stmt *stmt, int i);
bool om_postgres_col_int(const struct om_stmt *stmt, int i, int64_t *out);
struct om_str om_postgres_col_text(const struct om_stmt *stmt, int i);
struct om_str om_postgres_col_blob(const struct om_stmt *stmt, int i);

/* postgres_copy.c */

/* Run a script that ends in COPY ... FROM STDIN (FORMAT binary), and answer
 * that with the rows. int_size, by column: bytes of a number, 0 if the column is
 * not among those that are sent; NULL: 8. */
int om_postgres_copy(struct om_postgres *db, const char *script,
    const struct om_lend *rows, const unsigned char *int_size,
    struct om_err *err);

/* postgres_append.c */
int om_postgres_append(struct om_db *db, const struct om_lend *rows,
    struct om_err *err);
void om_postgres_targets_free(struct om_postgres *db);

/* postgres_lend.c */
int om_postgres_lend(struct om_db *db, const struct om_lend *table,
    struct om_err *err);
void om_postgres_unlend(struct om_db *db, const char *name);
void om_postgres_loans_free(struct om_postgres *db);

#endif
