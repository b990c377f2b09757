/*
 * trace.h - everything that ever happened to one order.
 *
 * Its revisions with all their facts and lines, the payments reported for it,
 * every event, and the rejects that bear its name; each with the batch, file
 * and line, or the run and pass, that it came from, and with the index of its
 * leaf in the log of its shard, where the evidence is.
 */
#ifndef OM_OPS_TRACE_H
#define OM_OPS_TRACE_H

#include "report/report.h"
#include "store/store.h"

/* "CHANNEL/REFERENCE", split at the first '/'. OM_ENOENT if nothing at all is
 * known under that name. The report lives in arena. */
OM_MUST_USE int om_trace(struct om_store *store, const char *name,
    struct om_arena *arena, struct om_report **out, struct om_err *err);

#endif
