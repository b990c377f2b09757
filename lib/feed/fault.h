/*
 * fault.h - how a row or an order becomes a reject.
 */
#ifndef OM_FEED_FAULT_H
#define OM_FEED_FAULT_H

#include "feed/plan.h"
#include "feed/reader.h"

/* Put position, column, value and reason into *why and return OM_EDATA. step
 * may be NULL: no cell in particular. Column and value are borrowed. */
int om_fault(struct om_reject *why, const struct om_row *row,
    const struct om_step *step, struct om_str value, const char *fmt, ...)
    OM_PRINTF(5, 6);

/* Likewise, for a row that is wrong as a whole. */
int om_fault_row(struct om_reject *why, const struct om_row *row,
    const struct om_plan *plan);

/* Make *why whole: its text and the rows' bytes copied into arena. */
void om_fault_finish(struct om_reject *why, struct om_arena *arena,
    const struct om_row *rows, size_t count);

/* Only the rows' bytes. */
void om_fault_rows(struct om_reject *why, struct om_arena *arena,
    const struct om_row *rows, size_t count);

/* The same fault again and again: the wrong file. */
struct om_breaker {
	char last[128]; /* column and reason without its particulars */
	unsigned run;
};

#define OM_BREAKER_RUN 100U

void om_breaker_good(struct om_breaker *b);
/* OM_EDATA at the hundredth like reject in a row. */
OM_MUST_USE int om_breaker_reject(struct om_breaker *b,
    const struct om_reject *reject, struct om_err *err);

#endif
