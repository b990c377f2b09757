/* insert.c - a judged chunk into the tables of its shard, in bulk. */
#include <stdlib.h>

#include "base/hash.h"
#include "store/chunk.h"

#define PREFETCH  12
#define LEAF_MASK ((UINT64_C(1) << OM_LEAF_BITS) - 1)

enum {
	R_ID,
	R_SLOT,
	R_KIND,
	R_CHANNEL,
	R_REFERENCE,
	R_REVISION,
	R_CUSTOMER,
	R_PLACED_AT,
	R_CURRENCY,
	R_TAX_INCLUDED,
	R_SUBTOTAL,
	R_DISCOUNT,
	R_SHIPPING,
	R_TAX,
	R_TOTAL,
	R_LINE_COUNT,
	R_ATTRIBUTES,
	R_PREV_ID,
	R_SOURCE_LINE,
	R_STATE,
	R_PAID,
	R_REFUNDED,
};

static const struct om_lend_column row_columns[] = {
	[R_ID] = { "id", OM_INT },
	[R_SLOT] = { "slot", OM_INT },
	[R_KIND] = { "kind", OM_INT },
	[R_CHANNEL] = { "channel", OM_TEXT },
	[R_REFERENCE] = { "reference", OM_TEXT },
	[R_REVISION] = { "revision", OM_TEXT },
	[R_CUSTOMER] = { "customer", OM_TEXT },
	[R_PLACED_AT] = { "placed_at", OM_INT },
	[R_CURRENCY] = { "currency", OM_TEXT },
	[R_TAX_INCLUDED] = { "tax_included", OM_INT },
	[R_SUBTOTAL] = { "subtotal_minor", OM_INT },
	[R_DISCOUNT] = { "discount_minor", OM_INT },
	[R_SHIPPING] = { "shipping_minor", OM_INT },
	[R_TAX] = { "tax_minor", OM_INT },
	[R_TOTAL] = { "total_minor", OM_INT },
	[R_LINE_COUNT] = { "line_count", OM_INT },
	[R_ATTRIBUTES] = { "attributes", OM_TEXT },
	[R_PREV_ID] = { "prev_id", OM_INT },
	[R_SOURCE_LINE] = { "source_line", OM_INT },
	[R_STATE] = { "state", OM_INT },
	[R_PAID] = { "paid_minor", OM_INT },
	[R_REFUNDED] = { "refunded_minor", OM_INT },
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
    " attributes, prev_id, $1, source_line, 0, 0, state,"
    " paid_minor, refunded_minor FROM chunk_rows";
static const char insert_lines[] =
    "INSERT INTO order_lines (order_id, line, slot, sku, quantity_milli,"
    " unit_price_micro, discount_minor, tax_minor, total_minor)"
    " SELECT order_id, line, slot, sku, quantity_milli, unit_price_micro,"
    " discount_minor, tax_minor, total_minor FROM chunk_lines";
static const char close_rows[] =
    "UPDATE order_rows SET until_batch = $1 FROM chunk_rows c"
    " WHERE order_rows.slot = c.slot AND order_rows.id = c.prev_id";

static const struct om_str none = { "", 0 };

static void
text_or_empty(struct om_value *out, struct om_str s)
{
	out->s = s.p == NULL ? none : s;
}

/* Identity and text. */
static void
row_text(const struct om_order *o, int col, struct om_value *out)
{
	switch (col) {
	case R_CHANNEL:
		out->s = o->channel;
		break;
	case R_REFERENCE:
		out->s = o->reference;
		break;
	case R_REVISION:
		text_or_empty(out, o->revision);
		break;
	case R_CUSTOMER:
		text_or_empty(out, o->customer);
		break;
	case R_CURRENCY:
		out->s = (struct om_str){ o->currency->code, OM_CURRENCY_CODE };
		break;
	default:
		text_or_empty(out, o->attributes);
		break;
	}
}

static int64_t
row_fact(const struct om_order *o, int col)
{
	switch (col) {
	case R_KIND:
		return o->kind;
	case R_PLACED_AT:
		return o->placed_at;
	case R_TAX_INCLUDED:
		return o->tax_included;
	case R_SUBTOTAL:
		return o->subtotal_minor;
	case R_DISCOUNT:
		return o->discount_minor;
	case R_SHIPPING:
		return o->shipping_minor;
	case R_TAX:
		return o->tax_minor;
	case R_TOTAL:
		return o->total_minor;
	case R_LINE_COUNT:
		return o->line_count;
	default:
		return (int64_t)o->at.line;
	}
}

static void
row_cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct om_entry *e = ((const struct om_entry *const *)rows)[row];

	if (row_columns[col].type == OM_TEXT) {
		row_text(e->order, col, out);
		return;
	}
	switch (col) {
	case R_ID:
		out->i = e->id;
		return;
	case R_SLOT:
		out->i = e->slot;
		return;
	case R_PREV_ID:
		out->i = e->prev_id;
		return;
	case R_STATE:
		out->i = e->state;
		return;
	case R_PAID:
		out->i = e->paid_minor;
		return;
	case R_REFUNDED:
		out->i = e->refunded_minor;
		return;
	default:
		out->i = row_fact(e->order, col);
	}
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

struct line_ref {
	const struct om_entry *entry;
	const struct om_line *line;
};

static void
line_cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct line_ref *r = (const struct line_ref *)rows + row;
	const struct om_line *l = r->line;

	switch (col) {
	case 0:
		out->i = r->entry->id;
		return;
	case 1:
		out->i = l->number;
		return;
	case 2:
		out->i = r->entry->slot;
		return;
	case 3:
		text_or_empty(out, l->sku);
		return;
	case 4:
		out->i = l->quantity_milli;
		return;
	case 5:
		out->i = l->unit_price_micro;
		return;
	case 6:
		out->i = l->discount_minor;
		return;
	case 7:
		out->i = l->tax_minor;
		return;
	default:
		out->i = l->total_minor;
	}
}

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

static int
put_lines(struct om_db *db, const struct om_entry *const *entries, size_t n,
    struct om_err *err)
{
	struct om_lend lend = { "chunk_lines", line_columns,
		OM_COUNT(line_columns), NULL, 0, line_cell, 0 };
	struct line_ref *refs;
	size_t count = 0;
	int rc;

	for (size_t i = 0; i < n; i++)
		lend.row_count += entries[i]->order->line_count;
	if (lend.row_count == 0)
		return 0;
	refs = malloc(lend.row_count * sizeof(*refs));
	if (refs == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	for (size_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < entries[i]->order->line_count; j++)
			refs[count++] = (struct line_ref){ entries[i],
				&entries[i]->order->lines[j] };
	lend.rows = refs;
	rc = om_db_lend(db, &lend, err);
	if (rc == 0)
		rc = run(db, insert_lines, NULL, err);
	om_db_unlend(db, lend.name);
	free(refs);
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

static int
put_rows(struct om_db *db, const struct om_entry *const *entries, size_t n,
    int64_t batch, struct om_err *err)
{
	const struct om_lend lend = {
		.name = "chunk_rows",
		.columns = row_columns,
		.column_count = OM_COUNT(row_columns),
		.rows = entries,
		.row_count = n,
		.cell = row_cell,
		.sorted_by = 1,
	};
	int rc;

	if (om_db_lend(db, &lend, err) < 0)
		return err->code;
	rc = run(db, insert_rows, &batch, err);
	if (rc == 0 && any_supersedes(entries, n))
		rc = run(db, close_rows, &batch, err);
	om_db_unlend(db, lend.name);
	return rc;
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
	return outcome == OM_CREATED || outcome == OM_AMENDED ||
	       outcome == OM_CANCELLED_BY_FEED;
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
