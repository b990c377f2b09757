/*
 * decimal.h - decimal text to scaled integers and back, exactly.
 *
 * "12.5" at 2 places is 1250. No floating point and no locale is involved.
 */
#ifndef OM_ORDER_DECIMAL_H
#define OM_ORDER_DECIMAL_H

#include "base/err.h"
#include "base/str.h"
#include "order/rounding.h"

#define OM_DECIMAL_PLACES_MAX 18
#define OM_MONEY_TEXT_MAX     32 /* any value at any places, with the NUL */

/* How a number is written: '.' and no grouping unless said otherwise. */
struct om_number_format {
	char decimal;	/* 0 means '.' */
	char thousands; /* 0 means none */
};

/* Two different bytes, neither a digit nor a sign nor a quote. */
bool om_number_format_valid(const struct om_number_format *fmt);

/* '.' and no grouping, said or not. */
static inline bool
om_number_format_plain(const struct om_number_format *fmt)
{
	return (fmt->decimal == '\0' || fmt->decimal == '.') &&
	       fmt->thousands == '\0';
}

/*
 * An optional '-' or '+', digits, and optionally the decimal character and
 * more digits; scaled by 10^places (0..OM_DECIMAL_PLACES_MAX). Digits beyond
 * places must be zero unless mode rounds them, all of them at once. fmt NULL:
 * plain; otherwise a valid one.
 *
 * With a thousands character the whole part may be grouped: one to three
 * digits that do not begin with 0, then groups of exactly three. "1.653,75"
 * and "1653,75" are the same number; "1.65,75", "16.5375", ".653,75" and
 * "0.123" (more likely a fraction in another format) are refused.
 *
 * Refused: "" and blanks anywhere; ".5" and "5." (no digit on one side);
 * exponents, currency signs, a trailing minus, parentheses, inf and nan.
 *
 * OM_EDATA "bad amount '12,x'", "bad amount '1.005': more than 2 decimals";
 * OM_ELIMIT "amount '...' is too large" when it does not fit an int64_t. A
 * long text is shown by its first 64 bytes. *out is untouched on failure.
 */
OM_MUST_USE int om_decimal_parse(struct om_str text, int places,
    enum om_rounding mode, const struct om_number_format *fmt, int64_t *out,
    struct om_err *err);

/* The usual text in the plain format, and far from any limit: "-1533.50".
 * False: not that simple, nothing decided, om_decimal_parse() knows more. */
bool om_decimal_plain(struct om_str text, int places, int64_t *out);

/* "-1533.50": scaled integer to text, always with all its places. */
const char *om_decimal_text(int64_t value, int places,
    char out[OM_MONEY_TEXT_MAX]);

#endif
