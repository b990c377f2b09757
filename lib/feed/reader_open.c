/* reader_open.c - which road the files of a feed take; see reader.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/hint.h"
#include "feed/reader_parts.h"

/* The rows of each file are those of the other. */
static bool
is_swapped(struct om_reader *r, const struct om_feed *feed)
{
	struct om_plan plan;
	struct om_err err;

	for (unsigned i = 0; i < 2; i++) {
		const struct om_input *in = &r->input[1 - i];
		size_t fields = feed->dialect[i].fields;
		size_t has = in->pending ? in->record.count : in->count;

		if ((fields != 0 && has != fields) ||
		    om_plan_bind(&plan, &r->arena, feed, OM_SHAPE_JOINED, i,
			in->name, in->count, &err) < 0)
			return false;
	}
	return true;
}

static bool
fits(const struct om_reader *r, unsigned source)
{
	const struct om_input *in = &r->input[source];

	return !in->pending || in->record.count == in->count;
}

static int
bind(struct om_reader *r, const struct om_feed *feed, struct om_err *err)
{
	int rc = 0;

	r->shape = om_plan_shape(feed, r->input[0].name, r->input[0].count);
	for (unsigned i = 0; i < r->source_count; i++) {
		rc = om_plan_bind(&r->plan[i], &r->arena, feed, r->shape, i,
		    r->input[i].name, r->input[i].count, err);
		if (rc < 0) {
			rc = om_wrap(err, "%s", r->input[i].path);
			break;
		}
	}
	if (r->source_count == 2 && (rc < 0 || !fits(r, 0) || !fits(r, 1)) &&
	    is_swapped(r, feed))
		return om_fail(err, OM_EDATA,
		    "'%s' looks like the lines and '%s' like the orders: name "
		    "the orders first",
		    r->input[0].path, r->input[1].path);
	return rc;
}

/* One file of documents, in the columns that all their formats have. */
static int
open_docs(struct om_reader *r, const struct om_feed *feed, const char *path,
    struct om_err *err)
{
	r->shape = OM_SHAPE_LINES;
	r->input[0].path = om_str_dup(&r->arena, om_str_of(path)).p;
	if (om_docs_open(feed, path, &r->docs, err) < 0)
		return err->code;
	if (om_plan_bind(&r->plan[0], &r->arena, feed, r->shape, 0,
		om_doc_columns(), OM_DC_COUNT, err) < 0)
		return om_wrap(err, "%s", path);
	om_builder_init(&r->builder, feed, r->shape, r->plan);
	return 0;
}

static int
open_json(struct om_reader *r, const char *path, struct om_err *err)
{
	const struct om_paths *paths = r->feed->paths;

	r->shape = r->feed->shape;
	if (om_jsonfile_open(r->feed, path, &r->json, err) < 0)
		return err->code;
	if (om_plan_bind(&r->plan[0], &r->arena, r->feed, r->shape, 0,
		paths->name, paths->count, err) < 0)
		return om_wrap(err, "%s", path);
	return 0;
}

static int
open_files(struct om_reader *r, const char *const *paths, struct om_err *err)
{
	bool is_json = false;

	if (r->feed->json != NULL &&
	    om_jsonfile_sniff(paths[0], &is_json, err) < 0)
		return err->code;
	if (is_json)
		r->feed = r->feed->json;
	if (r->feed->paths != NULL)
		return open_json(r, paths[0], err);
	for (unsigned i = 0; i < r->source_count; i++)
		if (om_input_open(&r->input[i], &r->arena, &r->feed->dialect[i],
			i, paths[i], err) < 0)
			return err->code;
	return bind(r, r->feed, err);
}

int
om_reader_open(const struct om_feed *feed, const char *const *paths,
    unsigned path_count, size_t budget, const char *spill_dir,
    struct om_reader **out, struct om_err *err)
{
	struct om_reader *r OM_AUTO(om_reader_close) = NULL;

	if (path_count != om_feed_sources(feed))
		return om_fail(err, OM_EUSAGE, "feed '%s' reads %u %s, not %u",
		    feed->name, om_feed_sources(feed),
		    om_feed_sources(feed) == 1 ? "file" : "files", path_count);
	r = calloc(1, sizeof(*r));
	if (r == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	r->feed = feed;
	r->source_count = path_count;
	for (unsigned i = 0; i < path_count; i++)
		r->path[i] = om_strndup(&r->arena, paths[i], strlen(paths[i]));
	if (om_format_is_doc(feed->dialect[0].format)) {
		if (open_docs(r, feed, paths[0], err) < 0)
			return err->code;
		om_reader_choose(r);
		*out = r;
		r = NULL;
		return 0;
	}
	if (open_files(r, paths, err) < 0) {
		if (r->json == NULL)
			om_hint(paths[0], r->feed->dialect[0].csv.delimiter,
			    err);
		return err->code;
	}
	if (r->shape != OM_SHAPE_ORDERS && r->shape != OM_SHAPE_NESTED) {
		for (unsigned i = 0; i < path_count; i++)
			om_plan_compact(&r->plan[i], &r->arena);
		if (spill_dir != NULL)
			spill_dir =
			    om_str_dup(&r->arena, om_str_of(spill_dir)).p;
		r->gather = om_gather_open(r->plan, budget, spill_dir);
	}
	om_builder_init(&r->builder, r->feed, r->shape, r->plan);
	om_reader_choose(r);
	*out = r;
	r = NULL;
	return 0;
}

void
om_reader_close(struct om_reader **reader)
{
	struct om_reader *r = *reader;

	if (r == NULL)
		return;
	for (unsigned i = 0; i < OM_FEED_SOURCES_MAX; i++)
		om_input_close(&r->input[i]);
	om_jsonfile_close(&r->json);
	om_gather_close(&r->gather);
	om_docs_close(&r->docs);
	om_stream_close(&r->stream);
	om_revisions_fini(&r->revisions);
	om_builder_fini(&r->builder);
	om_arena_clear(&r->arena);
	free(r);
	*reader = NULL;
}
