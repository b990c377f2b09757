/* probe.c - what does the shard have under these keys? */
#include <stdlib.h>

#include "base/hash.h"
#include "store/chunk.h"
#include "store/judge.h"

/* Two steps, because most keys are new: what has such a key, then which of it
 * is current. In one, a server without statistics would join by slot first. */
static const char find_rows[] =
    "SELECT c.n, " OM_STORED_COLUMNS " FROM chunk_hits c"
    " JOIN order_rows o ON o.slot = c.slot AND o.id = c.id"
    " WHERE o.until_batch = 0";

static const struct om_lend_column hit_columns[] = {
	{ "n", OM_INT },
	{ "id", OM_INT },
	{ "slot", OM_INT },
};

static void
hit_cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct om_key_hit *h = (const struct om_key_hit *)rows + row;

	out->i = col == 0   ? (int64_t)h->index
		 : col == 1 ? h->id
			    : (int64_t)om_key_slot(h->key);
}

static int
judge_hits(struct om_db *db, const struct om_key_hits *hits,
    struct om_entry *entries, struct om_arena *arena, struct om_err *err)
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
	OM_AUTO(om_key_hits_fini) struct om_key_hits hits = { 0 };

	for (size_t i = 0; i < n; i++)
		om_judge_new(&entries[key[i].index], arena);
	if (om_keys_find(shard, key, n, &hits, err) < 0)
		return err->code;
	if (hits.count == 0)
		return 0;
	return judge_hits(shard, &hits, entries, arena, err);
}
