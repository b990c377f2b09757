/* trace.c - tell the story of one order; see trace.h. */
#include "ops/trace.h"

#include <string.h>

#include "base/hash.h"
#include "ops/figure.h"
#include "ops/trace_parts.h"
#include "store/sql.h"

static const char find_batch[] =
    "SELECT feed, source, finished_at FROM batches WHERE batch = $1";
static const char find_run[] =
    "SELECT command, started_at FROM runs WHERE run = $1";
static const char find_rejects[] =
    "SELECT /*scan*/ r.batch, r.reject, r.line, r.byte_offset, r.column_name,"
    "       r.value, r.reason, r.resolved_by, b.source"
    "  FROM rejects r JOIN batches b ON b.batch = r.batch"
    " WHERE r.reference = $1 AND (r.channel = $2 OR r.channel = '')"
    " ORDER BY r.batch, r.reject";

static int
split_name(struct om_trace_subject *t, const char *name, struct om_err *err)
{
	const char *slash = strchr(name, '/');

	if (slash == NULL || slash == name || slash[1] == '\0')
		return om_fail(err, OM_EUSAGE, "'%s' is not CHANNEL/REFERENCE",
		    name);
	t->channel = (struct om_str){ name, (size_t)(slash - name) };
	t->reference = om_str_of(slash + 1);
	t->hash = om_hash64(t->channel, t->reference);
	t->slot = om_slot_of(t->hash);
	t->shard = om_store_shard_of(t->store, t->slot);
	return 0;
}

static const struct om_trace_revision *
newest(const struct om_trace_subject *t)
{
	const struct om_trace_revision *r = t->revisions;

	while (r != NULL && r->next != NULL)
		r = r->next;
	return r;
}

static void
tell_order(const struct om_trace_subject *t, struct om_report *report)
{
	const struct om_trace_revision *r = newest(t);
	struct om_arena *a = t->arena;

	om_report_section(report, "order", "The order");
	om_report_fact(report, "channel", "Channel",
	    om_cell_str(a, t->channel));
	om_report_fact(report, "reference", "Reference",
	    om_cell_str(a, t->reference));
	if (r == NULL) {
		om_report_note(report, 'b', "no such order was taken");
	} else if (r->waits) {
		om_report_note(report, 'i',
		    "a cancellation waits for this order, which has not come");
	} else {
		om_report_fact(report, "state", "State",
		    om_state_name(r->state));
		om_report_fact(report, "currency", "Currency", r->currency);
		om_report_fact(report, "total", "Total",
		    om_cell_money(a, r->facts.total_minor, r->facts.currency));
		om_report_fact(report, "paid", "Paid",
		    om_cell_money(a, r->paid_minor, r->facts.currency));
		om_report_fact(report, "refunded", "Refunded",
		    om_cell_money(a, r->refunded_minor, r->facts.currency));
	}
	om_report_fact(report, "slot", "Slot", om_cell_int(a, t->slot));
	om_report_fact(report, "shard", "Shard", om_cell_int(a, t->shard));
	if (r != NULL) {
		om_report_fact(report, "id", "Row id", om_cell_int(a, r->id));
		om_report_fact(report, "leaf", "Leaf", om_cell_int(a, r->leaf));
	}
}

static int
batch_text(const struct om_trace_subject *t, int64_t batch, int64_t line,
    const char **out_by, const char **out_when, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_sql(om_store_catalog(t->store), &q, err, find_batch, "i",
		batch) < 0)
		return err->code;
	rc = om_stmt_step(q, err);
	if (rc < 0)
		return rc;
	if (rc == 0)
		return om_fail(err, OM_EDAMAGED, "batch %lld is missing",
		    (long long)batch);
	*out_by = om_cellf(t->arena, "batch %lld, %.*s, line %lld",
	    (long long)batch, OM_FMT(om_col_text(q, 1)), (long long)line);
	*out_when = om_cell_time(t->arena, om_col_int(q, 2));
	om_stmt_reset(q);
	return 0;
}

static int
run_text(const struct om_trace_subject *t, int64_t run, const char **out_by,
    const char **out_when, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	*out_by = om_cellf(t->arena, "run %lld", (long long)run);
	*out_when = "-";
	if (om_sql(om_store_catalog(t->store), &q, err, find_run, "i", run) < 0)
		return err->code;
	rc = om_stmt_step(q, err);
	if (rc == 1)
		*out_when = om_cell_time(t->arena, om_col_int(q, 1));
	om_stmt_reset(q);
	return rc < 0 ? rc : 0;
}

static int
tell_history(const struct om_trace_subject *t, struct om_report *report,
    struct om_err *err)
{
	static const struct om_report_column columns[] = {
		{ "leaf", "Leaf", OM_LEFT },
		{ "when", "When", OM_LEFT },
		{ "what", "What", OM_LEFT },
		{ "detail", "Detail", OM_LEFT },
		{ "by", "By", OM_LEFT },
	};

	om_report_section(report, "history", "What happened");
	om_report_table(report, "steps", columns, OM_COUNT(columns));
	for (const struct om_trace_step *s = t->steps; s != NULL; s = s->next) {
		const char *by = "";
		const char *when = "-";
		int rc = s->batch != 0 ? batch_text(t, s->batch, s->source_line,
					     &by, &when, err)
				       : run_text(t, s->run, &by, &when, err);

		if (rc < 0)
			return rc;
		om_report_row(report,
		    (const char *const[]){ om_cell_int(t->arena, s->leaf), when,
			s->what, s->detail, by });
	}
	return 0;
}

static void
tell_revision(const struct om_trace_subject *t, struct om_report *report,
    const struct om_trace_revision *r)
{
	static const char *const kinds[] = { "order", "cancellation",
		"cancelled order" };
	const struct om_currency *c = r->facts.currency;
	const struct om_order *o = &r->facts;
	struct om_arena *a = t->arena;

	om_report_row(report,
	    (const char *const[]){
		om_cell_int(a, r->leaf),
		kinds[o->kind],
		om_cell_str(a, o->revision),
		om_cell_int(a, r->batch),
		om_cell_int(a, r->source_line),
		om_cell_str(a, o->customer),
		om_cell_time(a, o->placed_at),
		r->currency,
		om_cell_money(a, o->subtotal_minor, c),
		om_cell_money(a, o->discount_minor, c),
		om_cell_money(a, o->shipping_minor, c),
		om_cell_money(a, o->tax_minor, c),
		o->tax_included ? "included" : "added",
		om_cell_money(a, o->total_minor, c),
		r->until_batch == 0 ? "-" : om_cell_int(a, r->until_batch),
		om_cell_str(a, o->attributes),
	    });
}

static void
tell_revisions(const struct om_trace_subject *t, struct om_report *report)
{
	static const struct om_report_column columns[] = {
		{ "leaf", "Leaf", OM_LEFT },
		{ "kind", "Kind", OM_LEFT },
		{ "revision", "Revision", OM_LEFT },
		{ "batch", "Batch", OM_LEFT },
		{ "source_line", "Line in its file", OM_LEFT },
		{ "customer", "Customer", OM_LEFT },
		{ "placed_at", "Placed at", OM_LEFT },
		{ "currency", "Currency", OM_LEFT },
		{ "subtotal", "Subtotal", OM_RIGHT },
		{ "discount", "Discount", OM_RIGHT },
		{ "shipping", "Shipping", OM_RIGHT },
		{ "tax", "Tax", OM_RIGHT },
		{ "tax_kind", "Tax is", OM_LEFT },
		{ "total", "Total", OM_RIGHT },
		{ "superseded_by", "Superseded by batch", OM_LEFT },
		{ "attributes", "Attributes", OM_LEFT },
	};

	om_report_section(report, "revisions", "Facts, by revision");
	om_report_table(report, "revisions", columns, OM_COUNT(columns));
	for (const struct om_trace_revision *r = t->revisions; r != NULL;
	     r = r->next)
		tell_revision(t, report, r);
}

/* "2" or "2.5": thousandths without needless zeros. */
static const char *
decimal(struct om_arena *arena, int64_t value, int places, int least)
{
	char text[OM_MONEY_TEXT_MAX];
	size_t n = strlen(om_decimal_text(value, places, text));

	while (places > least && text[n - 1] == '0') {
		n--;
		places--;
	}
	if (text[n - 1] == '.')
		n--;
	return om_strndup(arena, text, n);
}

static void
tell_lines(const struct om_trace_subject *t, struct om_report *report)
{
	static const struct om_report_column columns[] = {
		{ "leaf", "Leaf", OM_LEFT },
		{ "line", "Line", OM_LEFT },
		{ "sku", "SKU", OM_LEFT },
		{ "quantity", "Quantity", OM_RIGHT },
		{ "unit_price", "Unit price", OM_RIGHT },
		{ "discount", "Discount", OM_RIGHT },
		{ "tax", "Tax", OM_RIGHT },
		{ "total", "Total", OM_RIGHT },
	};
	struct om_arena *a = t->arena;

	om_report_section(report, "lines", "Lines, by revision");
	om_report_table(report, "lines", columns, OM_COUNT(columns));
	for (const struct om_trace_revision *r = t->revisions; r != NULL;
	     r = r->next) {
		const struct om_currency *c = r->facts.currency;

		for (uint32_t i = 0; i < r->facts.line_count; i++) {
			const struct om_line *l = &r->facts.lines[i];

			om_report_row(report,
			    (const char *const[]){
				om_cell_int(a, r->leaf),
				om_cell_int(a, l->number),
				om_cell_str(a, l->sku),
				decimal(a, l->quantity_milli, 3, 0),
				decimal(a, l->unit_price_micro, 6,
				    c == NULL ? 0 : c->exponent),
				om_cell_money(a, l->discount_minor, c),
				om_cell_money(a, l->tax_minor, c),
				om_cell_money(a, l->total_minor, c),
			    });
		}
	}
}

/* *out_any: something under that name was ever turned away. */
static int
tell_rejects(const struct om_trace_subject *t, struct om_report *report,
    bool *out_any, struct om_err *err)
{
	static const struct om_report_column columns[] = {
		{ "batch", "Batch", OM_LEFT },
		{ "source", "Source", OM_LEFT },
		{ "line", "Line", OM_RIGHT },
		{ "column", "Column", OM_LEFT },
		{ "value", "Value", OM_LEFT },
		{ "reason", "Reason", OM_LEFT },
		{ "resolved", "Resolved", OM_LEFT },
	};
	struct om_arena *a = t->arena;
	struct om_stmt *q;
	int rc;

	om_report_section(report, "rejects", "Turned away");
	om_report_table(report, "rejects", columns, OM_COUNT(columns));
	if (om_sql(om_store_catalog(t->store), &q, err, find_rejects, "tt",
		&t->reference, &t->channel) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		int64_t by = om_col_int(q, 7);

		*out_any = true;
		om_report_row(report,
		    (const char *const[]){
			om_cell_int(a, om_col_int(q, 0)),
			om_cell_str(a, om_col_text(q, 8)),
			om_cell_int(a, om_col_int(q, 2)),
			om_cell_str(a, om_col_text(q, 4)),
			om_cell_str(a, om_col_text(q, 5)),
			om_cell_str(a, om_col_text(q, 6)),
			by == 0 ? "open"
				: om_cellf(a, "by batch %lld", (long long)by),
		    });
	}
	return rc;
}

static int
read_shard(struct om_trace_subject *t, struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };

	if (om_store_open_shard(t->store, t->shard, OM_DB_READ, &db, err) < 0)
		return err->code;
	t->db = db;
	if (om_txn_begin_read(db, &txn, err) < 0 || om_trace_read(t, err) < 0)
		return om_wrap(err, "shard %u", t->shard);
	return 0;
}

int
om_trace(struct om_store *store, const char *name, struct om_arena *arena,
    struct om_report **out, struct om_err *err)
{
	struct om_trace_subject t = { .store = store, .arena = arena };
	struct om_report *report = om_report_new(arena, "ordmill.trace/1",
	    om_cellf(arena, "Order %s", name));
	bool any = false;

	if (split_name(&t, name, err) < 0 || read_shard(&t, err) < 0)
		return err->code;
	tell_order(&t, report);
	if (tell_history(&t, report, err) < 0)
		return err->code;
	tell_revisions(&t, report);
	tell_lines(&t, report);
	if (tell_rejects(&t, report, &any, err) < 0)
		return err->code;
	if (t.revisions == NULL && t.steps == NULL && !any)
		return om_fail(err, OM_ENOENT, "no order '%s'", name);
	*out = report;
	return 0;
}
