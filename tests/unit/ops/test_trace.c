/* A trace of orders whose story has holes, and names that look alike. */
#include "unit.h"

#include <string.h>

#include "ops/trace.h"
#include "shop.h"

static int
trace(struct shop *s, const char *name, struct om_buf *out, struct om_err *err)
{
	struct om_report *r;

	if (om_trace(s->store, name, &s->arena, &r, err) < 0)
		return err->code;
	om_buf_reset(out);
	om_report_render(r, OM_AS_CSV, out);
	return 0;
}

static unsigned
slot_of_a1(void)
{
	return om_slot_of(om_hash64(OM_STR("web"), OM_STR("A1")));
}

static void
event(struct shop *s, int64_t id, int64_t leaf, int64_t prev)
{
	shop_sql(s->shard,
	    "INSERT INTO events (leaf, slot, order_id, prev_leaf, run, pass,"
	    " kind, from_state, to_state, amount_minor, reason) VALUES"
	    " (%lld, %u, %lld, %lld, 7, 'validate', 1, 0, 2, 0, 'why, not')",
	    (long long)leaf, slot_of_a1(), (long long)id, (long long)prev);
	shop_sql(s->shard, "UPDATE order_rows SET last_leaf = %lld",
	    (long long)leaf);
}

static void
events_are_told_in_the_order_of_the_log(void **state)
{
	struct om_buf out OM_AUTO(om_buf_fini) = { 0 };
	struct shop *s = *state;
	struct om_err err = { 0 };
	int64_t id;

	om_buf_init(&out, 65536);
	shop_publish(s);
	id = shop_order(s, "A1", OM_ACCEPTED, "EUR", 1234, 0, 3);
	event(s, id, 5, 0);
	event(s, id, 9, 5);
	assert_ok(trace(s, "web/A1", &out, &err));
	assert_non_null(strstr(out.p,
	    "history,steps,head,leaf,when,what,detail,by\n"
	    "history,steps,row,3,2026-11-23T12:00:00Z,received,12.34 EUR,"
	    "\"batch 1, a.csv, line 2\"\n"
	    "history,steps,row,5,-,pass validate,"
	    "\"received to accepted: why, not\",run 7\n"
	    "history,steps,row,9,-,pass validate,"
	    "\"received to accepted: why, not\",run 7\n"));
}

static void
a_missing_event_is_damage(void **state)
{
	struct om_buf out OM_AUTO(om_buf_fini) = { 0 };
	struct shop *s = *state;
	struct om_err err = { 0 };
	int64_t id;

	om_buf_init(&out, 65536);
	shop_publish(s);
	id = shop_order(s, "A1", OM_ACCEPTED, "EUR", 1, 0, 3);
	event(s, id, 9, 5);
	assert_fails(trace(s, "web/A1", &out, &err), OM_EDAMAGED);
	assert_non_null(strstr(err.msg, ": event 5 is missing"));
}

static void
a_chain_that_runs_in_circles_ends(void **state)
{
	struct om_buf out OM_AUTO(om_buf_fini) = { 0 };
	struct shop *s = *state;
	struct om_err err = { 0 };
	int64_t id;

	om_buf_init(&out, 65536);
	shop_publish(s);
	id = shop_order(s, "A1", OM_ACCEPTED, "EUR", 1, 0, 3);
	event(s, id, 9, 9);
	assert_fails(trace(s, "web/A1", &out, &err), OM_EDAMAGED);
}

static void
lines_that_do_not_match_their_count_are_damage(void **state)
{
	struct om_buf out OM_AUTO(om_buf_fini) = { 0 };
	struct shop *s = *state;
	struct om_err err = { 0 };
	int64_t id;

	om_buf_init(&out, 65536);
	shop_publish(s);
	id = shop_order(s, "A1", OM_ACCEPTED, "EUR", 1, 1, 3);
	assert_fails(trace(s, "web/A1", &out, &err), OM_EDAMAGED);
	assert_non_null(strstr(err.msg, "has other lines than it says"));
	shop_sql(s->shard,
	    "INSERT INTO line_rows VALUES (%lld, %u,"
	    " '[[1,\"S\",2500,1250000,0,0,1]]')",
	    (long long)id, slot_of_a1());
	assert_ok(trace(s, "web/A1", &out, &err));
	shop_sql(s->shard,
	    "UPDATE line_rows SET lines = '[[1,\"S\",2500,1250000,0,0,1],"
	    "[2,\"S\",2500,1250000,0,0,1]]'");
	assert_non_null(strstr(out.p, ",row,3,1,S,2.5,1.25,0.00,0.00,0.01\n"));
	assert_fails(trace(s, "web/A1", &out, &err), OM_EDAMAGED);
}

static void
an_order_with_the_same_key_is_not_mistaken(void **state)
{
	struct om_buf out OM_AUTO(om_buf_fini) = { 0 };
	struct shop *s = *state;
	struct om_err err = { 0 };

	om_buf_init(&out, 65536);
	shop_publish(s);
	shop_order(s, "A1", OM_ACCEPTED, "EUR", 1, 0, 3);
	shop_sql(s->shard, "UPDATE order_rows SET reference = 'B7'");
	assert_fails(trace(s, "web/A1", &out, &err), OM_ENOENT);
	assert_string_equal(err.msg, "no order 'web/A1'");
}

static void
a_reference_may_hold_anything(void **state)
{
	struct om_buf out OM_AUTO(om_buf_fini) = { 0 };
	struct shop *s = *state;
	struct om_err err = { 0 };

	om_buf_init(&out, 65536);
	shop_publish(s);
	shop_order(s, "A/1 \"x\"", OM_ACCEPTED, "EUR", 1, 0, 3);
	assert_ok(trace(s, "web/A/1 \"x\"", &out, &err));
	assert_non_null(
	    strstr(out.p, "order,reference,fact,\"A/1 \"\"x\"\"\"\n"));
}

/* clang-format off */
#define TEST(name) cmocka_unit_test_setup_teardown(name, shop_open, shop_close)
/* clang-format on */

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(events_are_told_in_the_order_of_the_log),
		TEST(a_missing_event_is_damage),
		TEST(a_chain_that_runs_in_circles_ends),
		TEST(lines_that_do_not_match_their_count_are_damage),
		TEST(an_order_with_the_same_key_is_not_mistaken),
		TEST(a_reference_may_hold_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
