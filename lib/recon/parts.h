/*
 * parts.h - the rows of one side, divided by the hash of their key.
 *
 * Rows with the same key are in the same part, in the order in which they
 * came. Within the budget all parts stay in memory; when it is used up they
 * are written to one scratch file and the memory is used again (a grace hash
 * join: Kitsuregawa, 1983). One thread adds; then any number may load.
 */
#ifndef OM_RECON_PARTS_H
#define OM_RECON_PARTS_H

#include "recon/row.h"

#define OM_REC_PARTS 256

struct om_rec_parts;

/* budget: bytes of memory. dir: for the scratch file, as om_temp_open(). */
struct om_rec_parts *om_rec_parts_new(size_t budget, const char *dir);
void om_rec_parts_free(struct om_rec_parts **parts); /* safe twice */

/* Copies the row. */
OM_MUST_USE int om_rec_parts_add(struct om_rec_parts *parts,
    const struct om_rec_row *row, struct om_err *err);

/* The rows of one part; row[] and bytes are used again by the next load. */
struct om_rec_rows {
	const struct om_rec_row **row;
	size_t n;
	size_t cap;
	void *bytes; /* what was read back from the scratch file */
	size_t bytes_cap;
};
void om_rec_rows_fini(struct om_rec_rows *rows);

/* The rows live as long as parts and until the next load into *out. */
OM_MUST_USE int om_rec_parts_load(const struct om_rec_parts *parts,
    unsigned part, struct om_rec_rows *out, struct om_err *err);

bool om_rec_parts_spilled(const struct om_rec_parts *parts);

#endif
