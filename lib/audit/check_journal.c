/* check_journal.c - the store-wide log, its entries and its checkpoints. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/check.h"
#include "store/sql.h"

static const char sql_entries[] =
    "SELECT /*scan*/ leaf, record FROM journal ORDER BY leaf";
static const char sql_checkpoints[] =
    "SELECT /*scan*/ size, note FROM checkpoints ORDER BY size";
static const char count_published[] =
    "SELECT /*scan*/ count(*) FROM batches WHERE state = 'published'";
static const char count_decisions[] =
    "SELECT /*scan*/ count(*) FROM gap_decisions";
static const char sql_heads[] =
    "SELECT /*scan*/ shard, size, root FROM shard_heads ORDER BY shard";

static const struct om_str nobody = { NULL, 0 };

struct journal {
	struct om_store *store;
	struct om_db *db;
	struct om_log *log;
	struct om_flaws *flaws;
	struct om_history *history;
	struct om_sha256 sha;
	const struct om_verifier *verifier;
	char origin[OM_META_MAX];
	uint64_t next;	 /* entry */
	uint64_t newest; /* size of the last checkpoint */
	uint64_t checkpoints;
	struct om_spoken spoken;
};

static void
journal_end(struct journal *j)
{
	om_log_close(&j->log);
	om_sha256_fini(&j->sha);
}

static void
remember(struct om_history *h, const struct om_head *head)
{
	if (h->count > 0 && h->head[h->count - 1].size == head->size &&
	    memcmp(&h->head[h->count - 1].root, &head->root,
		sizeof(head->root)) == 0)
		return;
	if (h->count == h->cap) {
		h->cap = h->cap == 0 ? 64 : 2 * h->cap;
		h->head = realloc(h->head, h->cap * sizeof(*h->head));
		if (h->head == NULL) {
			fputs("ordmill: out of memory\n", stderr);
			abort();
		}
	}
	h->head[h->count++] = *head;
}

static void
take_heads(struct journal *j, uint64_t leaf, struct om_str record)
{
	struct om_journal_reader r;
	struct om_head head;
	struct om_err why;

	if (om_journal_read(record, &r, &why) < 0) {
		om_flaw(j->flaws, nobody, nobody,
		    "entry %" PRIu64 " is malformed", leaf);
		return;
	}
	while (om_journal_next_head(&r, &head)) {
		if (head.shard >= 0 &&
		    head.shard < (int64_t)om_store_shards(j->store))
			remember(&j->history[head.shard], &head);
		else
			om_flaw(j->flaws, nobody, nobody,
			    "entry %" PRIu64 " speaks of shard %" PRId64, leaf,
			    head.shard);
	}
}

static int
check_entry(struct journal *j, const struct om_stmt *q, struct om_err *err)
{
	struct om_str record = om_col_blob(q, 1);
	uint64_t leaf = (uint64_t)om_col_int(q, 0);
	struct om_node stored;
	struct om_node node;

	if (leaf != j->next)
		om_flaw(j->flaws, nobody, nobody,
		    "entry %" PRIu64 " is missing", j->next);
	j->next = leaf + 1;
	if (leaf >= om_log_size(j->log)) {
		om_flaw(j->flaws, nobody, nobody,
		    "entry %" PRIu64 " is not in the log", leaf);
		return 0;
	}
	if (om_log_leaves(j->log, leaf, 1, &stored, err) < 0)
		return err->code;
	om_merkle_leaf(&j->sha, record.p, record.n, &node);
	if (memcmp(&node, &stored, sizeof(node)) != 0)
		om_flaw(j->flaws, nobody, nobody,
		    "entry %" PRIu64 " is not what its leaf sealed", leaf);
	take_heads(j, leaf, record);
	return om_check_books(j->db, leaf, record, j->flaws, &j->spoken, err);
}

static int
check_entries(struct journal *j, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(j->db, sql_entries, &q, err) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1)
		if ((rc = check_entry(j, q, err)) < 0)
			break;
	om_stmt_reset(q);
	if (rc == 0 && j->next < om_log_size(j->log))
		om_flaw(j->flaws, nobody, nobody,
		    "the journal has %" PRIu64 " entries, its log %" PRIu64,
		    j->next, om_log_size(j->log));
	return rc;
}

static int
check_counts(struct journal *j, struct om_err *err)
{
	int64_t batches = 0;
	int64_t decisions = 0;

	if (om_sql_int(j->db, &batches, err, count_published, "") < 0 ||
	    om_sql_int(j->db, &decisions, err, count_decisions, "") < 0)
		return err->code;
	if ((uint64_t)batches != j->spoken.batches)
		om_flaw(j->flaws, nobody, nobody,
		    "%" PRId64
		    " batches are published, entries speak of %" PRIu64,
		    batches, j->spoken.batches);
	if ((uint64_t)decisions != j->spoken.decisions)
		om_flaw(j->flaws, nobody, nobody,
		    "%" PRId64
		    " decisions about gaps, entries speak of %" PRIu64,
		    decisions, j->spoken.decisions);
	return 0;
}

/* A signed statement about the journal, from the store or from elsewhere. */
static int
check_note(struct journal *j, struct om_str note, const char *which,
    struct om_checkpoint *cp, struct om_err *err)
{
	struct om_str text = note;
	struct om_node root;
	struct om_err why;

	if ((j->verifier != NULL &&
		om_note_verify(j->verifier, note, &text, &why) < 0) ||
	    om_checkpoint_parse(text, cp, &why) < 0) {
		om_flaw(j->flaws, nobody, nobody, "%s: %s", which, why.msg);
		return 0;
	}
	if (!om_str_is(cp->origin, j->origin))
		om_flaw(j->flaws, nobody, nobody,
		    "%s is of '%.*s', this store is '%s'", which,
		    OM_FMT(cp->origin), j->origin);
	if (cp->size > om_log_size(j->log)) {
		om_flaw(j->flaws, nobody, nobody,
		    "%s is of %" PRIu64 " entries, the journal has %" PRIu64,
		    which, cp->size, om_log_size(j->log));
		return 0;
	}
	if (om_log_root_at(j->log, cp->size, &root, err) < 0)
		return om_flaw_or_fail(j->flaws, err);
	if (memcmp(&root, &cp->root, sizeof(root)) != 0)
		om_flaw(j->flaws, nobody, nobody,
		    "%s is of another journal: its first %" PRIu64
		    " entries differ",
		    which, cp->size);
	return 0;
}

static int
check_checkpoint(struct journal *j, const struct om_stmt *q, struct om_err *err)
{
	struct om_checkpoint cp = { .size = (uint64_t)om_col_int(q, 0) };
	uint64_t stated = cp.size;
	char which[64];

	snprintf(which, sizeof(which), "checkpoint %" PRIu64, stated);
	if (check_note(j, om_col_text(q, 1), which, &cp, err) < 0)
		return err->code;
	if (cp.size != stated)
		om_flaw(j->flaws, nobody, nobody,
		    "%s is of %" PRIu64 " entries", which, cp.size);
	j->newest = stated;
	j->checkpoints++;
	return 0;
}

static int
check_checkpoints(struct journal *j, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(j->db, sql_checkpoints, &q, err) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1)
		if ((rc = check_checkpoint(j, q, err)) < 0)
			break;
	om_stmt_reset(q);
	if (rc == 0 && j->newest != om_log_size(j->log))
		om_flaw(j->flaws, nobody, nobody,
		    "the newest checkpoint is of %" PRIu64
		    " entries, the journal has %" PRIu64,
		    j->newest, om_log_size(j->log));
	return rc;
}

static bool
is_newest(const struct om_history *h, const struct om_stmt *q)
{
	const struct om_head *last = &h->head[h->count - 1];
	struct om_str root = om_col_blob(q, 2);

	return om_col_int(q, 1) == (int64_t)last->size &&
	       root.n == sizeof(last->root) &&
	       memcmp(root.p, &last->root, root.n) == 0;
}

/* shard_heads repeats the newest entry; the next command starts from it. */
static int
check_heads(struct journal *j, struct om_err *err)
{
	size_t count = 0;
	size_t want = 0;
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(j->db, sql_heads, &q, err) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		int64_t shard = om_col_int(q, 0);

		count++;
		if (shard < 0 || shard >= (int64_t)om_store_shards(j->store) ||
		    j->history[shard].count == 0 ||
		    !is_newest(&j->history[shard], q))
			om_flaw(j->flaws, nobody, nobody,
			    "the head of shard %" PRId64
			    " is not what the newest entry says",
			    shard);
	}
	for (unsigned i = 0; i < om_store_shards(j->store); i++)
		want += j->history[i].count > 0;
	if (rc == 0 && count < want)
		om_flaw(j->flaws, nobody, nobody,
		    "the heads of %zu shards are missing", want - count);
	return rc;
}

static int
check_all(struct journal *j, const struct om_verify_plan *plan,
    struct om_verified *out, struct om_err *err)
{
	struct om_checkpoint cp;

	if (om_log_open(j->db, &j->log, err) < 0)
		return err->code;
	out->size = om_log_size(j->log);
	if (om_log_check(j->log, out->size, &out->root, err) < 0 &&
	    om_flaw_or_fail(j->flaws, err) < 0)
		return err->code;
	if (check_entries(j, err) < 0 || check_counts(j, err) < 0 ||
	    check_checkpoints(j, err) < 0 || check_heads(j, err) < 0)
		return err->code;
	out->leaves += j->next;
	out->checkpoints = j->checkpoints;
	if (plan->trusted.p == NULL)
		return 0;
	return check_note(j, plan->trusted, "the checkpoint that was given",
	    &cp, err);
}

int
om_check_journal(struct om_store *store, const struct om_verify_plan *plan,
    struct om_flaws *flaws, struct om_history *history, struct om_verified *out,
    struct om_err *err)
{
	OM_AUTO(journal_end)
	struct journal j = {
		.store = store,
		.db = om_store_catalog(store),
		.flaws = flaws,
		.history = history,
		.verifier = plan->verifier,
	};

	om_sha256_init(&j.sha);
	if (om_store_meta(store, "origin", j.origin, err) < 0)
		return err->code;
	if (check_all(&j, plan, out, err) < 0)
		return om_flaw_or_fail(flaws, err);
	return 0;
}
