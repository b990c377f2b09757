/* tiles.c - reading tiles and folding them; see tiles.h. */
#include "audit/tiles.h"

#include <inttypes.h>
#include <string.h>

static const char sql_tile[] =
    "SELECT hashes FROM log_tiles WHERE level = $1 AND tile = $2";

uint64_t
om_tile_count(uint64_t size, unsigned level)
{
	return size >> (OM_TILE_BITS * level);
}

int
om_tile_read(struct om_log *log, unsigned level, uint64_t tile, size_t width,
    struct om_tile *out, struct om_err *err)
{
	struct om_stmt *stmt;
	struct om_str hashes;
	int rc;

	if (om_db_prepare(log->db, sql_tile, &stmt, err) < 0)
		return err->code;
	om_bind_int(stmt, 1, (int64_t)level);
	om_bind_int(stmt, 2, (int64_t)tile);
	rc = om_stmt_step(stmt, err);
	if (rc < 0)
		return rc;
	if (rc == 0)
		return om_fail(err, OM_EDAMAGED,
		    "log tile (%u, %" PRIu64 ") is missing", level, tile);
	hashes = om_col_blob(stmt, 0);
	if (hashes.n < width * OM_SHA256_SIZE || hashes.n > sizeof(out->hash) ||
	    hashes.n % OM_SHA256_SIZE != 0) {
		rc = om_fail(err, OM_EDAMAGED,
		    "log tile (%u, %" PRIu64 ") has %zu bytes, not %zu", level,
		    tile, hashes.n, width * OM_SHA256_SIZE);
	} else {
		memcpy(out->hash, hashes.p, hashes.n);
		out->width = hashes.n / OM_SHA256_SIZE;
	}
	om_stmt_reset(stmt);
	return rc < 0 ? rc : 0;
}

void
om_tile_fold(struct om_sha256 *sha, struct om_node *in, size_t width,
    struct om_node *out)
{
	for (; width > 1; width /= 2)
		for (size_t i = 0; i < width / 2; i++)
			om_merkle_join(sha, &in[2 * i], &in[2 * i + 1], &in[i]);
	*out = in[0];
}

int
om_tile_edges(struct om_log *log, uint64_t size,
    struct om_tile edge[OM_TILE_LEVELS], struct om_err *err)
{
	for (unsigned l = 0; l < OM_TILE_LEVELS; l++) {
		uint64_t count = om_tile_count(size, l);
		size_t width = (size_t)(count % OM_TILE_WIDTH);

		if (width > 0 && om_tile_read(log, l, count / OM_TILE_WIDTH,
				     width, &edge[l], err) < 0)
			return err->code;
		edge[l].width = width;
	}
	return 0;
}

/* RFC 6962 splits at the largest power of two, so the peaks join from the
 * right: the narrow end of the lowest level first. */
void
om_tile_root(struct om_sha256 *sha, const struct om_tile edge[OM_TILE_LEVELS],
    struct om_node *out)
{
	struct om_node work[OM_TILE_WIDTH];
	struct om_node peak;
	bool any = false;

	for (unsigned l = 0; l < OM_TILE_LEVELS; l++) {
		size_t end = edge[l].width;

		for (size_t bit = 1; end > 0; bit *= 2) {
			if ((end & bit) == 0)
				continue;
			end -= bit;
			memcpy(work, &edge[l].hash[end], bit * sizeof(*work));
			om_tile_fold(sha, work, bit, &peak);
			if (any)
				om_merkle_join(sha, &peak, out, out);
			else
				*out = peak;
			any = true;
		}
	}
	if (!any)
		om_sha256_end(sha, out->h);
}
