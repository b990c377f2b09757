/* arena.c - blocks chained newest first; a large request gets its own. */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"

#define BLOCK_MIN ((size_t)64 * 1024)

struct om_arena_block {
	struct om_arena_block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

void *
om_must(void *p)
{
	if (p != NULL)
		return p;
	fputs("ordmill: out of memory\n", stderr);
	abort();
}

static struct om_arena_block *
block_new(struct om_arena_block *next, size_t size)
{
	struct om_arena_block *block = om_must(malloc(sizeof(*block) + size));

	*block = (struct om_arena_block){ .next = next, .size = size };
	return block;
}

/* A large request sits behind the head, whose free rest stays in use. */
static void *
alloc_large(struct om_arena *arena, size_t size)
{
	struct om_arena_block *block = block_new(arena->head->next, size);

	arena->head->next = block;
	block->used = size;
	arena->used += size;
	return block->bytes;
}

/* A new head with room for size bytes: a spare block if there is one. */
static void
grow(struct om_arena *arena, size_t size)
{
	struct om_arena_block *spare = arena->spare;

	if (spare == NULL || size > BLOCK_MIN) {
		arena->head =
		    block_new(arena->head, size > BLOCK_MIN ? size : BLOCK_MIN);
		return;
	}
	arena->spare = spare->next;
	spare->next = arena->head;
	spare->used = 0;
	arena->head = spare;
}

/* The head has the room. */
static inline void *
alloc_small(struct om_arena *arena, size_t size)
{
	void *p = arena->head->bytes + arena->head->used;

	arena->head->used += size;
	arena->used += size;
	return p;
}

OM_SELDOM static void *
alloc_more(struct om_arena *arena, size_t size)
{
	if (arena->head != NULL && size > BLOCK_MIN / 4)
		return alloc_large(arena, size);
	grow(arena, size);
	return alloc_small(arena, size);
}

void *
om_alloc_raw(struct om_arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);

	assert(size <= PTRDIFF_MAX);

	size = (size + align - 1) & ~(align - 1);
	if (arena->head == NULL || arena->head->size - arena->head->used < size)
		return alloc_more(arena, size);
	return alloc_small(arena, size);
}

void *
om_alloc(struct om_arena *arena, size_t size)
{
	return memset(om_alloc_raw(arena, size), 0, size);
}

char *
om_strndup(struct om_arena *arena, const char *text, size_t len)
{
	char *copy = om_alloc_raw(arena, len + 1);

	copy[len] = '\0';
	return len == 0 ? copy : memcpy(copy, text, len);
}

void
om_arena_reset(struct om_arena *arena)
{
	struct om_arena_block *block;

	while ((block = arena->head) != NULL) {
		arena->head = block->next;
		if (block->size != BLOCK_MIN) {
			free(block);
			continue;
		}
		block->next = arena->spare;
		arena->spare = block;
	}
	arena->used = 0;
}

void
om_arena_clear(struct om_arena *arena)
{
	struct om_arena_block *block;

	om_arena_reset(arena);
	while ((block = arena->spare) != NULL) {
		arena->spare = block->next;
		free(block);
	}
}
