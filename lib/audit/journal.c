/* journal.c - entries and checkpoints of the store-wide log; see journal.h. */
#include "audit/journal.h"

#include <string.h>

#include "audit/log.h"
#include "store/sql.h"

#define RECORD_MAX ((size_t)1 << 20)

static const char get_heads[] =
    "SELECT /*scan*/ shard, size, root FROM shard_heads ORDER BY shard";
static const char put_head[] =
    "INSERT INTO shard_heads (shard, size, root, journal_leaf)"
    " VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (shard) DO UPDATE SET size = excluded.size,"
    " root = excluded.root, journal_leaf = excluded.journal_leaf";
static const char put_entry[] =
    "INSERT INTO journal (leaf, record) VALUES ($1, $2)";
static const char put_checkpoint[] =
    "INSERT INTO checkpoints (size, note, created_at) VALUES ($1, $2, $3)";

static void
put_text(struct om_buf *out, const char *text)
{
	om_buf_be32(out, (uint32_t)strlen(text));
	om_buf_text(out, text);
}

void
om_journal_record(struct om_buf *out, const struct om_journal_field *fields,
    size_t field_count, const struct om_head *heads, size_t head_count)
{
	put_text(out, OM_JOURNAL_TAG);
	om_buf_be32(out, (uint32_t)field_count);
	for (size_t i = 0; i < field_count; i++) {
		put_text(out, fields[i].name);
		put_text(out, fields[i].value);
	}
	om_buf_be32(out, (uint32_t)head_count);
	for (size_t i = 0; i < head_count; i++) {
		om_buf_be64(out, (uint64_t)heads[i].shard);
		om_buf_be64(out, heads[i].size);
		om_buf_add(out, heads[i].root.h, sizeof(heads[i].root.h));
	}
}

/* All heads as they will stand: the known ones, replaced by the new. */
static int
merge_heads(struct om_db *db, const struct om_head *heads, size_t n,
    struct om_head all[OM_SHARDS_MAX], size_t *out_n, struct om_err *err)
{
	struct om_stmt *q;
	size_t count = 0;
	int rc;

	if (om_sql(db, &q, err, get_heads, "") < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1 && count < OM_SHARDS_MAX) {
		struct om_str root = om_col_blob(q, 2);

		all[count] = (struct om_head){ .shard = om_col_int(q, 0),
			.size = (uint64_t)om_col_int(q, 1) };
		if (root.n != OM_SHA256_SIZE)
			return om_fail(err, OM_EDAMAGED, "bad root of a shard");
		memcpy(all[count++].root.h, root.p, root.n);
	}
	om_stmt_reset(q);
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		size_t j = 0;

		while (j < count && all[j].shard != heads[i].shard)
			j++;
		if (j == OM_SHARDS_MAX)
			return om_fail(err, OM_ELIMIT, "too many shards");
		all[j] = heads[i];
		count += j == count;
	}
	*out_n = count;
	return rc < 0 ? rc : 0;
}

static int
store_heads(struct om_db *db, const struct om_head *heads, size_t n,
    uint64_t leaf, struct om_err *err)
{
	struct om_stmt *q;

	for (size_t i = 0; i < n; i++) {
		if (om_db_prepare(db, put_head, &q, err) < 0)
			return err->code;
		om_bind_int(q, 1, heads[i].shard);
		om_bind_int(q, 2, (int64_t)heads[i].size);
		om_bind_blob(q, 3, heads[i].root.h, OM_SHA256_SIZE);
		om_bind_int(q, 4, (int64_t)leaf);
		if (om_stmt_run(q, err) < 0)
			return err->code;
	}
	return 0;
}

static int
append_record(struct om_db *db, struct om_log *log, struct om_str record,
    struct om_err *err)
{
	struct om_sha256 sha;
	struct om_node leaf;
	struct om_stmt *q;

	om_sha256_init(&sha);
	om_merkle_leaf(&sha, record.p, record.n, &leaf);
	om_sha256_fini(&sha);
	if (om_sql(db, &q, err, put_entry, "i", (int64_t)om_log_size(log)) < 0)
		return err->code;
	om_bind_blob(q, 2, record.p, record.n);
	if (om_stmt_run(q, err) < 0)
		return err->code;
	return om_log_append(log, &leaf, 1, err);
}

static int
load_signer(struct om_store *store, struct om_signer **out, struct om_err *err)
{
	char name[OM_META_MAX];
	char path[OM_URL_MAX];

	if (om_store_meta(store, "key", name, err) < 0)
		return err->code;
	if (name[0] == '\0')
		return 0;
	if (name[0] == '/')
		strcpy(path, name);
	else if (om_store_path(store, name, path, err) < 0)
		return err->code;
	if (om_signer_load(path, out, err) < 0) {
		err->code = OM_EAUTH;
		return om_wrap(err, "signing key");
	}
	return 0;
}

static int
write_checkpoint(struct om_store *store, struct om_log *log, struct om_err *err)
{
	OM_AUTO(om_signer_free) struct om_signer *signer = NULL;
	OM_AUTO(om_buf_fini) struct om_buf text;
	OM_AUTO(om_buf_fini) struct om_buf note;
	struct om_checkpoint cp = { .size = om_log_size(log) };
	struct om_str signed_note;
	char origin[OM_META_MAX];

	om_buf_init(&text, OM_NOTE_MAX);
	om_buf_init(&note, OM_NOTE_MAX);
	if (om_store_meta(store, "origin", origin, err) < 0 ||
	    load_signer(store, &signer, err) < 0)
		return err->code;
	cp.origin = om_str_of(origin);
	om_log_root(log, &cp.root);
	om_checkpoint_text(&cp, &text);
	if (om_note_sign(signer, om_buf_view(&text), &note, err) < 0)
		return err->code;
	signed_note = om_buf_view(&note);
	return om_sql_run(om_store_catalog(store), err, put_checkpoint, "iti",
	    (int64_t)cp.size, &signed_note, om_now(om_store_clock(store)));
}

int
om_journal_append(struct om_store *store, const struct om_journal_field *fields,
    size_t field_count, const struct om_head *heads, size_t head_count,
    struct om_err *err)
{
	OM_AUTO(om_log_close) struct om_log *log = NULL;
	OM_AUTO(om_buf_fini) struct om_buf record;
	struct om_head all[OM_SHARDS_MAX];
	struct om_db *db = om_store_catalog(store);
	size_t n = 0;

	om_buf_init(&record, RECORD_MAX);
	if (om_log_open(db, &log, err) < 0 ||
	    merge_heads(db, heads, head_count, all, &n, err) < 0)
		return om_wrap(err, "journal");
	om_journal_record(&record, fields, field_count, all, n);
	if (store_heads(db, all, n, om_log_size(log), err) < 0 ||
	    append_record(db, log, om_buf_view(&record), err) < 0 ||
	    write_checkpoint(store, log, err) < 0)
		return om_wrap(err, "journal");
	return 0;
}
