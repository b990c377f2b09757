/* The table of ISO 4217, looked at code by code. */
#include "unit.h"

#include "order/currency.h"

static void
every_exponent_is_iso_4217s(void **state)
{
	static const char *const by_exponent[] = {
		"BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF "
		"XOF XPF",
		"",
		"AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF IDR ILS INR IRR "
		"MGA MRU MXN NOK NZD PLN RON SEK SGD THB TRY TWD USD XAD XCD "
		"XCG ZAR ZWG",
		"BHD IQD JOD KWD LYD OMR TND",
		"CLF UYW",
	};

	(void)state;
	for (int e = 0; e <= OM_CURRENCY_EXPONENT_MAX; e++) {
		for (const char *p = by_exponent[e]; *p != '\0';) {
			const struct om_currency *c =
			    om_currency_find((struct om_str){ p, 3 });

			assert_non_null(c);
			assert_memory_equal(c->code, p, 3);
			assert_int_equal(c->exponent, e);
			p += p[3] == ' ' ? 4 : 3;
		}
	}
}

static void
all_26_cubed_codes_give_171_currencies(void **state)
{
	int found[OM_CURRENCY_EXPONENT_MAX + 1] = { 0 };
	long numbers = 0;
	char code[3];

	(void)state;
	for (int i = 0; i < 26 * 26 * 26; i++) {
		const struct om_currency *c;

		code[0] = (char)('A' + i / 676);
		code[1] = (char)('A' + i / 26 % 26);
		code[2] = (char)('A' + i % 26);
		c = om_currency_find((struct om_str){ code, 3 });
		if (c == NULL)
			continue;
		assert_memory_equal(c->code, code, 3);
		assert_int_equal(c->code[3], '\0');
		found[c->exponent]++;
		numbers += c->number;
	}
	assert_int_equal(found[0], 17);
	assert_int_equal(found[1], 0);
	assert_int_equal(found[2], 165 - 17 - 7 - 2 + 6);
	assert_int_equal(found[3], 7);
	assert_int_equal(found[4], 2);
	assert_int_equal(numbers, 96505);
}

static void
codes_without_a_minor_unit_are_refused(void **state)
{
	static const char *const codes[] = { "XAG", "XAU", "XBA", "XBB", "XBC",
		"XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX" };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(codes); i++)
		assert_null(om_currency_find(om_str_of(codes[i])));
}

static void
only_three_upper_case_letters_will_do(void **state)
{
	(void)state;
	assert_non_null(om_currency_find(OM_STR("EUR")));
	assert_null(om_currency_find(OM_STR("eur")));
	assert_null(om_currency_find(OM_STR("EU")));
	assert_null(om_currency_find(OM_STR("EURO")));
	assert_null(om_currency_find(OM_STR("EUR ")));
	assert_null(om_currency_find(OM_STR("")));
	assert_null(om_currency_find(OM_STR("\0\0\0")));
	assert_null(om_currency_find(OM_STR("\xe2\x82\xac")));
	assert_null(om_currency_find((struct om_str){ NULL, 0 }));
}

static void
a_currency_is_one_object(void **state)
{
	(void)state;
	assert_ptr_equal(om_currency_find(OM_STR("JPY")),
	    om_currency_find((struct om_str){ "JPYEN", 3 }));
	assert_int_equal(om_currency_find(OM_STR("JPY"))->number, 392);
}

static void
withdrawn_currencies_of_late_orders_are_known(void **state)
{
	static const char *const codes[] = { "ANG", "BGN", "CUC", "HRK", "SLL",
		"ZWL" };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(codes); i++)
		assert_int_equal(om_currency_find(om_str_of(codes[i]))
				     ->exponent,
		    2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_exponent_is_iso_4217s),
		cmocka_unit_test(all_26_cubed_codes_give_171_currencies),
		cmocka_unit_test(codes_without_a_minor_unit_are_refused),
		cmocka_unit_test(only_three_upper_case_letters_will_do),
		cmocka_unit_test(a_currency_is_one_object),
		cmocka_unit_test(withdrawn_currencies_of_late_orders_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
