/*
 * write.h - a whole result at once: JSON for scripts, a report for people.
 */
#ifndef OM_RECON_WRITE_H
#define OM_RECON_WRITE_H

#include "recon/answers.h"
#include "report/report.h"

/* One document, "ordmill.reconcile/1", and a newline. answers may be NULL. */
void om_rec_write_json(struct om_buf *out, const struct om_rec_result *result,
    const struct om_rec_listing *listing, const struct om_rec_answers *answers);

/* The same as a report, for text and HTML. */
struct om_report *om_rec_report(struct om_arena *arena,
    const struct om_rec_result *result, const struct om_rec_listing *listing,
    const struct om_rec_answers *answers, bool chart);

/* Of report.c: items as a table of the section, and, under notes_key, those
 * of which there is more to say. */
void om_rec_report_items(struct om_report *report, const char *key,
    const char *notes_key, const struct om_rec_result *result,
    const struct om_rec_listing *listing);

/* "total (tolerance 0.01)" and the like, for headings. */
void om_rec_describe_column(struct om_buf *out,
    const struct om_rec_column *column);

#endif
