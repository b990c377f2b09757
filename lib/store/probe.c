/* probe.c - what does the shard have under these keys? */
#include <stdlib.h>

#include "base/hash.h"
#include "store/chunk.h"
#include "store/judge.h"

/* Two steps, because most keys are new: what has such a key, then which of it
 * is current. In one, a server without statistics would join by slot first. */
static const char find_keys[] =
    "SELECT c.n, k.id, k.slot FROM chunk_keys c"
    " JOIN order_keys k ON k.slot = c.slot AND k.key = c.key";
static const char find_rows[] =
    "SELECT c.n, " OM_STORED_COLUMNS " FROM chunk_hits c"
    " JOIN order_rows o ON o.slot = c.slot AND o.id = c.id"
    " WHERE o.until_batch = 0";

static const struct om_lend_column key_columns[] = {
	{ "n", OM_INT },
	{ "slot", OM_INT },
	{ "key", OM_INT },
};

static void
key_cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct om_keyed *k = (const struct om_keyed *)rows + row;

	out->i = col == 0   ? (int64_t)k->index
		 : col == 1 ? om_key_slot(k->key)
			    : k->key;
}

/* A row that has one of the keys. */
struct hit {
	int64_t n; /* entry */
	int64_t id;
	int64_t slot;
};

struct hits {
	struct hit *hit;
	size_t count;
	size_t cap;
};

static const struct om_lend_column hit_columns[] = {
	{ "n", OM_INT },
	{ "id", OM_INT },
	{ "slot", OM_INT },
};

static void
hit_cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct hit *h = (const struct hit *)rows + row;

	out->i = col == 0 ? h->n : col == 1 ? h->id : h->slot;
}

static void
hits_end(struct hits *h)
{
	free(h->hit);
}

static int
add_hit(struct hits *h, const struct om_stmt *q, struct om_err *err)
{
	if (h->count == h->cap) {
		size_t cap = h->cap == 0 ? 1024 : 2 * h->cap;
		struct hit *more = realloc(h->hit, cap * sizeof(*more));

		if (more == NULL)
			return om_fail(err, OM_ELIMIT, "out of memory");
		h->hit = more;
		h->cap = cap;
	}
	h->hit[h->count++] = (struct hit){ om_col_int(q, 0), om_col_int(q, 1),
		om_col_int(q, 2) };
	return 0;
}

static int
look_up(struct om_db *db, const struct om_keyed *key, size_t n,
    struct hits *hits, struct om_err *err)
{
	const struct om_lend keys = {
		.name = "chunk_keys",
		.columns = key_columns,
		.column_count = OM_COUNT(key_columns),
		.rows = key,
		.row_count = n,
		.cell = key_cell,
	};
	struct om_stmt *q;
	int rc;

	if (om_db_lend(db, &keys, err) < 0 ||
	    om_db_prepare(db, find_keys, &q, err) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1)
		if (add_hit(hits, q, err) < 0)
			return err->code;
	om_db_unlend(db, keys.name);
	return rc;
}

static int
judge_hits(struct om_db *db, const struct hits *hits, struct om_entry *entries,
    struct om_arena *arena, struct om_err *err)
{
	const struct om_lend table = {
		.name = "chunk_hits",
		.columns = hit_columns,
		.column_count = OM_COUNT(hit_columns),
		.rows = hits->hit,
		.row_count = hits->count,
		.cell = hit_cell,
	};
	struct om_stmt *q;
	int rc;

	if (om_db_lend(db, &table, err) < 0 ||
	    om_db_prepare(db, find_rows, &q, err) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		struct om_entry *e = &entries[om_col_int(q, 0)];
		struct om_stored was;

		if (!om_stored_is(q, 1, e->order))
			continue; /* another order with the same key */
		was = om_stored_read(q, 1, arena);
		if (om_judge(db, e, &was, arena, err) < 0)
			return err->code;
	}
	om_db_unlend(db, table.name);
	return rc;
}

int
om_chunk_probe(struct om_db *shard, struct om_entry *entries,
    const struct om_keyed *key, size_t n, struct om_arena *arena,
    struct om_err *err)
{
	OM_AUTO(hits_end) struct hits hits = { 0 };

	for (size_t i = 0; i < n; i++)
		om_judge_new(&entries[key[i].index]);
	if (look_up(shard, key, n, &hits, err) < 0)
		return err->code;
	if (hits.count == 0)
		return 0;
	return judge_hits(shard, &hits, entries, arena, err);
}
