/* arena.c - blocks chained newest first; a large request gets its own. */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_MIN ((size_t)64 * 1024)

struct om_block {
	struct om_block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

static struct om_block *
block_new(struct om_block *next, size_t need)
{
	size_t size = need > BLOCK_MIN ? need : BLOCK_MIN;
	struct om_block *block = malloc(sizeof(*block) + size);

	if (block == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	*block = (struct om_block){ .next = next, .size = size };
	return block;
}

void *
om_alloc(struct om_arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	void *p;

	assert(size <= PTRDIFF_MAX);

	size = (size + align - 1) & ~(align - 1);
	if (arena->head == NULL || arena->head->size - arena->head->used < size)
		arena->head = block_new(arena->head, size);
	p = arena->head->bytes + arena->head->used;
	arena->head->used += size;
	arena->used += size;
	return memset(p, 0, size);
}

char *
om_strndup(struct om_arena *arena, const char *text, size_t len)
{
	char *copy = om_alloc(arena, len + 1);

	return memcpy(copy, text, len);
}

void
om_arena_clear(struct om_arena *arena)
{
	struct om_block *block;

	while ((block = arena->head) != NULL) {
		arena->head = block->next;
		free(block);
	}
	arena->used = 0;
}
