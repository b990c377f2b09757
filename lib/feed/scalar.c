/* scalar.c - the small readers that the compiler of feeds is made of. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "feed/compile.h"
#include "feed/date.h"

#define KEYS_MAX 64

int
om_compile_fail(const struct om_compiler *c, const struct om_yaml *at,
    struct om_err *err, const char *fmt, ...)
{
	char why[OM_ERR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return om_fail(err, OM_EUSAGE, "%s:%d:%d: %s", c->path, at->line,
	    at->column, why);
}

static int
unknown_key(const struct om_compiler *c, const struct om_yaml *key,
    const struct om_key *keys, size_t n, struct om_err *err)
{
	const char *names[KEYS_MAX];
	const char *near;
	char word[40];

	for (size_t i = 0; i < n; i++)
		names[i] = keys[i].name;
	snprintf(word, sizeof(word), "%.*s", OM_FMT(key->text));
	near = om_str_nearest(word, names, n);
	if (near == NULL)
		return om_compile_fail(c, key, err, "unknown key '%s'", word);
	return om_compile_fail(c, key, err,
	    "unknown key '%s', did you mean '%s'", word, near);
}

int
om_compile_map(const struct om_compiler *c, const struct om_yaml *map,
    const struct om_key *keys, size_t key_count, void *target,
    struct om_err *err)
{
	if (map->kind != OM_YAML_MAP)
		return om_compile_fail(c, map, err, "keys and values expected");
	for (size_t i = 0; i < map->count; i++) {
		size_t k = 0;

		while (k < key_count &&
		       !om_str_is(map->keys[i]->text, keys[k].name))
			k++;
		if (k == key_count)
			return unknown_key(c, map->keys[i], keys, key_count,
			    err);
		if (keys[k].set != NULL &&
		    keys[k].set(c, map->items[i], target, err) < 0)
			return err->code;
	}
	return 0;
}

int
om_compile_text(const struct om_compiler *c, const struct om_yaml *node,
    struct om_str *out, struct om_err *err)
{
	if (node->kind != OM_YAML_SCALAR)
		return om_compile_fail(c, node, err, "a plain text expected");
	out->p = om_strndup(&c->feed->arena,
	    node->text.n == 0 ? "" : node->text.p, node->text.n);
	out->n = node->text.n;
	if (memchr(out->p, '\0', out->n) != NULL)
		return om_compile_fail(c, node, err, "NUL byte in a text");
	return 0;
}

int
om_compile_word(const struct om_compiler *c, const struct om_yaml *node,
    const char *const *words, size_t n, int *out, struct om_err *err)
{
	struct om_str text;
	const char *near;

	if (om_compile_text(c, node, &text, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		if (om_str_is(text, words[i])) {
			*out = (int)i;
			return 0;
		}
	}
	near = om_str_nearest(text.p, words, n);
	if (near != NULL)
		return om_compile_fail(c, node, err,
		    "unknown word '%s', did you mean '%s'", text.p, near);
	return om_compile_fail(c, node, err,
	    "unknown word '%s', want '%s' or the like", text.p, words[0]);
}

int
om_compile_bool(const struct om_compiler *c, const struct om_yaml *node,
    bool *out, struct om_err *err)
{
	static const char *const words[] = { "false", "true" };
	int word;

	if (om_compile_word(c, node, words, OM_COUNT(words), &word, err) < 0)
		return err->code;
	*out = word == 1;
	return 0;
}

int
om_compile_int(const struct om_compiler *c, const struct om_yaml *node,
    int64_t min, int64_t max, int64_t *out, struct om_err *err)
{
	if (node->kind != OM_YAML_SCALAR || !om_str_int(node->text, out) ||
	    *out < min || *out > max)
		return om_compile_fail(c, node, err,
		    "a number from %lld to %lld expected", (long long)min,
		    (long long)max);
	return 0;
}

int
om_compile_char(const struct om_compiler *c, const struct om_yaml *node,
    char none, char *out, struct om_err *err)
{
	struct om_str text;

	if (om_compile_text(c, node, &text, err) < 0)
		return err->code;
	if (om_str_is(text, "tab"))
		text = OM_STR("\t");
	else if (om_str_is(text, "none"))
		text = (struct om_str){ &none, 1 };
	if (text.n != 1 || (unsigned char)text.p[0] >= 0x80)
		return om_compile_fail(c, node, err,
		    "one character, or 'tab' or 'none', expected");
	*out = text.p[0];
	return 0;
}

int
om_compile_decimal(const struct om_compiler *c, const struct om_yaml *node,
    char *out, struct om_err *err)
{
	if (om_compile_char(c, node, '\0', out, err) < 0)
		return err->code;
	if (*out == '-' || *out == '+' || (*out >= '0' && *out <= '9'))
		return om_compile_fail(c, node, err,
		    "'%c' cannot be part of how a number is grouped", *out);
	return 0;
}

int
om_compile_date(const struct om_compiler *c, const struct om_yaml *node,
    const char **out, struct om_err *err)
{
	struct om_err why = { 0 };
	struct om_str text;

	if (om_compile_text(c, node, &text, err) < 0)
		return err->code;
	if (om_date_check(text.p, &why) < 0)
		return om_compile_fail(c, node, err, "%s", why.msg);
	*out = text.p;
	return 0;
}
