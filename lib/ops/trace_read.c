/* trace_read.c - collect what a shard knows of one order. */
#include "base/hash.h"
#include "ops/figure.h"
#include "ops/trace_parts.h"
#include "store/chunk.h"
#include "store/sql.h"
#include "store/stored.h"

/* Kinds of events, as the schema numbers them. */
enum { EVENT_STATE = 1, EVENT_PAYMENT = 2 };

static const char find_revisions[] =
    "SELECT o.id, o.kind, o.revision, o.customer, o.placed_at, o.currency,"
    "       o.tax_included, o.subtotal_minor, o.discount_minor,"
    "       o.shipping_minor, o.tax_minor, o.total_minor, o.line_count,"
    "       o.attributes, o.prev_id, o.batch, o.source_line, o.until_batch,"
    "       o.last_leaf, o.state, o.paid_minor, o.refunded_minor"
    "  FROM order_keys k JOIN order_rows o ON o.id = k.id AND o.slot = k.slot"
    " WHERE k.slot = $1 AND k.key = $2 AND o.channel = $3"
    "   AND o.reference = $4 AND o.batch <= $5 ORDER BY o.id";
static const char find_event[] =
    "SELECT prev_leaf, run, pass, kind, from_state, to_state, amount_minor,"
    "       reason FROM events WHERE slot = $1 AND leaf = $2";
static const char find_payments[] =
    "SELECT leaf, batch, source_line, payment, currency, amount_minor,"
    "       paid_at, order_id FROM payments"
    " WHERE slot = $1 AND key = $2 AND channel = $3 AND reference = $4"
    "   AND batch <= $5 ORDER BY leaf";

/* Keep the steps sorted by leaf: an order has few of them. */
static void
add_step(struct om_trace_subject *t, struct om_trace_step *step)
{
	struct om_trace_step **at = &t->steps;

	while (*at != NULL && (*at)->leaf <= step->leaf)
		at = &(*at)->next;
	step->next = *at;
	*at = step;
}

static void
read_facts(struct om_trace_subject *t, struct om_stmt *q, struct om_order *o)
{
	*o = (struct om_order){
		.kind = om_col_int(q, 1) == OM_KIND_ORDER ? OM_KIND_ORDER
			: om_col_int(q, 1) == OM_KIND_CANCEL
			    ? OM_KIND_CANCEL
			    : OM_KIND_CANCELLED,
		.channel = t->channel,
		.reference = t->reference,
		.revision = om_str_dup(t->arena, om_col_text(q, 2)),
		.customer = om_str_dup(t->arena, om_col_text(q, 3)),
		.placed_at = om_col_int(q, 4),
		.currency = om_currency_find(om_col_text(q, 5)),
		.tax_included = om_col_int(q, 6) != 0,
		.subtotal_minor = om_col_int(q, 7),
		.discount_minor = om_col_int(q, 8),
		.shipping_minor = om_col_int(q, 9),
		.tax_minor = om_col_int(q, 10),
		.total_minor = om_col_int(q, 11),
		.line_count = (uint32_t)om_col_int(q, 12),
		.attributes = om_str_dup(t->arena, om_col_text(q, 13)),
		.hash = t->hash,
	};
}

static int
read_revisions(struct om_trace_subject *t, struct om_err *err)
{
	struct om_trace_revision **end = &t->revisions;
	struct om_stmt *q;
	int rc;

	if (om_sql(t->db, &q, err, find_revisions, "iitti", (int64_t)t->slot,
		om_key_of(t->hash), &t->channel, &t->reference,
		om_store_published(t->store)) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		struct om_trace_revision *r =
		    om_new(t->arena, struct om_trace_revision);

		r->id = om_col_int(q, 0);
		r->leaf = (int64_t)om_row_leaf(r->id);
		read_facts(t, q, &r->facts);
		r->currency = om_cell_str(t->arena, om_col_text(q, 5));
		r->prev_id = om_col_int(q, 14);
		r->batch = om_col_int(q, 15);
		r->source_line = om_col_int(q, 16);
		r->until_batch = om_col_int(q, 17);
		r->last_leaf = om_col_int(q, 18);
		r->state = (enum om_state)om_col_int(q, 19);
		r->paid_minor = om_col_int(q, 20);
		r->refunded_minor = om_col_int(q, 21);
		r->waits = om_col_text(q, 5).n == 0;
		*end = r;
		end = &r->next;
	}
	return rc;
}

static int
read_lines(struct om_trace_subject *t, struct om_trace_revision *r,
    struct om_err *err)
{
	uint32_t n = 0;

	if (om_lines_read(t->db, t->slot, r->id, t->arena, &r->facts.lines, &n,
		err) < 0)
		return err->code;
	if (n != r->facts.line_count)
		return om_fail(err, OM_EDAMAGED,
		    "order %lld has other lines than it says",
		    (long long)r->id);
	return 0;
}

/* prev is the cancellation that waited for it, or NULL. */
static const char *
arrival(const struct om_trace_revision *r, const struct om_trace_revision *prev)
{
	if (r->facts.kind == OM_KIND_CANCEL)
		return "cancelled by its feed";
	return r->prev_id == 0 || prev != NULL ? "received" : "amended";
}

static const char *
sum_of(const struct om_trace_subject *t, const struct om_trace_revision *r,
    const struct om_trace_revision *prev)
{
	bool dead = prev != NULL &&
		    om_cancel_covers(prev->facts.revision, r->facts.revision);

	if (r->waits)
		return "before its order came";
	return om_cellf(t->arena, "%s %s%s",
	    om_cell_money(t->arena, r->facts.total_minor, r->facts.currency),
	    r->currency, dead ? ", cancelled already" : "");
}

static const struct om_trace_revision *
waited(const struct om_trace_subject *t, int64_t id)
{
	for (const struct om_trace_revision *r = t->revisions; r != NULL;
	     r = r->next)
		if (r->id == id)
			return r->waits ? r : NULL;
	return NULL;
}

/* It came as one that is cancelled: both happened at once. */
static void
add_end(struct om_trace_subject *t, const struct om_trace_revision *r)
{
	struct om_trace_step *step = om_new(t->arena, struct om_trace_step);

	step->leaf = r->leaf;
	step->batch = r->batch;
	step->source_line = r->source_line;
	step->what = "cancelled by its feed";
	step->detail = "as it came";
	add_step(t, step);
}

static void
add_arrival(struct om_trace_subject *t, const struct om_trace_revision *r)
{
	const struct om_trace_revision *prev = waited(t, r->prev_id);
	struct om_trace_step *step = om_new(t->arena, struct om_trace_step);

	step->leaf = r->leaf;
	step->batch = r->batch;
	step->source_line = r->source_line;
	step->what = arrival(r, prev);
	step->detail = om_cellf(t->arena, "%s%.*s%s%s",
	    r->facts.revision.n > 0 ? "revision " : "",
	    OM_FMT(r->facts.revision), r->facts.revision.n > 0 ? ", " : "",
	    sum_of(t, r, prev));
	add_step(t, step);
	if (r->facts.kind == OM_KIND_CANCELLED)
		add_end(t, r);
}

/* state numbers come from the database: trust none. */
static const char *
state_text(int64_t state)
{
	return state >= 0 && state < OM_STATE_COUNT
		   ? om_state_name((enum om_state)state)
		   : "unknown";
}

static void
fill_event(struct om_trace_subject *t, const struct om_trace_revision *r,
    struct om_stmt *q, struct om_trace_step *step)
{
	const char *pass = om_cell_str(t->arena, om_col_text(q, 2));
	struct om_str reason = om_col_text(q, 7);

	step->run = om_col_int(q, 1);
	step->what = om_cellf(t->arena, "pass %s", pass);
	if (om_col_int(q, 3) == EVENT_PAYMENT)
		step->detail = om_cellf(t->arena, "%s %s %s",
		    om_col_int(q, 6) < 0 ? "refunded" : "paid",
		    om_cell_money(t->arena, om_col_int(q, 6),
			r->facts.currency),
		    r->currency);
	else
		step->detail = om_cellf(t->arena, "%s to %s",
		    state_text(om_col_int(q, 4)), state_text(om_col_int(q, 5)));
	if (reason.n > 0)
		step->detail = om_cellf(t->arena, "%s: %.*s", step->detail,
		    OM_FMT(reason));
}

/* Events are chained from the newest back; each is older than the last, so a
 * damaged chain ends, too. */
static int
read_events(struct om_trace_subject *t, const struct om_trace_revision *r,
    struct om_err *err)
{
	int64_t leaf = r->last_leaf;

	while (leaf > 0) {
		struct om_trace_step *step =
		    om_new(t->arena, struct om_trace_step);
		struct om_stmt *q;
		int64_t prev;
		int rc;

		if (om_sql(t->db, &q, err, find_event, "ii", (int64_t)t->slot,
			leaf) < 0)
			return err->code;
		rc = om_stmt_step(q, err);
		if (rc < 0)
			return rc;
		if (rc == 0 || om_col_int(q, 0) >= leaf)
			return om_fail(err, OM_EDAMAGED,
			    "order %lld: event %lld is missing",
			    (long long)r->id, (long long)leaf);
		step->leaf = leaf;
		fill_event(t, r, q, step);
		prev = om_col_int(q, 0);
		om_stmt_reset(q);
		add_step(t, step);
		leaf = prev;
	}
	return 0;
}

static int
read_payments(struct om_trace_subject *t, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_sql(t->db, &q, err, find_payments, "iitti", (int64_t)t->slot,
		om_key_of(t->hash), &t->channel, &t->reference,
		om_store_published(t->store)) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		struct om_trace_step *step =
		    om_new(t->arena, struct om_trace_step);
		struct om_str code = om_col_text(q, 4);

		step->leaf = om_col_int(q, 0);
		step->batch = om_col_int(q, 1);
		step->source_line = om_col_int(q, 2);
		step->what =
		    om_col_int(q, 5) < 0 ? "refund stated" : "payment stated";
		step->detail = om_cellf(t->arena, "%.*s: %s %.*s on %s%s",
		    OM_FMT(om_col_text(q, 3)),
		    om_cell_money(t->arena, om_col_int(q, 5),
			om_currency_find(code)),
		    OM_FMT(code), om_cell_time(t->arena, om_col_int(q, 6)),
		    om_col_int(q, 7) == 0 ? ", not applied" : "");
		add_step(t, step);
	}
	return rc;
}

int
om_trace_read(struct om_trace_subject *t, struct om_err *err)
{
	if (read_revisions(t, err) < 0 || read_payments(t, err) < 0)
		return err->code;
	for (struct om_trace_revision *r = t->revisions; r != NULL;
	     r = r->next) {
		if (read_lines(t, r, err) < 0 || read_events(t, r, err) < 0)
			return err->code;
		add_arrival(t, r);
	}
	return 0;
}
