/*
 * reconcile.h - two sides, one set of rules, every row accounted for.
 *
 * A pure function of its inputs: the same bytes give the same result, in the
 * same order, whatever the number of threads and the memory budget. What does
 * not fit the budget goes through scratch files.
 */
#ifndef OM_RECON_RECONCILE_H
#define OM_RECON_RECONCILE_H

#include "recon/items.h"

#define OM_REC_MEMORY_DEFAULT ((size_t)448 * 1024 * 1024)
#define OM_REC_ALL	      SIZE_MAX

struct om_rec_options {
	size_t memory;	      /* bytes; 0: the default */
	size_t limit;	      /* how many items are wanted: OM_REC_ALL */
	bool matches;	      /* items for matches too */
	const char *temp_dir; /* as for om_temp_open() */
};

struct om_rec_side {
	const char *name;
	struct om_rec_control control;
	struct om_rec_origin origin; /* sha256 empty: not a file */
};

struct om_rec_result {
	const struct om_rec_rules *rules;
	struct om_rec_side side[2];
	struct om_rec_tally tally;
	uint64_t breaks;
	/* by ISO 4217 number; NULL: did not occur */
	const struct om_currency *currency[OM_REC_CURRENCIES];
	/* the numbers of those that did, by code; 0 (unknown) comes last */
	uint16_t order[OM_REC_CURRENCIES];
	size_t currencies;
	bool spilled;
	struct om_rec_merge *items; /* read once */
	struct om_rec_items *list[2];
};

/* Reads both inputs to their end, each on a thread of its own. The rules
 * outlive the result. OM_EINTERNAL: the books do not close. A failure while
 * reading names the input. */
OM_MUST_USE int om_reconcile(const struct om_rec_rules *rules,
    const struct om_rec_input *left, const struct om_rec_input *right,
    const struct om_rec_options *options, struct om_rec_result **out,
    struct om_err *err);
void om_rec_result_free(struct om_rec_result **result); /* safe twice */

/* An amount as people write it: "12.50" in EUR, "1250" in JPY; without a
 * currency with two to six places. */
const char *om_rec_amount_text(int64_t amount, const struct om_currency *c,
    char out[OM_MONEY_TEXT_MAX]);
/* "EUR", or "XXX" (ISO 4217: no currency) when it is not known. */
const char *om_rec_currency_code(const struct om_currency *c);
/* The column an item is about, as the left side calls it; "" for none. */
const char *om_rec_column_name(const struct om_rec_rules *rules,
    unsigned column);

#endif
