/*
 * edi_fact_parts.h - a message of EDIFACT on its way into a document. For
 * edi_fact_orders.c, which reads the message and what stands for the whole of
 * it, and edi_fact_line.c, which reads the lines.
 */
#ifndef OM_FEED_EDI_FACT_PARTS_H
#define OM_FEED_EDI_FACT_PARTS_H

#include "feed/edi_fact.h"

/* Where in a message a segment stands. */
enum om_edifact_area {
	OM_EDIFACT_HEADER,
	OM_EDIFACT_LINES,
	OM_EDIFACT_SUMMARY
};

#define OM_EDIFACT_NOTHING INT32_MAX /* a rank that is worse than any */

struct om_edifact_message {
	struct om_edi *edi;
	const struct om_edifact_envelope *envelope;
	struct om_doc *doc;
	enum om_edifact_area area;
	bool is_change; /* ORDCHG */
	bool deleted;	/* the line at hand */
	size_t row;
	uint64_t segments;
	struct om_str number;  /* BGM 1004 */
	struct om_str order;   /* RFF+ON */
	struct om_str version; /* BGM 1060 or 1056 */
	char alc;	       /* 'A', 'C' or 0: what a MOA belongs to */
	struct om_doc_sum allowed;
	struct om_doc_sum charged;
	struct om_doc_sum tax;
	struct om_doc_sum off; /* of the line */
	struct om_str price;
	struct om_str per;
	int price_rank;
	int quantity_rank;
	struct om_str quantity;
	int sku_rank;
	int date_rank;
	int buyer_rank;
};

/* As om_edi_text, in the document's arena. */
struct om_str om_edifact_text(const struct om_edifact_message *m,
    const struct om_edi_segment *s, size_t i, size_t k);
/* Likewise, its decimal mark a point. */
struct om_str om_edifact_number(const struct om_edifact_message *m,
    const struct om_edi_segment *s, size_t i, size_t k);
bool om_edifact_is(const struct om_edifact_message *m,
    const struct om_edi_segment *s, size_t i, size_t k, const char *want);
/* The index of the component in the list, or OM_EDIFACT_NOTHING. */
int om_edifact_rank(const struct om_edifact_message *m,
    const struct om_edi_segment *s, size_t i, size_t k,
    const char *const *words, size_t n);
/* A MOA of an allowance or charge whose ALC came before it. */
bool om_edifact_is_allowance(const struct om_edifact_message *m,
    const struct om_edi_segment *s);
/* A cell of the row at hand. */
void om_edifact_put(const struct om_edifact_message *m,
    enum om_doc_column column, struct om_str value);

/* The segments of a line. */
OM_MUST_USE int om_edifact_lin(struct om_edifact_message *m,
    const struct om_edi_segment *s, struct om_err *err);
OM_MUST_USE int om_edifact_pia(struct om_edifact_message *m,
    const struct om_edi_segment *s, struct om_err *err);
OM_MUST_USE int om_edifact_qty(struct om_edifact_message *m,
    const struct om_edi_segment *s, struct om_err *err);
OM_MUST_USE int om_edifact_pri(struct om_edifact_message *m,
    const struct om_edi_segment *s, struct om_err *err);
/* A MOA among the lines: 203 is the line's own, 124 its tax. */
void om_edifact_line_amount(struct om_edifact_message *m,
    const struct om_edi_segment *s);
/* No more comes of the line at hand, if there is one. */
void om_edifact_end_line(struct om_edifact_message *m);

#endif
