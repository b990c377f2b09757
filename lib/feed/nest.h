/*
 * nest.h - one JSON object, walked along the paths of a feed, becomes rows: its
 * own cells in the first, and those of each of its lines in one.
 *
 * A member that is not there is a reject, unless its fact says required: false
 * or has a default; null is an empty cell; an object or array where a value is
 * expected, and a value where one of them is expected, are rejects, and so are
 * true and false for a fact that is neither boolean nor mapped.
 */
#ifndef OM_FEED_NEST_H
#define OM_FEED_NEST_H

#include "feed/path.h"
#include "feed/row.h"
#include "text/json_read.h"

struct om_nest;

struct om_nest *om_nest_open(const struct om_paths *paths);
void om_nest_close(struct om_nest **nest); /* safe on NULL and twice */

/* The object begins; then every token in it, its end too. Of what is no object
 * only the first token counts: it is a problem. */
void om_nest_begin(struct om_nest *nest, const struct om_json_token *object);
void om_nest_token(struct om_nest *nest, const struct om_json_token *token);

/* Its rows, until the next begin. raw are its bytes, at is where they begin;
 * they and what is wrong with the object as a whole, or NULL, are borrowed
 * until then too. */
void om_nest_rows(struct om_nest *nest, struct om_position at,
    struct om_str raw, const struct om_json_problem *problem,
    const struct om_row **out, size_t *out_count);

#endif
