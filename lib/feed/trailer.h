/*
 * trailer.h - the row at the end of a file that says what the others add up
 * to; part of input.c.
 */
#ifndef OM_FEED_TRAILER_H
#define OM_FEED_TRAILER_H

#include "feed/manifest.h"
#include "feed/spec.h"

/* The row, as it stood, is a trailer. */
bool om_trailer_is(const struct om_trailer *t, struct om_str raw);

/* Read its figures. OM_EDATA names the field. */
OM_MUST_USE int om_trailer_read(const struct om_trailer *t,
    const struct om_csv_record *record, struct om_manifest *out,
    struct om_err *err);

#endif
