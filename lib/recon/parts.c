/* parts.c - blocks of rows per part, and extents in a scratch file. */
#include "recon/parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/temp.h"

#define BLOCK_MIN ((size_t)4 * 1024)
#define BLOCK_MAX ((size_t)64 * 1024)

struct block {
	struct block *next;
	size_t used;
	size_t size;
	uint64_t bytes[]; /* rows are aligned to eight */
};

struct extent {
	off_t at;
	size_t n;
};

struct part {
	struct block *first;
	struct block *last;
	struct extent *extent;
	size_t extents;
	size_t extents_cap;
};

struct om_rec_parts {
	struct part part[OM_REC_PARTS];
	struct block *spare; /* of block_size each */
	size_t block_size;
	size_t budget;
	size_t held; /* bytes in the blocks of parts */
	const char *dir;
	FILE *file; /* NULL until something had to be spilled */
	off_t end;
};

struct om_rec_parts *
om_rec_parts_new(size_t budget, const char *dir)
{
	struct om_rec_parts *parts = om_must(calloc(1, sizeof(*parts)));
	size_t fair = budget / (4 * OM_REC_PARTS) & ~(size_t)4095;

	parts->budget = budget;
	parts->block_size = fair < BLOCK_MIN   ? BLOCK_MIN
			    : fair > BLOCK_MAX ? BLOCK_MAX
					       : fair;
	parts->dir = dir;
	return parts;
}

static void
free_chain(struct block *block)
{
	while (block != NULL) {
		struct block *next = block->next;

		free(block);
		block = next;
	}
}

void
om_rec_parts_free(struct om_rec_parts **parts)
{
	struct om_rec_parts *p = *parts;

	if (p == NULL)
		return;
	for (unsigned i = 0; i < OM_REC_PARTS; i++) {
		free_chain(p->part[i].first);
		free(p->part[i].extent);
	}
	free_chain(p->spare);
	if (p->file != NULL)
		fclose(p->file);
	free(p);
	*parts = NULL;
}

static void
add_extent(struct part *part, off_t at, size_t n)
{
	if (part->extents == part->extents_cap) {
		part->extents_cap = 2 * part->extents_cap + 4;
		part->extent = om_must(realloc(part->extent,
		    part->extents_cap * sizeof(part->extent[0])));
	}
	part->extent[part->extents++] = (struct extent){ at, n };
}

/* Write a part's blocks out as one extent, and keep the blocks as spares. */
static int
spill_part(struct om_rec_parts *p, struct part *part, struct om_err *err)
{
	size_t total = 0;
	struct block *next;

	for (struct block *b = part->first; b != NULL; b = next) {
		next = b->next;
		if (fwrite(b->bytes, 1, b->used, p->file) != b->used)
			return om_fail(err, OM_EIO,
			    "cannot write a scratch file: %s", strerror(errno));
		total += b->used;
		if (b->size == p->block_size) {
			b->next = p->spare;
			p->spare = b;
		} else {
			free(b);
		}
		part->first = next;
	}
	part->last = NULL;
	if (total > 0)
		add_extent(part, p->end, total);
	p->end += (off_t)total;
	return 0;
}

static int
spill(struct om_rec_parts *p, struct om_err *err)
{
	int rc = p->file == NULL ? om_temp_open(p->dir, &p->file, err) : 0;

	for (unsigned i = 0; i < OM_REC_PARTS && rc == 0; i++)
		rc = spill_part(p, &p->part[i], err);
	if (rc == 0 && fflush(p->file) != 0)
		rc = om_fail(err, OM_EIO, "cannot write a scratch file: %s",
		    strerror(errno));
	p->held = 0;
	return rc;
}

static struct block *
block_new(struct om_rec_parts *p, size_t need)
{
	size_t size = need > p->block_size ? need : p->block_size;
	struct block *b = size == p->block_size ? p->spare : NULL;

	if (b != NULL)
		p->spare = b->next;
	else
		b = om_must(malloc(sizeof(*b) + size));
	*b = (struct block){ .size = size };
	return b;
}

/* A block of this part with room for n bytes. */
static int
make_room(struct om_rec_parts *p, struct part *part, size_t n,
    struct om_err *err)
{
	struct block *b;

	if (p->held + n > p->budget && p->held > 0 && spill(p, err) < 0)
		return err->code;
	b = block_new(p, n);
	p->held += b->size;
	if (part->last == NULL)
		part->first = b;
	else
		part->last->next = b;
	part->last = b;
	return 0;
}

int
om_rec_parts_add(struct om_rec_parts *parts, const struct om_rec_row *row,
    struct om_err *err)
{
	struct part *part = &parts->part[row->hash % OM_REC_PARTS];
	struct block *b = part->last;

	if (b == NULL || b->size - b->used < row->size) {
		if (make_room(parts, part, row->size, err) < 0)
			return err->code;
		b = part->last;
	}
	memcpy((char *)b->bytes + b->used, row, row->size);
	b->used += row->size;
	return 0;
}

void
om_rec_rows_fini(struct om_rec_rows *rows)
{
	free(rows->row);
	free(rows->bytes);
	*rows = (struct om_rec_rows){ 0 };
}

static void
index_rows(struct om_rec_rows *out, const void *bytes, size_t n)
{
	const char *p = bytes;
	const char *end = p + n;

	while (p < end) {
		const struct om_rec_row *row = (const void *)p;

		if (out->n == out->cap) {
			out->cap = 2 * out->cap + 1024;
			out->row = om_must(
			    realloc(out->row, out->cap * sizeof(out->row[0])));
		}
		out->row[out->n++] = row;
		p += row->size;
	}
}

static int
read_extent(int fd, struct extent e, char *to, struct om_err *err)
{
	while (e.n > 0) {
		ssize_t got = pread(fd, to, e.n, e.at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return om_fail(err, OM_EIO,
			    "cannot read a scratch file back: %s",
			    got == 0 ? "it ends early" : strerror(errno));
		to += got;
		e.at += got;
		e.n -= (size_t)got;
	}
	return 0;
}

int
om_rec_parts_load(const struct om_rec_parts *parts, unsigned part,
    struct om_rec_rows *out, struct om_err *err)
{
	const struct part *p = &parts->part[part];
	size_t total = 0;
	char *to;

	out->n = 0;
	for (size_t i = 0; i < p->extents; i++)
		total += p->extent[i].n;
	if (total > out->bytes_cap) {
		free(out->bytes);
		out->bytes = om_must(malloc(total));
		out->bytes_cap = total;
	}
	to = out->bytes;
	for (size_t i = 0; i < p->extents; i++) {
		if (read_extent(fileno(parts->file), p->extent[i], to, err) < 0)
			return err->code;
		to += p->extent[i].n;
	}
	index_rows(out, out->bytes, total);
	for (const struct block *b = p->first; b != NULL; b = b->next)
		index_rows(out, b->bytes, b->used);
	return 0;
}

bool
om_rec_parts_spilled(const struct om_rec_parts *parts)
{
	return parts->file != NULL;
}
