/*
 * items.h - breaks (and listed matches) in their final order, however many.
 *
 * Order: bytes of the key, then the left side before the right, then line,
 * then class. Items gather in memory; past the budget they are sorted and
 * written to a scratch file as a run, or, when only the first `limit` are
 * wanted, all but those are dropped. Runs of several lists are merged while
 * they are read.
 */
#ifndef OM_RECON_ITEMS_H
#define OM_RECON_ITEMS_H

#include "recon/tally.h"

enum {
	OM_REC_HAS_LEFT = 1, /* the left amount is known */
	OM_REC_HAS_RIGHT = 2,
};

/* One break or match, followed by key_n + left_n + right_n + reason_n bytes. */
struct om_rec_item {
	uint64_t line[2]; /* 0: no row on that side */
	int64_t amount[2];
	uint32_t size; /* with what follows; a multiple of eight */
	uint32_t key_n;
	uint32_t text_n[2];
	uint32_t reason_n;
	uint16_t currency[2]; /* ISO 4217 numbers */
	uint8_t class;
	uint8_t column; /* index into compare, or OM_REC_AT_... */
	uint8_t has;	/* OM_REC_HAS_... */
};

/* What is added: the item's lengths and size are filled in. */
struct om_rec_entry {
	struct om_rec_item item;
	struct om_str key;
	struct om_str text[2];
	struct om_str reason;
};

void om_rec_item_view(const struct om_rec_item *item, struct om_rec_entry *out);

struct om_rec_items;

/* limit: how many are wanted in the end; SIZE_MAX: all. */
struct om_rec_items *om_rec_items_new(size_t budget, size_t limit,
    const char *dir);
void om_rec_items_free(struct om_rec_items **items); /* safe twice */
OM_MUST_USE int om_rec_items_add(struct om_rec_items *items,
    const struct om_rec_entry *entry, struct om_err *err);

/* Reads several lists as one. They must not be added to any more. */
struct om_rec_merge;
OM_MUST_USE int om_rec_merge_open(struct om_rec_items *const *lists, size_t n,
    struct om_rec_merge **out, struct om_err *err);
void om_rec_merge_close(struct om_rec_merge **merge);

/* 1: *out is the next item, alive until the next call. 0: the end, or the
 * limit. Negative: failed. */
OM_MUST_USE int om_rec_merge_next(struct om_rec_merge *merge,
    const struct om_rec_item **out, struct om_err *err);

#endif
