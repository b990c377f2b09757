/*
 * jsonfile.h - one JSON file of a batch as the rows of one order after the other.
 *
 * json: the elements of the array at one of `items`, of a bare array, or one
 * object; also several such documents, one behind the other. ndjson: an object
 * in each line. Only one object at a time is held.
 *
 * An object that is wrong in itself comes as a row with its problem; what makes
 * the rest of the file unreadable (broken grammar in json, a value or line over
 * the maximum) is an error with its position.
 */
#ifndef OM_FEED_JSONFILE_H
#define OM_FEED_JSONFILE_H

#include "feed/path.h"
#include "feed/row.h"

struct om_jsonfile;

/* Messages begin with the path. */
OM_MUST_USE int om_jsonfile_open(const struct om_feed *feed, const char *path,
    struct om_jsonfile **out, struct om_err *err);
void om_jsonfile_close(struct om_jsonfile **file); /* safe on NULL and twice */

/* 1: *out are the rows of the next object, until the next call. 0: the end. */
OM_MUST_USE int om_jsonfile_next(struct om_jsonfile *file,
    const struct om_row **out, size_t *out_count, struct om_err *err);

uint64_t om_jsonfile_count(const struct om_jsonfile *file); /* objects so far */

/* The file begins as JSON does. False for what is no plain file. */
OM_MUST_USE int om_jsonfile_sniff(const char *path, bool *out,
    struct om_err *err);

#endif
