/*
 * status.h - how a store is doing, without looking at a single order.
 *
 * Everything comes from the catalog and from small indexes, so that it costs
 * the same on a hundred orders and on a hundred million.
 */
#ifndef OM_OPS_STATUS_H
#define OM_OPS_STATUS_H

#include "base/buf.h"
#include "io/lock.h"
#include "ops/feeds.h"
#include "report/report.h"
#include "store/store.h"

enum om_batch_state {
	OM_BATCH_LOADING,
	OM_BATCH_PUBLISHED,
	OM_BATCH_FAILED,
	OM_BATCH_UNDONE,
	OM_BATCH_STATES
};

struct om_status_shard {
	const char *url;
	int64_t slots;
	int64_t entries;     /* of its log, as the journal knows it */
	int64_t unsettled;   /* payments applied to no order yet */
	int64_t waiting;     /* cancellations whose order has not come */
	const char *trouble; /* NULL: it answers */
};

struct om_status {
	int64_t now;
	const char *url;
	const char *epoch; /* of the shard map */
	int64_t published; /* the newest visible batch */
	unsigned shards;
	struct om_status_shard *shard;
	int64_t batches[OM_BATCH_STATES];
	const char *last_source; /* of the newest published batch, or "" */
	int64_t last_published;	 /* when; 0: never */
	int64_t last_success;	 /* of a batch or a run; 0: never */
	int64_t running; /* runs that did not end: one at work, or killed */
	int64_t failed_since; /* runs that failed after the last success */
	int64_t last_run;     /* 0: there was none */
	const char *last_command;
	const char *last_state;
	int64_t last_status; /* its exit status */
	int64_t open_rejects;
	bool lockable; /* a directory store: the lock can be asked for */
	bool locked;
	char holder[OM_LOCK_HOLDER_MAX];
	struct om_feed_state *feeds; /* that number their batches */
	int64_t entries;	     /* of the journal */
	int64_t checkpoint_at;
};

/* A shard that does not answer is told in its place; a catalog that does not
 * is an error. Text is in arena. */
OM_MUST_USE int om_status_read(struct om_store *store, struct om_arena *arena,
    struct om_status *out, struct om_err *err);

/* Nothing succeeded for longer than that many seconds, or ever. */
bool om_status_stale(const struct om_status *s, int64_t seconds);
bool om_status_troubled(const struct om_status *s); /* a shard is away */

/* stale_after: 0, or the limit in seconds that was asked about. */
struct om_report *om_status_report(const struct om_status *s,
    int64_t stale_after, struct om_arena *arena);
/* The text format of Prometheus, version 0.0.4, for its textfile collector. */
void om_status_prometheus(const struct om_status *s, struct om_buf *out);

#endif
