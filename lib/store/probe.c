/* probe.c - what does the shard have under these keys, and what follows? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "store/chunk.h"

/* Two steps, because most keys are new: what has such a key, then which of it
 * is current. In one, a server without statistics would join by slot first. */
static const char find_keys[] =
    "SELECT c.n, k.id, k.slot FROM chunk_keys c"
    " JOIN order_keys k ON k.slot = c.slot AND k.key = c.key";
static const char find_rows[] =
    "SELECT c.n, o.id, o.channel, o.reference, o.revision, o.customer,"
    " o.placed_at, o.currency, o.tax_included, o.subtotal_minor,"
    " o.discount_minor, o.shipping_minor, o.tax_minor, o.total_minor,"
    " o.line_count, o.attributes, o.state, o.paid_minor, o.refunded_minor,"
    " o.slot"
    " FROM chunk_hits c"
    " JOIN order_rows o ON o.slot = c.slot AND o.id = c.id"
    " WHERE o.until_batch = 0";
enum {
	C_N,
	C_ID,
	C_CHANNEL,
	C_REFERENCE,
	C_REVISION,
	C_CUSTOMER,
	C_PLACED_AT,
	C_CURRENCY,
	C_TAX_INCLUDED,
	C_SUBTOTAL,
	C_DISCOUNT,
	C_SHIPPING,
	C_TAX,
	C_TOTAL,
	C_LINE_COUNT,
	C_ATTRIBUTES,
	C_STATE,
	C_PAID,
	C_REFUNDED,
	C_SLOT
};

static const char find_lines[] =
    "SELECT line, sku, quantity_milli, unit_price_micro, discount_minor,"
    " tax_minor, total_minor FROM order_lines"
    " WHERE slot = $1 AND order_id = $2 ORDER BY line";

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

/* The stored revision of an order, as find_rows has it. */
struct found {
	int64_t id;
	int64_t slot;
	enum om_state state;
	int64_t paid_minor;
	int64_t refunded_minor;
	struct om_order order; /* lines are read when they are needed */
};

static struct found
read_found(const struct om_stmt *q, struct om_arena *arena)
{
	struct om_order o = {
		.channel = om_str_dup(arena, om_col_text(q, C_CHANNEL)),
		.reference = om_str_dup(arena, om_col_text(q, C_REFERENCE)),
		.revision = om_str_dup(arena, om_col_text(q, C_REVISION)),
		.customer = om_str_dup(arena, om_col_text(q, C_CUSTOMER)),
		.attributes = om_str_dup(arena, om_col_text(q, C_ATTRIBUTES)),
		.currency = om_currency_find(om_col_text(q, C_CURRENCY)),
		.tax_included = om_col_int(q, C_TAX_INCLUDED) != 0,
		.placed_at = om_col_int(q, C_PLACED_AT),
		.subtotal_minor = om_col_int(q, C_SUBTOTAL),
		.discount_minor = om_col_int(q, C_DISCOUNT),
		.shipping_minor = om_col_int(q, C_SHIPPING),
		.tax_minor = om_col_int(q, C_TAX),
		.total_minor = om_col_int(q, C_TOTAL),
		.line_count = (uint32_t)om_col_int(q, C_LINE_COUNT),
	};

	return (struct found){
		.id = om_col_int(q, C_ID),
		.slot = om_col_int(q, C_SLOT),
		.state = (enum om_state)om_col_int(q, C_STATE),
		.paid_minor = om_col_int(q, C_PAID),
		.refunded_minor = om_col_int(q, C_REFUNDED),
		.order = o,
	};
}

static int
read_lines(struct om_db *db, struct found *f, struct om_arena *arena,
    struct om_err *err)
{
	struct om_order *o = &f->order;
	uint32_t n = 0;
	struct om_stmt *q;
	int rc;

	o->lines = om_alloc(arena, (o->line_count + 1) * sizeof(o->lines[0]));
	if (om_db_prepare(db, find_lines, &q, err) < 0)
		return err->code;
	om_bind_int(q, 1, f->slot);
	om_bind_int(q, 2, f->id);
	while ((rc = om_stmt_step(q, err)) == 1 && n < o->line_count)
		o->lines[n++] = (struct om_line){
			.number = (int32_t)om_col_int(q, 0),
			.sku = om_str_dup(arena, om_col_text(q, 1)),
			.quantity_milli = om_col_int(q, 2),
			.unit_price_micro = om_col_int(q, 3),
			.discount_minor = om_col_int(q, 4),
			.tax_minor = om_col_int(q, 5),
			.total_minor = om_col_int(q, 6),
		};
	if (rc < 0)
		return rc;
	om_stmt_reset(q);
	if (n != o->line_count)
		return om_fail(err, OM_EDAMAGED,
		    "order '%.*s' has %u lines of"
		    " %u",
		    OM_FMT(o->reference), n, o->line_count);
	return 0;
}

static bool
same_line(const struct om_line *a, const struct om_line *b)
{
	return a->number == b->number && om_str_eq(a->sku, b->sku) &&
	       a->quantity_milli == b->quantity_milli &&
	       a->unit_price_micro == b->unit_price_micro &&
	       a->discount_minor == b->discount_minor &&
	       a->tax_minor == b->tax_minor && a->total_minor == b->total_minor;
}

static void
differ(struct om_buf *out, bool same, const char *field)
{
	if (same)
		return;
	om_buf_text(out, out->n == 0 ? "" : ", ");
	om_buf_text(out, field);
}

/* Append the names of the header fields in which two orders differ. */
static void
differing_fields(const struct om_order *a, const struct om_order *b,
    struct om_buf *out)
{
	differ(out, om_str_eq(a->customer, b->customer), "customer");
	differ(out, a->placed_at == b->placed_at, "placed_at");
	differ(out, a->currency == b->currency, "currency");
	differ(out, a->tax_included == b->tax_included, "tax_included");
	differ(out, a->subtotal_minor == b->subtotal_minor, "subtotal");
	differ(out, a->discount_minor == b->discount_minor, "discount");
	differ(out, a->shipping_minor == b->shipping_minor, "shipping");
	differ(out, a->tax_minor == b->tax_minor, "tax");
	differ(out, a->total_minor == b->total_minor, "total");
	differ(out, om_str_eq(a->attributes, b->attributes), "attributes");
	differ(out, a->line_count == b->line_count, "lines");
}

static bool
same_lines(const struct om_order *a, const struct om_order *b)
{
	for (uint32_t i = 0; i < a->line_count; i++)
		if (!same_line(&a->lines[i], &b->lines[i]))
			return false;
	return true;
}

static void
conflict(struct om_entry *e, struct om_arena *arena, const char *why,
    struct om_str detail)
{
	OM_AUTO(om_buf_fini) struct om_buf text;

	om_buf_init(&text, 1024);
	om_buf_printf(&text, "%s%.*s", why, OM_FMT(detail));
	e->outcome = OM_CONFLICTING;
	e->reason = om_strndup(arena, text.p, text.n);
}

/* Same revision, or none: the content decides. */
static int
judge_content(struct om_db *db, struct om_entry *e, struct found *f,
    struct om_arena *arena, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf fields;

	om_buf_init(&fields, 512);
	differing_fields(e->order, &f->order, &fields);
	if (fields.n == 0 && e->order->line_count > 0) {
		if (read_lines(db, f, arena, err) < 0)
			return err->code;
		differ(&fields, same_lines(e->order, &f->order), "lines");
	}
	if (fields.n == 0)
		e->outcome = OM_UNCHANGED;
	else
		conflict(e, arena,
		    "stored with other values: ", om_buf_view(&fields));
	return 0;
}

/* What a newer revision may still change: nothing that left the house. */
static bool
may_amend(enum om_state state)
{
	return state == OM_RECEIVED || state == OM_HELD ||
	       state == OM_ACCEPTED || state == OM_BACKORDERED;
}

static void
supersede(struct om_entry *e, const struct found *f, enum om_outcome outcome,
    enum om_state state)
{
	e->outcome = outcome;
	e->state = state;
	e->prev_id = f->id;
	e->paid_minor = f->paid_minor;
	e->refunded_minor = f->refunded_minor;
}

/* The row of a cancellation repeats the facts that it cancels. */
static int
judge_cancel(struct om_db *db, struct om_entry *e, struct found *f,
    struct om_arena *arena, struct om_err *err)
{
	struct om_order *o;

	if (f->state == OM_CANCELLED) {
		e->outcome = OM_UNCHANGED;
		return 0;
	}
	if (!om_state_may(f->state, OM_CANCELLED)) {
		conflict(e, arena, "cannot be cancelled: it is ",
		    om_str_of(om_state_name(f->state)));
		return 0;
	}
	if (read_lines(db, f, arena, err) < 0)
		return err->code;
	o = om_new(arena, struct om_order);
	*o = f->order;
	o->kind = OM_KIND_CANCEL;
	o->at = e->order->at;
	o->hash = e->order->hash;
	if (e->order->revision.n > 0)
		o->revision = e->order->revision;
	e->order = o;
	supersede(e, f, OM_CANCELLED_BY_FEED, OM_CANCELLED);
	return 0;
}

static int
judge(struct om_db *db, struct om_entry *e, struct found *f,
    struct om_arena *arena, struct om_err *err)
{
	struct om_str was = f->order.revision;
	int newer = om_str_cmp(e->order->revision, was);

	if (e->order->kind == OM_KIND_CANCEL)
		return judge_cancel(db, e, f, arena, err);
	if (newer == 0)
		return judge_content(db, e, f, arena, err);
	if (newer < 0)
		e->outcome = OM_UNCHANGED;
	else if (may_amend(f->state))
		supersede(e, f, OM_AMENDED, OM_RECEIVED);
	else
		conflict(e, arena, "cannot be amended: it is ",
		    om_str_of(om_state_name(f->state)));
	return 0;
}

/* Nothing is stored under the entry's key. */
static void
judge_new(struct om_entry *e)
{
	e->prev_id = 0;
	e->paid_minor = 0;
	e->refunded_minor = 0;
	e->state = OM_RECEIVED;
	e->outcome = OM_CREATED;
	if (e->order->kind != OM_KIND_CANCEL)
		return;
	e->outcome = OM_CONFLICTING;
	e->reason = "cancels an order that is not here";
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
		struct om_entry *e = &entries[om_col_int(q, C_N)];
		struct found f;

		if (!om_str_eq(om_col_text(q, C_CHANNEL), e->order->channel) ||
		    !om_str_eq(om_col_text(q, C_REFERENCE),
			e->order->reference))
			continue; /* another order with the same key */
		f = read_found(q, arena);
		if (judge(db, e, &f, arena, err) < 0)
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
		judge_new(&entries[key[i].index]);
	if (look_up(shard, key, n, &hits, err) < 0)
		return err->code;
	if (hits.count == 0)
		return 0;
	return judge_hits(shard, &hits, entries, arena, err);
}
