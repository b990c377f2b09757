/* log_check.c - does every inner tile follow from the leaves? See log.h. */
#include <inttypes.h>
#include <string.h>

#include "audit/tiles.h"

static const char sql_level[] =
    "SELECT tile, hashes FROM log_tiles "
    "WHERE level = $1 AND tile >= $2 AND tile < $3 ORDER BY tile";
static const char sql_beyond[] =
    "SELECT tile FROM log_tiles WHERE level = $1 AND tile >= $2 "
    "ORDER BY tile LIMIT 1";
static const char sql_above[] =
    "SELECT level, tile FROM log_tiles WHERE level >= $1 AND level <= $2 "
    "ORDER BY level, tile LIMIT 1";

/* The full tiles below one tile, on their way by. */
struct walk {
	struct om_log *log;
	unsigned level;
	uint64_t next;
	uint64_t end;
	struct om_tile above; /* ought to hold their roots */
};

static int
missing(const struct walk *w, struct om_err *err)
{
	return om_fail(err, OM_EDAMAGED,
	    "log tile (%u, %" PRIu64 ") is missing", w->level, w->next);
}

static int
check_tile(struct walk *w, uint64_t tile, struct om_str hashes,
    struct om_err *err)
{
	struct om_node work[OM_TILE_WIDTH];
	struct om_node root;

	if (tile != w->next)
		return missing(w, err);
	if (hashes.n != sizeof(work))
		return om_fail(err, OM_EDAMAGED,
		    "log tile (%u, %" PRIu64 ") has %zu bytes, not %zu",
		    w->level, tile, hashes.n, sizeof(work));
	memcpy(work, hashes.p, sizeof(work));
	om_tile_fold(&w->log->sha, work, OM_TILE_WIDTH, &root);
	if (memcmp(&root, &w->above.hash[tile % OM_TILE_WIDTH], sizeof(root)) !=
	    0)
		return om_fail(err, OM_EDAMAGED,
		    "log tile (%u, %" PRIu64
		    ") is not what the level above says",
		    w->level, tile);
	w->next++;
	return 0;
}

static int
check_below(struct walk *w, struct om_err *err)
{
	struct om_stmt *stmt;
	int rc;

	if (om_tile_read(w->log, w->level + 1, w->next / OM_TILE_WIDTH,
		(size_t)(w->end - w->next), &w->above, err) < 0)
		return err->code;
	if (om_db_prepare(w->log->db, sql_level, &stmt, err) < 0)
		return err->code;
	om_bind_int(stmt, 1, (int64_t)w->level);
	om_bind_int(stmt, 2, (int64_t)w->next);
	om_bind_int(stmt, 3, (int64_t)w->end);
	while ((rc = om_stmt_step(stmt, err)) == 1) {
		rc = check_tile(w, (uint64_t)om_col_int(stmt, 0),
		    om_col_blob(stmt, 1), err);
		if (rc < 0)
			break;
	}
	om_stmt_reset(stmt);
	if (rc == 0 && w->next < w->end)
		return missing(w, err);
	return rc;
}

static int
check_level(struct om_log *log, unsigned level, uint64_t size,
    struct om_err *err)
{
	uint64_t full = om_tile_count(size, level + 1);
	struct walk w = { .log = log, .level = level };

	while (w.next < full) {
		uint64_t left = full - w.next;

		w.end = w.next + (left < OM_TILE_WIDTH ? left : OM_TILE_WIDTH);
		if (check_below(&w, err) < 0)
			return err->code;
	}
	return 0;
}

static int
check_beyond(struct om_log *log, unsigned level, uint64_t tile,
    struct om_err *err)
{
	struct om_stmt *stmt;
	int rc;

	if (om_db_prepare(log->db, sql_beyond, &stmt, err) < 0)
		return err->code;
	om_bind_int(stmt, 1, (int64_t)level);
	om_bind_int(stmt, 2, (int64_t)tile);
	rc = om_stmt_step(stmt, err);
	if (rc == 1)
		rc = om_fail(err, OM_EDAMAGED,
		    "log tile (%u, %" PRId64 ") is beyond the log's end", level,
		    om_col_int(stmt, 0));
	om_stmt_reset(stmt);
	return rc;
}

/* The partial tile of a level is no wider than the log is long. */
static int
check_width(struct om_log *log, unsigned level, struct om_err *err)
{
	uint64_t count = om_tile_count(log->size, level);
	size_t width = (size_t)(count % OM_TILE_WIDTH);
	struct om_tile tile;

	if (width == 0)
		return 0;
	if (om_tile_read(log, level, count / OM_TILE_WIDTH, width, &tile, err) <
	    0)
		return err->code;
	if (tile.width != width)
		return om_fail(err, OM_EDAMAGED,
		    "log tile (%u, %" PRIu64 ") has %zu bytes, not %zu", level,
		    count / OM_TILE_WIDTH, tile.width * OM_SHA256_SIZE,
		    width * OM_SHA256_SIZE);
	return 0;
}

/* No tile on levels that no log has. */
static int
check_levels(struct om_log *log, int64_t from, int64_t to, struct om_err *err)
{
	struct om_stmt *stmt;
	int rc;

	if (om_db_prepare(log->db, sql_above, &stmt, err) < 0)
		return err->code;
	om_bind_int(stmt, 1, from);
	om_bind_int(stmt, 2, to);
	rc = om_stmt_step(stmt, err);
	if (rc == 1)
		rc = om_fail(err, OM_EDAMAGED,
		    "log tile (%" PRId64 ", %" PRId64
		    ") is beyond the log's end",
		    om_col_int(stmt, 0), om_col_int(stmt, 1));
	om_stmt_reset(stmt);
	return rc;
}

/* No tile but those that a log of this size has. */
static int
check_end(struct om_log *log, struct om_err *err)
{
	for (unsigned l = 0; l < OM_TILE_LEVELS; l++) {
		uint64_t count = om_tile_count(log->size, l);

		if (check_width(log, l, err) < 0)
			return err->code;
		if (check_beyond(log, l,
			(count + OM_TILE_WIDTH - 1) / OM_TILE_WIDTH, err) < 0)
			return err->code;
	}
	if (check_levels(log, INT32_MIN, -1, err) < 0)
		return err->code;
	return check_levels(log, OM_TILE_LEVELS, INT32_MAX, err);
}

int
om_log_root_at(struct om_log *log, uint64_t size, struct om_node *out,
    struct om_err *err)
{
	struct om_tile edge[OM_TILE_LEVELS];

	if (size > log->size)
		return om_fail(err, OM_EDAMAGED,
		    "log has %" PRIu64 " leaves, not %" PRIu64, log->size,
		    size);
	if (om_tile_edges(log, size, edge, err) < 0)
		return err->code;
	om_tile_root(&log->sha, edge, out);
	return 0;
}

int
om_log_check(struct om_log *log, uint64_t size, struct om_node *out_root,
    struct om_err *err)
{
	if (size > log->size)
		return om_log_root_at(log, size, out_root, err);
	for (unsigned l = 0; l + 1 < OM_TILE_LEVELS; l++)
		if (check_level(log, l, size, err) < 0)
			return err->code;
	if (size == log->size && check_end(log, err) < 0)
		return err->code;
	return om_log_root_at(log, size, out_root, err);
}
