/* str.c - byte strings; see str.h. */
#include "base/str.h"

#define NEAREST_MAX 32

struct om_str
om_str_of(const char *text)
{
	return (struct om_str){ text, text == NULL ? 0 : strlen(text) };
}

struct om_str
om_str_dup(struct om_arena *arena, struct om_str s)
{
	if (s.p == NULL)
		return s;
	return (struct om_str){ om_strndup(arena, s.p, s.n), s.n };
}

bool
om_str_is(struct om_str a, const char *text)
{
	return om_str_eq(a, om_str_of(text));
}

int
om_str_cmp(struct om_str a, struct om_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n == 0 ? 0 : memcmp(a.p, b.p, n);

	return d != 0 ? d : (a.n > b.n) - (a.n < b.n);
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct om_str
om_str_trim(struct om_str s)
{
	while (s.n > 0 && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool
om_str_int(struct om_str s, int64_t *out)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	int64_t n = 0;

	if (s.n == (size_t)negative)
		return false;
	for (size_t i = negative; i < s.n; i++) {
		int digit = s.p[i] - '0';

		if (digit < 0 || digit > 9 ||
		    __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_sub_overflow(n, digit, &n))
			return false;
	}
	if (!negative && __builtin_sub_overflow(0, n, &n))
		return false;
	*out = n;
	return true;
}

bool
om_str_glob(const char *pattern, struct om_str s)
{
	const char *star = NULL;
	size_t i = 0;
	size_t mark = 0;

	while (i < s.n) {
		if (*pattern == '*') {
			star = ++pattern;
			mark = i;
		} else if (*pattern == '?' ||
			   (*pattern != '\0' && *pattern == s.p[i])) {
			pattern++;
			i++;
		} else if (star != NULL) {
			pattern = star;
			i = ++mark;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))
#define WORD	   sizeof(uint64_t)

/* Eight bytes at p, all of them ' ' to '~'. In the first step a carry out of a
 * byte comes of 0xff alone, which is refused anyway; in the second all bytes
 * have their high bit, so there is no borrow. */
static bool
is_plain_word(const char *p)
{
	uint64_t w;

	memcpy(&w, p, WORD);
	if (((w | (w + EACH(1))) & EACH(0x80)) != 0)
		return false;
	return (((w | EACH(0x80)) - EACH(' ')) & EACH(0x80)) == EACH(0x80);
}

bool
om_str_plain(struct om_str s)
{
	if (s.n >= WORD) {
		for (size_t i = 0; i < s.n - WORD; i += WORD)
			if (!is_plain_word(s.p + i))
				return false;
		return is_plain_word(s.p + s.n - WORD);
	}
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	return true;
}

/* Length of the sequence that starts at p, or 0 if it is malformed. */
static size_t
utf8_sequence(const unsigned char *p, size_t left)
{
	static const unsigned char low[] = { 0, 0, 0xc2, 0xa0, 0x90 };
	size_t n;

	if (p[0] < 0x80)
		return 1;
	n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] < 0xc2 || p[0] > 0xf4 || left < n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if (p[0] == 0xe0 || p[0] == 0xf0)
		return p[1] < low[n] ? 0 : n;
	if ((p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

/* Eight bytes of ASCII at p: the usual text goes by in such steps. */
static bool
is_ascii_word(const char *p, size_t left)
{
	uint64_t word;

	if (left < WORD)
		return false;
	memcpy(&word, p, WORD);
	return (word & EACH(0x80)) == 0;
}

bool
om_utf8_valid(struct om_str s, size_t *out_at)
{
	size_t i = 0;

	while (i < s.n) {
		const char *p = s.p + i;
		size_t n = WORD;

		if (!is_ascii_word(p, s.n - i))
			n = utf8_sequence((const unsigned char *)p, s.n - i);
		if (n == 0) {
			*out_at = i;
			return false;
		}
		i += n;
	}
	return true;
}

/* Levenshtein distance of two short words. */
static size_t
distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t row[NEAREST_MAX + 1];

	for (size_t j = 0; j <= nb; j++)
		row[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t best = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			if (corner + 1 < best)
				best = corner + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[nb];
}

const char *
om_str_nearest(const char *word, const char *const *names, size_t n)
{
	size_t len = strlen(word);
	size_t best = 3;
	const char *found = NULL;

	for (size_t i = 0; i < n && len <= NEAREST_MAX; i++) {
		size_t other = strlen(names[i]);
		size_t d;

		if (other > NEAREST_MAX)
			continue;
		d = distance(word, len, names[i], other);
		if (d < best && d < len) {
			best = d;
			found = names[i];
		}
	}
	return found;
}
