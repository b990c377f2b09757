/*
 * judge.h - whether an order holds, and which cell is to blame if not; part of
 * build.c.
 */
#ifndef OM_FEED_JUDGE_H
#define OM_FEED_JUDGE_H

#include "feed/build.h"

/* om_order_check() within the feed's tolerance, its complaint put where the
 * culprit stands. */
OM_MUST_USE int om_judge_order(const struct om_builder *b,
    const struct om_row *rows, size_t count, const struct om_order *o,
    struct om_reject *why);

/* Both files must speak of an order of shape joined, the first just once. */
OM_MUST_USE int om_judge_joined(const struct om_builder *b,
    const struct om_row *rows, size_t count, struct om_reject *why);

#endif
