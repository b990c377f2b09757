/* The newest decision about a number holds, up to where another one begins. */
#include "stage.h"

#include <string.h>

#include "spy.h"
#include "store/decisions.h"

static struct om_decision
said(int64_t leaf, int64_t from, int64_t to, bool accepted)
{
	return (struct om_decision){
		.leaf = leaf,
		.feed = OM_STR("acme"),
		.unit = OM_SEQUENCE_NUMBER,
		.from = from,
		.to = to,
		.accepted = accepted,
		.at = 100 * leaf,
		.by = OM_STR("karl"),
		.reason = OM_STR("never sent"),
	};
}

/* What holds from a number on: the leaf, or 0, and up to where. */
static void
assert_holds(const struct om_decision *list, int64_t from, int64_t leaf,
    int64_t last)
{
	int64_t is = -1;
	const struct om_decision *d = om_decisions_at(list, OM_STR("acme"),
	    OM_SEQUENCE_NUMBER, from, 100, &is);

	assert_int_equal(d == NULL ? 0 : d->leaf, leaf);
	assert_int_equal(is, last);
}

static void
without_a_decision_all_is_open(void **state)
{
	struct om_decision other = said(1, 1, 100, true);

	(void)state;
	assert_holds(NULL, 1, 0, 100);
	other.feed = OM_STR("acme2");
	assert_holds(&other, 1, 0, 100);
	other.feed = OM_STR("acme");
	other.unit = OM_SEQUENCE_DAY;
	assert_holds(&other, 1, 0, 100);
}

static void
the_newest_one_holds_for_each_number(void **state)
{
	struct om_decision first = said(1, 10, 50, true);
	struct om_decision second = said(2, 40, 60, false);
	struct om_decision third = said(3, 20, 30, true);

	(void)state;
	third.next = &second;
	second.next = &first;
	assert_holds(&third, 1, 0, 9);
	assert_holds(&third, 10, 1, 19);
	assert_holds(&third, 20, 3, 30);
	assert_holds(&third, 31, 1, 39);
	/* Reopened is open, like what nobody spoke of. */
	assert_holds(&third, 40, 0, 100);
	assert_holds(&third, 61, 0, 100);
}

static void
they_are_read_as_they_were_put_newest_first(void **state)
{
	struct stage *s = stage_of(state);
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	const struct om_decision first = said(1, 6, 7, true);
	const struct om_decision second = said(2, 6, 6, false);
	struct om_decision *list = NULL;
	struct om_err err = { 0 };

	assert_ok(om_decisions_read(s->store, INT64_MAX, &arena, &list, &err));
	assert_null(list);
	assert_ok(om_decision_put(s->store, &first, &err));
	assert_ok(om_decision_put(s->store, &second, &err));
	assert_ok(om_decisions_read(s->store, INT64_MAX, &arena, &list, &err));
	assert_int_equal(list->leaf, 2);
	assert_false(list->accepted);
	assert_int_equal(list->next->from, 6);
	assert_int_equal(list->next->to, 7);
	assert_true(list->next->accepted);
	assert_int_equal(list->next->at, 100);
	assert_true(om_str_is(list->next->feed, "acme"));
	assert_true(om_str_is(list->next->by, "karl"));
	assert_true(om_str_is(list->next->reason, "never sent"));
	assert_null(list->next->next);
	/* As it was known before the second. */
	assert_ok(om_decisions_read(s->store, 200, &arena, &list, &err));
	assert_int_equal(list->leaf, 1);
	assert_null(list->next);
}

static void
a_decision_of_another_word_is_damage(void **state)
{
	struct stage *s = stage_of(state);
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	struct om_decision *list = NULL;
	struct om_err err = { 0 };

	db_run(om_store_catalog(s->store),
	    "INSERT INTO gap_decisions VALUES (1, 'acme', 'number', 1, 2,"
	    " 'forgotten', 0, 'karl', 'why')");
	assert_fails(om_decisions_read(s->store, INT64_MAX, &arena, &list,
			 &err),
	    OM_EDAMAGED);
	assert_string_equal(err.msg, "unknown decision 'forgotten'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_decision_all_is_open),
		cmocka_unit_test(the_newest_one_holds_for_each_number),
		STAGE_BOTH(they_are_read_as_they_were_put_newest_first),
		STAGE_BOTH(a_decision_of_another_word_is_damage),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
