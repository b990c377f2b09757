/* path.c - see path.h. */
#include "feed/path.h"

#include <stdio.h>
#include <string.h>

#include "feed/row.h"
#include "text/json_read.h"

struct part {
	struct om_str name;
	bool array; /* "[]" behind it */
};

struct walk {
	struct om_feed *feed;
	struct om_paths *paths;
	struct om_str *name;
	size_t cap;
};

/* One name up to a dot, "[]" or the end; *at moves behind it. */
static bool
split_part(struct om_arena *arena, struct om_str path, size_t *at,
    struct part *out)
{
	char *name = om_alloc(arena, path.n + 1);
	size_t n = 0;
	size_t i = *at;

	while (i < path.n && path.p[i] != '.' && path.p[i] != '[') {
		if (path.p[i] == '\\' && ++i == path.n)
			return false;
		name[n++] = path.p[i++];
	}
	out->name = (struct om_str){ name, n };
	out->array = i + 1 < path.n && path.p[i] == '[' && path.p[i + 1] == ']';
	if (out->array)
		i += 2;
	if (n == 0 || (i < path.n && path.p[i] != '.'))
		return false;
	if (i < path.n && ++i == path.n)
		return false;
	*at = i;
	return true;
}

static bool
split(struct om_arena *arena, struct om_str path,
    struct part out[OM_PATH_DEPTH_MAX], size_t *out_count)
{
	size_t at = 0;

	*out_count = 0;
	do {
		if (*out_count == OM_PATH_DEPTH_MAX ||
		    !split_part(arena, path, &at, &out[(*out_count)++]))
			return false;
	} while (at < path.n);
	return true;
}

bool
om_path_split(struct om_arena *arena, struct om_str path, struct om_str *out,
    size_t *out_count)
{
	struct part part[OM_PATH_DEPTH_MAX];

	if (!split(arena, path, part, out_count))
		return false;
	for (size_t i = 0; i < *out_count; i++) {
		if (part[i].array)
			return false;
		out[i] = part[i].name;
	}
	return true;
}

static int
fail(const struct om_feed *feed, const struct om_value *v, struct om_err *err,
    const char *why, struct om_str what)
{
	if (v != NULL && v->at_line > 0)
		return om_fail(err, OM_EUSAGE, "%s:%d:%d: %s '%.*s'",
		    feed->path, v->at_line, v->at_column, why, OM_FMT(what));
	return om_fail(err, OM_EUSAGE, "%s: %s '%.*s'", feed->path, why,
	    OM_FMT(what));
}

static struct om_path_node *
new_node(struct walk *w, struct om_str name)
{
	struct om_path_node *node =
	    om_new(&w->feed->arena, struct om_path_node);

	node->index = ++w->paths->node_count;

	node->name = name;
	node->column = OM_NO_CELL;
	return node;
}

/* Kids are few: their lists are written anew for each. */
static struct om_path_node *
member(struct walk *w, struct om_path_node *node, struct om_str name)
{
	struct om_arena *arena = &w->feed->arena;
	struct om_path_node **kid;
	uint64_t *hash;
	size_t n = node->kid_count;

	for (size_t i = 0; i < n; i++)
		if (om_str_eq(node->kid[i]->name, name))
			return node->kid[i];
	kid = om_alloc(arena, (n + 1) * sizeof(*kid));
	hash = om_alloc(arena, (n + 1) * sizeof(*hash));
	for (size_t i = 0; i < n; i++) {
		kid[i] = node->kid[i];
		hash[i] = node->hash[i];
	}
	kid[n] = new_node(w, name);
	hash[n] = om_json_key_hash(name);
	node->kid = kid;
	node->hash = hash;
	node->kid_count = n + 1;
	return kid[n];
}

/* The node of a path; *out_arrays of them are on the way, the first of them at
 * *out_first. */
static bool
descend(struct walk *w, struct om_str path, struct om_path_node **out,
    struct om_path_node **out_first, size_t *out_arrays)
{
	struct om_arena *arena = &w->feed->arena;
	struct part part[OM_PATH_DEPTH_MAX];
	struct om_path_node *node = &w->paths->root;
	size_t n;

	*out_arrays = 0;
	*out_first = NULL;
	if (!split(arena, path, part, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		node = member(w, node, part[i].name);
		if (!part[i].array)
			continue;
		if ((*out_arrays)++ == 0)
			*out_first = node;
		if (node->element == NULL)
			node->element = new_node(w, OM_STR(""));
		node = node->element;
	}
	*out = node;
	return true;
}

static struct om_path_column *
column_of(struct walk *w, struct om_path_node *node, struct om_str path)
{
	if (node->column == OM_NO_CELL) {
		node->column = w->paths->count++;
		w->name[node->column] = path;
	}
	return &w->paths->column[node->column];
}

/* The array whose elements are lines: the first in the path of each fact of
 * the line. */
static int
mark_lines(struct walk *w, const struct om_value *v, struct om_path_node *first,
    struct om_err *err)
{
	struct om_paths *p = w->paths;
	size_t n;

	if (first->lines)
		return 0;
	if (p->nested)
		return fail(w->feed, v, err,
		    "the lines cannot stand in two places: not in", v->from);
	n = (size_t)(strstr(v->from.p, "[]") - v->from.p);
	first->lines = true;
	p->nested = true;
	p->lines = (struct om_str){ v->from.p, n };
	return 0;
}

static int
add_fact(struct walk *w, enum om_field field, struct om_err *err)
{
	const struct om_value *v = &w->feed->value[field];
	enum om_field_type type = om_field_row(field)->type;
	bool line = field >= OM_F_ORDER_COUNT;
	bool number = type == OM_TYPE_AMOUNT || type == OM_TYPE_NUMBER ||
		      type == OM_TYPE_QUANTITY || type == OM_TYPE_PRICE;
	struct om_path_node *node;
	struct om_path_node *first;
	struct om_path_column *c;
	size_t arrays;

	if (!v->mapped || v->from.p == NULL)
		return 0;
	if (!descend(w, v->from, &node, &first, &arrays))
		return fail(w->feed, v, err, "bad path", v->from);
	if (line && arrays > 0 && mark_lines(w, v, first, err) < 0)
		return err->code;
	if (!line && first != NULL && first->lines)
		return fail(w->feed, v, err,
		    "a fact of the order cannot stand in the lines:", v->from);
	if (arrays > (line ? 1 : 0) && type != OM_TYPE_AMOUNT)
		return fail(w->feed, v, err,
		    "only amounts are added up over an array, not", v->from);
	c = column_of(w, node, v->from);
	c->line = line && arrays > 0;
	c->sum = arrays > (line ? 1 : 0);
	c->must =
	    c->must || (v->need != OM_NEED_NOTHING && v->fallback.p == NULL);
	c->boolean = c->boolean || type == OM_TYPE_BOOL || v->rule_count > 0;
	if (number && !c->number) {
		c->number = true;
		c->format.decimal =
		    v->decimal != 0 ? v->decimal : w->feed->decimal;
		c->format.thousands =
		    v->thousands != 0 ? v->thousands : w->feed->thousands;
	}
	return 0;
}

/* With an array of lines every mapped fact of a line stands in it. */
static int
check_lines(const struct walk *w, struct om_err *err)
{
	for (int i = OM_F_ORDER_COUNT; i < OM_F_COUNT; i++) {
		const struct om_value *v = &w->feed->value[i];

		if (v->mapped && v->from.p != NULL && w->paths->nested &&
		    strstr(v->from.p, "[]") == NULL)
			return fail(w->feed, v, err,
			    "a fact of the line must stand in the lines:",
			    v->from);
	}
	return 0;
}

static int
add_kept(struct walk *w, struct om_err *err)
{
	struct om_feed *feed = w->feed;

	if (feed->keep == OM_KEEP_ALL)
		return fail(feed, NULL, err,
		    "of a document only named paths can be kept, not",
		    OM_STR("attributes: keep"));
	for (size_t i = 0; i < feed->keep_count; i++) {
		struct om_path_node *node;
		struct om_path_node *first;
		struct om_path_column *c;
		size_t arrays;

		if (!descend(w, feed->keep_list[i], &node, &first, &arrays) ||
		    arrays > 0)
			return fail(feed, NULL, err, "bad path",
			    feed->keep_list[i]);
		c = column_of(w, node, feed->keep_list[i]);
		c->boolean = true;
		c->container = true;
	}
	return 0;
}

int
om_paths_compile(struct om_feed *feed, struct om_err *err)
{
	struct walk w = { .feed = feed };
	size_t cap = OM_F_COUNT + feed->keep_count;

	w.paths = om_new(&feed->arena, struct om_paths);
	w.paths->root.column = OM_NO_CELL;
	w.name = om_alloc(&feed->arena, cap * sizeof(*w.name));
	w.paths->column =
	    om_alloc(&feed->arena, cap * sizeof(*w.paths->column));
	/* The lines first: the facts of the order keep out of their array. */
	for (int i = OM_F_COUNT; i-- > 0;)
		if (add_fact(&w, (enum om_field)i, err) < 0)
			return err->code;
	if (check_lines(&w, err) < 0 || add_kept(&w, err) < 0)
		return err->code;
	w.paths->name = w.name;
	feed->paths = w.paths;
	return 0;
}
