/*
 * edi_read.h - X12 and EDIFACT files as segments, with their places.
 *
 * The delimiters are those that the interchange declares: in its ISA segment
 * (X12.5), or in UNA or else the defaults of ISO 9735. Blanks and line ends
 * between segments do not count; a UTF-8 BOM is dropped and counted in the
 * offsets. A segment that is not ended is an error, as the file was cut short.
 */
#ifndef OM_FEED_EDI_READ_H
#define OM_FEED_EDI_READ_H

#include "feed/doc.h"

#define OM_EDI_ELEMENTS_MAX 128
#define OM_EDI_SEGMENT_MAX  ((size_t)1024 * 1024)

struct om_edi_segment {
	struct om_str tag;
	const struct om_str *element; /* as they stand; the first is [0] */
	size_t count;
	struct om_position at;
};

struct om_edi;

OM_MUST_USE int om_edi_open(const char *path, struct om_edi **out,
    struct om_err *err);
void om_edi_close(struct om_edi **edi); /* safe on NULL and twice */

/* Between interchanges: what the next bytes declare becomes the delimiters.
 * 1: there is an interchange. 0: the end. OM_EDATA: it is none. */
OM_MUST_USE int om_edi_declare_x12(struct om_edi *edi, struct om_err *err);
OM_MUST_USE int om_edi_declare_edifact(struct om_edi *edi, struct om_err *err);

/* 1: *out is the next segment, until the next call. 0: the end. */
OM_MUST_USE int om_edi_next(struct om_edi *edi, struct om_edi_segment *out,
    struct om_err *err);

/* Element i, from 1, and component k of it, from 1; k 0 is the whole of it.
 * Released, without blanks around it, in arena; as UTF-8 if the file is
 * Latin-1. {NULL, 0} if it is empty or not there. */
struct om_str om_edi_text(const struct om_edi *edi,
    const struct om_edi_segment *s, size_t i, size_t k, struct om_arena *arena);
/* Whether it is just this; no arena needed. */
bool om_edi_is(const struct om_edi *edi, const struct om_edi_segment *s,
    size_t i, size_t k, const char *text);

void om_edi_latin1(struct om_edi *edi, bool latin1);

/* The last segment as it stood, with what ends it and, if it begins an
 * interchange, with its UNA; in arena. */
struct om_str om_edi_header(const struct om_edi *edi, struct om_arena *arena);
void om_edi_delimiters(const struct om_edi *edi, char *out_element,
    char *out_segment);

/* Keep all bytes from the segment on that was read last. */
void om_edi_mark(struct om_edi *edi);
/* From the mark up to the end of the last segment; the mark is gone. */
struct om_str om_edi_marked(struct om_edi *edi);

#endif
