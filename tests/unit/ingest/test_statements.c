/*
 * Every statement of the program prepares on both engines, and none reads a
 * whole table unless its text says so.
 *
 * The texts are taken from the library as it was linked. Those that read lent
 * tables are planned when a small day's work prepares them, all others on a
 * catalog and a shard.
 */
#include "world.h"

#include <unistd.h>

#include "ingest/recover.h"
#include "pass/run.h"

#define LIBRARY	  "libordmill.a"
#define UP	  4 /* from BUILD/tests/unit/ingest/test_statements */
#define TEXTS_MAX 1000

struct texts {
	char *bytes;
	const char *sql[TEXTS_MAX];
	size_t n;
};

static void
texts_free(struct texts *t)
{
	free(t->bytes);
}

static char *
read_library(size_t *out_n)
{
	char path[512];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 32);
	char *bytes;
	long size;
	FILE *f;

	assert_true(n > 0);
	path[n] = '\0';
	for (int i = 0; i < UP; i++)
		*strrchr(path, '/') = '\0';
	strcat(path, "/" LIBRARY);
	f = fopen(path, "rb");
	assert_non_null(f);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	size = ftell(f);
	rewind(f);
	bytes = malloc((size_t)size + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, (size_t)size, f), size);
	fclose(f);
	*out_n = (size_t)size;
	return bytes;
}

/* A whole literal: not part of a script, no format. */
static bool
is_statement(const char *p, const char *end)
{
	static const char *const verbs[] = { "SELECT ", "INSERT ", "UPDATE ",
		"DELETE ", "WITH " };

	for (size_t i = 0; i < OM_COUNT(verbs); i++) {
		size_t n = strlen(verbs[i]);

		if ((size_t)(end - p) <= n || memcmp(p, verbs[i], n) != 0)
			continue;
		while (p < end && *p >= ' ' && *p < 127 && *p != '%')
			p++;
		return p < end && *p == '\0';
	}
	return false;
}

static void
find_texts(struct texts *t)
{
	size_t n;
	const char *p;

	*t = (struct texts){ .bytes = read_library(&n) };
	p = t->bytes;
	for (size_t i = 1; i < n; i++)
		if (p[i - 1] == '\0' && is_statement(p + i, p + n)) {
			assert_true(t->n < TEXTS_MAX);
			t->sql[t->n++] = p + i;
		}
	assert_true(t->n > 100);
}

/* An order that is too long to be appended as it lies: it is inserted. */
static void
load_a_long_order(struct stage *s)
{
	static const struct om_ingest_options none = { 0 };
	static char text[80000];
	OM_AUTO(om_feed_free) struct om_feed *feed = NULL;
	struct om_ingest_result r;
	struct om_err err = { 0 };
	const char *path;
	int n;

	assert_ok(om_feed_load(stage_file(s, "long.yaml",
				   "profile: canonical\nattributes: keep\n"),
	    &feed, &err));
	n = sprintf(text, "reference,currency,total,note\nL,EUR,1.00,");
	memset(text + n, 'x', sizeof(text) - (size_t)n - 2);
	text[sizeof(text) - 2] = '\n';
	path = stage_file(s, "long.csv", text);
	assert_ok(om_ingest(s->store, feed, &path, 1, &none, &r, &err));
	assert_int_equal(om_books_orders(&r.books, OM_CREATED), 1);
}

/* Nor are so many lines. */
static void
load_many_lines(struct stage *s)
{
	OM_AUTO(om_buf_fini) struct om_buf text = { .max = 1 << 20 };

	om_buf_text(&text,
	    "reference,currency,total,line,sku,quantity,unit_price\n");
	for (int i = 1; i <= 3000; i++)
		om_buf_printf(&text, "ML,EUR,3000.00,%d,SKU-%d,1,1.00\n", i, i);
	(void)loaded(s->store, "canonical",
	    stage_file(s, "lines.csv", om_buf_view(&text).p));
}

/* A day: orders, amendments, conflicts, rejects, payments, a batch that is
 * undone, both passes. What is planned is then in the spy. */
static void
work(struct stage *s)
{
	static const struct om_pass *const *pass;
	const struct om_run_options all = { .only_shard = -1 };
	struct om_ingest_result r;
	struct om_err err = { 0 };

	(void)loaded(s->store, "canonical",
	    stage_file(s, "a.csv",
		HEAD ROW("A", "1", "1.00") ROW("B", "1", "2.00")
		    ROW("C", "1", "oops")));
	(void)loaded(s->store, "canonical", many_orders(s, "m.csv", 12000, 1));
	load_a_long_order(s);
	load_many_lines(s);
	(void)loaded(s->store, "canonical",
	    stage_file(s, "b.csv",
		HEAD ROW("A", "2", "3.00") ROW("B", "1", "9.00")
		    ROW("C", "1", "4.00")));
	(void)loaded(s->store, "canonical",
	    stage_file(s, "e.csv",
		"reference,revision,kind,currency,total\n"
		"E,1,cancel,EUR,1.00\n"));
	(void)loaded(s->store, "payments",
	    stage_file(s, "p.csv",
		"reference,payment,currency,amount\n"
		"A,p1,EUR,3.00\nB,p2,EUR,1.00\nB,p3,EUR,-1.00\n"));
	assert_fails(load(s->store, "canonical",
			 stage_file(s, "c.csv",
			     HEAD ROW("A", "3", "5.00") ROW("D", "1", "bad")),
			 NULL, &r, &err),
	    OM_EDATA);
	for (pass = om_passes; *pass != NULL; pass++) {
		struct om_run_result done;

		assert_ok(om_pass_run(s->store, *pass, &all, &done, &err));
	}
}

static bool
for_other_engine(const struct stage *s, const char *sql)
{
	/* Keys lie in runs on SQLite, in a table on PostgreSQL, which has all
	 * rows appended. */
	static const char *const sqlite[] = { "sqlite_", "key_head", "key_runs",
		"key_pages", "key_marks", "INTO order_rows ", "INTO line_rows ",
		"FROM lent_tiles" };
	static const char *const postgres[] = { "pg_", "FROM chunk_keys ",
		"DELETE FROM order_keys " };
	const char *const *words = s->postgres ? sqlite : postgres;
	size_t n = s->postgres ? OM_COUNT(sqlite) : OM_COUNT(postgres);

	for (size_t i = 0; i < n; i++)
		if (strstr(sql, words[i]) != NULL)
			return true;
	return false;
}

static bool
spied_plan(const struct stage *s, const char *sql, const char **out)
{
	const struct spied *seen;
	size_t n = spy_statements(&seen);

	/* One to which conditions are added is seen with those. */
	for (size_t i = 0; i < n; i++)
		if (strncmp(seen[i].sql, sql, strlen(sql)) == 0 &&
		    (seen[i].engine == OM_POSTGRES) == s->postgres) {
			*out = seen[i].plan;
			return true;
		}
	return false;
}

static bool
plan_of(struct stage *s, struct om_db *shard, struct om_arena *arena,
    const char *sql, const char **out)
{
	struct om_err err = { 0 };

	return om_db_plan(om_store_catalog(s->store), sql, arena, out, &err) ==
		   0 ||
	       om_db_plan(shard, sql, arena, out, &err) == 0;
}

/* The table that a line of a plan reads as a whole, or NULL. A lent table is
 * as long as the work at hand, of one that is served "all" says that it is
 * read so; the others here have a row or a few. */
static const char *
scanned(const struct stage *s, const char *line, size_t n, char table[64])
{
	static const char *const small[] = { "published", "states", "shards",
		"shard_map", "shard_heads", "meta", "lent_tiles", "moves",
		"sums", "applied", "CONSTANT", "sqlite_master" };
	const char *mark = s->postgres ? "Seq Scan on " : "SCAN ";
	char text[512];
	const char *at;

	snprintf(text, sizeof(text), "%.*s", (int)n, line);
	at = strstr(text, mark);
	if (at == NULL || (strstr(text, "VIRTUAL TABLE") != NULL &&
			      strstr(text, "INDEX 0:all") == NULL))
		return NULL;
	at += strlen(mark);
	snprintf(table, 64, "%.*s", (int)strcspn(at, " \n"), at);
	if (strncmp(table, "chunk_", 6) == 0 || strncmp(table, "undo_", 5) == 0)
		return NULL;
	for (size_t i = 0; i < OM_COUNT(small); i++)
		if (strcmp(table, small[i]) == 0)
			return NULL;
	return table;
}

/* The first row by an index: no more than that is read. */
static bool
is_first_row(const char *sql, const char *plan)
{
	return strstr(sql, " LIMIT 1") != NULL &&
	       strstr(sql, "WHERE") == NULL &&
	       strstr(plan, "TEMP B-TREE") == NULL;
}

static int
complain_of_scans(const struct stage *s, const char *sql, const char *plan)
{
	char table[64];
	int bad = 0;

	if (strstr(sql, "/*scan*/") != NULL || is_first_row(sql, plan))
		return 0;
	for (const char *line = plan; *line != '\0';) {
		size_t n = strcspn(line, "\n");

		if (scanned(s, line, n, table) != NULL) {
			print_error("reads all of '%s': %s\n", table, sql);
			bad++;
		}
		line += n + (line[n] == '\n');
	}
	return bad;
}

/* Those that the program puts together do not stand in the library. */
static int
complain_of_spied(const struct stage *s)
{
	const struct spied *seen;
	size_t n = spy_statements(&seen);
	int bad = 0;

	for (size_t i = 0; i < n; i++)
		if ((seen[i].engine == OM_POSTGRES) == s->postgres)
			bad += complain_of_scans(s, seen[i].sql, seen[i].plan);
	return bad;
}

static int
complain_of_texts(struct stage *s, struct om_db *shard, const struct texts *t)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	int bad = 0;

	for (size_t i = 0; i < t->n; i++) {
		const char *plan;

		if (for_other_engine(s, t->sql[i]) ||
		    spied_plan(s, t->sql[i], &plan))
			continue;
		if (plan_of(s, shard, &arena, t->sql[i], &plan)) {
			bad += complain_of_scans(s, t->sql[i], plan);
		} else {
			print_error("cannot be planned: %s\n", t->sql[i]);
			bad++;
		}
	}
	return bad;
}

static void
no_statement_reads_a_whole_table_by_accident(void **state)
{
	struct stage *s = stage_of(state);
	OM_AUTO(texts_free) struct texts t;
	OM_AUTO(om_db_close) struct om_db *shard = NULL;

	find_texts(&t);
	spy_remember();
	work(s);
	shard = stage_shard(s, 0);
	assert_int_equal(complain_of_texts(s, shard, &t) + complain_of_spied(s),
	    0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(no_statement_reads_a_whole_table_by_accident),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
