/*
 * csv_block.h - where in 64 bytes are those that mean something to CSV?
 *
 * Private to the CSV reader. One bit per byte, the lowest for the first. SSE2
 * belongs to every x86-64; elsewhere a plain loop gives the same bits.
 */
#ifndef OM_TEXT_CSV_BLOCK_H
#define OM_TEXT_CSV_BLOCK_H

#include <stdbool.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define OM_CSV_BLOCK 64

/* Bytes to look for, besides CR and LF. None: the delimiter once more. */
struct om_csv_marks {
	unsigned char delimiter;
	unsigned char quote;
	unsigned char escape;
};

/* *out_odd: the block may hold a NUL or a byte over 127. */
static inline uint64_t
om_csv_block_plain(const unsigned char *p, const struct om_csv_marks *m,
    bool *out_odd)
{
	uint64_t bits = 0;
	bool odd = false;

	for (int i = 0; i < OM_CSV_BLOCK; i++) {
		bool mark = p[i] == m->delimiter || p[i] == m->quote ||
			    p[i] == m->escape || p[i] == '\n' || p[i] == '\r';

		bits |= (uint64_t)mark << i;
		odd |= p[i] == 0 || p[i] > 127;
	}
	*out_odd = odd;
	return bits;
}

#ifdef __SSE2__
static inline uint64_t
om_csv_block_sse2(const unsigned char *p, const struct om_csv_marks *m,
    bool *out_odd)
{
	const __m128i delimiter = _mm_set1_epi8((char)m->delimiter);
	const __m128i quote = _mm_set1_epi8((char)m->quote);
	const __m128i escape = _mm_set1_epi8((char)m->escape);
	const __m128i lf = _mm_set1_epi8('\n');
	const __m128i cr = _mm_set1_epi8('\r');
	__m128i high = _mm_setzero_si128();
	__m128i low = lf;
	uint64_t bits = 0;

	for (int i = 0; i < OM_CSV_BLOCK; i += 16) {
		const void *at = p + i;
		__m128i v = _mm_loadu_si128(at);
		__m128i hit =
		    _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, delimiter),
				     _mm_cmpeq_epi8(v, quote)),
			_mm_or_si128(_mm_cmpeq_epi8(v, escape),
			    _mm_or_si128(_mm_cmpeq_epi8(v, lf),
				_mm_cmpeq_epi8(v, cr))));

		high = _mm_or_si128(high, v);
		low = _mm_min_epu8(low, v);
		bits |= (uint64_t)(unsigned)_mm_movemask_epi8(hit) << i;
	}
	low = _mm_cmpeq_epi8(low, _mm_setzero_si128());
	*out_odd = _mm_movemask_epi8(_mm_or_si128(high, low)) != 0;
	return bits;
}
#endif

static inline uint64_t
om_csv_block(const unsigned char *p, const struct om_csv_marks *m,
    bool *out_odd)
{
#ifdef __SSE2__
	return om_csv_block_sse2(p, m, out_odd);
#else
	return om_csv_block_plain(p, m, out_odd);
#endif
}

#endif
