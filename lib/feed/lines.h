/*
 * lines.h - the lines of one order, priced by order/line.h; part of build.c.
 */
#ifndef OM_FEED_LINES_H
#define OM_FEED_LINES_H

#include "feed/build.h"

/* A row whose line cells are all empty brings no line. out->currency and
 * out->tax_included are known already. */
OM_MUST_USE int om_build_lines(struct om_builder *b, const struct om_row *rows,
    size_t count, struct om_arena *arena, struct om_order *out,
    struct om_reject *why);

/* The feed's tolerance in minor units of c. */
int64_t om_build_tolerance(const struct om_feed *feed,
    const struct om_currency *c);

#endif
