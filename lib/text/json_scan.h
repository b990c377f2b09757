/*
 * json_scan.h - runs of bytes that JSON reads at once.
 *
 * Private to the JSON reader. SSE2 belongs to every x86-64; elsewhere a plain
 * loop finds the same.
 */
#ifndef OM_TEXT_JSON_SCAN_H
#define OM_TEXT_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define OM_JSON_SCAN_PAD 16 /* bytes behind the end that can be read */

/* What a run of a string held. */
struct om_json_run {
	bool high;    /* a byte over 127 */
	bool control; /* a byte below blank */
};

static inline size_t
om_json_scan_plain(const unsigned char *p, size_t n, struct om_json_run *run)
{
	size_t i = 0;

	while (i < n && p[i] != '"' && p[i] != '\\') {
		run->high |= p[i] > 127;
		run->control |= p[i] < ' ';
		i++;
	}
	return i;
}

#ifdef __SSE2__
static inline size_t
om_json_scan_sse2(const unsigned char *p, size_t n, struct om_json_run *run)
{
	const __m128i quote = _mm_set1_epi8('"');
	const __m128i back = _mm_set1_epi8('\\');
	const __m128i below = _mm_set1_epi8(0x1f);
	size_t i = 0;

	while (i < n) {
		const void *at = p + i;
		__m128i v = _mm_loadu_si128(at);
		__m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, below), v);
		unsigned end = (unsigned)_mm_movemask_epi8(
		    _mm_or_si128(_mm_cmpeq_epi8(v, quote),
			_mm_cmpeq_epi8(v, back)));
		unsigned high = (unsigned)_mm_movemask_epi8(v);
		unsigned control = (unsigned)_mm_movemask_epi8(low);
		unsigned within = 0xffff;
		size_t left = n - i;

		if (left < 16) {
			within = (1U << left) - 1;
			end |= 1U << left;
		}
		if (end != 0)
			within &= (end & -end) - 1;
		run->high |= (high & within) != 0;
		run->control |= (control & within) != 0;
		if (end != 0)
			return i + (size_t)__builtin_ctz(end);
		i += 16;
	}
	return n;
}
#endif

/* How many of n bytes come before a quote or a backslash. */
static inline size_t
om_json_scan_string(const unsigned char *p, size_t n, struct om_json_run *run)
{
#ifdef __SSE2__
	return om_json_scan_sse2(p, n, run);
#else
	return om_json_scan_plain(p, n, run);
#endif
}

#endif
