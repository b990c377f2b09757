/* judge.c - what follows from what arrives and what is there; see judge.h. */
#include "store/judge.h"

#include "base/buf.h"

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

/* What a newer revision may still change: nothing that left the house. */
static bool
may_amend(enum om_state state)
{
	return state == OM_RECEIVED || state == OM_HELD ||
	       state == OM_ACCEPTED || state == OM_BACKORDERED;
}

static void
supersede(struct om_entry *e, const struct om_stored *f,
    enum om_outcome outcome, enum om_state state)
{
	e->outcome = outcome;
	e->state = state;
	e->prev_id = f->id;
	e->prev = f->entry;
	e->paid_minor = f->paid_minor;
	e->refunded_minor = f->refunded_minor;
}

static void
amend(struct om_entry *e, const struct om_stored *f, struct om_arena *arena)
{
	if (may_amend(f->state))
		supersede(e, f, OM_AMENDED, OM_RECEIVED);
	else
		conflict(e, arena, "cannot be amended: it is ",
		    om_str_of(om_state_name(f->state)));
}

/* Without revisions the feed says whether the first or the last counts. */
static void
settle_clash(struct om_entry *e, const struct om_stored *f,
    struct om_arena *arena)
{
	if (e->order->clash == OM_CLASH_REPLACE)
		amend(e, f, arena);
	else
		e->outcome = OM_UNCHANGED;
}

/* Same revision, or none: the content decides. */
static int
judge_content(struct om_db *db, struct om_entry *e, struct om_stored *f,
    struct om_arena *arena, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf fields;

	om_buf_init(&fields, 512);
	differing_fields(e->order, &f->order, &fields);
	if (fields.n == 0 && e->order->line_count > 0) {
		if (om_stored_lines(db, f, arena, err) < 0)
			return err->code;
		differ(&fields, same_lines(e->order, &f->order), "lines");
	}
	if (fields.n == 0)
		e->outcome = OM_UNCHANGED;
	else if (e->order->revision.n == 0 &&
		 e->order->clash != OM_CLASH_REJECT)
		settle_clash(e, f, arena);
	else
		conflict(e, arena,
		    "stored with other values: ", om_buf_view(&fields));
	return 0;
}

/* The row of a cancellation repeats the facts that it cancels. */
static int
judge_cancel(struct om_db *db, struct om_entry *e, struct om_stored *f,
    struct om_arena *arena, struct om_err *err)
{
	struct om_order *o;

	if (!om_cancel_covers(e->order->revision, f->order.revision)) {
		e->outcome = OM_STALE;
		return 0;
	}
	if (f->state == OM_CANCELLED) {
		e->outcome = OM_UNCHANGED;
		return 0;
	}
	if (!om_state_may(f->state, OM_CANCELLED)) {
		conflict(e, arena, "cannot be cancelled: it is ",
		    om_str_of(om_state_name(f->state)));
		return 0;
	}
	if (om_stored_lines(db, f, arena, err) < 0)
		return err->code;
	o = om_new(arena, struct om_order);
	*o = f->order;
	o->kind = OM_KIND_CANCEL; /* whatever else it knew of the order */
	o->at = e->order->at;
	o->hash = e->order->hash;
	if (e->order->revision.n > 0)
		o->revision = e->order->revision;
	e->order = o;
	supersede(e, f, OM_CANCELLED_BY_FEED, OM_CANCELLED);
	return 0;
}

/* What is known of an order that is not here: who it is, and that it, up to
 * that revision, is cancelled. Other facts would be those of nothing. */
static struct om_order *
bare(const struct om_order *cancel, struct om_arena *arena)
{
	struct om_order *o = om_new(arena, struct om_order);

	*o = (struct om_order){
		.kind = OM_KIND_CANCEL,
		.channel = cancel->channel,
		.reference = cancel->reference,
		.revision = cancel->revision,
		.at = cancel->at,
		.hash = cancel->hash,
	};
	return o;
}

/* A second cancellation counts if it cancels more than the one that waits. */
static void
judge_waiting_cancel(struct om_entry *e, const struct om_stored *f,
    struct om_arena *arena)
{
	struct om_str was = f->order.revision;
	struct om_str is = e->order->revision;

	if (was.n == 0 || om_str_eq(was, is)) {
		e->outcome = OM_UNCHANGED;
	} else if (is.n == 0 || om_str_cmp(is, was) > 0) {
		e->order = bare(e->order, arena);
		supersede(e, f, OM_AMENDED, OM_CANCELLED);
	} else {
		e->outcome = OM_STALE;
	}
}

/* What is there waited for this order. */
static void
judge_waiting(struct om_entry *e, const struct om_stored *f,
    struct om_arena *arena)
{
	if (e->order->kind == OM_KIND_CANCEL)
		judge_waiting_cancel(e, f, arena);
	else if (om_cancel_covers(f->order.revision, e->order->revision))
		supersede(e, f, OM_OVERTAKEN, OM_CANCELLED);
	else if (e->order->kind == OM_KIND_CANCELLED)
		supersede(e, f, OM_VOID, OM_CANCELLED);
	else
		supersede(e, f, OM_CREATED, OM_RECEIVED);
}

int
om_judge(struct om_db *db, struct om_entry *e, struct om_stored *f,
    struct om_arena *arena, struct om_err *err)
{
	struct om_str was = f->order.revision;
	int newer = om_str_cmp(e->order->revision, was);

	if (f->waits) {
		judge_waiting(e, f, arena);
		return 0;
	}
	if (e->order->kind != OM_KIND_ORDER)
		return judge_cancel(db, e, f, arena, err);
	if (newer == 0)
		return judge_content(db, e, f, arena, err);
	if (newer < 0)
		e->outcome = OM_STALE;
	else
		amend(e, f, arena);
	return 0;
}

void
om_judge_new(struct om_entry *e, struct om_arena *arena)
{
	e->prev_id = 0;
	e->prev = NULL;
	e->paid_minor = 0;
	e->refunded_minor = 0;
	e->state = OM_RECEIVED;
	e->outcome = OM_CREATED;
	if (e->order->kind == OM_KIND_ORDER)
		return;
	e->state = OM_CANCELLED;
	if (e->order->kind == OM_KIND_CANCELLED) {
		e->outcome = OM_VOID;
		return;
	}
	e->outcome = OM_EARLY;
	e->order = bare(e->order, arena);
}
