/* The whole table of transitions, pair by pair. */
#include "unit.h"

#include <string.h>

#include "base/attr.h"
#include "order/state.h"

static const char *const names[OM_STATE_COUNT] = { "received", "held",
	"accepted", "allocated", "backordered", "released", "shipped", "closed",
	"cancelled" };

/* Row: from; column: to; in the order of the numbers. */
static const char legal[OM_STATE_COUNT][OM_STATE_COUNT + 1] = {
	".HA.....C", /* received */
	"R.A.....C", /* held */
	".H.LB...C", /* accepted */
	"..A.BE..C", /* allocated */
	".H.L....C", /* backordered */
	"......S.C", /* released */
	".......D.", /* shipped */
	".........", /* closed */
	".........", /* cancelled */
};

static void
every_pair_is_as_documented(void **state)
{
	(void)state;
	for (int from = 0; from < OM_STATE_COUNT; from++)
		for (int to = 0; to < OM_STATE_COUNT; to++)
			assert_int_equal(om_state_may((enum om_state)from,
					     (enum om_state)to),
			    legal[from][to] != '.');
}

static void
open_means_that_something_may_follow(void **state)
{
	(void)state;
	for (int s = 0; s < OM_STATE_COUNT; s++)
		assert_int_equal(om_state_open((enum om_state)s),
		    s != OM_CLOSED && s != OM_CANCELLED);
}

static void
stored_numbers_and_names_never_change(void **state)
{
	(void)state;
	for (int s = 0; s < OM_STATE_COUNT; s++) {
		enum om_state found = OM_STATE_COUNT;

		assert_string_equal(om_state_name((enum om_state)s), names[s]);
		assert_true(om_state_find(om_str_of(names[s]), &found));
		assert_int_equal(found, s);
	}
}

static void
numbers_from_a_damaged_store_are_no_states(void **state)
{
	enum om_state bad[] = { (enum om_state)OM_STATE_COUNT,
		(enum om_state)9999, (enum om_state) - 1 };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(bad); i++) {
		assert_string_equal(om_state_name(bad[i]), "unknown");
		assert_false(om_state_open(bad[i]));
		assert_false(om_state_may(bad[i], OM_CANCELLED));
		assert_false(om_state_may(OM_RECEIVED, bad[i]));
	}
}

static void
other_names_are_not_found(void **state)
{
	enum om_state found = OM_SHIPPED;

	(void)state;
	assert_false(om_state_find(OM_STR("Received"), &found));
	assert_false(om_state_find(OM_STR("unknown"), &found));
	assert_false(om_state_find(OM_STR(""), &found));
	assert_int_equal(found, OM_SHIPPED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_is_as_documented),
		cmocka_unit_test(open_means_that_something_may_follow),
		cmocka_unit_test(stored_numbers_and_names_never_change),
		cmocka_unit_test(numbers_from_a_damaged_store_are_no_states),
		cmocka_unit_test(other_names_are_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
