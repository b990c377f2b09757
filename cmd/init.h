/* init.h - the signing key of a new store, and copies of a template. */
#ifndef OM_CMD_INIT_H
#define OM_CMD_INIT_H

#include "store/store.h"

/* Make sure that a store in a directory has a signing key: without one it
 * gets one of its own, signing.key, and signing.pub beside it. What an
 * interrupted call left half done is finished. */
OM_MUST_USE int om_init_key(struct om_store *store, struct om_err *err);

/* A copy of a template, with a key of its own and an entry in its journal that
 * says whose copy it is. */
OM_MUST_USE int om_init_template(const char *url, const char *template_url,
    const struct om_store_plan *plan, const struct om_session *session,
    struct om_err *err);

#endif
