/*
 * check.h - what the files of om_verify() share. Private to lib/audit.
 *
 * A struct om_check is one shard's examination, done by one thread. Functions
 * return negative for errors of reading only; what they find goes to flaws.
 */
#ifndef OM_AUDIT_CHECK_H
#define OM_AUDIT_CHECK_H

#include "audit/journal.h"
#include "audit/leaf.h"
#include "audit/log.h"
#include "audit/verify.h"

/* Leaves compared at a time: 32 MiB of hashes. */
#define OM_WINDOW_MAX ((size_t)1 << 20)

struct om_flaws {
	struct om_arena arena;
	int64_t shard;
	uint64_t count;
	struct om_flaw *first;
	struct om_flaw **end;
};

void om_flaws_init(struct om_flaws *flaws, int64_t shard);
void om_flaws_fini(struct om_flaws *flaws);
/* channel and reference may be {NULL, 0}. */
void om_flaw(struct om_flaws *flaws, struct om_str channel,
    struct om_str reference, const char *fmt, ...) OM_PRINTF(4, 5);
/* A failed call about something damaged is a flaw, any other an error. */
OM_MUST_USE int om_flaw_or_fail(struct om_flaws *flaws, struct om_err *err);

/* The heads of one shard that the journal states, oldest first, each once. */
struct om_history {
	struct om_head *head;
	size_t count;
	size_t cap;
};

/* Sums over a set of (key, id, slot), equal when the sets are: one pass over
 * each and no sorting, which a table of any size allows. */
struct om_sketch {
	uint64_t count;
	uint64_t sum[2];
};

struct om_check {
	const struct om_store *store;
	unsigned shard;
	struct om_history history;
	struct om_db *db;
	struct om_log *log;
	struct om_flaws flaws;

	struct om_sha256 sha;
	struct om_buf record;
	struct om_arena arena; /* of the order at hand */
	uint64_t size;	       /* of the log */
	unsigned char *seen;   /* a bit per leaf */
	struct om_node *window;
	uint64_t window_first;
	size_t window_count;

	/* Seen by leaf; every row there is must be. */
	uint64_t rows;		 /* of orders */
	struct om_sketch placed; /* those that are sealed */
	struct om_sketch early;	 /* cancellations before their orders */
	uint64_t lines;		 /* rows of line_rows */
	uint64_t events;
	uint64_t payments;
	/* What starts less what ended, weighed; see check_state.c. */
	uint64_t seed[2];
	struct {
		uint64_t chain;
		uint64_t paid;
		uint64_t refunded;
		uint64_t ended; /* revisions, by the next ones */
	} sums;
	uint64_t chained;     /* events that a walk found an order to lead to */
	uint64_t paid_events; /* events of kind payment */
	uint64_t applied;     /* payments that such an event applied */
	uint64_t pending;
};

/* Compare c->record with a leaf of the window and tick it off. */
void om_check_leaf(struct om_check *c, uint64_t leaf, struct om_str channel,
    struct om_str reference, const char *what);

/* A row of a cancellation that came before its order. */
void om_check_early(struct om_check *c, int64_t id, int64_t slot);

/* The rows whose leaves lie in the window; payments of a range of slots. */
OM_MUST_USE int om_check_orders(struct om_check *c, struct om_err *err);
OM_MUST_USE int om_check_payments(struct om_check *c, unsigned from,
    unsigned to, struct om_err *err);
OM_MUST_USE int om_check_events(struct om_check *c, struct om_err *err);

/* What may change in an order's row. */
struct om_mutable {
	int64_t id;
	int64_t slot;
	int64_t kind;
	struct om_str channel;
	struct om_str reference;
	struct om_str revision;
	int64_t prev_id;
	int64_t batch;
	int64_t until_batch;
	int64_t last_leaf;
	int64_t state;
	int64_t paid_minor;
	int64_t refunded_minor;
};
OM_MUST_USE int om_check_state(struct om_check *c, const struct om_mutable *row,
    struct om_err *err);
void om_check_chain(struct om_check *c, int64_t leaf, int64_t slot,
    const struct om_event *e);
/* After all rows and events: if they do not add up, why not. */
OM_MUST_USE int om_check_chains(struct om_check *c, struct om_err *err);

/* An order's row lies in the slot of its key. */
void om_check_place(struct om_check *c, int64_t id, int64_t slot,
    struct om_str channel, struct om_str reference);

/* After all windows: the table of keys is that of the rows that were seen, and
 * no row of any table was out of reach. */
OM_MUST_USE int om_check_places(struct om_check *c, struct om_err *err);

/* The whole of one shard; a work function for base/pool.h. */
int om_check_shard(void *check, struct om_err *err);

/* How many entries speak of what the catalog has a table of. */
struct om_spoken {
	uint64_t batches;
	uint64_t decisions;
};
/* What the command of an entry wrote into the catalog, *db. */
OM_MUST_USE int om_check_books(struct om_db *db, uint64_t leaf,
    struct om_str record, struct om_flaws *flaws, struct om_spoken *spoken,
    struct om_err *err);

/* The journal and its checkpoints. history: one per shard. */
OM_MUST_USE int om_check_journal(struct om_store *store,
    const struct om_verify_plan *plan, struct om_flaws *flaws,
    struct om_history *history, struct om_verified *out, struct om_err *err);

#endif
