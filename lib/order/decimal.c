/* decimal.c - decimal text, a fast way and a complete one; see decimal.h. */
#include "order/decimal.h"

#include <assert.h>
#include <string.h>

#define SHOWN 64 /* bytes of a refused text that a message repeats */

static const uint64_t power[OM_DECIMAL_PLACES_MAX + 1] = { 1, 10, 100, 1000,
	10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000,
	100000000000, 1000000000000, 10000000000000, 100000000000000,
	1000000000000000, 10000000000000000, 100000000000000000,
	1000000000000000000 };

/* A number on its way in: value counts what was kept, the rest says how what
 * was cut off compares with a half. */
struct scan {
	const char *p;
	const char *end;
	struct om_number_format fmt;
	uint64_t value;
	bool over;    /* value does not fit */
	int first;    /* digit cut off first, or -1 */
	bool nonzero; /* a digit other than 0 was cut off after it */
};

/* 0..9, or more if c is no digit. */
static unsigned
digit_of(char c)
{
	return (unsigned)(unsigned char)c - '0';
}

static bool
is_valid_separator(char c)
{
	return c != '\0' && digit_of(c) > 9 && strchr("+-\"", c) == NULL;
}

bool
om_number_format_valid(const struct om_number_format *fmt)
{
	char decimal = fmt->decimal;

	if (decimal == '\0')
		decimal = '.';
	return is_valid_separator(decimal) && decimal != fmt->thousands &&
	       (fmt->thousands == '\0' || is_valid_separator(fmt->thousands));
}

bool
om_decimal_plain(struct om_str text, int places, int64_t *out)
{
	const char *p = text.p;
	const char *end;
	const char *start;
	uint64_t value = 0;
	ptrdiff_t fraction = 0;

	assert(places >= 0 && places <= OM_DECIMAL_PLACES_MAX);

	if (text.n == 0 || text.n > OM_DECIMAL_PLACES_MAX)
		return false;
	end = p + text.n;
	start = p += *p == '-';
	for (; p < end && digit_of(*p) <= 9; p++)
		value = value * 10 + digit_of(*p);
	if (p == start || p - start + places > OM_DECIMAL_PLACES_MAX)
		return false;
	if (p < end) {
		fraction = end - p - 1;
		if (*p != '.' || fraction == 0 || fraction > places)
			return false;
		while (++p < end) {
			if (digit_of(*p) > 9)
				return false;
			value = value * 10 + digit_of(*p);
		}
	}
	value *= power[places - fraction];
	*out = start > text.p ? -(int64_t)value : (int64_t)value;
	return true;
}

static void
keep(struct scan *s, unsigned digit)
{
	if (__builtin_mul_overflow(s->value, 10U, &s->value) ||
	    __builtin_add_overflow(s->value, digit, &s->value))
		s->over = true;
}

/* The part before the decimal character, grouped or not. */
static bool
scan_whole(struct scan *s)
{
	bool zero_first = s->p < s->end && *s->p == '0';
	size_t groups = 0;
	size_t run = 0;

	for (; s->p < s->end; s->p++) {
		unsigned digit = digit_of(*s->p);

		if (digit <= 9) {
			keep(s, digit);
			run++;
		} else if (*s->p == s->fmt.thousands && *s->p != '\0') {
			if (run == 0 || run > 3 || (groups > 0 && run != 3))
				return false;
			groups++;
			run = 0;
		} else {
			break;
		}
	}
	return groups == 0 ? run > 0 : run == 3 && !zero_first;
}

static void
cut_off(struct scan *s, unsigned digit)
{
	if (s->first < 0)
		s->first = (int)digit;
	else if (digit != 0)
		s->nonzero = true;
}

/* The rest: nothing, or the decimal character and digits to the end. */
static bool
scan_fraction(struct scan *s, int places)
{
	int left = places;

	if (s->p < s->end && (*s->p++ != s->fmt.decimal || s->p == s->end))
		return false;
	for (; s->p < s->end; s->p++) {
		unsigned digit = digit_of(*s->p);

		if (digit > 9)
			return false;
		if (left-- > 0)
			keep(s, digit);
		else
			cut_off(s, digit);
	}
	for (; left > 0; left--)
		keep(s, 0);
	return true;
}

static bool
has_remainder(const struct scan *s)
{
	return s->first > 0 || s->nonzero;
}

/* The value with what was cut off rounded in; false if it does not fit. */
static bool
finish(struct scan *s, enum om_rounding mode, bool negative, int64_t *out)
{
	uint64_t limit = (uint64_t)INT64_MAX + negative;
	int half = (s->first > 5) - (s->first < 5);

	if (s->over || s->value > limit)
		return false;
	if (half == 0 && s->nonzero)
		half = 1;
	if (has_remainder(s) &&
	    om_round_away(mode, negative, s->value % 2 != 0, half))
		s->value++;
	if (s->value > limit)
		return false;
	*out = (int64_t)(negative ? 0 - s->value : s->value);
	return true;
}

static int
shown(struct om_str text)
{
	return text.n > SHOWN ? SHOWN : (int)text.n;
}

/* Every format, every length, every complaint. */
OM_SELDOM static int
parse_any(struct om_str text, int places, enum om_rounding mode,
    const struct om_number_format *fmt, int64_t *out, struct om_err *err)
{
	const char *p = text.n == 0 ? "" : text.p;
	struct scan s = { .p = p, .end = p + text.n, .fmt = *fmt, .first = -1 };
	bool negative = text.n > 0 && *p == '-';

	assert(places >= 0 && places <= OM_DECIMAL_PLACES_MAX);
	assert(om_number_format_valid(fmt));

	if (s.fmt.decimal == '\0')
		s.fmt.decimal = '.';
	if (negative || (text.n > 0 && *p == '+'))
		s.p++;
	if (!scan_whole(&s) || !scan_fraction(&s, places))
		return om_fail(err, OM_EDATA, "bad amount '%.*s'", shown(text),
		    p);
	if (mode == OM_ROUND_EXACT && has_remainder(&s))
		return om_fail(err, OM_EDATA,
		    "bad amount '%.*s': more than %d decimals", shown(text), p,
		    places);
	if (!finish(&s, mode, negative, out))
		return om_fail(err, OM_ELIMIT, "amount '%.*s' is too large",
		    shown(text), p);
	return 0;
}

int
om_decimal_parse(struct om_str text, int places, enum om_rounding mode,
    const struct om_number_format *fmt, int64_t *out, struct om_err *err)
{
	static const struct om_number_format plain = { '.', '\0' };

	if ((fmt == NULL || om_number_format_plain(fmt)) &&
	    om_decimal_plain(text, places, out))
		return 0;
	return parse_any(text, places, mode, fmt == NULL ? &plain : fmt, out,
	    err);
}

const char *
om_decimal_text(int64_t value, int places, char out[OM_MONEY_TEXT_MAX])
{
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	char digits[OM_MONEY_TEXT_MAX];
	char *p = digits + sizeof(digits);
	size_t n;

	assert(places >= 0 && places <= OM_DECIMAL_PLACES_MAX);

	for (int i = 0; i <= places || rest > 0; i++) {
		if (i == places && places > 0)
			*--p = '.';
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	}
	if (value < 0)
		*--p = '-';
	n = (size_t)(digits + sizeof(digits) - p);
	memcpy(out, p, n);
	out[n] = '\0';
	return out;
}
