/*
 * planted.h - made orders against a made statement: were the breaks found
 * those that were planted? For the commands that make their own data.
 */
#ifndef OM_CMD_PLANTED_H
#define OM_CMD_PLANTED_H

#include "report/report.h"
#include "store/store.h"

struct om_planted {
	uint64_t planted;
	uint64_t found;		  /* of those planted */
	uint64_t unasked;	  /* found, but not planted */
	struct om_report *report; /* the reconciliation, in the arena */
};

/* statement and answers are files as om_gen_run() makes them, the orders those
 * of the store. */
OM_MUST_USE int om_planted_find(const struct om_store *store,
    const char *statement, const char *answers, struct om_arena *arena,
    struct om_planted *out, struct om_err *err);

/* Nothing missing, nothing else. */
bool om_planted_right(const struct om_planted *planted);

#endif
