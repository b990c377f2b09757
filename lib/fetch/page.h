/*
 * page.h - what a page of JSON holds, as far as turning pages needs it.
 *
 * Reads the body once, of any size, packed or not, an item at a time. An item
 * is known by its id and by a hash of its bytes, so that one that was changed
 * twice in a second is not taken for the same.
 */
#ifndef OM_FETCH_PAGE_H
#define OM_FETCH_PAGE_H

#include "base/str.h"
#include "fetch/state.h"

#define OM_PAGE_PATHS_MAX 8
#define OM_PAGE_ITEMS_MAX 20000

/* Paths as in a feed's columns; NULL: not looked for. */
struct om_page_spec {
	const struct om_str *items; /* arrays; the top one is always tried */
	size_t item_count;
	const char *id;	   /* in an item */
	const char *value; /* in an item */
	const char *next;  /* in the document */
	const char *more;
	const char *total;
};

struct om_page {
	bool json;	       /* else nothing else is known */
	struct om_texts id;    /* of each item; "" if it has none */
	struct om_texts key;   /* "id TAB hash TAB value" */
	struct om_texts value; /* likewise; "" if it has none */
	const char *next;      /* NULL: none, null, false or empty */
	bool more;	       /* true unless the document says no */
	int64_t total;	       /* -1: not said */
};

/* OM_EDATA, with the place, if it begins like JSON and is none. */
OM_MUST_USE int om_page_read(const char *path, const struct om_page_spec *spec,
    struct om_arena *arena, struct om_page *out, struct om_err *err);

/* As numbers, as times, or else byte by byte: <0, 0, >0. */
int om_page_compare(const char *a, const char *b);

#endif
