/* runs.h - what items.c and merge.c share: the inside of a list of items. */
#ifndef OM_RECON_RUNS_H
#define OM_RECON_RUNS_H

#include <stdio.h>
#include <sys/types.h>

#include "recon/items.h"

/* Sorted items, one after the other, in the list's scratch file. */
struct om_rec_run {
	off_t at;
	size_t n;
};

struct om_rec_items {
	char *bytes; /* items in the order they came */
	size_t used;
	size_t cap;
	size_t count;
	const struct om_rec_item **sorted;
	struct om_rec_run *run;
	size_t runs;
	size_t budget;
	size_t limit;
	const char *dir;
	FILE *file;
	off_t end;
};

int om_rec_item_cmp(const struct om_rec_item *a, const struct om_rec_item *b);
void om_rec_items_sort(struct om_rec_items *items); /* fills sorted */

#endif
