/* kept.c - see kept.h. */
#include "feed/kept.h"

#include <errno.h>
#include <string.h>

/* Whether a cell lies in the row's own bytes. */
static bool
is_within(struct om_str cell, struct om_str raw)
{
	uintptr_t c = (uintptr_t)cell.p;
	uintptr_t r = (uintptr_t)raw.p;

	return c >= r && c + cell.n <= r + raw.n;
}

static size_t
problem_size(const struct om_row *row)
{
	return row->problem == NULL ? 0 : strlen(row->problem) + 1;
}

size_t
om_kept_size(const struct om_row *row)
{
	size_t n = row->raw.n + problem_size(row) +
		   row->count * sizeof(struct om_kept_cell);

	for (size_t i = 0; i < row->count; i++)
		if (row->cell[i].p != NULL &&
		    !is_within(row->cell[i], row->raw))
			n += row->cell[i].n;
	return n;
}

static struct om_kept_cell *
cells_of(struct om_kept *kept)
{
	void *p = kept + 1;

	return p;
}

static const struct om_kept_cell *
const_cells_of(const struct om_kept *kept)
{
	const void *p = kept + 1;

	return p;
}

static void
append(char *bytes, size_t *at, const void *from, size_t n)
{
	if (n > 0)
		memcpy(bytes + *at, from, n);
	*at += n;
}

void
om_kept_put(struct om_kept *kept, const struct om_row *row, size_t size)
{
	struct om_kept_cell *cell = cells_of(kept);
	void *p = cell + row->count;
	char *bytes = p;
	size_t at = 0;

	*kept = (struct om_kept){ .line = row->at.line,
		.offset = row->at.offset,
		.problem_offset = row->problem_offset,
		.source = row->at.source,
		.size = (uint32_t)size,
		.cells = (uint32_t)row->count,
		.raw_n = (uint32_t)row->raw.n,
		.problem_n = (uint32_t)problem_size(row),
		.problem_cell = row->problem_cell > UINT32_MAX
				    ? UINT32_MAX
				    : (uint32_t)row->problem_cell };
	append(bytes, &at, row->raw.p, row->raw.n);
	for (size_t i = 0; i < row->count; i++) {
		struct om_str c = row->cell[i];

		cell[i].n = (uint32_t)c.n;
		if (c.p == NULL) {
			cell[i].at = UINT32_MAX;
		} else if (is_within(c, row->raw)) {
			cell[i].at = (uint32_t)(c.p - row->raw.p);
		} else {
			cell[i].at = (uint32_t)at;
			append(bytes, &at, c.p, c.n);
		}
	}
	append(bytes, &at, row->problem, kept->problem_n);
}

void
om_kept_row(const struct om_kept *kept, struct om_str *cell, struct om_row *out)
{
	const struct om_kept_cell *c = const_cells_of(kept);
	const void *p = c + kept->cells;
	const char *bytes = p;
	size_t blob = kept->size - kept->cells * sizeof(*c);

	for (size_t i = 0; i < kept->cells; i++) {
		cell[i].p = c[i].at == UINT32_MAX ? NULL : bytes + c[i].at;
		cell[i].n = c[i].n;
	}
	*out = (struct om_row){
		.at = { kept->source, kept->line, kept->offset },
		.raw = { bytes, kept->raw_n },
		.cell = cell,
		.count = kept->cells,
		.problem_cell = kept->problem_cell == UINT32_MAX
				    ? OM_NO_CELL
				    : kept->problem_cell,
		.problem_offset = kept->problem_offset,
	};
	if (kept->problem_n > 0)
		out->problem = bytes + blob - kept->problem_n;
}

int
om_kept_write(const struct om_kept *kept, FILE *f, struct om_err *err)
{
	struct om_kept head = *kept;

	head.next = NULL;
	if (fwrite(&head, sizeof(head), 1, f) != 1 ||
	    fwrite(kept + 1, kept->size, 1, f) != 1)
		return om_fail(err, OM_EIO, "temporary file: %s",
		    strerror(errno));
	return 0;
}

int
om_kept_read(struct om_arena *arena, FILE *f, struct om_kept **out,
    struct om_err *err)
{
	struct om_kept head;
	struct om_kept *kept;

	if (fread(&head, sizeof(head), 1, f) != 1) {
		if (ferror(f))
			return om_fail(err, OM_EIO, "temporary file: %s",
			    strerror(errno));
		return 0;
	}
	kept = om_alloc_raw(arena, sizeof(head) + head.size);
	*kept = head;
	if (fread(kept + 1, head.size, 1, f) != 1)
		return om_fail(err, OM_EIO, "temporary file cut short");
	*out = kept;
	return 1;
}
