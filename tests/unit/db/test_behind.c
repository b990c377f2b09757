/* Commits that do not wait for the disk, and the waiting at their end. */
#include "engines.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define BLOB	 "hex(randomblob(500000))" /* a million bytes, 62 pages */
#define MEGABYTE ((off_t)1000000)

/* What the log may come to: what is waited at, and a commit; in megabytes. */
#define LOG_MAX 80

static void
put(struct om_db *db, const char *sql)
{
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };

	assert_ok(om_txn_begin(db, &txn, &err));
	run(db, sql);
	assert_ok(om_txn_commit(&txn, &err));
}

static off_t
size_of(const struct engine *e, const char *suffix)
{
	char path[300];
	struct stat st;

	snprintf(path, sizeof(path), "%s%s", e->url, suffix);
	return stat(path, &st) == 0 ? st.st_size : 0;
}

static void
what_was_written_behind_is_there(void **state)
{
	struct om_db *db = db_of(state);
	struct om_db *other;
	struct om_err err = { 0 };

	run(db, "CREATE TABLE t (n bigint)");
	assert_ok(om_db_write_behind(db, &err));
	put(db, "INSERT INTO t (n) VALUES (1)");
	other = another(*state, OM_DB_READ);
	assert_int_equal(number(other, "SELECT count(*) FROM t"), 1);
	om_db_close(&other);
	assert_ok(om_db_settle(db, &err));
	put(db, "INSERT INTO t (n) VALUES (2)");
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 2);
}

static void
closing_instead_of_settling_keeps_what_was_committed(void **state)
{
	struct om_db *db = db_of(state);
	struct om_db *other = another(*state, OM_DB_WRITE);
	struct om_err err = { 0 };

	run(db, "CREATE TABLE t (n bigint)");
	assert_ok(om_db_write_behind(other, &err));
	put(other, "INSERT INTO t (n) VALUES (1)");
	om_db_close(&other);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
}

static void
only_in_between_commits_do_not_wait(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };

	assert_ok(om_db_settle(db, &err)); /* nothing to do */
	assert_int_equal(number(db, "PRAGMA synchronous"), 2);
	assert_ok(om_db_write_behind(db, &err));
	assert_int_equal(number(db, "PRAGMA synchronous"), 1);
	assert_ok(om_db_settle(db, &err));
	assert_int_equal(number(db, "PRAGMA synchronous"), 2);
	assert_ok(om_db_write_behind(db, &err));
	assert_int_equal(number(db, "PRAGMA synchronous"), 1);
	assert_ok(om_db_settle(db, &err));
}

static void
the_log_is_moved_while_it_is_written(void **state)
{
	struct om_db *db = db_of(state);
	const struct engine *e = *state;
	struct om_err err = { 0 };

	run(db, "CREATE TABLE t (n integer, body text)");
	assert_ok(om_db_write_behind(db, &err));
	for (int i = 0; i < 120; i++)
		put(db, "INSERT INTO t (n, body) VALUES (1, " BLOB ")");
	assert_true(size_of(e, "-wal") < LOG_MAX * MEGABYTE);
	assert_true(size_of(e, "") > (120 - LOG_MAX) * MEGABYTE);
	assert_ok(om_db_settle(db, &err));
	assert_int_equal(number(db, "SELECT sum(length(body)) FROM t"),
	    120 * MEGABYTE);
}

/* Of files that may not grow so large, the log begins anew in time. */
static void
a_file_that_cannot_grow_is_told_of(void **state)
{
	struct om_db *db = db_of(state);
	struct rlimit was;
	struct rlimit small;
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };
	int rc = 0;
	int n = 0;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	small = was;
	small.rlim_cur = 100 * MEGABYTE;
	run(db, "CREATE TABLE t (n integer, body text)");
	assert_ok(om_db_write_behind(db, &err));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	while (rc == 0 && n < 300) {
		rc = om_txn_begin(db, &txn, &err);
		if (rc == 0)
			run(db, "INSERT INTO t (n, body) VALUES (1, " BLOB ")");
		if (rc == 0)
			rc = om_txn_commit(&txn, &err);
		n += rc == 0;
	}
	om_txn_end(&txn);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_fails(rc, OM_EIO);
	assert_true(n >= 90);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), n);
	/* It is told once; what is in the log can still be moved. */
	put(db, "INSERT INTO t (n, body) VALUES (1, 'after')");
	assert_int_equal(number(db, "SELECT count(*) FROM t"), n + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(what_was_written_behind_is_there),
		ON_BOTH(closing_instead_of_settling_keeps_what_was_committed),
		ON(sqlite, only_in_between_commits_do_not_wait),
		ON(sqlite, the_log_is_moved_while_it_is_written),
		ON(sqlite, a_file_that_cannot_grow_is_told_of),
	};

	return cmocka_run_group_tests(tests, start_server, stop_server);
}
