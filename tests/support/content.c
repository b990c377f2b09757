/* content.c - all rows, sorted, hashed; see content.h. */
#include "content.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "unit.h"

#define ROW_MAX ((size_t)1 << 20)

struct rows {
	struct om_arena arena;
	struct om_str *row;
	size_t n;
	size_t cap;
};

static const char *const in_catalog[] = {
	"SELECT 'batches', batch, feed, kind, source, sha256, bytes, state,"
	" parent, rows_read, reason FROM batches",
	"SELECT 'batch_books', b.* FROM batch_books b",
	"SELECT 'feed_numbers', n.* FROM feed_numbers n",
	"SELECT 'gap_decisions', d.* FROM gap_decisions d",
	"SELECT 'rejects', r.* FROM rejects r",
	"SELECT 'reject_rows', r.* FROM reject_rows r",
	"SELECT 'journal', j.* FROM journal j",
	"SELECT 'log_tiles', l.* FROM log_tiles l",
	"SELECT 'shard_heads', s.* FROM shard_heads s",
	NULL,
};
static const char *const in_shard[] = {
	"SELECT 'order_rows', o.* FROM order_rows o",
	"SELECT 'order_keys', k.* FROM order_keys k",
	"SELECT 'line_rows', l.* FROM line_rows l",
	"SELECT 'payments', p.* FROM payments p",
	"SELECT 'events', e.* FROM events e",
	"SELECT 'published', p.* FROM published p",
	"SELECT 'progress', p.* FROM progress p",
	"SELECT 'shard_books', b.* FROM shard_books b",
	"SELECT 'findings', f.* FROM findings f",
	"SELECT 'log_tiles', l.* FROM log_tiles l",
	NULL,
};

static bool
is_blob(const char *column)
{
	static const char *const blobs[] = { "bytes", "record", "hashes",
		"root" };

	for (size_t i = 0; i < OM_COUNT(blobs); i++)
		if (strcmp(column, blobs[i]) == 0)
			return true;
	return false;
}

static void
keep(struct rows *r, struct om_str row)
{
	if (r->n == r->cap) {
		r->cap = r->cap == 0 ? 1024 : 2 * r->cap;
		r->row = realloc(r->row, r->cap * sizeof(r->row[0]));
		assert_non_null(r->row);
	}
	r->row[r->n++] = om_str_dup(&r->arena, row);
}

/* batches.bytes is a number, reject_rows.bytes is not. */
static void
take(struct rows *r, struct om_db *db, const char *sql)
{
	OM_AUTO(om_buf_fini) struct om_buf row;
	bool batches = strstr(sql, "'batches'") != NULL;
	struct om_err err = { 0 };
	struct om_stmt *q = NULL;
	int rc;

	om_buf_init(&row, ROW_MAX);
	assert_ok(om_db_prepare(db, sql, &q, &err));
	while ((rc = om_stmt_step(q, &err)) == 1) {
		om_buf_reset(&row);
		for (int i = 0; i < om_col_count(q); i++) {
			struct om_str cell =
			    is_blob(om_col_name(q, i)) && !batches
				? om_col_blob(q, i)
				: om_col_text(q, i);

			om_buf_be32(&row, (uint32_t)cell.n);
			om_buf_str(&row, cell);
		}
		assert_false(om_buf_over(&row));
		keep(r, om_buf_view(&row));
	}
	assert_ok(rc);
	om_stmt_reset(q);
}

static int
by_bytes(const void *a, const void *b)
{
	return om_str_cmp(*(const struct om_str *)a, *(const struct om_str *)b);
}

static void
finish(struct rows *r, char out[OM_SHA256_HEX])
{
	unsigned char digest[OM_SHA256_SIZE];
	struct om_sha256 sha;

	if (r->n > 0)
		qsort(r->row, r->n, sizeof(r->row[0]), by_bytes);
	om_sha256_init(&sha);
	for (size_t i = 0; i < r->n; i++)
		om_sha256_add(&sha, r->row[i].p, r->row[i].n);
	om_sha256_end(&sha, digest);
	om_sha256_fini(&sha);
	om_hex(digest, sizeof(digest), out);
	om_arena_clear(&r->arena);
	free(r->row);
}

static void
take_all(struct rows *r, struct om_db *db, const char *const *sql)
{
	for (; *sql != NULL; sql++)
		take(r, db, *sql);
}

void
content_of_db(struct om_db *db, bool catalog, char out[OM_SHA256_HEX])
{
	struct rows r = { .n = 0 };

	take_all(&r, db, catalog ? in_catalog : in_shard);
	finish(&r, out);
}

void
content_digest(struct om_store *store, char out[OM_SHA256_HEX])
{
	struct om_err err = { 0 };
	struct rows r = { .n = 0 };

	take_all(&r, om_store_catalog(store), in_catalog);
	for (unsigned i = 0; i < om_store_shards(store); i++) {
		struct om_db *db = NULL;

		assert_ok(om_store_open_shard(store, i, OM_DB_READ, &db, &err));
		take_all(&r, db, in_shard);
		om_db_close(&db);
	}
	finish(&r, out);
}
