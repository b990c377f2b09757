/*
 * typed.h - the text of a cell as what its fact is: amounts, times, words.
 *
 * Each returns 0, or OM_EDATA or OM_ELIMIT with a reason in *err.
 */
#ifndef OM_FEED_TYPED_H
#define OM_FEED_TYPED_H

#include "feed/plan.h"

/* Scaled by 10^places, after scale, absolute and negate. */
OM_MUST_USE int om_typed_number(const struct om_step *step, struct om_str text,
    int places, int64_t *out, struct om_err *err);

/* What nearly all numbers are. False: om_typed_number() knows more. */
static inline bool
om_typed_simple(const struct om_step *step, struct om_str text, int places,
    int64_t *out)
{
	return step->simple && om_decimal_plain(text, places, out);
}

/* The places of an amount in c: it counts minor units. */
static inline int
om_amount_places(const struct om_step *step, const struct om_currency *c)
{
	return step->value->minor ? 0 : c->exponent;
}

/* Those of a fraction or a percentage: it counts millionths. */
static inline int
om_rate_places(const struct om_step *step)
{
	return step->value->rate == OM_RATE_PERCENT ? 4 : 6;
}

OM_MUST_USE int om_typed_time(const struct om_feed *feed,
    const struct om_step *step, struct om_str text, int64_t *out,
    struct om_err *err);
OM_MUST_USE int om_typed_kind(struct om_str text, enum om_kind *out,
    struct om_err *err);
OM_MUST_USE int om_typed_bool(struct om_str text, bool *out,
    struct om_err *err);
/* Within the field's bounds, and for names without control characters. */
OM_MUST_USE int om_typed_text(enum om_field field, struct om_str text,
    struct om_err *err);

#endif
