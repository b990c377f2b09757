/* report_items.c - the table of breaks, and what is to be said about some of
 * them; see write.h. */
#include <stdio.h>
#include <string.h>

#include "recon/write.h"

#define COLUMNS	  6
#define ABOUT_MAX ((size_t)1 << 24)

/* The text of one item, while it is being added. */
struct text {
	struct om_rec_shown shown;
	char key[OM_REC_KEY_MAX + 1];
	char lines[64];
};

static struct om_str
or_dash(struct om_str s)
{
	return s.n > 0 ? s : OM_STR("-");
}

static void
make_cells(const struct om_rec_result *result, const struct om_rec_entry *entry,
    struct text *t, const char *cells[COLUMNS])
{
	const struct om_str *cell = t->shown.cell;

	om_rec_show(result, entry, &t->shown);
	memcpy(t->key, t->shown.key, cell[OM_REC_CELL_KEY].n);
	t->key[cell[OM_REC_CELL_KEY].n] = '\0';
	snprintf(t->lines, sizeof(t->lines), "%.*s:%.*s",
	    OM_FMT(or_dash(cell[OM_REC_CELL_LEFT_LINE])),
	    OM_FMT(or_dash(cell[OM_REC_CELL_RIGHT_LINE])));
	cells[0] = cell[OM_REC_CELL_CLASS].p;
	cells[1] = t->key;
	cells[2] = cell[OM_REC_CELL_LEFT_AMOUNT].p;
	cells[3] = cell[OM_REC_CELL_RIGHT_AMOUNT].p;
	cells[4] = cell[OM_REC_CELL_DIFFERENCE].p;
	cells[5] = t->lines;
}

/* Which column, which values, and why: what the amounts do not say. */
static const char *
about(const struct om_rec_result *result, const struct om_rec_shown *s,
    struct om_buf *out)
{
	const struct om_str *cell = s->cell;

	om_buf_reset(out);
	if (om_str_is(cell[OM_REC_CELL_CLASS], "value"))
		om_buf_printf(out, "%.*s: '%.*s' against '%.*s'",
		    OM_FMT(cell[OM_REC_CELL_COLUMN]),
		    OM_FMT(cell[OM_REC_CELL_LEFT_VALUE]),
		    OM_FMT(cell[OM_REC_CELL_RIGHT_VALUE]));
	else if (result->rules->amounts > 1 ||
		 om_str_is(cell[OM_REC_CELL_CLASS], "data"))
		om_buf_str(out, cell[OM_REC_CELL_COLUMN]);
	if (cell[OM_REC_CELL_REASON].n > 0 && out->n > 0)
		om_buf_text(out, "; ");
	om_buf_str(out, cell[OM_REC_CELL_REASON]);
	return om_buf_view(out).p;
}

/* A table of its own: beside the amounts there is no room for it. */
static void
add_notes(struct om_report *report, const char *key,
    const struct om_rec_result *result, const struct om_rec_listing *listing,
    struct text *t)
{
	static const struct om_report_column columns[] = {
		{ "key", "key", OM_LEFT },
		{ "lines", "lines", OM_LEFT },
		{ "about", "about", OM_LEFT },
	};
	OM_AUTO(om_buf_fini) struct om_buf text;
	const char *cells[COLUMNS];
	bool begun = false;

	om_buf_init(&text, ABOUT_MAX);
	for (size_t i = 0; i < listing->n; i++) {
		const char *row[3];

		make_cells(result, &listing->entry[i], t, cells);
		row[0] = cells[1];
		row[1] = cells[5];
		row[2] = about(result, &t->shown, &text);
		if (row[2][0] == '\0')
			continue;
		if (!begun)
			om_report_table(report, key, columns,
			    OM_COUNT(columns));
		begun = true;
		om_report_row(report, row);
	}
}

void
om_rec_report_items(struct om_report *report, const char *key,
    const char *notes_key, const struct om_rec_result *result,
    const struct om_rec_listing *listing)
{
	static const struct om_report_column columns[COLUMNS] = {
		{ "class", "class", OM_LEFT },
		{ "key", "key", OM_LEFT },
		{ "left", "left", OM_RIGHT },
		{ "right", "right", OM_RIGHT },
		{ "difference", "difference", OM_RIGHT },
		{ "lines", "lines", OM_LEFT },
	};
	const char *cells[COLUMNS];
	struct text t = { 0 };

	om_report_table(report, key, columns, COLUMNS);
	for (size_t i = 0; i < listing->n; i++) {
		make_cells(result, &listing->entry[i], &t, cells);
		om_report_row(report, cells);
	}
	add_notes(report, notes_key, result, listing, &t);
}
