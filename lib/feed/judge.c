/* judge.c - the last word on an order, and whose fault it is; see judge.h. */
#include "feed/judge.h"

#include <string.h>

#include "feed/lines.h"

/* The field that a message of om_order_check() is about. */
static enum om_field
culprit(const char *msg)
{
	static const struct {
		const char *start;
		enum om_field field;
	} table[] = { { "subtotal", OM_F_SUBTOTAL }, { "total", OM_F_TOTAL },
		{ "no channel", OM_F_CHANNEL }, { "channel", OM_F_CHANNEL },
		{ "no currency", OM_F_CURRENCY } };

	for (size_t i = 0; i < OM_COUNT(table); i++)
		if (strncmp(msg, table[i].start, strlen(table[i].start)) == 0)
			return table[i].field;
	return OM_F_REFERENCE;
}

/* The row of the second of two lines with one number; NULL if it is not
 * that. */
static const struct om_row *
second_line(const struct om_builder *b, const struct om_row *rows, size_t count,
    const char *msg)
{
	static const char start[] = "two lines with number ";
	const struct om_row *found = NULL;
	bool bad = false;

	if (strncmp(msg, start, sizeof(start) - 1) != 0)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const struct om_plan *plan = b->plan[rows[i].at.source];

		if (plan->line_count > 0 && plan->line[0].field == OM_F_LINE &&
		    om_str_is(om_step_text(&plan->line[0], &rows[i], &bad),
			msg + sizeof(start) - 1))
			found = &rows[i];
	}
	return found;
}

int
om_judge_order(const struct om_builder *b, const struct om_row *rows,
    size_t count, const struct om_order *o, struct om_reject *why)
{
	const struct om_fact *f;
	const struct om_row *row;
	struct om_err err;
	int64_t tolerance =
	    o->currency == NULL ? 0 : om_build_tolerance(b->feed, o->currency);

	if (om_order_check(o, tolerance, &err) == 0)
		return 0;
	row = second_line(b, rows, count, err.msg);
	if (row != NULL)
		return om_fault(why, row, &b->plan[row->at.source]->line[0],
		    om_str_of(strrchr(err.msg, ' ') + 1), "%s", err.msg);
	f = &b->fact[culprit(err.msg)];
	if (f->row == NULL || f->text.p == NULL)
		f = &b->fact[OM_F_TOTAL];
	if (f->row == NULL)
		(void)om_fault(why, &rows[0], NULL, OM_STR(""), "%s", err.msg);
	else
		(void)om_fault(why, f->row, f->step, f->text, "%s", err.msg);
	why->in_sum = true;
	return OM_EDATA;
}

/* Of two files: one says nothing of the order. */
static int
half(struct om_reject *why, const struct om_row *row,
    const struct om_plan *plan, const char *what)
{
	(void)om_fault(why, row, &plan->reference, OM_STR(""), "%s", what);
	why->in_sum = true;
	return OM_EDATA;
}

int
om_judge_joined(const struct om_builder *b, const struct om_row *rows,
    size_t count, struct om_reject *why)
{
	const struct om_row *order = NULL;
	size_t lines = 0;

	for (size_t i = 0; i < count; i++) {
		if (rows[i].at.source == 1) {
			lines++;
			continue;
		}
		if (order != NULL)
			return om_fault(why, &rows[i], &b->plan[0]->reference,
			    OM_STR(""), "the order stands in line %llu already",
			    (unsigned long long)order->at.line);
		order = &rows[i];
	}
	if (order == NULL)
		return half(why, &rows[0], b->plan[1],
		    "lines without an order");
	if (lines == 0)
		return half(why, order, b->plan[0], "an order without lines");
	return 0;
}
