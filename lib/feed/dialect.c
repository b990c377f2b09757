/* dialect.c - how a file is cut: format, delimiter, quote, header, ... */
#include "feed/compile.h"

#define SKIP_MAX 1000000

static const struct {
	enum om_format format;
	char delimiter;
} cuts[] = { { OM_FORMAT_CSV, ',' }, { OM_FORMAT_CSV, '\t' },
	{ OM_FORMAT_CSV, '|' }, { OM_FORMAT_JSON, ',' },
	{ OM_FORMAT_NDJSON, ',' }, { OM_FORMAT_X12, ',' },
	{ OM_FORMAT_EDIFACT, ',' }, { OM_FORMAT_UBL, ',' } };
static const char *const formats[] = { "csv", "tsv", "psv", "json", "ndjson",
	"x12", "edifact", "ubl" };

static int
set_format(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_dialect *d = target;
	int format;

	if (om_compile_word(c, node, formats, OM_COUNT(formats), &format, err) <
	    0)
		return err->code;
	d->format = cuts[format].format;
	d->csv.delimiter = cuts[format].delimiter;
	return 0;
}

static int
set_delimiter(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_dialect *d = target;

	if (om_compile_char(c, node, '\0', &d->csv.delimiter, err) < 0)
		return err->code;
	if (d->csv.delimiter == '\0' || d->csv.delimiter == '\n' ||
	    d->csv.delimiter == '\r' || d->csv.delimiter == '"')
		return om_compile_fail(c, node, err,
		    "this cannot be a delimiter");
	return 0;
}

static int
set_quote(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	struct om_dialect *d = target;

	return om_compile_char(c, node, '\n', &d->csv.quote, err);
}

static int
set_escape(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	return om_compile_char(c, node, '\0',
	    &((struct om_dialect *)target)->csv.escape, err);
}

static int
set_header(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	return om_compile_bool(c, node, &((struct om_dialect *)target)->header,
	    err);
}

static int
set_skip(const struct om_compiler *c, const struct om_yaml *node, void *target,
    struct om_err *err)
{
	return om_compile_int(c, node, 0, SKIP_MAX,
	    &((struct om_dialect *)target)->skip, err);
}

static int
set_comment(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	return om_compile_char(c, node, '\0',
	    &((struct om_dialect *)target)->csv.comment, err);
}

static int
set_trailing(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	return om_compile_bool(c, node,
	    &((struct om_dialect *)target)->csv.trailing_delimiter, err);
}

static int
set_encoding(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	const char *words[OM_ENCODINGS];
	int encoding;

	for (int i = 0; i < OM_ENCODINGS; i++)
		words[i] = om_encoding_name((enum om_encoding)i);
	if (om_compile_word(c, node, words, OM_COUNT(words), &encoding, err) <
	    0)
		return err->code;
	((struct om_dialect *)target)->encoding = (enum om_encoding)encoding;
	return 0;
}

static int
set_fields(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_dialect *d = target;
	int64_t n;

	if (om_compile_int(c, node, 1, OM_CSV_FIELDS_MAX, &n, err) < 0)
		return err->code;
	d->fields = (size_t)n;
	return 0;
}

/* format first: it says what the others start from. */
static const struct om_key keys[] = {
	{ "format", set_format },
	{ "delimiter", set_delimiter },
	{ "quote", set_quote },
	{ "escape", set_escape },
	{ "header", set_header },
	{ "skip", set_skip },
	{ "comment", set_comment },
	{ "trailing-delimiter", set_trailing },
	{ "encoding", set_encoding },
	{ "fields", set_fields },
};

bool
om_compile_is_dialect(struct om_str key)
{
	for (size_t i = 0; i < OM_COUNT(keys); i++)
		if (om_str_is(key, keys[i].name))
			return true;
	return false;
}

int
om_compile_dialect(const struct om_compiler *c, const struct om_yaml *map,
    struct om_dialect *out, struct om_err *err)
{
	for (size_t i = 0; i < OM_COUNT(keys); i++) {
		const struct om_yaml *node = om_yaml_get(map, keys[i].name);

		if (node != NULL && keys[i].set(c, node, out, err) < 0)
			return err->code;
	}
	return 0;
}
