/*
 * line.h - the arithmetic of one order line, by a rule that its feed declares.
 *
 *     gross    = quantity x unit price, or as stated
 *     net      = gross less the discount
 *     tax      = as stated, or a rate of net
 *     discount = gross - net
 *
 * Each step is rounded to the currency's minor unit, by the same mode, before
 * the next one begins.
 *
 * A discount given as a rate is taken by rounding what is left to pay, so that
 * 5 % off 11.10, truncated, leaves 10.54 and takes 0.56 off. Feeds that round
 * what is taken off instead (0.55, leaving 10.55) say rounds_discount. A tax
 * rate always rounds the tax: net x rate when tax is added, and
 * net x rate / (1 + rate) when net includes it.
 *
 * Into order.h's normal form, when the tax is stated per line:
 *     om_line.discount_minor, tax_minor, total_minor = the members below, so
 *         that a line's total is net of its discount and, with tax added,
 *         WITHOUT its tax;
 *     om_order.subtotal_minor = sum of the lines' total_minor;
 *     om_order.tax_minor      = sum of the lines' tax_minor;
 *     om_order.discount_minor = the order's own discount only: those of the
 *         lines are in the subtotal already.
 *
 * TPC-H's O_TOTALPRICE is exactly this, for each of the orders at scale 0.1
 * and of its refresh sets: gross is L_EXTENDEDPRICE as stated, L_DISCOUNT and
 * L_TAX are rates, tax is added, and every step truncates; that is
 *     sum of trunc(trunc(price x (100 - discount) / 100) x (100 + tax) / 100)
 * in cents and per cent (specification 4.2.3, as dbgen computes it).
 */
#ifndef OM_ORDER_LINE_H
#define OM_ORDER_LINE_H

#include "order/money.h"

#define OM_RATE_ONE INT64_C(1000000) /* a rate of 1, which is 100 % */

/* A discount or a tax. Zeroed: there is none. */
struct om_charge {
	enum { OM_CHARGE_NONE, OM_CHARGE_AMOUNT, OM_CHARGE_RATE } kind;
	int64_t value; /* minor units, or millionths */
};

/* What a feed says of a line. Quantities and amounts may be negative. */
struct om_line_terms {
	int64_t quantity_milli;
	int64_t unit_price_micro;
	bool gross_stated; /* then gross_minor counts, not price x quantity */
	int64_t gross_minor;
	struct om_charge discount; /* a rate is 0..OM_RATE_ONE */
	struct om_charge tax;	   /* a rate is 0 or more */
	bool tax_included;	   /* in the gross and so in the net */
	bool rounds_discount;
	enum om_rounding rounding;
};

struct om_line_amounts {
	int64_t gross_minor;
	int64_t discount_minor; /* positive: taken off */
	int64_t tax_minor;
	int64_t total_minor; /* net; tax within it only if it is included */
};

/* OM_EDATA "gross leaves a remainder" (also discount, tax) with
 * OM_ROUND_EXACT, "bad discount rate '1.500000'", "bad tax rate '-0.200000'";
 * OM_ELIMIT "gross is too large" (also net, discount, tax). *out is untouched
 * on failure. */
OM_MUST_USE int om_line_compute(const struct om_line_terms *terms,
    const struct om_currency *c, struct om_line_amounts *out,
    struct om_err *err);

/* The unit price, in millionths, that would make this gross, half to even; 0 if
 * there is none. */
int64_t om_line_price(int64_t gross_minor, int64_t quantity_milli,
    const struct om_currency *c);

#endif
