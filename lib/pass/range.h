/* range.h - the ids that a pass looks at, slot by slot, as a lent table. */
#ifndef OM_PASS_RANGE_H
#define OM_PASS_RANGE_H

#include "pass/pass.h"

/* Lend table ranges (slot, from_id, to_id): of each slot from..to the rows
 * whose leaf is at least since. At most OM_RANGE_SLOTS slots. */
#define OM_RANGE_SLOTS 256

struct om_range {
	int64_t slot;
	int64_t from_id;
	int64_t to_id;
};

OM_MUST_USE int om_ranges_lend(struct om_db *db, unsigned from, unsigned to,
    uint64_t since, struct om_range ranges[OM_RANGE_SLOTS], struct om_err *err);

#endif
