/* cellnum.c - see cellnum.h. */
#include "feed/cellnum.h"

#include <stdlib.h>
#include <string.h>

#define EXPONENT_MAX 100
#define PLACES	     6

static bool
has_exponent(struct om_str s)
{
	return memchr(s.p, 'e', s.n) != NULL || memchr(s.p, 'E', s.n) != NULL;
}

/* The digits of s and where their point stands, counted from the first. */
static size_t
take_digits(struct om_str s, char *out, long *point)
{
	size_t n = 0;
	size_t i = s.p[0] == '-';

	*point = -1;
	for (; i < s.n && s.p[i] != 'e' && s.p[i] != 'E'; i++) {
		if (s.p[i] == '.')
			*point = (long)n;
		else
			out[n++] = s.p[i];
	}
	if (*point < 0)
		*point = (long)n;
	if (i < s.n)
		*point += strtol(s.p + i + 1, NULL, 10);
	return n;
}

/* 1.50e+3 is 1500, 2e-2 is 0.02. */
static struct om_str
write_out(struct om_arena *arena, struct om_str s)
{
	char *digit = om_alloc(arena, s.n + 1);
	char *out = om_alloc(arena, s.n + EXPONENT_MAX + 4);
	long point;
	long n = (long)take_digits(s, digit, &point);
	size_t at = 0;
	long first = 0;

	if (s.p[0] == '-')
		out[at++] = '-';
	while (first < n - 1 && first < point - 1 && digit[first] == '0')
		first++;
	if (point <= 0)
		out[at++] = '0';
	for (long i = point <= 0 ? point : first; i < n || i < point; i++) {
		if (i == point)
			out[at++] = '.';
		out[at++] = i >= 0 && i < n ? digit[i] : '0';
	}
	return (struct om_str){ out, at };
}

static bool
is_small_exponent(struct om_str s)
{
	size_t i = 0;
	long e;

	while (i < s.n && s.p[i] != 'e' && s.p[i] != 'E')
		i++;
	if (s.n - i > 6)
		return false;
	e = strtol(s.p + i + 1, NULL, 10);
	return e >= -EXPONENT_MAX && e <= EXPONENT_MAX;
}

bool
om_cell_number(struct om_arena *arena, const struct om_number_format *fmt,
    struct om_str *text)
{
	bool point = fmt->decimal != 0 && fmt->decimal != '.';
	struct om_str s = *text;
	char *p;

	if (!has_exponent(s) && (!point || memchr(s.p, '.', s.n) == NULL))
		return true;
	s = om_str_dup(arena, s);
	if (has_exponent(s)) {
		if (!is_small_exponent(s))
			return true;
		s = write_out(arena, s);
	}
	if (point) {
		s = om_str_dup(arena, s);
		p = om_strndup(arena, s.p, s.n);
		for (size_t i = 0; i < s.n; i++)
			if (p[i] == '.')
				p[i] = fmt->decimal;
		s.p = p;
	}
	*text = s;
	return false;
}

static bool
add(struct om_sum *sum, const struct om_number_format *fmt, struct om_str text)
{
	struct om_err err;
	int64_t value;

	return om_decimal_parse(text, PLACES, OM_ROUND_EXACT, fmt, &value,
		   &err) == 0 &&
	       !__builtin_add_overflow(sum->micro, value, &sum->micro);
}

struct om_str
om_sum_add(struct om_sum *sum, struct om_arena *arena,
    const struct om_number_format *fmt, struct om_str so_far,
    struct om_str text)
{
	char out[OM_MONEY_TEXT_MAX];
	char *p;

	if (sum->bad)
		return so_far;
	if (text.n == 0)
		return so_far;
	if (!add(sum, fmt, text)) {
		sum->bad = true;
		return text;
	}
	if (sum->count++ == 0)
		return text;
	om_decimal_text(sum->micro, PLACES, out);
	p = om_strndup(arena, out, strlen(out));
	for (char *c = p; fmt->decimal != 0 && *c != '\0'; c++)
		if (*c == '.')
			*c = fmt->decimal;
	return om_str_of(p);
}
