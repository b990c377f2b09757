/*
 * money.h - amounts as integers of a currency's minor unit.
 *
 * An amount is an int64_t count of minor units (cents, yen, fils) and always
 * travels with its currency. The number of minor digits is ISO 4217's
 * exponent: 0, 2, 3 or 4. Every sum is checked; nothing here is a double.
 */
#ifndef OM_ORDER_MONEY_H
#define OM_ORDER_MONEY_H

#include "base/err.h"
#include "base/str.h"

#define OM_CURRENCY_CODE  3
#define OM_MONEY_TEXT_MAX 32

/* A row of ISO 4217's table. There is one object per currency, so pointers
 * may be compared. */
struct om_currency {
	char code[OM_CURRENCY_CODE + 1];
	int exponent;
	int number; /* ISO 4217 numeric code */
};

/* Exactly three letters, upper case; NULL if there is no such currency. */
const struct om_currency *om_currency_find(struct om_str code);

enum om_rounding {
	OM_ROUND_HALF_EVEN,
	OM_ROUND_HALF_UP,  /* away from zero at a half */
	OM_ROUND_FLOOR,	   /* towards minus infinity */
	OM_ROUND_TRUNCATE, /* towards zero */
	OM_ROUND_EXACT,	   /* a remainder is an error */
};

/* "half-even", "half-up", "floor", "truncate", "exact". */
bool om_rounding_find(struct om_str name, enum om_rounding *out);

/* How a number is written: '.' and no grouping unless said otherwise. */
struct om_number_format {
	char decimal;	/* 0 means '.' */
	char thousands; /* 0 means none; groups must be whole */
};

/* An optional '-' (or '+'), digits with an optional fraction, scaled by
 * 10^places. "12.5" at 2 places is 1250. Digits beyond places must be zero
 * unless mode rounds them. No exponent, no blanks, no currency sign, at least
 * one digit before the decimal. OM_EDATA "bad amount '12,x'", OM_ELIMIT when
 * it does not fit an int64_t. fmt NULL: plain. */
OM_MUST_USE int om_decimal_parse(struct om_str text, int places,
    enum om_rounding mode, const struct om_number_format *fmt, int64_t *out,
    struct om_err *err);

/* "-1533.50": scaled integer to text, always with all its places. */
const char *om_decimal_text(int64_t value, int places,
    char out[OM_MONEY_TEXT_MAX]);

OM_MUST_USE int om_money_parse(struct om_str text, const struct om_currency *c,
    int64_t *out_minor, struct om_err *err);
const char *om_money_text(int64_t minor, const struct om_currency *c,
    char out[OM_MONEY_TEXT_MAX]);

/* *sum += amount, or OM_ELIMIT "sum overflows" and *sum untouched. */
OM_MUST_USE int om_money_add(int64_t *sum, int64_t amount, struct om_err *err);

/* n / d rounded as said; d > 0. False: OM_ROUND_EXACT and a remainder. */
bool om_divide(om_int128 n, om_int128 d, enum om_rounding mode, om_int128 *out);

#endif
