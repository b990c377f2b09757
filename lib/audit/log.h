/*
 * log.h - an append-only Merkle log kept in a database's table log_tiles.
 *
 * Tiles are cut as C2SP tlog-tiles cuts them, only narrower: tile (0, n) holds
 * the hashes of leaves 64n .. 64n+63, tile (l, n) the roots of 64 full tiles of
 * level l-1. Of rows with 256 hashes, 8 KiB, a page of SQLite's would hold but
 * one and be half empty. Only the right edge is ever rewritten. All writes happen inside the caller's
 * transaction; after a rollback call om_log_reload().
 *
 *     CREATE TABLE log_tiles (level, tile, hashes BLOB,
 *         PRIMARY KEY (level, tile))
 */
#ifndef OM_AUDIT_LOG_H
#define OM_AUDIT_LOG_H

#include "audit/merkle.h"
#include "db/db.h"

#define OM_TILE_BITS  6
#define OM_TILE_WIDTH (1 << OM_TILE_BITS)
#define OM_PROOF_MAX  64

struct om_log;

OM_MUST_USE int om_log_open(struct om_db *db, struct om_log **out,
    struct om_err *err);
void om_log_close(struct om_log **log);
OM_MUST_USE int om_log_reload(struct om_log *log, struct om_err *err);

uint64_t om_log_size(const struct om_log *log);
void om_log_root(struct om_log *log, struct om_node *out);

/* The root that the log had at an older size. */
OM_MUST_USE int om_log_root_at(struct om_log *log, uint64_t size,
    struct om_node *out, struct om_err *err);

/* After a failure the log in memory is ahead of the table: roll back and
 * reload. */
OM_MUST_USE int om_log_append(struct om_log *log, const struct om_node *leaves,
    size_t n, struct om_err *err);
/* Forget everything from leaf size on: for undoing an unpublished batch. */
OM_MUST_USE int om_log_truncate(struct om_log *log, uint64_t size,
    struct om_err *err);

/* n leaf hashes from first on, as stored. OM_EDAMAGED if a tile is missing or
 * of the wrong length. */
OM_MUST_USE int om_log_leaves(struct om_log *log, uint64_t first, size_t n,
    struct om_node *out, struct om_err *err);

/* Recompute every inner tile and the root from the leaf tiles; OM_EDAMAGED
 * names the first tile that does not follow. size <= om_log_size(). */
OM_MUST_USE int om_log_check(struct om_log *log, uint64_t size,
    struct om_node *out_root, struct om_err *err);

/* RFC 6962 section 2.1.1 and 2.1.2, for the tree of the first size leaves. */
OM_MUST_USE int om_log_inclusion(struct om_log *log, uint64_t leaf,
    uint64_t size, struct om_node proof[OM_PROOF_MAX], size_t *out_n,
    struct om_err *err);
OM_MUST_USE int om_log_consistency(struct om_log *log, uint64_t old_size,
    uint64_t size, struct om_node proof[OM_PROOF_MAX], size_t *out_n,
    struct om_err *err);

/* Does the proof lead from leaf to root? Pure. */
bool om_proof_holds(struct om_sha256 *sha, uint64_t index, uint64_t size,
    const struct om_node *leaf, const struct om_node *proof, size_t n,
    const struct om_node *root);

/* Is the tree of root a continuation of the tree of old_root? Pure. Every tree
 * continues the empty one. */
bool om_consistency_holds(struct om_sha256 *sha, uint64_t old_size,
    uint64_t size, const struct om_node *old_root, const struct om_node *root,
    const struct om_node *proof, size_t n);

#endif
