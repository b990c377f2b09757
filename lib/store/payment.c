/* payment.c - statements of payments into a shard, in bulk. */
#include "store/payment.h"

#include "store/sql.h"

static const char probe[] =
    "SELECT c.n, p.currency, p.amount_minor, p.paid_at"
    " FROM chunk_payments c JOIN payments p ON p.slot = c.slot"
    " AND p.key = c.key AND p.payment = c.payment AND p.channel = c.channel"
    " AND p.reference = c.reference";
static const char insert[] =
    "INSERT INTO payments (slot, key, channel, reference, payment, currency,"
    " amount_minor, paid_at, batch, source_line, leaf, order_id, apply_leaf)"
    " SELECT slot, key, channel, reference, payment, currency, amount_minor,"
    " paid_at, $1, source_line, leaf, 0, 0 FROM chunk_payments"
    " WHERE outcome = $2";

enum {
	P_N,
	P_SLOT,
	P_KEY,
	P_CHANNEL,
	P_REFERENCE,
	P_PAYMENT,
	P_CURRENCY,
	P_AMOUNT,
	P_PAID_AT,
	P_SOURCE_LINE,
	P_LEAF,
	P_OUTCOME,
};

static const struct om_lend_column columns[] = {
	[P_N] = { "n", OM_INT },
	[P_SLOT] = { "slot", OM_INT },
	[P_KEY] = { "key", OM_INT },
	[P_CHANNEL] = { "channel", OM_TEXT },
	[P_REFERENCE] = { "reference", OM_TEXT },
	[P_PAYMENT] = { "payment", OM_TEXT },
	[P_CURRENCY] = { "currency", OM_TEXT },
	[P_AMOUNT] = { "amount_minor", OM_INT },
	[P_PAID_AT] = { "paid_at", OM_INT },
	[P_SOURCE_LINE] = { "source_line", OM_INT },
	[P_LEAF] = { "leaf", OM_INT },
	[P_OUTCOME] = { "outcome", OM_INT },
};

static void
text_cell(const struct om_pay_entry *e, int col, struct om_value *out)
{
	if (col == P_CHANNEL)
		out->s = e->channel;
	else if (col == P_REFERENCE)
		out->s = e->reference;
	else if (col == P_PAYMENT)
		out->s = e->payment;
	else
		out->s = (struct om_str){ e->currency->code, OM_CURRENCY_CODE };
}

static void
cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct om_pay_entry *e = (const struct om_pay_entry *)rows + row;
	const int64_t value[] = { [P_N] = (int64_t)row,
		[P_SLOT] = e->slot,
		[P_KEY] = e->key,
		[P_AMOUNT] = e->amount_minor,
		[P_PAID_AT] = e->paid_at,
		[P_SOURCE_LINE] = e->source_line,
		[P_LEAF] = e->leaf,
		[P_OUTCOME] = e->outcome };

	if (columns[col].type == OM_TEXT)
		text_cell(e, col, out);
	else
		out->i = value[col];
}

static struct om_lend
lend_of(const struct om_pay_entry *entries, size_t n)
{
	return (struct om_lend){
		.name = "chunk_payments",
		.columns = columns,
		.column_count = OM_COUNT(columns),
		.rows = entries,
		.row_count = n,
		.cell = cell,
		.sorted_by = 1,
	};
}

int
om_payment_cmp(const struct om_pay_entry *a, const struct om_pay_entry *b)
{
	int d = (a->key > b->key) - (a->key < b->key);

	if (d == 0)
		d = om_str_cmp(a->payment, b->payment);
	if (d == 0)
		d = om_str_cmp(a->reference, b->reference);
	return d != 0 ? d : om_str_cmp(a->channel, b->channel);
}

/* Of those that are not stored, all but the first of a payment repeat it. */
static void
judge_repeats(struct om_pay_entry *entries, size_t n)
{
	const struct om_pay_entry *first = entries;

	for (size_t i = 1; i < n; i++) {
		struct om_pay_entry *e = &entries[i];

		if (om_payment_cmp(first, e) != 0)
			first = e;
		else if (e->outcome == OM_CREATED)
			e->outcome =
			    first->currency == e->currency &&
				    first->amount_minor == e->amount_minor &&
				    first->paid_at == e->paid_at
				? OM_UNCHANGED
				: OM_CONFLICTING;
	}
}

int
om_payments_probe(struct om_db *shard, struct om_pay_entry *entries, size_t n,
    struct om_err *err)
{
	const struct om_lend lend = lend_of(entries, n);
	struct om_stmt *q;
	int rc;

	for (size_t i = 0; i < n; i++)
		entries[i].outcome = OM_CREATED;
	if (om_db_lend(shard, &lend, err) < 0 ||
	    om_sql(shard, &q, err, probe, "") < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		struct om_pay_entry *e = &entries[om_col_int(q, 0)];

		e->outcome = om_str_is(om_col_text(q, 1), e->currency->code) &&
				     om_col_int(q, 2) == e->amount_minor &&
				     om_col_int(q, 3) == e->paid_at
				 ? OM_UNCHANGED
				 : OM_CONFLICTING;
	}
	om_db_unlend(shard, lend.name);
	judge_repeats(entries, n);
	return rc;
}

int
om_payments_insert(struct om_db *shard, const struct om_pay_entry *entries,
    size_t n, int64_t batch, struct om_err *err)
{
	const struct om_lend lend = lend_of(entries, n);
	int rc;

	if (om_db_lend(shard, &lend, err) < 0)
		return err->code;
	rc = om_sql_run(shard, err, insert, "ii", batch, (int64_t)OM_CREATED);
	om_db_unlend(shard, lend.name);
	return rc;
}
