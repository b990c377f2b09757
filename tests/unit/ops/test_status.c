/* When a store is stale, who holds its lock, and which runs count. */
#include "unit.h"

#include <string.h>

#include "ops/status.h"
#include "shop.h"

static void
run(struct shop *s, int number, const char *state, int64_t finished)
{
	shop_sql(om_store_catalog(s->store),
	    "INSERT INTO runs VALUES (%d, 'ingest', '%s', 1, 'h', %lld, %lld,"
	    " %d)",
	    number, state, (long long)shop_noon, (long long)finished,
	    strcmp(state, "failed") == 0 ? 5 : 0);
}

static struct om_status
status(struct shop *s)
{
	struct om_status out = { 0 };
	struct om_err err = { 0 };

	assert_ok(om_status_read(s->store, &s->arena, &out, &err));
	return out;
}

static void
a_store_is_stale_a_second_after_the_limit(void **state)
{
	struct shop *s = *state;
	struct om_status st;

	run(s, 1, "done", shop_noon - 60);
	st = status(s);
	assert_int_equal(st.last_success, shop_noon - 60);
	assert_false(om_status_stale(&st, 60));
	assert_true(om_status_stale(&st, 59));
}

static void
a_store_where_nothing_happened_is_stale(void **state)
{
	struct om_status st = status(*state);

	assert_true(om_status_stale(&st, INT64_MAX));
	assert_int_equal(st.last_run, 0);
	assert_string_equal(st.last_command, "");
}

static void
a_published_batch_is_a_success(void **state)
{
	struct shop *s = *state;
	struct om_status st;

	shop_publish(s);
	run(s, 1, "failed", shop_noon);
	st = status(s);
	assert_int_equal(st.last_success, shop_noon);
	assert_int_equal(st.batches[OM_BATCH_PUBLISHED], 1);
	assert_int_equal(st.failed_since, 0);
	assert_int_equal(st.last_status, 5);
	assert_string_equal(st.last_source, "a.csv");
}

static void
failures_count_from_the_last_success_on(void **state)
{
	struct shop *s = *state;
	struct om_status st;

	run(s, 1, "failed", shop_noon - 90);
	run(s, 2, "done", shop_noon - 60);
	run(s, 3, "failed", shop_noon - 30);
	run(s, 4, "running", 0);
	st = status(s);
	assert_int_equal(st.failed_since, 1);
	assert_int_equal(st.running, 1);
	assert_string_equal(st.last_state, "running");
}

static void
a_writer_at_work_is_named(void **state)
{
	struct shop *s = *state; /* it opened the store for writing */
	struct om_status st = status(s);

	assert_true(st.locked);
	assert_non_null(strstr(st.holder, "(ordmill test)"));
}

static void
an_interrupted_run_is_told_only_without_a_writer(void **state)
{
	struct om_buf out OM_AUTO(om_buf_fini) = { 0 };
	struct shop *s = *state;
	struct om_status st;

	om_buf_init(&out, 65536);
	run(s, 1, "running", 0);
	st = status(s);
	om_report_render(om_status_report(&st, 0, &s->arena), OM_AS_CSV, &out);
	assert_null(strstr(out.p, "interrupted"));
	st.locked = false;
	om_report_render(om_status_report(&st, 0, &s->arena), OM_AS_CSV, &out);
	assert_non_null(strstr(out.p, "a run was interrupted"));
}

static void
a_shard_that_is_away_is_told_and_no_error(void **state)
{
	struct shop *s = *state;
	char command[160];
	struct om_status st;

	om_db_close(&s->shard);
	snprintf(command, sizeof(command), "rm '%s/shard-0.db'", s->dir);
	assert_int_equal(system(command), 0);
	st = status(s);
	assert_true(om_status_troubled(&st));
	assert_int_equal(strncmp(st.shard[0].trouble, "shard 0: ", 9), 0);
}

/* clang-format off */
#define TEST(name) cmocka_unit_test_setup_teardown(name, shop_open, shop_close)
/* clang-format on */

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_store_is_stale_a_second_after_the_limit),
		TEST(a_store_where_nothing_happened_is_stale),
		TEST(a_published_batch_is_a_success),
		TEST(failures_count_from_the_last_success_on),
		TEST(a_writer_at_work_is_named),
		TEST(an_interrupted_run_is_told_only_without_a_writer),
		TEST(a_shard_that_is_away_is_told_and_no_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
