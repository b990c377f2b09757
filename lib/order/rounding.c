/* rounding.c - division with a declared remainder; see rounding.h. */
#include "order/rounding.h"

#include <assert.h>

static const char *const names[] = {
	[OM_ROUND_HALF_EVEN] = "half-even",
	[OM_ROUND_HALF_UP] = "half-up",
	[OM_ROUND_FLOOR] = "floor",
	[OM_ROUND_TRUNCATE] = "truncate",
	[OM_ROUND_EXACT] = "exact",
};

bool
om_rounding_find(struct om_str name, enum om_rounding *out)
{
	for (size_t i = 0; i < OM_COUNT(names); i++) {
		if (om_str_is(name, names[i])) {
			*out = (enum om_rounding)i;
			return true;
		}
	}
	return false;
}

const char *
om_rounding_name(enum om_rounding mode)
{
	return names[mode];
}

bool
om_round_away(enum om_rounding mode, bool negative, bool odd, int half)
{
	switch (mode) {
	case OM_ROUND_HALF_EVEN:
		return half > 0 || (half == 0 && odd);
	case OM_ROUND_HALF_UP:
		return half >= 0;
	case OM_ROUND_FLOOR:
		return negative;
	case OM_ROUND_TRUNCATE:
		return false;
	case OM_ROUND_EXACT:
		break;
	}
	assert(!"an exact result has nothing to round");
	return false;
}

/* A 128-bit division is a library call; nearly all of ours fit 64 bits. */
static void
divide(om_int128 n, om_int128 d, om_int128 *quotient, om_int128 *remainder)
{
	int64_t small_n = (int64_t)n;
	int64_t small_d = (int64_t)d;

	if (small_n == n && small_d == d) {
		*quotient = small_n / small_d;
		*remainder = small_n % small_d;
	} else {
		*quotient = n / d;
		*remainder = n % d;
	}
}

bool
om_divide(om_int128 n, om_int128 d, enum om_rounding mode, om_int128 *out)
{
	om_int128 q;
	om_int128 r;
	om_int128 rest;
	int half;

	assert(d > 0);

	divide(n, d, &q, &r);
	if (r == 0 || mode == OM_ROUND_TRUNCATE) {
		*out = q;
		return true;
	}
	if (mode == OM_ROUND_EXACT)
		return false;
	r = r < 0 ? -r : r;
	rest = d - r;
	half = (r > rest) - (r < rest);
	if (om_round_away(mode, n < 0, q % 2 != 0, half))
		q += n < 0 ? -1 : 1;
	*out = q;
	return true;
}
