/* json_text.c - escapes and numbers; see json_text.h. */
#include "text/json_text.h"

#include <string.h>

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The code unit of \uXXXX at s.p[at], or -1. */
static int32_t
code_unit(struct om_str s, size_t at)
{
	int32_t unit = 0;

	if (s.n - at < 6 || s.p[at] != '\\' || s.p[at + 1] != 'u')
		return -1;
	for (size_t i = at + 2; i < at + 6; i++) {
		int digit = hex_digit(s.p[i]);

		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
	}
	return unit;
}

static size_t
put_utf8(char *out, int32_t c)
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(n == 1 ? c : lead[n] | c);
	return n;
}

/* \uXXXX, or a pair of them; *at moves behind it. */
static const char *
unicode(struct om_str s, size_t *at, char *out, size_t *out_n)
{
	int32_t unit = code_unit(s, *at);
	int32_t second;

	if (unit < 0)
		return "bad \\u escape";
	*at += 6;
	if (unit >= 0xdc00 && unit <= 0xdfff)
		return "a lone surrogate";
	if (unit >= 0xd800 && unit <= 0xdbff) {
		second = s.n > *at ? code_unit(s, *at) : -1;
		if (second < 0xdc00 || second > 0xdfff)
			return "a lone surrogate";
		*at += 6;
		unit = 0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00);
	}
	*out_n += put_utf8(out + *out_n, unit);
	return NULL;
}

const char *
om_json_unescape(struct om_str s, char *out, size_t *out_n, size_t *out_bad)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	size_t at = 0;

	*out_n = 0;
	while (at < s.n) {
		const char *back = memchr(s.p + at, '\\', s.n - at);
		size_t run =
		    back == NULL ? s.n - at : (size_t)(back - s.p) - at;
		const char *known;
		const char *bad = NULL;

		memcpy(out + *out_n, s.p + at, run);
		*out_n += run;
		at += run;
		if (back == NULL)
			break;
		*out_bad = at;
		if (s.n - at < 2)
			return "bad escape";
		known = s.p[at + 1] == '\0' ? NULL : strchr(from, s.p[at + 1]);
		if (known != NULL) {
			out[(*out_n)++] = to[known - from];
			at += 2;
		} else if (s.p[at + 1] != 'u') {
			return "bad escape";
		} else {
			bad = unicode(s, &at, out, out_n);
		}
		if (bad != NULL)
			return bad;
	}
	return NULL;
}

static size_t
digits(struct om_str s, size_t at)
{
	size_t n = 0;

	while (at + n < s.n && s.p[at + n] >= '0' && s.p[at + n] <= '9')
		n++;
	return n;
}

bool
om_json_number_valid(struct om_str s)
{
	size_t at = s.n > 0 && s.p[0] == '-' ? 1 : 0;
	size_t n = digits(s, at);

	if (n == 0 || (n > 1 && s.p[at] == '0'))
		return false;
	at += n;
	if (at < s.n && s.p[at] == '.') {
		n = digits(s, at + 1);
		if (n == 0)
			return false;
		at += n + 1;
	}
	if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E')) {
		at++;
		if (at < s.n && (s.p[at] == '+' || s.p[at] == '-'))
			at++;
		n = digits(s, at);
		if (n == 0)
			return false;
		at += n;
	}
	return at == s.n;
}
