/*
 * cellnum.h - numbers of documents as the cells of a feed have them.
 */
#ifndef OM_FEED_CELLNUM_H
#define OM_FEED_CELLNUM_H

#include "order/decimal.h"

/* A JSON number as the format writes it: its exponent written out, its point
 * the format's decimal character. True: it is so already. Else *text is in the
 * arena now. An exponent over 100 is left alone. */
bool om_cell_number(struct om_arena *arena, const struct om_number_format *fmt,
    struct om_str *text);

/* Amounts added up exactly, to six places. Zeroed: none yet. */
struct om_sum {
	int64_t micro;
	unsigned count;
	bool bad; /* a text that is no amount, or too much */
};

/* What the cell says once text, in the arena, is added to what it said: text
 * alone, a sum, or a text that is no amount. */
struct om_str om_sum_add(struct om_sum *sum, struct om_arena *arena,
    const struct om_number_format *fmt, struct om_str so_far,
    struct om_str text);

#endif
