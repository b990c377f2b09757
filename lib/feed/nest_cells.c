/*
 * nest_cells.c - what a cell holds, what is wrong with it, and the rows that
 * cells make up; see nest_parts.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "feed/nest_parts.h"

const char *
om_nest_kind(enum om_json_kind kind)
{
	switch (kind) {
	case OM_JSON_NULL:
		return "null";
	case OM_JSON_FALSE:
	case OM_JSON_TRUE:
		return "a boolean";
	case OM_JSON_NUMBER:
		return "a number";
	case OM_JSON_STRING:
	case OM_JSON_KEY:
		return "a text";
	case OM_JSON_OBJECT:
	case OM_JSON_OBJECT_END:
		return "an object";
	case OM_JSON_ARRAY:
	case OM_JSON_ARRAY_END:
		break;
	}
	return "an array";
}

void
om_nest_complain(struct om_nest *n, size_t column, uint64_t offset,
    const char *fmt, ...)
{
	va_list ap;

	if (n->problem[0] != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(n->problem, sizeof(n->problem), fmt, ap);
	va_end(ap);
	n->problem_row = n->in_line && n->row_count > 0 ? n->row_count - 1 : 0;
	n->problem_cell = column;
	n->problem_offset = offset;
}

static struct om_nest_cell *
cell_of(struct om_nest *n, size_t column)
{
	size_t row = n->paths->column[column].line ? n->row_count - 1 : 0;

	return &n->cell[row * n->columns + column];
}

void
om_nest_all_null(struct om_nest *n, const struct om_path_node *node,
    uint32_t at)
{
	if (node->lines)
		return;
	if (node->column != OM_NO_CELL) {
		struct om_nest_cell *c = cell_of(n, node->column);

		if (c->state == OM_NEST_MISSING) {
			c->state = OM_NEST_NULL;
			c->at = at;
		}
	}
	for (size_t i = 0; i < node->kid_count; i++)
		om_nest_all_null(n, node->kid[i], at);
	if (node->element != NULL)
		om_nest_all_null(n, node->element, at);
}

size_t
om_nest_first_column(const struct om_path_node *node)
{
	if (node->column != OM_NO_CELL)
		return node->column;
	for (size_t i = 0; i < node->kid_count; i++) {
		size_t c = om_nest_first_column(node->kid[i]);

		if (c != OM_NO_CELL)
			return c;
	}
	return node->element == NULL ? OM_NO_CELL
				     : om_nest_first_column(node->element);
}

void
om_nest_wrong_type(struct om_nest *n, const struct om_path_node *node,
    const struct om_json_token *t)
{
	const char *want = "a value";

	if (node->element != NULL)
		want = "an array";
	else if (node->kid_count > 0)
		want = "an object";
	om_nest_complain(n, om_nest_first_column(node), t->offset,
	    "%s where %s is expected", om_nest_kind(t->kind), want);
}

/* A text that is added to what the cell holds. */
static void
add_up(struct om_nest *n, const struct om_path_column *c,
    struct om_nest_cell *cell, struct om_str text)
{
	struct om_str first = { cell->own, cell->n };

	text = om_sum_add(&cell->sum, &n->arena, &c->format, first, text);
	cell->own = text.p;
	cell->n = (uint32_t)text.n;
	cell->state = OM_NEST_OWN;
}

static void
set_cell(struct om_nest *n, size_t column, const struct om_json_token *t)
{
	const struct om_path_column *c = &n->paths->column[column];
	struct om_nest_cell *cell = cell_of(n, column);
	struct om_str text = t->text;
	bool verbatim = t->verbatim;

	if (memchr(text.p, '\0', text.n) != NULL)
		om_nest_complain(n, column, t->offset, "NUL byte");
	if (c->sum && cell->sum.bad)
		return;
	cell->at = (uint32_t)(t->offset - n->offset);
	if (t->kind == OM_JSON_NUMBER && c->number)
		verbatim = om_cell_number(&n->arena, &c->format, &text);
	if (c->sum) {
		if (verbatim || t->kind == OM_JSON_STRING)
			text = om_str_dup(&n->arena, text);
		add_up(n, c, cell, text);
		return;
	}
	cell->n = (uint32_t)text.n;
	if (verbatim) {
		cell->state = OM_NEST_RAW;
		cell->text = cell->at + (t->kind == OM_JSON_STRING);
		return;
	}
	if (t->kind == OM_JSON_STRING)
		text = om_str_dup(&n->arena, text);
	cell->own = text.p;
	cell->state = OM_NEST_OWN;
}

void
om_nest_scalar(struct om_nest *n, const struct om_path_node *node,
    const struct om_json_token *t)
{
	bool boolean = t->kind == OM_JSON_TRUE || t->kind == OM_JSON_FALSE;

	if (t->kind == OM_JSON_NULL) {
		if (node->lines)
			n->lines_seen = true;
		om_nest_all_null(n, node, (uint32_t)(t->offset - n->offset));
	} else if (node->column == OM_NO_CELL ||
		   (boolean && !n->paths->column[node->column].boolean)) {
		om_nest_wrong_type(n, node, t);
	} else {
		set_cell(n, node->column, t);
	}
}

void
om_nest_keep_whole(struct om_nest *n, const struct om_nest_level *l,
    const struct om_json_token *end)
{
	struct om_nest_cell *cell = cell_of(n, l->node->column);

	cell->state = OM_NEST_RAW;
	cell->at = l->at;
	cell->text = l->at;
	cell->n = (uint32_t)(end->offset - n->offset) + 1 - l->at;
}

/* True: there is one. */
static bool
find_missing(struct om_nest *n, size_t row)
{
	for (size_t i = 0; i < n->columns; i++) {
		const struct om_path_column *c = &n->paths->column[i];
		const struct om_nest_cell *cell =
		    &n->cell[row * n->columns + i];

		if (!c->must || cell->state != OM_NEST_MISSING ||
		    (c->line ? n->row_count == 0 : row > 0))
			continue;
		om_nest_complain(n, i, n->offset + cell->at, "missing");
		n->problem_row = row;
		return true;
	}
	return false;
}

/* Lines are asked for, and there is no array of them. */
static void
find_no_lines(struct om_nest *n)
{
	bool must = false;

	for (size_t i = 0; i < n->columns; i++)
		must |= n->paths->column[i].line && n->paths->column[i].must;
	if (n->paths->nested && !n->lines_seen && must)
		om_nest_complain(n, OM_NO_CELL, n->offset, "no array '%.*s'",
		    OM_FMT(n->paths->lines));
}

static void
make_row(struct om_nest *n, size_t row)
{
	size_t first = row * n->columns;

	for (size_t i = first; i < first + n->columns; i++) {
		const struct om_nest_cell *c = &n->cell[i];

		n->cell_at[i] = c->at;
		n->text[i] = (struct om_str){ NULL, 0 };
		if (c->state == OM_NEST_RAW)
			n->text[i] =
			    (struct om_str){ n->origin.raw.p + c->text, c->n };
		else if (c->state == OM_NEST_OWN)
			n->text[i] = (struct om_str){ c->own, c->n };
	}
	n->row[row] = (struct om_row){ .at = n->origin.at,
		.raw = n->origin.raw,
		.cell = &n->text[first],
		.count = n->columns,
		.problem_cell = OM_NO_CELL,
		.problem_offset = n->origin.at.offset,
		.origin = &n->origin,
		.cell_at = &n->cell_at[first] };
	if (row == 0)
		return;
	n->row[row].raw.n = 0;
	n->row[row].at.line = n->line_line[row];
	n->row[row].at.offset = n->origin.at.offset + n->line_at[row];
}

void
om_nest_rows(struct om_nest *n, struct om_position at, struct om_str raw,
    const struct om_json_problem *problem, const struct om_row **out,
    size_t *out_count)
{
	size_t count = n->row_count == 0 ? 1 : n->row_count;

	n->origin = (struct om_origin){ at, raw };
	n->in_line = false;
	if (problem->what[0] == '\0') {
		bool found = n->problem[0] != '\0';

		for (size_t i = 0; i < count && !found; i++)
			found = find_missing(n, i);
		if (!found)
			find_no_lines(n);
	} else {
		n->problem_row = 0;
		n->problem_cell = OM_NO_CELL;
		n->problem_offset = problem->offset;
		snprintf(n->problem, sizeof(n->problem), "%s%s%s%s",
		    problem->what, problem->path[0] == '\0' ? "" : " in '",
		    problem->path, problem->path[0] == '\0' ? "" : "'");
	}
	for (size_t i = 0; i < count; i++)
		make_row(n, i);
	if (n->problem[0] != '\0') {
		struct om_row *row = &n->row[n->problem_row];

		row->problem = n->problem;
		row->problem_cell = n->problem_cell;
		row->problem_offset = n->problem_offset;
	}
	*out = n->row;
	*out_count = count;
}
