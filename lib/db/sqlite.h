/* sqlite.h - what the SQLite files of lib/db share among themselves. */
#ifndef OM_DB_SQLITE_H
#define OM_DB_SQLITE_H

#include <sqlite3.h>

#include "db/backend.h"

struct om_sqlite_loan;
struct om_sqlite_image;
struct om_sqlite_served;
struct om_sqlite_behind;

struct om_sqlite {
	struct om_db base;
	sqlite3 *conn;
	struct om_sqlite_loan *loans;
	struct om_sqlite_served *served;
	struct om_sqlite_image *image;	 /* list: of tables appended to */
	struct om_sqlite_behind *behind; /* NULL: commits wait for the disk */
};

/* So many pages in the log are moved into the file: 32 MiB go to the disk while
 * others work, more would be waited for at the end. */
#define OM_SQLITE_LOG_PAGES 2000

struct om_sqlite *om_sqlite_of(struct om_db *db);

OM_MUST_USE int om_sqlite_run(struct om_sqlite *db, const char *sql,
    struct om_err *err);

/* Turn what the handle says about rc into *err. */
int om_sqlite_fail(struct om_sqlite *db, int rc, struct om_err *err);

int om_sqlite_prepare(struct om_db *db, const char *sql, struct om_stmt **out,
    struct om_err *err);
void om_sqlite_finalize(struct om_stmt *stmt);
void om_sqlite_bind(struct om_stmt *stmt, int n, const struct om_value *value);
int om_sqlite_step(struct om_stmt *stmt, struct om_err *err);
void om_sqlite_reset(struct om_stmt *stmt);
int om_sqlite_col_count(const struct om_stmt *stmt);
const char *om_sqlite_col_name(const struct om_stmt *stmt, int i);
bool om_sqlite_col_null(const struct om_stmt *stmt, int i);
bool om_sqlite_col_int(const struct om_stmt *stmt, int i, int64_t *out);
struct om_str om_sqlite_col_text(const struct om_stmt *stmt, int i);
struct om_str om_sqlite_col_blob(const struct om_stmt *stmt, int i);

int om_sqlite_lend(struct om_db *db, const struct om_lend *table,
    struct om_err *err);
void om_sqlite_unlend(struct om_db *db, const char *name);
void om_sqlite_loans_free(struct om_sqlite *db); /* after sqlite3_close() */

int om_sqlite_serve(struct om_db *db, const struct om_serve *table, void *arg,
    struct om_err *err);
void *om_sqlite_served(const struct om_db *db, const char *name);
void om_sqlite_served_free(struct om_sqlite *db); /* after sqlite3_close() */

int om_sqlite_append(struct om_db *db, const struct om_lend *rows,
    struct om_err *err);
void om_sqlite_image_free(struct om_sqlite *db); /* after sqlite3_close() */

int om_sqlite_write_behind(struct om_db *db, struct om_err *err);
int om_sqlite_settle(struct om_db *db, struct om_err *err);
void om_sqlite_behind_committed(struct om_sqlite *db);
OM_MUST_USE int om_sqlite_behind_check(struct om_sqlite *db,
    struct om_err *err);
void om_sqlite_behind_free(struct om_sqlite *db); /* before sqlite3_close() */

#endif
