/* log.c - opening, appending to and cutting the log; see log.h. */
#include "audit/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/tiles.h"

/* Up to this many tiles are written one by one: a loan costs more. */
#define FEW_TILES 8

static const char sql_last[] =
    "SELECT tile, hashes FROM log_tiles WHERE level = 0 "
    "ORDER BY tile DESC LIMIT 1";
static const char sql_put[] =
    "INSERT INTO log_tiles (level, tile, hashes) VALUES ($1, $2, $3) "
    "ON CONFLICT (level, tile) DO UPDATE SET hashes = excluded.hashes";
static const char sql_put_new[] = "INSERT INTO log_tiles (level, tile, hashes) "
				  "SELECT level, tile, hashes FROM lent_tiles";
static const char sql_drop[] =
    "DELETE FROM log_tiles WHERE level = $1 AND tile >= $2";
static const char sql_leaves[] =
    "SELECT tile, hashes FROM log_tiles "
    "WHERE level = 0 AND tile >= $1 AND tile <= $2 ORDER BY tile";

/* A tile on its way to the table. */
struct row {
	unsigned level;
	uint64_t tile;
	const struct om_node *hashes;
	size_t width;
};

struct rows {
	struct om_arena arena;
	struct row *row;
	size_t count;
	size_t cap;
};

static void
rows_fini(struct rows *rows)
{
	om_arena_clear(&rows->arena);
	free(rows->row);
}

int
om_log_open(struct om_db *db, struct om_log **out, struct om_err *err)
{
	OM_AUTO(om_log_close)
	struct om_log *log = om_must(calloc(1, sizeof(*log)));

	log->db = db;
	om_sha256_init(&log->sha);
	if (om_log_reload(log, err) < 0)
		return err->code;
	*out = log;
	log = NULL;
	return 0;
}

void
om_log_close(struct om_log **log)
{
	if (*log == NULL)
		return;
	om_sha256_fini(&(*log)->sha);
	free(*log);
	*log = NULL;
}

/* The size is where the last leaf tile ends. */
static int
read_size(struct om_log *log, uint64_t *out, struct om_err *err)
{
	struct om_stmt *stmt;
	size_t bytes = 0;
	int64_t tile = 0;
	int rc;

	if (om_db_prepare(log->db, sql_last, &stmt, err) < 0)
		return err->code;
	rc = om_stmt_step(stmt, err);
	if (rc < 0)
		return rc;
	if (rc == 1) {
		tile = om_col_int(stmt, 0);
		bytes = om_col_blob(stmt, 1).n;
		om_stmt_reset(stmt);
		if (tile < 0 || bytes == 0 || bytes % OM_SHA256_SIZE != 0 ||
		    bytes > OM_TILE_WIDTH * OM_SHA256_SIZE)
			return om_fail(err, OM_EDAMAGED,
			    "log tile (0, %" PRId64 ") has %zu bytes", tile,
			    bytes);
	}
	*out = (uint64_t)tile * OM_TILE_WIDTH + bytes / OM_SHA256_SIZE;
	return 0;
}

int
om_log_reload(struct om_log *log, struct om_err *err)
{
	uint64_t size = 0;

	if (read_size(log, &size, err) < 0)
		return err->code;
	if (om_tile_edges(log, size, log->edge, err) < 0)
		return err->code;
	log->size = size;
	return 0;
}

uint64_t
om_log_size(const struct om_log *log)
{
	return log->size;
}

void
om_log_root(struct om_log *log, struct om_node *out)
{
	om_tile_root(&log->sha, log->edge, out);
}

static void
add_row(struct rows *rows, unsigned level, uint64_t tile,
    const struct om_node *hashes, size_t width)
{
	if (rows->count == rows->cap) {
		rows->cap = rows->cap == 0 ? 16 : 2 * rows->cap;
		rows->row =
		    om_must(realloc(rows->row, rows->cap * sizeof(*rows->row)));
	}
	rows->row[rows->count++] = (struct row){ level, tile, hashes, width };
}

/* The edge of a level is full: write a copy of it, empty it, and give its
 * root to the level above. */
static void
carry(struct om_log *log, unsigned level, uint64_t tile, struct rows *rows)
{
	for (; log->edge[level].width == OM_TILE_WIDTH; level++) {
		struct om_tile *edge = &log->edge[level];
		struct om_tile *above = &log->edge[level + 1];
		struct om_node *copy =
		    om_alloc(&rows->arena, sizeof(edge->hash));

		memcpy(copy, edge->hash, sizeof(edge->hash));
		add_row(rows, level, tile, copy, OM_TILE_WIDTH);
		om_tile_fold(&log->sha, edge->hash, OM_TILE_WIDTH,
		    &above->hash[above->width++]);
		edge->width = 0;
		tile /= OM_TILE_WIDTH;
	}
}

/* A full tile that lies in the caller's leaves is written from there. */
static void
take_tile(struct om_log *log, const struct om_node *leaves, struct rows *rows)
{
	uint64_t tile = log->size / OM_TILE_WIDTH;
	struct om_tile *above = &log->edge[1];
	struct om_node work[OM_TILE_WIDTH];

	memcpy(work, leaves, sizeof(work));
	add_row(rows, 0, tile, leaves, OM_TILE_WIDTH);
	om_tile_fold(&log->sha, work, OM_TILE_WIDTH,
	    &above->hash[above->width++]);
	log->size += OM_TILE_WIDTH;
	carry(log, 1, tile / OM_TILE_WIDTH, rows);
}

static void
take_leaves(struct om_log *log, const struct om_node *leaves, size_t n,
    struct rows *rows)
{
	struct om_tile *edge = &log->edge[0];

	while (n > 0) {
		size_t room = OM_TILE_WIDTH - edge->width;
		size_t k = n < room ? n : room;

		if (k == OM_TILE_WIDTH) {
			take_tile(log, leaves, rows);
		} else {
			memcpy(&edge->hash[edge->width], leaves,
			    k * sizeof(*leaves));
			edge->width += k;
			log->size += k;
			carry(log, 0, (log->size - 1) / OM_TILE_WIDTH, rows);
		}
		leaves += k;
		n -= k;
	}
}

/* The edges that grew: a level is untouched when its count stayed. */
static void
take_edges(struct om_log *log, uint64_t before, struct rows *rows)
{
	for (unsigned l = 0; l < OM_TILE_LEVELS; l++) {
		uint64_t count = om_tile_count(log->size, l);

		if (count == om_tile_count(before, l))
			break;
		if (log->edge[l].width > 0)
			add_row(rows, l, count / OM_TILE_WIDTH,
			    log->edge[l].hash, log->edge[l].width);
	}
}

static void
row_cell(const void *rows, size_t i, int col, struct om_value *out)
{
	const struct row *row = (const struct row *)rows + i;

	switch (col) {
	case 0:
		out->i = (int64_t)row->level;
		break;
	case 1:
		out->i = (int64_t)row->tile;
		break;
	default:
		out->s.p = (const char *)row->hashes;
		out->s.n = row->width * sizeof(*row->hashes);
	}
}

/* Tiles that are new. */
static int
put_new(struct om_log *log, const struct rows *rows, struct om_err *err)
{
	static const struct om_lend_column columns[] = {
		{ "level", OM_INT },
		{ "tile", OM_INT },
		{ "hashes", OM_BLOB },
	};
	struct om_lend lend = {
		.name = "log_tiles",
		.columns = columns,
		.column_count = OM_COUNT(columns),
		.rows = rows->row,
		.row_count = rows->count,
		.cell = row_cell,
	};
	struct om_stmt *stmt;
	int rc = om_db_append(log->db, &lend, err);

	if (rc != 0)
		return rc < 0 ? rc : 0;
	lend.name = "lent_tiles";
	if (om_db_lend(log->db, &lend, err) < 0)
		return err->code;
	rc = om_db_prepare(log->db, sql_put_new, &stmt, err);
	if (rc == 0)
		rc = om_stmt_run(stmt, err);
	om_db_unlend(log->db, lend.name);
	return rc;
}

static int
put_one(struct om_log *log, const struct row *row, struct om_err *err)
{
	struct om_stmt *stmt;

	if (om_db_prepare(log->db, sql_put, &stmt, err) < 0)
		return err->code;
	om_bind_int(stmt, 1, (int64_t)row->level);
	om_bind_int(stmt, 2, (int64_t)row->tile);
	om_bind_blob(stmt, 3, row->hashes, row->width * sizeof(*row->hashes));
	return om_stmt_run(stmt, err);
}

/* Was the tile there when the log had so many leaves? */
static bool
was_there(const struct row *row, uint64_t size)
{
	return row->tile * OM_TILE_WIDTH < om_tile_count(size, row->level);
}

static int
put_rows(struct om_log *log, struct rows *rows, uint64_t before,
    struct om_err *err)
{
	bool few = rows->count <= FEW_TILES;
	size_t n = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];

		if (!few && !was_there(row, before))
			rows->row[n++] = *row;
		else if (put_one(log, row, err) < 0)
			return err->code;
	}
	rows->count = n;
	return n == 0 ? 0 : put_new(log, rows, err);
}

int
om_log_append(struct om_log *log, const struct om_node *leaves, size_t n,
    struct om_err *err)
{
	OM_AUTO(rows_fini) struct rows rows = { 0 };
	uint64_t before = log->size;

	if (n > INT64_MAX - before)
		return om_fail(err, OM_ELIMIT, "log of more than 2^63 leaves");
	take_leaves(log, leaves, n, &rows);
	take_edges(log, before, &rows);
	if (put_rows(log, &rows, before, err) < 0)
		return om_wrap(err, "log");
	return 0;
}

int
om_log_truncate(struct om_log *log, uint64_t size, struct om_err *err)
{
	struct om_tile *edge = log->edge;
	struct om_stmt *stmt;

	if (size > log->size)
		return om_fail(err, OM_EDAMAGED,
		    "log has %" PRIu64 " leaves, not %" PRIu64, log->size,
		    size);
	if (om_tile_edges(log, size, edge, err) < 0)
		return err->code;
	log->size = size;
	for (unsigned l = 0; l < OM_TILE_LEVELS; l++) {
		uint64_t tile = om_tile_count(size, l) / OM_TILE_WIDTH;

		if (om_db_prepare(log->db, sql_drop, &stmt, err) < 0)
			return err->code;
		om_bind_int(stmt, 1, (int64_t)l);
		om_bind_int(stmt, 2, (int64_t)tile);
		if (om_stmt_run(stmt, err) < 0)
			return err->code;
		if (edge[l].width > 0 &&
		    put_one(log,
			&(struct row){ l, tile, edge[l].hash, edge[l].width },
			err) < 0)
			return err->code;
	}
	return 0;
}

/* Copy the part of a leaf tile that lies in [first, first + n). */
static int
copy_leaves(struct om_stmt *stmt, uint64_t first, size_t n, uint64_t expected,
    struct om_node *out, struct om_err *err)
{
	uint64_t tile = (uint64_t)om_col_int(stmt, 0);
	struct om_str hashes = om_col_blob(stmt, 1);
	uint64_t start = tile * OM_TILE_WIDTH;
	uint64_t from = start < first ? first : start;
	uint64_t to = start + OM_TILE_WIDTH;

	if (to > first + n)
		to = first + n;
	if (tile != expected)
		return om_fail(err, OM_EDAMAGED,
		    "log tile (0, %" PRIu64 ") is missing", expected);
	if (hashes.n % OM_SHA256_SIZE != 0 ||
	    hashes.n < (to - start) * OM_SHA256_SIZE)
		return om_fail(err, OM_EDAMAGED,
		    "log tile (0, %" PRIu64 ") has %zu bytes", tile, hashes.n);
	memcpy(&out[from - first], hashes.p + (from - start) * OM_SHA256_SIZE,
	    (to - from) * OM_SHA256_SIZE);
	return 0;
}

int
om_log_leaves(struct om_log *log, uint64_t first, size_t n, struct om_node *out,
    struct om_err *err)
{
	uint64_t tile = first / OM_TILE_WIDTH;
	struct om_stmt *stmt;
	uint64_t last;
	int rc;

	if (n == 0)
		return 0;
	if (first > log->size || n > log->size - first)
		return om_fail(err, OM_EDAMAGED, "log has no leaf %" PRIu64,
		    first + n - 1);
	last = (first + n - 1) / OM_TILE_WIDTH;
	if (om_db_prepare(log->db, sql_leaves, &stmt, err) < 0)
		return err->code;
	om_bind_int(stmt, 1, (int64_t)tile);
	om_bind_int(stmt, 2, (int64_t)last);
	while ((rc = om_stmt_step(stmt, err)) == 1) {
		rc = copy_leaves(stmt, first, n, tile, out, err);
		if (rc < 0)
			break;
		tile++;
	}
	om_stmt_reset(stmt);
	if (rc < 0)
		return rc;
	if (tile <= last)
		return om_fail(err, OM_EDAMAGED,
		    "log tile (0, %" PRIu64 ") is missing", tile);
	return 0;
}
