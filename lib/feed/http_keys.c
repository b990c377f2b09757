/* http_keys.c - the kinds of values that a transport is made of; see
 * http_keys.h. */
#include "feed/http_keys.h"

#include <string.h>

#include "base/time.h"

#define KEYS_MAX 48

static int
set_text(const struct om_compiler *c, const struct om_yaml *node,
    const char **out, struct om_err *err)
{
	struct om_str text;

	if (om_compile_text(c, node, &text, err) < 0)
		return err->code;
	if (text.n == 0)
		return om_compile_fail(c, node, err, "empty text");
	*out = om_str_is(text, "null") ? NULL : text.p;
	return 0;
}

/* A relative path starts from the folder of the file that names it. */
static int
set_path(const struct om_compiler *c, const struct om_yaml *node,
    const char **out, struct om_err *err)
{
	const char *slash = strrchr(c->path, '/');
	const char *text = NULL;
	char *path;
	size_t n;

	if (set_text(c, node, &text, err) < 0)
		return err->code;
	*out = text;
	if (text == NULL || text[0] == '/' || slash == NULL)
		return 0;
	n = (size_t)(slash - c->path) + 1;
	path = om_alloc(&c->feed->arena, n + strlen(text) + 1);
	memcpy(path, c->path, n);
	memcpy(path + n, text, strlen(text));
	*out = path;
	return 0;
}

int
om_http_duration(const struct om_compiler *c, const struct om_yaml *node,
    int64_t *out, struct om_err *err)
{
	if (node->kind != OM_YAML_SCALAR ||
	    !om_duration_parse(node->text, out) || *out <= 0)
		return om_compile_fail(c, node, err,
		    "a duration such as 500ms, 30s or 5m expected");
	return 0;
}

/* "500", "64k", "16M", "2G": powers of 1024. */
static int
set_bytes(const struct om_compiler *c, const struct om_yaml *node,
    uint64_t *out, struct om_err *err)
{
	static const char units[] = "kMG";
	struct om_str text = node->text;
	const char *unit = NULL;
	int64_t n = 0;
	int64_t by = 1;

	if (node->kind == OM_YAML_SCALAR && text.n > 1)
		unit = strchr(units, text.p[text.n - 1]);
	if (unit != NULL) {
		by = INT64_C(1) << (10 * (unit - units + 1));
		text.n--;
	}
	if (node->kind != OM_YAML_SCALAR || !om_str_int(text, &n) || n <= 0 ||
	    __builtin_mul_overflow(n, by, &n))
		return om_compile_fail(c, node, err,
		    "a number of bytes such as 500, 64k, 16M or 2G expected");
	*out = (uint64_t)n;
	return 0;
}

/* "2/s", "40/m", "1000/h" */
static int
set_rate(const struct om_compiler *c, const struct om_yaml *node, int64_t *out,
    struct om_err *err)
{
	static const char units[] = "smh";
	static const int64_t ms[] = { 1000, 60000, 3600000 };
	struct om_str text = node->text;
	const char *unit = NULL;
	int64_t n = 0;

	if (node->kind == OM_YAML_SCALAR && text.n > 2 &&
	    text.p[text.n - 2] == '/')
		unit = strchr(units, text.p[text.n - 1]);
	if (unit == NULL ||
	    !om_str_int((struct om_str){ text.p, text.n - 2 }, &n) || n <= 0 ||
	    n > 1000000)
		return om_compile_fail(c, node, err,
		    "a rate such as 2/s, 40/m or 1000/h expected");
	*out = (ms[unit - units] + n - 1) / n;
	return 0;
}

static int
set_secret(const struct om_compiler *c, const struct om_yaml *node,
    struct om_secret *out, struct om_err *err)
{
	static const char *const words[] = { "file", "command", "credential" };
	static const enum om_secret_kind kinds[] = { OM_SECRET_FILE,
		OM_SECRET_COMMAND, OM_SECRET_CREDENTIAL };
	const char *near = NULL;

	if (node->kind == OM_YAML_SCALAR)
		return om_compile_fail(c, node, err,
		    "a secret does not stand here: say {file: PATH}, "
		    "{command: COMMAND} or {credential: NAME}");
	if (node->kind != OM_YAML_MAP || node->count != 1)
		return om_compile_fail(c, node, err,
		    "one of file, command and credential expected");
	for (size_t i = 0; i < OM_COUNT(words); i++) {
		if (!om_str_is(node->keys[0]->text, words[i]))
			continue;
		out->kind = kinds[i];
		return kinds[i] == OM_SECRET_FILE
			   ? set_path(c, node->items[0], &out->where, err)
			   : set_text(c, node->items[0], &out->where, err);
	}
	near =
	    om_str_nearest(om_str_dup(&c->feed->arena, node->keys[0]->text).p,
		words, OM_COUNT(words));
	return om_compile_fail(c, node->keys[0], err,
	    near == NULL ? "unknown key '%.*s'"
			 : "unknown key '%.*s', did you mean '%s'",
	    OM_FMT(node->keys[0]->text), near);
}

static int
set_choice(const struct om_compiler *c, const struct om_yaml *node,
    const char *const *words, bool *out, struct om_err *err)
{
	int word;

	if (om_compile_word(c, node, words, 2, &word, err) < 0)
		return err->code;
	*out = word == 1;
	return 0;
}

static int
set_one(const struct om_compiler *c, const struct om_yaml *node,
    const struct om_http_key *key, void *target, struct om_err *err)
{
	void *field = (char *)target + key->offset;

	switch (key->kind) {
	case OM_KEY_BOOL:
		return om_compile_bool(c, node, field, err);
	case OM_KEY_TEXT:
		return set_text(c, node, field, err);
	case OM_KEY_PATH:
		return set_path(c, node, field, err);
	case OM_KEY_DURATION:
		return om_http_duration(c, node, field, err);
	case OM_KEY_COUNT:
		return om_compile_int(c, node, 0, 1000000000, field, err);
	case OM_KEY_BYTES:
		return set_bytes(c, node, field, err);
	case OM_KEY_RATE:
		return set_rate(c, node, field, err);
	case OM_KEY_SECRET:
		return set_secret(c, node, field, err);
	case OM_KEY_CHOICE:
		return set_choice(c, node, key->words, field, err);
	case OM_KEY_OTHER:
		break;
	}
	return key->set(c, node, target, err);
}

int
om_http_keys(const struct om_compiler *c, const struct om_yaml *map,
    const struct om_http_key *keys, size_t count, void *target,
    struct om_err *err)
{
	struct om_key names[KEYS_MAX] = { { NULL, NULL } };

	for (size_t i = 0; i < count; i++)
		names[i] = (struct om_key){ keys[i].name, NULL };
	if (om_compile_map(c, map, names, count, target, err) < 0)
		return err->code;
	for (size_t i = 0; i < count; i++) {
		const struct om_yaml *node = om_yaml_get(map, keys[i].name);

		if (node != NULL && set_one(c, node, &keys[i], target, err) < 0)
			return err->code;
	}
	return 0;
}

int
om_http_pairs(const struct om_compiler *c, const struct om_yaml *map,
    struct om_feed_pair *list, size_t *count, struct om_err *err)
{
	if (map->kind != OM_YAML_MAP)
		return om_compile_fail(c, map, err, "names and texts expected");
	for (size_t i = 0; i < map->count; i++) {
		struct om_feed_pair *p = &list[*count];

		if (*count == OM_FEED_HEADERS_MAX)
			return om_compile_fail(c, map, err, "over %d of them",
			    OM_FEED_HEADERS_MAX);
		p->name = om_str_dup(&c->feed->arena, map->keys[i]->text).p;
		if (om_compile_text(c, map->items[i], &p->value, err) < 0)
			return err->code;
		++*count;
	}
	return 0;
}
