/*
 * journal.h - the store-wide log: one entry per writing command, with the
 * heads of all shard logs, under one (signed) checkpoint.
 *
 * An entry's record is "ordmill/journal/1" and the command's fields (name and
 * value, both length-prefixed text), then the number of heads and, for each,
 * shard, size (64-bit big-endian) and root (32 bytes). Its hash is a leaf of
 * the catalog's own log_tiles.
 */
#ifndef OM_AUDIT_JOURNAL_H
#define OM_AUDIT_JOURNAL_H

#include "audit/merkle.h"
#include "audit/note.h"
#include "store/store.h"

#define OM_JOURNAL_TAG "ordmill/journal/1"

struct om_head {
	int64_t shard;
	uint64_t size;
	struct om_node root;
};

struct om_journal_field {
	const char *name;
	const char *value;
};

/* The record as bytes; pure. */
void om_journal_record(struct om_buf *out,
    const struct om_journal_field *fields, size_t field_count,
    const struct om_head *heads, size_t head_count);

/* Reading a record back. Fields come first, then heads; each call gives the
 * next one, or false after the last. Text is borrowed from the record. */
struct om_journal_reader {
	struct om_str rest;
	uint64_t fields;
	uint64_t heads;
};
/* OM_EDAMAGED unless the record is well-formed to its last byte. */
OM_MUST_USE int om_journal_read(struct om_str record,
    struct om_journal_reader *out, struct om_err *err);
bool om_journal_next_field(struct om_journal_reader *reader,
    struct om_str *out_name, struct om_str *out_value);
bool om_journal_next_head(struct om_journal_reader *reader,
    struct om_head *out); /* passes over fields that were not read */

/* Every entry of the journal from one on, in order. */
typedef int om_entry_fn(int64_t leaf, struct om_str record, void *arg,
    struct om_err *err);
OM_MUST_USE int om_journal_each(struct om_store *store, int64_t from,
    om_entry_fn *each, void *arg, struct om_err *err);

/* Find the head of one shard in a record. OM_EDAMAGED if it is malformed. */
OM_MUST_USE int om_journal_head(struct om_str record, int64_t shard,
    struct om_head *out, bool *out_there, struct om_err *err);

/* The heads of the shards' logs as they stand. A shard that is away (OM_EREMOTE)
 * is left out: the journal carries its last known head over. */
OM_MUST_USE int om_journal_heads(const struct om_store *store,
    struct om_head heads[OM_SHARDS_MAX], size_t *out_n, struct om_err *err);

/*
 * Append an entry and write a checkpoint over the log that ends with it, in
 * the caller's transaction of the catalog. heads: of the shards whose log may
 * have grown; the others are carried over from shard_heads. The checkpoint is
 * signed if the store has a key (meta 'key' is its path); a key that is set
 * but cannot be read is an error (OM_EAUTH).
 */
OM_MUST_USE int om_journal_append(struct om_store *store,
    const struct om_journal_field *fields, size_t field_count,
    const struct om_head *heads, size_t head_count, struct om_err *err);

#endif
