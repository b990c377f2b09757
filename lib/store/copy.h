/*
 * copy.h - a new store as a copy of another one, its template.
 *
 * Both are directories. The copy has everything that the template has, but an
 * identity of its own: id, origin and key are new, and the checkpoints that
 * the template signed stay with it. Between the two calls the caller may write
 * to the copy, in which nothing has its place yet; a copy that is not
 * committed leaves no store.
 */
#ifndef OM_STORE_COPY_H
#define OM_STORE_COPY_H

#include "store/store.h"

/* What was copied: "ORIGIN SIZE ROOT" of the template's newest checkpoint, or
 * its origin alone. */
struct om_copied {
	char head[OM_META_MAX];
};

/* plan->shards 0: as many as the template has, which is what it must be if it
 * is given. The template is locked, shared, while it is read. OM_ECONFLICT:
 * there is something already. */
OM_MUST_USE int om_copy_begin(const char *url, const char *template_url,
    const struct om_store_plan *plan, const struct om_session *session,
    struct om_store **out, struct om_copied *out_from, struct om_err *err);

/* Keep a copy of the copy for om_reset(), put everything in its place, and
 * close the store. */
OM_MUST_USE int om_copy_commit(struct om_store **store, struct om_err *err);

/* A committed copy, or a reset, that was killed on its way: go on. *out_done:
 * there was one, and now there is a store. */
OM_MUST_USE int om_copy_finish(const char *url,
    const struct om_session *session, bool *out_done, struct om_err *err);

#endif
