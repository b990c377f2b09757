/* Statements: parameters, columns, results. The contract of db/db.h. */
#include "engines.h"

static void
every_value_comes_back_as_it_went(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };
	struct om_stmt *s;

	run(db, "CREATE TABLE t (n bigint, s text, b bytea) --@postgres\n"
		"CREATE TABLE t (n integer, s text, b blob) --@sqlite\n");
	s = prepared(db, "INSERT INTO t (n, s, b) VALUES ($1, $2, $3)");
	om_bind_int(s, 1, INT64_MIN);
	om_bind_text(s, 2, OM_STR(""));
	om_bind_blob(s, 3, "", 0);
	assert_ok(om_stmt_run(s, &err));
	om_bind_int(s, 1, INT64_MAX);
	om_bind_text(s, 2, OM_STR("gr\xc3\xbc\xc3\x9f"));
	om_bind_blob(s, 3, "\0a\0\xff", 4);
	assert_ok(om_stmt_run(s, &err));
	om_bind_null(s, 1);
	assert_ok(om_stmt_run(s, &err));

	s = prepared(db, "SELECT n, s, b FROM t ORDER BY n IS NULL, n");
	assert_int_equal(step(s), 1);
	assert_true(om_col_int(s, 0) == INT64_MIN);
	assert_str(om_col_text(s, 1), "", 0);
	assert_str(om_col_blob(s, 2), "", 0);
	assert_false(om_col_null(s, 2));
	assert_int_equal(step(s), 1);
	assert_true(om_col_int(s, 0) == INT64_MAX);
	assert_str(om_col_text(s, 1), "gr\xc3\xbc\xc3\x9f", 6);
	assert_str(om_col_blob(s, 2), "\0a\0\xff", 4);
	assert_int_equal(step(s), 1);
	for (int i = 0; i < 3; i++) {
		assert_true(om_col_null(s, i));
		assert_int_equal(om_col_int(s, i), 0);
		assert_null(om_col_text(s, i).p);
		assert_null(om_col_blob(s, i).p);
	}
	assert_int_equal(step(s), 0);
}

static void
a_null_pointer_is_null_and_an_empty_text_is_not(void **state)
{
	struct om_stmt *s = prepared(db_of(state),
	    "SELECT CAST($1 AS text) IS NULL, CAST($2 AS text) IS NULL");

	om_bind_text(s, 1, (struct om_str){ NULL, 0 });
	om_bind_text(s, 2, OM_STR(""));
	assert_int_equal(step(s), 1);
	assert_int_equal(om_col_int(s, 0), 1);
	assert_int_equal(om_col_int(s, 1), 0);
}

static void
numbers_read_as_text_and_text_as_numbers(void **state)
{
	struct om_stmt *s = prepared(db_of(state),
	    "SELECT CAST(-42 AS bigint), CAST(7 AS smallint), 1 = 1,"
	    " '-12', '9223372036854775807'");

	assert_int_equal(step(s), 1);
	assert_str(om_col_text(s, 0), "-42", 3);
	assert_str(om_col_text(s, 1), "7", 1);
	assert_str(om_col_text(s, 2), "1", 1);
	assert_str(om_col_blob(s, 0), "-42", 3);
	assert_int_equal(om_col_int(s, 3), -12);
	assert_true(om_col_int(s, 4) == INT64_MAX);
	assert_int_equal(step(s), 0);
}

/* It may have been read by then, but nothing can be made of it. */
static void
what_is_no_integer_spoils_the_handle(void **state)
{
	static const char *const bad[] = { "12.50", "'-12x'", "''", "'+5'",
		"'x'", "'9223372036854775808'", "'-'", "'7 '" };

	(void)db_of(state);
	for (size_t i = 0; i < OM_COUNT(bad); i++) {
		OM_AUTO(om_db_close)
		struct om_db *other = another(*state, OM_DB_WRITE);
		OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
		struct om_err err = { 0 };
		struct om_stmt *s;
		char sql[80];

		snprintf(sql, sizeof(sql), "SELECT 7 AS a, %s AS b", bad[i]);
		assert_ok(om_txn_begin(other, &txn, &err));
		s = prepared(other, sql);
		assert_int_equal(step(s), 1);
		assert_int_equal(om_col_int(s, 0), 7);
		assert_int_equal(om_col_int(s, 1), 0);
		assert_fails(om_stmt_step(s, &err), OM_EDAMAGED);
		assert_non_null(strstr(err.msg, "column 'b' holds '"));
		assert_non_null(strstr(err.msg, "', which is no integer"));
		assert_true(om_txn_commit(&txn, &err) < 0);
	}
}

static void
a_column_of_integers_of_sqlite_may_hold_something_else(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };
	struct om_stmt *s;

	run(db, "CREATE TABLE t (n integer NOT NULL)");
	run(db, "INSERT INTO t VALUES (12.0), ('13'), (12.5)");
	s = prepared(db, "SELECT n FROM t ORDER BY n");
	assert_int_equal(step(s), 1);
	assert_int_equal(om_col_int(s, 0), 12);
	assert_int_equal(step(s), 1);
	assert_int_equal(om_col_int(s, 0), 0);
	assert_fails(om_stmt_step(s, &err), OM_EDAMAGED);
	assert_string_equal(err.msg,
	    "column 'n' holds '12.5', which is no integer");
	assert_fails(om_db_prepare(db, "SELECT 1", &s, &err), OM_EDAMAGED);
}

/* numeric and date have no binary reader here: the row comes as text */
static void
a_type_of_the_server_alone_turns_the_row_into_text(void **state)
{
	struct om_stmt *s = prepared(db_of(state),
	    "SELECT 12.50, date '2026-11-23', CAST(8 AS bigint), true,"
	    " '\\x00ff'::bytea, NULL, sum(CAST(3 AS bigint))");

	assert_int_equal(step(s), 1);
	assert_str(om_col_text(s, 0), "12.50", 5);
	assert_str(om_col_text(s, 1), "2026-11-23", 10);
	assert_int_equal(om_col_int(s, 2), 8);
	assert_str(om_col_text(s, 3), "1", 1);
	assert_str(om_col_blob(s, 4), "\0\xff", 2);
	assert_true(om_col_null(s, 5));
	assert_int_equal(om_col_int(s, 6), 3);
}

static void
columns_are_named_and_counted_before_the_first_step(void **state)
{
	struct om_stmt *s = prepared(db_of(state), "SELECT 1 AS a, 2 AS b");

	assert_int_equal(om_col_count(s), 2);
	assert_string_equal(om_col_name(s, 0), "a");
	assert_string_equal(om_col_name(s, 1), "b");
	s = prepared(db_of(state), "CREATE TABLE t (n bigint)");
	assert_int_equal(om_col_count(s), 0);
}

static void
the_same_text_gives_the_same_statement_unbound(void **state)
{
	char first[] = "SELECT CAST($1 AS bigint)";
	char again[] = "SELECT CAST($1 AS bigint)";
	struct om_stmt *s = prepared(db_of(state), first);

	om_bind_int(s, 1, 5);
	assert_int_equal(step(s), 1);
	assert_ptr_equal(prepared(db_of(state), again), s);
	assert_int_equal(step(s), 1);
	assert_true(om_col_null(s, 0));
}

static void
a_parameter_may_come_out_of_order_and_twice(void **state)
{
	struct om_stmt *s = prepared(db_of(state),
	    "SELECT CAST($3 AS text), CAST($1 AS bigint), CAST($3 AS text)");

	om_bind_int(s, 1, 1);
	om_bind_text(s, 3, OM_STR("three"));
	assert_int_equal(step(s), 1);
	assert_str(om_col_text(s, 0), "three", 5);
	assert_int_equal(om_col_int(s, 1), 1);
	assert_str(om_col_text(s, 2), "three", 5);
}

/* PostgreSQL takes "$1 + 1" for a sum of 32-bit numbers until it is told. */
static void
a_parameter_holds_64_bits_wherever_it_stands(void **state)
{
	struct om_stmt *s = prepared(db_of(state), "SELECT $1 + 1");

	assert_int_equal(step(s), 1);
	assert_true(om_col_null(s, 0));
	om_stmt_reset(s);
	om_bind_int(s, 1, INT64_MAX - 1);
	assert_int_equal(step(s), 1);
	assert_true(om_col_int(s, 0) == INT64_MAX);
	om_stmt_reset(s);
	assert_int_equal(step(s), 1);
	assert_true(om_col_null(s, 0));
}

static void
parameters_whose_type_only_a_value_tells_prepare_in_a_transaction(void **state)
{
	struct om_db *db = db_of(state);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };
	struct om_stmt *s;

	assert_ok(om_txn_begin(db, &txn, &err));
	s = prepared(db, "SELECT $1 + $2");
	om_bind_int(s, 1, 40);
	om_bind_int(s, 2, 2);
	assert_int_equal(step(s), 1);
	assert_int_equal(om_col_int(s, 0), 42);
	assert_int_equal(number(db, "SELECT 7"), 7);
	assert_ok(om_txn_commit(&txn, &err));
}

static void
a_statement_takes_the_most_parameters_and_all_arrive(void **state)
{
	char sql[1024] = "SELECT CAST($1 AS bigint)";
	struct om_stmt *s;

	for (int i = 2; i <= 64; i++)
		snprintf(sql + strlen(sql), sizeof(sql) - strlen(sql), " + $%d",
		    i);
	s = prepared(db_of(state), sql);
	for (int i = 1; i <= 64; i++)
		om_bind_int(s, i, i);
	assert_int_equal(step(s), 1);
	assert_int_equal(om_col_int(s, 0), 64 * 65 / 2);
}

static void
bad_sql_fails_when_it_is_prepared(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };
	struct om_stmt *s;

	assert_fails(om_db_prepare(db, "SELECT none FROM nowhere", &s, &err),
	    OM_EINTERNAL);
	assert_non_null(
	    strstr(err.msg, "prepare 'SELECT none FROM nowhere': "));
	assert_non_null(strstr(err.msg, "nowhere"));
	run(db, "CREATE TABLE t (n bigint)");
	assert_fails(om_db_prepare(db, "SELECT \"m\" FROM t", &s, &err),
	    OM_EINTERNAL);
	assert_int_equal(number(db, "SELECT 1"), 1);
}

static void
done_stays_done_until_reset(void **state)
{
	struct om_db *db = db_of(state);
	struct om_stmt *s;

	run(db, "CREATE TABLE t (n bigint)");
	s = prepared(db, "INSERT INTO t (n) VALUES (1)");
	assert_int_equal(step(s), 0);
	assert_int_equal(step(s), 0);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
	om_stmt_reset(s);
	assert_int_equal(step(s), 0);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 2);
}

static int64_t
changed_by(struct om_db *db, const char *sql)
{
	struct om_err err = { 0 };

	assert_ok(om_stmt_run(prepared(db, sql), &err));
	return om_db_changes(db);
}

static void
changes_counts_what_a_statement_wrote(void **state)
{
	struct om_db *db = db_of(state);

	run(db, "CREATE TABLE t (n bigint PRIMARY KEY, s text)");
	assert_int_equal(changed_by(db,
			     "INSERT INTO t (n) VALUES (1), (2), (3)"),
	    3);
	assert_int_equal(changed_by(db, "INSERT INTO t (n) VALUES (3), (4)"
					" ON CONFLICT (n) DO NOTHING"),
	    1);
	assert_int_equal(changed_by(db, "UPDATE t SET s = 'x' WHERE n < 3"), 2);
	assert_int_equal(changed_by(db, "SELECT n FROM t"), 0);
	assert_int_equal(changed_by(db, "DELETE FROM t WHERE n > 9"), 0);
	assert_int_equal(changed_by(db, "DELETE FROM t"), 4);
	assert_int_equal(changed_by(db, "CREATE TABLE u (n bigint)"), 0);
}

static void
returning_gives_the_rows_that_were_written(void **state)
{
	struct om_db *db = db_of(state);
	struct om_stmt *s;

	run(db, "CREATE TABLE t (n bigint PRIMARY KEY, s text)");
	s = prepared(db,
	    "INSERT INTO t (n, s) VALUES (1, 'a'), (2, 'b') RETURNING n, s");
	assert_int_equal(step(s), 1);
	assert_int_equal(om_col_int(s, 0), 1);
	assert_int_equal(step(s), 1);
	assert_str(om_col_text(s, 1), "b", 1);
	assert_int_equal(step(s), 0);
	assert_int_equal(om_db_changes(db), 2);
}

static void
a_duplicate_key_is_a_conflict(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };

	run(db, "CREATE TABLE t (n bigint PRIMARY KEY)");
	run(db, "INSERT INTO t (n) VALUES (1)");
	assert_fails(om_stmt_run(prepared(db, "INSERT INTO t (n) VALUES (1)"),
			 &err),
	    OM_ECONFLICT);
	assert_fails(om_db_exec(db, "INSERT INTO t (n) VALUES (1)", &err),
	    OM_ECONFLICT);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
}

static void
text_with_a_nul_byte_is_bad_data_on_postgres(void **state)
{
	struct engine *e = *state;
	struct om_stmt *s = prepared(db_of(state), "SELECT CAST($1 AS text)");
	struct om_err err = { 0 };

	om_bind_text(s, 1, (struct om_str){ "a\0b", 3 });
	if (e->postgres) {
		assert_fails(om_stmt_step(s, &err), OM_EDATA);
		assert_string_equal(err.msg,
		    "invalid byte sequence for encoding \"UTF8\": 0x00");
	} else {
		assert_int_equal(step(s), 1);
		assert_str(om_col_text(s, 0), "a\0b", 3);
	}
}

static void
text_sorts_by_bytes_where_the_query_says_so(void **state)
{
	struct om_stmt *s = prepared(db_of(state),
	    "SELECT x FROM (SELECT 'b' AS x UNION ALL SELECT 'B' UNION ALL"
	    " SELECT '\xc3\xa4' UNION ALL SELECT 'ba') AS t"
	    " ORDER BY x COLLATE \"C\"");
	const char *want[] = { "B", "b", "ba", "\xc3\xa4" };

	for (size_t i = 0; i < OM_COUNT(want); i++) {
		assert_int_equal(step(s), 1);
		assert_str(om_col_text(s, 0), want[i], strlen(want[i]));
	}
	assert_int_equal(step(s), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(every_value_comes_back_as_it_went),
		ON_BOTH(a_null_pointer_is_null_and_an_empty_text_is_not),
		ON_BOTH(numbers_read_as_text_and_text_as_numbers),
		ON_BOTH(what_is_no_integer_spoils_the_handle),
		ON(sqlite,
		    a_column_of_integers_of_sqlite_may_hold_something_else),
		ON(postgres,
		    a_type_of_the_server_alone_turns_the_row_into_text),
		ON_BOTH(columns_are_named_and_counted_before_the_first_step),
		ON_BOTH(the_same_text_gives_the_same_statement_unbound),
		ON_BOTH(a_parameter_may_come_out_of_order_and_twice),
		ON_BOTH(a_parameter_holds_64_bits_wherever_it_stands),
		ON_BOTH(
		    parameters_whose_type_only_a_value_tells_prepare_in_a_transaction),
		ON_BOTH(a_statement_takes_the_most_parameters_and_all_arrive),
		ON_BOTH(bad_sql_fails_when_it_is_prepared),
		ON_BOTH(done_stays_done_until_reset),
		ON_BOTH(changes_counts_what_a_statement_wrote),
		ON_BOTH(returning_gives_the_rows_that_were_written),
		ON_BOTH(a_duplicate_key_is_a_conflict),
		ON_BOTH(text_with_a_nul_byte_is_bad_data_on_postgres),
		ON_BOTH(text_sorts_by_bytes_where_the_query_says_so),
	};

	return cmocka_run_group_tests(tests, start_server, stop_server);
}
