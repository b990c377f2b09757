/* insert.c - a judged chunk into the tables of its shard, in bulk. */
#include <stddef.h>
#include <stdlib.h>

#include "base/buf.h"
#include "order/line_text.h"
#include "store/chunk.h"

#define AHEAD 8 /* entries */

/* What the cells of a lent row lie in. */
struct new_row {
	const struct om_entry *entry;
	const struct om_order *order;
	const struct new_row *self;
	struct om_str currency; /* empty: none */
	int64_t batch;
	int64_t none;
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
#define IN_SELF(kind, field)                                                   \
	{                                                                      \
		OM_CELL_##kind, offsetof(struct new_row, self),                \
		    offsetof(struct new_row, field)                            \
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
	IN_SELF(STR, currency),
	IN_ORDER(BOOL, tax_included),
	IN_ORDER(I64, subtotal_minor),
	IN_ORDER(I64, discount_minor),
	IN_ORDER(I64, shipping_minor),
	IN_ORDER(I64, tax_minor),
	IN_ORDER(I64, total_minor),
	IN_ORDER(U32, line_count),
	IN_ORDER(STR, attributes),
	IN_ENTRY(I64, prev_id),
	IN_SELF(I64, batch),
	IN_ORDER(I64, at.line),
	IN_SELF(I64, none),
	IN_SELF(I64, none),
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
static const char insert_lines[] = "INSERT INTO line_rows (id, slot, lines)"
				   " SELECT id, slot, lines FROM chunk_lines";
static const char close_rows[] =
    "UPDATE order_rows SET until_batch = $1 FROM chunk_rows c"
    " WHERE order_rows.slot = c.slot AND order_rows.id = c.prev_id";

struct new_lines {
	const struct om_entry *entry;
	const struct new_lines *self;
	struct om_str text;
};

/* All columns of line_rows, in their order. */
static const struct om_lend_column line_columns[] = {
	{ "id", OM_INT },
	{ "slot", OM_INT },
	{ "lines", OM_TEXT },
};

static const struct om_cell_place line_places[] = {
	{ OM_CELL_I64, offsetof(struct new_lines, entry),
	    offsetof(struct om_entry, id) },
	{ OM_CELL_U32, offsetof(struct new_lines, entry),
	    offsetof(struct om_entry, slot) },
	{ OM_CELL_STR, offsetof(struct new_lines, self),
	    offsetof(struct new_lines, text) },
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

/* The orders that have lines, with the text of them; returns how many. */
static size_t
write_lines(const struct om_entry *const *entries, size_t n,
    struct om_arena *arena, struct new_lines *out)
{
	OM_AUTO(om_buf_fini) struct om_buf text = { .max = SIZE_MAX };
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct om_order *o = entries[i]->order;

		if (o->line_count == 0)
			continue;
		om_buf_reset(&text);
		om_line_text_write(&text, o->lines, o->line_count);
		out[count] = (struct new_lines){ entries[i], &out[count],
			om_str_dup(arena, om_buf_view(&text)) };
		count++;
	}
	return count;
}

static int
lend_lines(struct om_db *db, struct om_lend *lend, struct om_err *err)
{
	int rc;

	lend->name = "chunk_lines";
	rc = om_db_lend(db, lend, err);
	if (rc == 0)
		rc = run(db, insert_lines, NULL, err);
	om_db_unlend(db, lend->name);
	return rc;
}

static int
put_lines(struct om_db *db, const struct om_entry *const *entries, size_t n,
    struct om_arena *arena, struct om_err *err)
{
	struct new_lines *lines = om_alloc_raw(arena, n * sizeof(*lines));
	struct om_lend lend = {
		.name = "line_rows",
		.columns = line_columns,
		.column_count = OM_COUNT(line_columns),
		.rows = lines,
		.row_count = write_lines(entries, n, arena, lines),
		.places = line_places,
		.row_size = sizeof(*lines),
		.sorted_by = 1,
	};
	int rc = om_db_append(db, &lend, err);

	if (rc == 0)
		rc = lend_lines(db, &lend, err);
	return rc < 0 ? rc : 0;
}

/* The rows of a chunk, and what else is to be done for them. */
struct new_rows {
	struct new_row *row;
	bool supersede;
	bool early; /* a cancellation without the facts of its order */
	bool lines;
};

static struct om_str
code_of(const struct om_order *o)
{
	if (o->currency == NULL)
		return OM_STR("");
	return (struct om_str){ o->currency->code, OM_CURRENCY_CODE };
}

static void
fill_rows(struct new_rows *rows, const struct om_entry *const *entries,
    size_t n, int64_t batch)
{
	for (size_t i = 0; i < n; i++) {
		const struct om_entry *e = entries[i];
		const struct om_order *o = e->order;

		if (i + AHEAD < n)
			__builtin_prefetch(
			    &entries[i + AHEAD]->order->currency);
		rows->row[i] = (struct new_row){ e, o, &rows->row[i],
			code_of(o), batch, 0 };
		rows->supersede = rows->supersede || e->prev_id != 0;
		rows->early = rows->early || o->currency == NULL;
		rows->lines = rows->lines || o->line_count > 0;
	}
}

/* What needs more than to be put there: that which a row supersedes, and the
 * early ones. Of appended rows nothing else. */
static int
lend_rows(struct om_db *db, struct om_lend *lend, bool appended,
    const struct new_rows *rows, int64_t batch, struct om_err *err)
{
	int rc;

	lend->name = "chunk_rows";
	rc = om_db_lend(db, lend, err);
	if (rc == 0 && !appended)
		rc = run(db, insert_rows, NULL, err);
	if (rc == 0 && rows->supersede)
		rc = run(db, close_rows, &batch, err);
	if (rc == 0 && rows->early)
		rc = run(db, insert_early, NULL, err);
	om_db_unlend(db, lend->name);
	return rc;
}

static int
put_rows(struct om_db *db, const struct new_rows *rows, size_t n, int64_t batch,
    struct om_err *err)
{
	struct om_lend lend = {
		.name = "order_rows",
		.columns = row_columns,
		.column_count = OM_COUNT(row_columns),
		.rows = rows->row,
		.row_count = n,
		.places = row_places,
		.row_size = sizeof(*rows->row),
		.sorted_by = 1,
	};
	int rc = om_db_append(db, &lend, err);

	if (rc == 0 || (rc == 1 && (rows->supersede || rows->early)))
		rc = lend_rows(db, &lend, rc == 1, rows, batch, err);
	return rc < 0 ? rc : 0;
}

int
om_chunk_insert(struct om_db *shard, const struct om_entry *const *rows,
    const struct om_new_key *keys, size_t n, int64_t batch,
    struct om_arena *arena, struct om_err *err)
{
	struct new_rows new = { 0 };

	if (n == 0)
		return 0;
	new.row = om_alloc_raw(arena, n * sizeof(new.row[0]));
	fill_rows(&new, rows, n, batch);
	if (put_rows(shard, &new, n, batch, err) < 0 ||
	    om_keys_add(shard, keys, n, err) < 0)
		return err->code;
	return new.lines ? put_lines(shard, rows, n, arena, err) : 0;
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
