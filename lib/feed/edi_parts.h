/*
 * edi_parts.h - a file of segments while it is read. For edi_read.c, which reads
 * it, and edi_declare.c, which finds its delimiters.
 */
#ifndef OM_FEED_EDI_PARTS_H
#define OM_FEED_EDI_PARTS_H

#include "feed/edi_read.h"

#define OM_EDI_UNA_SIZE 9
#define OM_EDI_NONE	(-1) /* a delimiter that is not used */

struct om_source;

struct om_edi {
	struct om_source *source;
	char *buf;
	size_t cap;
	size_t at;     /* of what comes next */
	size_t end;    /* of what was read */
	uint64_t base; /* offset of buf[0] in the input */
	uint64_t line; /* of what comes next */
	size_t mark;   /* in buf; SIZE_MAX: none */
	bool eof;
	int element;
	int component;
	int segment;
	int release;
	bool latin1;
	char una[OM_EDI_UNA_SIZE + 1]; /* until its interchange has begun */
	size_t begin;		       /* of the last segment, in buf */
	uint64_t begin_line;
	struct om_str list[OM_EDI_ELEMENTS_MAX];
};

struct om_position om_edi_position(const struct om_edi *e, size_t at,
    uint64_t line);

/* At least n bytes are there, or all that are left. */
OM_MUST_USE int om_edi_want(struct om_edi *e, size_t n, struct om_err *err);
OM_MUST_USE int om_edi_skip_blanks(struct om_edi *e, struct om_err *err);

#endif
