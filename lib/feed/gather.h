/*
 * gather.h - the rows of each order brought together, in memory while they
 * fit, else in temporary files.
 *
 * A hash table by (channel, reference) holds the rows until all input is read.
 * When they outgrow the budget they are dealt out to files by their hash, and
 * the files are then gathered one by one, dealt out again where one is too
 * large. Orders come in the order of their first rows, file by file: that
 * depends on the input and the budget alone.
 */
#ifndef OM_FEED_GATHER_H
#define OM_FEED_GATHER_H

#include "feed/plan.h"

/* Smaller budgets are raised to this. */
#define OM_GATHER_MIN ((size_t)256 * 1024)

struct om_gather;

/* The plans are compacted already and outlive it. */
struct om_gather *om_gather_open(const struct om_plan *plans, size_t budget,
    const char *spill_dir);
void om_gather_close(struct om_gather **gather); /* safe on NULL and twice */

/* Take a row, its cells by column. 1: kept. 0: it has no identity that could
 * be read and is not kept; *out_row is the row with its cells as the plan
 * numbers them. OM_EDATA: an order with too many rows; OM_ELIMIT: one that
 * does not fit the budget; OM_EIO. */
OM_MUST_USE int om_gather_add(struct om_gather *gather,
    const struct om_row *row, struct om_row *out_row, struct om_err *err);

/* After the last row. 1: *out and *out_count are the rows of the next order,
 * until the next call. 0: the end. */
OM_MUST_USE int om_gather_next(struct om_gather *gather,
    const struct om_row **out, size_t *out_count, struct om_err *err);

#endif
