/*
 * checkpoint.h - the newest signed statement of where the journal stands.
 *
 * A checkpoint that is kept elsewhere is what shows that a log was cut or
 * rewritten as a whole; see om_verify_plan.trusted.
 */
#ifndef OM_AUDIT_CHECKPOINT_H
#define OM_AUDIT_CHECKPOINT_H

#include "audit/note.h"
#include "store/store.h"

/* The note, as stored. OM_ENOENT if nothing has been written to the store. */
OM_MUST_USE int om_checkpoint_newest(struct om_store *store, struct om_buf *out,
    struct om_err *err);

/* The same text signed by another key: a person's, not the store's. */
OM_MUST_USE int om_checkpoint_countersign(struct om_str note,
    const struct om_signer *signer, struct om_buf *out, struct om_err *err);

#endif
