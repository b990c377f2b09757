/*
 * sqlite_behind.c - SQLite: commits that do not wait for the disk.
 *
 * A commit appends to the log (the -wal file) and goes on. Another thread, with
 * a handle of its own, moves what is in the log into the file as it grows, and
 * waits for the disk meanwhile. What a kill leaves is whole, as ever: it is in
 * the system's cache. A loss of power leaves a beginning of the log, since each
 * of its frames carries a sum over all before it; and the file itself is only
 * written after the log is on the disk. See "Write-Ahead Logging", section 3.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "base/pool.h"
#include "base/queue.h"
#include "db/sqlite.h"

/* Pages in the log at which they begin to be moved, and at which the writer
 * waits until all are, whereupon the log begins anew: 16 and 64 MiB. A log that
 * is let grow further costs more memory and time than waiting does. */
#define MOVE_AT 1000
#define WAIT_AT 4096

struct om_sqlite_behind {
	struct om_sqlite own; /* a handle of the mover's */
	struct om_pool *mover;
	struct om_queue *ask;	/* a move; the pointer tells who asks */
	struct om_queue *moved; /* answers to those who wait */
	atomic_bool busy;
	atomic_bool failed;
	int pages; /* in the log, at the last commit */
};

/* Somebody else may be moving them: they are moved all the same. */
static int
move(struct om_sqlite_behind *b, struct om_err *err)
{
	int rc = sqlite3_wal_checkpoint_v2(b->own.conn, "main",
	    SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

	if (rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY)
		return 0;
	atomic_store(&b->failed, true);
	return om_sqlite_fail(&b->own, rc, err);
}

/* After a failure there is nothing to be done but to answer. */
static int
run_mover(void *arg, struct om_err *err)
{
	struct om_sqlite_behind *b = arg;
	void *asked;

	while ((asked = om_queue_pop(b->ask)) != NULL) {
		if (!atomic_load(&b->failed))
			(void)move(b, err);
		atomic_store(&b->busy, false);
		if (asked == b->moved)
			(void)om_queue_push(b->moved, asked);
	}
	return atomic_load(&b->failed) ? (int)err->code : 0;
}

static int
count_pages(void *arg, sqlite3 *conn, const char *name, int pages)
{
	struct om_sqlite_behind *b = arg;

	(void)conn;
	(void)name;
	b->pages = pages;
	return SQLITE_OK;
}

/* The first look at the file makes the handle one of a file with a log. */
static const char mover_settings[] = "PRAGMA synchronous = normal;"
				     "SELECT count(*) FROM sqlite_schema";

static int
open_mover(struct om_sqlite *db, struct om_sqlite_behind *b, struct om_err *err)
{
	int rc = sqlite3_open_v2(sqlite3_db_filename(db->conn, "main"),
	    &b->own.conn, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

	b->own.base.mode = OM_DB_WRITE;
	return rc == SQLITE_OK ? om_sqlite_run(&b->own, mover_settings, err)
			       : om_sqlite_fail(&b->own, rc, err);
}

/* Stop the mover; what it failed with, if it did. */
static int
stop(struct om_sqlite *db, struct om_err *err)
{
	struct om_sqlite_behind *b = db->behind;
	int rc;

	om_queue_close(b->ask);
	rc = om_pool_wait(&b->mover, err);
	om_queue_free(&b->ask);
	om_queue_free(&b->moved);
	sqlite3_close(b->own.conn);
	sqlite3_wal_autocheckpoint(db->conn, OM_SQLITE_LOG_PAGES);
	free(b);
	db->behind = NULL;
	return rc;
}

int
om_sqlite_write_behind(struct om_db *base, struct om_err *err)
{
	struct om_sqlite *db = om_sqlite_of(base);
	struct om_sqlite_behind *b = om_db_alloc(sizeof(*b));
	void *arg = b;

	b->ask = om_queue_new(1);
	b->moved = om_queue_new(1);
	db->behind = b;
	if (open_mover(db, b, err) < 0 ||
	    om_sqlite_run(db, "PRAGMA synchronous = normal", err) < 0 ||
	    om_pool_start(run_mover, &arg, 1, &b->mover, err) < 0) {
		om_sqlite_behind_free(db);
		return err->code;
	}
	sqlite3_wal_hook(db->conn, count_pages, b);
	return 0;
}

void
om_sqlite_behind_free(struct om_sqlite *db)
{
	struct om_err late = { 0 };

	if (db->behind != NULL)
		(void)stop(db, &late);
}

/* After a commit. The log begins anew if all of it is in the file when the
 * next transaction begins, so at times that is waited for. */
void
om_sqlite_behind_committed(struct om_sqlite *db)
{
	struct om_sqlite_behind *b = db->behind;

	if (b == NULL || b->pages < MOVE_AT)
		return;
	if (b->pages >= WAIT_AT) {
		(void)om_queue_push(b->ask, b->moved);
		(void)om_queue_pop(b->moved);
	} else if (!atomic_exchange(&b->busy, true)) {
		(void)om_queue_push(b->ask, b);
	}
}

/* Before a transaction: no log may grow that nobody empties. */
int
om_sqlite_behind_check(struct om_sqlite *db, struct om_err *err)
{
	if (db->behind == NULL || !atomic_load(&db->behind->failed))
		return 0;
	return stop(db, err);
}

/* The log holds what is not in the file; what is there is on the disk. */
static int
sync_log(struct om_sqlite *db, struct om_err *err)
{
	sqlite3_file *log = NULL;
	int rc = sqlite3_file_control(db->conn, "main",
	    SQLITE_FCNTL_JOURNAL_POINTER, &log);

	if (rc == SQLITE_OK && log != NULL && log->pMethods != NULL)
		rc = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
	return rc == SQLITE_OK ? 0 : om_sqlite_fail(db, rc, err);
}

int
om_sqlite_settle(struct om_db *base, struct om_err *err)
{
	struct om_sqlite *db = om_sqlite_of(base);

	if (db->behind == NULL)
		return 0;
	if (stop(db, err) < 0 ||
	    om_sqlite_run(db, "PRAGMA synchronous = full", err) < 0)
		return err->code;
	return sync_log(db, err);
}
