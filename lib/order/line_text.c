/* line_text.c - lines to JSON and back; see line_text.h. */
#include "order/line_text.h"

#include <string.h>

#include "base/arena.h"

/* A line's number and five amounts with all that stands around them and its
 * SKU, each byte of which may become six. */
#define AROUND_MAX ((size_t)160)
#define ESCAPE_MAX 6

static const char hex[] = "0123456789abcdef";

static const char pairs[] =
    "00010203040506070809101112131415161718192021222324"
    "25262728293031323334353637383940414243444546474849"
    "50515253545556575859606162636465666768697071727374"
    "75767778798081828384858687888990919293949596979899";

/* By the bits of a number, 1233 / 4096 digits each, it has so many digits or
 * one more. */
static unsigned
count_digits(uint64_t value)
{
	static const uint64_t power[] = { 0, 10, 100, 1000, 10000, 100000,
		1000000, 10000000, 100000000, 1000000000, 10000000000,
		100000000000, 1000000000000, 10000000000000, 100000000000000,
		1000000000000000, 10000000000000000, 100000000000000000,
		1000000000000000000, 10000000000000000000U };
	unsigned bits = 64 - (unsigned)__builtin_clzll(value | 1);
	unsigned n = bits * 1233 / 4096;

	return n + (value >= power[n]);
}

/* Two digits at a time: amounts are long. */
static char *
put_int(char *p, int64_t value)
{
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	char *end;

	if (value < 0)
		*p++ = '-';
	p += count_digits(rest);
	end = p;
	for (; rest >= 100; rest /= 100) {
		p -= 2;
		memcpy(p, pairs + 2 * (rest % 100), 2);
	}
	if (rest >= 10)
		memcpy(p - 2, pairs + 2 * rest, 2);
	else
		p[-1] = (char)('0' + rest);
	return end;
}

static bool
is_plain(char c)
{
	return (unsigned char)c >= ' ' && c != '"' && c != '\\';
}

static char *
put_text(char *p, struct om_str s)
{
	*p++ = '"';
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (is_plain(c)) {
			*p++ = c;
			continue;
		}
		*p++ = '\\';
		if (c == '"' || c == '\\') {
			*p++ = c;
			continue;
		}
		memcpy(p, "u00", 3);
		p[3] = hex[(unsigned char)c >> 4];
		p[4] = hex[(unsigned char)c & 15];
		p += 5;
	}
	*p++ = '"';
	return p;
}

static char *
put_line(char *p, const struct om_line *l)
{
	const int64_t amounts[] = { l->quantity_milli, l->unit_price_micro,
		l->discount_minor, l->tax_minor, l->total_minor };

	*p++ = '[';
	p = put_int(p, l->number);
	*p++ = ',';
	p = put_text(p, l->sku);
	for (size_t i = 0; i < OM_COUNT(amounts); i++) {
		*p++ = ',';
		p = put_int(p, amounts[i]);
	}
	*p++ = ']';
	return p;
}

void
om_line_text_write(struct om_buf *out, const struct om_line *lines,
    uint32_t count)
{
	size_t most = 3;
	void *room;
	char *p;

	for (uint32_t i = 0; i < count; i++)
		most += AROUND_MAX + ESCAPE_MAX * lines[i].sku.n;
	room = om_buf_room(out, most);
	p = room;
	if (p == NULL)
		return;
	*p++ = '[';
	for (uint32_t i = 0; i < count; i++) {
		if (i > 0)
			*p++ = ',';
		p = put_line(p, &lines[i]);
	}
	*p++ = ']';
	om_buf_give_back(out, most - (size_t)(p - (char *)room));
}

/* What is left of a text; ok until something was not as it must be. */
struct scan {
	const char *p;
	const char *end;
	bool ok;
};

static bool
take(struct scan *s, char c)
{
	bool there = s->p < s->end && *s->p == c;

	s->p += there;
	return there;
}

static void
expect(struct scan *s, char c)
{
	if (!take(s, c))
		s->ok = false;
}

/* Digits, without a zero before others. */
static int64_t
get_int(struct scan *s)
{
	bool negative = take(s, '-');
	const char *start = s->p;
	uint64_t value = 0;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9') {
		unsigned digit = (unsigned)(*s->p++ - '0');

		if (__builtin_mul_overflow(value, 10U, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			s->ok = false;
	}
	if (s->p == start ||
	    (*start == '0' && (s->p - start > 1 || negative)) ||
	    value > (uint64_t)INT64_MAX + negative)
		s->ok = false;
	return (int64_t)(negative ? 0 - value : value);
}

static int
hex_value(char c)
{
	const char *at = c == '\0' ? NULL : strchr(hex, c);

	return at == NULL ? -1 : (int)(at - hex);
}

/* Behind a backslash. */
static char
get_escaped(struct scan *s)
{
	int high;
	int low;

	if (s->end - s->p >= 5 && memcmp(s->p, "u00", 3) == 0) {
		high = hex_value(s->p[3]);
		low = hex_value(s->p[4]);
		s->p += 5;
		if (high == 0 || high == 1)
			if (low >= 0)
				return (char)(16 * high + low);
	} else if (s->p < s->end && (*s->p == '"' || *s->p == '\\')) {
		return *s->p++;
	}
	s->ok = false;
	return '\0';
}

/* Up to the closing quote, if there is one. */
static size_t
text_size(const struct scan *s)
{
	const char *p = s->p;

	while (p < s->end && *p != '"')
		p += *p == '\\' && p + 1 < s->end ? 2 : 1;
	return (size_t)(p - s->p);
}

static struct om_str
get_text(struct scan *s, struct om_arena *arena)
{
	const char *start;
	char *to;
	size_t n = 0;

	expect(s, '"');
	start = s->p;
	while (s->p < s->end && is_plain(*s->p))
		s->p++;
	if (take(s, '"'))
		return om_str_dup(arena,
		    (struct om_str){ start, (size_t)(s->p - 1 - start) });
	s->p = start;
	to = om_alloc_raw(arena, text_size(s) + 1);
	while (s->ok && s->p < s->end && *s->p != '"') {
		char c = *s->p++;

		to[n++] = c == '\\' ? get_escaped(s) : c;
		if (c != '\\' && !is_plain(c))
			s->ok = false;
	}
	expect(s, '"');
	return (struct om_str){ to, n };
}

static void
get_line(struct scan *s, struct om_arena *arena, struct om_line *l)
{
	int64_t *const amounts[] = { &l->quantity_milli, &l->unit_price_micro,
		&l->discount_minor, &l->tax_minor, &l->total_minor };
	int64_t number;

	expect(s, '[');
	number = get_int(s);
	if (number < 0 || number > INT32_MAX)
		s->ok = false;
	l->number = (int32_t)number;
	expect(s, ',');
	l->sku = get_text(s, arena);
	for (size_t i = 0; i < OM_COUNT(amounts); i++) {
		expect(s, ',');
		*amounts[i] = get_int(s);
	}
	expect(s, ']');
}

/* As many as there can be: a line has seven values and what is around them. */
static size_t
lines_max(struct om_str text)
{
	static const char shortest[] = "[0,\"\",0,0,0,0,0],";
	size_t n = text.n / (sizeof(shortest) - 1) + 1;

	return n < OM_ORDER_LINES_MAX ? n : OM_ORDER_LINES_MAX;
}

bool
om_line_text_read(struct om_str text, struct om_arena *arena,
    struct om_line **out, uint32_t *out_count)
{
	struct scan s = { text.p, text.p + text.n, true };
	size_t most = lines_max(text);
	struct om_line *lines = om_alloc_raw(arena, most * sizeof(*lines));
	uint32_t n = 0;

	expect(&s, '[');
	if (s.ok && s.p < s.end && *s.p == '[')
		do {
			if (n == most)
				return false;
			get_line(&s, arena, &lines[n++]);
		} while (s.ok && take(&s, ','));
	expect(&s, ']');
	if (!s.ok || s.p != s.end)
		return false;
	*out = lines;
	*out_count = n;
	return true;
}
