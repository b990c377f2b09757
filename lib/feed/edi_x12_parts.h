/*
 * edi_x12_parts.h - a transaction set of X12 on its way into a document. For
 * edi_x12_set.c, which reads the set and what stands for the whole of it, and
 * edi_x12_line.c, which reads the lines.
 */
#ifndef OM_FEED_EDI_X12_PARTS_H
#define OM_FEED_EDI_X12_PARTS_H

#include "feed/edi_x12.h"

/* Where in a set a segment stands. */
enum om_x12_area { OM_X12_HEADER, OM_X12_LINES, OM_X12_SUMMARY };

struct om_x12_body {
	struct om_edi *edi;
	const struct om_x12_envelope *envelope;
	struct om_doc *doc;
	enum om_x12_area area;
	size_t row; /* of the segment at hand */
	uint64_t segments;
	struct om_doc_sum digits;  /* of the quantities, without points */
	struct om_doc_sum allowed; /* of the order */
	struct om_doc_sum charged;
	struct om_doc_sum tax;
	struct om_doc_sum off; /* of the line */
	struct om_doc_sum line_tax;
	int buyer; /* how good the party is that we have; less is better */
};

/* As om_edi_text, in the document's arena. */
struct om_str om_x12_text(const struct om_x12_body *t,
    const struct om_edi_segment *s, size_t i);
/* Likewise, as others write numbers. */
struct om_str om_x12_number(const struct om_x12_body *t,
    const struct om_edi_segment *s, size_t i);
/* A cell of the row at hand. */
void om_x12_put(const struct om_x12_body *t, enum om_doc_column column,
    struct om_str value);

/* The segments that begin a line. */
OM_MUST_USE int om_x12_po1(struct om_x12_body *t,
    const struct om_edi_segment *s, struct om_err *err);
OM_MUST_USE int om_x12_poc(struct om_x12_body *t,
    const struct om_edi_segment *s, struct om_err *err);
/* No more comes of the line at hand, if there is one. */
void om_x12_end_line(struct om_x12_body *t);

#endif
