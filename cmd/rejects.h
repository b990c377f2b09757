/* rejects.h - the quarantine, written out again as files. */
#ifndef OM_CMD_REJECTS_H
#define OM_CMD_REJECTS_H

#include <stdio.h>

#include "store/store.h"

/* The header and the original rows of the open rejects of a batch, from one
 * of its sources (0..), to out. */
OM_MUST_USE int om_rejects_write(struct om_store *store, int64_t batch,
    unsigned source, FILE *out, struct om_err *err);

/* DIR/BATCH.csv (and DIR/BATCH.1.csv for a second source), each at once. */
OM_MUST_USE int om_rejects_to_dir(struct om_store *store, int64_t batch,
    const char *dir, struct om_err *err);

#endif
