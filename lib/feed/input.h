/*
 * input.h - one file of a batch as rows: header read, skipped lines skipped,
 * ragged rows and second headers noticed.
 */
#ifndef OM_FEED_INPUT_H
#define OM_FEED_INPUT_H

#include "base/buf.h"
#include "feed/row.h"
#include "feed/trailer.h"
#include "io/source.h"

struct om_input {
	const struct om_dialect *dialect;
	const char *path;
	uint32_t index; /* of the source */
	struct om_source *source;
	struct om_decoder *decoder; /* in the arena */
	struct om_csv *csv;
	struct om_csv_record record;
	bool pending; /* record is the first row, and not yet given out */
	int64_t skip; /* lines still to be dropped */
	uint64_t skipped_lines;
	uint64_t skipped_bytes;
	struct om_buf front;  /* the mark and the lines that were skipped */
	struct om_str header; /* front and header as UTF-8; may be empty */
	struct om_str *name;  /* of each column, NUL-terminated */
	size_t count;	      /* fields that each row must have */
	uint64_t rows;
	struct om_manifest *stated; /* by the trailer, in the arena; or NULL */
	uint64_t trailer_line;	    /* 0: it was not seen yet */
	char problem[96];	    /* of the last row, when it is ragged */
};

/* Names and header live in arena. *in stays where it is until it is closed.
 * Messages begin with the path. */
OM_MUST_USE int om_input_open(struct om_input *in, struct om_arena *arena,
    const struct om_dialect *dialect, uint32_t index, const char *path,
    struct om_err *err);
void om_input_close(struct om_input *in); /* safe on a zeroed one, and twice */

/* 1: *out is a row, its cells by column. 0: the end. */
OM_MUST_USE int om_input_next(struct om_input *in, struct om_row *out,
    struct om_err *err);

#endif
