/*
 * path.h - columns of a document addressed by path: "id", "billing.email",
 * "line_items[].sku".
 *
 * Names are separated by dots; "[]" stands for every element of an array; a
 * backslash takes the character behind it as it is. All paths of a feed make
 * one tree, which a document is walked along.
 */
#ifndef OM_FEED_PATH_H
#define OM_FEED_PATH_H

#include "feed/spec.h"

#define OM_PATH_DEPTH_MAX 16 /* names and arrays in one path */

struct om_path_node {
	struct om_str name;	      /* of the member; empty: an element */
	uint64_t *hash;		      /* of each kid's name */
	struct om_path_node **kid;    /* members, if it is an object */
	struct om_path_node *element; /* if it is an array */
	size_t kid_count;
	size_t column; /* OM_NO_CELL: none ends here */
	size_t index;  /* 0.., of all nodes */
	bool lines;    /* an array: its elements are the lines */
};

/* What the facts that a column fills make of it. */
struct om_path_column {
	bool line;	/* of the lines */
	bool sum;	/* all that stands under an array, added up */
	bool must;	/* a missing one is a reject */
	bool boolean;	/* true and false are texts that it may have */
	bool number;	/* an exponent in a JSON number is written out */
	bool container; /* an object or array is kept as its text */
	struct om_number_format format;
};

struct om_paths {
	struct om_path_node root;
	const struct om_str *name; /* of each column */
	struct om_path_column *column;
	size_t count;
	size_t node_count;
	bool nested;	     /* there is an array of lines */
	struct om_str lines; /* its path, for messages */
};

/* The paths of a feed of documents. OM_EUSAGE with the place in the feed. */
OM_MUST_USE int om_paths_compile(struct om_feed *feed, struct om_err *err);

/* The parts of a path that has no arrays, for `items`. False: it is none. */
bool om_path_split(struct om_arena *arena, struct om_str path,
    struct om_str *out, size_t *out_count);

#endif
