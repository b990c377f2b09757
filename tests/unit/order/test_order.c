/* What om_order_check lets through, and what it says of the rest. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "order/order.h"

struct fixture {
	struct om_line lines[2];
	struct om_order order;
};

/* 200.00 + 100.00 - 10.00 + 4.90 + 21.60 = 316.50 */
static int
make_good(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	f->lines[0] = (struct om_line){ .number = 1, .total_minor = 20000 };
	f->lines[1] = (struct om_line){ .number = 2, .total_minor = 10000 };
	f->order = (struct om_order){
		.channel = OM_STR("shop"),
		.reference = OM_STR("A-1"),
		.currency = om_currency_find(OM_STR("EUR")),
		.subtotal_minor = 30000,
		.discount_minor = 1000,
		.shipping_minor = 490,
		.tax_minor = 2160,
		.total_minor = 31650,
		.lines = f->lines,
		.line_count = 2,
	};
	*state = f;
	return 0;
}

static int
drop(void **state)
{
	free(*state);
	return 0;
}

static void
passes(const struct om_order *o, int64_t tolerance)
{
	struct om_err err = { 0 };

	assert_ok(om_order_check(o, tolerance, &err));
}

static void
says(const struct om_order *o, int64_t tolerance, const char *why)
{
	struct om_err err = { 0 };

	assert_fails(om_order_check(o, tolerance, &err),
	    strstr(why, "more than fits") != NULL ? OM_ELIMIT : OM_EDATA);
	assert_string_equal(err.msg, why);
}

static void
an_order_that_adds_up_passes(void **state)
{
	struct fixture *f = *state;

	passes(&f->order, 0);
}

static void
a_cent_too_much_is_told_with_both_sums(void **state)
{
	struct fixture *f = *state;

	f->order.total_minor++;
	says(&f->order, 0,
	    "total 316.51 but lines, discount, shipping and tax make 316.50");
	f->order.total_minor -= 2;
	says(&f->order, 0,
	    "total 316.49 but lines, discount, shipping and tax make 316.50");
}

static void
a_subtotal_must_be_the_sum_of_its_lines(void **state)
{
	struct fixture *f = *state;

	f->lines[1].total_minor--;
	says(&f->order, 0, "subtotal 300.00 but the lines make 299.99");
}

static void
the_tolerance_is_allowed_and_not_a_cent_more(void **state)
{
	struct fixture *f = *state;

	f->order.total_minor += 2;
	passes(&f->order, 2);
	f->order.subtotal_minor -= 2;
	passes(&f->order, 2);
	f->order.total_minor++;
	says(&f->order, 2,
	    "total 316.53 but lines, discount, shipping and tax make 316.50");
	f->order.subtotal_minor--;
	says(&f->order, 2, "subtotal 299.97 but the lines make 300.00");
}

static void
included_tax_is_not_added_again(void **state)
{
	struct fixture *f = *state;

	f->order.tax_included = true;
	says(&f->order, 0,
	    "total 316.50 but lines, discount and shipping make 294.90");
	f->order.total_minor = 29490;
	passes(&f->order, 0);
}

static void
without_lines_the_subtotal_counts(void **state)
{
	struct fixture *f = *state;

	f->order.lines = NULL;
	f->order.line_count = 0;
	passes(&f->order, 0);
	f->order.subtotal_minor++;
	says(&f->order, 0,
	    "total 316.50 but subtotal, discount, shipping and tax make "
	    "316.51");
	f->order.tax_included = true;
	says(&f->order, 0,
	    "total 316.50 but subtotal, discount and shipping make 294.91");
}

static void
amounts_are_told_in_the_orders_currency(void **state)
{
	struct fixture *f = *state;

	f->order.total_minor = -1;
	f->order.currency = om_currency_find(OM_STR("JPY"));
	says(&f->order, 0,
	    "total -1 but lines, discount, shipping and tax make 31650");
	f->order.currency = om_currency_find(OM_STR("KWD"));
	says(&f->order, 0,
	    "total -0.001 but lines, discount, shipping and tax make 31.650");
}

static void
sums_that_do_not_fit_are_told_so(void **state)
{
	struct fixture *f = *state;

	f->lines[0].total_minor = INT64_MAX;
	says(&f->order, 0, "the lines make more than fits");
	f->lines[1].total_minor = -1;
	f->order.subtotal_minor = INT64_MAX - 1;
	f->order.discount_minor = -2;
	says(&f->order, 0,
	    "lines, discount, shipping and tax make more than fits");
}

static void
a_sum_may_pass_the_limit_on_its_way(void **state)
{
	struct fixture *f = *state;

	f->lines[0].total_minor = INT64_MAX;
	f->lines[1].total_minor = INT64_MIN;
	f->order.subtotal_minor = -1;
	f->order.discount_minor = INT64_MIN;
	f->order.shipping_minor = INT64_MIN;
	f->order.tax_minor = 5;
	f->order.total_minor = 4;
	passes(&f->order, 0);
}

static void
an_identity_is_required(void **state)
{
	struct fixture *f = *state;

	f->order.reference = OM_STR("");
	says(&f->order, 0, "no reference");
	f->order.channel = (struct om_str){ NULL, 0 };
	says(&f->order, 0, "no channel");
}

static void
an_identity_has_a_longest_length(void **state)
{
	static char text[OM_REFERENCE_MAX + 1];
	struct fixture *f = *state;

	memset(text, 'x', sizeof(text));
	f->order.reference = (struct om_str){ text, OM_REFERENCE_MAX };
	f->order.channel = (struct om_str){ text, OM_CHANNEL_MAX };
	passes(&f->order, 0);
	f->order.reference.n++;
	says(&f->order, 0, "reference is longer than 255 bytes");
	f->order.channel.n++;
	says(&f->order, 0, "channel is longer than 64 bytes");
}

static void
an_identity_is_clean_text(void **state)
{
	struct fixture *f = *state;

	f->order.reference = OM_STR("Bestellung-\xc3\xbc/7 #1");
	passes(&f->order, 0);
	f->order.reference = OM_STR("A\0B");
	says(&f->order, 0, "reference has a control character at byte 2");
	f->order.reference = OM_STR("AB\x7f");
	says(&f->order, 0, "reference has a control character at byte 3");
	f->order.reference = OM_STR("A\xc3");
	says(&f->order, 0, "reference is not UTF-8 at byte 2");
	f->order.channel = OM_STR("shop/eu");
	says(&f->order, 0, "channel 'shop/eu' has a '/'");
}

static void
a_cancellation_needs_its_identity_alone(void **state)
{
	struct fixture *f = *state;

	f->order.kind = OM_KIND_CANCEL;
	f->order.currency = NULL;
	f->order.total_minor = 0;
	passes(&f->order, 0);
	f->order.reference.n = 0;
	says(&f->order, 0, "no reference");
}

static void
an_order_needs_a_currency(void **state)
{
	struct fixture *f = *state;

	f->order.currency = NULL;
	says(&f->order, 0, "no currency");
}

static void
lines_have_numbers_of_their_own(void **state)
{
	struct fixture *f = *state;

	f->lines[0].number = 3;
	passes(&f->order, 0);
	f->lines[1].number = 3;
	says(&f->order, 0, "two lines with number 3");
	f->lines[1].number = -1;
	says(&f->order, 0, "line number -1 is negative");
	f->lines[1].number = 0;
	passes(&f->order, 0);
}

static void
lines_are_counted_up_to_their_maximum(void **state)
{
	struct fixture *f = *state;
	struct om_line *many = calloc(OM_ORDER_LINES_MAX + 1, sizeof(*many));

	assert_non_null(many);
	for (int i = 0; i <= OM_ORDER_LINES_MAX; i++)
		many[i].number = OM_ORDER_LINES_MAX - i;
	f->order = (struct om_order){
		.channel = OM_STR("shop"),
		.reference = OM_STR("A-1"),
		.currency = om_currency_find(OM_STR("EUR")),
		.lines = many,
		.line_count = OM_ORDER_LINES_MAX,
	};
	passes(&f->order, 0);
	many[0].number = 1;
	says(&f->order, 0, "two lines with number 1");
	f->order.line_count++;
	says(&f->order, 0, "more than 65535 lines");
	free(many);
}

#define with_good(f) cmocka_unit_test_setup_teardown(f, make_good, drop)

static void
a_cancellation_covers_its_own_and_earlier_revisions(void **state)
{
	static const struct {
		const char *cancelled;
		const char *revision;
		bool covers;
	} rows[] = {
		{ "", "", true },
		{ "", "9", true },
		{ "5", "", true },
		{ "5", "4", true },
		{ "5", "5", true },
		{ "5", "50", false },
		{ "5", "6", false },
	};

	(void)state;
	for (size_t i = 0; i < OM_COUNT(rows); i++)
		assert_int_equal(om_cancel_covers(om_str_of(rows[i].cancelled),
				     om_str_of(rows[i].revision)),
		    rows[i].covers);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_good(an_order_that_adds_up_passes),
		with_good(a_cent_too_much_is_told_with_both_sums),
		with_good(a_subtotal_must_be_the_sum_of_its_lines),
		with_good(the_tolerance_is_allowed_and_not_a_cent_more),
		with_good(included_tax_is_not_added_again),
		with_good(without_lines_the_subtotal_counts),
		with_good(amounts_are_told_in_the_orders_currency),
		with_good(sums_that_do_not_fit_are_told_so),
		with_good(a_sum_may_pass_the_limit_on_its_way),
		with_good(an_identity_is_required),
		with_good(an_identity_has_a_longest_length),
		with_good(an_identity_is_clean_text),
		with_good(a_cancellation_needs_its_identity_alone),
		with_good(an_order_needs_a_currency),
		with_good(lines_have_numbers_of_their_own),
		with_good(lines_are_counted_up_to_their_maximum),
		cmocka_unit_test(
		    a_cancellation_covers_its_own_and_earlier_revisions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
