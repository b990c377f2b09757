/*
 * apply.h - one shard's share of a block, into the shard.
 *
 * A struct om_applier owns the shard's handle and log and belongs to one
 * thread. om_apply() puts a share into the open transaction: rows, books,
 * findings, progress and evidence together, so that they commit or vanish
 * together.
 */
#ifndef OM_INGEST_APPLY_H
#define OM_INGEST_APPLY_H

#include "audit/log.h"
#include "base/buf.h"
#include "ingest/block.h"
#include "store/ledger.h"

struct om_order_work; /* apply_orders.c's own */

struct om_applier {
	struct om_db *db;
	struct om_log *log;
	struct om_sha256 sha;
	struct om_buf record;
	struct om_arena arena; /* what is fetched and written for a block */
	struct om_arena keep;  /* for as long as the applier */
	struct om_order_work *work;
	struct om_keyed *scratch;
	struct om_node *leaves;
	unsigned shard;
	int64_t batch;
	struct om_progress progress;
	uint64_t analyzed;     /* size of the log when the planner was told */
	struct om_books books; /* of the block at hand */
};

OM_MUST_USE int om_applier_open(const struct om_store *store, unsigned shard,
    int64_t batch, struct om_applier *out, struct om_err *err);
void om_applier_close(struct om_applier *a); /* also after a failed open */

/* Within a transaction of a->db. A block that is in already is passed over. */
OM_MUST_USE int om_apply(struct om_applier *a, struct om_block *block,
    struct om_err *err);

/* For apply_*.c: hash a->record and keep it as the nth new leaf. */
void om_applier_leaf(struct om_applier *a, size_t n);

OM_MUST_USE int om_apply_orders(struct om_applier *a,
    const struct om_block *block, const struct om_share *share,
    struct om_err *err);
void om_order_work_fini(struct om_order_work *work); /* safe on NULL */
OM_MUST_USE int om_apply_payments(struct om_applier *a,
    const struct om_block *block, const struct om_share *share,
    struct om_err *err);

#endif
