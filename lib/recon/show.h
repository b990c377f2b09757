/*
 * show.h - an item as cells of text: the same for a person, CSV and JSON.
 *
 * The cells of a composite key are joined by '/'. What does not apply to an
 * item is an empty cell.
 */
#ifndef OM_RECON_SHOW_H
#define OM_RECON_SHOW_H

#include "recon/reconcile.h"

enum om_rec_cell {
	OM_REC_CELL_CLASS,
	OM_REC_CELL_KEY,
	OM_REC_CELL_LEFT_AMOUNT,
	OM_REC_CELL_RIGHT_AMOUNT,
	OM_REC_CELL_CURRENCY,	/* of the left row if there is one */
	OM_REC_CELL_DIFFERENCE, /* right minus left, in one currency */
	OM_REC_CELL_COLUMN,	/* to blame, as the left side calls it */
	OM_REC_CELL_LEFT_VALUE, /* of a text column, or of a bad row */
	OM_REC_CELL_RIGHT_VALUE,
	OM_REC_CELL_LEFT_LINE,
	OM_REC_CELL_RIGHT_LINE,
	OM_REC_CELL_REASON,
	OM_REC_CELLS
};

extern const char *const om_rec_cell_names[OM_REC_CELLS];

struct om_rec_shown {
	struct om_str cell[OM_REC_CELLS];
	char number[5][OM_MONEY_TEXT_MAX]; /* amounts, difference, lines */
	char reason[64];
	char key[OM_REC_KEY_MAX];
};

/* The cells live as long as out and the entry. */
void om_rec_show(const struct om_rec_result *result,
    const struct om_rec_entry *entry, struct om_rec_shown *out);

/* A key as it is shown; returns its length. */
size_t om_rec_show_key(struct om_str key, char out[OM_REC_KEY_MAX]);

/* The first items of a result, copied. Zero but for max to begin with. */
struct om_rec_listing {
	struct om_rec_entry *entry;
	size_t n;
	size_t max;
};
/* Does nothing once max are there. */
void om_rec_listing_add(struct om_rec_listing *listing, struct om_arena *arena,
    const struct om_rec_entry *entry);

/* CSV, RFC 4180 with LF: the header, and a row per item. */
void om_rec_csv_header(struct om_buf *out);
void om_rec_csv_row(struct om_buf *out, const struct om_rec_shown *shown);

#endif
