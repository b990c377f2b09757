/*
 * row.h - one row of a file on its way to being an order, or part of one.
 */
#ifndef OM_FEED_ROW_H
#define OM_FEED_ROW_H

#include "order/order.h"

#define OM_NO_CELL SIZE_MAX

/* What several rows come from together, such as a JSON object that is an order
 * with its lines. */
struct om_origin {
	struct om_position at;
	struct om_str raw;
};

/* Borrows everything, until the next row or for as long as it is gathered. */
struct om_row {
	struct om_position at;
	struct om_str raw;	   /* as it stood, without its line end */
	const struct om_str *cell; /* {NULL, 0}: the row has no such field */
	size_t count;
	const char *problem;	 /* NULL, or what is wrong with the whole row */
	size_t problem_cell;	 /* OM_NO_CELL: none in particular */
	uint64_t problem_offset; /* in the input */
	const struct om_origin *origin; /* NULL: the row is all there is */
	const uint32_t *cell_at; /* with origin: where in it each cell stands */
};

#endif
