/* book.c - one entry per row, one item per break; see book.h. */
#include "recon/book.h"

#include <stdio.h>
#include <string.h>

#define REASON_MAX 512

int
om_rec_places(const struct om_rec_matcher *m, const struct om_rec_row *row)
{
	const struct om_currency *c = m->currency[row->currency];

	return c == NULL ? OM_REC_PLACES : c->exponent;
}

static int64_t
main_amount(const struct om_rec_matcher *m, const struct om_rec_row *row)
{
	return m->rules->amounts == 0 ? 0 : om_rec_row_amounts(row)[0];
}

static bool
is_good(const struct om_rec_row *row)
{
	return row != NULL && (row->flags & OM_REC_BAD) == 0;
}

static void
enter_row(struct om_rec_matcher *m, int side, const struct om_rec_row *row,
    enum om_rec_class class)
{
	struct om_rec_sum *sum = &m->tally.sum[row->currency][class];

	sum->rows[side]++;
	sum->total[side] += main_amount(m, row);
}

/* What the break is about, in the currency it is about. */
static void
enter_item(struct om_rec_matcher *m, const struct om_rec_row *about,
    enum om_rec_class class, om_int128 amount)
{
	struct om_rec_sum *sum = &m->tally.sum[about->currency][class];

	sum->items++;
	sum->amount += amount;
}

/* One side of an item: its line, its currency, its amount and text in the
 * column to blame. */
static void
describe(const struct om_rec_matcher *m, int side, const struct om_rec_row *row,
    struct om_rec_entry *e)
{
	const struct om_rec_rules *rules = m->rules;
	size_t column = e->item.column;
	size_t amount = 0;

	e->item.line[side] = row->line;
	e->item.currency[side] = row->currency;
	if (!is_good(row)) {
		e->text[side] = om_rec_row_text(row, rules->amounts, 0);
		if (e->reason.n == 0)
			e->reason = om_rec_row_text(row, rules->amounts, 1);
		return;
	}
	if (column < rules->compares &&
	    rules->compare[column].kind == OM_REC_TEXT)
		e->text[side] = om_rec_row_text(row, rules->amounts,
		    om_rec_text_index(rules, column));
	else if (column < rules->compares)
		amount = om_rec_amount_index(rules, column);
	if (rules->amounts == 0)
		return;
	e->item.amount[side] = om_rec_row_amounts(row)[amount];
	e->item.has |= side == 0 ? OM_REC_HAS_LEFT : OM_REC_HAS_RIGHT;
}

static bool
is_listed(const struct om_rec_matcher *m, enum om_rec_class class)
{
	return class >= OM_REC_FIRST_BREAK || m->keep_matches;
}

/* "fee and status differ too" */
static const char *
also_text(const struct om_rec_rules *rules, uint32_t also, char out[REASON_MAX])
{
	int n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < rules->compares && n < REASON_MAX - 64; i++)
		if (also >> i & 1)
			n += snprintf(out + n, (size_t)(REASON_MAX - n),
			    "%s%.40s", n == 0 ? "also differs: " : ", ",
			    rules->compare[i].left);
	return out;
}

static int
list_pair(struct om_rec_matcher *m, const struct om_rec_row *left,
    const struct om_rec_row *right, const struct om_rec_verdict *v,
    struct om_err *err)
{
	struct om_rec_entry e = { 0 };
	char reason[REASON_MAX];

	e.item.class = (uint8_t)v->class;
	e.item.column = v->column;
	e.key = om_rec_row_key(left, m->rules->amounts);
	e.reason = om_str_of(also_text(m->rules, v->also, reason));
	describe(m, 0, left, &e);
	describe(m, 1, right, &e);
	return om_rec_items_add(m->items, &e, err);
}

int
om_rec_book_pair(struct om_rec_matcher *m, const struct om_rec_row *left,
    const struct om_rec_row *right, const struct om_rec_verdict *verdict,
    struct om_err *err)
{
	const struct om_rec_row *about = left;
	om_int128 amount = main_amount(m, left);
	size_t i = verdict->column;

	enter_row(m, 0, left, verdict->class);
	enter_row(m, 1, right, verdict->class);
	if (verdict->class == OM_REC_TOLERATED) {
		amount = verdict->tolerated;
	} else if (verdict->class == OM_REC_AMOUNT_OVER ||
		   verdict->class == OM_REC_AMOUNT_UNDER) {
		i = om_rec_amount_index(m->rules, i);
		amount =
		    om_rec_row_amounts(right)[i] - om_rec_row_amounts(left)[i];
	} else if (verdict->class == OM_REC_DATA && !is_good(left)) {
		about = is_good(right) ? right : left;
		amount = main_amount(m, about);
	}
	enter_item(m, about, verdict->class, amount);
	if (!is_listed(m, verdict->class))
		return 0;
	return list_pair(m, left, right, verdict, err);
}

int
om_rec_book_single(struct om_rec_matcher *m, int side,
    const struct om_rec_row *row, enum om_rec_class class, const char *reason,
    struct om_err *err)
{
	struct om_rec_entry e = { 0 };

	if (!is_good(row))
		class = OM_REC_DATA;
	enter_row(m, side, row, class);
	enter_item(m, row, class, main_amount(m, row));
	e.item.class = (uint8_t) class;
	e.item.column = is_good(row) ? OM_REC_AT_ROW : row->column;
	e.key = om_rec_row_key(row, m->rules->amounts);
	e.reason = om_str_of(is_good(row) ? reason : "");
	describe(m, side, row, &e);
	return om_rec_items_add(m->items, &e, err);
}
