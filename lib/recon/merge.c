/* merge.c - read the runs of several lists as one, by a heap; see items.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recon/runs.h"

#define WINDOW ((size_t)64 * 1024)

/* Where one run is being read. head is its first unread item. */
struct cursor {
	const struct om_rec_item *head;	   /* NULL at the end */
	const struct om_rec_item **sorted; /* a run in memory: what is left */
	size_t left;
	int fd; /* a run on disk: what is left of it */
	off_t at;
	size_t n;
	char *window;
	size_t have;
	size_t used;
	size_t cap;
};

struct om_rec_merge {
	struct cursor *cursor;
	struct cursor **heap; /* the smallest head first */
	size_t count;
	size_t alive;
	size_t cursors;
	size_t wanted;
};

/* At least n bytes of the window, or everything that is left. */
static int
fill(struct cursor *c, size_t n, struct om_err *err)
{
	if (c->cap < n) {
		c->cap = n > WINDOW ? 2 * n : WINDOW;
		c->window = om_must(realloc(c->window, c->cap));
	}
	memmove(c->window, c->window + c->used, c->have - c->used);
	c->have -= c->used;
	c->used = 0;
	while (c->have < n && c->n > 0) {
		size_t room = c->cap - c->have;
		ssize_t got = pread(c->fd, c->window + c->have,
		    room < c->n ? room : c->n, c->at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return om_fail(err, OM_EIO,
			    "cannot read a scratch file back: %s",
			    got == 0 ? "it ends early" : strerror(errno));
		c->have += (size_t)got;
		c->at += got;
		c->n -= (size_t)got;
	}
	return 0;
}

static int
advance(struct cursor *c, struct om_err *err)
{
	const struct om_rec_item *item = c->head;

	if (c->sorted != NULL) {
		c->head = c->left == 0 ? NULL : *c->sorted++;
		c->left -= c->left > 0;
		return 0;
	}
	if (item != NULL)
		c->used += item->size;
	c->head = NULL;
	if (c->have - c->used < sizeof(*item) &&
	    fill(c, sizeof(*item), err) < 0)
		return err->code;
	if (c->have == c->used)
		return 0;
	item = (const void *)(c->window + c->used);
	if (c->have - c->used < item->size) {
		if (fill(c, item->size, err) < 0)
			return err->code;
		item = (const void *)(c->window + c->used);
	}
	c->head = item;
	return 0;
}

static void
sink(struct om_rec_merge *m, size_t i)
{
	for (;;) {
		size_t least = i;
		struct cursor *swap;

		for (size_t k = 2 * i + 1; k <= 2 * i + 2 && k < m->alive; k++)
			if (om_rec_item_cmp(m->heap[k]->head,
				m->heap[least]->head) < 0)
				least = k;
		if (least == i)
			return;
		swap = m->heap[i];
		m->heap[i] = m->heap[least];
		m->heap[least] = swap;
		i = least;
	}
}

static void
add_cursors(struct om_rec_merge *m, struct om_rec_items *list)
{
	om_rec_items_sort(list);
	m->cursor[m->cursors++] =
	    (struct cursor){ .sorted = list->sorted, .left = list->count };
	for (size_t i = 0; i < list->runs; i++)
		m->cursor[m->cursors++] = (struct cursor){
			.fd = fileno(list->file),
			.at = list->run[i].at,
			.n = list->run[i].n,
		};
	if (list->limit < m->wanted)
		m->wanted = list->limit;
}

int
om_rec_merge_open(struct om_rec_items *const *lists, size_t n,
    struct om_rec_merge **out, struct om_err *err)
{
	OM_AUTO(om_rec_merge_close)
	struct om_rec_merge *m = om_must(calloc(1, sizeof(*m)));
	size_t most = 0;

	m->wanted = SIZE_MAX;
	for (size_t i = 0; i < n; i++)
		most += 1 + lists[i]->runs;
	m->cursor = om_must(calloc(most + 1, sizeof(m->cursor[0])));
	m->heap = om_must(calloc(most + 1, sizeof(struct cursor *)));
	for (size_t i = 0; i < n; i++)
		add_cursors(m, lists[i]);
	for (size_t i = 0; i < m->cursors; i++) {
		if (advance(&m->cursor[i], err) < 0)
			return err->code;
		if (m->cursor[i].head != NULL)
			m->heap[m->alive++] = &m->cursor[i];
	}
	for (size_t i = m->alive / 2 + 1; i-- > 0;)
		sink(m, i);
	*out = m;
	m = NULL;
	return 0;
}

void
om_rec_merge_close(struct om_rec_merge **merge)
{
	struct om_rec_merge *m = *merge;

	if (m == NULL)
		return;
	for (size_t i = 0; i < m->cursors; i++)
		free(m->cursor[i].window);
	free(m->cursor);
	free(m->heap);
	free(m);
	*merge = NULL;
}

/* The item given out last is let go only now: the caller was reading it. */
static int
drop_last(struct om_rec_merge *m, struct om_err *err)
{
	if (m->count == 0 || m->alive == 0)
		return 0;
	if (advance(m->heap[0], err) < 0)
		return err->code;
	if (m->heap[0]->head == NULL)
		m->heap[0] = m->heap[--m->alive];
	if (m->alive > 0)
		sink(m, 0);
	return 0;
}

int
om_rec_merge_next(struct om_rec_merge *merge, const struct om_rec_item **out,
    struct om_err *err)
{
	if (merge->count >= merge->wanted)
		return 0;
	if (drop_last(merge, err) < 0)
		return err->code;
	if (merge->alive == 0)
		return 0;
	merge->count++;
	*out = merge->heap[0]->head;
	return 1;
}
