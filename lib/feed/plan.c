/* plan.c - columns by name; see plan.h. */
#include "feed/plan.h"

#include <stdio.h>
#include <string.h>

static size_t
find_column(struct om_str name, const struct om_str *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (om_str_eq(name, names[i]))
			return i;
	return OM_NO_CELL;
}

static int
missing(struct om_arena *arena, struct om_str want, const struct om_str *names,
    size_t count, struct om_err *err)
{
	const char **list = om_alloc(arena, (count + 1) * sizeof(*list));
	const char *near;

	for (size_t i = 0; i < count; i++)
		list[i] = names[i].p;
	near = om_str_nearest(om_str_dup(arena, want).p, list, count);
	if (near == NULL)
		return om_fail(err, OM_EDATA, "no column '%.*s'", OM_FMT(want));
	return om_fail(err, OM_EDATA, "no column '%.*s', did you mean '%s'",
	    OM_FMT(want), near);
}

enum om_shape
om_plan_shape(const struct om_feed *feed, const struct om_str *name,
    size_t count)
{
	static const enum om_field telling[] = { OM_F_LINE, OM_F_SKU };

	if (feed->shape != OM_SHAPE_AUTO)
		return feed->shape;
	for (size_t i = 0; i < OM_COUNT(telling); i++) {
		const struct om_value *v = &feed->value[telling[i]];

		if (v->from.p != NULL &&
		    find_column(v->from, name, count) != OM_NO_CELL)
			return OM_SHAPE_LINES;
	}
	return OM_SHAPE_ORDERS;
}

/* *out_used is false if the column may be missing, and is. */
static int
bind_step(struct om_step *step, struct om_arena *arena,
    const struct om_feed *feed, enum om_field field, const struct om_value *v,
    const struct om_str *names, size_t count, bool *out_used,
    struct om_err *err)
{
	*step =
	    (struct om_step){ .field = field, .cell = OM_NO_CELL, .value = v };
	step->plain = !v->trim && v->rule_count == 0 && v->blank_count == 0;
	step->number.decimal = v->decimal != 0 ? v->decimal : feed->decimal;
	step->number.thousands =
	    v->thousands != 0 ? v->thousands : feed->thousands;
	step->simple = om_number_format_plain(&step->number) && v->scale == 0 &&
		       !v->absolute && !v->negate;
	if (v->from.p != NULL)
		step->cell = find_column(v->from, names, count);
	if (v->from.p != NULL && step->cell == OM_NO_CELL &&
	    v->need != OM_NEED_NOTHING)
		return missing(arena, v->from, names, count, err);
	if (step->cell != OM_NO_CELL &&
	    find_column(v->from, names + step->cell + 1,
		count - step->cell - 1) != OM_NO_CELL)
		return om_fail(err, OM_EDATA, "two columns '%.*s'",
		    OM_FMT(v->from));
	*out_used = step->cell != OM_NO_CELL || v->constant.p != NULL ||
		    v->fallback.p != NULL;
	return 0;
}

static bool
is_mapped(const struct om_plan *plan, size_t cell)
{
	for (size_t i = 0; i < plan->order_count; i++)
		if (plan->order[i].cell == cell)
			return true;
	for (size_t i = 0; i < plan->line_count; i++)
		if (plan->line[i].cell == cell)
			return true;
	return plan->reference.cell == cell;
}

static void
bind_extras(struct om_plan *plan, struct om_arena *arena,
    const struct om_feed *feed)
{
	struct om_extra *extra;

	if (feed->keep == OM_KEEP_NONE)
		return;
	extra = om_alloc(arena, (plan->name_count + 1) * sizeof(*extra));
	for (size_t i = 0; i < plan->name_count; i++) {
		struct om_str name = plan->name[i];

		if (find_column(name, plan->name, i) != OM_NO_CELL)
			continue;
		if (feed->keep == OM_KEEP_ALL
			? is_mapped(plan, i)
			: find_column(name, feed->keep_list,
			      feed->keep_count) == OM_NO_CELL)
			continue;
		extra[plan->extra_count].cell = i;
		extra[plan->extra_count++].name = name.p;
	}
	plan->extra = extra;
}

int
om_plan_bind(struct om_plan *plan, struct om_arena *arena,
    const struct om_feed *feed, enum om_shape shape, unsigned source,
    const struct om_str *name, size_t count, struct om_err *err)
{
	*plan = (struct om_plan){ .name = name, .name_count = count };
	for (int i = 0; i < OM_F_COUNT; i++) {
		enum om_field field = (enum om_field)i;
		bool line = field >= OM_F_ORDER_COUNT;
		struct om_step step;
		bool used;

		if (!feed->value[i].mapped ||
		    (shape == OM_SHAPE_JOINED && line != (source == 1)))
			continue;
		if (bind_step(&step, arena, feed, field, &feed->value[i], name,
			count, &used, err) < 0)
			return err->code;
		if (!used || (line && feed->shape == OM_SHAPE_AUTO &&
				 shape == OM_SHAPE_ORDERS))
			continue;
		if (line)
			plan->line[plan->line_count++] = step;
		else
			plan->order[plan->order_count++] = step;
		if (field == OM_F_CHANNEL)
			plan->channel = step;
		if (field == OM_F_REFERENCE)
			plan->reference = step;
	}
	if (shape == OM_SHAPE_JOINED && source == 1) {
		bool used;

		/* The lines of an order are of its channel. */
		plan->channel = (struct om_step){ .field = OM_F_CHANNEL,
			.cell = OM_NO_CELL,
			.value = &feed->value[OM_F_CHANNEL],
			.plain = true };
		if (bind_step(&plan->reference, arena, feed, OM_F_REFERENCE,
			&feed->key, name, count, &used, err) < 0)
			return err->code;
		return 0;
	}
	bind_extras(plan, arena, feed);
	return 0;
}

static void
pick(struct om_plan *plan, size_t *list, size_t *cell)
{
	if (*cell == OM_NO_CELL)
		return;
	for (size_t i = 0; i < plan->pick_count; i++) {
		if (list[i] == *cell) {
			*cell = i;
			return;
		}
	}
	list[plan->pick_count] = *cell;
	*cell = plan->pick_count++;
}

void
om_plan_compact(struct om_plan *plan, struct om_arena *arena)
{
	size_t *list = om_alloc(arena, (plan->name_count + 1) * sizeof(*list));
	struct om_extra *extra =
	    om_alloc(arena, (plan->extra_count + 1) * sizeof(*extra));
	struct om_str *name;

	pick(plan, list, &plan->channel.cell);
	pick(plan, list, &plan->reference.cell);
	for (size_t i = 0; i < plan->order_count; i++)
		pick(plan, list, &plan->order[i].cell);
	for (size_t i = 0; i < plan->line_count; i++)
		pick(plan, list, &plan->line[i].cell);
	for (size_t i = 0; i < plan->extra_count; i++) {
		extra[i] = plan->extra[i];
		pick(plan, list, &extra[i].cell);
	}
	name = om_alloc(arena, (plan->pick_count + 1) * sizeof(*name));
	for (size_t i = 0; i < plan->pick_count; i++)
		name[i] = plan->name[list[i]];
	plan->extra = extra;
	plan->pick = list;
	plan->name = name;
	plan->name_count = plan->pick_count;
}

/* What the blanks and the map make of a text that is there. */
static struct om_str
map_text(const struct om_value *v, struct om_str text, bool *out_bad)
{
	const struct om_str nothing = { NULL, 0 };

	for (size_t i = 0; i < v->blank_count; i++)
		if (om_str_eq(text, v->blanks[i]))
			return nothing;
	if (v->rule_count == 0)
		return text;
	for (size_t i = 0; i < v->rule_count; i++)
		if (om_str_glob(v->rules[i].pattern, text))
			return v->rules[i].value;
	*out_bad = true;
	return text;
}

struct om_str
om_step_made(const struct om_step *step, struct om_str text, bool *out_bad)
{
	if (step->value->trim)
		text = om_str_trim(text);
	if (text.n == 0)
		return (struct om_str){ NULL, 0 };
	return map_text(step->value, text, out_bad);
}

struct om_str
om_step_column(const struct om_step *step)
{
	return step->cell == OM_NO_CELL ? OM_STR("") : step->value->from;
}

void
om_plan_row(const struct om_plan *plan, const struct om_row *row,
    const struct om_str *cell, struct om_row *out)
{
	*out = *row;
	out->cell = cell;
	out->count = plan->pick_count;
	if (row->problem_cell == OM_NO_CELL)
		return;
	for (size_t i = 0; i < plan->pick_count; i++)
		if (plan->pick[i] == row->problem_cell)
			out->problem_cell = i;
}
