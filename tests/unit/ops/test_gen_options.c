/* Numbers and shares of orders, at their limits. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "ops/gen.h"

static void
a_count_is_a_number_or_a_share(void **state)
{
	static const struct {
		const char *text;
		int64_t orders;
		int64_t want;
	} good[] = {
		{ "0", 10, 0 },
		{ "12", 10, 12 }, /* too many is another's business */
		{ "0%", 10, 0 },
		{ "100%", 10, 10 },
		{ "50%", 3, 1 }, /* rounded down */
		{ "0.0001%", 1000000, 1 },
		{ "33.3%", 10000, 3330 },
		{ "100%", OM_GEN_ORDERS_MAX, OM_GEN_ORDERS_MAX },
	};
	struct om_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(good); i++) {
		int64_t n = -1;

		assert_ok(om_gen_count(om_str_of(good[i].text), good[i].orders,
		    &n, &err));
		assert_int_equal(n, good[i].want);
	}
}

static void
anything_else_is_refused(void **state)
{
	static const char *const bad[] = { "", "%", "x", "-1", "-1%", "1.5",
		"100.0001%", "0.00001%", "1%%", "99999999999999999999" };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(bad); i++) {
		struct om_err err = { 0 };
		int64_t n = 7;
		char want[64];

		assert_fails(om_gen_count(om_str_of(bad[i]), 10, &n, &err),
		    OM_EUSAGE);
		snprintf(want, sizeof(want), "bad number '%s'", bad[i]);
		assert_string_equal(err.msg, want);
		assert_int_equal(n, 7);
	}
}

static struct om_gen_options
sound(void)
{
	return (struct om_gen_options){
		.orders = 100,
		.channel = "web",
		.days = 1,
		.parts = 1,
		.part = 1,
	};
}

static void
fates_may_take_up_all_orders_and_no_more(void **state)
{
	struct om_gen_options opt = sound();
	struct om_err err = { 0 };

	(void)state;
	opt.breaks = 25;
	opt.amendments = 25;
	opt.cancellations = 25;
	opt.bad_rows = 25;
	assert_ok(om_gen_check(&opt, &err));
	opt.cancellations++;
	assert_fails(om_gen_check(&opt, &err), OM_EUSAGE);
	assert_string_equal(err.msg,
	    "breaks, amendments, cancellations and bad rows are 101 together,"
	    " but there are 100 orders");
	opt.cancellations = INT64_MAX; /* the sum would overflow */
	assert_fails(om_gen_check(&opt, &err), OM_EUSAGE);
	assert_string_equal(err.msg,
	    "cancellations is 9223372036854775807: not within 0 to 100");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_count_is_a_number_or_a_share),
		cmocka_unit_test(anything_else_is_refused),
		cmocka_unit_test(fates_may_take_up_all_orders_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
