/*
 * money.h - amounts as integers of a currency's minor unit.
 *
 * An amount is an int64_t count of minor units (cents, yen, fils) and always
 * travels with its currency. The number of minor digits is ISO 4217's
 * exponent: 0, 2, 3 or 4. Every sum is checked; nothing here is a double, and
 * an om_int128 is only ever the middle of a calculation.
 */
#ifndef OM_ORDER_MONEY_H
#define OM_ORDER_MONEY_H

#include <assert.h>

#include "order/currency.h"
#include "order/decimal.h"
#include "order/rounding.h"

/* Plain format, and no remainder: "12.505 EUR" is refused, "12.500" is not.
 * Errors as om_decimal_parse(). */
OM_MUST_USE int om_money_parse(struct om_str text, const struct om_currency *c,
    int64_t *out_minor, struct om_err *err);
const char *om_money_text(int64_t minor, const struct om_currency *c,
    char out[OM_MONEY_TEXT_MAX]);

/* *sum += amount, or OM_ELIMIT "sum overflows" and *sum untouched. */
OM_MUST_USE int om_money_add(int64_t *sum, int64_t amount, struct om_err *err);

/* *sum -= amount, or OM_ELIMIT "difference overflows" and *sum untouched. */
OM_MUST_USE int om_money_sub(int64_t *sum, int64_t amount, struct om_err *err);

/* Back from the wide type; false if it does not fit, *out is then untouched. */
OM_MUST_USE static inline bool
om_money_narrow(om_int128 wide, int64_t *out)
{
	if ((int64_t)wide != wide)
		return false;
	*out = (int64_t)wide;
	return true;
}

/* |a - b| <= tolerance, without overflow; tolerance >= 0. */
static inline bool
om_money_near(int64_t a, int64_t b, int64_t tolerance)
{
	om_int128 difference = (om_int128)a - b;

	assert(tolerance >= 0);

	return difference >= -(om_int128)tolerance && difference <= tolerance;
}

#endif
