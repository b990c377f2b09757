/*
 * drain.h - bytes that are taken in a thread of their own, while more come.
 *
 * So that a large body is received and, beside that, hashed and written. Few
 * bytes are not worth a thread, and are taken when they are waited for. They
 * are taken in their order, and once one is refused, none behind it is.
 */
#ifndef OM_FETCH_DRAIN_H
#define OM_FETCH_DRAIN_H

#include <stddef.h>

#include "base/err.h"

#define OM_DRAIN_BLOCK ((size_t)256 * 1024)

struct om_drain;

/* Not in the caller's thread, and never two at a time. */
typedef int om_drain_fn(void *arg, const void *bytes, size_t n,
    struct om_err *err);

struct om_drain *om_drain_new(om_drain_fn *take, void *arg);
void om_drain_free(struct om_drain **drain); /* safe on NULL and twice */

/* A copy of the bytes is on its way; or why an earlier one was refused. */
OM_MUST_USE int om_drain_add(struct om_drain *drain, const void *bytes,
    size_t n, struct om_err *err);
/* All bytes are taken, and nobody is at it: what `take` works on is the caller's
 * until the next bytes come. Or why some were refused. */
OM_MUST_USE int om_drain_wait(struct om_drain *drain, struct om_err *err);

#endif
