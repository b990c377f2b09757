/*
 * nest_parts.h - what the two halves of om_nest share. For nest*.c.
 *
 * nest.c walks the tokens of an object along the paths; nest_cells.c knows what
 * a value makes of a cell, and makes rows of the cells.
 */
#ifndef OM_FEED_NEST_PARTS_H
#define OM_FEED_NEST_PARTS_H

#include "feed/cellnum.h"
#include "feed/nest.h"

enum om_nest_state { OM_NEST_MISSING, OM_NEST_NULL, OM_NEST_RAW, OM_NEST_OWN };

struct om_nest_cell {
	const char *own; /* OM_NEST_OWN */
	uint32_t at;	 /* from the object's first byte */
	uint32_t text;	 /* OM_NEST_RAW: where its text is */
	uint32_t n;
	enum om_nest_state state;
	struct om_sum sum;
};

/* A container that is open, and what is looked for in it. */
struct om_nest_level {
	const struct om_path_node *node; /* NULL: nothing */
	const struct om_path_node *next; /* of the member that was named */
	uint32_t at;
	uint64_t serial; /* of the container */
	bool element;	 /* of the array of lines */
};

struct om_nest {
	const struct om_paths *paths;
	size_t columns;
	struct om_arena arena; /* texts of one object */
	struct om_origin origin;
	uint64_t offset;
	struct om_nest_level level[OM_JSON_NEST_MAX + 2];
	int depth;
	uint64_t serial;
	uint64_t *seen; /* by node: the last container that had it */
	bool in_line;
	bool lines_seen;
	size_t row_count; /* lines so far */
	size_t row_cap;
	struct om_nest_cell *cell; /* [row_cap][columns] */
	struct om_str *text;
	uint32_t *cell_at;
	struct om_row *row;
	uint64_t *line_line;
	uint32_t *line_at;
	char problem[OM_JSON_PATH_MAX + 80];
	size_t problem_row;
	size_t problem_cell;
	uint64_t problem_offset;
};

/* "a number", for a message. */
const char *om_nest_kind(enum om_json_kind kind);

/* The first thing that is wrong is what the object is rejected for; column may
 * be OM_NO_CELL. */
void om_nest_complain(struct om_nest *n, size_t column, uint64_t offset,
    const char *fmt, ...) OM_PRINTF(4, 5);
/* A value of another type than is looked for here. */
void om_nest_wrong_type(struct om_nest *n, const struct om_path_node *node,
    const struct om_json_token *t);

/* The first column at the node or below it, or OM_NO_CELL. */
size_t om_nest_first_column(const struct om_path_node *node);

/* Below a null, or a list without elements, everything is empty; what is in
 * the lines belongs to no line. */
void om_nest_all_null(struct om_nest *n, const struct om_path_node *node,
    uint32_t at);
/* A value that is neither object nor array. */
void om_nest_scalar(struct om_nest *n, const struct om_path_node *node,
    const struct om_json_token *t);
/* An object or array that is kept whole. */
void om_nest_keep_whole(struct om_nest *n, const struct om_nest_level *l,
    const struct om_json_token *end);

#endif
