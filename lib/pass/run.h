/*
 * run.h - the engine that every pass runs in.
 *
 * One thread per shard walks the shard window by window and commits the pass's
 * work together with its checkpoint and its evidence. A killed run
 * goes on where its last commit was. The catalog then gets the books and one
 * entry of the journal.
 */
#ifndef OM_PASS_RUN_H
#define OM_PASS_RUN_H

#include "pass/pass.h"

struct om_run_options {
	bool dry_run;
	int only_shard;	     /* -1: all */
	int64_t deadline_ns; /* om_monotonic_ns(), or 0 */
	const struct om_rule *rules;
	size_t rule_count;
};

struct om_run_result {
	int64_t run; /* 0 for a dry run */
	struct om_tally tally;
	bool resumed;
	int64_t ns;
};

/* OM_EDEADLINE: stopped at a checkpoint, the result says how far. A shard that
 * fails does not stop the others; its failure is returned at the end. */
OM_MUST_USE int om_pass_run(struct om_store *store, const struct om_pass *pass,
    const struct om_run_options *options, struct om_run_result *out,
    struct om_err *err);

#endif
