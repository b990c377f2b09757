/*
 * match.h - which row belongs to which, and what is wrong with the rest.
 *
 * Rows with one key are matched in this order, each row consumed once:
 *   1. rows that are alike in everything compared, N to N by occurrence;
 *   2. rows within the tolerances, by amount;
 *   3. what is left on both sides, in pairs by line: a break of its kind;
 *   4. what is left on one side: without any partner the first row is missing
 *      on the other side, every further one is a duplicate.
 * A bad row keeps its partner: the two are one break of class data.
 *
 * The amount at stake of a break is: the amount of the row (missing,
 * duplicate), right minus left (amount_over, amount_under), the left amount
 * (currency, value, exact), the readable one (data), the sum of the absolute
 * differences (tolerance).
 */
#ifndef OM_RECON_MATCH_H
#define OM_RECON_MATCH_H

#include "recon/items.h"
#include "recon/parts.h"

/* A row among those that share its key. */
struct om_rec_member {
	const struct om_rec_row *row;
	uint64_t twin; /* line of the first row just like it, 0: itself */
	bool taken;
};

struct om_rec_slot;

/* One thread's share of the matching. */
struct om_rec_matcher {
	const struct om_rec_rules *rules;
	const struct om_rec_parts *parts[2];
	const struct om_currency *const *currency; /* by number */
	unsigned first; /* matches parts first, first + step, ... */
	unsigned step;
	bool keep_matches; /* items also for what matched */
	struct om_rec_tally tally;
	struct om_rec_items *items;

	struct om_rec_rows rows[2]; /* scratch from here on */
	uint32_t *next[2];
	size_t next_cap[2];
	struct om_rec_slot *slot;
	size_t slots;
	struct om_rec_member *group[2];
	size_t group_cap[2];
};

void om_rec_matcher_fini(struct om_rec_matcher *matcher);

/* An om_work_fn. */
OM_MUST_USE int om_rec_match(void *matcher, struct om_err *err);

#endif
