/*
 * lines.h - text line by line, with its positions.
 *
 * Lines end with LF or CR LF; the last one may lack its end. A UTF-8 BOM at the
 * start is dropped and counted in the offsets. Bytes are not looked at.
 */
#ifndef OM_TEXT_LINES_H
#define OM_TEXT_LINES_H

#include "text/csv.h"

struct om_lines;

struct om_line_text {
	struct om_str bytes; /* without its end, until the next call */
	uint64_t line;	     /* 1.. */
	uint64_t offset;
};

struct om_lines *om_lines_open(om_read_fn *read, void *arg, size_t line_max);
void om_lines_close(struct om_lines **lines); /* safe on NULL and twice */

/* 1: *out is the next line. 0: the end. OM_ELIMIT "line 3, byte 120: over
 * 16777216 bytes". */
OM_MUST_USE int om_lines_next(struct om_lines *lines, struct om_line_text *out,
    struct om_err *err);

#endif
