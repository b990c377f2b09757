/*
 * plan.h - a feed bound to the columns of one file: which cell fills which
 * fact.
 *
 * Binding is where a missing or doubled column is noticed, before any row.
 */
#ifndef OM_FEED_PLAN_H
#define OM_FEED_PLAN_H

#include "feed/row.h"
#include "feed/spec.h"

struct om_step {
	enum om_field field;
	size_t cell; /* OM_NO_CELL: no column, only a constant or a default */
	const struct om_value *value;
	bool plain; /* no trim, no map, no blanks: the cell as it is */
	struct om_number_format number;
	bool
	    simple; /* a number as it is written: no format, no scale, no sign */
};

/* An unmapped column that is kept as an attribute. */
struct om_extra {
	size_t cell;
	const char *name;
};

struct om_plan {
	struct om_step order[OM_F_COUNT]; /* facts of the order, or payment */
	size_t order_count;
	struct om_step line[OM_F_COUNT]; /* facts of the line */
	size_t line_count;
	struct om_step channel;	  /* of every row, for gathering */
	struct om_step reference; /* likewise; in joined lines, the key */
	const struct om_extra *extra;
	size_t extra_count;
	const struct om_str *name; /* of each column */
	size_t name_count;
	const size_t *pick; /* gathered: the columns that are cells */
	size_t pick_count;
};

/* Lines if one of the columns that tell lines apart is there, else orders. */
enum om_shape om_plan_shape(const struct om_feed *feed,
    const struct om_str *name, size_t count);

/* source is 1 for the lines of shape joined, else 0. OM_EDATA names a missing
 * or doubled column; the caller adds the path. */
OM_MUST_USE int om_plan_bind(struct om_plan *plan, struct om_arena *arena,
    const struct om_feed *feed, enum om_shape shape, unsigned source,
    const struct om_str *name, size_t count, struct om_err *err);

/* Number the cells by what is used instead of by column, so that gathered rows
 * keep no more than that; plan->pick says which columns those are. */
void om_plan_compact(struct om_plan *plan, struct om_arena *arena);

/* Cell i as the compacted plan numbers them. */
static inline struct om_str
om_plan_cell(const struct om_plan *plan, const struct om_row *row, size_t i)
{
	if (plan->pick[i] < row->count)
		return row->cell[plan->pick[i]];
	return (struct om_str){ NULL, 0 };
}

/* The row with these for its cells: all that the compacted plan knows. */
void om_plan_row(const struct om_plan *plan, const struct om_row *row,
    const struct om_str *cell, struct om_row *out);

/* What is made of a cell that does not count as it is; part of
 * om_step_text(). */
struct om_str om_step_made(const struct om_step *step, struct om_str text,
    bool *out_bad);

/* The text of a fact in a row, as mapped: {NULL, 0} if the cell is empty or
 * not there. Defaults are not applied. *out_bad: no pattern of the map fits. */
static inline struct om_str
om_step_text(const struct om_step *step, const struct om_row *row,
    bool *out_bad)
{
	struct om_str text = { NULL, 0 };

	if (step->cell < row->count)
		text = row->cell[step->cell];
	else if (step->cell == OM_NO_CELL)
		return step->value->constant;
	if (!step->plain)
		text = om_step_made(step, text, out_bad);
	else if (text.n == 0)
		text.p = NULL;
	return text;
}

/* The name of the column behind a step, or empty. */
struct om_str om_step_column(const struct om_step *step);

#endif
