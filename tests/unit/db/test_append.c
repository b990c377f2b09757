/* Appending rows, by way of SQLite's file format or by COPY: what is in must be
 * what an insert would have put there. */
#include "engines.h"

#include "base/buf.h"

#define TEXT_MAX 70000

/* A row of table t: a place for each kind, and two that are asked for. */
struct body {
	uint32_t u32;
	int32_t i32;
	bool flag;
	struct om_str text;
	struct om_str blob;
};

struct made {
	int64_t id;
	int64_t i64;
	const int64_t *id_at;
	const int64_t *i64_at;
	struct body *body;
	bool null;
};

static const struct om_lend_column columns[] = {
	{ "id", OM_INT },
	{ "i64", OM_INT },
	{ "u32", OM_INT },
	{ "i32", OM_INT },
	{ "flag", OM_INT },
	{ "body", OM_TEXT },
	{ "bytes", OM_BLOB },
	{ "maybe", OM_TEXT },
};

#define IN_BODY(kind, field)                                                   \
	{                                                                      \
		OM_CELL_##kind, offsetof(struct made, body),                   \
		    offsetof(struct body, field)                               \
	}

static const struct om_cell_place places[] = {
	{ OM_CELL_I64, offsetof(struct made, id_at), 0 },
	{ OM_CELL_I64, offsetof(struct made, i64_at), 0 },
	IN_BODY(U32, u32),
	IN_BODY(I32, i32),
	IN_BODY(BOOL, flag),
	IN_BODY(STR, text),
	IN_BODY(STR, blob),
	{ .kind = OM_CELL_CALL },
};

static const char create[] =
    "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, i64 bigint NOT NULL,"
    " u32 integer NOT NULL, i32 integer NOT NULL, flag integer NOT NULL,"
    " body text NOT NULL, bytes blob NOT NULL, maybe text); --@sqlite\n"
    "CREATE TABLE t (id bigint PRIMARY KEY, i64 bigint, u32 bigint,"
    " i32 integer, flag integer, body text, bytes bytea, maybe text);"
    " --@postgres\n"
    "CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY, n integer);";
static const char insert[] =
    "INSERT INTO same SELECT id, i64, u32, i32, flag, body, bytes, maybe"
    " FROM lent";

static void
cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct made *m = (const struct made *)rows + row;

	assert_int_equal(col, 7);
	out->null = m->null;
	out->s = m->body->blob;
}

struct rows {
	struct made *made;
	struct body *body;
	char *text;
	size_t n;
};

static void
rows_free(struct rows *r)
{
	free(r->made);
	free(r->body);
	free(r->text);
}

/* Numbers around every border of SQLite's storage classes. */
static int64_t
odd_number(uint64_t i)
{
	unsigned shift = (unsigned)(i % 64);
	uint64_t v = (UINT64_C(1) << shift) - 1 + i / 64 % 3;

	return i % 2 == 0 ? (int64_t)v : (int64_t)~v;
}

/* n rows from id on, each with text_of + i % 7 bytes of text. */
static struct rows
make(size_t n, int64_t id, size_t text_of)
{
	struct rows r = { .n = n };

	r.made = calloc(n + 1, sizeof(*r.made));
	r.body = calloc(n + 1, sizeof(*r.body));
	r.text = malloc(TEXT_MAX);
	assert_true(r.made != NULL && r.body != NULL && r.text != NULL);
	for (size_t i = 0; i < TEXT_MAX; i++)
		r.text[i] = (char)('a' + i % 26);
	for (size_t i = 0; i < n; i++) {
		r.body[i] = (struct body){
			.u32 = (uint32_t)odd_number(i),
			.i32 = (int32_t)odd_number(i),
			.flag = i % 3 == 0,
			.text = { i % 5 == 0 ? NULL : r.text,
			    i % 5 == 0 ? 0 : text_of + i % 7 },
			.blob = { r.text + 1, i % 4 },
		};
		r.made[i] = (struct made){
			.id = id + (int64_t)(i * i % 3 + 3 * i),
			.i64 = odd_number(i),
			.body = &r.body[i],
			.null = i % 2 == 0,
		};
	}
	for (size_t i = 0; i < n; i++) {
		r.made[i].id_at = &r.made[i].id;
		r.made[i].i64_at = &r.made[i].i64;
	}
	return r;
}

static struct om_lend
lend_of(const struct rows *r, const char *name)
{
	return (struct om_lend){
		.name = name,
		.columns = columns,
		.column_count = OM_COUNT(columns),
		.rows = r->made,
		.row_count = r->n,
		.cell = cell,
		.places = places,
		.row_size = sizeof(struct made),
		.sorted_by = 1,
	};
}

static int
append(struct om_db *db, const struct rows *r, struct om_err *err)
{
	const struct om_lend lend = lend_of(r, "t");

	return om_db_append(db, &lend, err);
}

/* Into t by the short cut, into same by an insert; 1 if it could be taken. */
static int
put_both(struct om_db *db, const struct rows *r)
{
	const struct om_lend lend = lend_of(r, "lent");
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };
	int rc;

	assert_ok(om_txn_begin(db, &txn, &err));
	rc = append(db, r, &err);
	assert_ok(rc);
	if (rc == 1) {
		assert_ok(om_db_lend(db, &lend, &err));
		assert_ok(om_stmt_run(prepared(db, insert), &err));
	}
	assert_ok(om_txn_commit(&txn, &err));
	return rc;
}

static void
expect_same(struct om_db *db, int64_t n)
{
	assert_int_equal(number(db, "SELECT count(*) FROM t"), n);
	assert_int_equal(number(db, "SELECT count(*) FROM same"), n);
	assert_int_equal(number(db,
			     "SELECT count(*) FROM (SELECT * FROM t EXCEPT"
			     " SELECT * FROM same) x"),
	    0);
	if (om_db_engine(db) == OM_SQLITE)
		assert_int_equal(
		    number(db, "SELECT count(*) FROM pragma_integrity_check"
			       " WHERE integrity_check = 'ok'"),
		    1);
}

static struct om_db *
furnished(void **state)
{
	struct om_db *db = db_of(state);

	run(db, create);
	run(db, "CREATE TABLE same AS SELECT * FROM t");
	return db;
}

static void
what_is_appended_is_what_an_insert_puts_there(void **state)
{
	static const size_t counts[] = { 1, 2, 3, 100, 640, 5000, 40000 };
	struct om_db *db = furnished(state);
	int64_t id = 1;
	int64_t n = 0;

	for (size_t i = 0; i < OM_COUNT(counts); i++) {
		OM_AUTO(rows_free) struct rows r = make(counts[i], id, i * 30);

		assert_int_equal(put_both(db, &r), 1);
		id = r.made[r.n - 1].id + 1;
		n += (int64_t)r.n;
		expect_same(db, n);
	}
}

/* One record of so many bytes fits a page, one of a byte more does not. */
static void
a_row_that_fills_a_page_goes_in_and_a_longer_one_does_not(void **state)
{
	struct om_db *db = furnished(state);
	size_t text = 65536 - 100;
	int64_t id = 1;
	int rc;

	do {
		OM_AUTO(rows_free) struct rows r = make(2, id, text++);

		rc = put_both(db, &r);
		id += rc == 1 ? 10 : 0;
	} while (rc == 1);
	assert_in_range(text, 65536 - 90, 65536);
	assert_in_range(id, 100, 1000);
	expect_same(db, (id - 1) / 10 * 2);
}

/* Rows of half a page each: a root has room for some thousand leaves. */
static void
many_leaves_make_one_tree(void **state)
{
	struct om_db *db = furnished(state);
	OM_AUTO(rows_free) struct rows r = make(900, INT64_C(1) << 40, 33000);

	assert_int_equal(put_both(db, &r), 1);
	expect_same(db, 900);
}

/* Rows of twelve bytes with their pointers, the first one a byte longer every
 * time: a leaf is left with any number of bytes that is too few. */
static void
a_leaf_is_filled_to_its_last_byte(void **state)
{
	static const struct om_cell_place in_v[] = {
		{ OM_CELL_I64, offsetof(struct made, id_at), 0 },
		IN_BODY(STR, text),
	};
	static const struct om_lend_column of_v[] = { { "id", OM_INT },
		{ "body", OM_TEXT } };
	struct om_db *db = db_of(state);
	int64_t n = 0;

	run(db, "CREATE TABLE v (id INTEGER NOT NULL PRIMARY KEY, body text)");
	for (size_t longer = 0; longer < 12; longer++) {
		int64_t id = 20000 + (int64_t)longer * 50000;
		OM_AUTO(rows_free) struct rows r = make(12000, id, 3);
		const struct om_lend v = { .name = "v",
			.columns = of_v,
			.column_count = 2,
			.rows = r.made,
			.row_count = r.n,
			.places = in_v,
			.row_size = sizeof(struct made),
			.sorted_by = 1 };
		OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
		struct om_err err = { 0 };

		for (size_t i = 0; i < r.n; i++)
			r.body[i].text = (struct om_str){ r.text, 3 };
		r.body[0].text.n += longer;
		assert_ok(om_txn_begin(db, &txn, &err));
		assert_int_equal(om_db_append(db, &v, &err), 1);
		assert_ok(om_txn_commit(&txn, &err));
		n += (int64_t)r.n;
		assert_int_equal(number(db, "SELECT count(*) FROM v"), n);
		assert_int_equal(number(db, "SELECT count(*) FROM v"
					    " WHERE body LIKE 'abc%'"),
		    n);
	}
}

#define WIDE 64

/* A text whose type has two bytes in the columns up to the row's own. */
static void
wide_cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct made *m = (const struct made *)rows + row;

	if (col == 0)
		out->i = m->id;
	else
		out->s = (struct om_str){ m->body->blob.p,
			col <= (int)row ? 100 : 5 };
}

static void
make_wide(struct om_db *db, struct om_lend_column columns_of[WIDE])
{
	OM_AUTO(om_buf_fini) struct om_buf sql = { .max = 4096 };

	columns_of[0] = (struct om_lend_column){ "id", OM_INT };
	om_buf_text(&sql, "CREATE TABLE w (id INTEGER NOT NULL PRIMARY KEY");
	for (int c = 1; c < WIDE; c++) {
		columns_of[c] = (struct om_lend_column){ "c", OM_TEXT };
		om_buf_printf(&sql, ", c%d text", c);
	}
	om_buf_char(&sql, ')');
	run(db, om_buf_view(&sql).p);
}

/* The size of a head counts itself: from 127 bytes on it has two. */
static void
a_head_may_be_of_any_size(void **state)
{
	struct om_db *db = db_of(state);
	OM_AUTO(rows_free) struct rows r = make(WIDE, 1, 100);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_lend_column of_w[WIDE];
	const struct om_lend w = { .name = "w",
		.columns = of_w,
		.column_count = WIDE,
		.rows = r.made,
		.row_count = r.n,
		.cell = wide_cell,
		.sorted_by = 1 };
	struct om_err err = { 0 };

	make_wide(db, of_w);
	assert_ok(om_txn_begin(db, &txn, &err));
	assert_int_equal(om_db_append(db, &w, &err), 1);
	assert_ok(om_txn_commit(&txn, &err));
	for (int c = 1; c < WIDE; c++) {
		char sql[128];

		snprintf(sql, sizeof(sql),
		    "SELECT count(*) FROM w WHERE length(c%d) ="
		    " CASE WHEN id / 3 >= %d THEN 100 ELSE 5 END",
		    c, c);
		assert_int_equal(number(db, sql), WIDE);
	}
}

static void
a_rollback_takes_them_out_again(void **state)
{
	struct om_db *db = furnished(state);
	OM_AUTO(rows_free) struct rows r = make(3000, 7, 20);

	for (int round = 0; round < 2; round++) {
		OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
		struct om_err err = { 0 };

		assert_ok(om_txn_begin(db, &txn, &err));
		assert_int_equal(append(db, &r, &err), 1);
		om_txn_end(&txn);
		assert_int_equal(number(db, "SELECT count(*) FROM t"), 0);
	}
	assert_int_equal(put_both(db, &r), 1);
	expect_same(db, 3000);
}

static void
a_row_that_is_there_already_is_a_conflict(void **state)
{
	struct om_db *db = furnished(state);
	OM_AUTO(rows_free) struct rows r = make(10, 7, 20);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	assert_int_equal(put_both(db, &r), 1);
	assert_ok(om_txn_begin(db, &txn, &err));
	assert_fails(append(db, &r, &err), OM_ECONFLICT);
	om_txn_end(&txn);
	expect_same(db, 10);
}

/* Each has an image of its own. */
static void
two_tables_may_take_turns_in_one_transaction(void **state)
{
	static const struct om_cell_place in_u[] = {
		{ OM_CELL_I64, offsetof(struct made, id_at), 0 },
		IN_BODY(I32, i32),
	};
	static const struct om_lend_column of_u[] = { { "id", OM_INT },
		{ "n", OM_INT } };
	struct om_db *db = furnished(state);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	assert_ok(om_txn_begin(db, &txn, &err));
	for (int64_t i = 0; i < 4; i++) {
		OM_AUTO(rows_free) struct rows r = make(50, 1000 * i, 5);
		const struct om_lend u = { .name = "u",
			.columns = of_u,
			.column_count = 2,
			.rows = r.made,
			.row_count = r.n,
			.places = in_u,
			.row_size = sizeof(struct made),
			.sorted_by = 1 };

		assert_int_equal(append(db, &r, &err), 1);
		assert_int_equal(om_db_append(db, &u, &err), 1);
	}
	assert_ok(om_txn_commit(&txn, &err));
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 200);
	assert_int_equal(number(db, "SELECT count(*) FROM u JOIN t USING (id)"
				    " WHERE n = i32"),
	    200);
}

/* Eight bytes of a varint: the ninth is another kind. */
static void
ids_have_56_bits(void **state)
{
	static const struct {
		int64_t id;
		int taken;
	} rows[] = {
		{ 0, 1 },
		{ (INT64_C(1) << 56) - 1, 1 },
		{ INT64_C(1) << 56, 0 },
		{ INT64_MAX, 0 },
		{ -1, 0 },
	};
	struct om_db *db = furnished(state);

	for (size_t i = 0; i < OM_COUNT(rows); i++) {
		OM_AUTO(rows_free) struct rows r = make(1, rows[i].id, 9);

		assert_int_equal(put_both(db, &r), rows[i].taken);
	}
	expect_same(db, 2);
}

/* The next transaction looks into the last image: it must still be there. */
static void
a_failure_leaves_the_image_that_is_attached(void **state)
{
	struct om_db *db = furnished(state);
	OM_AUTO(rows_free) struct rows few = make(10, 7, 20);
	OM_AUTO(rows_free) struct rows more = make(3000, 100, 20);
	OM_AUTO(rows_free)
	struct rows long_ones = make(900, 100000, TEXT_MAX / 2);
	const struct om_lend nowhere = lend_of(&few, "nowhere");
	struct om_err err = { 0 };
	struct om_txn txn = { 0 };

	assert_int_equal(put_both(db, &few), 1);
	assert_ok(om_txn_begin(db, &txn, &err));
	assert_fails(om_db_append(db, &nowhere, &err), OM_EINTERNAL);
	om_txn_end(&txn);
	for (int i = 0; i < 3; i++) {
		assert_ok(om_txn_begin(db, &txn, &err));
		assert_fails(append(db, &few, &err), OM_ECONFLICT);
		om_txn_end(&txn);
		long_ones.body[899].text.n = TEXT_MAX;
		assert_int_equal(put_both(db, &long_ones), 0);
	}
	assert_int_equal(put_both(db, &more), 1);
	expect_same(db, 3010);
}

static void
no_rows_and_no_such_table(void **state)
{
	struct om_db *db = furnished(state);
	OM_AUTO(rows_free) struct rows r = make(1, 1, 1);
	struct om_lend none = lend_of(&r, "t");
	const struct om_lend nowhere = lend_of(&r, "nowhere");
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	none.row_count = 0;
	assert_ok(om_txn_begin(db, &txn, &err));
	assert_int_equal(om_db_append(db, &none, &err), 0);
	assert_fails(om_db_append(db, &nowhere, &err), OM_EINTERNAL);
	assert_string_equal(err.msg, "append to 'nowhere': no table 'nowhere'");
}

static void
a_server_takes_any_rows_but_of_no_other_table(void **state)
{
	struct om_db *db = furnished(state);
	OM_AUTO(rows_free) struct rows r = make(2, INT64_MAX - 9, TEXT_MAX - 9);
	struct om_lend none = lend_of(&r, "t");
	const struct om_lend nowhere = lend_of(&r, "nowhere");
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	none.row_count = 0;
	none.sorted_by = 0;
	assert_int_equal(put_both(db, &r), 1);
	expect_same(db, 2);
	assert_ok(om_txn_begin(db, &txn, &err));
	assert_int_equal(om_db_append(db, &none, &err), 1);
	assert_fails(om_db_append(db, &nowhere, &err), OM_EINTERNAL);
	om_txn_end(&txn);
	expect_same(db, 2);
}

/* The server reads four bytes where a column has four. */
static void
a_number_too_large_for_its_column_is_refused(void **state)
{
	static const int64_t numbers[] = { INT32_MIN, INT32_MAX,
		(int64_t)INT32_MAX + 1, (int64_t)INT32_MIN - 1 };
	static const struct om_cell_place in_u[] = {
		{ OM_CELL_I64, offsetof(struct made, id_at), 0 },
		{ OM_CELL_I64, offsetof(struct made, i64_at), 0 },
	};
	static const struct om_lend_column of_u[] = { { "id", OM_INT },
		{ "n", OM_INT } };
	struct om_db *db = furnished(state);

	for (int64_t i = 0; i < 4; i++) {
		OM_AUTO(rows_free) struct rows r = make(1, i, 5);
		const struct om_lend u = { .name = "u",
			.columns = of_u,
			.column_count = 2,
			.rows = r.made,
			.row_count = r.n,
			.places = in_u,
			.row_size = sizeof(struct made),
			.sorted_by = 1 };
		OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
		struct om_err err = { 0 };

		r.made[0].i64 = numbers[i];
		assert_ok(om_txn_begin(db, &txn, &err));
		if (i < 2) {
			assert_int_equal(om_db_append(db, &u, &err), 1);
			assert_ok(om_txn_commit(&txn, &err));
		} else {
			assert_fails(om_db_append(db, &u, &err), OM_EINTERNAL);
		}
	}
	assert_int_equal(number(db, "SELECT count(*) FROM u"), 2);
	assert_int_equal(number(db, "SELECT min(n) FROM u"), INT32_MIN);
	assert_int_equal(number(db, "SELECT max(n) FROM u"), INT32_MAX);
}

static void
rows_in_no_order_are_not_taken(void **state)
{
	struct om_db *db = furnished(state);
	OM_AUTO(rows_free) struct rows r = make(5, 1, 1);
	struct om_lend lend = lend_of(&r, "t");
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	lend.sorted_by = 0;
	assert_ok(om_txn_begin(db, &txn, &err));
	assert_int_equal(om_db_append(db, &lend, &err), 0);
	assert_ok(om_txn_commit(&txn, &err));
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 0);
}

static void
an_injected_failure_dooms_the_transaction(void **state)
{
	struct om_db *db = furnished(state);
	OM_AUTO(rows_free) struct rows r = make(5, 1, 1);
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	assert_ok(om_txn_begin(db, &txn, &err));
	(void)om_db_fail_after(db, 1);
	assert_fails(append(db, &r, &err), OM_EIO);
	assert_true(om_txn_commit(&txn, &err) < 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(what_is_appended_is_what_an_insert_puts_there),
		ON(sqlite,
		    a_row_that_fills_a_page_goes_in_and_a_longer_one_does_not),
		ON_BOTH(many_leaves_make_one_tree),
		ON_BOTH(a_leaf_is_filled_to_its_last_byte),
		ON(sqlite, a_head_may_be_of_any_size),
		ON_BOTH(a_rollback_takes_them_out_again),
		ON_BOTH(a_row_that_is_there_already_is_a_conflict),
		ON_BOTH(two_tables_may_take_turns_in_one_transaction),
		ON(sqlite, ids_have_56_bits),
		ON(sqlite, a_failure_leaves_the_image_that_is_attached),
		ON(sqlite, no_rows_and_no_such_table),
		ON(sqlite, rows_in_no_order_are_not_taken),
		ON_BOTH(an_injected_failure_dooms_the_transaction),
		ON(postgres, a_server_takes_any_rows_but_of_no_other_table),
		ON(postgres, a_number_too_large_for_its_column_is_refused),
	};

	return cmocka_run_group_tests(tests, start_server, stop_server);
}
