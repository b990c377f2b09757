/*
 * db.h - one thin handle over SQLite and PostgreSQL.
 *
 * Statements are written once, in the subset that both engines speak: $1
 * parameters, ON CONFLICT, RETURNING, UPDATE ... FROM, window functions;
 * 64-bit integers, text and blobs; CAST(sum(x) AS bigint). Text is ordered by
 * bytes where it says so: ORDER BY x COLLATE "C" works on both. A handle, and
 * all that was made from it, belongs to one thread.
 *
 * A URL is a path (SQLite file) or postgresql://..., where ?schema=NAME picks
 * the schema to work in. A password in the URL is refused (OM_EUSAGE).
 */
#ifndef OM_DB_DB_H
#define OM_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct om_db;
struct om_stmt;

/* Once, first thing in main(), before any thread and any other call here:
 * sets what SQLite lets a process set only before its first use (no counting
 * of memory under a global mutex). A second call does no harm. */
void om_db_setup(void);

/* Any call that writes: OM_EOUTPUT when the disk is full. */
enum om_engine { OM_SQLITE, OM_POSTGRES };

enum om_db_mode {
	OM_DB_READ,   /* must exist; no write will be accepted */
	OM_DB_WRITE,  /* must exist */
	OM_DB_CREATE, /* file or schema is made if missing */
};

/* OM_ESTORE: missing. OM_EDAMAGED: not a database, or damaged. OM_EREMOTE:
 * the server does not answer. OM_EAUTH: it says no. */
OM_MUST_USE int om_db_open(const char *url, enum om_db_mode mode,
    struct om_db **out, struct om_err *err);
void om_db_close(struct om_db **db); /* also finalizes its statements */
enum om_engine om_db_engine(const struct om_db *db);
bool om_db_url_is_remote(const char *url);

/* Run a script of statements without parameters or results. Lines that end
 * in "--@sqlite" or "--@postgres" are for that engine only. */
OM_MUST_USE int om_db_exec(struct om_db *db, const char *script,
    struct om_err *err);

/*
 * A transaction. It rolls back when it leaves scope uncommitted. On SQLite the
 * write lock is taken at the start (BEGIN IMMEDIATE); OM_EBUSY if it is held.
 * On PostgreSQL writers go side by side (READ COMMITTED): OM_EBUSY comes from
 * the statement that waited ten seconds for another's row, and whoever wants
 * to be alone takes an advisory lock. A call that fails inside a transaction
 * dooms it on both engines: what follows, commit too, fails until it is ended.
 * Its end resets every statement of the handle.
 */
struct om_txn {
	struct om_db *db; /* NULL once finished */
};
OM_MUST_USE int om_txn_begin(struct om_db *db, struct om_txn *out,
    struct om_err *err);
/* The same for reading: one consistent snapshot. Nothing is locked. */
OM_MUST_USE int om_txn_begin_read(struct om_db *db, struct om_txn *out,
    struct om_err *err);
OM_MUST_USE int om_txn_commit(struct om_txn *txn, struct om_err *err);
void om_txn_end(
    struct om_txn *txn); /* rolls back; safe twice and after commit */

/*
 * For work that goes on from where it is found to be, and is told to be done
 * only at its end: between the two, a commit on SQLite does not wait for the
 * disk. A kill loses nothing; when the machine loses power, the newest commits
 * of this handle may be gone, but none without all that came after it. When
 * om_db_settle() has returned 0, all are on the disk. Outside transactions; a
 * handle that is closed instead leaves what a kill would leave.
 */
OM_MUST_USE int om_db_write_behind(struct om_db *db, struct om_err *err);
OM_MUST_USE int om_db_settle(struct om_db *db, struct om_err *err);

/* Prepare once, keep with the handle: asking again for the same text (by
 * content) gives the same statement, reset and unbound. sql outlives db. */
OM_MUST_USE int om_db_prepare(struct om_db *db, const char *sql,
    struct om_stmt **out, struct om_err *err);

/* Parameters from 1. Text and blobs are borrowed until the next reset, which
 * unbinds them all; what is not bound is NULL, and so is a NULL pointer. Text
 * that holds a NUL byte is stored by SQLite and is OM_EDATA on PostgreSQL. */
void om_bind_int(struct om_stmt *stmt, int n, int64_t value);
void om_bind_text(struct om_stmt *stmt, int n, struct om_str value);
void om_bind_blob(struct om_stmt *stmt, int n, const void *p, size_t size);
void om_bind_null(struct om_stmt *stmt, int n);

/* 1: a row is there. 0: done, and again 0 until it is reset. Negative: failed,
 * and reset. On PostgreSQL rows are fetched as they are stepped over, unless
 * another statement is stepped, prepared or lent to in between: then what is
 * left of the first result is read into memory. So keep the small result open
 * and not the large one. A result dropped in the middle is read to its end. */
OM_MUST_USE int om_stmt_step(struct om_stmt *stmt, struct om_err *err);
void om_stmt_reset(struct om_stmt *stmt); /* also drops unread rows */
/* Step a statement to its end, rows unseen, and reset it. */
OM_MUST_USE int om_stmt_run(struct om_stmt *stmt, struct om_err *err);
/* Rows changed by the last statement that finished; 0 after a SELECT. */
int64_t om_db_changes(const struct om_db *db);

/* Columns from 0, of the row just stepped to. Text and blobs live until the
 * next step or reset. NULL reads as 0 and {NULL, 0}. A number reads as text
 * in decimal, text as a number if it is an integer. What is no integer reads as
 * 0, and the handle is of no use from then on: the next call that can fail is
 * OM_EDAMAGED, so that nothing that was made of it is committed. */
int om_col_count(const struct om_stmt *stmt);
const char *om_col_name(const struct om_stmt *stmt, int i);
bool om_col_null(const struct om_stmt *stmt, int i);
int64_t om_col_int(const struct om_stmt *stmt, int i);
struct om_str om_col_text(const struct om_stmt *stmt, int i);
struct om_str om_col_blob(const struct om_stmt *stmt, int i);

/*
 * The bulk verb: lend rows that live in the caller's memory to the database
 * as a table, then read that table in ordinary statements:
 *
 *     om_db_lend(db, &orders, err);
 *     INSERT INTO order_rows (...) SELECT ... FROM chunk_orders
 *
 * On SQLite the table is a virtual one, on PostgreSQL a temporary one filled
 * by COPY ... (FORMAT binary). Rows come in the order in which they are lent
 * (on PostgreSQL ORDER BY a column of theirs says so). Lending the same name
 * again, with the same columns, replaces the rows; the columns of a name never
 * change. Within a transaction of a handle that may write; the loan ends at
 * the next lend of the name, at om_db_unlend or with the transaction. A
 * statement that reads the table can be prepared once it has been lent to this
 * handle, even if only with no rows.
 *
 * Rows that are known to be new are better appended, or inserted without ON
 * CONFLICT: PostgreSQL then takes more than twice as many in the same time.
 *
 * SQLite puts the lent table in the outer loop of a join. Where it must be the
 * inner one (two lent tables, LEFT JOIN), say by which column its rows ascend:
 * that column is searched by bisection, and ORDER BY it costs nothing.
 */
enum om_type { OM_INT, OM_TEXT, OM_BLOB };

struct om_value {
	enum om_type type; /* OM_TEXT and OM_BLOB are in s; s.p NULL is NULL */
	int64_t i;
	struct om_str s;
	bool null;
};

/* Where a cell lies, so that a million of them need no call each: `at` bytes
 * into what the pointer that lies `via` bytes into the row points to. Text and
 * blobs are a struct om_str, of which a NULL pointer is empty, not NULL. */
enum om_cell_kind {
	OM_CELL_CALL, /* nowhere: the cell function is asked */
	OM_CELL_I64,
	OM_CELL_U32, /* enums, too */
	OM_CELL_I32,
	OM_CELL_BOOL,
	OM_CELL_STR,
};

struct om_cell_place {
	enum om_cell_kind kind;
	size_t via;
	size_t at;
};

struct om_lend_column {
	const char *name;
	enum om_type type;
};

/* Fill *out (zeroed, type set) with column col of row. Pure: may be asked
 * again, in any order. */
typedef void om_cell_fn(const void *rows, size_t row, int col,
    struct om_value *out);

struct om_lend {
	const char *name;
	const struct om_lend_column *columns; /* outlive the handle */
	int column_count;
	const void *rows;
	size_t row_count;
	om_cell_fn *cell;		    /* NULL if every cell has a place */
	const struct om_cell_place *places; /* one per column, or NULL */
	size_t row_size;		    /* bytes; with places */
	int sorted_by; /* 1 + the OM_INT column they ascend by, or 0 */
};

OM_MUST_USE int om_db_lend(struct om_db *db, const struct om_lend *table,
    struct om_err *err);
void om_db_unlend(struct om_db *db, const char *name);

/*
 * A short cut for rows that are known to be new, into the table that rows is
 * named after: all its columns. Its name outlives the handle. A row that is
 * there is OM_ECONFLICT. 1: they are in. 0: the engine, or these rows, cannot
 * take it; lend them and insert.
 *
 * On PostgreSQL it is COPY, and takes all. On SQLite the columns are in the
 * order of the table and the rows sorted_by the first, its INTEGER PRIMARY KEY
 * (from 0 to 2^56 - 1); it has no index; no row is longer than a page of 64
 * KiB; NOT NULL and CHECK are not looked at.
 */
OM_MUST_USE int om_db_append(struct om_db *db, const struct om_lend *rows,
    struct om_err *err);

/*
 * The other way round, on SQLite only: a table whose rows lie in a shape of
 * their own, and are found by the caller when a statement asks. Registered
 * under its name, read like any table, never written; a real table of that
 * name comes before it. A search is for one value of the column searched_by;
 * any other question scans. The functions may use the same handle to prepare
 * and step statements, which they reset before they return. What they fail
 * with is what the statement fails with; of codes, OM_EBUSY, OM_EDAMAGED,
 * OM_EIO and OM_EOUTPUT pass, any other becomes OM_EINTERNAL.
 */
struct om_serve {
	const char *name;
	const struct om_lend_column *columns;
	int column_count;
	int searched_by; /* 1 + the OM_INT column */
	/* key NULL: all rows. The cursor stands before the first row. */
	int (*open)(void *arg, const int64_t *key, void **out_cursor,
	    struct om_err *err);
	int (*next)(void *cursor, struct om_err *err); /* 1: a row, 0: none */
	void (*cell)(const void *cursor, int col, struct om_value *out);
	void (*close)(void *cursor);
	void (*free)(void *arg); /* with the handle */
};

/* table outlives the handle; arg is the handle's from success on. */
OM_MUST_USE int om_db_serve(struct om_db *db, const struct om_serve *table,
    void *arg, struct om_err *err);
void *om_db_served(const struct om_db *db, const char *name); /* arg or NULL */

/* Advisory lock by name, held until released or the handle closes. A shared
 * lock excludes an exclusive one. OM_EBUSY if another holds it. PostgreSQL
 * only; on SQLite files io/lock.h does this. */
OM_MUST_USE int om_db_advisory_lock(struct om_db *db, const char *name,
    bool shared, struct om_err *err);
void om_db_advisory_unlock(struct om_db *db, const char *name);

/* For tests: the lines of the engine's plan, separated by newlines: a full
 * scan is "SCAN x" on SQLite and "Seq Scan on x" on PostgreSQL, which is asked
 * for a plan as if scans were dear, so that small tables tell the truth. */
OM_MUST_USE int om_db_plan(struct om_db *db, const char *sql,
    struct om_arena *arena, const char **out, struct om_err *err);

/* For tests: the nth fallible call from now on this handle (exec, begin,
 * commit, prepare, step or run, lend, append) fails with OM_EIO "injected", and then
 * no more. 0 takes it back. Returns how many calls were left to go. */
int om_db_fail_after(struct om_db *db, int n);

#endif
