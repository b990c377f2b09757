/*
 * answers.h - are the breaks found exactly those that were planted?
 *
 * An answer key is a CSV with the columns class and key, and, as far as they
 * are known, left_amount, right_amount and currency; keys are written as
 * om_rec_show_key() writes them. Each answer is used once.
 */
#ifndef OM_RECON_ANSWERS_H
#define OM_RECON_ANSWERS_H

#include "recon/show.h"

struct om_rec_answer {
	enum om_rec_class class;
	struct om_str key;
	struct om_str amount[2]; /* empty: not stated */
	struct om_str currency;
	uint64_t line;
	bool found;
};

struct om_rec_answers {
	struct om_rec_answer *answer; /* by key, class, line */
	size_t n;
	uint64_t found;
	uint64_t missing;	      /* after om_rec_answers_end() */
	uint64_t extra;		      /* breaks that no answer explains */
	struct om_rec_listing extras; /* the first of them */
};

/* Reads the whole file into arena. list_max: how many extras are kept. */
OM_MUST_USE int om_rec_answers_read(struct om_arena *arena, const char *path,
    size_t list_max, struct om_rec_answers *out, struct om_err *err);

/* Tick off a break. Matches are ignored. */
void om_rec_answers_take(struct om_rec_answers *answers, struct om_arena *arena,
    const struct om_rec_result *result, const struct om_rec_entry *entry);

/* After the last break: true if they agree. */
bool om_rec_answers_end(struct om_rec_answers *answers);

#endif
