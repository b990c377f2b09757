/* Books: pages per currency, checked sums, and when they close. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/outcome.h"

static const struct om_currency *
eur(void)
{
	return om_currency_find(OM_STR("EUR"));
}

static const struct om_currency *
usd(void)
{
	return om_currency_find(OM_STR("USD"));
}

static void
every_outcome_is_found_by_its_name(void **state)
{
	enum om_outcome found;

	(void)state;
	for (int i = 0; i < OM_COUNTS; i++) {
		const char *name = om_outcome_name((enum om_outcome)i);

		assert_true(om_outcome_find(om_str_of(name), &found));
		assert_int_equal(found, i);
	}
	found = OM_AMENDED;
	assert_false(om_outcome_find(OM_STR("creatd"), &found));
	assert_false(om_outcome_find(OM_STR(""), &found));
	assert_int_equal(found, OM_AMENDED);
}

static void
every_outcome_is_told_once_and_a_part_behind_its_whole(void **state)
{
	bool told[OM_COUNTS] = { false };

	(void)state;
	for (int i = 0; i < OM_COUNTS; i++) {
		enum om_outcome o = om_outcome_told(i);

		assert_false(told[o]);
		assert_true(
		    om_outcome_whole(o) == o || told[om_outcome_whole(o)]);
		assert_int_equal(om_outcome_whole(o) == o, o < OM_OUTCOMES);
		told[o] = true;
	}
}

static void
each_currency_has_a_page_and_so_has_none(void **state)
{
	struct om_books books = { 0 };
	struct om_err err = { 0 };

	(void)state;
	assert_ok(om_books_add(&books, eur(), OM_READ, 1, 500, &err));
	assert_ok(om_books_add(&books, NULL, OM_READ, 1, 0, &err));
	assert_ok(om_books_add(&books, usd(), OM_READ, 1, 700, &err));
	assert_ok(om_books_add(&books, eur(), OM_READ, 2, -100, &err));
	assert_int_equal(books.count, 3);
	assert_ptr_equal(books.page[0].currency, eur());
	assert_int_equal(books.page[0].orders[OM_READ], 3);
	assert_int_equal(books.page[0].amount_minor[OM_READ], 400);
	assert_null(books.page[1].currency);
	assert_int_equal(om_books_orders(&books, OM_READ), 5);
	assert_int_equal(om_books_orders(&books, OM_CREATED), 0);
}

static void
a_sum_may_reach_the_largest_number_and_no_further(void **state)
{
	struct om_books books = { 0 };
	struct om_err err = { 0 };

	(void)state;
	assert_ok(
	    om_books_add(&books, eur(), OM_CREATED, 1, INT64_MAX - 1, &err));
	assert_ok(om_books_add(&books, eur(), OM_CREATED, 1, 1, &err));
	assert_fails(om_books_add(&books, eur(), OM_CREATED, 1, 1, &err),
	    OM_ELIMIT);
	assert_string_equal(err.msg, "created EUR: sum overflows");
	assert_int_equal(books.page[0].orders[OM_CREATED], 2);
	assert_int_equal(books.page[0].amount_minor[OM_CREATED], INT64_MAX);
	assert_ok(om_books_add(&books, eur(), OM_CREATED, 1, INT64_MIN, &err));
	assert_int_equal(books.page[0].amount_minor[OM_CREATED], -1);
}

static void
pages_have_a_maximum(void **state)
{
	struct om_currency *made = calloc(OM_CURRENCIES_MAX + 1, sizeof(*made));
	struct om_books books = { 0 };
	struct om_err err = { 0 };

	(void)state;
	assert_non_null(made);
	for (int i = 0; i < OM_CURRENCIES_MAX; i++)
		assert_ok(om_books_add(&books, &made[i], OM_READ, 1, 1, &err));
	assert_fails(om_books_add(&books, &made[OM_CURRENCIES_MAX], OM_READ, 1,
			 1, &err),
	    OM_ELIMIT);
	assert_string_equal(err.msg, "more than 200 currencies");
	assert_ok(om_books_add(&books, &made[0], OM_READ, 1, 1, &err));
	assert_int_equal(books.count, OM_CURRENCIES_MAX);
	free(made);
}

static void
merging_adds_page_to_page(void **state)
{
	struct om_books a = { 0 };
	struct om_books b = { 0 };
	struct om_err err = { 0 };

	(void)state;
	assert_ok(om_books_add(&a, eur(), OM_READ, 2, 200, &err));
	assert_ok(om_books_add(&b, usd(), OM_CREATED, 1, 50, &err));
	assert_ok(om_books_add(&b, eur(), OM_READ, 1, 300, &err));
	assert_ok(om_books_merge(&a, &b, &err));
	assert_int_equal(a.count, 2);
	assert_int_equal(a.page[0].orders[OM_READ], 3);
	assert_int_equal(a.page[0].amount_minor[OM_READ], 500);
	assert_int_equal(a.page[1].orders[OM_CREATED], 1);
	assert_int_equal(b.page[0].orders[OM_READ], 0);
	assert_ok(om_books_add(&b, eur(), OM_READ, 1, INT64_MAX - 300, &err));
	assert_fails(om_books_merge(&a, &b, &err), OM_ELIMIT);
	assert_string_equal(err.msg, "read EUR: sum overflows");
}

static void
books_close_when_every_order_has_one_outcome(void **state)
{
	struct om_books books = { 0 };
	struct om_err err = { 0 };

	(void)state;
	assert_ok(om_books_close(&books, &err));
	assert_ok(om_books_add(&books, usd(), OM_READ, 6, 21, &err));
	for (int o = OM_READ + 1; o < OM_OUTCOMES; o++)
		assert_ok(om_books_add(&books, usd(), (enum om_outcome)o, 1, o,
		    &err));
	assert_ok(om_books_close(&books, &err));
}

static void
a_part_counts_in_its_whole_and_not_in_the_sum(void **state)
{
	struct om_books books = { 0 };
	struct om_err err = { 0 };

	(void)state;
	assert_ok(om_books_add(&books, usd(), OM_READ, 2, 30, &err));
	assert_ok(om_books_count(&books, usd(), OM_CREATED, 10, &err));
	assert_ok(om_books_count(&books, usd(), OM_STALE, 20, &err));
	assert_int_equal(om_books_orders(&books, OM_CREATED), 1);
	assert_int_equal(om_books_orders(&books, OM_UNCHANGED), 1);
	assert_int_equal(om_books_orders(&books, OM_STALE), 1);
	assert_int_equal(books.page[0].amount_minor[OM_UNCHANGED], 20);
	assert_int_equal(books.page[0].amount_minor[OM_STALE], 20);
	assert_ok(om_books_close(&books, &err));
	assert_ok(om_books_add(&books, usd(), OM_STALE, 1, 0, &err));
	assert_fails(om_books_close(&books, &err), OM_EINTERNAL);
	assert_string_equal(err.msg, "the books do not close: USD: 2 orders"
				     " stale, of 1 unchanged");
}

static void
books_that_do_not_close_say_by_how_much(void **state)
{
	struct om_books books = { 0 };
	struct om_err err = { 0 };

	(void)state;
	assert_ok(om_books_add(&books, usd(), OM_READ, 2, 300, &err));
	assert_ok(om_books_add(&books, usd(), OM_CREATED, 2, 299, &err));
	assert_fails(om_books_close(&books, &err), OM_EINTERNAL);
	assert_string_equal(err.msg, "the books do not close: USD: 0 orders and"
				     " 1 minor units are unaccounted for");
	assert_ok(om_books_add(&books, usd(), OM_REJECTED, 1, 1, &err));
	assert_fails(om_books_close(&books, &err), OM_EINTERNAL);
	assert_string_equal(err.msg, "the books do not close: USD: -1 orders"
				     " and 0 minor units are unaccounted for");
}

static void
money_that_no_currency_names_must_close_too(void **state)
{
	struct om_books books = { 0 };
	struct om_err err = { 0 };

	(void)state;
	assert_ok(om_books_add(&books, NULL, OM_READ, 1, 0, &err));
	assert_fails(om_books_close(&books, &err), OM_EINTERNAL);
	assert_string_equal(err.msg, "the books do not close: no currency: 1"
				     " orders and 0 minor units are"
				     " unaccounted for");
}

/* Each line fits, and so does their sum; what is left on the way does not. */
static void
closing_does_not_overflow_on_the_way(void **state)
{
	const int64_t most = INT64_MAX;
	struct om_books books = { 0 };
	struct om_err err = { 0 };

	(void)state;
	assert_ok(om_books_add(&books, usd(), OM_READ, 3, most, &err));
	assert_ok(om_books_add(&books, usd(), OM_CREATED, 1, -most, &err));
	assert_ok(om_books_add(&books, usd(), OM_AMENDED, 1, most, &err));
	assert_ok(om_books_add(&books, usd(), OM_REJECTED, 1, most, &err));
	assert_ok(om_books_close(&books, &err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_outcome_is_found_by_its_name),
		cmocka_unit_test(
		    every_outcome_is_told_once_and_a_part_behind_its_whole),
		cmocka_unit_test(each_currency_has_a_page_and_so_has_none),
		cmocka_unit_test(
		    a_sum_may_reach_the_largest_number_and_no_further),
		cmocka_unit_test(pages_have_a_maximum),
		cmocka_unit_test(merging_adds_page_to_page),
		cmocka_unit_test(books_close_when_every_order_has_one_outcome),
		cmocka_unit_test(a_part_counts_in_its_whole_and_not_in_the_sum),
		cmocka_unit_test(books_that_do_not_close_say_by_how_much),
		cmocka_unit_test(money_that_no_currency_names_must_close_too),
		cmocka_unit_test(closing_does_not_overflow_on_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
