/*
 * lock.h - kernel locks: a killed holder holds nothing.
 *
 * Open file description locks (F_OFD_SETLK) on a lock file that also says, for
 * people, who holds it: pid, command, host, since when. The file stays behind;
 * only the kernel's lock counts.
 */
#ifndef OM_IO_LOCK_H
#define OM_IO_LOCK_H

#include "base/err.h"
#include "base/time.h"

struct om_lock {
	int fd; /* -1: not held */
};

#define OM_LOCK_NONE ((struct om_lock){ -1 })

/* Wait up to wait_ms (0: not at all). OM_EBUSY names the holder:
 * "locked by pid 4711 (ordmill ingest) on host since 2026-...". */
OM_MUST_USE int om_lock_take(const char *path, bool shared, int64_t wait_ms,
    const char *command, const struct om_clock *clock, struct om_lock *out,
    struct om_err *err);
void om_lock_drop(struct om_lock *lock); /* safe twice */

/* Is the lock held? Looks without taking it, so that no one else is kept
 * waiting. 1, and the holder in out ("pid 4711 (ordmill ingest) on host since
 * 2026-..."), 0, or a negative code. No file: not held. */
#define OM_LOCK_HOLDER_MAX 256
OM_MUST_USE int om_lock_holder(const char *path, char out[OM_LOCK_HOLDER_MAX],
    struct om_err *err);

#endif
