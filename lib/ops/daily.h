/*
 * daily.h - the report of a day: what came in, what became of it, and whether
 * the books close.
 *
 * A batch or a run belongs to the day (UTC) on which it ended, or began if it
 * has not ended. Counts of orders by shard and state are as of now.
 */
#ifndef OM_OPS_DAILY_H
#define OM_OPS_DAILY_H

#include "report/report.h"
#include "store/store.h"

/* day is any second of the day. *out_closed: every book of the day does. The
 * report lives in arena. */
OM_MUST_USE int om_daily(struct om_store *store, int64_t day,
    struct om_arena *arena, struct om_report **out, bool *out_closed,
    struct om_err *err);

#endif
