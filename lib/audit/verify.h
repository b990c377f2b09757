/*
 * verify.h - does the store still say what its logs say it said?
 *
 * Every row is put back into the record that was sealed when it was written
 * and compared with the leaf in its shard's log; every leaf has exactly one
 * row; what may change in a row (state, sums, whether it is current) follows
 * from the events; tiles follow from leaves, the heads that the journal states
 * from the shards' logs, and signed checkpoints from the journal. What differs
 * is a flaw, named by shard and order; that is not an error of the call.
 *
 * It reads one consistent picture while others write: leaves that a batch or a
 * run in progress has added are checked against their rows, but not yet sealed.
 */
#ifndef OM_AUDIT_VERIFY_H
#define OM_AUDIT_VERIFY_H

#include "audit/note.h"
#include "store/store.h"

#define OM_FLAWS_MAX 1000 /* kept per shard; the rest are counted */

struct om_flaw {
	int64_t shard;	   /* -1: the journal */
	const char *order; /* "CHANNEL/REFERENCE", or NULL */
	const char *what;  /* a phrase */
	struct om_flaw *next;
};

struct om_verify_plan {
	/* Signatures by this key are demanded of every checkpoint. NULL: by
	 * the store's own key, if it has one. Borrowed. */
	const struct om_verifier *verifier;
	/* A checkpoint that was kept elsewhere, or {NULL, 0}: the journal must
	 * be a continuation of it. */
	struct om_str trusted;
};

struct om_verified {
	uint64_t size; /* of the journal */
	struct om_node root;
	uint64_t leaves;  /* of all logs, each compared with its row */
	uint64_t pending; /* those of them that no entry has sealed yet */
	uint64_t checkpoints;
	bool signed_by_key; /* signatures were looked at */
	uint64_t flaw_count;
	struct om_flaw *flaws; /* in the caller's arena, by shard */
};

OM_MUST_USE int om_verify(struct om_store *store,
    const struct om_verify_plan *plan, struct om_arena *arena,
    struct om_verified *out, struct om_err *err);

#endif
