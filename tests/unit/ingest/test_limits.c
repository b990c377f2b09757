/* How much of a batch may be turned away. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "ingest/limits.h"

static struct om_err err;

static const struct om_currency *
currency(const char *code)
{
	return om_currency_find(om_str_of(code));
}

static struct om_books
books(int64_t good, int64_t rejected, int64_t eur, int64_t conflicting,
    int64_t more)
{
	struct om_books b = { 0 };

	assert_ok(om_books_add(&b, currency("EUR"), OM_READ,
	    good + rejected + conflicting, 0, &err));
	assert_ok(om_books_add(&b, currency("EUR"), OM_REJECTED, rejected, eur,
	    &err));
	assert_ok(om_books_add(&b, currency("EUR"), OM_CONFLICTING, conflicting,
	    more, &err));
	return b;
}

static void
a_number_or_a_share_holds_at_its_maximum(void **state)
{
	static const struct {
		const char *limit;
		int64_t good;
		int64_t bad;
		bool holds;
	} cases[] = {
		{ NULL, 5, 0, true },
		{ NULL, 5, 1, false },
		{ "2", 0, 2, true },
		{ "2", 1000, 3, false },
		{ "0.1%", 999, 1, true },
		{ "0.1%", 998, 1, false },
		{ "100%", 0, 7, true },
		{ "0%", 7, 0, true },
	};
	char why[OM_LIMIT_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		struct om_limits l = { 0 };
		struct om_books b = books(cases[i].good, cases[i].bad, 0, 0, 0);

		if (cases[i].limit != NULL)
			assert_ok(om_limits_orders(&l, cases[i].limit, &err));
		assert_int_equal(om_limits_hold(&l, &b, why), cases[i].holds);
	}
	assert_int_equal(strncmp(why, "1 of 999 orders rejected", 24), 0);
}

static void
money_holds_at_its_maximum_and_both_must_hold(void **state)
{
	struct om_limits l = { 0 };
	char why[OM_LIMIT_TEXT_MAX] = "";
	struct om_books b;

	(void)state;
	assert_ok(om_limits_orders(&l, "3", &err));
	assert_ok(om_limits_amount(&l, "10.00EUR", &err));
	assert_ok(om_limits_amount(&l, "0JPY", &err));
	b = books(5, 2, 700, 1, 300);
	assert_true(om_limits_hold(&l, &b, why));
	b = books(5, 2, 701, 1, 300);
	assert_false(om_limits_hold(&l, &b, why));
	assert_string_equal(why,
	    "10.01 EUR in rejected orders, more than the 10.00 allowed");
	b = books(5, 2, 701, 1, -300);
	assert_false(om_limits_hold(&l, &b, why));
	b = books(5, 2, 700, 2, 300);
	assert_false(om_limits_hold(&l, &b, why));
	assert_string_equal(why, "4 of 9 orders rejected, more than allowed");
	b = books(5, 0, INT64_MIN, 0, INT64_MIN);
	assert_false(om_limits_hold(&l, &b, why));
}

static void
what_is_no_limit_is_refused(void **state)
{
	static const char *const orders[] = { "", "-1", "x", "1.5", "101%", "%",
		"0.00001%" };
	static const char *const amounts[] = { "", "EUR", "1.00", "1.005EUR",
		"-1EUR", "1EUX", "1 EUR", "1,00EUR" };
	struct om_limits l = { 0 };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(orders); i++)
		assert_fails(om_limits_orders(&l, orders[i], &err), OM_EUSAGE);
	for (size_t i = 0; i < OM_COUNT(amounts); i++)
		assert_fails(om_limits_amount(&l, amounts[i], &err), OM_EUSAGE);
	assert_string_equal(err.msg,
	    "--max-reject-amount wants an amount and a currency, such as "
	    "1000.00EUR, got '1,00EUR'");
	assert_ok(om_limits_amount(&l, "1EUR", &err));
	assert_fails(om_limits_amount(&l, "2EUR", &err), OM_EUSAGE);
	assert_string_equal(err.msg,
	    "--max-reject-amount is given twice for EUR");
}

static void
sixteen_currencies_are_enough(void **state)
{
	static const char *const codes[] = { "EUR", "USD", "JPY", "GBP", "CHF",
		"SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "TRY", "CAD",
		"AUD", "NZD", "KWD" };
	struct om_limits l = { 0 };
	char text[8];

	(void)state;
	for (size_t i = 0; i < OM_COUNT(codes); i++) {
		snprintf(text, sizeof(text), "1%s", codes[i]);
		assert_int_equal(om_limits_amount(&l, text, &err),
		    i < OM_LIMITS_MAX ? 0 : OM_EUSAGE);
	}
	assert_string_equal(err.msg,
	    "--max-reject-amount takes at most 16 currencies");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_or_a_share_holds_at_its_maximum),
		cmocka_unit_test(money_holds_at_its_maximum_and_both_must_hold),
		cmocka_unit_test(what_is_no_limit_is_refused),
		cmocka_unit_test(sixteen_currencies_are_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
