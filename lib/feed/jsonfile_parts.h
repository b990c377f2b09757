/*
 * jsonfile_parts.h - a file of JSON while it is read. For jsonfile.c, which reads
 * documents, and jsonlines.c, which reads lines.
 */
#ifndef OM_FEED_JSONFILE_PARTS_H
#define OM_FEED_JSONFILE_PARTS_H

#include "feed/jsonfile.h"
#include "feed/nest.h"
#include "text/lines.h"

enum om_jsonfile_where {
	OM_JSONFILE_TOP,      /* between documents */
	OM_JSONFILE_ENVELOPE, /* in the object around the array of orders */
	OM_JSONFILE_ITEMS,    /* in the array */
};

/* One of `items`, split and hashed. */
struct om_jsonfile_items {
	uint64_t hash[OM_PATH_DEPTH_MAX];
	size_t depth;
};

struct om_jsonfile {
	struct om_arena arena;
	const char *path;
	struct om_source *source;
	struct om_json_reader *json;
	struct om_lines *lines; /* NULL: format json */
	struct om_nest *nest;
	struct om_jsonfile_items *items;
	size_t item_count;
	uint64_t name[OM_PATH_DEPTH_MAX + 1]; /* in the envelope, by depth */
	enum om_jsonfile_where where;
	int items_depth; /* of the elements */
	bool one;	 /* the next object is an order, not an element */
	uint64_t documents;
	uint64_t count;
};

static inline bool
om_json_closes(const struct om_json_token *t)
{
	return t->kind == OM_JSON_OBJECT_END || t->kind == OM_JSON_ARRAY_END;
}

/* As om_jsonfile_next(), of format ndjson. */
OM_MUST_USE int om_jsonfile_line(struct om_jsonfile *file,
    const struct om_row **out, size_t *out_count, struct om_err *err);

#endif
