/* What the words of the command line mean, and what they are told off for. */
#include "table.h"

#define LEFT  "id,shop,amount,net_total,status,currency,twice,twice"
#define RIGHT "id,shop,amount,gross,status,currency,ref"

static int
make(struct run *r, struct om_err *err)
{
	run_free(r);
	table_open(&r->left, "left.csv", LEFT);
	table_open(&r->right, "right.csv", RIGHT);
	return om_rec_rules_make(&r->arena, &r->words, &r->left.input,
	    &r->right.input, &r->rules, err);
}

static void
refuses(struct run *r, enum om_code code, const char *message)
{
	struct om_err err = { 0 };

	assert_fails(make(r, &err), code);
	assert_string_equal(err.msg, message);
}

static void
names_are_found_on_both_sides(void **state)
{
	OM_AUTO(run_free) struct run r = { .words = { .key = "shop,id" } };
	struct om_err err = { 0 };

	(void)state;
	r.words.compare = "amount,status";
	assert_ok(make(&r, &err));
	assert_int_equal(r.rules.keys, 2);
	assert_int_equal(r.rules.key[0].at[0], 1);
	assert_int_equal(r.rules.key[1].at[1], 0);
	assert_int_equal(r.rules.compares, 2);
	assert_int_equal(r.rules.compare[0].kind, OM_REC_AMOUNT);
	assert_int_equal(r.rules.compare[1].kind, OM_REC_TEXT);
	assert_int_equal(r.rules.main, 0);
	assert_int_equal(r.rules.amounts, 1);
	assert_true(r.rules.has_currency);
	assert_int_equal(r.rules.currency.at[0], 5);
}

static void
a_map_renames_a_column_of_the_right_side(void **state)
{
	static const char *const map[] = { "net_total=gross", "id=ref" };
	OM_AUTO(run_free) struct run r = { .words = { .key = "id" } };
	struct om_err err = { 0 };

	(void)state;
	r.words.compare = "net_total";
	r.words.map = map;
	r.words.map_count = 2;
	assert_ok(make(&r, &err));
	assert_int_equal(r.rules.key[0].at[1], 6);
	assert_int_equal(r.rules.compare[0].at[0], 3);
	assert_int_equal(r.rules.compare[0].at[1], 3);
	assert_int_equal(r.rules.compare[0].kind, OM_REC_AMOUNT);
}

static void
an_unused_or_malformed_map_is_refused(void **state)
{
	static const char *const unused[] = { "nett=gross" };
	static const char *const malformed[] = { "net" };
	OM_AUTO(run_free) struct run r = { .words = { .key = "id" } };

	(void)state;
	r.words.map = unused;
	r.words.map_count = 1;
	refuses(&r, OM_EUSAGE, "--map: 'nett' is neither a key nor compared");
	r.words.map = malformed;
	refuses(&r, OM_EUSAGE, "--map: 'net' is not LEFT=RIGHT");
}

static void
an_unknown_column_names_the_nearest(void **state)
{
	OM_AUTO(run_free) struct run r = { .words = { .key = "idd" } };

	(void)state;
	refuses(&r, OM_EUSAGE,
	    "--key: left 'left.csv' has no column 'idd'; did you mean 'id'?");
	r.words.key = "id";
	r.words.compare = "net_total";
	refuses(&r, OM_EUSAGE,
	    "--compare: right 'right.csv' has no column 'net_total'");
	r.words.compare = "twice";
	refuses(&r, OM_EUSAGE,
	    "--compare: left 'left.csv' has more than one column 'twice'");
}

static void
empty_and_repeated_names_are_refused(void **state)
{
	OM_AUTO(run_free) struct run r = { .words = { .key = "" } };

	(void)state;
	refuses(&r, OM_EUSAGE, "--key: empty column name");
	r.words.key = "id,";
	refuses(&r, OM_EUSAGE, "--key: empty column name");
	r.words.key = "id,id";
	refuses(&r, OM_EUSAGE, "--key: 'id' is named twice");
	r.words.key = "id";
	r.words.compare = "amount,amount:text";
	refuses(&r, OM_EUSAGE, "--compare: 'amount' is named twice");
	r.words.key = "id,id,id,id,id,id,id,id,id";
	refuses(&r, OM_EUSAGE, "--key: 'id' is named twice");
}

static void
too_many_keys_are_refused(void **state)
{
	OM_AUTO(run_free)
	struct run r = { .words = { .key = "a,b,c,d,e,f,g,h" } };
	struct om_err err = { 0 };

	(void)state;
	table_open(&r.left, "l", "a,b,c,d,e,f,g,h,i");
	table_open(&r.right, "r", "a,b,c,d,e,f,g,h,i");
	assert_ok(om_rec_rules_make(&r.arena, &r.words, &r.left.input,
	    &r.right.input, &r.rules, &err));
	r.words.key = "a,b,c,d,e,f,g,h,i";
	assert_fails(om_rec_rules_make(&r.arena, &r.words, &r.left.input,
			 &r.right.input, &r.rules, &err),
	    OM_ELIMIT);
	assert_string_equal(err.msg, "--key: more than 8 columns");
}

static void
a_suffix_says_what_a_column_holds(void **state)
{
	OM_AUTO(run_free) struct run r = { .words = { .key = "id" } };
	struct om_err err = { 0 };

	(void)state;
	r.words.compare = "status:amount,amount:text";
	assert_ok(make(&r, &err));
	assert_int_equal(r.rules.compare[0].kind, OM_REC_AMOUNT);
	assert_int_equal(r.rules.compare[1].kind, OM_REC_TEXT);
	assert_string_equal(r.rules.compare[1].left, "amount");
}

static void
a_tolerance_is_an_amount_basis_points_or_per_cent(void **state)
{
	static const struct {
		const char *word;
		enum om_rec_slack slack;
		int64_t limit;
	} cases[] = {
		{ "amount=0.01", OM_REC_ABSOLUTE, 10000 },
		{ "amount=0", OM_REC_ABSOLUTE, 0 },
		{ "amount=25bp", OM_REC_RELATIVE, 250000 },
		{ "amount=0.5bp", OM_REC_RELATIVE, 5000 },
		{ "amount=2%", OM_REC_RELATIVE, 2000000 },
	};
	OM_AUTO(run_free) struct run r = { .words = { .key = "id" } };
	struct om_err err = { 0 };

	(void)state;
	r.words.compare = "amount";
	r.words.tolerance_count = 1;
	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		r.words.tolerance = &cases[i].word;
		assert_ok(make(&r, &err));
		assert_int_equal(r.rules.compare[0].slack, cases[i].slack);
		assert_int_equal(r.rules.compare[0].tolerance, cases[i].limit);
	}
}

static void
a_column_with_a_tolerance_is_an_amount(void **state)
{
	static const char *const tolerance[] = { "status=1" };
	OM_AUTO(run_free) struct run r = { .words = { .key = "id" } };
	struct om_err err = { 0 };

	(void)state;
	r.words.compare = "status";
	r.words.tolerance = tolerance;
	r.words.tolerance_count = 1;
	assert_ok(make(&r, &err));
	assert_int_equal(r.rules.compare[0].kind, OM_REC_AMOUNT);
}

static void
bad_tolerances_are_refused(void **state)
{
	static const struct {
		const char *word;
		const char *message;
	} cases[] = {
		{ "amount", "--tolerance: 'amount' is not COLUMN=LIMIT" },
		{ "=1", "--tolerance: '=1' is not COLUMN=LIMIT" },
		{ "fee=1", "--tolerance: 'fee' is not among --compare" },
		{ "amount=-1",
		    "--tolerance: bad limit '-1': give an amount (0.01), basis "
		    "points (5bp) or per cent (0.1%)" },
		{ "amount=bp",
		    "--tolerance: bad limit 'bp': give an amount (0.01), basis "
		    "points (5bp) or per cent (0.1%)" },
		{ "amount=0.0000001",
		    "--tolerance: bad limit '0.0000001': give an amount "
		    "(0.01), basis points (5bp) or per cent (0.1%)" },
	};
	OM_AUTO(run_free) struct run r = { .words = { .key = "id" } };
	const char *words[2];

	(void)state;
	r.words.compare = "amount,status:text";
	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		r.words.tolerance = &cases[i].word;
		r.words.tolerance_count = 1;
		refuses(&r, OM_EUSAGE, cases[i].message);
	}
	words[0] = "status=1";
	r.words.tolerance = words;
	refuses(&r, OM_EUSAGE, "--tolerance: 'status' is text");
	words[0] = "amount=1";
	words[1] = "amount=2";
	r.words.tolerance_count = 2;
	refuses(&r, OM_EUSAGE, "--tolerance: 'amount' is given twice");
}

static void
a_currency_is_a_column_a_code_or_none(void **state)
{
	OM_AUTO(run_free) struct run r = { .words = { .key = "id" } };
	struct om_err err = { 0 };

	(void)state;
	r.words.currency = "JPY";
	assert_ok(make(&r, &err));
	assert_false(r.rules.has_currency);
	assert_string_equal(r.rules.default_currency->code, "JPY");
	r.words.currency = "none";
	assert_ok(make(&r, &err));
	assert_false(r.rules.has_currency);
	assert_null(r.rules.default_currency);
	r.words.currency = "status";
	assert_ok(make(&r, &err));
	assert_int_equal(r.rules.currency.at[0], 4);
	r.words.currency = "curency";
	refuses(&r, OM_EUSAGE,
	    "--currency: left 'left.csv' has no column 'curency'; did you mean "
	    "'currency'?");
}

static void
names_sound_like_amounts_or_do_not(void **state)
{
	static const struct {
		const char *header;
		enum om_rec_kind kind;
	} cases[] = {
		{ "Total", OM_REC_AMOUNT },
		{ "order_total", OM_REC_AMOUNT },
		{ "Net Amount", OM_REC_AMOUNT },
		{ "grossAmount", OM_REC_AMOUNT },
		{ "planet", OM_REC_TEXT },
		{ "total_count", OM_REC_TEXT },
		{ "sku", OM_REC_TEXT },
	};
	struct om_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		OM_AUTO(run_free) struct run r = { .words = { .key = "k" } };
		char header[64];

		snprintf(header, sizeof(header), "k,%s", cases[i].header);
		r.words.compare = cases[i].header;
		table_open(&r.left, "l", header);
		table_open(&r.right, "r", header);
		assert_ok(om_rec_rules_make(&r.arena, &r.words, &r.left.input,
		    &r.right.input, &r.rules, &err));
		assert_int_equal(r.rules.compare[0].kind, cases[i].kind);
	}
}

static void
limits_are_exact_at_the_largest_amounts(void **state)
{
	struct om_rec_column c = { .slack = OM_REC_RELATIVE,
		.tolerance = 200000000 }; /* 200 % */

	(void)state;
	assert_true(
	    om_rec_within(&c, OM_REC_AMOUNT_MAX, -OM_REC_AMOUNT_MAX, 2));
	c.tolerance--;
	assert_false(
	    om_rec_within(&c, OM_REC_AMOUNT_MAX, -OM_REC_AMOUNT_MAX, 2));
	c.slack = OM_REC_ABSOLUTE;
	c.tolerance = INT64_MAX;
	assert_false(
	    om_rec_within(&c, OM_REC_AMOUNT_MAX, -OM_REC_AMOUNT_MAX, 0));
	assert_true(
	    om_rec_within(&c, OM_REC_AMOUNT_MAX, -OM_REC_AMOUNT_MAX, 6));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found_on_both_sides),
		cmocka_unit_test(a_map_renames_a_column_of_the_right_side),
		cmocka_unit_test(an_unused_or_malformed_map_is_refused),
		cmocka_unit_test(an_unknown_column_names_the_nearest),
		cmocka_unit_test(empty_and_repeated_names_are_refused),
		cmocka_unit_test(too_many_keys_are_refused),
		cmocka_unit_test(a_suffix_says_what_a_column_holds),
		cmocka_unit_test(
		    a_tolerance_is_an_amount_basis_points_or_per_cent),
		cmocka_unit_test(a_column_with_a_tolerance_is_an_amount),
		cmocka_unit_test(bad_tolerances_are_refused),
		cmocka_unit_test(a_currency_is_a_column_a_code_or_none),
		cmocka_unit_test(names_sound_like_amounts_or_do_not),
		cmocka_unit_test(limits_are_exact_at_the_largest_amounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
