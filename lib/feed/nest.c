/* nest.c - the tokens of an object, led to their cells; see nest.h. */
#include "feed/nest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/nest_parts.h"

#define ROWS_MAX (OM_ORDER_LINES_MAX + 1)

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
	struct om_nest_cell *c = &n->cell[row * n->columns];

	for (size_t i = 0; i < n->columns; i++)
		c[i] = (struct om_nest_cell){ .at = at };
}

void
om_nest_begin(struct om_nest *n, const struct om_json_token *object)
{
	om_arena_reset(&n->arena);
	n->offset = object->offset;
	n->depth = 1;
	n->level[1] = (struct om_nest_level){ .node = &n->paths->root,
		.serial = ++n->serial };
	n->in_line = false;
	n->lines_seen = false;
	n->row_count = 0;
	n->problem[0] = '\0';
	clear_row(n, 0, 0);
	if (object->kind != OM_JSON_OBJECT)
		om_nest_complain(n, OM_NO_CELL, object->offset,
		    "%s where an order is expected",
		    om_nest_kind(object->kind));
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
	struct om_nest_level *l = &n->level[n->depth];
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
	const struct om_nest_level *up = &n->level[n->depth];
	bool line = up->element && up->node != NULL && up->node->lines;
	bool keeps = node != NULL && node->column != OM_NO_CELL &&
		     n->paths->column[node->column].container;
	uint32_t at = (uint32_t)(t->offset - n->offset);

	if (line && t->kind == OM_JSON_OBJECT)
		begin_line(n, t);
	if (node != NULL && !fits(node, t)) {
		if (!keeps)
			om_nest_wrong_type(n, node, t);
		node = keeps ? node : NULL;
	} else if (node != NULL && t->kind == OM_JSON_ARRAY) {
		if (node->lines)
			n->lines_seen = true;
		else
			om_nest_all_null(n, node->element, at);
	}
	n->level[++n->depth] = (struct om_nest_level){ .node = node,
		.at = at,
		.serial = ++n->serial,
		.element = t->kind == OM_JSON_ARRAY };
}

static void
leave(struct om_nest *n, const struct om_json_token *t)
{
	const struct om_nest_level *l = &n->level[n->depth--];
	const struct om_nest_level *up = &n->level[n->depth];

	if (l->node != NULL && l->node->column != OM_NO_CELL &&
	    n->paths->column[l->node->column].container)
		om_nest_keep_whole(n, l, t);
	if (n->depth > 0 && up->element && up->node != NULL && up->node->lines)
		n->in_line = false;
}

/* A member begins: what is looked for in it. A second one of a name that is
 * looked for leaves open which of the two is meant. */
static void
name(struct om_nest *n, const struct om_json_token *t)
{
	struct om_nest_level *l = &n->level[n->depth];

	l->next = NULL;
	if (l->node == NULL)
		return;
	for (size_t i = 0; i < l->node->kid_count; i++)
		if (l->node->hash[i] == t->hash)
			l->next = l->node->kid[i];
	if (l->next == NULL)
		return;
	if (n->seen[l->next->index] == l->serial)
		om_nest_complain(n, om_nest_first_column(l->next), t->offset,
		    "a second member of this name");
	n->seen[l->next->index] = l->serial;
}

void
om_nest_token(struct om_nest *n, const struct om_json_token *t)
{
	struct om_nest_level *l = &n->level[n->depth];
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
		om_nest_wrong_type(n, node, t);
	else
		om_nest_scalar(n, node, t);
}
