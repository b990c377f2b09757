/*
 * ledger.h - a shard's memory of a batch or a run: how far it came, its part
 * of the books, what it could not take; and how to undo it.
 *
 * Everything here happens inside the caller's transaction of the shard, the
 * one that also commits the rows that it speaks of.
 */
#ifndef OM_STORE_LEDGER_H
#define OM_STORE_LEDGER_H

#include "store/chunk.h"
#include "store/store.h"

#define OM_WORK_BATCH "batch"
#define OM_WORK_RUN   "run"

struct om_progress {
	bool there;
	int64_t chunk;	   /* the last one committed */
	int64_t leaf_from; /* size of the log before the first one */
};

OM_MUST_USE int om_progress_get(struct om_db *shard, const char *kind,
    int64_t number, struct om_progress *out, struct om_err *err);
OM_MUST_USE int om_progress_set(struct om_db *shard, const char *kind,
    int64_t number, int64_t chunk, int64_t leaf_from, struct om_err *err);
OM_MUST_USE int om_progress_drop(struct om_db *shard, const char *kind,
    int64_t number, struct om_err *err);

/* Add to this shard's books of a batch; read them all into *out. */
OM_MUST_USE int om_shard_books_add(struct om_db *shard, int64_t batch,
    const struct om_books *more, struct om_err *err);
OM_MUST_USE int om_shard_books_get(struct om_db *shard, int64_t batch,
    struct om_books *out, struct om_err *err);
OM_MUST_USE int om_shard_books_drop(struct om_db *shard, int64_t batch,
    struct om_err *err);

/* An order or payment that contradicts the store, kept here until its batch
 * is published. seq orders the findings of a chunk. */
struct om_finding {
	struct om_str channel;
	struct om_str reference;
	struct om_position at;
	struct om_str reason;
	const struct om_currency *currency;
	int64_t total_minor;
};
OM_MUST_USE int om_finding_add(struct om_db *shard, int64_t batch,
    int64_t chunk, int64_t seq, const struct om_finding *finding,
    struct om_err *err);
typedef int om_finding_fn(const struct om_finding *finding, void *arg,
    struct om_err *err);
OM_MUST_USE int om_findings_each(struct om_db *shard, int64_t batch,
    om_finding_fn *each, void *arg, struct om_err *err);

/* The tallies of a run's pass, committed with its work; *_each tells every
 * line. */
OM_MUST_USE int om_run_tally_add(struct om_db *shard, int64_t run,
    const char *outcome, int64_t items, struct om_err *err);
OM_MUST_USE int om_run_tally_drop_others(struct om_db *shard, int64_t run,
    struct om_err *err);
typedef int om_tally_fn(const char *outcome, int64_t items, void *arg,
    struct om_err *err);
OM_MUST_USE int om_run_tally_each(struct om_db *shard, int64_t run,
    om_tally_fn *each, void *arg, struct om_err *err);

/* What the view orders shows. */
OM_MUST_USE int om_shard_published(struct om_db *shard, int64_t *out,
    struct om_err *err);
OM_MUST_USE int om_shard_publish(struct om_db *shard, int64_t batch,
    struct om_err *err);

/* Remove some rows from leaf_from on, keys and lines with them, and bring back
 * what they superseded; *out_more says whether there may be more. */
OM_MUST_USE int om_shard_undo(struct om_db *shard, int64_t leaf_from,
    bool *out_more, struct om_err *err);
/* On PostgreSQL, tell the planner how large the tables have become: within one
 * transaction nobody else does. Nothing on SQLite. */
OM_MUST_USE int om_shard_analyze(struct om_db *shard, struct om_err *err);
/* Forget the batch's progress, books and findings. */
OM_MUST_USE int om_shard_forget(struct om_db *shard, int64_t batch,
    struct om_err *err);

#endif
