/* Lending rows of the caller's memory as a table. */
#include "engines.h"

struct row {
	int64_t key;
	const char *text; /* NULL: null */
	const char *bytes;
	size_t size;
	bool no_key;
};

static void
row_cell(const void *rows, size_t i, int col, struct om_value *out)
{
	const struct row *r = (const struct row *)rows + i;

	switch (col) {
	case 0:
		out->i = r->key;
		out->null = r->no_key;
		return;
	case 1:
		out->s = om_str_of(r->text);
		return;
	default:
		out->s = (struct om_str){ r->bytes, r->size };
	}
}

static const struct om_lend_column row_columns[] = {
	{ "k", OM_INT },
	{ "s", OM_TEXT },
	{ "b", OM_BLOB },
};

static void
lend(struct om_db *db, const struct row *rows, size_t n)
{
	const struct om_lend table = {
		.name = "lent",
		.columns = row_columns,
		.column_count = 3,
		.rows = rows,
		.row_count = n,
		.cell = row_cell,
	};
	struct om_err err = { 0 };

	assert_ok(om_db_lend(db, &table, &err));
}

/* Rows that hold only their own number, base and up. */
static void
counted_cell(const void *rows, size_t i, int col, struct om_value *out)
{
	const int64_t *base = rows;

	out->i = col == 0 ? *base + (int64_t)i : 7;
}

static void
lend_numbers(struct om_db *db, const char *name, int64_t base, size_t n,
    int sorted_by)
{
	static const struct om_lend_column columns[] = {
		{ "k", OM_INT },
		{ "v", OM_INT },
	};
	static int64_t bases[2];
	int64_t *own = &bases[name[0] == 'b'];
	const struct om_lend table = {
		.name = name,
		.columns = columns,
		.column_count = 2,
		.rows = own,
		.row_count = n,
		.cell = counted_cell,
		.sorted_by = sorted_by,
	};
	struct om_err err = { 0 };

	*own = base;
	assert_ok(om_db_lend(db, &table, &err));
}

static void
begin(struct om_db *db, struct om_txn *out)
{
	struct om_err err = { 0 };

	assert_ok(om_txn_begin(db, out, &err));
}

static void
every_type_arrives(void **state)
{
	static const struct row rows[] = {
		{ INT64_MIN, "", "", 0, false },
		{ INT64_MAX, "gr\xc3\xbc\xc3\x9f", "\0\xff\0", 3, false },
		{ 0, NULL, NULL, 0, true },
	};
	struct om_db *db = db_of(state);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_stmt *s;

	begin(db, &txn);
	lend(db, rows, 3);
	s = prepared(db, "SELECT * FROM lent");
	assert_int_equal(om_col_count(s), 3);
	assert_string_equal(om_col_name(s, 2), "b");
	assert_int_equal(step(s), 1);
	assert_true(om_col_int(s, 0) == INT64_MIN);
	assert_str(om_col_text(s, 1), "", 0);
	assert_str(om_col_blob(s, 2), "", 0);
	assert_int_equal(step(s), 1);
	assert_true(om_col_int(s, 0) == INT64_MAX);
	assert_str(om_col_text(s, 1), "gr\xc3\xbc\xc3\x9f", 6);
	assert_str(om_col_blob(s, 2), "\0\xff\0", 3);
	assert_int_equal(step(s), 1);
	for (int i = 0; i < 3; i++)
		assert_true(om_col_null(s, i));
	assert_int_equal(step(s), 0);
}

static void
lending_again_shows_the_new_rows_to_a_prepared_statement(void **state)
{
	static const size_t counts[] = { 0, 1, 100000, 3, 0, 2 };
	struct om_db *db = db_of(state);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	const char *sql = "SELECT count(*), CAST(coalesce(sum(k), 0) AS bigint)"
			  " FROM a_lent";

	begin(db, &txn);
	for (size_t i = 0; i < OM_COUNT(counts); i++) {
		int64_t n = (int64_t)counts[i];
		struct om_stmt *s;

		lend_numbers(db, "a_lent", 10, counts[i], 0);
		s = prepared(db, sql);
		assert_int_equal(step(s), 1);
		assert_int_equal(om_col_int(s, 0), n);
		assert_int_equal(om_col_int(s, 1), n * 10 + n * (n - 1) / 2);
	}
}

static void
a_loan_ends_with_unlend_and_with_the_transaction(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };

	begin(db, &txn);
	lend_numbers(db, "a_lent", 0, 5, 0);
	om_db_unlend(db, "other");
	assert_int_equal(number(db, "SELECT count(*) FROM a_lent"), 5);
	om_db_unlend(db, "a_lent");
	assert_int_equal(number(db, "SELECT count(*) FROM a_lent"), 0);
	lend_numbers(db, "a_lent", 0, 6, 0);
	assert_ok(om_txn_commit(&txn, &err));
	assert_int_equal(number(db, "SELECT count(*) FROM a_lent"), 0);
	begin(db, &txn);
	lend_numbers(db, "a_lent", 0, 7, 0);
	assert_int_equal(number(db, "SELECT count(*) FROM a_lent"), 7);
	om_txn_end(&txn);
	assert_int_equal(number(db, "SELECT count(*) FROM a_lent"), 0);
}

/* To take a loan back is to ask the server, and it returns nothing. */
static void
a_server_that_dies_as_a_loan_ends_is_told_by_the_next_call(void **state)
{
	struct om_db *db = db_of(state);
	struct om_txn txn = { 0 };
	struct om_err err = { 0 };
	char sql[80];

	if (om_db_engine(db) == OM_SQLITE)
		return;
	begin(db, &txn);
	lend_numbers(db, "a_lent", 0, 5, 0);
	snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%d, 10000)",
	    (int)number(db, "SELECT pg_backend_pid()"));
	{
		OM_AUTO(om_db_close)
		struct om_db *other = another(*state, OM_DB_WRITE);

		assert_int_equal(step(prepared(other, sql)), 1);
	}
	om_db_unlend(db, "a_lent");
	assert_fails(om_db_exec(db, "SELECT 1;", &err), OM_EREMOTE);
	om_txn_end(&txn);
}

/* On PostgreSQL the rollback takes the temporary table along. */
static void
a_statement_survives_the_rollback_of_its_first_loan(void **state)
{
	struct om_db *db = db_of(state);
	struct om_txn txn = { 0 };
	const char *sql = "SELECT count(*) FROM a_lent";

	begin(db, &txn);
	lend_numbers(db, "a_lent", 0, 5, 0);
	assert_int_equal(number(db, sql), 5);
	om_txn_end(&txn);
	begin(db, &txn);
	lend_numbers(db, "a_lent", 0, 6, 0);
	assert_int_equal(number(db, sql), 6);
	om_txn_end(&txn);
}

static void
insert_select_on_conflict_takes_the_new_and_updates_the_old(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };

	run(db, "CREATE TABLE t (k bigint PRIMARY KEY, v bigint)");
	run(db, "INSERT INTO t (k, v) VALUES (2, 1), (9, 1)");
	begin(db, &txn);
	lend_numbers(db, "a_lent", 0, 4, 0);
	assert_ok(om_stmt_run(prepared(db,
				  "INSERT INTO t (k, v) SELECT k, v FROM a_lent"
				  " WHERE true ON CONFLICT (k)"
				  " DO UPDATE SET v = t.v + excluded.v"),
	    &err));
	assert_int_equal(om_db_changes(db), 4);
	assert_ok(om_txn_commit(&txn, &err));
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 5);
	assert_int_equal(number(db, "SELECT v FROM t WHERE k = 2"), 8);
	assert_int_equal(number(db, "SELECT v FROM t WHERE k = 3"), 7);
}

static void
insert_select_returns_what_it_wrote(void **state)
{
	struct om_db *db = db_of(state);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_stmt *s;

	run(db, "CREATE TABLE t (k bigint PRIMARY KEY)");
	run(db, "INSERT INTO t (k) VALUES (1)");
	begin(db, &txn);
	lend_numbers(db, "a_lent", 0, 3, 0);
	s = prepared(db, "INSERT INTO t (k) SELECT k FROM a_lent WHERE true"
			 " ON CONFLICT (k) DO NOTHING RETURNING k");
	assert_int_equal(step(s), 1);
	assert_int_equal(om_col_int(s, 0), 0);
	assert_int_equal(step(s), 1);
	assert_int_equal(om_col_int(s, 0), 2);
	assert_int_equal(step(s), 0);
}

static void
update_from_and_delete_in_reach_the_rows_named(void **state)
{
	struct om_db *db = db_of(state);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	run(db, "CREATE TABLE t (k bigint PRIMARY KEY, v bigint)");
	run(db, "INSERT INTO t (k, v) VALUES (1, 0), (2, 0), (3, 0), (4, 0)");
	begin(db, &txn);
	lend_numbers(db, "a_lent", 2, 2, 0);
	assert_ok(om_stmt_run(prepared(db, "UPDATE t SET v = a_lent.v FROM"
					   " a_lent WHERE t.k = a_lent.k"),
	    &err));
	assert_int_equal(om_db_changes(db), 2);
	assert_int_equal(number(db, "SELECT CAST(sum(v) AS bigint) FROM t"),
	    14);
	assert_ok(om_stmt_run(prepared(db, "DELETE FROM t WHERE k IN"
					   " (SELECT k FROM a_lent)"),
	    &err));
	assert_int_equal(om_db_changes(db), 2);
	assert_int_equal(number(db, "SELECT count(*) FROM t WHERE v = 0"), 2);
}

/* The lent table drives: the stored one is searched by its key. */
static void
a_join_scans_the_lent_table_and_searches_the_stored_one(void **state)
{
	const struct engine *e = *state;
	struct om_db *db = db_of(state);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_arena arena = { 0 };
	struct om_err err = { 0 };
	const char *plan;

	run(db, "CREATE TABLE t (k bigint PRIMARY KEY, v bigint)");
	run(db, "INSERT INTO t (k, v) VALUES (1, 10), (2, 20)");
	begin(db, &txn);
	lend_numbers(db, "a_lent", 2, 1000, 0);
	assert_int_equal(number(db, "SELECT t.v FROM t JOIN a_lent"
				    " ON t.k = a_lent.k"),
	    20);
	if (!e->postgres) {
		assert_ok(om_db_plan(db,
		    "SELECT t.v FROM t JOIN a_lent ON t.k = a_lent.k", &arena,
		    &plan, &err));
		assert_non_null(strstr(plan, "SCAN a_lent VIRTUAL TABLE"));
		assert_non_null(strstr(plan, "SEARCH t USING INDEX"));
	}
	om_arena_clear(&arena);
}

/* 20,000 by 20,000: without bisection this is 400 million calls. */
static void
a_sorted_loan_is_searched_when_it_is_the_inner_one(void **state)
{
	const struct engine *e = *state;
	struct om_db *db = db_of(state);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_arena arena = { 0 };
	struct om_err err = { 0 };
	const char *plan;
	const char *sql = "SELECT count(b_lent.k) FROM a_lent LEFT JOIN b_lent"
			  " ON b_lent.k = a_lent.k";

	begin(db, &txn);
	lend_numbers(db, "a_lent", 5000, 20000, 1);
	lend_numbers(db, "b_lent", 0, 20000, 1);
	assert_int_equal(number(db, sql), 15000);
	if (!e->postgres) {
		assert_ok(om_db_plan(db, sql, &arena, &plan, &err));
		assert_non_null(strstr(plan, "b_lent VIRTUAL TABLE INDEX 1"));
		assert_ok(om_db_plan(db, "SELECT k FROM a_lent ORDER BY k",
		    &arena, &plan, &err));
		assert_null(strstr(plan, "B-TREE"));
	}
	om_arena_clear(&arena);
}

static void
halved_cell(const void *rows, size_t i, int col, struct om_value *out)
{
	(void)rows;
	(void)col;
	out->i = (int64_t)(i / 2) * 10;
}

static void
a_search_finds_every_equal_row_and_nothing_else(void **state)
{
	static const struct om_lend_column columns[] = { { "k", OM_INT } };
	const struct om_lend table = {
		.name = "pairs",
		.columns = columns,
		.column_count = 1,
		.row_count = 7,
		.cell = halved_cell,
		.sorted_by = 1,
	};
	struct om_db *db = db_of(state);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	begin(db, &txn);
	assert_ok(om_db_lend(db, &table, &err));
	assert_int_equal(number(db, "SELECT count(*) FROM pairs WHERE k = 0"),
	    2);
	assert_int_equal(number(db, "SELECT count(*) FROM pairs WHERE k = 20"),
	    2);
	assert_int_equal(number(db, "SELECT count(*) FROM pairs WHERE k = 30"),
	    1);
	assert_int_equal(number(db, "SELECT count(*) FROM pairs WHERE k = 15"),
	    0);
	assert_int_equal(number(db, "SELECT count(*) FROM pairs WHERE k = 31"),
	    0);
	assert_int_equal(number(db, "SELECT count(*) FROM pairs WHERE k = -1"),
	    0);
	assert_int_equal(number(db,
			     "SELECT count(*) FROM pairs WHERE k = 20.0"),
	    2);
	assert_int_equal(number(db, "SELECT k FROM pairs ORDER BY k DESC"
				    " LIMIT 1"),
	    30);
}

static void
a_column_that_was_not_lent_is_unknown(void **state)
{
	struct om_db *db = db_of(state);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };
	struct om_stmt *s;

	begin(db, &txn);
	lend(db, NULL, 0);
	assert_fails(om_db_prepare(db, "SELECT rows FROM lent", &s, &err),
	    OM_EINTERNAL);
}

/* Values around the size of the buffer that goes to the server. */
static void
a_value_larger_than_any_buffer_arrives_whole(void **state)
{
	const size_t sizes[] = { 1048576 - 40, 1048576, 1048577, 3000001 };
	struct om_db *db = db_of(state);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct row rows[OM_COUNT(sizes)];
	char *bytes = malloc(3000001);
	struct om_stmt *s;

	assert_non_null(bytes);
	for (size_t i = 0; i < 3000001; i++)
		bytes[i] = (char)(i * 31 >> 3);
	for (size_t i = 0; i < OM_COUNT(sizes); i++)
		rows[i] =
		    (struct row){ (int64_t)i, "x", bytes, sizes[i], false };
	begin(db, &txn);
	lend(db, rows, OM_COUNT(sizes));
	s = prepared(db, "SELECT b FROM lent ORDER BY k");
	for (size_t i = 0; i < OM_COUNT(sizes); i++) {
		assert_int_equal(step(s), 1);
		assert_str(om_col_blob(s, 0), bytes, sizes[i]);
	}
	om_txn_end(&txn);
	free(bytes);
}

static void
text_that_the_server_refuses_ends_the_transaction_and_no_more(void **state)
{
	static const struct row bad[] = { { 1, "\xff", "", 0, false } };
	const struct om_lend table = {
		.name = "lent",
		.columns = row_columns,
		.column_count = 3,
		.rows = bad,
		.row_count = 1,
		.cell = row_cell,
	};
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };

	begin(db, &txn);
	assert_fails(om_db_lend(db, &table, &err), OM_EDATA);
	assert_string_equal(err.msg,
	    "lend 'lent': invalid byte sequence for encoding \"UTF8\": 0xff");
	assert_fails(om_txn_commit(&txn, &err), OM_EINTERNAL);
	om_txn_end(&txn);
	assert_int_equal(number(db, "SELECT 1"), 1);
}

static void
lending_makes_way_for_an_open_result_and_keeps_it(void **state)
{
	struct om_db *db = db_of(state);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_stmt *s;

	run(db, "CREATE TABLE t (k bigint PRIMARY KEY)");
	run(db, "INSERT INTO t (k) VALUES (1), (2), (3)");
	begin(db, &txn);
	s = prepared(db, "SELECT k FROM t ORDER BY k");
	assert_int_equal(step(s), 1);
	lend_numbers(db, "a_lent", 0, 10, 0);
	assert_int_equal(step(s), 1);
	assert_int_equal(om_col_int(s, 0), 2);
	om_db_unlend(db, "a_lent");
	assert_int_equal(step(s), 1);
	assert_int_equal(om_col_int(s, 0), 3);
	assert_int_equal(step(s), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(every_type_arrives),
		ON_BOTH(
		    lending_again_shows_the_new_rows_to_a_prepared_statement),
		ON_BOTH(a_loan_ends_with_unlend_and_with_the_transaction),
		ON_BOTH(
		    a_server_that_dies_as_a_loan_ends_is_told_by_the_next_call),
		ON_BOTH(a_statement_survives_the_rollback_of_its_first_loan),
		ON_BOTH(
		    insert_select_on_conflict_takes_the_new_and_updates_the_old),
		ON_BOTH(insert_select_returns_what_it_wrote),
		ON_BOTH(update_from_and_delete_in_reach_the_rows_named),
		ON_BOTH(
		    a_join_scans_the_lent_table_and_searches_the_stored_one),
		ON_BOTH(a_sorted_loan_is_searched_when_it_is_the_inner_one),
		ON_BOTH(a_search_finds_every_equal_row_and_nothing_else),
		ON_BOTH(a_column_that_was_not_lent_is_unknown),
		ON_BOTH(a_value_larger_than_any_buffer_arrives_whole),
		ON(postgres,
		    text_that_the_server_refuses_ends_the_transaction_and_no_more),
		ON_BOTH(lending_makes_way_for_an_open_result_and_keeps_it),
	};

	return cmocka_run_group_tests(tests, start_server, stop_server);
}
