/*
 * explain.h - how a feed understands the files in front of it, before a row of
 * them is read: for `ingest --explain`.
 *
 * What stops a batch later, such as a column that is missing, is told here as
 * one more thing that was seen.
 */
#ifndef OM_FEED_EXPLAIN_H
#define OM_FEED_EXPLAIN_H

#include "feed/feed.h"

/* What a column of a file is good for. */
enum om_column_use { OM_COLUMN_UNUSED, OM_COLUMN_MAPPED, OM_COLUMN_KEPT };

struct om_seen_column {
	struct om_str name;
	enum om_column_use use;
};

struct om_seen_file {
	const char *path;
	const char *format;   /* "csv", for all that has a delimiter; "x12" */
	bool paths;	      /* columns are the paths that the feed asks for */
	bool rows;	      /* cut by a delimiter: the dialect is known */
	const char *encoding; /* as decided */
	bool marked;	      /* by a byte order mark */
	bool gzip;
	struct om_str delimiter; /* "," or "tab" */
	struct om_str quote;	 /* "none" */
	struct om_str escape;
	struct om_str comment;
	bool header;
	int64_t skip;
	struct om_seen_column *column; /* of documents, those of the format */
	size_t count;
};

/* Where a fact comes from. */
struct om_seen_fact {
	const char *name; /* "unit_price"; "key" of the lines */
	unsigned file;
	struct om_str from; /* a column, or in JSON a path; or {NULL, 0} */
	size_t number;	    /* of the column, from 1; 0: there is none */
	bool missing;	    /* there must be one */
	const char *near;   /* a column that looks like it, or NULL */
	struct om_str constant;
	struct om_str fallback;
	const char *how; /* "trimmed, absolute", or empty */
};

struct om_seen {
	const char *shape;
	struct om_seen_file file[OM_FEED_SOURCES_MAX];
	unsigned files;
	struct om_seen_fact *fact;
	size_t count;
};

/* Everything lives in arena, or in the feed. OM_ENOENT, OM_EDATA if a file
 * cannot be read as far as its header. */
OM_MUST_USE int om_explain(const struct om_feed *feed, const char *const *paths,
    struct om_arena *arena, struct om_seen *out, struct om_err *err);

#endif
