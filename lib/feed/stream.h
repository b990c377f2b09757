/*
 * stream.h - the rows of each order, brought together on the fly.
 *
 * Files whose references ascend (numbers by value, other text by bytes) and
 * whose rows of one order stand together need no gathering: order after order
 * is read off, from two files as from one, with memory for one order. Whether a
 * file is like that is seen only while reading it, so the first row out of
 * line ends the stream with OM_ECONFLICT: the caller then forgets what it took
 * and gathers instead (gather.h).
 */
#ifndef OM_FEED_STREAM_H
#define OM_FEED_STREAM_H

#include "feed/input.h"
#include "feed/plan.h"

struct om_stream;

/* Inputs and plans (compacted already) are borrowed. */
struct om_stream *om_stream_open(struct om_input *inputs,
    const struct om_plan *plans, unsigned count);
void om_stream_close(struct om_stream **stream); /* safe on NULL and twice */

/* 1: *out and *out_count are the rows of the next order, until the next call.
 * 0: the end. OM_ECONFLICT: not a file for streaming. */
OM_MUST_USE int om_stream_next(struct om_stream *stream,
    const struct om_row **out, size_t *out_count, struct om_err *err);

#endif
