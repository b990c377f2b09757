/* feed.c - feeds by name and from files; see feed.h. */
#include "feed/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/compile.h"
#include "feed/profile.h"

static struct om_feed *
feed_new(const char *path)
{
	struct om_feed *feed = calloc(1, sizeof(*feed));

	if (feed == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	feed->path = om_strndup(&feed->arena, path, strlen(path));
	feed->tax = OM_TAX_ADDED;
	feed->rounding = OM_ROUND_HALF_EVEN;
	om_compile_http_init(&feed->http);
	for (unsigned i = 0; i < OM_FEED_SOURCES_MAX; i++) {
		feed->dialect[i].header = true;
		feed->dialect[i].csv.delimiter = ',';
		feed->dialect[i].csv.quote = '"';
	}
	return feed;
}

/* "conf/acme.yaml" is the feed acme unless it says its own name. */
static const char *
name_of(struct om_arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash == NULL ? path : slash + 1;
	const char *dot = strrchr(base, '.');
	size_t n =
	    dot == NULL || dot == base ? strlen(base) : (size_t)(dot - base);

	return om_strndup(arena, base, n);
}

/* Whether a block says itself how its files are read: then it reads the one
 * format that it speaks of. */
static bool
reads_itself(const struct om_yaml *root)
{
	static const char *const keys[] = { "columns", "lines", "revision",
		"attributes", "shape", "items" };

	for (size_t i = 0; i < root->count; i++) {
		struct om_str key = root->keys[i]->text;

		for (size_t k = 0; k < OM_COUNT(keys); k++)
			if (om_str_is(key, keys[k]))
				return true;
		if (om_compile_is_dialect(key))
			return true;
	}
	return false;
}

/* The feed for files that turn out to be JSON. root: the block that overrides
 * parts of the profile, or NULL. */
static int
add_json(struct om_feed *feed, const struct om_yaml *root, struct om_err *err)
{
	struct om_feed *json OM_AUTO(om_feed_free) = NULL;
	struct om_compiler c = { NULL, feed->path };
	bool own = root != NULL && om_yaml_get(root, "json") != NULL;

	if (feed->json_name == NULL ||
	    (root != NULL && !own && reads_itself(root)))
		return 0;
	json = feed_new(feed->path);
	c.feed = json;
	if (om_profile_apply(json, feed->json_name, err) < 0 ||
	    (root != NULL && !own && om_compile_over(&c, root, err) < 0) ||
	    om_compile_check(json, err) < 0)
		return err->code;
	json->name = feed->name;
	feed->json = json;
	json = NULL;
	return 0;
}

int
om_feed_builtin(const char *name, struct om_feed **out, struct om_err *err)
{
	struct om_feed *feed OM_AUTO(om_feed_free) = feed_new(name);

	if (om_profile_apply(feed, name, err) < 0 ||
	    om_compile_check(feed, err) < 0 || add_json(feed, NULL, err) < 0)
		return err->code;
	*out = feed;
	feed = NULL;
	return 0;
}

/* name is that of a feed which does not say its own. */
static int
compile(struct om_feed *feed, const char *name, const struct om_yaml *root,
    struct om_err *err)
{
	struct om_compiler c = { feed, feed->path };

	if (om_compile_feed(&c, root, err) < 0 ||
	    om_compile_check(feed, err) < 0)
		return err->code;
	if (root->kind == OM_YAML_MAP && om_yaml_get(root, "name") == NULL)
		feed->name = name;
	return add_json(feed, root, err);
}

int
om_feed_load(const char *path, struct om_feed **out, struct om_err *err)
{
	struct om_feed *feed OM_AUTO(om_feed_free) = feed_new(path);
	const struct om_yaml *root;

	if (om_yaml_load(&feed->arena, path, &root, err) < 0 ||
	    compile(feed, name_of(&feed->arena, path), root, err) < 0)
		return err->code;
	*out = feed;
	feed = NULL;
	return 0;
}

int
om_feed_compile(const char *name, const char *path, const struct om_yaml *block,
    struct om_feed **out, struct om_err *err)
{
	struct om_feed *feed OM_AUTO(om_feed_free) = feed_new(path);

	if (compile(feed, om_strndup(&feed->arena, name, strlen(name)), block,
		err) < 0)
		return err->code;
	*out = feed;
	feed = NULL;
	return 0;
}

void
om_feed_free(struct om_feed **feed)
{
	if (*feed == NULL)
		return;
	om_feed_free(&(*feed)->json);
	om_arena_clear(&(*feed)->arena);
	free(*feed);
	*feed = NULL;
}

const char *
om_feed_name(const struct om_feed *feed)
{
	return feed->name;
}

enum om_feed_kind
om_feed_kind_of(const struct om_feed *feed)
{
	return feed->kind;
}

unsigned
om_feed_sources(const struct om_feed *feed)
{
	return feed->shape == OM_SHAPE_JOINED ? 2 : 1;
}
