/*
 * pool.h - a few threads that each do one thing and are waited for.
 *
 * A worker returns 0 or a negative code and fills its own om_err; the pool
 * keeps the first failure by worker number, so that which error is reported
 * does not depend on timing more than it must.
 */
#ifndef OM_BASE_POOL_H
#define OM_BASE_POOL_H

#include "base/err.h"

struct om_pool;

typedef int om_work_fn(void *arg, struct om_err *err);

/* args[i] goes to worker i; the arguments outlive om_pool_wait(). OM_ELIMIT
 * when a thread cannot be started: those before it run and are in *out, to be
 * told to stop (by closing their queue, say) and waited for. */
OM_MUST_USE int om_pool_start(om_work_fn *work, void *const *args,
    unsigned workers, struct om_pool **out, struct om_err *err);

/* Join all. 0, or the failure of the lowest-numbered worker that failed.
 * Nothing to do and 0 on a NULL pool, and so on a second call. */
OM_MUST_USE int om_pool_wait(struct om_pool **pool, struct om_err *err);

#endif
