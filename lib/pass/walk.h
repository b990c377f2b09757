/* walk.h - one pass over one shard: windows, commits, checkpoints. */
#ifndef OM_PASS_WALK_H
#define OM_PASS_WALK_H

#include "pass/run.h"

struct om_walk {
	struct om_store *store;
	const struct om_pass *pass;
	const struct om_run_options *options;
	unsigned shard;
	int64_t run;
	int64_t now;
	int64_t published;
	struct om_tally tally; /* when it is over, also after a failure */
	bool resumed;
	bool late; /* stopped by the deadline */
};

/* An om_work_fn. */
int om_walk_run(void *walk, struct om_err *err);

#endif
