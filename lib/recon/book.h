/* book.h - enter a verdict into the tally, and into the list if it is asked
 * for. Between match.c, which finds pairs, and the books. */
#ifndef OM_RECON_BOOK_H
#define OM_RECON_BOOK_H

#include "recon/match.h"
#include "recon/verdict.h"

/* Both rows are there: whatever the verdict on them is. */
OM_MUST_USE int om_rec_book_pair(struct om_rec_matcher *m,
    const struct om_rec_row *left, const struct om_rec_row *right,
    const struct om_rec_verdict *verdict, struct om_err *err);

/* A row without a partner. reason may be empty; a bad row is always data. */
OM_MUST_USE int om_rec_book_single(struct om_rec_matcher *m, int side,
    const struct om_rec_row *row, enum om_rec_class class, const char *reason,
    struct om_err *err);

int om_rec_places(const struct om_rec_matcher *m, const struct om_rec_row *row);

#endif
