/* sqlite.c - SQLite: opening a file, transactions, plans. */
#include "db/sqlite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BUSY_MS 100
#define URI_MAX ((size_t)16 * 1024)

void
om_db_setup(void)
{
	/* The allocation counter sits behind a mutex that all threads share:
	 * without it two writers gain a fifth. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	sqlite3_initialize();
}

struct om_sqlite *
om_sqlite_of(struct om_db *db)
{
	return (struct om_sqlite *)db;
}

static enum om_code
code_of(const struct om_sqlite *db, int rc)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return OM_EBUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return OM_EDAMAGED;
	case SQLITE_FULL:
		return OM_EOUTPUT;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return OM_EIO;
	case SQLITE_READONLY:
		return db->base.mode == OM_DB_READ ? OM_EUSAGE : OM_EIO;
	case SQLITE_CONSTRAINT:
		return OM_ECONFLICT;
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return OM_EAUTH;
	default:
		return OM_EINTERNAL;
	}
}

int
om_sqlite_fail(struct om_sqlite *db, int rc, struct om_err *err)
{
	/* Who reads a file that has a log needs 32 KiB beside it. */
	if (rc == SQLITE_IOERR_SHMSIZE)
		return om_fail(err, OM_EOUTPUT,
		    "no room for the index of its log: the disk is full");
	return om_fail(err, code_of(db, rc), "%s", sqlite3_errmsg(db->conn));
}

int
om_sqlite_run(struct om_sqlite *db, const char *sql, struct om_err *err)
{
	int rc = sqlite3_exec(db->conn, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : om_sqlite_fail(db, rc, err);
}

static void
sqlite_close(struct om_db *base)
{
	struct om_sqlite *db = om_sqlite_of(base);

	om_sqlite_behind_free(db);
	sqlite3_close(db->conn);
	om_sqlite_loans_free(db);
	om_sqlite_served_free(db);
	om_sqlite_image_free(db);
	free(db);
}

static int
sqlite_exec(struct om_db *db, const char *script, struct om_err *err)
{
	return om_sqlite_run(om_sqlite_of(db), script, err);
}

static int
sqlite_begin(struct om_db *base, bool write, struct om_err *err)
{
	struct om_sqlite *db = om_sqlite_of(base);

	if (om_sqlite_behind_check(db, err) < 0)
		return err->code;
	return om_sqlite_run(db, write ? "BEGIN IMMEDIATE" : "BEGIN", err);
}

static int
sqlite_commit(struct om_db *base, struct om_err *err)
{
	struct om_sqlite *db = om_sqlite_of(base);

	if (om_sqlite_run(db, "COMMIT", err) < 0)
		return err->code;
	om_sqlite_behind_committed(db);
	return 0;
}

static void
sqlite_rollback(struct om_db *base)
{
	struct om_sqlite *db = om_sqlite_of(base);

	/* A full disk may have made SQLite roll back by itself. */
	if (!sqlite3_get_autocommit(db->conn))
		sqlite3_exec(db->conn, "ROLLBACK", NULL, NULL, NULL);
}

static int
no_advisory_lock(struct om_db *db, const char *name, bool shared,
    struct om_err *err)
{
	(void)db;
	(void)shared;
	return om_fail(err, OM_EINTERNAL,
	    "advisory lock '%s': a file is locked by its lock file", name);
}

static void
no_advisory_unlock(struct om_db *db, const char *name)
{
	(void)db;
	(void)name;
}

static int
plan_line(void *out, int count, char **values, char **names)
{
	(void)names;
	om_buf_printf(out, "%s\n", count == 4 ? values[3] : "");
	return 0;
}

static int
sqlite_plan(struct om_db *base, const char *sql, struct om_buf *out,
    struct om_err *err)
{
	struct om_sqlite *db = om_sqlite_of(base);
	char *text = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
	int rc = sqlite3_exec(db->conn, text, plan_line, out, NULL);

	sqlite3_free(text);
	return rc == SQLITE_OK ? 0 : om_sqlite_fail(db, rc, err);
}

const struct om_db_ops om_sqlite_ops = {
	.engine = OM_SQLITE,
	.close = sqlite_close,
	.exec = sqlite_exec,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.prepare = om_sqlite_prepare,
	.finalize = om_sqlite_finalize,
	.bind = om_sqlite_bind,
	.step = om_sqlite_step,
	.reset = om_sqlite_reset,
	.col_count = om_sqlite_col_count,
	.col_name = om_sqlite_col_name,
	.col_null = om_sqlite_col_null,
	.col_int = om_sqlite_col_int,
	.col_text = om_sqlite_col_text,
	.col_blob = om_sqlite_col_blob,
	.lend = om_sqlite_lend,
	.unlend = om_sqlite_unlend,
	.append = om_sqlite_append,
	.write_behind = om_sqlite_write_behind,
	.settle = om_sqlite_settle,
	.serve = om_sqlite_serve,
	.served = om_sqlite_served,
	.advisory_lock = no_advisory_lock,
	.advisory_unlock = no_advisory_unlock,
	.plan = sqlite_plan,
};

/* Opening. */

static int
check_exists(const char *path, struct om_err *err)
{
	struct stat st;

	if (stat(path, &st) == 0)
		return 0;
	if (errno == ENOENT || errno == ENOTDIR)
		return om_fail(err, OM_ESTORE, "no database '%s'", path);
	return om_fail(err, errno == EACCES ? OM_EAUTH : OM_EIO,
	    "open '%s': %s", path, strerror(errno));
}

/* "file:" and the path with what a URI reserves written as %XX. */
static void
uri_of(const char *path, const char *query, struct om_buf *out)
{
	om_buf_text(out, *path == '/' ? "file://" : "file:");
	for (; *path != '\0'; path++)
		if (strchr("%?#", *path) == NULL)
			om_buf_char(out, *path);
		else
			om_buf_printf(out, "%%%02X", (unsigned)*path);
	om_buf_text(out, query);
}

/* A reader of a WAL file must be able to make the -shm file. Where it cannot
 * (a read-only mount, somebody else's directory) and no -wal file waits to be
 * read, the file cannot be changing either, and may be read as it lies. */
static bool
may_be_immutable(const char *path)
{
	OM_AUTO(om_buf_fini) struct om_buf wal = { .max = URI_MAX };
	struct stat st;

	om_buf_printf(&wal, "%s-wal", path);
	return !om_buf_over(&wal) && stat(om_buf_view(&wal).p, &st) < 0 &&
	       errno == ENOENT;
}

/* PostgreSQL's name for the order of bytes, so that ORDER BY x COLLATE "C" is
 * the same text on both. */
static int
compare_bytes(void *arg, int na, const void *a, int nb, const void *b)
{
	(void)arg;
	return om_str_cmp((struct om_str){ a, (size_t)na },
	    (struct om_str){ b, (size_t)nb });
}

static int
connect_as(struct om_sqlite *db, const char *path, int flags,
    struct om_err *err)
{
	int rc =
	    sqlite3_open_v2(path, &db->conn, flags | SQLITE_OPEN_NOMUTEX, NULL);

	if (rc != SQLITE_OK)
		return om_sqlite_fail(db, rc, err);
	sqlite3_extended_result_codes(db->conn, 1);
	sqlite3_busy_timeout(db->conn, BUSY_MS);
	/* "no_such_column" is an error here as it is on PostgreSQL */
	sqlite3_db_config(db->conn, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db->conn, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_create_collation(db->conn, "C", SQLITE_UTF8, NULL,
	    compare_bytes);
	/* The first look at the file itself. */
	return om_sqlite_run(db, "SELECT count(*) FROM sqlite_schema", err);
}

static int
connect_reader(struct om_sqlite *db, const char *path, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf uri = { .max = URI_MAX };
	int rc = connect_as(db, path, SQLITE_OPEN_READONLY, err);
	int why = rc < 0 ? sqlite3_errcode(db->conn) & 0xff : SQLITE_OK;

	if ((why != SQLITE_CANTOPEN && why != SQLITE_READONLY) ||
	    !may_be_immutable(path))
		return rc;
	sqlite3_close(db->conn);
	db->conn = NULL;
	uri_of(path, "?immutable=1", &uri);
	if (om_buf_over(&uri))
		return rc;
	return connect_as(db, om_buf_view(&uri).p,
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
}

static const char settings[] = "PRAGMA cache_size = -65536;"
			       "PRAGMA temp_store = memory;"
			       "PRAGMA foreign_keys = on;";

/* page_size holds only for a file that is new. synchronous = full: in WAL mode
 * a commit is then on the disk when it returns. secure_delete = fast: what is
 * no longer needed is not written once more to be zeros, as Debian's SQLite
 * would have it. */
static const char writer_settings[] = "PRAGMA page_size = 16384;"
				      "PRAGMA journal_mode = wal;"
				      "PRAGMA synchronous = full;"
				      "PRAGMA secure_delete = fast;";

static int
connect_and_set(struct om_sqlite *db, const char *path, struct om_err *err)
{
	int flags = SQLITE_OPEN_READWRITE;

	if (db->base.mode == OM_DB_READ)
		return connect_reader(db, path, err) < 0
			   ? (int)err->code
			   : om_sqlite_run(db, settings, err);
	if (db->base.mode == OM_DB_CREATE)
		flags |= SQLITE_OPEN_CREATE;
	if (connect_as(db, path, flags, err) < 0 ||
	    om_sqlite_run(db, writer_settings, err) < 0)
		return err->code;
	sqlite3_wal_autocheckpoint(db->conn, OM_SQLITE_LOG_PAGES);
	return om_sqlite_run(db, settings, err);
}

int
om_sqlite_open(const char *path, enum om_db_mode mode, struct om_db **out,
    struct om_err *err)
{
	struct om_sqlite *db;

	if (mode != OM_DB_CREATE && check_exists(path, err) < 0)
		return err->code;
	db = om_db_alloc(sizeof(*db));
	db->base.ops = &om_sqlite_ops;
	db->base.mode = mode;
	if (connect_and_set(db, path, err) < 0) {
		sqlite_close(&db->base);
		return om_wrap(err, "open '%s'", path);
	}
	*out = &db->base;
	return 0;
}
