/* undo.c - take an unpublished batch out of a shard again; see ledger.h. */
#include <stdlib.h>

#include "base/hash.h"
#include "store/chunk.h"
#include "store/ledger.h"
#include "store/sql.h"

static const char find_rows[] =
    "SELECT id, slot, channel, reference, prev_id FROM order_rows"
    " WHERE id >= $1 ORDER BY id LIMIT $2";
static const char reopen_rows[] =
    "UPDATE order_rows SET until_batch = 0 FROM undo_rows u"
    " WHERE order_rows.slot = u.slot AND order_rows.id = u.prev_id";
static const char drop_keys[] = /* PostgreSQL */
    "DELETE FROM order_keys"
    " WHERE (key, id) IN (SELECT key, id FROM undo_rows)";
static const char drop_lines[] =
    "DELETE FROM line_rows WHERE id BETWEEN $1 AND $2";
static const char drop_early[] =
    "DELETE FROM early_rows WHERE id BETWEEN $1 AND $2";
static const char drop_rows[] =
    "DELETE FROM order_rows WHERE id BETWEEN $1 AND $2";
static const char drop_payments[] =
    "DELETE FROM payments WHERE order_id = 0 AND leaf >= $1 /*scan*/";

#define UNDO_ROWS 10000

struct undone {
	int64_t id;
	int64_t key;
	int64_t prev_id;
	int64_t slot;
};

static const struct om_lend_column columns[] = {
	{ "id", OM_INT },
	{ "key", OM_INT },
	{ "prev_id", OM_INT },
	{ "slot", OM_INT },
};

static void
cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct undone *u = (const struct undone *)rows + row;
	const int64_t value[] = { u->id, u->key, u->prev_id, u->slot };

	out->i = value[col];
}

static int
find(struct om_db *db, int64_t from, struct undone *rows, size_t *n,
    struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	*n = 0;
	if (om_sql(db, &q, err, find_rows, "ii", from, (int64_t)UNDO_ROWS) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1)
		rows[(*n)++] = (struct undone){
			.id = om_col_int(q, 0),
			.slot = om_col_int(q, 1),
			.key = om_key_of(
			    om_hash64(om_col_text(q, 2), om_col_text(q, 3))),
			.prev_id = om_col_int(q, 4),
		};
	return rc;
}

static int
drop(struct om_db *db, const struct undone *rows, size_t n, struct om_err *err)
{
	const struct om_lend lend = {
		.name = "undo_rows",
		.columns = columns,
		.column_count = OM_COUNT(columns),
		.rows = rows,
		.row_count = n,
		.cell = cell,
		.sorted_by = 1,
	};
	int64_t from = rows[0].id;
	int64_t to = rows[n - 1].id;
	int rc = 0;

	if (om_db_lend(db, &lend, err) < 0)
		return err->code;
	if (om_sql_run(db, err, reopen_rows, "") < 0 ||
	    (om_db_engine(db) == OM_POSTGRES &&
		om_sql_run(db, err, drop_keys, "") < 0) ||
	    om_sql_run(db, err, drop_lines, "ii", from, to) < 0 ||
	    om_sql_run(db, err, drop_early, "ii", from, to) < 0 ||
	    om_sql_run(db, err, drop_rows, "ii", from, to) < 0)
		rc = err->code;
	om_db_unlend(db, lend.name);
	return rc;
}

int
om_shard_undo(struct om_db *shard, int64_t leaf_from, bool *out_more,
    struct om_err *err)
{
	struct undone *rows = malloc(UNDO_ROWS * sizeof(*rows));
	size_t n = 0;
	int rc;

	if (rows == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	rc = find(shard, om_row_id((uint64_t)leaf_from), rows, &n, err);
	if (rc == 0 && n > 0)
		rc = drop(shard, rows, n, err);
	/* Keys in runs go last: of no row that is left a key is missing. */
	if (rc == 0 && n < UNDO_ROWS)
		rc = om_keys_cut(shard, om_row_id((uint64_t)leaf_from), err);
	free(rows);
	if (rc < 0)
		return rc;
	*out_more = n == UNDO_ROWS;
	return om_sql_run(shard, err, drop_payments, "i", leaf_from);
}
