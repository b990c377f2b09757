/* explain_show.h - what ingest --explain has seen, as text and JSON. */
#ifndef OM_CMD_EXPLAIN_SHOW_H
#define OM_CMD_EXPLAIN_SHOW_H

#include <stdio.h>

#include "feed/explain.h"
#include "feed/reader.h"
#include "store/outcome.h"
#include "text/json.h"

#define OM_EXPLAIN_FIRST  3
#define OM_EXPLAIN_KINDS  100
#define OM_EXPLAIN_LINES  5 /* of each order that is shown */
#define OM_EXPLAIN_MEMORY ((size_t)128 * 1024 * 1024)

/* Like rejects, told by the first of them. */
struct om_explain_kind {
	struct om_str column;
	struct om_str like; /* the reason without its particulars */
	const char *reason;
	struct om_str reference;
	struct om_position at;
	int64_t count;
};

struct om_explained {
	const struct om_feed *feed;
	char **names; /* of the files, as the caller calls them */
	bool opened;  /* seen is filled */
	struct om_seen seen;
	struct om_item first[OM_EXPLAIN_FIRST];
	size_t firsts;
	struct om_explain_kind kind[OM_EXPLAIN_KINDS]; /* as many as are told */
	size_t kinds;
	int64_t rejects;
	uint64_t rows;
	int64_t lines; /* of orders that are good */
	struct om_books books;
	struct om_arena arena;
};

void om_explain_text(FILE *out, const struct om_explained *x);
/* why NULL: the files could be read to their end. */
void om_explain_json(struct om_json *j, const struct om_explained *x,
    const struct om_err *why);

#endif
