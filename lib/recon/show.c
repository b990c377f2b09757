/* show.c - items to cells, cells to CSV; see show.h. */
#include "recon/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "text/csv.h"

const char *const om_rec_cell_names[OM_REC_CELLS] = {
	[OM_REC_CELL_CLASS] = "class",
	[OM_REC_CELL_KEY] = "key",
	[OM_REC_CELL_LEFT_AMOUNT] = "left_amount",
	[OM_REC_CELL_RIGHT_AMOUNT] = "right_amount",
	[OM_REC_CELL_CURRENCY] = "currency",
	[OM_REC_CELL_DIFFERENCE] = "difference",
	[OM_REC_CELL_COLUMN] = "column",
	[OM_REC_CELL_LEFT_VALUE] = "left_value",
	[OM_REC_CELL_RIGHT_VALUE] = "right_value",
	[OM_REC_CELL_LEFT_LINE] = "left_line",
	[OM_REC_CELL_RIGHT_LINE] = "right_line",
	[OM_REC_CELL_REASON] = "reason",
};

size_t
om_rec_show_key(struct om_str key, char out[OM_REC_KEY_MAX])
{
	for (size_t i = 0; i < key.n; i++)
		out[i] = key.p[i] == '\0' ? '/' : key.p[i];
	return key.n;
}

static const struct om_currency *
currency_of(const struct om_rec_result *result,
    const struct om_rec_entry *entry, int side)
{
	return result->currency[entry->item.currency[side]];
}

static void
show_side(const struct om_rec_result *result, const struct om_rec_entry *e,
    int side, struct om_rec_shown *out)
{
	char *amount = out->number[side];
	char *line = out->number[3 + side];

	out->cell[OM_REC_CELL_LEFT_VALUE + side] = e->text[side];
	if (e->item.line[side] == 0)
		return;
	snprintf(line, OM_MONEY_TEXT_MAX, "%" PRIu64, e->item.line[side]);
	out->cell[OM_REC_CELL_LEFT_LINE + side] = om_str_of(line);
	if ((e->item.has & (OM_REC_HAS_LEFT << side)) == 0)
		return;
	om_rec_amount_text(e->item.amount[side], currency_of(result, e, side),
	    amount);
	out->cell[OM_REC_CELL_LEFT_AMOUNT + side] = om_str_of(amount);
}

static void
show_difference(const struct om_rec_result *result,
    const struct om_rec_entry *e, struct om_rec_shown *out)
{
	const int both = OM_REC_HAS_LEFT | OM_REC_HAS_RIGHT;

	if ((e->item.has & both) != both ||
	    e->item.currency[0] != e->item.currency[1])
		return;
	om_rec_amount_text(e->item.amount[1] - e->item.amount[0],
	    currency_of(result, e, 0), out->number[2]);
	out->cell[OM_REC_CELL_DIFFERENCE] = om_str_of(out->number[2]);
}

void
om_rec_show(const struct om_rec_result *result,
    const struct om_rec_entry *entry, struct om_rec_shown *out)
{
	int side = entry->item.line[0] == 0;
	const struct om_currency *c = currency_of(result, entry, side);
	struct om_str *cell = out->cell;

	for (int i = 0; i < OM_REC_CELLS; i++)
		cell[i] = OM_STR("");
	cell[OM_REC_CELL_CLASS] =
	    om_str_of(om_rec_class_name((enum om_rec_class)entry->item.class));
	cell[OM_REC_CELL_KEY].n = om_rec_show_key(entry->key, out->key);
	cell[OM_REC_CELL_KEY].p = out->key;
	if (c != NULL)
		cell[OM_REC_CELL_CURRENCY] = om_str_of(c->code);
	cell[OM_REC_CELL_COLUMN] =
	    om_str_of(om_rec_column_name(result->rules, entry->item.column));
	cell[OM_REC_CELL_REASON] = entry->reason;
	show_side(result, entry, 0, out);
	show_side(result, entry, 1, out);
	show_difference(result, entry, out);
	if (entry->item.class != OM_REC_CURRENCY)
		return;
	snprintf(out->reason, sizeof(out->reason), "%s against %s",
	    om_rec_currency_code(currency_of(result, entry, 0)),
	    om_rec_currency_code(currency_of(result, entry, 1)));
	cell[OM_REC_CELL_REASON] = om_str_of(out->reason);
}

void
om_rec_listing_add(struct om_rec_listing *listing, struct om_arena *arena,
    const struct om_rec_entry *entry)
{
	struct om_rec_entry *e;

	if (listing->n == listing->max)
		return;
	if ((listing->n & (listing->n - 1)) == 0) { /* a power of two: full */
		size_t room = listing->n == 0 ? 1 : 2 * listing->n;

		e = om_alloc(arena, room * sizeof(*e));
		if (listing->n > 0)
			memcpy(e, listing->entry, listing->n * sizeof(*e));
		listing->entry = e;
	}
	e = &listing->entry[listing->n++];
	*e = *entry;
	e->key = om_str_dup(arena, entry->key);
	e->text[0] = om_str_dup(arena, entry->text[0]);
	e->text[1] = om_str_dup(arena, entry->text[1]);
	e->reason = om_str_dup(arena, entry->reason);
}

void
om_rec_csv_header(struct om_buf *out)
{
	for (int i = 0; i < OM_REC_CELLS; i++) {
		if (i > 0)
			om_buf_char(out, ',');
		om_buf_text(out, om_rec_cell_names[i]);
	}
	om_buf_char(out, '\n');
}

void
om_rec_csv_row(struct om_buf *out, const struct om_rec_shown *shown)
{
	om_csv_write_record(out, shown->cell, OM_REC_CELLS, ',');
}
