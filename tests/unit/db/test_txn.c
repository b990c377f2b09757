/* Transactions, two results at once, scripts, plans, failures on demand. */
#include "engines.h"

static int64_t
rows_in(struct om_db *db)
{
	return number(db, "SELECT count(*) FROM t");
}

static void
commit_keeps_what_was_written(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };

	run(db, "CREATE TABLE t (n bigint)");
	assert_ok(om_txn_begin(db, &txn, &err));
	run(db, "INSERT INTO t (n) VALUES (1)");
	assert_ok(om_txn_commit(&txn, &err));
	assert_null(txn.db);
	om_txn_end(&txn);
	om_txn_end(&txn);
	assert_int_equal(rows_in(db), 1);
}

static void
begin_and_write(struct om_db *db)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	assert_ok(om_txn_begin(db, &txn, &err));
	run(db, "INSERT INTO t (n) VALUES (1)");
	assert_int_equal(rows_in(db), 1);
}

static void
leaving_scope_uncommitted_leaves_nothing(void **state)
{
	struct om_db *db = db_of(state);

	run(db, "CREATE TABLE t (n bigint)");
	begin_and_write(db);
	assert_int_equal(rows_in(db), 0);
}

static void
closing_the_handle_rolls_back(void **state)
{
	struct om_db *db = db_of(state);
	struct om_db *other = another(*state, OM_DB_WRITE);
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };

	run(db, "CREATE TABLE t (n bigint)");
	assert_ok(om_txn_begin(other, &txn, &err));
	run(other, "INSERT INTO t (n) VALUES (1)");
	assert_int_equal(step(prepared(other, "SELECT n FROM t")), 1);
	om_db_close(&other);
	assert_null(other);
	om_db_close(&other);
	assert_int_equal(rows_in(db), 0);
}

static void
a_failed_call_dooms_the_transaction(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };
	struct om_stmt *s;

	run(db, "CREATE TABLE t (n bigint PRIMARY KEY)");
	assert_ok(om_txn_begin(db, &txn, &err));
	run(db, "INSERT INTO t (n) VALUES (1)");
	assert_fails(om_db_exec(db, "INSERT INTO t (n) VALUES (1)", &err),
	    OM_ECONFLICT);
	assert_fails(om_db_prepare(db, "SELECT 1", &s, &err), OM_EINTERNAL);
	assert_fails(om_txn_commit(&txn, &err), OM_EINTERNAL);
	assert_string_equal(err.msg,
	    "the transaction has failed and can only be ended");
	om_txn_end(&txn);
	assert_int_equal(rows_in(db), 0);
	begin_and_write(db);
}

static void
the_end_of_a_transaction_resets_its_statements(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };
	struct om_stmt *s;

	run(db, "CREATE TABLE t (n bigint)");
	run(db, "INSERT INTO t (n) VALUES (1), (2), (3)");
	s = prepared(db, "SELECT n FROM t ORDER BY n");
	assert_ok(om_txn_begin(db, &txn, &err));
	assert_int_equal(step(s), 1);
	assert_int_equal(step(s), 1);
	assert_int_equal(om_col_int(s, 0), 2);
	assert_ok(om_txn_commit(&txn, &err));
	assert_int_equal(step(s), 1);
	assert_int_equal(om_col_int(s, 0), 1);
}

static void
a_reader_sees_one_snapshot(void **state)
{
	struct om_db *db = db_of(state);
	OM_AUTO(om_db_close) struct om_db *other = another(*state, OM_DB_READ);
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };

	run(db, "CREATE TABLE t (n bigint)");
	assert_ok(om_txn_begin_read(other, &txn, &err));
	assert_int_equal(rows_in(other), 0);
	run(db, "INSERT INTO t (n) VALUES (1)");
	assert_int_equal(rows_in(other), 0);
	assert_ok(om_txn_commit(&txn, &err));
	assert_int_equal(rows_in(other), 1);
}

/* What one writer holds another does not wait for long: the whole file on
 * SQLite, the row on PostgreSQL. */
static void
a_second_writer_is_told_that_it_is_busy(void **state)
{
	const struct engine *e = *state;
	struct om_db *db = db_of(state);
	OM_AUTO(om_db_close) struct om_db *other = another(e, OM_DB_WRITE);
	OM_AUTO(om_txn_end) struct om_txn first = { 0 };
	OM_AUTO(om_txn_end) struct om_txn second = { 0 };
	struct om_err err = { 0 };
	int rc;

	run(db, "CREATE TABLE t (n bigint)");
	run(db, "INSERT INTO t (n) VALUES (1)");
	run(other, "SET lock_timeout = '20ms' --@postgres");
	assert_ok(om_txn_begin(db, &first, &err));
	run(db, "UPDATE t SET n = 2");
	rc = om_txn_begin(other, &second, &err);
	if (e->postgres) {
		assert_ok(rc);
		rc = om_db_exec(other, "UPDATE t SET n = 3", &err);
	}
	assert_fails(rc, OM_EBUSY);
}

/* Two results at once. */

static void
fill(struct om_db *db, int rows)
{
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };
	struct om_stmt *s;

	run(db, "CREATE TABLE t (n bigint PRIMARY KEY, s text)");
	s = prepared(db, "INSERT INTO t (n, s) VALUES ($1, $2)");
	assert_ok(om_txn_begin(db, &txn, &err));
	for (int i = 0; i < rows; i++) {
		om_bind_int(s, 1, i);
		if (i % 3 > 0)
			om_bind_text(s, 2,
			    i % 3 == 1 ? OM_STR("") : OM_STR("x"));
		assert_ok(om_stmt_run(s, &err));
	}
	assert_ok(om_txn_commit(&txn, &err));
}

static void
two_results_interleave(void **state)
{
	struct om_db *db = db_of(state);
	struct om_stmt *a, *b;

	fill(db, 1000);
	a = prepared(db, "SELECT n, s FROM t ORDER BY n");
	b = prepared(db, "SELECT n FROM t ORDER BY n DESC");
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(step(a), 1);
		assert_int_equal(step(b), 1);
		assert_int_equal(om_col_int(a, 0), i);
		assert_int_equal(om_col_null(a, 1), i % 3 == 0);
		assert_int_equal(om_col_text(a, 1).n, i % 3 == 2);
		assert_int_equal(om_col_int(b, 0), 999 - i);
	}
	assert_int_equal(step(a), 0);
	assert_int_equal(step(b), 0);
}

static void
rows_may_be_written_while_others_are_read(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };
	struct om_stmt *from, *to;
	int rc;

	fill(db, 500);
	run(db, "CREATE TABLE u (n bigint)");
	assert_ok(om_txn_begin(db, &txn, &err));
	from = prepared(db, "SELECT n FROM t");
	while ((rc = step(from)) > 0) {
		to = prepared(db, "INSERT INTO u (n) VALUES ($1)");
		om_bind_int(to, 1, om_col_int(from, 0));
		assert_ok(om_stmt_run(to, &err));
	}
	assert_int_equal(rc, 0);
	assert_ok(om_txn_commit(&txn, &err));
	assert_int_equal(number(db, "SELECT CAST(sum(n) AS bigint) FROM u"),
	    499 * 500 / 2);
}

static void
a_result_dropped_in_the_middle_does_no_harm(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };
	struct om_stmt *s;

	fill(db, 500);
	assert_ok(om_txn_begin(db, &txn, &err));
	s = prepared(db, "SELECT n FROM t ORDER BY n");
	assert_int_equal(step(s), 1);
	om_stmt_reset(s);
	assert_int_equal(step(s), 1);
	assert_int_equal(om_col_int(s, 0), 0);
	assert_int_equal(rows_in(db), 500);
	om_stmt_reset(s);
	assert_ok(om_txn_commit(&txn, &err));
}

static void
a_failure_among_rows_read_ahead_is_told_in_its_place(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };
	struct om_stmt *bad, *other;

	bad = prepared(db, "SELECT 100 / (100 - n) FROM"
			   " generate_series(1, 200) AS n");
	assert_int_equal(step(bad), 1);
	assert_fails(om_db_prepare(db, "SELECT 1", &other, &err), OM_EINTERNAL);
	assert_non_null(strstr(err.msg, "division by zero"));
	for (int i = 2; i < 100; i++)
		assert_int_equal(step(bad), 1);
	assert_int_equal(om_col_int(bad, 0), 100);
	err.msg[0] = '\0';
	assert_fails(om_stmt_step(bad, &err), OM_EINTERNAL);
	assert_string_equal(err.msg, "division by zero");
	assert_int_equal(number(db, "SELECT 1"), 1);
}

/* Scripts. */

static void
a_script_keeps_the_lines_of_its_engine(void **state)
{
	const struct engine *e = *state;
	struct om_db *db = db_of(state);

	run(db, "CREATE TABLE t (\n"
		"  n integer --@sqlite\n"
		"  n bigint  --@postgres\n"
		");\n"
		"-- a comment; with a semicolon\n"
		"INSERT INTO t (n) VALUES (1); --@sqlite\n"
		"INSERT INTO t (n) VALUES (2); --@postgres\n");
	assert_int_equal(number(db, "SELECT n FROM t"), e->postgres ? 2 : 1);
	run(db, "");
	run(db, "-- nothing\n");
}

#define SCRIPT_MAX ((size_t)16 * 1024 * 1024)

static void
a_script_has_a_maximum(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };
	char *script = malloc(SCRIPT_MAX + 2);

	assert_non_null(script);
	memset(script, ' ', SCRIPT_MAX + 1);
	script[SCRIPT_MAX + 1] = '\0';
	assert_fails(om_db_exec(db, script, &err), OM_ELIMIT);
	assert_string_equal(err.msg, "script of more than 16777216 bytes");
	script[SCRIPT_MAX] = '\0';
	assert_ok(om_db_exec(db, script, &err));
	free(script);
}

/* Plans. */

static void
a_plan_tells_a_scan_from_a_search(void **state)
{
	const struct engine *e = *state;
	struct om_db *db = db_of(state);
	struct om_arena arena = { 0 };
	struct om_err err = { 0 };
	const char *plan;

	run(db, "CREATE TABLE t (n bigint PRIMARY KEY, s text)");
	assert_ok(om_db_plan(db, "SELECT n FROM t WHERE s = $1", &arena, &plan,
	    &err));
	assert_non_null(strstr(plan, e->postgres ? "Seq Scan on t" : "SCAN t"));
	assert_ok(om_db_plan(db, "SELECT s FROM t WHERE n = $1", &arena, &plan,
	    &err));
	assert_null(strstr(plan, e->postgres ? "Seq Scan" : "SCAN"));
	assert_fails(om_db_plan(db, "SELECT nonsense", &arena, &plan, &err),
	    OM_EINTERNAL);
	assert_ok(om_db_plan(db, "DELETE FROM t WHERE n = $2 AND s = $1",
	    &arena, &plan, &err));
	om_arena_clear(&arena);
}

/* Failures on demand. */

static int
do_one_of_each(struct om_db *db, struct om_err *err)
{
	static const struct om_lend_column columns[] = { { "n", OM_INT } };
	const struct om_lend none = { .name = "lent",
		.columns = columns,
		.column_count = 1 };
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_stmt *s;

	if (om_db_exec(db, "DELETE FROM t", err) < 0 ||
	    om_txn_begin(db, &txn, err) < 0 ||
	    om_db_prepare(db, "INSERT INTO t (n) VALUES (1)", &s, err) < 0 ||
	    om_stmt_run(s, err) < 0 || om_db_lend(db, &none, err) < 0)
		return err->code;
	return om_txn_commit(&txn, err);
}

static void
each_call_fails_in_its_turn(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };
	int n = 0;
	int rc;

	run(db, "CREATE TABLE t (n bigint)");
	do {
		om_db_fail_after(db, ++n);
		rc = do_one_of_each(db, &err);
		if (rc < 0) {
			assert_int_equal(rc, OM_EIO);
			assert_non_null(strstr(err.msg, "injected"));
			assert_int_equal(rows_in(db), 0);
		}
	} while (rc < 0);
	assert_int_equal(n, 7);
	assert_int_equal(om_db_fail_after(db, 0), 1);
	assert_int_equal(rows_in(db), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(commit_keeps_what_was_written),
		ON_BOTH(leaving_scope_uncommitted_leaves_nothing),
		ON_BOTH(closing_the_handle_rolls_back),
		ON_BOTH(a_failed_call_dooms_the_transaction),
		ON_BOTH(the_end_of_a_transaction_resets_its_statements),
		ON_BOTH(a_reader_sees_one_snapshot),
		ON_BOTH(a_second_writer_is_told_that_it_is_busy),
		ON_BOTH(two_results_interleave),
		ON_BOTH(rows_may_be_written_while_others_are_read),
		ON_BOTH(a_result_dropped_in_the_middle_does_no_harm),
		ON(postgres,
		    a_failure_among_rows_read_ahead_is_told_in_its_place),
		ON_BOTH(a_script_keeps_the_lines_of_its_engine),
		ON_BOTH(a_script_has_a_maximum),
		ON_BOTH(a_plan_tells_a_scan_from_a_search),
		ON_BOTH(each_call_fails_in_its_turn),
	};

	return cmocka_run_group_tests(tests, start_server, stop_server);
}
