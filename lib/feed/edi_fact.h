/*
 * edi_fact.h - one message of EDIFACT as a document; part of edi_fact.c.
 */
#ifndef OM_FEED_EDI_FACT_H
#define OM_FEED_EDI_FACT_H

#include "feed/edi_read.h"

/* What the interchange says of the messages in it. */
struct om_edifact_envelope {
	struct om_arena arena;
	struct om_str control; /* UNB 0020 */
	struct om_str sender;  /* UNB S002 */
	struct om_str sent;    /* UNB S004: "20261120T1030" */
	bool latin1;	       /* UNOC */
};

/* From UNH, read last and marked, to UNT. */
OM_MUST_USE int om_edifact_message(struct om_edi *edi,
    const struct om_edifact_envelope *envelope,
    const struct om_edi_segment *unh, struct om_doc *doc, struct om_err *err);

#endif
