/* nest.c - tokens to cells; see nest.h. */
#include "feed/nest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/cellnum.h"

#define ROWS_MAX (OM_ORDER_LINES_MAX + 1)

enum cell_state { CELL_MISSING, CELL_NULL, CELL_RAW, CELL_OWN };

struct cell {
	const char *own; /* CELL_OWN */
	uint32_t at;	 /* from the object's first byte */
	uint32_t text;	 /* CELL_RAW: where its text is */
	uint32_t n;
	enum cell_state state;
	struct om_sum sum;
};

/* A container that is open, and what is looked for in it. */
struct level {
	const struct om_path_node *node; /* NULL: nothing */
	const struct om_path_node *next; /* of the member that was named */
	uint32_t at;
	uint64_t serial; /* of the container */
	bool element;	 /* of the array of lines */
};

struct om_nest {
	const struct om_paths *paths;
	size_t columns;
	struct om_arena arena; /* texts of one object */
	struct om_origin origin;
	uint64_t offset;
	int base; /* depth of the object itself */
	struct level level[OM_JSON_NEST_MAX + 2];
	int depth;
	uint64_t serial;
	uint64_t *seen; /* by node: the last container that had it */
	bool in_line;
	bool lines_seen;
	size_t row_count; /* lines so far */
	size_t row_cap;
	struct cell *cell; /* [row_cap][columns] */
	struct om_str *text;
	uint32_t *cell_at;
	struct om_row *row;
	uint64_t *line_line;
	uint32_t *line_at;
	char problem[OM_JSON_PATH_MAX + 80];
	size_t problem_row;
	size_t problem_cell;
	uint64_t problem_offset;
};

static void complain(struct om_nest *n, size_t column, uint64_t offset,
    const char *fmt, ...) OM_PRINTF(4, 5);

static void *
grow(void *p, size_t count, size_t size)
{
	p = realloc(p, count * size);
	if (p == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	return p;
}

static void
room(struct om_nest *n, size_t rows)
{
	size_t cells;

	if (rows <= n->row_cap)
		return;
	n->row_cap = rows * 2;
	cells = n->row_cap * (n->columns + 1);
	n->cell = grow(n->cell, cells, sizeof(*n->cell));
	n->text = grow(n->text, cells, sizeof(*n->text));
	n->cell_at = grow(n->cell_at, cells, sizeof(*n->cell_at));
	n->row = grow(n->row, n->row_cap, sizeof(*n->row));
	n->line_line = grow(n->line_line, n->row_cap, sizeof(*n->line_line));
	n->line_at = grow(n->line_at, n->row_cap, sizeof(*n->line_at));
}

struct om_nest *
om_nest_open(const struct om_paths *paths)
{
	struct om_nest *n = grow(NULL, 1, sizeof(*n));

	memset(n, 0, sizeof(*n));
	n->paths = paths;
	n->columns = paths->count;
	room(n, 16);
	n->seen = grow(NULL, paths->node_count + 1, sizeof(*n->seen));
	memset(n->seen, 0, (paths->node_count + 1) * sizeof(*n->seen));
	return n;
}

void
om_nest_close(struct om_nest **nest)
{
	struct om_nest *n = *nest;

	if (n == NULL)
		return;
	om_arena_clear(&n->arena);
	free(n->cell);
	free(n->seen);
	free(n->text);
	free(n->cell_at);
	free(n->row);
	free(n->line_line);
	free(n->line_at);
	free(n);
	*nest = NULL;
}

/* The cells of a row, nothing in them yet. */
static void
clear_row(struct om_nest *n, size_t row, uint32_t at)
{
	struct cell *c = &n->cell[row * n->columns];

	for (size_t i = 0; i < n->columns; i++)
		c[i] = (struct cell){ .at = at };
}

static const char *
kind_name(enum om_json_kind kind)
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
om_nest_begin(struct om_nest *n, const struct om_json_token *object)
{
	om_arena_reset(&n->arena);
	n->offset = object->offset;
	n->base = object->depth;
	n->depth = 1;
	n->level[1] =
	    (struct level){ .node = &n->paths->root, .serial = ++n->serial };
	n->in_line = false;
	n->lines_seen = false;
	n->row_count = 0;
	n->problem[0] = '\0';
	clear_row(n, 0, 0);
	if (object->kind != OM_JSON_OBJECT)
		complain(n, OM_NO_CELL, object->offset,
		    "%s where an order is expected", kind_name(object->kind));
}

/* The first thing that is wrong is what the object is rejected for. */
static void
complain(struct om_nest *n, size_t column, uint64_t offset, const char *fmt,
    ...)
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

static struct cell *
cell_of(struct om_nest *n, size_t column)
{
	size_t row = n->paths->column[column].line ? n->row_count - 1 : 0;

	return &n->cell[row * n->columns + column];
}

/* Below a null, or a list without elements, everything is empty; what is in
 * the lines belongs to no line. */
static void
all_null(struct om_nest *n, const struct om_path_node *node, uint32_t at)
{
	if (node->lines)
		return;
	if (node->column != OM_NO_CELL) {
		struct cell *c = cell_of(n, node->column);

		if (c->state == CELL_MISSING) {
			c->state = CELL_NULL;
			c->at = at;
		}
	}
	for (size_t i = 0; i < node->kid_count; i++)
		all_null(n, node->kid[i], at);
	if (node->element != NULL)
		all_null(n, node->element, at);
}

static size_t
first_column(const struct om_path_node *node)
{
	if (node->column != OM_NO_CELL)
		return node->column;
	for (size_t i = 0; i < node->kid_count; i++) {
		size_t c = first_column(node->kid[i]);

		if (c != OM_NO_CELL)
			return c;
	}
	return node->element == NULL ? OM_NO_CELL : first_column(node->element);
}

static void
wrong_type(struct om_nest *n, const struct om_path_node *node,
    const struct om_json_token *t)
{
	const char *want = "a value";

	if (node->element != NULL)
		want = "an array";
	else if (node->kid_count > 0)
		want = "an object";
	complain(n, first_column(node), t->offset, "%s where %s is expected",
	    kind_name(t->kind), want);
}

/* A text that is added to what the cell holds. */
static void
add_up(struct om_nest *n, const struct om_path_column *c, struct cell *cell,
    struct om_str text)
{
	struct om_str first = { cell->own, cell->n };

	text = om_sum_add(&cell->sum, &n->arena, &c->format, first, text);
	cell->own = text.p;
	cell->n = (uint32_t)text.n;
	cell->state = CELL_OWN;
}

static void
set_cell(struct om_nest *n, size_t column, const struct om_json_token *t)
{
	const struct om_path_column *c = &n->paths->column[column];
	struct cell *cell = cell_of(n, column);
	struct om_str text = t->text;
	bool verbatim = t->verbatim;

	if (memchr(text.p, '\0', text.n) != NULL)
		complain(n, column, t->offset, "NUL byte");
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
		cell->state = CELL_RAW;
		cell->text = cell->at + (t->kind == OM_JSON_STRING);
		return;
	}
	if (t->kind == OM_JSON_STRING)
		text = om_str_dup(&n->arena, text);
	cell->own = text.p;
	cell->state = CELL_OWN;
}

/* A value that is neither object nor array. */
static void
scalar(struct om_nest *n, const struct om_path_node *node,
    const struct om_json_token *t)
{
	bool boolean = t->kind == OM_JSON_TRUE || t->kind == OM_JSON_FALSE;

	if (t->kind == OM_JSON_NULL) {
		if (node->lines)
			n->lines_seen = true;
		all_null(n, node, (uint32_t)(t->offset - n->offset));
	} else if (node->column == OM_NO_CELL ||
		   (boolean && !n->paths->column[node->column].boolean)) {
		wrong_type(n, node, t);
	} else {
		set_cell(n, node->column, t);
	}
}

static void
begin_line(struct om_nest *n, const struct om_json_token *t)
{
	uint32_t at = (uint32_t)(t->offset - n->offset);

	n->in_line = true;
	if (n->row_count < ROWS_MAX)
		n->row_count++;
	room(n, n->row_count);
	n->line_line[n->row_count - 1] = t->line;
	n->line_at[n->row_count - 1] = at;
	if (n->row_count > 1) {
		clear_row(n, n->row_count - 1, at);
		return;
	}
	for (size_t i = 0; i < n->columns; i++)
		if (n->paths->column[i].line)
			n->cell[i].at = at;
}

/* What is looked for where this value stands; NULL: nothing. */
static const struct om_path_node *
node_here(struct om_nest *n)
{
	struct level *l = &n->level[n->depth];
	const struct om_path_node *node = l->next;

	if (l->element)
		return l->node == NULL ? NULL : l->node->element;
	l->next = NULL;
	return node;
}

static bool
fits(const struct om_path_node *node, const struct om_json_token *t)
{
	return t->kind == OM_JSON_ARRAY ? node->element != NULL
					: node->kid_count > 0;
}

static void
enter(struct om_nest *n, const struct om_json_token *t)
{
	const struct om_path_node *node = node_here(n);
	const struct level *up = &n->level[n->depth];
	bool line = up->element && up->node != NULL && up->node->lines;
	bool keeps = node != NULL && node->column != OM_NO_CELL &&
		     n->paths->column[node->column].container;
	uint32_t at = (uint32_t)(t->offset - n->offset);

	if (line && t->kind == OM_JSON_OBJECT)
		begin_line(n, t);
	if (node != NULL && !fits(node, t)) {
		if (!keeps)
			wrong_type(n, node, t);
		node = keeps ? node : NULL;
	} else if (node != NULL && t->kind == OM_JSON_ARRAY) {
		if (node->lines)
			n->lines_seen = true;
		else
			all_null(n, node->element, at);
	}
	n->level[++n->depth] = (struct level){ .node = node,
		.at = at,
		.serial = ++n->serial,
		.element = t->kind == OM_JSON_ARRAY };
}

/* An object or array that is kept whole. */
static void
keep_whole(struct om_nest *n, const struct level *l,
    const struct om_json_token *end)
{
	struct cell *cell = cell_of(n, l->node->column);

	cell->state = CELL_RAW;
	cell->at = l->at;
	cell->text = l->at;
	cell->n = (uint32_t)(end->offset - n->offset) + 1 - l->at;
}

static void
leave(struct om_nest *n, const struct om_json_token *t)
{
	const struct level *l = &n->level[n->depth--];
	const struct level *up = &n->level[n->depth];

	if (l->node != NULL && l->node->column != OM_NO_CELL &&
	    n->paths->column[l->node->column].container)
		keep_whole(n, l, t);
	if (n->depth > 0 && up->element && up->node != NULL && up->node->lines)
		n->in_line = false;
}

/* A member begins: what is looked for in it. A second one of a name that is
 * looked for leaves open which of the two is meant. */
static void
name(struct om_nest *n, const struct om_json_token *t)
{
	struct level *l = &n->level[n->depth];

	l->next = NULL;
	if (l->node == NULL)
		return;
	for (size_t i = 0; i < l->node->kid_count; i++)
		if (l->node->hash[i] == t->hash)
			l->next = l->node->kid[i];
	if (l->next == NULL)
		return;
	if (n->seen[l->next->index] == l->serial)
		complain(n, first_column(l->next), t->offset,
		    "a second member of this name");
	n->seen[l->next->index] = l->serial;
}

void
om_nest_token(struct om_nest *n, const struct om_json_token *t)
{
	struct level *l = &n->level[n->depth];
	const struct om_path_node *node;

	switch (t->kind) {
	case OM_JSON_KEY:
		name(n, t);
		return;
	case OM_JSON_OBJECT:
	case OM_JSON_ARRAY:
		enter(n, t);
		return;
	case OM_JSON_OBJECT_END:
	case OM_JSON_ARRAY_END:
		leave(n, t);
		return;
	case OM_JSON_NULL:
	case OM_JSON_FALSE:
	case OM_JSON_TRUE:
	case OM_JSON_NUMBER:
	case OM_JSON_STRING:
		break;
	}
	node = node_here(n);
	if (node == NULL)
		return;
	if (l->element && l->node->lines)
		wrong_type(n, node, t);
	else
		scalar(n, node, t);
}

/* True: there is one. */
static bool
find_missing(struct om_nest *n, size_t row)
{
	for (size_t i = 0; i < n->columns; i++) {
		const struct om_path_column *c = &n->paths->column[i];
		const struct cell *cell = &n->cell[row * n->columns + i];

		if (!c->must || cell->state != CELL_MISSING ||
		    (c->line ? n->row_count == 0 : row > 0))
			continue;
		complain(n, i, n->offset + cell->at, "missing");
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
		complain(n, OM_NO_CELL, n->offset, "no array '%.*s'",
		    OM_FMT(n->paths->lines));
}

static void
make_row(struct om_nest *n, size_t row)
{
	size_t first = row * n->columns;

	for (size_t i = first; i < first + n->columns; i++) {
		const struct cell *c = &n->cell[i];

		n->cell_at[i] = c->at;
		n->text[i] = (struct om_str){ NULL, 0 };
		if (c->state == CELL_RAW)
			n->text[i] =
			    (struct om_str){ n->origin.raw.p + c->text, c->n };
		else if (c->state == CELL_OWN)
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
