/*
 * rounding.h - the five declared ways to drop a remainder.
 */
#ifndef OM_ORDER_ROUNDING_H
#define OM_ORDER_ROUNDING_H

#include "base/attr.h"
#include "base/str.h"

enum om_rounding {
	OM_ROUND_HALF_EVEN,
	OM_ROUND_HALF_UP,  /* away from zero at a half */
	OM_ROUND_FLOOR,	   /* towards minus infinity */
	OM_ROUND_TRUNCATE, /* towards zero */
	OM_ROUND_EXACT,	   /* a remainder is an error */
};

/* "half-even", "half-up", "floor", "truncate", "exact". */
bool om_rounding_find(struct om_str name, enum om_rounding *out);
const char *om_rounding_name(enum om_rounding mode);

/* n / d rounded as said; d > 0. False: OM_ROUND_EXACT and a remainder; *out is
 * then untouched. */
bool om_divide(om_int128 n, om_int128 d, enum om_rounding mode, om_int128 *out);

/* Whether a magnitude with something cut off grows by one. half compares what
 * was cut off (never nothing) with a half: below 0, equal 0, above 0. odd is
 * the magnitude's last digit's. Not for OM_ROUND_EXACT. */
bool om_round_away(enum om_rounding mode, bool negative, bool odd, int half);

#endif
