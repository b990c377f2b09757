/*
 * tally.h - the books of a reconciliation: every row in exactly one bucket.
 *
 * Rows and amounts of each side are summed per bucket and currency as rows
 * are matched, and, independently, as they are read. The two must agree for
 * each side and each currency. Sums are 128 bits wide while they grow.
 */
#ifndef OM_RECON_TALLY_H
#define OM_RECON_TALLY_H

#include "recon/row.h"

enum om_rec_class {
	OM_REC_EXACT, /* matched */
	OM_REC_TOLERATED,
	OM_REC_MISSING_LEFT, /* a break from here on */
	OM_REC_MISSING_RIGHT,
	OM_REC_AMOUNT_OVER, /* the right amount is larger */
	OM_REC_AMOUNT_UNDER,
	OM_REC_CURRENCY,
	OM_REC_VALUE, /* a compared text differs */
	OM_REC_DUPLICATE,
	OM_REC_DATA, /* a row that cannot be read */
	OM_REC_CLASSES
};

#define OM_REC_FIRST_BREAK OM_REC_MISSING_LEFT

const char *om_rec_class_name(enum om_rec_class class); /* "missing_left" */
bool om_rec_class_find(struct om_str name, enum om_rec_class *out);

struct om_rec_sum {
	uint64_t items;	  /* matches or breaks, under their own currency */
	uint64_t rows[2]; /* left and right */
	om_int128 total[2];
	om_int128 amount; /* what is at stake: see match.h */
};

struct om_rec_tally {
	/* [currency][class], allocated zeroed */
	struct om_rec_sum (*sum)[OM_REC_CLASSES];
};

struct om_rec_control {
	uint64_t rows;
	uint64_t bad;
	uint64_t by_currency[OM_REC_CURRENCIES]; /* rows */
	om_int128 total[OM_REC_CURRENCIES];
};

void om_rec_tally_init(struct om_rec_tally *tally);
void om_rec_tally_fini(struct om_rec_tally *tally);
void om_rec_tally_merge(struct om_rec_tally *into,
    const struct om_rec_tally *from);

/* Everything of a class in all currencies. */
struct om_rec_sum om_rec_tally_class(const struct om_rec_tally *tally,
    enum om_rec_class class);
uint64_t om_rec_tally_breaks(const struct om_rec_tally *tally);

/* Does every row that was read have its bucket, and every amount? Else
 * OM_EINTERNAL. OM_ELIMIT if a sum does not fit an int64_t. */
OM_MUST_USE int om_rec_tally_close(const struct om_rec_tally *tally,
    const struct om_rec_control *left, const struct om_rec_control *right,
    struct om_err *err);

#endif
