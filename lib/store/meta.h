/* meta.h - the settings of a catalog or a shard, before and while it is part
 * of an open store. For lib/store/ only; others ask om_store_meta(). */
#ifndef OM_STORE_META_H
#define OM_STORE_META_H

#include "store/store.h"

/* out is empty text if it is not set; OM_EDAMAGED if it is too long. */
OM_MUST_USE int om_meta_get(struct om_db *db, const char *name,
    char out[OM_META_MAX], struct om_err *err);
/* Replaces what was set. */
OM_MUST_USE int om_meta_set(struct om_db *db, const char *name,
    const char *value, struct om_err *err);

#endif
