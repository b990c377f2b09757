/* Serving a table whose rows the program finds: SQLite only. */
#include "engines.h"

/* A toy: the rows (i / 2, i, text of i) for i from 0 to count - 1. */
struct toy {
	struct om_db *db;
	int64_t count;
	int opened;
	int open_now;
	int searches;
	int *freed;
	enum om_code fail_open;
	enum om_code fail_next; /* before row fail_at */
	int64_t fail_at;
};

struct toy_cursor {
	struct toy *toy;
	bool all;
	int64_t key;
	int64_t i;
	char text[24];
};

static int
toy_open(void *arg, const int64_t *key, void **out, struct om_err *err)
{
	struct toy *t = arg;
	struct toy_cursor *c;

	if (t->fail_open != OM_OK)
		return om_fail(err, t->fail_open, "no way in");
	c = calloc(1, sizeof(*c));
	assert_non_null(c);
	c->toy = t;
	c->all = key == NULL;
	c->key = key == NULL ? 0 : *key;
	c->i = -1;
	t->opened++;
	t->open_now++;
	t->searches += !c->all;
	*out = c;
	return 0;
}

/* Asks the database, as a table with pages of its own would. */
static int
toy_next(void *cursor, struct om_err *err)
{
	struct toy_cursor *c = cursor;
	struct om_stmt *q;

	do {
		c->i++;
		if (c->toy->fail_next != OM_OK && c->i == c->toy->fail_at)
			return om_fail(err, c->toy->fail_next, "no way on");
	} while (!c->all && c->i < c->toy->count && c->i / 2 != c->key);
	if (c->i >= c->toy->count)
		return 0;
	if (om_db_prepare(c->toy->db, "SELECT CAST($1 AS text)", &q, err) < 0)
		return err->code;
	om_bind_int(q, 1, c->i);
	if (om_stmt_step(q, err) < 0)
		return err->code;
	snprintf(c->text, sizeof(c->text), "%.*s", (int)om_col_text(q, 0).n,
	    om_col_text(q, 0).p);
	om_stmt_reset(q);
	return 1;
}

static void
toy_cell(const void *cursor, int col, struct om_value *out)
{
	const struct toy_cursor *c = cursor;

	if (col == 0)
		out->i = c->i / 2;
	else if (col == 1)
		out->i = c->i;
	else
		out->s = om_str_of(c->text);
	out->null = col == 2 && c->i == 3;
}

static void
toy_close(void *cursor)
{
	struct toy_cursor *c = cursor;

	c->toy->open_now--;
	free(c);
}

static void
toy_free(void *arg)
{
	struct toy *t = arg;

	(*t->freed)++;
	free(t);
}

static const struct om_lend_column toy_columns[] = {
	{ "k", OM_INT },
	{ "n", OM_INT },
	{ "s", OM_TEXT },
};

static const struct om_serve toy_table = {
	.name = "toy",
	.columns = toy_columns,
	.column_count = 3,
	.searched_by = 1,
	.open = toy_open,
	.next = toy_next,
	.cell = toy_cell,
	.close = toy_close,
	.free = toy_free,
};

static struct toy *
serve(struct om_db *db, int64_t count)
{
	static int freed;
	struct toy *t = calloc(1, sizeof(*t));
	struct om_err err = { 0 };

	assert_non_null(t);
	t->db = db;
	t->count = count;
	t->freed = &freed;
	freed = 0;
	assert_ok(om_db_serve(db, &toy_table, t, &err));
	return t;
}

static void
a_scan_gives_every_row_and_every_type(void **state)
{
	struct om_db *db = db_of(state);
	const struct toy *t = serve(db, 4);
	struct om_stmt *s = prepared(db, "SELECT * FROM toy");

	assert_string_equal(om_col_name(s, 2), "s");
	for (int64_t i = 0; i < 4; i++) {
		assert_int_equal(step(s), 1);
		assert_int_equal(om_col_int(s, 0), i / 2);
		assert_int_equal(om_col_int(s, 1), i);
		assert_int_equal(om_col_null(s, 2), i == 3);
	}
	assert_int_equal(step(s), 0);
	assert_int_equal(t->opened, 1);
	assert_int_equal(t->searches, 0);
}

static void
an_empty_table_has_no_rows(void **state)
{
	struct om_db *db = db_of(state);

	(void)serve(db, 0);
	assert_int_equal(number(db, "SELECT count(*) FROM toy"), 0);
	assert_int_equal(number(db, "SELECT count(*) FROM toy WHERE k = 0"), 0);
}

static void
a_value_of_the_column_is_searched_for(void **state)
{
	struct om_db *db = db_of(state);
	struct toy *t = serve(db, 9);

	assert_int_equal(number(db, "SELECT sum(n) FROM toy WHERE k = 2"), 9);
	assert_int_equal(number(db, "SELECT count(*) FROM toy WHERE k = 4"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM toy WHERE k = 5"), 0);
	assert_int_equal(number(db, "SELECT count(*) FROM toy"
				    " WHERE k = 2 AND n = 5"),
	    1);
	assert_int_equal(number(db, "SELECT count(*) FROM toy"
				    " WHERE k IN (0, 3, 77)"),
	    4);
	assert_int_equal(t->searches, 7);
	assert_int_equal(t->opened, 7);
	assert_int_equal(number(db, "SELECT k FROM toy WHERE n = 7"), 3);
	assert_int_equal(number(db, "SELECT count(*) FROM toy WHERE k > 2"), 3);
	assert_int_equal(t->searches, 7);
}

/* What SQL calls equal is found, whatever its type. */
static void
what_is_no_integer_is_compared_as_sql_does(void **state)
{
	struct om_db *db = db_of(state);

	(void)serve(db, 9);
	assert_int_equal(number(db, "SELECT count(*) FROM toy WHERE k = 2.0"),
	    2);
	assert_int_equal(number(db, "SELECT count(*) FROM toy WHERE k = 2.5"),
	    0);
	assert_int_equal(number(db, "SELECT count(*) FROM toy WHERE k = '2'"),
	    2);
	assert_int_equal(number(db, "SELECT count(*) FROM toy WHERE k = 'x'"),
	    0);
	assert_int_equal(number(db, "SELECT count(*) FROM toy WHERE k = NULL"),
	    0);
	assert_int_equal(number(db, "SELECT count(*) FROM toy"
				    " WHERE k = 9223372036854775807"),
	    0);
}

static void
a_join_searches_the_served_table_in_either_order(void **state)
{
	static const char *const joins[] = {
		"SELECT CAST(sum(n) AS bigint) FROM t JOIN toy ON toy.k = t.k",
		"SELECT CAST(sum(n) AS bigint) FROM toy JOIN t ON toy.k = t.k",
	};
	struct om_db *db = db_of(state);
	struct toy *t = serve(db, 1000);

	run(db, "CREATE TABLE t (k bigint PRIMARY KEY);"
		"INSERT INTO t (k) VALUES (1), (3), (1000)");
	for (size_t i = 0; i < OM_COUNT(joins); i++) {
		t->searches = 0;
		t->opened = 0;
		assert_int_equal(number(db, joins[i]), 2 + 3 + 6 + 7);
		assert_int_equal(t->searches, 3);
		assert_int_equal(t->opened, 3);
		assert_int_equal(t->open_now, 0);
	}
}

static void
a_plan_tells_a_search_from_a_scan(void **state)
{
	struct om_db *db = db_of(state);
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	struct om_err err = { 0 };
	const char *plan;

	(void)serve(db, 10);
	assert_ok(om_db_plan(db, "SELECT n FROM toy WHERE k = 1", &arena, &plan,
	    &err));
	assert_non_null(strstr(plan, "SCAN toy VIRTUAL TABLE INDEX 1:\n"));
	assert_ok(om_db_plan(db, "SELECT n FROM toy WHERE n = 1", &arena, &plan,
	    &err));
	assert_non_null(strstr(plan, "SCAN toy VIRTUAL TABLE INDEX 0:all\n"));
}

static void
it_can_be_joined_with_itself(void **state)
{
	struct om_db *db = db_of(state);

	(void)serve(db, 10);
	assert_int_equal(number(db, "SELECT count(*) FROM toy a JOIN toy b"
				    " ON b.k = a.k"),
	    20);
	assert_int_equal(number(db, "SELECT count(*) FROM toy a, toy b"), 100);
}

static void
a_cursor_is_closed_when_the_statement_stops_in_the_middle(void **state)
{
	struct om_db *db = db_of(state);
	const struct toy *t = serve(db, 10);
	struct om_stmt *s = prepared(db, "SELECT n FROM toy");

	assert_int_equal(step(s), 1);
	assert_int_equal(t->open_now, 1);
	om_stmt_reset(s);
	assert_int_equal(t->open_now, 0);
	s = prepared(db, "SELECT n FROM toy");
	assert_int_equal(step(s), 1);
	assert_int_equal(om_col_int(s, 0), 0);
	om_stmt_reset(s);
	assert_int_equal(t->opened, 2);
	assert_int_equal(t->open_now, 0);
}

static void
assert_fails_with(struct om_db *db, enum om_code code, const char *msg)
{
	struct om_stmt *s = prepared(db, "SELECT n FROM toy");
	struct om_err err = { 0 };
	int rc;

	while ((rc = om_stmt_step(s, &err)) == 1)
		continue;
	assert_int_equal(rc, code);
	assert_int_equal(err.code, code);
	assert_string_equal(err.msg, msg);
}

static void
what_fails_in_it_is_what_the_statement_fails_with(void **state)
{
	static const struct {
		enum om_code in, out;
	} codes[] = {
		{ OM_EBUSY, OM_EBUSY },
		{ OM_EDAMAGED, OM_EDAMAGED },
		{ OM_EIO, OM_EIO },
		{ OM_EOUTPUT, OM_EOUTPUT },
		{ OM_EINTERNAL, OM_EINTERNAL },
		{ OM_ELIMIT, OM_EINTERNAL },
	};
	struct om_db *db = db_of(state);
	struct toy *t = serve(db, 10);

	for (size_t i = 0; i < OM_COUNT(codes); i++) {
		t->fail_open = codes[i].in;
		assert_fails_with(db, codes[i].out, "no way in");
		t->fail_open = OM_OK;
		for (t->fail_at = 0; t->fail_at < 10; t->fail_at += 4) {
			t->fail_next = codes[i].in;
			assert_fails_with(db, codes[i].out, "no way on");
		}
		t->fail_next = OM_OK;
		assert_int_equal(t->open_now, 0);
		assert_int_equal(number(db, "SELECT count(*) FROM toy"), 10);
	}
}

static void
it_is_not_written(void **state)
{
	struct om_db *db = db_of(state);
	struct om_err err = { 0 };

	(void)serve(db, 10);
	assert_fails(om_db_exec(db, "INSERT INTO toy (k) VALUES (1)", &err),
	    OM_EINTERNAL);
	assert_string_equal(err.msg, "table toy may not be modified");
}

static void
a_real_table_of_that_name_comes_first(void **state)
{
	struct om_db *db = db_of(state);

	(void)serve(db, 10);
	run(db, "CREATE TABLE toy (k bigint PRIMARY KEY)");
	assert_int_equal(number(db, "SELECT count(*) FROM toy"), 0);
}

static void
what_serves_is_found_by_name_and_freed_with_the_handle(void **state)
{
	const struct engine *e = *state;
	struct om_db *db;
	struct toy *t;
	int *freed;

	(void)db_of(state);
	db = another(e, OM_DB_WRITE);
	t = serve(db, 10);
	freed = t->freed;
	assert_ptr_equal(om_db_served(db, "toy"), t);
	assert_null(om_db_served(db, "other"));
	assert_int_equal(step(prepared(db, "SELECT n FROM toy")), 1);
	assert_int_equal(*freed, 0);
	om_db_close(&db);
	assert_int_equal(*freed, 1);
}

/* So that a caller can tell by it which engine keeps its rows how. */
static void
a_server_serves_nothing(void **state)
{
	assert_null(om_db_served(db_of(state), "toy"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON(sqlite, a_scan_gives_every_row_and_every_type),
		ON(sqlite, an_empty_table_has_no_rows),
		ON(sqlite, a_value_of_the_column_is_searched_for),
		ON(sqlite, what_is_no_integer_is_compared_as_sql_does),
		ON(sqlite, a_join_searches_the_served_table_in_either_order),
		ON(sqlite, a_plan_tells_a_search_from_a_scan),
		ON(sqlite, it_can_be_joined_with_itself),
		ON(sqlite,
		    a_cursor_is_closed_when_the_statement_stops_in_the_middle),
		ON(sqlite, what_fails_in_it_is_what_the_statement_fails_with),
		ON(sqlite, it_is_not_written),
		ON(sqlite, a_real_table_of_that_name_comes_first),
		ON(sqlite,
		    what_serves_is_found_by_name_and_freed_with_the_handle),
		ON(postgres, a_server_serves_nothing),
	};

	return cmocka_run_group_tests(tests, start_server, stop_server);
}
