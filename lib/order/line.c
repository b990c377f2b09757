/* line.c - gross, discount, tax and total of one line; see line.h. */
#include "order/line.h"

/* A rate has as many places as a unit price. */
#define RATE_PLACES 6

/* n / d to a minor unit, or why not. */
static int
settle(const char *what, om_int128 n, om_int128 d, enum om_rounding mode,
    int64_t *out, struct om_err *err)
{
	om_int128 result;

	if (!om_divide(n, d, mode, &result))
		return om_fail(err, OM_EDATA, "%s leaves a remainder", what);
	if (!om_money_narrow(result, out))
		return om_fail(err, OM_ELIMIT, "%s is too large", what);
	return 0;
}

static int
check_rate(const char *what, int64_t rate, int64_t max, struct om_err *err)
{
	char text[OM_MONEY_TEXT_MAX];

	if (rate >= 0 && rate <= max)
		return 0;
	return om_fail(err, OM_EDATA, "bad %s rate '%s'", what,
	    om_decimal_text(rate, RATE_PLACES, text));
}

/* Thousandths times millionths of the major unit are that many of the minor
 * unit. */
static int64_t
minor_per(const struct om_currency *c)
{
	static const int64_t divisor[OM_CURRENCY_EXPONENT_MAX + 1] = {
		1000000000, 100000000, 10000000, 1000000, 100000
	};

	return divisor[c->exponent];
}

static int
gross_of(const struct om_line_terms *t, const struct om_currency *c,
    int64_t *out, struct om_err *err)
{
	if (t->gross_stated) {
		*out = t->gross_minor;
		return 0;
	}
	return settle("gross",
	    (om_int128)t->quantity_milli * t->unit_price_micro, minor_per(c),
	    t->rounding, out, err);
}

int64_t
om_line_price(int64_t gross_minor, int64_t quantity_milli,
    const struct om_currency *c)
{
	om_int128 n = (om_int128)gross_minor * minor_per(c);
	om_int128 d = quantity_milli;
	om_int128 price = 0;
	int64_t price_micro = 0;

	if (d == 0)
		return 0;
	(void)om_divide(d < 0 ? -n : n, d < 0 ? -d : d, OM_ROUND_HALF_EVEN,
	    &price);
	return om_money_narrow(price, &price_micro) ? price_micro : 0;
}

/* What is taken off when the rate rounds the discount. */
static int
discount_of(const struct om_line_terms *t, int64_t gross, int64_t *out,
    struct om_err *err)
{
	*out = 0;
	if (t->discount.kind == OM_CHARGE_NONE)
		return 0;
	if (t->discount.kind == OM_CHARGE_RATE)
		return settle("discount", (om_int128)gross * t->discount.value,
		    OM_RATE_ONE, t->rounding, out, err);
	*out = t->discount.value;
	return 0;
}

static int
net_of(const struct om_line_terms *t, int64_t gross, int64_t *out,
    struct om_err *err)
{
	int64_t rate = t->discount.value;
	int64_t discount;
	int rc = 0;

	if (t->discount.kind == OM_CHARGE_RATE)
		rc = check_rate("discount", rate, OM_RATE_ONE, err);
	if (rc < 0)
		return rc;
	if (t->discount.kind == OM_CHARGE_RATE && !t->rounds_discount)
		return settle("discount",
		    (om_int128)gross * (OM_RATE_ONE - rate), OM_RATE_ONE,
		    t->rounding, out, err);
	rc = discount_of(t, gross, &discount, err);
	if (rc < 0)
		return rc;
	if (__builtin_sub_overflow(gross, discount, out))
		return om_fail(err, OM_ELIMIT, "net is too large");
	return 0;
}

static int
tax_of(const struct om_line_terms *t, int64_t net, int64_t *out,
    struct om_err *err)
{
	int64_t rate = t->tax.value;
	om_int128 whole = OM_RATE_ONE;
	int rc;

	*out = 0;
	if (t->tax.kind == OM_CHARGE_NONE)
		return 0;
	if (t->tax.kind == OM_CHARGE_AMOUNT) {
		*out = t->tax.value;
		return 0;
	}
	rc = check_rate("tax", rate, INT64_MAX, err);
	if (rc < 0)
		return rc;
	if (t->tax_included)
		whole += rate;
	return settle("tax", (om_int128)net * rate, whole, t->rounding, out,
	    err);
}

int
om_line_compute(const struct om_line_terms *terms, const struct om_currency *c,
    struct om_line_amounts *out, struct om_err *err)
{
	struct om_line_amounts a = { 0 };
	int rc = gross_of(terms, c, &a.gross_minor, err);

	if (rc == 0)
		rc = net_of(terms, a.gross_minor, &a.total_minor, err);
	if (rc == 0)
		rc = tax_of(terms, a.total_minor, &a.tax_minor, err);
	if (rc < 0)
		return rc;
	if (__builtin_sub_overflow(a.gross_minor, a.total_minor,
		&a.discount_minor))
		return om_fail(err, OM_ELIMIT, "discount is too large");
	*out = a;
	return 0;
}
