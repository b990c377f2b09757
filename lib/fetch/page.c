/* page.c - one pass over the JSON of a page; see page.h. */
#include "fetch/page.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/time.h"
#include "io/source.h"
#include "text/json_read.h"

#define HASH_BYTES 8

/* One reading. */
struct scan {
	const struct om_page_spec *spec;
	struct om_arena *arena;
	struct om_page *page;
	struct om_source *source;
	struct om_json_reader *json;
	bool wanted;	/* the last name is the end of a path we want */
	int item_depth; /* of the item that is open, -1: none */
	char item_path[OM_JSON_PATH_MAX];
	const char *id;
	const char *value;
	struct om_sha256 sha;
};

static void
scan_end(struct scan *s)
{
	om_json_close(&s->json);
	om_source_close(&s->source);
	om_sha256_fini(&s->sha);
}

static int
read_bytes(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *err)
{
	struct scan *s = arg;

	return om_source_read(s->source, bytes, n, out_n, err);
}

/* Is name the last one of path? */
static bool
ends(const char *path, struct om_str name)
{
	size_t n = path == NULL ? 0 : strlen(path);

	return path != NULL && n >= name.n &&
	       memcmp(path + n - name.n, name.p, name.n) == 0 &&
	       (n == name.n || path[n - name.n - 1] == '.');
}

static bool
is_wanted(const struct om_page_spec *spec, struct om_str name)
{
	return ends(spec->id, name) || ends(spec->value, name) ||
	       ends(spec->next, name) || ends(spec->more, name) ||
	       ends(spec->total, name);
}

/* "orders[3].id" as "orders[].id" */
static void
path_of(const struct scan *s, char out[OM_JSON_PATH_MAX])
{
	char *to = out;
	bool inside = false;

	om_json_path(s->json, out);
	for (const char *p = out; *p != '\0'; p++) {
		inside = *p == '[' || (inside && *p != ']');
		if (!inside || *p == '[')
			*to++ = *p;
	}
	*to = '\0';
}

/* An element of one of the arrays of items. */
static bool
is_item(const struct scan *s, const char *path)
{
	size_t n = strlen(path);

	if (strcmp(path, "[]") == 0)
		return true;
	if (n < 3 || strcmp(path + n - 2, "[]") != 0)
		return false;
	for (size_t i = 0; i < s->spec->item_count; i++)
		if (om_str_eq(s->spec->items[i],
			(struct om_str){ path, n - 2 }))
			return true;
	return false;
}

static void
begin_item(struct scan *s, const struct om_json_token *t)
{
	char path[OM_JSON_PATH_MAX];

	if (s->item_depth >= 0)
		return;
	path_of(s, path);
	if (!is_item(s, path))
		return;
	s->item_depth = t->depth;
	memcpy(s->item_path, path, sizeof(path));
	s->id = "";
	s->value = "";
	om_json_mark(s->json);
}

static int
end_item(struct scan *s, const struct om_json_token *t, struct om_err *err)
{
	struct om_page *p = s->page;
	unsigned char digest[OM_SHA256_SIZE];
	char hex[2 * HASH_BYTES + 1];
	struct om_str bytes;
	char *key;
	size_t n;

	if (s->item_depth != t->depth)
		return 0;
	if (om_json_marked(s->json, &bytes, err) < 0)
		return err->code;
	if (p->id.count == OM_PAGE_ITEMS_MAX)
		return om_fail(err, OM_ELIMIT, "a page of over %d items",
		    OM_PAGE_ITEMS_MAX);
	om_sha256_add(&s->sha, bytes.p, bytes.n);
	om_sha256_end(&s->sha, digest);
	om_hex(digest, HASH_BYTES, hex);
	om_json_unmark(s->json);
	n = strlen(s->id) + strlen(s->value) + sizeof(hex) + 2;
	key = om_alloc(s->arena, n);
	snprintf(key, n, "%s\t%s\t%s", s->id, hex, s->value);
	om_texts_add(&p->id, s->id, s->arena);
	om_texts_add(&p->key, key, s->arena);
	om_texts_add(&p->value, s->value, s->arena);
	s->item_depth = -1;
	return 0;
}

static bool
in_item(const struct scan *s, const char *path, const char *wanted)
{
	size_t n = strlen(s->item_path);

	return wanted != NULL && s->item_depth >= 0 &&
	       strncmp(path, s->item_path, n) == 0 && path[n] == '.' &&
	       strcmp(path + n + 1, wanted) == 0;
}

static bool
in_document(const struct scan *s, const char *path, const char *wanted)
{
	return wanted != NULL && s->item_depth < 0 && strcmp(path, wanted) == 0;
}

/* A text, a number, true, false or null. */
static void
take_value(struct scan *s, const struct om_json_token *t)
{
	const struct om_page_spec *spec = s->spec;
	struct om_page *p = s->page;
	bool some = t->kind == OM_JSON_STRING || t->kind == OM_JSON_NUMBER;
	char path[OM_JSON_PATH_MAX];

	if (!s->wanted)
		return;
	path_of(s, path);
	if (some && in_item(s, path, spec->id))
		s->id = om_str_dup(s->arena, t->text).p;
	if (some && in_item(s, path, spec->value))
		s->value = om_str_dup(s->arena, t->text).p;
	if (in_document(s, path, spec->next))
		p->next = some && t->text.n > 0
			      ? om_str_dup(s->arena, t->text).p
			      : NULL;
	if (in_document(s, path, spec->more))
		p->more = t->kind == OM_JSON_TRUE ||
			  (some && !om_str_is(t->text, "0") && t->text.n > 0);
	if (some && in_document(s, path, spec->total) &&
	    !om_str_int(t->text, &p->total))
		p->total = -1;
}

static int
take(struct scan *s, const struct om_json_token *t, struct om_err *err)
{
	switch (t->kind) {
	case OM_JSON_KEY:
		s->wanted = is_wanted(s->spec, t->text);
		return 0;
	case OM_JSON_OBJECT:
		begin_item(s, t);
		return 0;
	case OM_JSON_OBJECT_END:
		return end_item(s, t, err);
	case OM_JSON_ARRAY:
	case OM_JSON_ARRAY_END:
		return 0;
	case OM_JSON_NULL:
	case OM_JSON_FALSE:
	case OM_JSON_TRUE:
	case OM_JSON_NUMBER:
	case OM_JSON_STRING:
		take_value(s, t);
		return 0;
	}
	return 0;
}

/* Does it begin as JSON does? Leaves the source at its beginning. */
static int
sniff(struct scan *s, const char *path, struct om_err *err)
{
	char c = ' ';
	size_t n = 1;

	if (om_source_open(path, &s->source, err) < 0)
		return err->code;
	while (n == 1 && strchr(" \t\r\n\xef\xbb\xbf", c) != NULL)
		if (om_source_read(s->source, &c, 1, &n, err) < 0)
			return err->code;
	s->page->json = n == 1 && (c == '{' || c == '[');
	om_source_close(&s->source);
	return om_source_open(path, &s->source, err);
}

int
om_page_read(const char *path, const struct om_page_spec *spec,
    struct om_arena *arena, struct om_page *out, struct om_err *err)
{
	OM_AUTO(scan_end)
	struct scan s = { .spec = spec,
		.arena = arena,
		.page = out,
		.item_depth = -1 };
	struct om_json_token t;
	int rc;

	*out = (struct om_page){ .more = true, .total = -1 };
	if (sniff(&s, path, err) < 0)
		return err->code;
	if (!out->json)
		return 0;
	om_sha256_init(&s.sha);
	s.json = om_json_open(read_bytes, &s, 0, false);
	while ((rc = om_json_next(s.json, &t, err)) == 1)
		if (take(&s, &t, err) < 0)
			return err->code;
	return rc;
}

int
om_page_compare(const char *a, const char *b)
{
	struct om_err ignored = { 0 };
	int64_t x = 0;
	int64_t y = 0;
	bool numbers =
	    om_str_int(om_str_of(a), &x) && om_str_int(om_str_of(b), &y);

	if (!numbers && (om_time_parse(om_str_of(a), &x, &ignored) < 0 ||
			    om_time_parse(om_str_of(b), &y, &ignored) < 0))
		return strcmp(a, b);
	if (x != y)
		return x < y ? -1 : 1;
	return numbers ? 0 : strcmp(a, b);
}
