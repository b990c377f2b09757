/* Currencies and their weights: what makes sense, and what does not. */
#include "unit.h"

#include <string.h>

#include "ops/gen.h"

static void
a_mix_that_makes_no_sense_is_refused(void **state)
{
	static const char *const bad[][2] = {
		{ "", "no currency ''" },
		{ "EUR,", "no currency ''" },
		{ "EUX:1", "no currency 'EUX'" },
		{ "EUR:0", "bad weight in 'EUR:0': not within 1 to 1000000" },
		{ "EUR:1000001",
		    "bad weight in 'EUR:1000001': not within 1 to 1000000" },
		{ "EUR:x", "bad weight in 'EUR:x': not within 1 to 1000000" },
		{ "EUR:1,USD:2,EUR:3", "'EUR' twice" },
	};
	struct om_gen_mix mix = { .count = 7 };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(bad); i++) {
		struct om_err err = { 0 };

		assert_fails(om_gen_mix_parse(om_str_of(bad[i][0]), &mix, &err),
		    OM_EUSAGE);
		assert_string_equal(err.msg, bad[i][1]);
		assert_int_equal(mix.count, 7);
	}
}

static void
a_mix_holds_sixteen_currencies_and_no_more(void **state)
{
	const char *text = "EUR,USD,JPY,KWD,GBP,CHF,SEK,NOK,DKK,PLN,CZK,HUF,"
			   "AUD,NZD,CAD,BRL,MXN";
	struct om_gen_mix mix;
	struct om_err err = { 0 };

	(void)state;
	assert_fails(om_gen_mix_parse(om_str_of(text), &mix, &err), OM_EUSAGE);
	assert_string_equal(err.msg, "more than 16 currencies");
	assert_ok(om_gen_mix_parse((struct om_str){ text, strlen(text) - 4 },
	    &mix, &err));
	assert_int_equal(mix.count, 16);
	assert_int_equal(mix.sum, 16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mix_that_makes_no_sense_is_refused),
		cmocka_unit_test(a_mix_holds_sixteen_currencies_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
