/*
 * build.h - the rows of one order become a struct om_order, or a reject.
 *
 * In the order of feed/field.h: the facts of the order are merged over its
 * rows (the first that is not empty counts, another that differs is a fault),
 * typed, completed to the normal form of order.h, and checked.
 */
#ifndef OM_FEED_BUILD_H
#define OM_FEED_BUILD_H

#include "base/buf.h"
#include "base/time.h"
#include "feed/fault.h"

#define OM_ATTRIBUTES_MAX ((size_t)1024 * 1024)

struct om_fact {
	struct om_str text; /* {NULL, 0}: nobody says */
	const struct om_step *step;
	const struct om_row *row; /* that says it, or the first */
};

/* Reused from order to order; belongs to one reader. */
struct om_builder {
	const struct om_feed *feed;
	enum om_shape shape;
	const struct om_plan *plan[OM_FEED_SOURCES_MAX];
	struct om_fact fact[OM_F_ORDER_COUNT];
	struct om_buf json;
	int64_t charges_minor;
	char revision[OM_TIME_TEXT_MAX];
};

void om_builder_init(struct om_builder *b, const struct om_feed *feed,
    enum om_shape shape, const struct om_plan *plans);
void om_builder_fini(struct om_builder *b);

/* 0: *out is whole, its text in arena. OM_EDATA: *why is. */
OM_MUST_USE int om_build_order(struct om_builder *b, const struct om_row *rows,
    size_t count, struct om_arena *arena, struct om_order *out,
    struct om_reject *why);
OM_MUST_USE int om_build_payment(struct om_builder *b, const struct om_row *row,
    struct om_arena *arena, struct om_payment *out, struct om_reject *why);

/* A row that belongs to no order: its reason is in *why already. */
void om_build_reject(struct om_builder *b, const struct om_row *rows,
    size_t count, struct om_arena *arena, struct om_reject *why);

/* The identity a row has by itself. False: it has no reference. */
bool om_build_key(const struct om_plan *plan, const struct om_row *row,
    struct om_str *out_channel, struct om_str *out_reference);

#endif
