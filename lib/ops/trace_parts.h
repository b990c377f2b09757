/* trace_parts.h - what is known of an order, as read. For trace*.c. */
#ifndef OM_OPS_TRACE_PARTS_H
#define OM_OPS_TRACE_PARTS_H

#include "order/order.h"
#include "report/report.h"
#include "store/store.h"

struct om_trace_revision {
	struct om_trace_revision *next;
	int64_t id;
	int64_t leaf;
	struct om_order facts;
	const char *currency;
	int64_t prev_id;
	int64_t batch;
	int64_t source_line;
	int64_t until_batch;
	int64_t last_leaf;
	enum om_state state;
	int64_t paid_minor;
	int64_t refunded_minor;
	bool waits; /* a cancellation that came before its order */
};

/* A thing that happened, by its place in the shard's log. */
struct om_trace_step {
	struct om_trace_step *next;
	int64_t leaf;
	int64_t batch; /* that brought it, or 0 */
	int64_t run;   /* that did it, or 0 */
	int64_t source_line;
	const char *what;
	const char *detail;
};

struct om_trace_subject {
	struct om_store *store;
	struct om_arena *arena;
	struct om_str channel;
	struct om_str reference;
	uint64_t hash;
	unsigned slot;
	unsigned shard;
	struct om_db *db;		     /* of the shard, in one snapshot */
	struct om_trace_revision *revisions; /* oldest first */
	struct om_trace_step *steps;	     /* by leaf */
};

/* Fill revisions and steps from the shard. */
OM_MUST_USE int om_trace_read(struct om_trace_subject *t, struct om_err *err);

#endif
