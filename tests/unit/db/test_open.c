/* Opening, refusing, damage, locks, and a server that goes away. */
#include "engines.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void
assert_refused(const char *url, enum om_db_mode mode, enum om_code code,
    const char *message)
{
	struct om_err err = { 0 };
	struct om_db *db = NULL;

	assert_fails(om_db_open(url, mode, &db, &err), code);
	assert_string_equal(err.msg, message);
	assert_null(db);
}

static void
what_is_missing_is_said_to_be_missing(void **state)
{
	const struct engine *e = *state;
	char url[300];
	char want[400];

	(void)db_of(state);
	snprintf(url, sizeof(url), "%sx", e->url);
	if (e->postgres)
		snprintf(want, sizeof(want), "open '%s': no schema 't%ux'", url,
		    e->made);
	else
		snprintf(want, sizeof(want), "no database '%s'", url);
	assert_refused(url, OM_DB_READ, OM_ESTORE, want);
	assert_refused(url, OM_DB_WRITE, OM_ESTORE, want);
}

static void
a_directory_that_is_missing_is_not_made(void **state)
{
	const struct engine *e = *state;
	char url[300];
	char want[400];

	snprintf(url, sizeof(url), "%s/none/a.db", e->dir);
	snprintf(want, sizeof(want), "no database '%s'", url);
	assert_refused(url, OM_DB_WRITE, OM_ESTORE, want);
	snprintf(want, sizeof(want), "open '%s': unable to open database file",
	    url);
	assert_refused(url, OM_DB_CREATE, OM_EIO, want);
}

static void
write_file(const char *path, size_t at, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, text, strlen(text), (off_t)at),
	    strlen(text));
	close(fd);
}

static void
a_file_that_is_no_database_is_damaged(void **state)
{
	const struct engine *e = *state;
	char path[64];
	char want[128];

	snprintf(path, sizeof(path), "%s/text", e->dir);
	snprintf(want, sizeof(want), "open '%s': file is not a database", path);
	write_file(path, 0, "id,amount\n1,2.50\n");
	assert_refused(path, OM_DB_READ, OM_EDAMAGED, want);
	assert_refused(path, OM_DB_WRITE, OM_EDAMAGED, want);
	assert_refused(path, OM_DB_CREATE, OM_EDAMAGED, want);
}

static void
a_page_of_rubbish_is_damage(void **state)
{
	const struct engine *e = *state;
	struct om_err err = { 0 };
	struct om_stmt *s;
	struct om_db *db;

	run(e->db, "CREATE TABLE t (n bigint); INSERT INTO t (n) VALUES (1);"
		   "PRAGMA wal_checkpoint(TRUNCATE)");
	write_file(e->url, 16384, "this is no page of a b-tree");
	db = another(e, OM_DB_WRITE);
	assert_ok(om_db_prepare(db, "SELECT n FROM t", &s, &err));
	assert_fails(om_stmt_step(s, &err), OM_EDAMAGED);
	assert_string_equal(err.msg, "database disk image is malformed");
	om_db_close(&db);
}

static void
a_handle_for_reading_refuses_to_write(void **state)
{
	struct om_db *db = db_of(state);
	OM_AUTO(om_db_close) struct om_db *reader = NULL;
	struct om_err err = { 0 };

	run(db, "CREATE TABLE t (n bigint)");
	reader = another(*state, OM_DB_READ);
	assert_fails(om_db_exec(reader, "INSERT INTO t (n) VALUES (1)", &err),
	    OM_EUSAGE);
	assert_fails(om_db_exec(reader, "CREATE TABLE u (n bigint)", &err),
	    OM_EUSAGE);
	assert_int_equal(number(reader, "SELECT count(*) FROM t"), 0);
}

static void
a_new_file_is_set_up_for_speed_and_safety(void **state)
{
	struct om_db *db = db_of(state);
	struct om_stmt *s = prepared(db, "PRAGMA journal_mode");

	assert_int_equal(step(s), 1);
	assert_str(om_col_text(s, 0), "wal", 3);
	om_stmt_reset(s);
	assert_int_equal(number(db, "PRAGMA page_size"), 16384);
	assert_int_equal(number(db, "PRAGMA synchronous"), 2);
	assert_int_equal(number(db, "PRAGMA foreign_keys"), 1);
	assert_int_equal(number(db, "PRAGMA temp_store"), 2);
}

static void
a_full_disk_is_an_output_error(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };

	run(db, "CREATE TABLE t (b blob); PRAGMA max_page_count = 3");
	assert_fails(om_db_exec(db, "INSERT INTO t VALUES (zeroblob(100000))",
			 &err),
	    OM_EOUTPUT);
	assert_string_equal(err.msg, "database or disk is full");
}

/* In a child: who cannot write the directory cannot make the -shm file. */
static int
read_as_nobody(const struct engine *e)
{
	struct om_err err = { 0 };
	struct om_stmt *s;
	struct om_db *db;

	if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
		return 2;
	if (om_db_open(e->url, OM_DB_READ, &db, &err) < 0 ||
	    om_db_prepare(db, "SELECT n FROM t", &s, &err) < 0 ||
	    om_stmt_step(s, &err) != 1)
		return 1;
	return om_col_int(s, 0) == 42 ? 0 : 3;
}

static int
status_of_reader(const struct engine *e)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0)
		_exit(read_as_nobody(e));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
a_directory_that_cannot_be_written_can_be_read(void **state)
{
	struct engine *e = *state;
	char wal[300];

	run(e->db, "CREATE TABLE t (n bigint); INSERT INTO t (n) VALUES (42)");
	om_db_close(&e->db);
	assert_int_equal(chmod(e->url, 0444), 0);
	assert_int_equal(chmod(e->dir, 0555), 0);
	assert_int_equal(status_of_reader(e), 0);
	/* with something in the log, the file alone is not the truth */
	snprintf(wal, sizeof(wal), "%s-wal", e->url);
	assert_int_equal(chmod(e->dir, 0755), 0);
	write_file(wal, 0, "frames that wait for a checkpoint");
	assert_int_equal(chmod(e->dir, 0555), 0);
	assert_int_equal(status_of_reader(e), 1);
	assert_int_equal(chmod(e->dir, 0755), 0);
}

/* URLs. */

static void
only_a_postgres_url_is_remote(void **state)
{
	(void)state;
	assert_true(om_db_url_is_remote("postgresql://host/db"));
	assert_true(om_db_url_is_remote("postgres://host/db"));
	assert_false(om_db_url_is_remote("/srv/postgresql://x"));
	assert_false(om_db_url_is_remote("postgresql"));
	assert_false(om_db_url_is_remote("http://host/db"));
}

static void
a_password_in_the_url_is_refused_and_not_repeated(void **state)
{
	static const char *const urls[] = {
		"postgresql://me:secret@host/db",
		"postgres://me:secret@host",
		"postgresql://me:@host/db",
		"postgresql://host/db?password=secret",
		"postgresql://host/db?a=b&sslpassword=secret",
		"postgresql://host/db?p%61ssword=secret",
	};

	(void)state;
	for (size_t i = 0; i < OM_COUNT(urls); i++)
		assert_refused(urls[i], OM_DB_READ, OM_EUSAGE,
		    "a password in a database URL is refused:"
		    " put it into ~/.pgpass");
}

static void
a_url_has_a_maximum(void **state)
{
	char url[4096 + 2] = "postgresql://localhost/";
	struct om_err err = { 0 };
	struct om_db *db = NULL;

	(void)state;
	memset(url + strlen(url), 'x', 4097 - strlen(url));
	assert_refused(url, OM_DB_READ, OM_EUSAGE,
	    "database URL of more than 4096 bytes");
	url[4096] = '\0';
	assert_true(om_db_open(url, OM_DB_READ, &db, &err) < 0);
	assert_null(strstr(err.msg, "more than"));
}

static void
a_bad_url_is_a_usage_error(void **state)
{
	(void)state;
	assert_refused("postgresql://host/db?colour=red", OM_DB_READ, OM_EUSAGE,
	    "open 'postgresql://host/db?colour=red': bad database URL:"
	    " invalid URI query parameter: \"colour\"");
}

static void
a_server_that_is_not_there_is_unreachable(void **state)
{
	struct om_err err = { 0 };
	struct om_db *db = NULL;

	(void)state;
	assert_fails(om_db_open("postgresql:///db?host=/nowhere", OM_DB_READ,
			 &db, &err),
	    OM_EREMOTE);
	assert_non_null(strstr(err.msg, "No such file or directory"));
}

static void
the_server_says_who_may_come_in(void **state)
{
	struct om_err err = { 0 };
	struct om_db *db = NULL;
	char url[256];

	(void)db_of(state);
	snprintf(url, sizeof(url), "%s&user=stranger", pg_url());
	assert_fails(om_db_open(url, OM_DB_READ, &db, &err), OM_EAUTH);
	assert_non_null(strstr(err.msg, ": role \"stranger\" does not exist"));
	snprintf(url, sizeof(url), "%s&dbname=nothing", pg_url());
	assert_fails(om_db_open(url, OM_DB_READ, &db, &err), OM_ESTORE);
	assert_non_null(
	    strstr(err.msg, ": database \"nothing\" does not exist"));
}

static void
a_schema_may_have_any_name(void **state)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	struct om_err err = { 0 };
	struct om_stmt *s;
	char url[256];

	(void)db_of(state);
	snprintf(url, sizeof(url), "%s&schema=a%%22%%20B%%3d&connect_timeout=9",
	    pg_url());
	assert_ok(om_db_open(url, OM_DB_CREATE, &db, &err));
	s = prepared(db, "SELECT current_schema()");
	assert_int_equal(step(s), 1);
	assert_str(om_col_text(s, 0), "a\" B=", 5);
}

/* Locks. */

static void
an_exclusive_lock_excludes_and_shared_ones_share(void **state)
{
	struct om_db *a = db_of(state);
	OM_AUTO(om_db_close) struct om_db *b = another(*state, OM_DB_WRITE);
	struct om_err err = { 0 };

	assert_ok(om_db_advisory_lock(a, "store", true, &err));
	assert_ok(om_db_advisory_lock(b, "store", true, &err));
	assert_fails(om_db_advisory_lock(b, "store", false, &err), OM_EBUSY);
	assert_string_equal(err.msg, "'store' is locked by another");
	om_db_advisory_unlock(a, "store");
	assert_ok(om_db_advisory_lock(b, "store", false, &err));
	assert_fails(om_db_advisory_lock(a, "store", true, &err), OM_EBUSY);
	assert_ok(om_db_advisory_lock(a, "other", false, &err));
	om_db_close(&b);
	/* the server drops a session's locks when it sees it gone, soon */
	run(a, "SET lock_timeout = 0");
	run(a,
	    "SELECT pg_advisory_lock((classid::bigint << 32) | objid::bigint)"
	    " FROM pg_locks WHERE locktype = 'advisory'"
	    " AND pid <> pg_backend_pid()");
	assert_ok(om_db_advisory_lock(a, "store", false, &err));
}

static void
stores_in_two_schemas_do_not_lock_each_other(void **state)
{
	OM_AUTO(om_db_close) struct om_db *b = NULL;
	struct om_err err = { 0 };
	char url[256];

	assert_ok(om_db_advisory_lock(db_of(state), "store", false, &err));
	snprintf(url, sizeof(url), "%s&schema=elsewhere", pg_url());
	assert_ok(om_db_open(url, OM_DB_CREATE, &b, &err));
	assert_ok(om_db_advisory_lock(b, "store", false, &err));
}

static void
a_file_knows_no_advisory_lock(void **state)
{
	struct om_err err = { 0 };

	assert_fails(om_db_advisory_lock(db_of(state), "store", false, &err),
	    OM_EINTERNAL);
	om_db_advisory_unlock(db_of(state), "store");
}

/* The last test: it takes the server away. */
static void
a_server_that_dies_within_a_transaction_is_unreachable(void **state)
{
	struct om_db *db = db_of(state);
	OM_AUTO(om_db_close) struct om_db *idle = another(*state, OM_DB_WRITE);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	OM_AUTO(om_txn_end) struct om_txn second = { 0 };
	struct om_err err = { 0 };
	struct om_stmt *s;

	run(db, "CREATE TABLE t (n bigint)");
	s = prepared(db, "INSERT INTO t (n) VALUES (1)");
	assert_ok(om_txn_begin(db, &txn, &err));
	assert_ok(om_stmt_run(s, &err));
	pg_stop();
	assert_fails(om_stmt_run(s, &err), OM_EREMOTE);
	assert_fails(om_txn_begin(idle, &second, &err), OM_EREMOTE);
	om_txn_end(&txn);
	assert_fails(om_txn_begin(db, &txn, &err), OM_EREMOTE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(what_is_missing_is_said_to_be_missing),
		ON(sqlite, a_directory_that_is_missing_is_not_made),
		ON(sqlite, a_file_that_is_no_database_is_damaged),
		ON(sqlite, a_page_of_rubbish_is_damage),
		ON_BOTH(a_handle_for_reading_refuses_to_write),
		ON(sqlite, a_new_file_is_set_up_for_speed_and_safety),
		ON(sqlite, a_full_disk_is_an_output_error),
		ON(sqlite, a_directory_that_cannot_be_written_can_be_read),
		cmocka_unit_test(only_a_postgres_url_is_remote),
		cmocka_unit_test(
		    a_password_in_the_url_is_refused_and_not_repeated),
		cmocka_unit_test(a_url_has_a_maximum),
		cmocka_unit_test(a_bad_url_is_a_usage_error),
		cmocka_unit_test(a_server_that_is_not_there_is_unreachable),
		ON(postgres, the_server_says_who_may_come_in),
		ON(postgres, a_schema_may_have_any_name),
		ON(postgres, an_exclusive_lock_excludes_and_shared_ones_share),
		ON(postgres, stores_in_two_schemas_do_not_lock_each_other),
		ON(sqlite, a_file_knows_no_advisory_lock),
		ON(postgres,
		    a_server_that_dies_within_a_transaction_is_unreachable),
	};

	return cmocka_run_group_tests(tests, start_server, stop_server);
}
