/*
 * decide.h - say of numbers of a feed that they will never come.
 *
 * It is recorded in the catalog, and with who and why in the journal, in one
 * transaction. Nothing else changes: what comes all the same is loaded.
 */
#ifndef OM_INGEST_DECIDE_H
#define OM_INGEST_DECIDE_H

#include "store/decisions.h"

struct om_ruling {
	const char *feed;
	struct om_sequence first;
	struct om_sequence last; /* of the same unit; a day may be a weekday */
	bool accept;		 /* else reopen what was accepted */
	const char *by;
	const char *reason;
};

struct om_ruled {
	enum om_sequence_unit unit;
	int64_t changed; /* numbers or days; 0: it was decided so before */
	int64_t leaf;	 /* of the journal, if changed and no dry run */
};

/* Under the store's lock; what was interrupted is finished or undone first.
 * OM_ENOENT if there is no such feed, or one of the numbers came, or is not
 * expected yet. What is decided so already is left as it is. */
OM_MUST_USE int om_decide(struct om_store *store, const struct om_ruling *wish,
    bool dry_run, struct om_ruled *out, struct om_err *err);

#endif
