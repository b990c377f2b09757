/*
 * image.h - rows as a database of one table, in SQLite's own file format.
 *
 * An image is what sqlite3_deserialize() takes. Copying a table out of one
 * into a table of the same definition costs SQLite a third of what inserting
 * the same rows costs. See "Database File Format", sections 1.3 (header), 1.6
 * (B-tree pages) and 2.1 (records). Known to lib/db alone.
 */
#ifndef OM_DB_IMAGE_H
#define OM_DB_IMAGE_H

#include "db/backend.h"

#define OM_IMAGE_PAGE ((size_t)65536)

struct om_image {
	unsigned char *bytes;
	size_t size; /* of what is filled, in bytes */
	size_t cap;
};

void om_image_fini(struct om_image *image); /* safe twice */

/*
 * empty: an image of OM_IMAGE_PAGE bytes a page with the table and no row; its
 * root is the second page. rows: in the order of the table's columns, the
 * first of which is its rowid, by which they ascend. False if a row is too
 * long for a page or its rowid is not from 0 to 2^56 - 1, or the rows are for a
 * tree of more levels.
 */
OM_MUST_USE bool om_image_fill(struct om_image *image,
    const struct om_image *empty, const struct om_lend *rows);

#endif
