/* prove.c - from a row to a signed checkpoint; see prove.h. */
#include "audit/prove.h"

#include <inttypes.h>
#include <string.h>

#include "audit/checkpoint.h"
#include "audit/journal.h"
#include "audit/log.h"
#include "audit/order_row.h"
#include "store/chunk.h"
#include "store/stored.h"

#define RECORD_MAX ((size_t)64 << 20)

static const char sql_order[] =
    "SELECT " OM_ORDER_ROW ", o.last_leaf FROM order_keys k"
    " JOIN order_rows o ON o.slot = k.slot AND o.id = k.id"
    " WHERE k.slot = $1 AND k.key = $2 AND o.channel = $3"
    " AND o.reference = $4 AND o.batch <= $5"
    " AND (o.until_batch = 0 OR o.until_batch > $5)";
static const char sql_event[] =
    "SELECT order_id, prev_leaf, run, pass, kind, from_state, to_state,"
    " amount_minor, reason FROM events WHERE slot = $1 AND leaf = $2";
static const char sql_entry[] =
    "SELECT leaf, record FROM journal WHERE leaf >= 0"
    " ORDER BY leaf DESC LIMIT 1";

/* What the proof is made of. */
struct proof {
	struct om_store *store;
	struct om_db *db;
	struct om_log *log;
	unsigned shard;
	unsigned slot;
	struct om_arena arena;
	struct om_buf record;
	uint64_t leaf;
	int64_t last_leaf;
	struct om_buf entry;
	uint64_t entry_leaf;
	struct om_head head;
};

static void
proof_end(struct proof *p)
{
	om_log_close(&p->log);
	om_db_close(&p->db);
	om_arena_clear(&p->arena);
	om_buf_fini(&p->record);
	om_buf_fini(&p->entry);
}

static int
take_order(struct proof *p, struct om_str channel, struct om_str reference,
    struct om_err *err)
{
	uint64_t hash = om_hash64(channel, reference);
	struct om_order_row row;
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(p->db, sql_order, &q, err) < 0)
		return err->code;
	om_bind_int(q, 1, (int64_t)p->slot);
	om_bind_int(q, 2, om_key_of(hash));
	om_bind_text(q, 3, channel);
	om_bind_text(q, 4, reference);
	om_bind_int(q, 5, om_store_published(p->store));
	if ((rc = om_stmt_step(q, err)) < 0)
		return rc;
	if (rc == 0)
		return om_fail(err, OM_ENOENT, "no order '%.*s/%.*s'",
		    OM_FMT(channel), OM_FMT(reference));
	om_order_row_read(q, &row);
	p->last_leaf = om_col_int(q, OM_ORDER_ROW_COLUMNS);
	p->leaf = om_row_leaf(row.id);
	rc = om_lines_read(p->db, p->slot, row.id, &p->arena, &row.order.lines,
	    &row.order.line_count, err);
	if (rc == 0)
		om_leaf_order(&p->record, &row.order, &row.taken);
	om_stmt_reset(q);
	return rc;
}

static int
take_event(struct proof *p, struct om_err *err)
{
	struct om_event e;
	struct om_stmt *q;
	int rc;

	if (p->last_leaf == 0)
		return om_fail(err, OM_ENOENT,
		    "nothing has happened to the order yet");
	if (om_db_prepare(p->db, sql_event, &q, err) < 0)
		return err->code;
	om_bind_int(q, 1, (int64_t)p->slot);
	om_bind_int(q, 2, p->last_leaf);
	if ((rc = om_stmt_step(q, err)) < 0)
		return rc;
	if (rc == 0)
		return om_fail(err, OM_EDAMAGED, "event %" PRId64 " is missing",
		    p->last_leaf);
	e = (struct om_event){
		.order_id = om_col_int(q, 0),
		.prev_leaf = om_col_int(q, 1),
		.run = om_col_int(q, 2),
		.pass = om_col_text(q, 3),
		.kind = om_col_int(q, 4),
		.from_state = om_col_int(q, 5),
		.to_state = om_col_int(q, 6),
		.amount_minor = om_col_int(q, 7),
		.reason = om_col_text(q, 8),
	};
	p->leaf = (uint64_t)p->last_leaf;
	om_buf_reset(&p->record);
	om_leaf_event(&p->record, &e);
	om_stmt_reset(q);
	return 0;
}

/* The newest entry carries the heads of all shards. */
static int
take_entry(struct proof *p, struct om_err *err)
{
	bool there = false;
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(om_store_catalog(p->store), sql_entry, &q, err) < 0)
		return err->code;
	if ((rc = om_stmt_step(q, err)) < 0)
		return rc;
	if (rc == 1) {
		p->entry_leaf = (uint64_t)om_col_int(q, 0);
		om_buf_str(&p->entry, om_col_blob(q, 1));
	}
	om_stmt_reset(q);
	if (rc == 1 && om_journal_head(om_buf_view(&p->entry), p->shard,
			   &p->head, &there, err) < 0)
		return err->code;
	if (!there || p->leaf >= p->head.size)
		return om_fail(err, OM_ENOENT,
		    "leaf %" PRIu64 " of shard %u is not sealed yet", p->leaf,
		    p->shard);
	return 0;
}

/* A row that was changed has no proof, and nobody should go and show one. */
static int
check_leaf(struct om_log *log, uint64_t leaf, const struct om_buf *record,
    struct om_err *err)
{
	struct om_sha256 sha;
	struct om_node stored;
	struct om_node node;

	om_sha256_init(&sha);
	om_merkle_leaf(&sha, record->p, record->n, &node);
	om_sha256_fini(&sha);
	if (om_log_leaves(log, leaf, 1, &stored, err) < 0)
		return err->code;
	if (memcmp(&node, &stored, sizeof(node)) != 0)
		return om_fail(err, OM_EDAMAGED,
		    "the row is not what leaf %" PRIu64 " sealed", leaf);
	return 0;
}

/* "KEY BASE64\n" */
static void
put_bytes(struct om_buf *out, const char *key, const struct om_buf *bytes)
{
	om_buf_text(out, key);
	om_buf_char(out, ' ');
	om_base64(bytes->p, bytes->n, out);
	om_buf_char(out, '\n');
}

static int
put_path(struct om_log *log, uint64_t leaf, uint64_t size, struct om_buf *out,
    struct om_err *err)
{
	struct om_node path[OM_PROOF_MAX];
	size_t n = 0;

	if (om_log_inclusion(log, leaf, size, path, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		om_base64(path[i].h, sizeof(path[i].h), out);
		om_buf_char(out, '\n');
	}
	om_buf_char(out, '\n');
	return 0;
}

static int
put_entry(struct proof *p, struct om_buf *out, struct om_err *err)
{
	OM_AUTO(om_log_close) struct om_log *journal = NULL;

	if (om_log_open(om_store_catalog(p->store), &journal, err) < 0)
		return om_wrap(err, "journal");
	put_bytes(out, "entry", &p->entry);
	om_buf_printf(out, "c2sp.org/tlog-proof@v1\nindex %" PRIu64 "\n",
	    p->entry_leaf);
	if (put_path(journal, p->entry_leaf, om_log_size(journal), out, err) <
	    0)
		return om_wrap(err, "journal");
	return om_checkpoint_newest(p->store, out, err);
}

static int
put_all(struct proof *p, struct om_buf *out, struct om_err *err)
{
	om_buf_text(out, "ordmill/proof/1\n");
	put_bytes(out, "record", &p->record);
	om_buf_printf(out, "shard %u\nindex %" PRIu64 "\nsize %" PRIu64 "\n",
	    p->shard, p->leaf, p->head.size);
	if (om_log_open(p->db, &p->log, err) < 0 ||
	    check_leaf(p->log, p->leaf, &p->record, err) < 0 ||
	    put_path(p->log, p->leaf, p->head.size, out, err) < 0)
		return om_wrap(err, "shard %u", p->shard);
	if (put_entry(p, out, err) < 0)
		return err->code;
	if (om_buf_over(out))
		return om_fail(err, OM_ELIMIT, "proof of more than %zu bytes",
		    out->max);
	return 0;
}

int
om_prove(struct om_store *store, struct om_str channel, struct om_str reference,
    enum om_proof_of what, struct om_buf *out, struct om_err *err)
{
	OM_AUTO(proof_end) struct proof p = { .store = store };
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };

	om_buf_init(&p.record, RECORD_MAX);
	om_buf_init(&p.entry, RECORD_MAX);
	p.slot = om_slot_of(om_hash64(channel, reference));
	p.shard = om_store_shard_of(store, p.slot);
	/* The catalog first: what its newest entry seals, the shard has. */
	if (om_txn_begin_read(om_store_catalog(store), &txn, err) < 0 ||
	    om_store_open_shard(store, p.shard, OM_DB_READ, &p.db, err) < 0 ||
	    take_order(&p, channel, reference, err) < 0)
		return err->code;
	if (what == OM_PROVE_EVENT && take_event(&p, err) < 0)
		return om_wrap(err, "order '%.*s/%.*s'", OM_FMT(channel),
		    OM_FMT(reference));
	if (om_buf_over(&p.record))
		return om_fail(err, OM_ELIMIT,
		    "record of the order is too long");
	if (take_entry(&p, err) < 0)
		return err->code;
	return put_all(&p, out, err);
}
