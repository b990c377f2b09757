/*
 * kept.h - a row put away: its bytes once, and where in them its cells are.
 *
 * The same form in memory and in a temporary file of this process.
 */
#ifndef OM_FEED_KEPT_H
#define OM_FEED_KEPT_H

#include <stdio.h>

#include "feed/row.h"

/* Followed by a struct om_kept_cell for each cell, and by the bytes: the row
 * as it stood, cells that are not part of it, the problem. */
struct om_kept {
	struct om_kept *next; /* of the same order */
	uint64_t line;
	uint64_t offset;
	uint64_t problem_offset;
	uint32_t source;
	uint32_t size; /* of everything that follows */
	uint32_t cells;
	uint32_t raw_n;
	uint32_t problem_n;    /* 0: none; else with its NUL */
	uint32_t problem_cell; /* UINT32_MAX: none */
};

struct om_kept_cell {
	uint32_t at; /* UINT32_MAX: the row has no such field */
	uint32_t n;
};

/* Bytes that a row needs, without the struct itself. */
size_t om_kept_size(const struct om_row *row);

/* Fill kept, which has room for om_kept_size() behind it. */
void om_kept_put(struct om_kept *kept, const struct om_row *row, size_t size);

/* The row again, its cells in cell[], which has room for all. */
void om_kept_row(const struct om_kept *kept, struct om_str *cell,
    struct om_row *out);

OM_MUST_USE int om_kept_write(const struct om_kept *kept, FILE *f,
    struct om_err *err);
/* 1: *out is the next row, in arena. 0: the end. */
OM_MUST_USE int om_kept_read(struct om_arena *arena, FILE *f,
    struct om_kept **out, struct om_err *err);

#endif
