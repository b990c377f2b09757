/* image.c - records, leaves and a root over them; see image.h. */
#include "db/image.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/be.h"

#define LEAF_TABLE     13
#define INTERIOR_TABLE 5
#define LEAF_HEAD      8
#define INTERIOR_HEAD  12
#define CELL_POINTER   2
#define PAGE_COUNT_AT  28
/* A payload up to this lies in its leaf whole: U - 35. */
#define PAYLOAD_MAX (OM_IMAGE_PAGE - 35)
#define ROWID_MAX   ((INT64_C(1) << 56) - 1)
#define ROWID_BYTES 8 /* as a varint */
#define COLUMNS_MAX 64
#define TYPE_MAX    3 /* bytes of the type of a text that fits a page */
/* Of the payload, the rowid and the head. */
#define SIZES_MAX (3 + ROWID_BYTES + 2)

#define AHEAD 8 /* rows */

/* A leaf that is being filled: pointers grow up, cells grow down. */
struct leaf {
	unsigned char *page;
	size_t cells;
	size_t top;
	int64_t last; /* rowid */
};

/* A cell that is being written, from its end: so every byte goes straight to
 * where it stays, and its size, which stands first, is known by then. */
struct cell {
	unsigned char *floor; /* nothing may lie below it */
	unsigned char *at;    /* of the values: the first one so far */
	unsigned char *types; /* elsewhere, likewise */
};

void
om_image_fini(struct om_image *image)
{
	free(image->bytes);
	*image = (struct om_image){ 0 };
}

/* One more page, at the end, with whatever bytes are there. */
static unsigned char *
add_page(struct om_image *image)
{
	if (image->size + OM_IMAGE_PAGE > image->cap) {
		size_t cap = image->cap == 0 ? 4 * OM_IMAGE_PAGE : image->cap;

		while (cap < image->size + OM_IMAGE_PAGE)
			cap *= 2;
		image->bytes = om_must(realloc(image->bytes, cap));
		image->cap = cap;
	}
	image->size += OM_IMAGE_PAGE;
	return image->bytes + image->size - OM_IMAGE_PAGE;
}

/* So that it ends at p; returns where it starts. Up to ROWID_MAX: a ninth byte
 * would have eight bits. */
static unsigned char *
varint_before(unsigned char *p, uint64_t v)
{
	*--p = (unsigned char)(v & 0x7f);
	while ((v >>= 7) != 0)
		*--p = (unsigned char)(v | 0x80);
	return p;
}

/* Type 8 is a zero and 9 a one. Of the others, by the bits of the number
 * without its sign, eight bytes are stored: those that the type has not lie
 * before its own, where the next value goes. */
static inline bool
add_int(struct cell *cell, int64_t value)
{
	static const unsigned char types[] = { 1, 2, 3, 4, 5, 5, 6, 6 };
	static const unsigned char sizes[] = { 1, 2, 3, 4, 6, 6, 8, 8 };
	uint64_t v = (uint64_t)value;
	unsigned bits;

	if (v <= 1) {
		*--cell->types = (unsigned char)(8 + v);
		return true;
	}
	if ((size_t)(cell->at - cell->floor) < sizeof(v))
		return false;
	bits = 64 - (unsigned)__builtin_clzll((value < 0 ? ~v : v) | 1);
	*--cell->types = types[bits / 8];
	om_be64_put(cell->at - sizeof(v), v);
	cell->at -= sizes[bits / 8];
	return true;
}

static inline bool
add_text(struct cell *cell, struct om_str s, enum om_type type)
{
	if (s.n > (size_t)(cell->at - cell->floor))
		return false;
	cell->types = varint_before(cell->types,
	    2 * (uint64_t)s.n + (type == OM_TEXT ? 13 : 12));
	cell->at -= s.n;
	if (s.n > 0)
		memcpy(cell->at, s.p, s.n);
	return true;
}

/* A cell that has no place: the rows' own function knows it. */
static inline bool
add_asked(struct cell *cell, const struct om_lend *rows, size_t row, int c)
{
	struct om_value v = { .type = rows->columns[c].type };

	rows->cell(rows->rows, row, c, &v);
	if (!v.null && v.type == OM_INT)
		return add_int(cell, v.i);
	if (!v.null && v.s.p != NULL)
		return add_text(cell, v.s, v.type);
	*--cell->types = 0;
	return true;
}

static inline const char *
row_at(const struct om_lend *rows, size_t row)
{
	return (const char *)rows->rows + row * rows->row_size;
}

/* All but the first, which is the rowid. */
static inline bool
add_values(struct cell *cell, const struct om_lend *rows, size_t row)
{
	static const struct om_cell_place none[COLUMNS_MAX]; /* all asked for */
	const struct om_cell_place *places =
	    rows->places == NULL ? none : rows->places;
	const char *at = row_at(rows, row);
	bool fits = true;

	for (int c = rows->column_count - 1; fits && c > 0; c--)
		if (places[c].kind == OM_CELL_CALL)
			fits = add_asked(cell, rows, row, c);
		else if (places[c].kind == OM_CELL_STR)
			fits = add_text(cell,
			    om_lend_str(om_lend_at(&places[c], at)),
			    rows->columns[c].type);
		else
			fits = add_int(cell, om_lend_int(places[c].kind,
						 om_lend_at(&places[c], at)));
	return fits;
}

/* Before the values: their types, the size of both and the rowid. The rowid
 * as a column is NULL, which has no bytes; the head's size counts itself. */
static inline bool
add_head(struct cell *cell, int64_t rowid, const unsigned char *end,
    const unsigned char *types_end)
{
	size_t types;
	size_t payload;

	*--cell->types = 0;
	types = (size_t)(types_end - cell->types);
	if ((size_t)(cell->at - cell->floor) < types + SIZES_MAX)
		return false;
	cell->at -= types;
	memcpy(cell->at, cell->types, types);
	cell->at = varint_before(cell->at, types + (types < 0x7f ? 1 : 2));
	payload = (size_t)(end - cell->at);
	cell->at = varint_before(cell->at, (uint64_t)rowid);
	cell->at = varint_before(cell->at, payload);
	return payload <= PAYLOAD_MAX;
}

/* False if it does not fit into what is left of the leaf. */
static bool
add_row(struct leaf *l, const struct om_lend *rows, size_t row, int64_t rowid)
{
	unsigned char *pointer = l->page + LEAF_HEAD + l->cells * CELL_POINTER;
	unsigned char *end = l->page + l->top;
	unsigned char type[COLUMNS_MAX * TYPE_MAX];
	unsigned char *types_end = type + sizeof(type);
	struct cell cell = { pointer + CELL_POINTER, end, types_end };

	if (cell.at < cell.floor || !add_values(&cell, rows, row) ||
	    !add_head(&cell, rowid, end, types_end))
		return false;
	l->top = (size_t)(cell.at - l->page);
	om_be16_put(pointer, (uint16_t)l->top);
	l->cells++;
	l->last = rowid;
	return true;
}

/* Between its cells and their pointers lies what was there. */
static void
close_leaf(const struct leaf *l)
{
	memset(l->page, 0, LEAF_HEAD);
	l->page[0] = LEAF_TABLE;
	om_be16_put(l->page + 3, (uint16_t)l->cells);
	om_be16_put(l->page + 5, (uint16_t)l->top);
}

/* The root: for every leaf but the last a cell of its page and last rowid. */
struct root {
	unsigned char cells[OM_IMAGE_PAGE];
	size_t top;
	size_t count;
};

static bool
add_child(struct root *root, size_t page, int64_t last)
{
	unsigned char *pointer =
	    root->cells + INTERIOR_HEAD + root->count * CELL_POINTER;
	unsigned char *at = root->cells + root->top;

	if ((size_t)(at - pointer) < CELL_POINTER + 4 + ROWID_BYTES)
		return false;
	at = varint_before(at, (uint64_t)last) - 4;
	om_be32_put(at, (uint32_t)page);
	root->top = (size_t)(at - root->cells);
	om_be16_put(pointer, (uint16_t)root->top);
	root->count++;
	return true;
}

/* A root over one leaf would have no cell: the leaf is the root then. */
static void
close_root(struct om_image *image, struct root *root)
{
	unsigned char *at = image->bytes + OM_IMAGE_PAGE;
	size_t pages = image->size / OM_IMAGE_PAGE;

	if (root->count == 0) {
		memcpy(at, at + OM_IMAGE_PAGE, OM_IMAGE_PAGE);
		image->size -= OM_IMAGE_PAGE;
		pages--;
	} else {
		root->cells[0] = INTERIOR_TABLE;
		om_be16_put(root->cells + 3, (uint16_t)root->count);
		om_be16_put(root->cells + 5, (uint16_t)root->top);
		om_be32_put(root->cells + 8, (uint32_t)pages); /* last leaf */
		memcpy(at, root->cells, OM_IMAGE_PAGE);
	}
	om_be32_put(image->bytes + PAGE_COUNT_AT, (uint32_t)pages);
}

/* The first one has none before it. */
static bool
next_leaf(struct om_image *image, struct root *root, struct leaf *leaf)
{
	if (leaf->page != NULL) {
		close_leaf(leaf);
		if (!add_child(root, image->size / OM_IMAGE_PAGE, leaf->last))
			return false;
	}
	*leaf = (struct leaf){ .page = add_page(image), .top = OM_IMAGE_PAGE };
	return true;
}

/* The rowid of a row, if it can be one. On the way the cells of a later row are
 * asked for, which another thread may have written a while ago: of every fourth
 * column, because neighbours mostly lie beside each other. */
static bool
begin_row(const struct om_lend *rows, size_t row, int64_t *out)
{
	struct om_value id = { .type = OM_INT };

	if (rows->places != NULL && row + AHEAD < rows->row_count)
		for (int c = 0; c < rows->column_count; c += 4)
			if (rows->places[c].kind != OM_CELL_CALL)
				__builtin_prefetch(om_lend_at(&rows->places[c],
				    row_at(rows, row + AHEAD)));
	om_lend_cell(rows, row, 0, &id);
	*out = id.i;
	return id.i >= 0 && id.i <= ROWID_MAX;
}

/* A row that does not fit into an empty leaf fits nowhere. */
static bool
fill(struct om_image *image, struct root *root, const struct om_lend *rows)
{
	struct leaf leaf = { 0 };
	int64_t id = 0;

	for (size_t i = 0; i < rows->row_count; i++) {
		if (!begin_row(rows, i, &id))
			return false;
		if (leaf.page != NULL && add_row(&leaf, rows, i, id))
			continue;
		if (!next_leaf(image, root, &leaf) ||
		    !add_row(&leaf, rows, i, id))
			return false;
	}
	close_leaf(&leaf);
	close_root(image, root);
	return true;
}

bool
om_image_fill(struct om_image *image, const struct om_image *empty,
    const struct om_lend *rows)
{
	struct root *root;
	bool fits;

	if (rows->row_count == 0 || rows->column_count > COLUMNS_MAX)
		return false;
	root = om_must(calloc(1, sizeof(*root)));
	root->top = OM_IMAGE_PAGE;
	image->size = 0;
	for (size_t at = 0; at < empty->size; at += OM_IMAGE_PAGE)
		memcpy(add_page(image), empty->bytes + at, OM_IMAGE_PAGE);
	fits = fill(image, root, rows);
	free(root);
	return fits;
}
