/* jsonfile.c - a file of JSON documents, object by object; see jsonfile.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "feed/jsonfile_parts.h"
#include "io/source.h"

#define SNIFF_MAX 4096

static int
read_bytes(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *err)
{
	struct om_jsonfile *d = arg;

	return om_source_read(d->source, bytes, n, out_n, err);
}

static void
take_items(struct om_jsonfile *d, const struct om_feed *feed)
{
	d->items =
	    om_alloc(&d->arena, (feed->item_count + 1) * sizeof(*d->items));
	for (size_t i = 0; i < feed->item_count; i++) {
		struct om_str part[OM_PATH_DEPTH_MAX];
		struct om_jsonfile_items *it = &d->items[d->item_count];

		if (!om_path_split(&d->arena, feed->items[i], part, &it->depth))
			continue;
		for (size_t k = 0; k < it->depth; k++)
			it->hash[k] = om_json_key_hash(part[k]);
		d->item_count++;
	}
}

int
om_jsonfile_open(const struct om_feed *feed, const char *path,
    struct om_jsonfile **out, struct om_err *err)
{
	struct om_jsonfile *d OM_AUTO(om_jsonfile_close) =
	    calloc(1, sizeof(*d));

	if (d == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	d->path = om_strndup(&d->arena, path, strlen(path));
	if (om_source_open(path, &d->source, err) < 0)
		return err->code;
	d->json = om_json_open(read_bytes, d, 0, true);
	d->nest = om_nest_open(feed->paths);
	if (feed->dialect[0].format == OM_FORMAT_NDJSON)
		d->lines = om_lines_open(read_bytes, d, OM_JSON_VALUE_MAX);
	take_items(d, feed);
	*out = d;
	d = NULL;
	return 0;
}

void
om_jsonfile_close(struct om_jsonfile **file)
{
	struct om_jsonfile *d = *file;

	if (d == NULL)
		return;
	om_json_close(&d->json);
	om_lines_close(&d->lines);
	om_nest_close(&d->nest);
	om_source_close(&d->source);
	om_arena_clear(&d->arena);
	free(d);
	*file = NULL;
}

uint64_t
om_jsonfile_count(const struct om_jsonfile *d)
{
	return d->count;
}

/* The bytes since the mark are an object: its rows. */
static int
give(struct om_jsonfile *d, const struct om_json_token *first,
    const struct om_row **out, size_t *out_count, struct om_err *err)
{
	struct om_position at = { 0, first->line, first->offset };
	struct om_str raw;

	if (om_json_marked(d->json, &raw, err) < 0)
		return om_wrap(err, "%s", d->path);
	om_nest_rows(d->nest, at, raw, om_json_problem(d->json), out,
	    out_count);
	om_json_unmark(d->json);
	om_json_forget(d->json);
	d->count++;
	return 1;
}

static int
next_token(struct om_jsonfile *d, struct om_json_token *t, struct om_err *err)
{
	int rc = om_json_next(d->json, t, err);

	return rc < 0 ? om_wrap(err, "%s", d->path) : rc;
}

/* The value that begins with first, and is marked, is an order, or ought to
 * be. */
static int
take(struct om_jsonfile *d, const struct om_json_token *first,
    const struct om_row **out, size_t *out_count, struct om_err *err)
{
	struct om_json_token t = *first;
	int rc = 1;

	om_nest_begin(d->nest, first);
	while (rc == 1 && !(om_json_closes(&t) && t.depth == first->depth)) {
		if (first->kind != OM_JSON_OBJECT &&
		    first->kind != OM_JSON_ARRAY)
			break;
		rc = next_token(d, &t, err);
		if (rc == 1 && first->kind == OM_JSON_OBJECT)
			om_nest_token(d->nest, &t);
	}
	return rc < 0 ? rc : give(d, first, out, out_count, err);
}

/* Does this member of the envelope hold the orders? */
static bool
is_items(const struct om_jsonfile *d, int depth)
{
	for (size_t i = 0; i < d->item_count; i++) {
		const struct om_jsonfile_items *it = &d->items[i];

		if (it->depth == (size_t)depth &&
		    memcmp(it->hash, d->name + 1,
			it->depth * sizeof(it->hash[0])) == 0)
			return true;
	}
	return false;
}

static int
check_envelope(struct om_jsonfile *d, struct om_err *err)
{
	const struct om_json_problem *p = om_json_problem(d->json);

	if (p->what[0] == '\0')
		return 0;
	return om_fail(err, OM_EDATA, "%s: line %llu, byte %llu%s%s: %s",
	    d->path, (unsigned long long)p->line, (unsigned long long)p->offset,
	    p->path[0] == '\0' ? "" : ", ", p->path, p->what);
}

/* The value of a member of `items` begins. */
static int
enter_items(struct om_jsonfile *d, const struct om_json_token *t,
    struct om_err *err)
{
	if (check_envelope(d, err) < 0)
		return err->code;
	om_json_unmark(d->json);
	d->where = OM_JSONFILE_ENVELOPE;
	d->one = t->kind == OM_JSON_OBJECT;
	if (t->kind == OM_JSON_ARRAY) {
		d->where = OM_JSONFILE_ITEMS;
		d->items_depth = t->depth + 1;
	} else if (!d->one && t->kind != OM_JSON_NULL) {
		return om_fail(err, OM_EDATA,
		    "%s: line %llu, byte %llu: neither an array of orders nor "
		    "an order",
		    d->path, (unsigned long long)t->line,
		    (unsigned long long)t->offset);
	}
	return 0;
}

/*
 * Walk the envelope up to the orders. first is its brace as long as it may be
 * an order itself: then it is walked as one, too, and marked. 1: a row; 0: look
 * at d->where.
 */
static int
envelope(struct om_jsonfile *d, const struct om_json_token *first,
    const struct om_row **out, size_t *out_count, struct om_err *err)
{
	struct om_json_token t;
	bool named = false;
	int arrays = 0;
	int rc;

	while ((rc = next_token(d, &t, err)) == 1) {
		bool found = named && arrays == 0 && is_items(d, t.depth);

		if (found && enter_items(d, &t, err) < 0)
			return err->code;
		if (found && d->one)
			om_json_mark(d->json);
		if (found && d->one)
			return take(d, &t, out, out_count, err);
		if (found && d->where == OM_JSONFILE_ITEMS)
			return 0;
		if (found)
			first = NULL;
		named = t.kind == OM_JSON_KEY && t.depth <= OM_PATH_DEPTH_MAX;
		if (named)
			d->name[t.depth] = t.hash;
		arrays += t.kind == OM_JSON_ARRAY;
		arrays -= t.kind == OM_JSON_ARRAY_END;
		if (first != NULL)
			om_nest_token(d->nest, &t);
		if (t.depth == 0 && om_json_closes(&t))
			break;
	}
	if (rc < 0)
		return rc;
	d->where = OM_JSONFILE_TOP;
	if (first != NULL)
		return give(d, first, out, out_count, err);
	return check_envelope(d, err);
}

/* A document begins, or the file ends. */
static int
top(struct om_jsonfile *d, bool *out_end, const struct om_row **out,
    size_t *out_count, struct om_err *err)
{
	struct om_json_token t;
	int rc = next_token(d, &t, err);

	if (rc < 0)
		return rc;
	*out_end = rc == 0;
	if (rc == 0 && d->documents == 0)
		return om_fail(err, OM_EDATA, "%s: empty, not even a document",
		    d->path);
	if (rc == 0)
		return 0;
	d->documents++;
	if (t.kind == OM_JSON_ARRAY) {
		d->where = OM_JSONFILE_ITEMS;
		d->items_depth = 1;
		return 0;
	}
	om_json_mark(d->json);
	if (t.kind != OM_JSON_OBJECT || d->item_count == 0)
		return take(d, &t, out, out_count, err);
	om_nest_begin(d->nest, &t);
	return envelope(d, &t, out, out_count, err);
}

/* The next element of the array, or its end. */
static int
element(struct om_jsonfile *d, const struct om_row **out, size_t *out_count,
    struct om_err *err)
{
	struct om_json_token t;
	int rc = next_token(d, &t, err);

	if (rc < 0)
		return rc;
	if (om_json_closes(&t) && t.depth < d->items_depth) {
		d->where = d->items_depth == 1 ? OM_JSONFILE_TOP
					       : OM_JSONFILE_ENVELOPE;
		return 0;
	}
	om_json_mark(d->json);
	return take(d, &t, out, out_count, err);
}

int
om_jsonfile_sniff(const char *path, bool *out, struct om_err *err)
{
	struct om_source *source OM_AUTO(om_source_close) = NULL;
	char bytes[SNIFF_MAX];
	struct stat st;
	size_t n;
	size_t at = 0;

	*out = false;
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return 0;
	if (om_source_open(path, &source, err) < 0 ||
	    om_source_read(source, bytes, sizeof(bytes), &n, err) < 0)
		return err->code;
	if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (at < n && (bytes[at] == ' ' || bytes[at] == '\t' ||
			     bytes[at] == '\n' || bytes[at] == '\r'))
		at++;
	*out = at < n && (bytes[at] == '{' || bytes[at] == '[');
	return 0;
}

int
om_jsonfile_next(struct om_jsonfile *d, const struct om_row **out,
    size_t *out_count, struct om_err *err)
{
	bool end = false;
	int rc = 0;

	if (d->lines != NULL)
		return om_jsonfile_line(d, out, out_count, err);
	while (rc == 0 && !end) {
		if (d->where == OM_JSONFILE_TOP)
			rc = top(d, &end, out, out_count, err);
		else if (d->where == OM_JSONFILE_ITEMS)
			rc = element(d, out, out_count, err);
		else
			rc = envelope(d, NULL, out, out_count, err);
	}
	return rc;
}
