/*
 * revisions.h - the rows of one reference, cut into its revisions.
 *
 * A file may bring an order more than once. If each row says which revision it
 * is of, rows of different revisions are different orders, whatever stands
 * between them. A row that does not say leaves all of them one order, as in
 * files that fill the cells of an order only once: several revisions are then
 * a contradiction like any other. So does a row that cannot be read.
 */
#ifndef OM_FEED_REVISIONS_H
#define OM_FEED_REVISIONS_H

#include "feed/feed.h"
#include "feed/plan.h"

/* Zeroed to begin with, reused from group to group. */
struct om_revisions {
	const struct om_row *rows;
	size_t count;
	bool cut; /* else all rows are one */
	size_t next;
	struct om_revised *part; /* by revision, in the order they came */
	struct om_row *sorted;
	size_t room;
};

void om_revisions_fini(struct om_revisions *r);

/* The rows of a group, which stay the caller's. */
void om_revisions_take(struct om_revisions *r, const struct om_feed *feed,
    const struct om_plan *plan, const struct om_row *rows, size_t count);
/* The rows of its next revision, each in the order of the input: revisions come
 * as their first rows do. False: no more. */
bool om_revisions_next(struct om_revisions *r, const struct om_row **out,
    size_t *out_count);

#endif
