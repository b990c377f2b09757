/* yaml_build.c - libfyaml's events into a tree; see yaml_build.h. */
#include "text/yaml_build.h"

#include <ctype.h>
#include <libfyaml.h>
#include <stdlib.h>

#define COMPLAINT_MAX 256

/* A tree node and what only the builder needs to know of it. */
struct node {
	struct om_yaml yaml;
	size_t weight; /* nodes in it with aliases written out */
};

struct anchor {
	struct anchor *next;
	struct om_str name;
	struct node *node;
};

/* One event, copied, so that libfyaml's can be freed at once. */
struct piece {
	enum fy_event_type type;
	int line;
	int column;
	struct om_str text; /* of a scalar; of an alias, the anchor's name */
	struct om_str anchor;
	bool tag;
};

struct builder {
	struct om_arena *arena;
	const char *path;
	struct om_err *err;
	struct fy_diag *diag;
	struct fy_parser *parser;
	struct anchor *anchors; /* newest first */
	int line;		/* of the last event that had a place */
	int column;
	int depth;
	char complaint[COMPLAINT_MAX]; /* what libfyaml says without a place */
};

/* Children in file order, growing in the arena. */
struct children {
	const struct om_yaml **keys;
	const struct om_yaml **items;
	size_t n;
	size_t cap;
	size_t weight;
};

/* Put the place before the message and return the code. */
static int
at(const struct builder *b, int line, int column)
{
	return om_wrap(b->err, "%s:%d:%d", b->path, line, column);
}

static int
refuse(const struct builder *b, const struct piece *p, const char *what)
{
	(void)om_fail(b->err, OM_EUSAGE, "%s", what);
	return at(b, p->line, p->column);
}

/* libfyaml would print this; the last of it is the most telling. */
static void
on_complaint(struct fy_diag *diag, void *user, const char *bytes, size_t n)
{
	struct builder *b = user;

	(void)diag;
	while (n > 0 && bytes[n - 1] == '\n')
		n--;
	snprintf(b->complaint, sizeof(b->complaint), "%.*s", (int)n, bytes);
}

static int
syntax_error(const struct builder *b)
{
	const struct fy_diag_error *first;
	const char *what = b->complaint;
	int line = b->line;
	int column = b->column;
	void *iter = NULL;

	first = fy_diag_errors_iterate(b->diag, &iter);
	if (first != NULL) {
		what = first->msg;
		line = first->line;
		column = first->column;
	}
	(void)om_fail(b->err, OM_EUSAGE, "%c%s", tolower((unsigned char)*what),
	    *what == '\0' ? "" : what + 1);
	return at(b, line, column);
}

static struct om_str
token_text(struct om_arena *arena, struct fy_token *token)
{
	size_t n = 0;
	const char *text = NULL;

	if (token != NULL)
		text = fy_token_get_text(token, &n);
	if (text == NULL)
		return OM_STR("");
	return om_str_dup(arena, (struct om_str){ text, n });
}

/* libfyaml's marks lie behind the first byte of an alias or quoted text. */
static bool
mark_is_inside(const struct fy_event *e)
{
	enum fy_scalar_style style;

	if (e->type != FYET_SCALAR || e->scalar.value == NULL)
		return e->type == FYET_ALIAS;
	style = fy_token_scalar_style(e->scalar.value);
	return style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
}

static int
take(struct builder *b, struct piece *out)
{
	struct fy_event *e = fy_parser_parse(b->parser);
	const struct fy_mark *mark;
	struct fy_token *anchor;

	if (e == NULL)
		return syntax_error(b);
	mark = fy_event_start_mark(e);
	if (mark != NULL) {
		b->line = mark->line + 1;
		b->column = mark->column + !mark_is_inside(e);
	}
	*out = (struct piece){ .type = e->type,
		.line = b->line,
		.column = b->column };
	if (e->type == FYET_SCALAR)
		out->text = token_text(b->arena, e->scalar.value);
	else if (e->type == FYET_ALIAS)
		out->text = token_text(b->arena, e->alias.anchor);
	anchor = fy_event_get_anchor_token(e);
	if (anchor != NULL && e->type != FYET_ALIAS)
		out->anchor = token_text(b->arena, anchor);
	out->tag = fy_event_get_tag_token(e) != NULL;
	fy_parser_event_free(b->parser, e);
	return 0;
}

static void
add_child(struct builder *b, struct children *c, const struct node *key,
    const struct node *item)
{
	if (c->n == c->cap) {
		size_t cap = c->cap == 0 ? 8 : 2 * c->cap;
		const struct om_yaml **keys =
		    om_alloc(b->arena, cap * sizeof(const struct om_yaml *));
		const struct om_yaml **items =
		    om_alloc(b->arena, cap * sizeof(const struct om_yaml *));

		for (size_t i = 0; i < c->n; i++) {
			keys[i] = c->keys[i];
			items[i] = c->items[i];
		}
		c->keys = keys;
		c->items = items;
		c->cap = cap;
	}
	c->keys[c->n] = key == NULL ? NULL : &key->yaml;
	c->items[c->n] = &item->yaml;
	c->n++;
	c->weight += item->weight;
}

static int
by_text_then_place(const void *x, const void *y)
{
	const struct om_yaml *a = *(const struct om_yaml *const *)x;
	const struct om_yaml *b = *(const struct om_yaml *const *)y;
	int d = om_str_cmp(a->text, b->text);

	if (d == 0)
		d = (a->line > b->line) - (a->line < b->line);
	return d != 0 ? d : (a->column > b->column) - (a->column < b->column);
}

static int
refuse_duplicates(struct builder *b, const struct om_yaml *map)
{
	size_t size = map->count * sizeof(const struct om_yaml *);
	const struct om_yaml **sorted = om_alloc(b->arena, size + 1);

	for (size_t i = 0; i < map->count; i++)
		sorted[i] = map->keys[i];
	qsort(sorted, map->count, sizeof(*sorted), by_text_then_place);
	for (size_t i = 1; i < map->count; i++) {
		const struct om_yaml *one = sorted[i - 1];
		const struct om_yaml *two = sorted[i];

		if (!om_str_eq(one->text, two->text))
			continue;
		(void)om_fail(b->err, OM_EUSAGE,
		    "key '%.*s' is already in line %d", OM_FMT(two->text),
		    one->line);
		return at(b, two->line, two->column);
	}
	return 0;
}

static int build(struct builder *b, const struct piece *p, struct node **out);

static int
build_key(struct builder *b, const struct piece *p, struct node **out)
{
	if (p->type != FYET_SCALAR)
		return refuse(b, p, "a key must be text");
	return build(b, p, out);
}

/* The rest of a map or list behind its start. */
static int
build_children(struct builder *b, const struct piece *start, struct children *c)
{
	bool map = start->type == FYET_MAPPING_START;
	enum fy_event_type end = map ? FYET_MAPPING_END : FYET_SEQUENCE_END;

	for (;;) {
		struct node *key = NULL;
		struct node *item = NULL;
		struct piece p;
		int rc = take(b, &p);

		if (rc == 0 && p.type == end)
			return 0;
		if (rc == 0 && map && (rc = build_key(b, &p, &key)) == 0)
			rc = take(b, &p);
		if (rc == 0)
			rc = build(b, &p, &item);
		if (rc < 0)
			return rc;
		add_child(b, c, key, item);
		if (c->weight > OM_YAML_NODES_MAX)
			return refuse(b, &p, "the aliases make too many nodes");
	}
}

static int
build_collection(struct builder *b, const struct piece *p, struct node *node)
{
	struct children c = { 0 };
	int rc;

	if (b->depth == OM_YAML_DEPTH_MAX)
		return refuse(b, p, "nested too deeply");
	b->depth++;
	rc = build_children(b, p, &c);
	b->depth--;
	if (rc < 0)
		return rc;
	node->weight += c.weight;
	node->yaml.items = c.items;
	node->yaml.count = c.n;
	if (p->type == FYET_SEQUENCE_START) {
		node->yaml.kind = OM_YAML_LIST;
		return 0;
	}
	node->yaml.kind = OM_YAML_MAP;
	node->yaml.keys = c.keys;
	return refuse_duplicates(b, &node->yaml);
}

static int
find_anchor(struct builder *b, const struct piece *p, struct node **out)
{
	for (const struct anchor *a = b->anchors; a != NULL; a = a->next)
		if (om_str_eq(a->name, p->text)) {
			*out = a->node;
			return 0;
		}
	(void)om_fail(b->err, OM_EUSAGE, "no anchor '%.*s' before this",
	    OM_FMT(p->text));
	return at(b, p->line, p->column);
}

/* An anchor is known when its node is complete: no node contains itself. */
static void
remember_anchor(struct builder *b, const struct piece *p, struct node *node)
{
	struct anchor *a;

	if (p->anchor.n == 0)
		return;
	a = om_new(b->arena, struct anchor);
	*a = (struct anchor){ b->anchors, p->anchor, node };
	b->anchors = a;
}

static int
build(struct builder *b, const struct piece *p, struct node **out)
{
	struct node *node;
	int rc = 0;

	if (p->type == FYET_ALIAS)
		return find_anchor(b, p, out);
	if (p->tag)
		return refuse(b, p, "tags have no meaning here");
	node = om_new(b->arena, struct node);
	node->yaml.line = p->line;
	node->yaml.column = p->column;
	node->weight = 1;
	if (p->type == FYET_SCALAR)
		node->yaml.text = p->text;
	else
		rc = build_collection(b, p, node);
	if (rc < 0)
		return rc;
	remember_anchor(b, p, node);
	*out = node;
	return 0;
}

static struct node *
empty_map(struct builder *b)
{
	struct node *node = om_new(b->arena, struct node);

	node->yaml = (struct om_yaml){ .kind = OM_YAML_MAP };
	node->yaml.line = 1;
	node->yaml.column = 1;
	return node;
}

static int
build_document(struct builder *b, struct node **out)
{
	struct piece p = { 0 };
	int rc;

	do {
		rc = take(b, &p);
		if (rc == 0 && p.type == FYET_STREAM_END) {
			*out = empty_map(b);
			return 0;
		}
	} while (rc == 0 && p.type != FYET_DOCUMENT_START);
	if (rc == 0 && (rc = take(b, &p)) == 0)
		rc = build(b, &p, out);
	if (rc == 0 && p.type == FYET_SCALAR && p.text.n == 0)
		*out = empty_map(b); /* "---" alone */
	while (rc == 0 && p.type != FYET_STREAM_END) {
		rc = take(b, &p);
		if (rc == 0 && p.type == FYET_DOCUMENT_START)
			rc = refuse(b, &p, "only one document is allowed");
	}
	return rc;
}

/* Errors are collected with their places; what has none is a complaint. */
static struct fy_diag *
quiet_diag(struct builder *b)
{
	struct fy_diag_cfg cfg;
	struct fy_diag *diag;

	fy_diag_cfg_default(&cfg);
	cfg.fp = NULL;
	cfg.output_fn = on_complaint;
	cfg.user = b;
	cfg.colorize = false;
	cfg.show_source = cfg.show_position = false;
	cfg.show_type = cfg.show_module = false;
	diag = fy_diag_create(&cfg);
	if (diag != NULL)
		fy_diag_set_collect_errors(diag, true);
	return diag;
}

int
om_yaml_build(struct om_arena *arena, const char *path, struct om_str text,
    const struct om_yaml **out, struct om_err *err)
{
	struct builder b = {
		.arena = arena,
		.path = path,
		.err = err,
		.line = 1,
		.column = 1,
		.complaint = "not understood",
	};
	struct fy_parse_cfg cfg = { .flags = FYPCF_JSON_NONE };
	struct node *root = NULL;
	int rc;

	b.diag = cfg.diag = quiet_diag(&b);
	b.parser = b.diag == NULL ? NULL : fy_parser_create(&cfg);
	if (b.parser == NULL ||
	    fy_parser_set_string(b.parser, text.p, text.n) != 0)
		rc = om_fail(err, OM_EIO, "cannot start libfyaml");
	else
		rc = build_document(&b, &root);
	if (b.parser != NULL)
		fy_parser_destroy(b.parser);
	if (b.diag != NULL)
		fy_diag_destroy(b.diag);
	if (rc == 0)
		*out = &root->yaml;
	return rc;
}
