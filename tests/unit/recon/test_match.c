/* Every class of break, and who belongs to whom when keys repeat. */
#include "table.h"

#define MICRO 1000000

static struct run
amounts(void)
{
	return (struct run){
		.words = { .key = "id", .compare = "amount" },
		.options = { .limit = OM_REC_ALL },
	};
}

#define EXPECT_ITEMS(run, left, right, want)                                   \
	do {                                                                   \
		assert_ok(reconcile(run, left, right, &err));                  \
		assert_string_equal(items_of(run), want);                      \
	} while (0)

static void
equal_files_have_no_breaks(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	EXPECT_ITEMS(&r, "id,amount\na,1.00\nb,2\n", "id,amount\nb,2.0\na,1\n",
	    "");
	assert_int_equal(r.result->breaks, 0);
	assert_int_equal(count_of(&r, OM_REC_EXACT), 2);
	assert_int_equal(amount_of_class(&r, OM_REC_EXACT), 3 * MICRO);
}

static void
header_only_files_are_equal(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	EXPECT_ITEMS(&r, "id,amount\n", "id,amount\n", "");
	assert_int_equal(r.result->side[0].control.rows, 0);
}

static void
each_difference_has_its_class_and_sum(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	EXPECT_ITEMS(&r, "id,amount\na,1.00\nb,2.00\nc,3.00\nd,4.00\n",
	    "id,amount\nb,2.50\nc,2.75\nd,4.00\ne,5.00\n",
	    "missing_right a L2 1.00\n"
	    "amount_over b L3 2.00 R2 2.50\n"
	    "amount_under c L4 3.00 R3 2.75\n"
	    "missing_left e R5 5.00\n");
	assert_int_equal(r.result->breaks, 4);
	assert_int_equal(amount_of_class(&r, OM_REC_MISSING_RIGHT), MICRO);
	assert_int_equal(amount_of_class(&r, OM_REC_MISSING_LEFT), 5 * MICRO);
	assert_int_equal(amount_of_class(&r, OM_REC_AMOUNT_OVER), 500000);
	assert_int_equal(amount_of_class(&r, OM_REC_AMOUNT_UNDER), -250000);
	assert_int_equal(amount_of_class(&r, OM_REC_EXACT), 4 * MICRO);
}

static void
an_absolute_tolerance_holds_to_the_limit_and_no_further(void **state)
{
	static const char *const tolerance[] = { "amount=0.01" };
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	r.words.tolerance = tolerance;
	r.words.tolerance_count = 1;
	EXPECT_ITEMS(&r,
	    "id,amount\na,10.00\nb,10.00\nc,10.00\nd,10.00\ne,-5\n",
	    "id,amount\na,10.01\nb,9.99\nc,10.010001\nd,9.989999\ne,-5.01\n",
	    "amount_over c L4 10.00 R4 10.010001\n"
	    "amount_under d L5 10.00 R5 9.989999\n");
	assert_int_equal(count_of(&r, OM_REC_TOLERATED), 3);
	assert_int_equal(amount_of_class(&r, OM_REC_TOLERATED), 30000);
	assert_int_equal(count_of(&r, OM_REC_EXACT), 0);
}

static void
basis_points_are_exact_at_the_limit(void **state)
{
	static const char *const tolerance[] = { "amount=200bp" };
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	r.words.tolerance = tolerance;
	r.words.tolerance_count = 1;
	EXPECT_ITEMS(&r,
	    "id,amount\na,333.35\nb,333.35\nc,333.35\nd,-100\ne,0\n",
	    "id,amount\na,340.017\nb,340.017001\nc,326.683\nd,-102\ne,0.01\n",
	    "amount_over b L3 333.35 R3 340.017001\n"
	    "amount_over e L6 0.00 R6 0.01\n");
	assert_int_equal(count_of(&r, OM_REC_TOLERATED), 3);
}

static void
a_tolerance_in_a_currency_counts_in_major_units(void **state)
{
	static const char *const tolerance[] = { "amount=1" };
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	r.words.tolerance = tolerance;
	r.words.tolerance_count = 1;
	EXPECT_ITEMS(&r,
	    "id,amount,currency\na,10,JPY\nb,10,JPY\nc,10.000,KWD\n"
	    "d,10.000,KWD\n",
	    "id,amount,currency\na,11,JPY\nb,12,JPY\nc,9.000,KWD\n"
	    "d,8.999,KWD\n",
	    "amount_over b L3 10 R3 12\n"
	    "amount_under d L5 10.000 R5 8.999\n");
}

static void
currencies_never_meet(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	EXPECT_ITEMS(&r, "id,amount,currency\na,1.00,EUR\nb,2.00,EUR\n",
	    "id,amount,currency\na,1.00,USD\nb,2.00,EUR\n",
	    "currency a L2 1.00 R2 1.00\n");
	assert_int_equal(r.result->tally.sum[978][OM_REC_CURRENCY].amount, 100);
	assert_int_equal(r.result->tally.sum[978][OM_REC_CURRENCY].items, 1);
	assert_int_equal(r.result->tally.sum[840][OM_REC_CURRENCY].total[1],
	    100);
}

static void
a_text_that_differs_is_a_value_break(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	r.words.compare = "state,amount,note";
	EXPECT_ITEMS(&r,
	    "id,state,amount,note\na,paid,1,x\nb,paid,2,x\nc,paid,3,x\n",
	    "id,state,amount,note\na,open,1,x\nb,open,3,y\nc,paid,3,\n",
	    "value a L2 1.00 'paid' R2 1.00 'open'\n"
	    "amount_over b L3 2.00 R3 3.00 (also differs: state, note)\n"
	    "value c L4 3.00 'x' R4 3.00\n");
}

static void
composite_keys_do_not_run_together(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	r.words.key = "shop,id";
	EXPECT_ITEMS(&r, "shop,id,amount\nab,c,1\nx,y,2\n",
	    "id,amount,shop\nbc,1,a\ny,2,x\n",
	    "missing_left a/bc R2 1.00\n"
	    "missing_right ab/c L2 1.00\n");
}

static void
identical_rows_match_n_to_n(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	EXPECT_ITEMS(&r, "id,amount\na,1\na,1\na,1\n",
	    "id,amount\na,1\na,1\na,1\n", "");
	assert_int_equal(count_of(&r, OM_REC_EXACT), 3);
	EXPECT_ITEMS(&r, "id,amount\na,1\na,2\n", "id,amount\na,2\na,1\n", "");
}

static void
one_repeat_too_many_is_a_duplicate(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	EXPECT_ITEMS(&r, "id,amount\na,1\nb,5\na,1\na,1\n",
	    "id,amount\na,1\na,1\nb,5\n",
	    "duplicate a L5 1.00 (exact repeat of line 2)\n");
	EXPECT_ITEMS(&r, "id,amount\na,1\n", "id,amount\na,2\na,1\n",
	    "duplicate a R2 2.00 (key of line 3 with other content)\n");
	assert_int_equal(amount_of_class(&r, OM_REC_DUPLICATE), 2 * MICRO);
}

static void
a_repeated_key_without_a_partner_is_missing_once(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	EXPECT_ITEMS(&r, "id,amount\na,1\na,1\na,3\n", "id,amount\n",
	    "missing_right a L2 1.00\n"
	    "duplicate a L3 1.00 (exact repeat of line 2)\n"
	    "duplicate a L4 3.00 (key of line 2 with other content)\n");
}

static void
repeated_keys_match_within_tolerance_before_they_break(void **state)
{
	static const char *const tolerance[] = { "amount=0.05" };
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	r.words.tolerance = tolerance;
	r.words.tolerance_count = 1;
	EXPECT_ITEMS(&r, "id,amount\na,20.00\na,10.00\na,7\n",
	    "id,amount\na,10.05\na,8\na,19.98\n",
	    "amount_over a L4 7.00 R3 8.00\n");
	assert_int_equal(count_of(&r, OM_REC_TOLERATED), 2);
	assert_int_equal(amount_of_class(&r, OM_REC_TOLERATED), 70000);
}

static void
a_bad_row_keeps_its_partner(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	EXPECT_ITEMS(&r, "id,amount\na,oops\nb,\nc,3\nd,1.0000001\n",
	    "id,amount\na,1\nb,2\nc,1e3\n",
	    "data a L2 'oops' R2 1.00 (bad amount 'oops')\n"
	    "data b L3 R3 2.00 (empty amount)\n"
	    "data c L4 3.00 R4 '1e3' (bad amount '1e3')\n"
	    "data d L5 '1.0000001' (bad amount '1.0000001': more than 6 "
	    "decimals)\n");
	assert_int_equal(amount_of_class(&r, OM_REC_DATA), 6 * MICRO);
	assert_int_equal(r.result->side[0].control.bad, 3);
	assert_int_equal(r.result->side[1].control.bad, 1);
}

static void
rows_without_a_key_are_data_breaks(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	EXPECT_ITEMS(&r, "id,amount\n,1\n,1\n!,2\n", "id,amount\n,1\n",
	    "data  L2 (empty key)\n"
	    "data  L3 (empty key)\n"
	    "data  L4 '!,2' (a bare quote)\n"
	    "data  R2 (empty key)\n");
}

static void
ragged_rows_are_data_breaks(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	EXPECT_ITEMS(&r, "id,amount\na,1,x\nb\n", "id,amount\na,1\nb,2\n",
	    "data a L2 'a,1,x' R2 1.00 (3 cells under 2 column names)\n"
	    "data b L3 'b' R3 2.00 (1 cells under 2 column names)\n");
}

static void
unknown_currencies_are_data_breaks(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	EXPECT_ITEMS(&r, "id,amount,currency\na,1,EUX\nb,1,\n",
	    "id,amount,currency\na,1,EUR\nb,1,EUR\n",
	    "data a L2 'EUX' R2 1.00 (unknown currency)\n"
	    "data b L3 R3 1.00 (empty currency)\n");
}

static void
amounts_at_the_edge_are_read_and_beyond_it_refused(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	r.words.currency = "JPY";
	EXPECT_ITEMS(&r,
	    "id,amount\na,4611686018427387903\nb,4611686018427387904\n",
	    "id,amount\na,-4611686018427387903\nb,-4611686018427387904\n",
	    "amount_under a L2 4611686018427387903 R2 -4611686018427387903\n"
	    "data b L3 '4611686018427387904' R3 '-4611686018427387904' "
	    "(amount out of range)\n");
}

static void
a_sum_that_overflows_is_said(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	r.words.currency = "JPY";
	assert_fails(reconcile(&r,
			 "id,amount\na,4611686018427387903\n"
			 "b,4611686018427387903\nc,2\n",
			 "id,amount\n", &err),
	    OM_ELIMIT);
	assert_string_equal(err.msg, "sum of missing_right overflows");
}

static void
a_side_that_cannot_be_read_is_named(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	assert_fails(reconcile(&r, "id,amount\na,1\n", "id,amount\n@,1\n",
			 &err),
	    OM_EDATA);
	assert_string_equal(err.msg, "right.csv: torn");
}

static void
without_compared_columns_only_keys_count(void **state)
{
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	r.words.compare = NULL;
	EXPECT_ITEMS(&r, "id,amount\na,1\nb,1\n", "id,amount\na,2\n",
	    "missing_right b L3\n");
}

static void
matches_are_listed_when_asked_for(void **state)
{
	static const char *const tolerance[] = { "amount=1" };
	OM_AUTO(run_free) struct run r = amounts();
	struct om_err err = { 0 };

	(void)state;
	r.words.tolerance = tolerance;
	r.words.tolerance_count = 1;
	r.options.matches = true;
	EXPECT_ITEMS(&r, "id,amount\na,1\nb,1\n", "id,amount\na,1\nb,2\n",
	    "exact a L2 1.00 R2 1.00\n"
	    "tolerance b L3 1.00 R3 2.00\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_files_have_no_breaks),
		cmocka_unit_test(header_only_files_are_equal),
		cmocka_unit_test(each_difference_has_its_class_and_sum),
		cmocka_unit_test(
		    an_absolute_tolerance_holds_to_the_limit_and_no_further),
		cmocka_unit_test(basis_points_are_exact_at_the_limit),
		cmocka_unit_test(
		    a_tolerance_in_a_currency_counts_in_major_units),
		cmocka_unit_test(currencies_never_meet),
		cmocka_unit_test(a_text_that_differs_is_a_value_break),
		cmocka_unit_test(composite_keys_do_not_run_together),
		cmocka_unit_test(identical_rows_match_n_to_n),
		cmocka_unit_test(one_repeat_too_many_is_a_duplicate),
		cmocka_unit_test(
		    a_repeated_key_without_a_partner_is_missing_once),
		cmocka_unit_test(
		    repeated_keys_match_within_tolerance_before_they_break),
		cmocka_unit_test(a_bad_row_keeps_its_partner),
		cmocka_unit_test(rows_without_a_key_are_data_breaks),
		cmocka_unit_test(ragged_rows_are_data_breaks),
		cmocka_unit_test(unknown_currencies_are_data_breaks),
		cmocka_unit_test(
		    amounts_at_the_edge_are_read_and_beyond_it_refused),
		cmocka_unit_test(a_sum_that_overflows_is_said),
		cmocka_unit_test(a_side_that_cannot_be_read_is_named),
		cmocka_unit_test(without_compared_columns_only_keys_count),
		cmocka_unit_test(matches_are_listed_when_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
