/* What a server is not sent because all rows have it, and it knows it. */
#include "engines.h"

/* A table with defaults, of which only zero and '' are what a cell of none
 * holds. */
struct four {
	int64_t id;
	int64_t a;
	int64_t b;
	struct om_str c;
	int64_t d;
};

static const struct om_lend_column four_columns[] = {
	{ "id", OM_INT },
	{ "a", OM_INT },
	{ "b", OM_INT },
	{ "c", OM_TEXT },
	{ "d", OM_INT },
};

static void
four_cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct four *f = (const struct four *)rows + row;

	if (col == 3)
		out->s = f->c;
	else
		out->i = col == 0   ? f->id
			 : col == 1 ? f->a
			 : col == 2 ? f->b
				    : f->d;
}

static void
append_four(struct om_db *db, const struct four *rows, size_t n)
{
	const struct om_lend lend = {
		.name = "d",
		.columns = four_columns,
		.column_count = OM_COUNT(four_columns),
		.rows = rows,
		.row_count = n,
		.cell = four_cell,
		.sorted_by = 1,
	};
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };

	assert_ok(om_txn_begin(db, &txn, &err));
	assert_int_equal(om_db_append(db, &lend, &err), 1);
	assert_ok(om_txn_commit(&txn, &err));
}

static void
what_all_rows_have_by_default_is_there_all_the_same(void **state)
{
	static const struct four zeros[] = {
		{ 1, 0, 0, { "", 0 }, 0 },
		{ 2, 0, 0, { "", 0 }, 0 },
	};
	static const struct four others[] = {
		{ 3, 0, 0, { "", 0 }, 0 },
		{ 4, 5, 6, { "x", 1 }, 7 },
	};
	struct om_db *db = db_of(state);

	run(db, "CREATE TABLE d (id INTEGER NOT NULL PRIMARY KEY,"
		" a bigint NOT NULL DEFAULT 0, b bigint NOT NULL DEFAULT 9,"
		" c text NOT NULL DEFAULT '', d integer NOT NULL DEFAULT 0)");
	append_four(db, zeros, OM_COUNT(zeros));
	append_four(db, others, OM_COUNT(others));
	append_four(db, &(const struct four){ 5, 0, 0, { "y", 1 }, 0 }, 1);
	assert_int_equal(number(db, "SELECT count(*) FROM d WHERE a = 0"
				    " AND b = 0 AND c = '' AND d = 0"),
	    3);
	assert_int_equal(number(db,
			     "SELECT count(*) FROM d WHERE id = 4"
			     " AND a = 5 AND b = 6 AND c = 'x' AND d = 7"),
	    1);
	assert_int_equal(number(db, "SELECT count(*) FROM d WHERE id = 5"
				    " AND a = 0 AND b = 0 AND c = 'y'"),
	    1);
}

static void
a_column_that_is_not_there_is_told(void **state)
{
	const struct om_lend lend = {
		.name = "d",
		.columns = four_columns,
		.column_count = OM_COUNT(four_columns),
		.rows = &(const struct four){ 1, 0, 0, { "", 0 }, 0 },
		.row_count = 1,
		.cell = four_cell,
		.sorted_by = 1,
	};
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };

	run(db, "CREATE TABLE d (id bigint, a bigint, b bigint, c text)");
	for (int i = 0; i < 2; i++) {
		assert_ok(om_txn_begin(db, &txn, &err));
		assert_fails(om_db_append(db, &lend, &err), OM_EINTERNAL);
		om_txn_end(&txn);
		assert_string_equal(err.msg,
		    "append to 'd': table 'd' has no column 'd'");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(what_all_rows_have_by_default_is_there_all_the_same),
		ON(postgres, a_column_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, start_server, stop_server);
}
