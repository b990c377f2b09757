/* manifest.c - a manifest from a file, see manifest.h. */
#include "feed/manifest.h"

#include <stdio.h>
#include <string.h>

#include "text/yaml.h"

int
om_manifest_count(struct om_str text, int64_t *out, struct om_err *err)
{
	if (om_str_int(text, out) && *out >= 0)
		return 0;
	return om_fail(err, OM_EDATA, "bad count '%.*s'", OM_FMT(text));
}

int
om_manifest_amount(struct om_str text, const struct om_number_format *number,
    int64_t *out, struct om_err *err)
{
	return om_decimal_parse(text, OM_MANIFEST_PLACES, OM_ROUND_EXACT,
	    number, out, err);
}

int
om_manifest_hash(struct om_str text, const struct om_number_format *number,
    int64_t *out, struct om_err *err)
{
	return om_decimal_parse(text, 3, OM_ROUND_EXACT, number, out, err);
}

/* A figure of a file: what it is called, and how it is read. */
typedef int om_figure_fn(const struct om_yaml *node, struct om_manifest *out,
    struct om_err *err);

static int
read_orders(const struct om_yaml *node, struct om_manifest *out,
    struct om_err *err)
{
	return om_manifest_count(node->text, &out->orders, err);
}

static int
read_lines(const struct om_yaml *node, struct om_manifest *out,
    struct om_err *err)
{
	return om_manifest_count(node->text, &out->lines, err);
}

static int
read_rows(const struct om_yaml *node, struct om_manifest *out,
    struct om_err *err)
{
	return om_manifest_count(node->text, &out->rows, err);
}

static int
read_sequence(const struct om_yaml *node, struct om_manifest *out,
    struct om_err *err)
{
	return om_manifest_count(node->text, &out->sequence, err);
}

static int
read_hash(const struct om_yaml *node, struct om_manifest *out,
    struct om_err *err)
{
	return om_manifest_hash(node->text, NULL, &out->hash_milli, err);
}

static int
read_sha256(const struct om_yaml *node, struct om_manifest *out,
    struct om_err *err)
{
	struct om_str s = node->text;

	if (s.n != OM_SHA256_HEX - 1)
		return om_fail(err, OM_EDATA, "bad SHA-256 '%.*s'", OM_FMT(s));
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c >= 'A' && c <= 'F')
			c = (char)(c - 'A' + 'a');
		if (memchr("0123456789abcdef", c, 16) == NULL)
			return om_fail(err, OM_EDATA, "bad SHA-256 '%.*s'",
			    OM_FMT(s));
		out->sha256[i] = c;
	}
	return 0;
}

static int
add_sum(struct om_manifest *out, const struct om_currency *currency,
    const struct om_yaml *node, struct om_err *err)
{
	struct om_manifest_sum *sum = &out->sum[out->sums];

	if (node->kind != OM_YAML_SCALAR)
		return om_fail(err, OM_EDATA, "an amount expected");
	if (out->sums == OM_MANIFEST_SUMS_MAX)
		return om_fail(err, OM_ELIMIT, "more than %d currencies",
		    OM_MANIFEST_SUMS_MAX);
	sum->currency = currency;
	out->sums++;
	return om_manifest_amount(node->text, NULL, &sum->amount, err);
}

static int
read_sum(const struct om_yaml *node, struct om_manifest *out,
    struct om_err *err)
{
	if (node->kind == OM_YAML_SCALAR)
		return add_sum(out, NULL, node, err);
	for (size_t i = 0; i < node->count; i++) {
		struct om_str code = node->kind == OM_YAML_MAP
					 ? node->keys[i]->text
					 : OM_STR("");
		const struct om_currency *c = om_currency_find(code);

		if (c == NULL)
			return om_fail(err, OM_EDATA, "no such currency '%.*s'",
			    OM_FMT(code));
		if (add_sum(out, c, node->items[i], err) < 0)
			return err->code;
	}
	return 0;
}

static const struct {
	const char *name;
	om_figure_fn *read;
	unsigned figure;
} figures[] = {
	{ "orders", read_orders, OM_FIGURE_ORDERS },
	{ "lines", read_lines, OM_FIGURE_LINES },
	{ "rows", read_rows, OM_FIGURE_ROWS },
	{ "hash", read_hash, OM_FIGURE_HASH },
	{ "sha256", read_sha256, OM_FIGURE_SHA256 },
	{ "sequence", read_sequence, OM_FIGURE_SEQUENCE },
	{ "sum", read_sum, 0 },
};

static int
unknown(struct om_str key, struct om_err *err)
{
	const char *names[OM_COUNT(figures)];
	char word[40];
	const char *near;

	for (size_t i = 0; i < OM_COUNT(figures); i++)
		names[i] = figures[i].name;
	snprintf(word, sizeof(word), "%.*s", OM_FMT(key));
	near = om_str_nearest(word, names, OM_COUNT(figures));
	if (near == NULL)
		return om_fail(err, OM_EUSAGE, "unknown key '%s'", word);
	return om_fail(err, OM_EUSAGE, "unknown key '%s', did you mean '%s'",
	    word, near);
}

static int
read_key(const struct om_yaml *key, const struct om_yaml *node,
    struct om_manifest *out, struct om_err *err)
{
	for (size_t i = 0; i < OM_COUNT(figures); i++) {
		if (!om_str_is(key->text, figures[i].name))
			continue;
		if (figures[i].figure != 0 && node->kind != OM_YAML_SCALAR)
			return om_fail(err, OM_EUSAGE, "a number expected");
		out->stated |= figures[i].figure;
		return figures[i].read(node, out, err);
	}
	return unknown(key->text, err);
}

int
om_manifest_load(const char *path, struct om_manifest *out, struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	const struct om_yaml *root;

	*out = (struct om_manifest){ 0 };
	snprintf(out->name, sizeof(out->name), "'%s'", path);
	if (om_yaml_load(&arena, path, &root, err) < 0)
		return err->code;
	if (root->kind != OM_YAML_MAP || root->count == 0)
		return om_fail(err, OM_EUSAGE, "%s: figures expected", path);
	for (size_t i = 0; i < root->count; i++) {
		const struct om_yaml *key = root->keys[i];

		if (read_key(key, root->items[i], out, err) < 0) {
			err->code = OM_EUSAGE;
			return om_wrap(err, "%s:%d:%d", path, key->line,
			    key->column);
		}
	}
	return 0;
}
