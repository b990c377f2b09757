/*
 * edi_x12.h - one transaction set of X12 as a document; part of edi_x12.c.
 */
#ifndef OM_FEED_EDI_X12_H
#define OM_FEED_EDI_X12_H

#include "feed/edi_read.h"

/* What the envelope says of the sets in it. */
struct om_x12_envelope {
	struct om_arena arena; /* of the interchange */
	struct om_str control; /* ISA13 */
	struct om_str group;   /* GS06 */
	struct om_str sender;  /* GS02 */
	struct om_str sent;    /* GS04, GS05: "20100817T0850" */
};

/* From ST, read last and marked, to SE. OM_EDATA if its figures do not hold. */
OM_MUST_USE int om_x12_set(struct om_edi *edi,
    const struct om_x12_envelope *envelope, const struct om_edi_segment *st,
    struct om_doc *doc, struct om_err *err);

/* 20100810 or 100810 as 2010-08-10; anything else as it is. */
struct om_str om_edi_date(struct om_arena *arena, struct om_str text);

#endif
