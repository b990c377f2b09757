/* One-line statements: every letter binds, and failures come through. */
#include "stage.h"

#include <string.h>

#include "spy.h"
#include "store/sql.h"

static void
every_letter_binds_its_type(void **state)
{
	struct om_db *db = om_store_catalog(stage_of(state)->store);
	struct om_str text = OM_STR("a\tb");
	struct om_err err = { 0 };
	struct om_stmt *q;

	db_run(db, "CREATE TABLE t (n bigint, s text, u text)");
	assert_ok(
	    om_sql_run(db, &err, "INSERT INTO t (n, s, u) VALUES ($1, $2, $3)",
		"ist", INT64_MIN, "c string", &text));
	assert_ok(om_sql(db, &q, &err, "SELECT n, s, u FROM t WHERE n = $1",
	    "i", INT64_MIN));
	assert_int_equal(om_stmt_step(q, &err), 1);
	assert_int_equal(om_col_int(q, 0), INT64_MIN);
	assert_true(om_str_is(om_col_text(q, 1), "c string"));
	assert_true(om_str_is(om_col_text(q, 2), "a\tb"));
	assert_int_equal(om_stmt_step(q, &err), 0);
	om_stmt_reset(q);
}

static void
text_that_is_not_there_is_null(void **state)
{
	struct om_db *db = om_store_catalog(stage_of(state)->store);
	struct om_str none = { NULL, 0 };
	const char *nothing = NULL;
	struct om_err err = { 0 };

	db_run(db, "CREATE TABLE t (s text, u text)");
	assert_ok(om_sql_run(db, &err, "INSERT INTO t (s, u) VALUES ($1, $2)",
	    "st", nothing, &none));
	assert_int_equal(db_number(db, "SELECT count(*) FROM t"
				       " WHERE s IS NULL AND u IS NULL"),
	    1);
}

static void
one_integer_is_the_first_of_the_first_row(void **state)
{
	struct om_db *db = om_store_catalog(stage_of(state)->store);
	struct om_err err = { 0 };
	int64_t n = -1;

	db_run(db, "CREATE TABLE t (n bigint)");
	assert_ok(om_sql_int(db, &n, &err, "SELECT n FROM t", ""));
	assert_int_equal(n, 0);
	db_run(db, "INSERT INTO t (n) VALUES (7), (8)");
	assert_ok(om_sql_int(db, &n, &err, "SELECT n FROM t ORDER BY n", ""));
	assert_int_equal(n, 7);
	assert_ok(om_sql_int(db, &n, &err,
	    "SELECT n FROM t WHERE n > $1 ORDER BY n", "i", (int64_t)7));
	assert_int_equal(n, 8);
}

static void
a_statement_that_cannot_be_prepared_is_quoted(void **state)
{
	struct om_db *db = om_store_catalog(stage_of(state)->store);
	struct om_err err = { 0 };
	struct om_stmt *q = NULL;
	int64_t n = 5;

	assert_true(om_sql(db, &q, &err, "SELECT nonsense FROM t", "") < 0);
	assert_non_null(strstr(err.msg, "prepare 'SELECT nonsense FROM t'"));
	assert_null(q);
	assert_true(om_sql_run(db, &err, "SELECT nonsense FROM t", "") < 0);
	assert_true(om_sql_int(db, &n, &err, "SELECT nonsense FROM t", "") < 0);
	assert_int_equal(n, 5);
}

static void
a_step_that_fails_is_told(void **state)
{
	struct om_db *db = om_store_catalog(stage_of(state)->store);
	struct om_err err = { 0 };
	int64_t n = 5;

	spy_fail_at(2);
	assert_fails(om_sql_int(db, &n, &err, "SELECT 1", ""), OM_EIO);
	assert_int_equal(n, 5);
	spy_fail_at(2);
	assert_fails(om_sql_run(db, &err, "SELECT 1", ""), OM_EIO);
	assert_string_equal(err.msg, "injected");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(every_letter_binds_its_type),
		STAGE_BOTH(text_that_is_not_there_is_null),
		STAGE_BOTH(one_integer_is_the_first_of_the_first_row),
		STAGE_BOTH(a_statement_that_cannot_be_prepared_is_quoted),
		STAGE_BOTH(a_step_that_fails_is_told),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
