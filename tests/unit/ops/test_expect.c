/* Counting and summing a store, and what happens at the limits. */
#include "unit.h"

#include "ops/census.h"
#include "ops/expect.h"
#include "shop.h"

static int
expect(struct shop *s, const char *word, struct om_expectation *out,
    struct om_err *err)
{
	const char *words[] = { word };

	return om_expect(s->store, &s->arena, words, 1, out, err);
}

static void
an_empty_store_holds_nothing(void **state)
{
	static const char *const words[] = { "orders=0", "lines=0", "batches=0",
		"rejects=0", "payments=0", "total.EUR=0", "state.held=0",
		"shards=1" };
	struct om_expectation e[OM_COUNT(words)];
	struct shop *s = *state;
	struct om_err err = { 0 };

	assert_ok(
	    om_expect(s->store, &s->arena, words, OM_COUNT(words), e, &err));
	for (size_t i = 0; i < OM_COUNT(words); i++)
		assert_true(e[i].met);
}

static void
what_is_not_published_does_not_count(void **state)
{
	struct shop *s = *state;
	struct om_expectation e;
	struct om_err err = { 0 };

	shop_order(s, "A1", OM_RECEIVED, "EUR", 100, 0, 1);
	assert_ok(expect(s, "orders=0", &e, &err));
	assert_true(e.met);
	shop_publish(s);
	assert_ok(expect(s, "orders=0", &e, &err));
	assert_false(e.met);
	assert_string_equal(e.got, "1");
}

static void
what_is_superseded_counts_until_its_successor_is_published(void **state)
{
	struct shop *s = *state;
	struct om_expectation e;
	struct om_err err = { 0 };

	shop_publish(s);
	shop_order(s, "A1", OM_RECEIVED, "EUR", 100, 0, 1);
	shop_sql(s->shard, "UPDATE order_rows SET until_batch = 2");
	assert_ok(expect(s, "total.EUR=1.00", &e, &err));
	assert_true(e.met);
	shop_sql(s->shard, "UPDATE order_rows SET until_batch = 1");
	assert_ok(expect(s, "total.EUR=0", &e, &err));
	assert_true(e.met);
}

static void
what_is_due_leaves_out_the_cancelled(void **state)
{
	struct shop *s = *state;
	struct om_expectation e;
	struct om_err err = { 0 };

	shop_publish(s);
	shop_order(s, "A1", OM_RECEIVED, "EUR", 100, 2, 1);
	shop_order(s, "A2", OM_CANCELLED, "EUR", 700, 3, 2);
	shop_order(s, "A3", OM_ACCEPTED, "JPY", 50, 1, 3);
	shop_sql(s->shard, "UPDATE order_rows SET paid_minor = 40,"
			   " refunded_minor = 10 WHERE reference = 'A1'");
	assert_ok(expect(s, "total.EUR=8", &e, &err));
	assert_true(e.met);
	assert_ok(expect(s, "due.EUR=0.70", &e, &err));
	assert_true(e.met);
	assert_ok(expect(s, "lines=6", &e, &err));
	assert_true(e.met);
}

static void
sums_reach_the_limit_and_not_past_it(void **state)
{
	struct shop *s = *state;
	struct om_expectation e;
	struct om_err err = { 0 };

	shop_publish(s);
	shop_order(s, "A1", OM_RECEIVED, "EUR", INT64_MAX - 1, 0, 1);
	shop_order(s, "A2", OM_HELD, "EUR", 1, 0, 2);
	assert_ok(expect(s, "total.EUR=92233720368547758.07", &e, &err));
	assert_true(e.met);
	shop_order(s, "A3", OM_ACCEPTED, "EUR", 1, 0, 3);
	assert_fails(expect(s, "total.EUR=0", &e, &err), OM_ELIMIT);
	assert_string_equal(err.msg, "total.EUR: sum overflows");
}

static void
an_order_in_no_known_state_is_damage(void **state)
{
	struct shop *s = *state;
	struct om_expectation e;
	struct om_err err = { 0 };

	shop_publish(s);
	shop_order(s, "A1", OM_STATE_COUNT, "EUR", 100, 0, 1);
	assert_fails(expect(s, "orders=1", &e, &err), OM_EDAMAGED);
	assert_string_equal(err.msg, "shard 0: an order in unknown state 9");
}

static void
currencies_come_sorted_and_once(void **state)
{
	struct shop *s = *state;
	const struct om_currency *list[8];
	struct om_census census;
	struct om_err err = { 0 };

	shop_publish(s);
	shop_order(s, "A1", OM_RECEIVED, "USD", 1, 0, 1);
	shop_order(s, "A2", OM_RECEIVED, "EUR", 1, 0, 2);
	shop_order(s, "A3", OM_HELD, "USD", 1, 0, 3);
	shop_order(s, "A4", OM_HELD, "", 0, 0, 4);
	assert_ok(om_census_take(s->store, &s->arena, &census, &err));
	assert_int_equal(om_census_currencies(&census, list, 8), 2);
	assert_string_equal(list[0]->code, "EUR");
	assert_string_equal(list[1]->code, "USD");
	assert_int_equal(om_census_currencies(&census, list, 1), 1);
}

/* clang-format off */
#define TEST(name) cmocka_unit_test_setup_teardown(name, shop_open, shop_close)
/* clang-format on */

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_store_holds_nothing),
		TEST(what_is_not_published_does_not_count),
		TEST(
		    what_is_superseded_counts_until_its_successor_is_published),
		TEST(what_is_due_leaves_out_the_cancelled),
		TEST(sums_reach_the_limit_and_not_past_it),
		TEST(an_order_in_no_known_state_is_damage),
		TEST(currencies_come_sorted_and_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
