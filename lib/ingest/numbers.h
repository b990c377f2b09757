/* numbers.h - by what a batch follows others of its feed. */
#ifndef OM_INGEST_NUMBERS_H
#define OM_INGEST_NUMBERS_H

#include "feed/manifest.h"
#include "order/sequence.h"

/* Whoever states a number counts: the manifest of the call (or NULL), the
 * input itself, of which reader is at its end, and its name. */
OM_MUST_USE int om_numbers_collect(const struct om_feed *feed,
    const struct om_reader *reader, const struct om_manifest *given,
    const char *name, struct om_sequences *out, struct om_err *err);

#endif
