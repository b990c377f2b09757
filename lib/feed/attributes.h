/*
 * attributes.h - what a feed keeps but does not interpret, as JSON text.
 */
#ifndef OM_FEED_ATTRIBUTES_H
#define OM_FEED_ATTRIBUTES_H

#include "feed/build.h"

/* {"column":"text",...}: of each kept column the first cell that is not empty.
 * Empty if there is none. *out lives until the next call. */
OM_MUST_USE int om_build_attributes(struct om_builder *b,
    const struct om_row *rows, size_t count, struct om_str *out,
    struct om_reject *why);

#endif
