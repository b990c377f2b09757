/* insert.c - a judged chunk into the tables of its shard, in bulk. */
#include <stddef.h>
#include <stdlib.h>

#include "store/chunk.h"

/* What the cells of a lent row lie in. */
struct new_row {
	const struct om_entry *entry;
	const struct om_order *order;
	const int64_t *batch;
	const int64_t *none;
};

#define IN_ENTRY(kind, field)                                                  \
	{                                                                      \
		OM_CELL_##kind, offsetof(struct new_row, entry),               \
		    offsetof(struct om_entry, field)                           \
	}
#define IN_ORDER(kind, field)                                                  \
	{                                                                      \
		OM_CELL_##kind, offsetof(struct new_row, order),               \
		    offsetof(struct om_order, field)                           \
	}

/* All columns of order_rows, in their order. */
static const struct om_lend_column row_columns[] = {
	{ "id", OM_INT },
	{ "slot", OM_INT },
	{ "kind", OM_INT },
	{ "channel", OM_TEXT },
	{ "reference", OM_TEXT },
	{ "revision", OM_TEXT },
	{ "customer", OM_TEXT },
	{ "placed_at", OM_INT },
	{ "currency", OM_TEXT },
	{ "tax_included", OM_INT },
	{ "subtotal_minor", OM_INT },
	{ "discount_minor", OM_INT },
	{ "shipping_minor", OM_INT },
	{ "tax_minor", OM_INT },
	{ "total_minor", OM_INT },
	{ "line_count", OM_INT },
	{ "attributes", OM_TEXT },
	{ "prev_id", OM_INT },
	{ "batch", OM_INT },
	{ "source_line", OM_INT },
	{ "until_batch", OM_INT },
	{ "last_leaf", OM_INT },
	{ "state", OM_INT },
	{ "paid_minor", OM_INT },
	{ "refunded_minor", OM_INT },
};

static const struct om_cell_place row_places[] = {
	IN_ENTRY(I64, id),
	IN_ENTRY(U32, slot),
	IN_ORDER(U32, kind),
	IN_ORDER(STR, channel),
	IN_ORDER(STR, reference),
	IN_ORDER(STR, revision),
	IN_ORDER(STR, customer),
	IN_ORDER(I64, placed_at),
	{ .kind = OM_CELL_CALL },
	IN_ORDER(BOOL, tax_included),
	IN_ORDER(I64, subtotal_minor),
	IN_ORDER(I64, discount_minor),
	IN_ORDER(I64, shipping_minor),
	IN_ORDER(I64, tax_minor),
	IN_ORDER(I64, total_minor),
	IN_ORDER(U32, line_count),
	IN_ORDER(STR, attributes),
	IN_ENTRY(I64, prev_id),
	{ OM_CELL_I64, offsetof(struct new_row, batch), 0 },
	IN_ORDER(I64, at.line),
	{ OM_CELL_I64, offsetof(struct new_row, none), 0 },
	{ OM_CELL_I64, offsetof(struct new_row, none), 0 },
	IN_ENTRY(U32, state),
	IN_ENTRY(I64, paid_minor),
	IN_ENTRY(I64, refunded_minor),
};

static const char insert_rows[] =
    "INSERT INTO order_rows (id, slot, kind, channel, reference, revision,"
    " customer, placed_at, currency, tax_included, subtotal_minor,"
    " discount_minor, shipping_minor, tax_minor, total_minor, line_count,"
    " attributes, prev_id, batch, source_line, until_batch, last_leaf, state,"
    " paid_minor, refunded_minor)"
    " SELECT id, slot, kind, channel, reference, revision,"
    " customer, placed_at, currency, tax_included, subtotal_minor,"
    " discount_minor, shipping_minor, tax_minor, total_minor, line_count,"
    " attributes, prev_id, batch, source_line, until_batch, last_leaf, state,"
    " paid_minor, refunded_minor FROM chunk_rows";
static const char insert_early[] =
    "INSERT INTO early_rows (id, slot)"
    " SELECT id, slot FROM chunk_rows WHERE currency = ''";
static const char insert_lines[] =
    "INSERT INTO order_lines (order_id, line, slot, sku, quantity_milli,"
    " unit_price_micro, discount_minor, tax_minor, total_minor)"
    " SELECT order_id, line, slot, sku, quantity_milli, unit_price_micro,"
    " discount_minor, tax_minor, total_minor FROM chunk_lines";
static const char close_rows[] =
    "UPDATE order_rows SET until_batch = $1 FROM chunk_rows c"
    " WHERE order_rows.slot = c.slot AND order_rows.id = c.prev_id";

/* Of the currency alone, whose text lies in no struct om_str. */
static void
row_cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct new_row *r = (const struct new_row *)rows + row;

	(void)col;
	out->s =
	    r->order->currency == NULL
		? OM_STR("")
		: (struct om_str){ r->order->currency->code, OM_CURRENCY_CODE };
}

struct new_line {
	const struct om_entry *entry;
	const struct om_line *line;
};

#define OF_ENTRY(kind, field)                                                  \
	{                                                                      \
		OM_CELL_##kind, offsetof(struct new_line, entry),              \
		    offsetof(struct om_entry, field)                           \
	}
#define OF_LINE(kind, field)                                                   \
	{                                                                      \
		OM_CELL_##kind, offsetof(struct new_line, line),               \
		    offsetof(struct om_line, field)                            \
	}

static const struct om_lend_column line_columns[] = {
	{ "order_id", OM_INT },
	{ "line", OM_INT },
	{ "slot", OM_INT },
	{ "sku", OM_TEXT },
	{ "quantity_milli", OM_INT },
	{ "unit_price_micro", OM_INT },
	{ "discount_minor", OM_INT },
	{ "tax_minor", OM_INT },
	{ "total_minor", OM_INT },
};

static const struct om_cell_place line_places[] = {
	OF_ENTRY(I64, id),
	OF_LINE(I32, number),
	OF_ENTRY(U32, slot),
	OF_LINE(STR, sku),
	OF_LINE(I64, quantity_milli),
	OF_LINE(I64, unit_price_micro),
	OF_LINE(I64, discount_minor),
	OF_LINE(I64, tax_minor),
	OF_LINE(I64, total_minor),
};

static int
run(struct om_db *db, const char *sql, const int64_t *batch, struct om_err *err)
{
	struct om_stmt *q;

	if (om_db_prepare(db, sql, &q, err) < 0)
		return err->code;
	if (batch != NULL)
		om_bind_int(q, 1, *batch);
	return om_stmt_run(q, err);
}

static size_t
count_lines(const struct om_entry *const *entries, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += entries[i]->order->line_count;
	return count;
}

static int
put_lines(struct om_db *db, const struct om_entry *const *entries, size_t n,
    struct om_err *err)
{
	size_t count = count_lines(entries, n);
	struct new_line *lines = malloc((count + 1) * sizeof(*lines));
	const struct om_lend lend = {
		.name = "chunk_lines",
		.columns = line_columns,
		.column_count = OM_COUNT(line_columns),
		.rows = lines,
		.row_count = count,
		.places = line_places,
		.row_size = sizeof(*lines),
	};
	int rc = 0;

	if (lines == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	count = 0;
	for (size_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < entries[i]->order->line_count; j++)
			lines[count++] = (struct new_line){ entries[i],
				&entries[i]->order->lines[j] };
	if (count > 0)
		rc = om_db_lend(db, &lend, err);
	if (count > 0 && rc == 0)
		rc = run(db, insert_lines, NULL, err);
	om_db_unlend(db, lend.name);
	free(lines);
	return rc;
}

static bool
any_supersedes(const struct om_entry *const *entries, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (entries[i]->prev_id != 0)
			return true;
	return false;
}

/* A cancellation without the facts of its order. */
static bool
any_early(const struct om_entry *const *entries, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (entries[i]->order->currency == NULL)
			return true;
	return false;
}

/* What needs more than to be put there: that which a row supersedes, and the
 * early ones. Of appended rows nothing else. */
static int
lend_rows(struct om_db *db, struct om_lend *lend, bool appended,
    const struct om_entry *const *entries, int64_t batch, struct om_err *err)
{
	size_t n = lend->row_count;
	int rc;

	lend->name = "chunk_rows";
	rc = om_db_lend(db, lend, err);
	if (rc == 0 && !appended)
		rc = run(db, insert_rows, NULL, err);
	if (rc == 0 && any_supersedes(entries, n))
		rc = run(db, close_rows, &batch, err);
	if (rc == 0 && any_early(entries, n))
		rc = run(db, insert_early, NULL, err);
	om_db_unlend(db, lend->name);
	return rc;
}

static int
put_rows(struct om_db *db, const struct om_entry *const *entries, size_t n,
    int64_t batch, struct om_err *err)
{
	static const int64_t none = 0;
	struct new_row *rows = malloc((n + 1) * sizeof(*rows));
	struct om_lend lend = {
		.name = "order_rows",
		.columns = row_columns,
		.column_count = OM_COUNT(row_columns),
		.rows = rows,
		.row_count = n,
		.cell = row_cell,
		.places = row_places,
		.row_size = sizeof(*rows),
		.sorted_by = 1,
	};
	int rc;

	if (rows == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct new_row){ entries[i], entries[i]->order,
			&batch, &none };
	rc = om_db_append(db, &lend, err);
	if (rc == 0 ||
	    (rc == 1 && (any_supersedes(entries, n) || any_early(entries, n))))
		rc = lend_rows(db, &lend, rc == 1, entries, batch, err);
	free(rows);
	return rc < 0 ? rc : 0;
}

int
om_chunk_insert(struct om_db *shard, const struct om_entry *const *rows,
    const struct om_new_key *keys, size_t n, int64_t batch, struct om_err *err)
{
	if (n == 0)
		return 0;
	if (put_rows(shard, rows, n, batch, err) < 0 ||
	    om_keys_add(shard, keys, n, err) < 0)
		return err->code;
	return put_lines(shard, rows, n, err);
}

bool
om_outcome_inserts(enum om_outcome outcome)
{
	enum om_outcome whole = om_outcome_whole(outcome);

	return whole == OM_CREATED || whole == OM_AMENDED ||
	       whole == OM_CANCELLED_BY_FEED;
}

int64_t
om_row_id(uint64_t leaf)
{
	return (int64_t)(leaf + 1);
}

uint64_t
om_row_leaf(int64_t id)
{
	return (uint64_t)id - 1;
}
