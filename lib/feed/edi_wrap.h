/*
 * edi_wrap.h - an envelope for one document alone, of what it came in.
 *
 * Its beginning is the bytes of the interchange's and the group's headers, its
 * end says that there is one document, so that an export of the quarantine is
 * an interchange for each and is read as one.
 */
#ifndef OM_FEED_EDI_WRAP_H
#define OM_FEED_EDI_WRAP_H

#include "feed/edi_read.h"

/* Zeroed to begin with; all its memory is in the arena given. */
struct om_edi_wrap {
	struct om_str outer; /* the header as it stood */
	struct om_str group;
	struct om_str outer_end; /* its trailer, of one document */
	struct om_str group_end;
};

/* The header that was read last begins an interchange, or a group in it. end is
 * the tag of its trailer, control its element with the control number. */
void om_edi_wrap_outer(struct om_edi_wrap *wrap, const struct om_edi *edi,
    const struct om_edi_segment *header, const char *end, size_t control,
    struct om_arena *arena);
void om_edi_wrap_group(struct om_edi_wrap *wrap, const struct om_edi *edi,
    const struct om_edi_segment *header, const char *end, size_t control,
    struct om_arena *arena);
/* The group has ended. */
void om_edi_unwrap_group(struct om_edi_wrap *wrap);

/* Into doc->before and doc->after. */
void om_edi_wrap_doc(const struct om_edi_wrap *wrap, struct om_doc *doc);

#endif
