/* order.c - what must hold of every order; see order.h. */
#include "order/order.h"

#include <stdlib.h>
#include <string.h>

OM_SELDOM static int
check_odd_name(const char *what, struct om_str s, size_t max,
    struct om_err *err)
{
	size_t at;

	if (s.n == 0)
		return om_fail(err, OM_EDATA, "no %s", what);
	if (s.n > max)
		return om_fail(err, OM_EDATA, "%s is longer than %zu bytes",
		    what, max);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < ' ' || c == 0x7f)
			return om_fail(err, OM_EDATA,
			    "%s has a control character at byte %zu", what,
			    i + 1);
	}
	if (!om_utf8_valid(s, &at))
		return om_fail(err, OM_EDATA, "%s is not UTF-8 at byte %zu",
		    what, at + 1);
	return 0;
}

/* A name that can stand in a path, a report and a database as it is. */
static int
check_name(const char *what, struct om_str s, size_t max, struct om_err *err)
{
	if (s.n > 0 && s.n <= max && om_str_plain(s))
		return 0;
	return check_odd_name(what, s, max, err);
}

static int
check_identity(const struct om_order *o, struct om_err *err)
{
	int rc = check_name("channel", o->channel, OM_CHANNEL_MAX, err);

	if (rc < 0)
		return rc;
	if (memchr(o->channel.p, '/', o->channel.n) != NULL)
		return om_fail(err, OM_EDATA, "channel '%.*s' has a '/'",
		    OM_FMT(o->channel));
	return check_name("reference", o->reference, OM_REFERENCE_MAX, err);
}

static int
compare_numbers(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a;
	int32_t y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

/* The lines are out of order: sort a copy of their numbers. */
static int
check_shuffled(const struct om_order *o, struct om_err *err)
{
	struct om_arena arena OM_AUTO(om_arena_clear) = { 0 };
	int32_t *number = om_alloc(&arena, o->line_count * sizeof(*number));

	for (uint32_t i = 0; i < o->line_count; i++)
		number[i] = o->lines[i].number;
	qsort(number, o->line_count, sizeof(*number), compare_numbers);
	for (uint32_t i = 1; i < o->line_count; i++)
		if (number[i] == number[i - 1])
			return om_fail(err, OM_EDATA,
			    "two lines with number %d", (int)number[i]);
	return 0;
}

static int
check_lines(const struct om_order *o, struct om_err *err)
{
	bool ascending = true;

	if (o->line_count > OM_ORDER_LINES_MAX)
		return om_fail(err, OM_EDATA, "more than %d lines",
		    OM_ORDER_LINES_MAX);
	for (uint32_t i = 0; i < o->line_count; i++) {
		int32_t number = o->lines[i].number;

		if (number < 0)
			return om_fail(err, OM_EDATA,
			    "line number %d is negative", (int)number);
		if (i > 0 && number <= o->lines[i - 1].number)
			ascending = false;
	}
	return ascending ? 0 : check_shuffled(o, err);
}

static bool
is_near(int64_t stated, om_int128 computed, int64_t tolerance)
{
	int64_t sum;

	return om_money_narrow(computed, &sum) &&
	       om_money_near(stated, sum, tolerance);
}

/* What is stated is not what it follows from. */
OM_SELDOM static int
contradict(const char *what, int64_t stated, const char *parts,
    om_int128 computed, const struct om_currency *currency, struct om_err *err)
{
	char left[OM_MONEY_TEXT_MAX];
	char right[OM_MONEY_TEXT_MAX];
	int64_t sum;

	if (!om_money_narrow(computed, &sum))
		return om_fail(err, OM_ELIMIT, "%s make more than fits", parts);
	return om_fail(err, OM_EDATA, "%s %s but %s make %s", what,
	    om_money_text(stated, currency, left), parts,
	    om_money_text(sum, currency, right));
}

static const char *
total_parts(const struct om_order *o)
{
	if (o->line_count > 0)
		return o->tax_included ? "lines, discount and shipping"
				       : "lines, discount, shipping and tax";
	return o->tax_included ? "subtotal, discount and shipping"
			       : "subtotal, discount, shipping and tax";
}

/* At most 65,535 terms of 64 bits: the wide sums cannot overflow. */
static int
check_amounts(const struct om_order *o, int64_t tolerance, struct om_err *err)
{
	om_int128 sum = 0;

	for (uint32_t i = 0; i < o->line_count; i++)
		sum += o->lines[i].total_minor;
	if (o->line_count == 0)
		sum = o->subtotal_minor;
	else if (!is_near(o->subtotal_minor, sum, tolerance))
		return contradict("subtotal", o->subtotal_minor, "the lines",
		    sum, o->currency, err);
	sum += (om_int128)o->shipping_minor - o->discount_minor;
	if (!o->tax_included)
		sum += o->tax_minor;
	if (!is_near(o->total_minor, sum, tolerance))
		return contradict("total", o->total_minor, total_parts(o), sum,
		    o->currency, err);
	return 0;
}

int
om_order_check(const struct om_order *o, int64_t tolerance_minor,
    struct om_err *err)
{
	int rc = check_identity(o, err);

	if (rc < 0 || o->kind == OM_KIND_CANCEL)
		return rc;
	if (o->currency == NULL)
		return om_fail(err, OM_EDATA, "no currency");
	rc = check_lines(o, err);
	return rc < 0 ? rc : check_amounts(o, tolerance_minor, err);
}

bool
om_cancel_covers(struct om_str cancelled, struct om_str revision)
{
	return cancelled.n == 0 || om_str_cmp(revision, cancelled) <= 0;
}
