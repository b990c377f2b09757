/*
 * gen_bad.h - orders whose rows are damaged, and what ingest must say of them.
 *
 * Damage to a cell that all rows of an order share stands on all of them;
 * any other is in its last row. What ingest answers is known beforehand: the
 * line, the column, the reason in its own words, and the money, which counts
 * as far as it can still be read.
 */
#ifndef OM_OPS_GEN_BAD_H
#define OM_OPS_GEN_BAD_H

#include "ops/gen_rows.h"

#define OM_GEN_REASON_MAX 160

struct om_gen_answer {
	enum om_gen_bad what;
	uint32_t row;			    /* of the order's rows, 0.. */
	const char *column;		    /* "": the row as a whole */
	bool named;			    /* the reference can be read */
	const struct om_currency *currency; /* NULL: it cannot be read */
	int64_t total_minor;
	char reason[OM_GEN_REASON_MAX];
};

/* What is wrong with the nth bad order. */
enum om_gen_bad om_gen_bad_turn(const struct om_gen_options *opt, int64_t nth);

/* How many rows are left of an order that had so many. */
uint32_t om_gen_bad_rows(enum om_gen_bad what, uint32_t rows);

void om_gen_bad_answer(const struct om_gen_options *opt,
    const struct om_gen_order *order, enum om_gen_bad what,
    struct om_gen_answer *out);

OM_MUST_USE int om_gen_write_bad(struct om_gen_rows *rows,
    const struct om_gen_order *order, enum om_gen_bad what,
    struct om_gen_file *file, struct om_err *err);

#endif
