/* items.c - gather, sort, prune or spill; see items.h. */
#include "recon/items.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/temp.h"
#include "recon/runs.h"

struct om_rec_items *
om_rec_items_new(size_t budget, size_t limit, const char *dir)
{
	struct om_rec_items *items = om_must(calloc(1, sizeof(*items)));

	items->budget = budget;
	items->limit = limit;
	items->dir = dir;
	return items;
}

void
om_rec_items_free(struct om_rec_items **items)
{
	struct om_rec_items *it = *items;

	if (it == NULL)
		return;
	if (it->file != NULL)
		fclose(it->file);
	free(it->bytes);
	free(it->sorted);
	free(it->run);
	free(it);
	*items = NULL;
}

void
om_rec_item_view(const struct om_rec_item *item, struct om_rec_entry *out)
{
	const char *p = (const char *)(item + 1);

	out->item = *item;
	out->key = (struct om_str){ p, item->key_n };
	p += item->key_n;
	out->text[0] = (struct om_str){ p, item->text_n[0] };
	p += item->text_n[0];
	out->text[1] = (struct om_str){ p, item->text_n[1] };
	p += item->text_n[1];
	out->reason = (struct om_str){ p, item->reason_n };
}

static int
cmp_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

int
om_rec_item_cmp(const struct om_rec_item *a, const struct om_rec_item *b)
{
	struct om_str ka = { (const char *)(a + 1), a->key_n };
	struct om_str kb = { (const char *)(b + 1), b->key_n };
	int side = a->line[0] == 0;
	int d = om_str_cmp(ka, kb);

	if (d == 0)
		d = side - (b->line[0] == 0);
	if (d == 0)
		d = cmp_u64(a->line[side], b->line[side]);
	return d != 0 ? d : a->class - b->class;
}

static int
cmp_pointers(const void *a, const void *b)
{
	const struct om_rec_item *const *x = a;
	const struct om_rec_item *const *y = b;

	return om_rec_item_cmp(*x, *y);
}

void
om_rec_items_sort(struct om_rec_items *it)
{
	const char *p = it->bytes;

	it->sorted = om_must(
	    realloc(it->sorted, (it->count + 1) * sizeof(it->sorted[0])));
	for (size_t i = 0; i < it->count; i++) {
		it->sorted[i] = (const void *)p;
		p += it->sorted[i]->size;
	}
	qsort(it->sorted, it->count, sizeof(it->sorted[0]), cmp_pointers);
}

/* Keep the first `limit` in order: nothing after them will ever be asked for. */
static void
prune(struct om_rec_items *it)
{
	char *kept;
	size_t n = 0;

	om_rec_items_sort(it);
	if (it->count > it->limit)
		it->count = it->limit;
	for (size_t i = 0; i < it->count; i++)
		n += it->sorted[i]->size;
	it->cap = 2 * n + 4096;
	kept = om_must(malloc(it->cap));
	n = 0;
	for (size_t i = 0; i < it->count; i++) {
		memcpy(kept + n, it->sorted[i], it->sorted[i]->size);
		n += it->sorted[i]->size;
	}
	free(it->bytes);
	it->bytes = kept;
	it->used = n;
}

static int
spill(struct om_rec_items *it, struct om_err *err)
{
	struct om_rec_run run = { .at = it->end };

	if (it->file == NULL && om_temp_open(it->dir, &it->file, err) < 0)
		return err->code;
	om_rec_items_sort(it);
	for (size_t i = 0; i < it->count; i++)
		if (fwrite(it->sorted[i], it->sorted[i]->size, 1, it->file) !=
		    1)
			break;
	if (fflush(it->file) != 0 || ferror(it->file))
		return om_fail(err, OM_EIO, "cannot write a scratch file: %s",
		    strerror(errno));
	run.n = it->used;
	it->run =
	    om_must(realloc(it->run, (it->runs + 1) * sizeof(it->run[0])));
	it->run[it->runs++] = run;
	it->end += (off_t)it->used;
	it->used = 0;
	it->count = 0;
	return 0;
}

static char *
reserve(struct om_rec_items *it, size_t n)
{
	char *p;

	if (it->cap - it->used < n) {
		it->cap = 2 * (it->cap + n);
		it->bytes = om_must(realloc(it->bytes, it->cap));
	}
	p = it->bytes + it->used;
	it->used += n;
	it->count++;
	return p;
}

static char *
put(char *to, struct om_str s)
{
	if (s.n > 0)
		memcpy(to, s.p, s.n);
	return to + s.n;
}

int
om_rec_items_add(struct om_rec_items *items, const struct om_rec_entry *entry,
    struct om_err *err)
{
	struct om_rec_item head = entry->item;
	size_t n = sizeof(head) + entry->key.n + entry->text[0].n +
		   entry->text[1].n + entry->reason.n;
	size_t size = (n + 7) & ~(size_t)7;
	char *to;

	if (items->limit == 0)
		return 0;
	if (items->used + size > items->budget && items->count > 0) {
		if (items->count > items->limit)
			prune(items);
		if (items->used + size > items->budget && spill(items, err) < 0)
			return err->code;
	}
	head.size = (uint32_t)size;
	head.key_n = (uint32_t)entry->key.n;
	head.text_n[0] = (uint32_t)entry->text[0].n;
	head.text_n[1] = (uint32_t)entry->text[1].n;
	head.reason_n = (uint32_t)entry->reason.n;
	to = reserve(items, size);
	memcpy(to, &head, sizeof(head));
	to = put(to + sizeof(head), entry->key);
	to = put(to, entry->text[0]);
	to = put(to, entry->text[1]);
	to = put(to, entry->reason);
	memset(to, 0, size - n);
	return 0;
}
