/* image.c - records, leaves and a root over them; see image.h. */
#include "db/image.h"

#include <stdio.h>
#include <stdlib.h>

#define LEAF_TABLE     13
#define INTERIOR_TABLE 5
#define LEAF_HEAD      8
#define INTERIOR_HEAD  12
#define CELL_POINTER   2
#define PAGE_COUNT_AT  28
/* A payload up to this lies in its leaf whole: U - 35. */
#define PAYLOAD_MAX (OM_IMAGE_PAGE - 35)
#define VARINT_MAX  9
#define ROWID_MAX   ((INT64_C(1) << 56) - 1) /* eight bytes of a varint */
#define COLUMNS_MAX 64

/* A leaf that is being filled: pointers grow up, cells grow down. */
struct leaf {
	unsigned char *page;
	size_t cells;
	size_t top;
	int64_t last; /* rowid */
};

/* A row as it will be stored: serial types, then values. */
struct record {
	int64_t rowid;
	size_t types; /* bytes in type */
	size_t values;
	bool too_long;
	unsigned char type[COLUMNS_MAX * VARINT_MAX];
	unsigned char value[OM_IMAGE_PAGE + sizeof(uint64_t)];
};

void
om_image_fini(struct om_image *image)
{
	free(image->bytes);
	*image = (struct om_image){ 0 };
}

/* One more page, at the end; all zeros. */
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
	return memset(image->bytes + image->size - OM_IMAGE_PAGE, 0,
	    OM_IMAGE_PAGE);
}

static void
put_be(unsigned char *p, uint64_t value, size_t bytes)
{
	while (bytes-- > 0) {
		p[bytes] = (unsigned char)value;
		value >>= 8;
	}
}

static size_t
varint_size(uint64_t v)
{
	size_t n = 1;

	while (n < VARINT_MAX && (v >>= 7) != 0)
		n++;
	return n;
}

/* Up to ROWID_MAX: a ninth byte would have eight bits. */
static unsigned char *
put_varint(unsigned char *p, uint64_t v)
{
	size_t n = varint_size(v);

	for (size_t i = n; i-- > 0;) {
		p[i] = (unsigned char)((v & 0x7f) | (i == n - 1 ? 0 : 0x80));
		v >>= 7;
	}
	return p + n;
}

/* By the bits of the number without its sign: serial types 1 to 6. */
static unsigned
int_type(uint64_t bits)
{
	unsigned n = bits == 0 ? 0 : 64 - (unsigned)__builtin_clzll(bits);

	return n < 8	? 1
	       : n < 16 ? 2
	       : n < 24 ? 3
	       : n < 32 ? 4
	       : n < 48 ? 5
			: 6;
}

/* Type 8 is a zero and 9 a one. Eight bytes are stored, as many as the type
 * has are kept. */
static void
add_int(struct record *r, int64_t value)
{
	static const unsigned char sizes[] = { 0, 1, 2, 3, 4, 6, 8 };
	uint64_t v = (uint64_t)value;
	unsigned type;

	if (v <= 1) {
		r->type[r->types++] = (unsigned char)(8 + v);
		return;
	}
	type = int_type(value < 0 ? ~v : v);
	r->type[r->types++] = (unsigned char)type;
	put_be(r->value + r->values, v << (64 - 8 * sizes[type]), sizeof(v));
	r->values += sizes[type];
}

static void
add_text(struct record *r, struct om_str s, bool is_text)
{
	r->too_long = r->too_long || s.n > PAYLOAD_MAX - r->values;
	if (r->too_long)
		return;
	r->types = (size_t)(put_varint(r->type + r->types,
				2 * (uint64_t)s.n + (is_text ? 13 : 12)) -
			    r->type);
	memcpy(r->value + r->values, s.p, s.n);
	r->values += s.n;
}

/* The rowid is stored as NULL, which has no bytes: it stands before the
 * record. */
static void
take_row(const struct om_lend *rows, size_t row, struct record *r)
{
	struct om_value v = { .type = OM_INT };

	om_lend_cell(rows, row, 0, &v);
	r->rowid = v.i;
	r->type[0] = 0;
	r->types = 1;
	r->values = 0;
	r->too_long = v.i < 0 || v.i > ROWID_MAX;
	for (int c = 1; c < rows->column_count; c++) {
		v = (struct om_value){ .type = rows->columns[c].type };
		om_lend_cell(rows, row, c, &v);
		if (v.null || (v.type != OM_INT && v.s.p == NULL))
			r->type[r->types++] = 0;
		else if (v.type == OM_INT)
			add_int(r, v.i);
		else
			add_text(r, v.s, v.type == OM_TEXT);
		if (r->values > PAYLOAD_MAX)
			r->too_long = true;
		if (r->too_long)
			return;
	}
}

/* The head's size counts itself. */
static size_t
head_size(const struct record *r)
{
	return r->types + varint_size(r->types + 1);
}

static size_t
payload_size(const struct record *r)
{
	return head_size(r) + r->values;
}

static size_t
cell_size(const struct record *r)
{
	size_t payload = payload_size(r);

	return varint_size(payload) + varint_size((uint64_t)r->rowid) + payload;
}

static void
put_cell(unsigned char *p, const struct record *r)
{
	p = put_varint(p, payload_size(r));
	p = put_varint(p, (uint64_t)r->rowid);
	p = put_varint(p, head_size(r));
	memcpy(p, r->type, r->types);
	memcpy(p + r->types, r->value, r->values);
}

static bool
has_room(const struct leaf *l, size_t size)
{
	return l->page != NULL &&
	       LEAF_HEAD + (l->cells + 1) * CELL_POINTER + size <= l->top;
}

static void
close_leaf(struct leaf *l)
{
	if (l->page == NULL)
		return;
	l->page[0] = LEAF_TABLE;
	put_be(l->page + 3, l->cells, 2);
	put_be(l->page + 5, l->top, 2);
}

static void
add_cell(struct leaf *l, const struct record *r, size_t size)
{
	l->top -= size;
	put_cell(l->page + l->top, r);
	put_be(l->page + LEAF_HEAD + l->cells * CELL_POINTER, l->top, 2);
	l->cells++;
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
	size_t size = 4 + varint_size((uint64_t)last);

	if (INTERIOR_HEAD + (root->count + 1) * CELL_POINTER + size > root->top)
		return false;
	root->top -= size;
	put_be(root->cells + root->top, page, 4);
	put_varint(root->cells + root->top + 4, (uint64_t)last);
	put_be(root->cells + INTERIOR_HEAD + root->count * CELL_POINTER,
	    root->top, 2);
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
		put_be(root->cells + 3, root->count, 2);
		put_be(root->cells + 5, root->top, 2);
		put_be(root->cells + 8, pages, 4); /* the last leaf */
		memcpy(at, root->cells, OM_IMAGE_PAGE);
	}
	put_be(image->bytes + PAGE_COUNT_AT, pages, 4);
}

static bool
add_row(struct om_image *image, struct root *root, struct leaf *leaf,
    const struct record *r)
{
	size_t size = cell_size(r);

	if (payload_size(r) > PAYLOAD_MAX)
		return false;
	if (!has_room(leaf, size)) {
		close_leaf(leaf);
		if (leaf->page != NULL &&
		    !add_child(root, image->size / OM_IMAGE_PAGE, leaf->last))
			return false;
		*leaf = (struct leaf){ .page = add_page(image),
			.top = OM_IMAGE_PAGE };
	}
	add_cell(leaf, r, size);
	leaf->last = r->rowid;
	return true;
}

static bool
fill(struct om_image *image, struct root *root, struct record *r,
    const struct om_lend *rows)
{
	struct leaf leaf = { 0 };

	for (size_t i = 0; i < rows->row_count; i++) {
		take_row(rows, i, r);
		if (r->too_long || !add_row(image, root, &leaf, r))
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
	struct record *r;
	bool fits;

	if (rows->row_count == 0 || rows->column_count > COLUMNS_MAX)
		return false;
	root = om_must(calloc(1, sizeof(*root)));
	r = om_must(malloc(sizeof(*r)));
	root->top = OM_IMAGE_PAGE;
	image->size = 0;
	for (size_t at = 0; at < empty->size; at += OM_IMAGE_PAGE)
		memcpy(add_page(image), empty->bytes + at, OM_IMAGE_PAGE);
	fits = fill(image, root, r, rows);
	free(root);
	free(r);
	return fits;
}
