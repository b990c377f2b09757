/* The arithmetic of a line under the rules that feeds declare. */
#include "unit.h"

#include "order/line.h"

#define PERCENT 10000 /* in millionths */

static const struct om_currency *
currency(const char *code)
{
	return om_currency_find(om_str_of(code));
}

static struct om_line_amounts
computed(const struct om_line_terms *t, const char *code)
{
	struct om_line_amounts a = { -77, -77, -77, -77 };
	struct om_err err = { 0 };

	assert_ok(om_line_compute(t, currency(code), &a, &err));
	return a;
}

static void
refuses(const struct om_line_terms *t, enum om_code code, const char *why)
{
	struct om_line_amounts a = { -77, -77, -77, -77 };
	struct om_err err = { 0 };

	assert_fails(om_line_compute(t, currency("EUR"), &a, &err), code);
	assert_string_equal(err.msg, why);
	assert_int_equal(a.gross_minor, -77);
	assert_int_equal(a.total_minor, -77);
}

static void
quantity_times_price_is_the_gross_in_every_exponent(void **state)
{
	static const struct {
		const char *code;
		int64_t gross;
	} cases[] = { { "JPY", 31 }, { "EUR", 3086 }, { "KWD", 30864 },
		{ "CLF", 308641 } };
	struct om_line_terms t = {
		.quantity_milli = 2500,
		.unit_price_micro = 12345600, /* 2.5 x 12.3456 = 30.864 */
		.rounding = OM_ROUND_HALF_UP,
	};

	(void)state;
	for (size_t i = 0; i < OM_COUNT(cases) - 1; i++) {
		struct om_line_amounts a = computed(&t, cases[i].code);

		assert_int_equal(a.gross_minor, cases[i].gross);
		assert_int_equal(a.total_minor, cases[i].gross);
		assert_int_equal(a.discount_minor, 0);
		assert_int_equal(a.tax_minor, 0);
	}
	t.unit_price_micro = 12345640; /* 30.86410 */
	assert_int_equal(computed(&t, "CLF").gross_minor, cases[3].gross);
}

static void
a_stated_gross_is_taken_as_it_is(void **state)
{
	struct om_line_terms t = { .gross_stated = true,
		.gross_minor = 999,
		.quantity_milli = 3000,
		.unit_price_micro = 5000000 };

	(void)state;
	assert_int_equal(computed(&t, "EUR").total_minor, 999);
}

static void
each_mode_rounds_the_gross_its_own_way(void **state)
{
	/* half-even, half-up, floor, truncate */
	static const struct {
		int64_t price;
		int want[4];
	} cases[] = { { 5000, { 0, 1, 0, 0 } }, { 15000, { 2, 2, 1, 1 } },
		{ 25000, { 2, 3, 2, 2 } }, { -5000, { 0, -1, -1, 0 } },
		{ -25000, { -2, -3, -3, -2 } } };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		for (int mode = 0; mode < OM_ROUND_EXACT; mode++) {
			struct om_line_terms t = {
				.quantity_milli = 1000,
				.unit_price_micro = cases[i].price,
				.rounding = (enum om_rounding)mode,
			};

			assert_int_equal(computed(&t, "EUR").gross_minor,
			    cases[i].want[mode]);
		}
	}
}

static void
amounts_are_taken_as_stated(void **state)
{
	struct om_line_terms t = {
		.quantity_milli = 2000,
		.unit_price_micro = 10000000,
		.discount = { OM_CHARGE_AMOUNT, 150 },
		.tax = { OM_CHARGE_AMOUNT, 352 },
	};
	struct om_line_amounts a = computed(&t, "EUR");

	(void)state;
	assert_int_equal(a.gross_minor, 2000);
	assert_int_equal(a.discount_minor, 150);
	assert_int_equal(a.total_minor, 1850);
	assert_int_equal(a.tax_minor, 352);
}

/* The first order of TPC-H at scale 0.1, O_TOTALPRICE 194,029.55. Rounding the
 * discount instead of the net, or half up, gives another sum. */
static void
tpch_truncates_net_and_taxed_price(void **state)
{
	static const struct {
		int price, discount, tax, taxed;
	} lines[] = { { 2438667, 4, 2, 2387942 }, { 5895828, 9, 6, 5687115 },
		{ 1021096, 10, 2, 937365 }, { 3119788, 9, 6, 3009347 },
		{ 3132960, 10, 4, 2932450 }, { 4689792, 7, 2, 4448736 } };
	int64_t sum = 0;

	(void)state;
	for (size_t i = 0; i < OM_COUNT(lines); i++) {
		struct om_line_terms t = {
			.gross_stated = true,
			.gross_minor = lines[i].price,
			.discount = { OM_CHARGE_RATE,
			    lines[i].discount * PERCENT },
			.tax = { OM_CHARGE_RATE, lines[i].tax * PERCENT },
			.rounding = OM_ROUND_TRUNCATE,
		};
		struct om_line_amounts a = computed(&t, "USD");

		assert_int_equal(a.total_minor + a.tax_minor, lines[i].taxed);
		assert_int_equal(a.gross_minor,
		    a.total_minor + a.discount_minor);
		sum += lines[i].taxed;
	}
	assert_int_equal(sum, 19402955);
}

static void
a_discount_rate_rounds_the_net_unless_told_otherwise(void **state)
{
	struct om_line_terms t = {
		.gross_stated = true,
		.gross_minor = 1110,
		.discount = { OM_CHARGE_RATE, 5 * PERCENT },
		.rounding = OM_ROUND_TRUNCATE,
	};
	struct om_line_amounts a = computed(&t, "EUR");

	(void)state;
	assert_int_equal(a.total_minor, 1054);
	assert_int_equal(a.discount_minor, 56);
	t.rounds_discount = true;
	a = computed(&t, "EUR");
	assert_int_equal(a.total_minor, 1055);
	assert_int_equal(a.discount_minor, 55);
}

static void
included_tax_is_taken_out_of_the_net(void **state)
{
	struct om_line_terms t = {
		.gross_stated = true,
		.gross_minor = 12100,
		.tax = { OM_CHARGE_RATE, 21 * PERCENT },
		.tax_included = true,
	};
	struct om_line_amounts a = computed(&t, "EUR");

	(void)state;
	assert_int_equal(a.tax_minor, 2100);
	assert_int_equal(a.total_minor, 12100);
	t.gross_minor = 9999; /* 9999 x 21 / 121 = 1735.36 */
	assert_int_equal(computed(&t, "EUR").tax_minor, 1735);
}

static void
a_return_mirrors_its_sale(void **state)
{
	struct om_line_terms t = {
		.quantity_milli = 3000,
		.unit_price_micro = 3330000,
		.discount = { OM_CHARGE_RATE, 10 * PERCENT },
		.tax = { OM_CHARGE_RATE, 20 * PERCENT },
		.rounding = OM_ROUND_HALF_UP,
	};
	struct om_line_amounts sale = computed(&t, "EUR");
	struct om_line_amounts back;

	(void)state;
	t.quantity_milli = -3000;
	back = computed(&t, "EUR");
	assert_int_equal(sale.total_minor, 899); /* 8.991 */
	assert_int_equal(sale.tax_minor, 180);	 /* 1.798 */
	assert_int_equal(back.gross_minor, -sale.gross_minor);
	assert_int_equal(back.discount_minor, -sale.discount_minor);
	assert_int_equal(back.total_minor, -sale.total_minor);
	assert_int_equal(back.tax_minor, -sale.tax_minor);
}

static void
exact_tells_which_step_leaves_a_remainder(void **state)
{
	struct om_line_terms t = {
		.quantity_milli = 1000,
		.unit_price_micro = 1005000,
		.rounding = OM_ROUND_EXACT,
	};

	(void)state;
	refuses(&t, OM_EDATA, "gross leaves a remainder");
	t.unit_price_micro = 1010000;
	t.discount = (struct om_charge){ OM_CHARGE_RATE, 5 * PERCENT };
	refuses(&t, OM_EDATA, "discount leaves a remainder");
	t.rounds_discount = true;
	refuses(&t, OM_EDATA, "discount leaves a remainder");
	t.discount = (struct om_charge){ OM_CHARGE_NONE, 0 };
	t.tax = (struct om_charge){ OM_CHARGE_RATE, 5 * PERCENT };
	refuses(&t, OM_EDATA, "tax leaves a remainder");
	t.unit_price_micro = 20000000;
	assert_int_equal(computed(&t, "EUR").tax_minor, 100);
}

static void
a_discount_rate_is_from_nothing_to_all(void **state)
{
	struct om_line_terms t = {
		.gross_stated = true,
		.gross_minor = 500,
		.discount = { OM_CHARGE_RATE, OM_RATE_ONE },
	};

	(void)state;
	assert_int_equal(computed(&t, "EUR").total_minor, 0);
	assert_int_equal(computed(&t, "EUR").discount_minor, 500);
	t.discount.value = 0;
	assert_int_equal(computed(&t, "EUR").total_minor, 500);
	t.discount.value = OM_RATE_ONE + 1;
	refuses(&t, OM_EDATA, "bad discount rate '1.000001'");
	t.discount.value = -1;
	refuses(&t, OM_EDATA, "bad discount rate '-0.000001'");
}

static void
a_tax_rate_is_not_negative(void **state)
{
	struct om_line_terms t = {
		.gross_stated = true,
		.gross_minor = 500,
		.tax = { OM_CHARGE_RATE, 3 * OM_RATE_ONE },
	};

	(void)state;
	assert_int_equal(computed(&t, "EUR").tax_minor, 1500);
	t.tax.value = -200000;
	refuses(&t, OM_EDATA, "bad tax rate '-0.200000'");
}

static void
nothing_wraps_at_the_limits(void **state)
{
	struct om_line_terms t = {
		.quantity_milli = INT64_MAX,
		.unit_price_micro = INT64_MIN,
	};

	(void)state;
	refuses(&t, OM_ELIMIT, "gross is too large");
	t.gross_stated = true;
	t.gross_minor = INT64_MAX;
	assert_true(computed(&t, "EUR").total_minor == INT64_MAX);
	t.tax = (struct om_charge){ OM_CHARGE_RATE, OM_RATE_ONE };
	assert_true(computed(&t, "EUR").tax_minor == INT64_MAX);
	t.tax.value++;
	refuses(&t, OM_ELIMIT, "tax is too large");
	t.tax.value = INT64_MAX;
	refuses(&t, OM_ELIMIT, "tax is too large");
	t.tax_included = true;
	assert_true(computed(&t, "EUR").tax_minor > 0);
	t.discount = (struct om_charge){ OM_CHARGE_AMOUNT, -1 };
	refuses(&t, OM_ELIMIT, "net is too large");
}

static void
a_price_makes_the_gross_it_is_asked_for(void **state)
{
	static const struct {
		const char *code;
		int64_t gross_minor;
		int64_t quantity_milli;
		int64_t price_micro;
	} cases[] = {
		{ "EUR", 1050, 1000, 10500000 },
		{ "EUR", 1050, -1000, -10500000 },
		{ "EUR", -1050, 1000, -10500000 },
		{ "EUR", 100, 3000, 333333 },
		{ "EUR", 200, 3000, 666667 },
		{ "JPY", 1050, 1000, 1050000000 },
		{ "KWD", 1050, 1000, 1050000 },
		{ "CLF", 1050, 1000, 105000 },
		{ "CLF", 1, 40000, 2 },	    /* 2.5 */
		{ "CLF", 3, 200000, 2 },    /* 1.5 */
		{ "EUR", 1050, 0, 0 },	    /* nothing was sold */
		{ "EUR", INT64_MAX, 1, 0 }, /* no price fits */
		{ "EUR", INT64_MIN, INT64_MIN, 10000000 },
	};

	(void)state;
	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		int64_t price = om_line_price(cases[i].gross_minor,
		    cases[i].quantity_milli, currency(cases[i].code));

		if (price != cases[i].price_micro)
			fail_msg("case %zu: %lld", i, (long long)price);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    quantity_times_price_is_the_gross_in_every_exponent),
		cmocka_unit_test(a_stated_gross_is_taken_as_it_is),
		cmocka_unit_test(each_mode_rounds_the_gross_its_own_way),
		cmocka_unit_test(amounts_are_taken_as_stated),
		cmocka_unit_test(tpch_truncates_net_and_taxed_price),
		cmocka_unit_test(
		    a_discount_rate_rounds_the_net_unless_told_otherwise),
		cmocka_unit_test(included_tax_is_taken_out_of_the_net),
		cmocka_unit_test(a_return_mirrors_its_sale),
		cmocka_unit_test(exact_tells_which_step_leaves_a_remainder),
		cmocka_unit_test(a_discount_rate_is_from_nothing_to_all),
		cmocka_unit_test(a_tax_rate_is_not_negative),
		cmocka_unit_test(nothing_wraps_at_the_limits),
		cmocka_unit_test(a_price_makes_the_gross_it_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
