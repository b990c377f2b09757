/* test_exit.c - the frozen exit statuses, and which of two wins. */
#include "unit.h"

#include "cmd/exit.h"

static void
every_class_of_failure_has_its_status(void **state)
{
	static const struct {
		enum om_code code;
		int status;
	} table[] = {
		{ OM_OK, 0 },
		{ OM_EUSAGE, 2 },
		{ OM_EDATA, 5 },
		{ OM_ENOENT, 4 },
		{ OM_ECONFLICT, 5 },
		{ OM_EBUSY, 8 },
		{ OM_EIO, 4 },
		{ OM_ESTORE, 6 },
		{ OM_ELIMIT, 5 },
		{ OM_EDAMAGED, 7 },
		{ OM_EDEADLINE, 9 },
		{ OM_EREMOTE, 10 },
		{ OM_EAUTH, 11 },
		{ OM_EOUTPUT, 12 },
		{ OM_EINTERNAL, 70 },
	};

	(void)state;
	for (size_t i = 0; i < OM_COUNT(table); i++)
		assert_int_equal(om_exit_of(table[i].code), table[i].status);
}

static void
the_first_in_the_promised_order_wins(void **state)
{
	static const int order[] = { 70, 7, 6, 11, 12, 10, 8, 9, 5, 3, 1, 0 };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(order); i++)
		for (size_t j = i; j < OM_COUNT(order); j++) {
			assert_int_equal(om_exit_worst(order[i], order[j]),
			    order[i]);
			assert_int_equal(om_exit_worst(order[j], order[i]),
			    order[i]);
		}
}

static void
every_promised_status_has_a_meaning(void **state)
{
	static const int promised[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
		12, 70 };
	size_t found = 0;

	(void)state;
	for (size_t i = 0; i < OM_COUNT(promised); i++)
		assert_non_null(om_exit_meaning(promised[i]));
	for (int i = 0; i < 256; i++)
		found += om_exit_meaning(i) != NULL;
	assert_int_equal(found, OM_COUNT(promised));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_class_of_failure_has_its_status),
		cmocka_unit_test(every_promised_status_has_a_meaning),
		cmocka_unit_test(the_first_in_the_promised_order_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
