/* sort.c - a stable radix sort, eight bits at a time; see sort.h. */
#include "ingest/sort.h"

#include <string.h>

#define BITS   8
#define DIGITS (1u << BITS)
#define PASSES (64 / BITS)

static unsigned
digit(const struct om_keyed *item, unsigned pass)
{
	return (unsigned)((uint64_t)item->key >> (pass * BITS)) & (DIGITS - 1);
}

static void
count_digits(const struct om_keyed *items, size_t n,
    uint32_t counts[PASSES][DIGITS])
{
	memset(counts, 0, PASSES * sizeof(counts[0]));
	for (size_t i = 0; i < n; i++)
		for (unsigned pass = 0; pass < PASSES; pass++)
			counts[pass][digit(&items[i], pass)]++;
}

/* Counts to the places where the items of each digit start. */
static void
to_places(uint32_t counts[DIGITS])
{
	uint32_t at = 0;

	for (unsigned d = 0; d < DIGITS; d++) {
		uint32_t here = counts[d];

		counts[d] = at;
		at += here;
	}
}

void
om_sort_keyed(struct om_keyed *items, struct om_keyed *scratch, size_t n)
{
	uint32_t counts[PASSES][DIGITS];
	struct om_keyed *from = items;
	struct om_keyed *to = scratch;

	count_digits(items, n, counts);
	for (unsigned pass = 0; n > 0 && pass < PASSES; pass++) {
		struct om_keyed *swap = from;

		if (counts[pass][digit(from, pass)] == n)
			continue; /* all alike here */
		to_places(counts[pass]);
		for (size_t i = 0; i < n; i++)
			to[counts[pass][digit(&from[i], pass)]++] = from[i];
		from = to;
		to = swap;
	}
	if (from != items && n > 0)
		memcpy(items, from, n * sizeof(items[0]));
}
