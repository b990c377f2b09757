/* reader_parts.h - what a reader holds. For reader_open.c, which finds out how
 * files are to be read, and reader.c, which reads them. */
#ifndef OM_FEED_READER_PARTS_H
#define OM_FEED_READER_PARTS_H

#include "feed/build.h"
#include "feed/docs.h"
#include "feed/gather.h"
#include "feed/input.h"
#include "feed/jsonfile.h"
#include "feed/reader.h"
#include "feed/revisions.h"
#include "feed/stream.h"

/* 1: *out is the next item. 0: the end. */
typedef int om_item_fn(struct om_reader *r, struct om_arena *arena,
    struct om_item *out, struct om_err *err);

struct om_reader {
	const struct om_feed *feed;
	om_item_fn *next; /* as suits the feed: om_reader_choose() */
	enum om_shape shape;
	unsigned source_count;
	unsigned source;   /* that is being read */
	struct om_row row; /* of it */
	struct om_input input[OM_FEED_SOURCES_MAX];
	struct om_jsonfile *json; /* a file of documents, instead of input[0] */
	const char *path[OM_FEED_SOURCES_MAX];
	struct om_plan plan[OM_FEED_SOURCES_MAX];
	struct om_builder builder;
	struct om_gather *gather; /* NULL: a row is an item */
	struct om_docs *docs;	  /* NULL: files of rows */
	uint64_t doc_rows;
	bool keep_rows;		       /* also of what is no reject */
	struct om_stream *stream;      /* instead of gathering */
	struct om_revisions revisions; /* of the rows of one reference */
	bool scattered;
	struct om_read_tally tally;
	struct om_breaker breaker;
	struct om_arena arena;
};

/* How the items are got at, once it is known what there is to read. */
void om_reader_choose(struct om_reader *r);

#endif
