/* compile.c - the keys of a feed's block; see compile.h. */
#include "feed/compile.h"

#include <string.h>

#include "feed/path.h"
#include "feed/profile.h"
#include "feed/zone.h"

static int
set_name(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	struct om_str name;

	(void)target;
	if (om_compile_text(c, node, &name, err) < 0)
		return err->code;
	if (name.n == 0)
		return om_compile_fail(c, node, err, "empty name");
	c->feed->name = name.p;
	return 0;
}

static int
set_kind(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	static const char *const words[] = { "orders", "payments" };
	int kind;

	(void)target;
	if (om_compile_word(c, node, words, OM_COUNT(words), &kind, err) < 0)
		return err->code;
	c->feed->kind = (enum om_feed_kind)kind;
	return 0;
}

static int
set_shape(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	static const char *const words[] = { "orders", "lines", "joined",
		"auto", "nested" };
	int shape;

	(void)target;
	if (om_compile_word(c, node, words, OM_COUNT(words), &shape, err) < 0)
		return err->code;
	c->feed->shape = (enum om_shape)shape;
	return 0;
}

static int
set_channel(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	(void)target;
	return om_compile_text(c, node, &c->feed->channel, err);
}

static int
set_currency(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	(void)target;
	return om_compile_text(c, node, &c->feed->currency, err);
}

static int
set_decimal(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	(void)target;
	return om_compile_decimal(c, node, &c->feed->decimal, err);
}

static int
set_thousands(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	(void)target;
	return om_compile_decimal(c, node, &c->feed->thousands, err);
}

static int
set_date(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	(void)target;
	return om_compile_date(c, node, &c->feed->date, err);
}

static int
set_timezone(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_err why = { 0 };
	struct om_str name;

	(void)target;
	if (om_compile_text(c, node, &name, err) < 0)
		return err->code;
	if (om_zone_find(&c->feed->arena, name, &c->feed->zone, &why) < 0)
		return om_compile_fail(c, node, err, "%s", why.msg);
	c->feed->zone_name = name.p;
	return 0;
}

static int
set_rounding(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	static const char *const words[] = { "half-even", "half-up", "floor",
		"truncate", "exact" };
	int mode;

	(void)target;
	if (om_compile_word(c, node, words, OM_COUNT(words), &mode, err) < 0)
		return err->code;
	(void)om_rounding_find(om_str_of(words[mode]), &c->feed->rounding);
	return 0;
}

static int
set_tolerance(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_err why = { 0 };
	struct om_str text;
	int64_t value;

	(void)target;
	if (om_compile_text(c, node, &text, err) < 0)
		return err->code;
	if (om_decimal_parse(text, OM_TOLERANCE_PLACES, OM_ROUND_EXACT, NULL,
		&value, &why) < 0)
		return om_compile_fail(c, node, err, "%s", why.msg);
	if (value < 0)
		return om_compile_fail(c, node, err, "negative tolerance '%s'",
		    text.p);
	c->feed->tolerance = value;
	return 0;
}

static int
set_tax(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	static const char *const words[] = { "added", "included", "auto" };
	int mode;

	(void)target;
	if (om_compile_word(c, node, words, OM_COUNT(words), &mode, err) < 0)
		return err->code;
	c->feed->tax = (enum om_tax_mode)mode;
	return 0;
}

static int
set_clash(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	static const char *const words[] = { "reject", "replace", "keep" };
	int word;

	(void)target;
	if (om_compile_word(c, node, words, OM_COUNT(words), &word, err) < 0)
		return err->code;
	c->feed->clash = (enum om_clash)word;
	return 0;
}

static int
set_revision(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	(void)target;
	return om_compile_value(c, OM_F_REVISION, node,
	    &c->feed->value[OM_F_REVISION], err);
}

/* keep, drop, or the columns to keep. */
static int
set_attributes(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	static const char *const words[] = { "drop", "keep" };
	struct om_feed *feed = c->feed;
	struct om_str *list;
	int word;

	(void)target;
	if (node->kind != OM_YAML_LIST) {
		if (om_compile_word(c, node, words, OM_COUNT(words), &word,
			err) < 0)
			return err->code;
		feed->keep = word == 1 ? OM_KEEP_ALL : OM_KEEP_NONE;
		return 0;
	}
	list = om_alloc(&feed->arena, node->count * sizeof(*list));
	for (size_t i = 0; i < node->count; i++)
		if (om_compile_text(c, node->items[i], &list[i], err) < 0)
			return err->code;
	feed->keep = OM_KEEP_LIST;
	feed->keep_list = list;
	feed->keep_count = node->count;
	return 0;
}

/* A path, or several of which a file may have any. */
static int
set_items(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	const struct om_yaml *const *items = node->items;
	size_t n = node->count;
	struct om_str part[OM_PATH_DEPTH_MAX];
	struct om_str *list;
	size_t parts;

	(void)target;
	if (node->kind != OM_YAML_LIST) {
		items = &node;
		n = 1;
	}
	list = om_alloc(&c->feed->arena, (n + 1) * sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		if (om_compile_text(c, items[i], &list[i], err) < 0)
			return err->code;
		if (!om_path_split(&c->feed->arena, list[i], part, &parts))
			return om_compile_fail(c, items[i], err,
			    "bad path '%s'", list[i].p);
	}
	c->feed->items = list;
	c->feed->item_count = n;
	return 0;
}

static int
set_json(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	struct om_str name;

	(void)target;
	if (om_compile_text(c, node, &name, err) < 0)
		return err->code;
	c->feed->json_name = name.p;
	return 0;
}

/* Which of the two kinds of facts a block of columns may hold. */
struct block {
	bool lines; /* of the lines of shape joined */
};

static int
set_columns(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	const struct block *block = target;

	if (node->kind != OM_YAML_MAP)
		return om_compile_fail(c, node, err,
		    "facts and their columns expected");
	for (size_t i = 0; i < node->count; i++) {
		const struct om_yaml *key = node->keys[i];
		enum om_field field;
		const char *near;

		if (!om_field_find(key->text, &field)) {
			near = om_field_nearest(key->text);
			return om_compile_fail(c, key, err,
			    near == NULL
				? "no such fact '%.*s'"
				: "no such fact '%.*s', did you mean '%s'",
			    OM_FMT(key->text), near);
		}
		if (block->lines &&
		    (om_field_row(field)->use & OM_USE_LINE) == 0)
			return om_compile_fail(c, key, err,
			    "'%.*s' belongs to the orders, not to the lines",
			    OM_FMT(key->text));
		if (om_compile_value(c, field, node->items[i],
			&c->feed->value[field], err) < 0)
			return err->code;
	}
	return 0;
}

static int
set_key(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	(void)target;
	return om_compile_value(c, OM_F_REFERENCE, node, &c->feed->key, err);
}

/* The dialect was read before the other keys: see om_compile_feed(). */
#define DIALECT_KEYS                                                           \
	{ "format", NULL }, { "delimiter", NULL }, { "quote", NULL },          \
	    { "escape", NULL }, { "header", NULL }, { "skip", NULL },          \
	    { "comment", NULL }, { "trailing-delimiter", NULL },               \
	    { "encoding", NULL },                                              \
	{                                                                      \
		"fields", NULL                                                 \
	}

static const struct om_key line_keys[] = {
	DIALECT_KEYS,
	{ "source", NULL },
	{ "key", set_key },
	{ "columns", set_columns },
};

static int
set_lines(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	struct block block = { .lines = true };

	(void)target;
	if (om_compile_map(c, node, line_keys, OM_COUNT(line_keys), &block,
		err) < 0)
		return err->code;
	return om_compile_dialect(c, node, &c->feed->dialect[1], err);
}

static const struct om_key keys[] = {
	DIALECT_KEYS,
	{ "profile", NULL },
	{ "source", om_compile_source },
	{ "http", om_compile_http },
	{ "name", set_name },
	{ "kind", set_kind },
	{ "shape", set_shape },
	{ "lines", set_lines },
	{ "channel", set_channel },
	{ "currency", set_currency },
	{ "decimal", set_decimal },
	{ "thousands", set_thousands },
	{ "date", set_date },
	{ "timezone", set_timezone },
	{ "rounding", set_rounding },
	{ "tolerance", set_tolerance },
	{ "revision", set_revision },
	{ "on-conflict", set_clash },
	{ "tax", set_tax },
	{ "columns", set_columns },
	{ "attributes", set_attributes },
	{ "totals", om_compile_totals },
	{ "sequence", om_compile_sequence },
	{ "items", set_items },
	{ "json", set_json },
};

static int
apply_profile(const struct om_compiler *c, const struct om_yaml *node,
    struct om_err *err)
{
	struct om_err why = { 0 };
	struct om_str name;

	if (om_compile_text(c, node, &name, err) < 0)
		return err->code;
	if (om_profile_apply(c->feed, name.p, &why) < 0)
		return om_compile_fail(c, node, err, "%s", why.msg);
	return 0;
}

int
om_compile_feed(const struct om_compiler *c, const struct om_yaml *root,
    struct om_err *err)
{
	struct block block = { .lines = false };
	const struct om_yaml *profile;

	if (root->kind != OM_YAML_MAP)
		return om_compile_fail(c, root, err,
		    "a feed is a block of keys and values");
	profile = om_yaml_get(root, "profile");
	if (profile != NULL && apply_profile(c, profile, err) < 0)
		return err->code;
	for (unsigned i = 0; i < OM_FEED_SOURCES_MAX; i++)
		if (om_compile_dialect(c, root, &c->feed->dialect[i], err) < 0)
			return err->code;
	return om_compile_map(c, root, keys, OM_COUNT(keys), &block, err);
}

int
om_compile_over(const struct om_compiler *c, const struct om_yaml *root,
    struct om_err *err)
{
	struct block block = { .lines = false };

	return om_compile_map(c, root, keys, OM_COUNT(keys), &block, err);
}
