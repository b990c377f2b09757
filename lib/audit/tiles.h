/*
 * tiles.h - what the log's files share: the right edge, and reading tiles.
 *
 * Private to lib/audit. The tree of a given size has, on level l, size / 64^l
 * hashes; the last of them, fewer than 64, are the edge of that level.
 */
#ifndef OM_AUDIT_TILES_H
#define OM_AUDIT_TILES_H

#include "audit/log.h"

#define OM_TILE_LEVELS 11 /* 64^11 leaves are more than 64 bits count */

struct om_tile {
	size_t width;
	struct om_node hash[OM_TILE_WIDTH];
};

struct om_log {
	struct om_db *db;
	struct om_sha256 sha;
	uint64_t size;
	struct om_tile edge[OM_TILE_LEVELS];
};

/* Hashes of level in a tree of size leaves. */
uint64_t om_tile_count(uint64_t size, unsigned level);

/* At least the first width hashes of a tile into out->hash; out->width is how
 * many it has, more than width if the tree has grown since. OM_EDAMAGED names
 * the tile if it is not as it must be. */
OM_MUST_USE int om_tile_read(struct om_log *log, unsigned level, uint64_t tile,
    size_t width, struct om_tile *out, struct om_err *err);

/* The root over width hashes, a power of two; in is overwritten. */
void om_tile_fold(struct om_sha256 *sha, struct om_node *in, size_t width,
    struct om_node *out);

/* The edges of the tree of the first size leaves, and the root they make. */
OM_MUST_USE int om_tile_edges(struct om_log *log, uint64_t size,
    struct om_tile edge[OM_TILE_LEVELS], struct om_err *err);
void om_tile_root(struct om_sha256 *sha,
    const struct om_tile edge[OM_TILE_LEVELS], struct om_node *out);

#endif
