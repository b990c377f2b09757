/* A store as a side: the same rows from SQLite files and from a server. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "pg.h"
#include "recon/query.h"

struct fixture {
	bool postgres;
	bool skipped;
	unsigned made;
	char dir[32];
	char url[256];
	struct om_store *store;
	struct om_buf out;
};

static struct fixture sqlite = { .postgres = false };
static struct fixture postgres = { .postgres = true };

static const int64_t now = 1795471200;

static const char shard_0[] =
    "INSERT INTO order_rows VALUES"
    " (1, 0, 0, 'web', 'A', '', 'c1', 1795471200, 'EUR', 0, 1000, 100, 50,"
    "  190, 1140, 0, '{}', 0, 1, 2, 0, 0, 2, 500, 20),"
    " (2, 0, 0, 'web', 'B', 'r1', '', 0, 'JPY', 0, 7, 0, 0, 0, 7, 0, '{}', 0,"
    "  1, 3, 2, 0, 0, 0, 0),"
    " (3, 0, 0, 'web', 'B', 'r2', '', 0, 'JPY', 0, 8, 0, 0, 0, 8, 0, '{}', 2,"
    "  2, 2, 3, 0, 0, 0, 0),"
    " (4, 0, 0, 'web', 'B', 'r3', '', 0, 'JPY', 0, 9, 0, 0, 0, 9, 0, '{}', 3,"
    "  3, 2, 0, 0, 0, 0, 0)";
static const char shard_1[] =
    "INSERT INTO order_rows VALUES"
    " (9, 4000, 0, 'pos', 'C', '', '', 0, 'KWD', 0, 1500, 0, 0, 0, 1500, 0,"
    "  '{}', 0, 2, 5, 0, 0, 8, 0, 0),"
    /* a cancellation that waits for its order, which is none */
    " (10, 4000, 1, 'pos', 'W', '', '', 0, '', 0, 0, 0, 0, 0, 0, 0,"
    "  '', 0, 2, 6, 0, 0, 8, 0, 0);"
    "INSERT INTO payments VALUES"
    " (4000, 5, 'pos', 'C', 'P1', 'KWD', 1500, 1795471200, 2, 7, 0, 9, 1),"
    " (4000, 6, 'pos', 'D', 'P2', 'USD', -250, 0, 2, 8, 1, 0, 0),"
    " (4000, 7, 'pos', 'E', 'P3', 'USD', 1, 0, 3, 9, 2, 0, 0)";

static void
fill_shard(struct fixture *f, unsigned shard, const char *script)
{
	struct om_err err = { 0 };
	struct om_db *db = NULL;
	struct om_txn txn = { NULL };

	assert_ok(om_store_open_shard(f->store, shard, OM_DB_WRITE, &db, &err));
	assert_ok(om_txn_begin(db, &txn, &err));
	assert_ok(om_db_exec(db, script, &err));
	assert_ok(om_txn_commit(&txn, &err));
	om_db_close(&db);
}

/* Two shards, batches 1 and 2 published, 3 not yet. */
static void
make_store(struct fixture *f)
{
	struct om_session session = { .access = OM_STORE_WRITE,
		.command = "test",
		.clock = om_clock_fixed(&now) };
	struct om_store_plan plan = { .shards = 2 };
	struct om_err err = { 0 };

	assert_ok(om_store_create(f->url, &plan, &session.clock, &err));
	assert_ok(om_store_open(f->url, &session, &f->store, &err));
	fill_shard(f, 0, shard_0);
	fill_shard(f, 1, shard_1);
	assert_ok(om_store_set_meta(f->store, "published", "2", &err));
	om_store_close(&f->store);
	session.access = OM_STORE_READ;
	assert_ok(om_store_open(f->url, &session, &f->store, &err));
}

static int
set_up(void **state)
{
	struct fixture *f = *state;

	f->skipped = f->postgres && pg_skipped();
	if (f->skipped)
		return 0;
	strcpy(f->dir, "/tmp/om-query-XXXXXX");
	if (mkdtemp(f->dir) == NULL)
		return -1;
	if (f->postgres)
		snprintf(f->url, sizeof(f->url), "%s&schema=q%u", pg_url(),
		    ++f->made);
	else
		snprintf(f->url, sizeof(f->url), "%s/store", f->dir);
	om_buf_init(&f->out, 65536);
	make_store(f);
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;
	char command[64];

	if (f->skipped)
		return 0;
	om_store_close(&f->store);
	om_buf_fini(&f->out);
	snprintf(command, sizeof(command), "rm -rf %s", f->dir);
	return system(command);
}

/* Every wanted cell, "line:a|b|c" a row. */
static const char *
rows_of(struct fixture *f, const char *name, bool all)
{
	struct om_rec_query *q = NULL;
	struct om_err err = { 0 };
	const struct om_rec_input *input;
	struct om_rec_record r;
	int rc;

	om_buf_reset(&f->out);
	assert_ok(om_rec_query_open(f->store, name, &q, &err));
	input = om_rec_query_input(q);
	assert_null(input->origin);
	for (size_t i = 0; i < input->column_count; i++)
		input->wanted[i] = all || i < 2;
	while ((rc = input->next(input->arg, &r, &err)) > 0) {
		assert_int_equal(r.count, input->column_count);
		om_buf_printf(&f->out, "%d:", (int)r.line);
		for (size_t i = 0; i < (all ? r.count : 2); i++)
			om_buf_printf(&f->out, "%s%.*s", i == 0 ? "" : "|",
			    OM_FMT(r.cell[i]));
		om_buf_char(&f->out, '\n');
	}
	assert_ok(rc);
	om_rec_query_close(&q);
	om_rec_query_close(&q);
	return om_buf_view(&f->out).p;
}

static void
orders_are_the_current_revisions_of_published_batches(void **state)
{
	struct fixture *f = *state;

	if (f->skipped)
		skip();
	assert_string_equal(rows_of(f, "orders", true),
	    "1:web|A||c1|2026-11-23T22:00:00Z|EUR|10.00|1.00|0.50|1.90|11.40|"
	    "11.40|5.00|0.20|6.60|accepted|1|2\n"
	    "2:web|B|r2|||JPY|8|0|0|0|8|8|0|0|8|received|2|"
	    "2\n"
	    "3:pos|C||||KWD|1.500|0.000|0.000|0.000|1.500|"
	    "1.500|0.000|0.000|1.500|cancelled|2|5\n");
	assert_string_equal(rows_of(f, "orders", false),
	    "1:web|A\n2:web|B\n3:pos|C\n");
}

static void
payments_are_those_of_published_batches(void **state)
{
	struct fixture *f = *state;

	if (f->skipped)
		skip();
	assert_string_equal(rows_of(f, "payments", true),
	    "1:pos|C|P1|KWD|1.500|2026-11-23T22:00:00Z|1|2|7\n"
	    "2:pos|D|P2|USD|-2.50||0|2|8\n");
}

static void
an_unknown_query_names_the_known_ones(void **state)
{
	struct fixture *f = *state;
	struct om_rec_query *q = NULL;
	struct om_err err = { 0 };

	if (f->skipped)
		skip();
	assert_fails(om_rec_query_open(f->store, "order", &q, &err), OM_EUSAGE);
	assert_string_equal(err.msg,
	    "no 'store:order'; did you mean 'store:orders'?");
	assert_fails(om_rec_query_open(f->store, "stock", &q, &err), OM_EUSAGE);
	assert_string_equal(err.msg,
	    "no 'store:stock'; there are store:orders and store:payments");
	assert_null(q);
}

/* clang-format off */
#define TEST(name, fixture) \
	cmocka_unit_test_prestate_setup_teardown(name, set_up, tear_down, \
	    fixture)
#define BOTH(name) TEST(name, &sqlite), TEST(name, &postgres)
/* clang-format on */

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(orders_are_the_current_revisions_of_published_batches),
		BOTH(payments_are_those_of_published_batches),
		BOTH(an_unknown_query_names_the_known_ones),
	};

	if (!pg_skipped() && !pg_start())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
