/*
 * currency.h - the currencies of ISO 4217 and their minor units.
 *
 * The table holds every code of ISO 4217's list one that has a minor unit (165
 * codes in 2026: XAD, XCG and ZWG are in, BGN is out) and the six codes
 * withdrawn since 2021, because orders placed before still arrive. Codes
 * without a minor unit are no currencies here, as amounts in them cannot be
 * counted: gold and other metals (XAU ...), units of account (XBA ... XBD, XDR,
 * XSU, XUA), XTS (testing) and XXX (none).
 */
#ifndef OM_ORDER_CURRENCY_H
#define OM_ORDER_CURRENCY_H

#include "base/str.h"

#define OM_CURRENCY_CODE	 3
#define OM_CURRENCY_EXPONENT_MAX 4

/* A row of ISO 4217's table. There is one object per currency, constant and
 * for ever, so pointers may be compared and kept. */
struct om_currency {
	char code[OM_CURRENCY_CODE + 1];
	int exponent; /* minor digits: 0, 2, 3 or 4 */
	int number;   /* ISO 4217 numeric code; a successor may share it */
};

/* Exactly three letters, upper case; NULL if there is no such currency. */
const struct om_currency *om_currency_find(struct om_str code);

#endif
