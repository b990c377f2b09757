/*
 * zone.h - local time to UTC: fixed offsets and the zones of the system.
 *
 * Zones are read from the system's TZif files (RFC 8536) and never touch the
 * process's own time zone. Of a local time that occurs twice in autumn the
 * first is meant; one that is skipped in spring does not exist.
 */
#ifndef OM_FEED_ZONE_H
#define OM_FEED_ZONE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct om_zone;

/* "UTC", "+02:00", "-0530", "Europe/Vienna". OM_EUSAGE if there is no such
 * zone. The zone lives in arena. */
OM_MUST_USE int om_zone_find(struct om_arena *arena, struct om_str name,
    const struct om_zone **out, struct om_err *err);

/* Seconds since 1970 as a wall clock in zone would count them, to UTC. zone
 * NULL is UTC. OM_EDATA if the clock never shows it. */
OM_MUST_USE int om_zone_utc(const struct om_zone *zone, int64_t local,
    int64_t *out, struct om_err *err);

#endif
