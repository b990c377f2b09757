/* base64.c - RFC 4648 section 4, both ways and strictly; see base64.h. */
#include "base/base64.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
om_base64(const void *bytes, size_t n, struct om_buf *out)
{
	const unsigned char *p = bytes;

	for (; n > 0; p += 3) {
		size_t k = n < 3 ? n : 3;
		uint32_t v = (uint32_t)p[0] << 16;
		char text[4];

		v |= k > 1 ? (uint32_t)p[1] << 8 : 0;
		v |= k > 2 ? (uint32_t)p[2] : 0;
		for (size_t i = 0; i < 4; i++)
			text[i] = alphabet[v >> (18 - 6 * i) & 63];
		for (size_t i = k + 1; i < 4; i++)
			text[i] = '=';
		om_buf_add(out, text, 4);
		n -= k;
	}
}

static int
value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* Four characters, the last pad of them '='. The bits that no byte uses are
 * zero, so that a text has one meaning and a meaning one text. */
static bool
group(const char *p, size_t pad, unsigned char out[3])
{
	uint32_t v = 0;

	for (size_t i = 0; i < 4 - pad; i++) {
		int six = value_of(p[i]);

		if (six < 0)
			return false;
		v |= (uint32_t)six << (18 - 6 * i);
	}
	out[0] = (unsigned char)(v >> 16);
	out[1] = (unsigned char)(v >> 8);
	out[2] = (unsigned char)v;
	return (pad < 1 || out[2] == 0) && (pad < 2 || out[1] == 0);
}

int
om_unbase64(struct om_str text, struct om_buf *out, struct om_err *err)
{
	size_t begin = out->n;

	if (text.n % 4 != 0)
		return om_fail(err, OM_EDATA, "base64 of %zu characters",
		    text.n);
	for (size_t i = 0; i < text.n; i += 4) {
		const char *p = text.p + i;
		bool last = i + 4 == text.n;
		size_t pad = 0;
		unsigned char three[3];

		if (last && p[3] == '=')
			pad = p[2] == '=' ? 2 : 1;
		if (!group(p, pad, three)) {
			out->n = begin;
			return om_fail(err, OM_EDATA, "bad base64 '%.4s'", p);
		}
		om_buf_add(out, three, 3 - pad);
	}
	if (om_buf_over(out))
		return om_fail(err, OM_ELIMIT, "base64 of more than %zu bytes",
		    out->max);
	return 0;
}
