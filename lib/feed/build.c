/* build.c - merge, type, complete, check; see build.h. */
#include "feed/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/attributes.h"
#include "feed/facts.h"
#include "feed/judge.h"
#include "feed/lines.h"
#include "feed/typed.h"

void
om_builder_init(struct om_builder *b, const struct om_feed *feed,
    enum om_shape shape, const struct om_plan *plans)
{
	*b = (struct om_builder){ .feed = feed, .shape = shape };
	for (unsigned i = 0; i < OM_FEED_SOURCES_MAX; i++)
		b->plan[i] = &plans[i];
	om_buf_init(&b->json, OM_ATTRIBUTES_MAX);
}

void
om_builder_fini(struct om_builder *b)
{
	om_buf_fini(&b->json);
}

bool
om_build_key(const struct om_plan *plan, const struct om_row *row,
    struct om_str *out_channel, struct om_str *out_reference)
{
	struct om_err err;
	bool bad = false;
	size_t at;

	*out_channel = om_step_text(&plan->channel, row, &bad);
	if (out_channel->p == NULL)
		*out_channel = plan->channel.value->fallback;
	*out_reference = om_step_text(&plan->reference, row, &bad);
	return !bad && out_channel->n > 0 && out_reference->n > 0 &&
	       om_typed_text(OM_F_REFERENCE, *out_reference, &err) == 0 &&
	       (row->problem == NULL || om_utf8_valid(*out_reference, &at));
}

static int
read_revision(struct om_builder *b, struct om_str *out, struct om_reject *why)
{
	const struct om_fact *f = &b->fact[OM_F_REVISION];
	struct om_err err;
	int64_t when;

	*out = f->text;
	if (f->text.p == NULL)
		return 0;
	if (f->step->value->date == NULL) {
		if (om_typed_text(OM_F_REVISION, f->text, &err) < 0)
			return om_fact_fault(f, err.msg, why);
		return 0;
	}
	if (om_typed_time(b->feed, f->step, f->text, &when, &err) < 0)
		return om_fact_fault(f, err.msg, why);
	*out = om_str_of(om_time_text(when, b->revision));
	return 0;
}

static int
read_time(const struct om_builder *b, enum om_field field, int64_t *out,
    struct om_reject *why)
{
	const struct om_fact *f = &b->fact[field];
	struct om_err err;

	*out = 0;
	if (f->text.p == NULL)
		return 0;
	if (om_typed_time(b->feed, f->step, f->text, out, &err) < 0)
		return om_fact_fault(f, err.msg, why);
	return 0;
}

static int
read_currency(const struct om_builder *b, const struct om_currency **out,
    struct om_reject *why)
{
	const struct om_fact *f = &b->fact[OM_F_CURRENCY];

	*out = NULL;
	if (f->text.p == NULL)
		return 0;
	*out = om_currency_find(f->text);
	if (*out == NULL)
		return om_fault(why, f->row, f->step, f->text,
		    "no such currency '%.*s'", OM_FMT(f->text));
	return 0;
}

/* Who and when, before any money. */
static int
read_identity(struct om_builder *b, struct om_order *o, struct om_reject *why)
{
	const struct om_fact *kind = &b->fact[OM_F_KIND];
	const struct om_fact *customer = &b->fact[OM_F_CUSTOMER];
	struct om_err err;

	o->channel = b->fact[OM_F_CHANNEL].text;
	o->reference = b->fact[OM_F_REFERENCE].text;
	o->customer = customer->text;
	if (kind->text.p != NULL &&
	    om_typed_kind(kind->text, &o->kind, &err) < 0)
		return om_fact_fault(kind, err.msg, why);
	if (om_typed_text(OM_F_CUSTOMER, customer->text, &err) < 0)
		return om_fact_fault(customer, err.msg, why);
	if (read_revision(b, &o->revision, why) < 0 ||
	    read_time(b, OM_F_PLACED_AT, &o->placed_at, why) < 0)
		return OM_EDATA;
	return read_currency(b, &o->currency, why);
}

OM_SELDOM static int
read_odd_amount(const struct om_fact *f, const struct om_currency *c,
    int64_t *out, struct om_reject *why)
{
	struct om_err err;

	if (om_typed_number(f->step, f->text, om_amount_places(f->step, c), out,
		&err) < 0)
		return om_fact_fault(f, err.msg, why);
	return 0;
}

/* An optional amount; 0 if nobody states it. */
static inline int
read_amount(const struct om_fact *f, const struct om_currency *c, int64_t *out,
    struct om_reject *why)
{
	*out = 0;
	if (f->text.p == NULL || om_typed_simple(f->step, f->text,
				     om_amount_places(f->step, c), out))
		return 0;
	return read_odd_amount(f, c, out, why);
}

static int
read_amounts(struct om_builder *b, struct om_order *o, struct om_reject *why)
{
	static const enum om_field field[] = { OM_F_SUBTOTAL, OM_F_DISCOUNT,
		OM_F_SHIPPING, OM_F_CHARGES, OM_F_TAX, OM_F_TOTAL };
	int64_t *const out[OM_COUNT(field)] = { &o->subtotal_minor,
		&o->discount_minor, &o->shipping_minor, &b->charges_minor,
		&o->tax_minor, &o->total_minor };

	for (size_t i = 0; i < OM_COUNT(field); i++)
		if (read_amount(&b->fact[field[i]], o->currency, out[i], why) <
		    0)
			return OM_EDATA;
	return 0;
}

/* Whether tax is in the prices, and a total that may not be empty. */
static int
read_terms(struct om_builder *b, struct om_order *o, struct om_reject *why)
{
	const struct om_fact *included = &b->fact[OM_F_TAX_INCLUDED];
	const struct om_fact *total = &b->fact[OM_F_TOTAL];
	struct om_err err;

	o->tax_included = b->feed->tax == OM_TAX_INCLUDED;
	if (included->text.p != NULL &&
	    om_typed_bool(included->text, &o->tax_included, &err) < 0)
		return om_fact_fault(included, err.msg, why);
	if (total->step != NULL && total->text.p == NULL)
		return om_fact_fault(total, "total is empty", why);
	return 0;
}

/* Whether the stated total is nearer to the sum without the tax. */
static bool
is_included(const struct om_order *o, om_int128 without)
{
	om_int128 less = o->total_minor - without;
	om_int128 more = less - o->tax_minor;

	if (o->tax_minor == 0)
		return false;
	return (less < 0 ? -less : less) <= (more < 0 ? -more : more);
}

static om_int128
distance(int64_t total, om_int128 sum)
{
	return total < sum ? sum - total : total - sum;
}

/* Charges count with the shipping; those that the total may leave out do if it
 * is as near to the stated total, or nearer, with them. */
static int
count_charges(const struct om_builder *b, struct om_order *o, om_int128 without)
{
	const struct om_fact *f = &b->fact[OM_F_CHARGES];
	const struct om_fact *total = &b->fact[OM_F_TOTAL];
	om_int128 with = without + b->charges_minor;
	om_int128 tax = o->tax_included ? 0 : o->tax_minor;

	if (b->charges_minor == 0 ||
	    (f->step->value->maybe && total->text.p != NULL &&
		distance(o->total_minor, without + tax) <
		    distance(o->total_minor, with + tax)))
		return 0;
	with = (om_int128)o->shipping_minor + b->charges_minor;
	return om_money_narrow(with, &o->shipping_minor) ? 0 : OM_ELIMIT;
}

/* What nobody states follows from the rest, into the normal form. */
static int
complete(const struct om_builder *b, struct om_order *o)
{
	const struct om_fact *subtotal = &b->fact[OM_F_SUBTOTAL];
	om_int128 sum = 0;
	om_int128 tax = 0;
	om_int128 rest;

	for (uint32_t i = 0; i < o->line_count; i++) {
		sum += o->lines[i].total_minor;
		tax += o->lines[i].tax_minor;
	}
	if (b->fact[OM_F_TAX].text.p == NULL &&
	    !om_money_narrow(tax, &o->tax_minor))
		return OM_ELIMIT;
	if (subtotal->text.p != NULL) {
		rest = o->subtotal_minor;
		if (subtotal->step->value->net)
			rest += o->discount_minor;
	} else if (o->line_count > 0) {
		rest = sum;
	} else {
		rest = (om_int128)o->total_minor + o->discount_minor -
		       o->shipping_minor - b->charges_minor -
		       (o->tax_included ? 0 : o->tax_minor);
	}
	if (!om_money_narrow(rest, &o->subtotal_minor))
		return OM_ELIMIT;
	if (count_charges(b, o, rest + o->shipping_minor - o->discount_minor) <
	    0)
		return OM_ELIMIT;
	rest += (om_int128)o->shipping_minor - o->discount_minor;
	if (b->feed->tax == OM_TAX_AUTO &&
	    b->fact[OM_F_TAX_INCLUDED].text.p == NULL)
		o->tax_included = is_included(o, rest);
	if (b->fact[OM_F_TOTAL].text.p == NULL &&
	    !om_money_narrow(rest + (o->tax_included ? 0 : o->tax_minor),
		&o->total_minor))
		return OM_ELIMIT;
	return 0;
}

static void
keep_text(char **at, struct om_str *s)
{
	if (s->n > 0)
		memcpy(*at, s->p, s->n);
	s->p = *at;
	*at += s->n;
}

/* All text of the order in one piece of the arena. */
static void
keep(struct om_arena *arena, struct om_order *o)
{
	size_t n = o->channel.n + o->reference.n + o->revision.n +
		   o->customer.n + o->attributes.n;
	char *at;

	for (uint32_t i = 0; i < o->line_count; i++)
		n += o->lines[i].sku.n;
	at = om_alloc_raw(arena, n + 1);
	keep_text(&at, &o->channel);
	keep_text(&at, &o->reference);
	keep_text(&at, &o->revision);
	keep_text(&at, &o->customer);
	keep_text(&at, &o->attributes);
	for (uint32_t i = 0; i < o->line_count; i++)
		keep_text(&at, &o->lines[i].sku);
}

static int
build(struct om_builder *b, const struct om_row *rows, size_t count,
    struct om_arena *arena, struct om_order *o, struct om_reject *why)
{
	if (om_facts_merge(b, rows, count, why) < 0 ||
	    read_identity(b, o, why) < 0)
		return OM_EDATA;
	if (o->kind != OM_KIND_CANCEL) {
		if (b->shape == OM_SHAPE_JOINED &&
		    om_judge_joined(b, rows, count, why) < 0)
			return OM_EDATA;
		if (o->currency == NULL)
			return om_fault(why, &rows[0],
			    b->fact[OM_F_CURRENCY].step, OM_STR(""),
			    "no currency");
		if (read_terms(b, o, why) < 0 || read_amounts(b, o, why) < 0 ||
		    om_build_lines(b, rows, count, arena, o, why) < 0)
			return OM_EDATA;
		if (complete(b, o) < 0)
			return om_fault(why, &rows[0], NULL, OM_STR(""),
			    "the amounts overflow");
	}
	if (om_judge_order(b, rows, count, o, why) < 0)
		return OM_EDATA;
	return b->plan[0]->extra_count == 0
		   ? 0
		   : om_build_attributes(b, rows, count, &o->attributes, why);
}

int
om_build_order(struct om_builder *b, const struct om_row *rows, size_t count,
    struct om_arena *arena, struct om_order *out, struct om_reject *why)
{
	struct om_order o = { .at = rows[0].at, .clash = b->feed->clash };

	if (build(b, rows, count, arena, &o, why) < 0) {
		om_build_reject(b, rows, count, arena, why);
		return OM_EDATA;
	}
	keep(arena, &o);
	o.hash = om_hash64(o.channel, o.reference);
	*out = o;
	return 0;
}

int
om_build_payment(struct om_builder *b, const struct om_row *row,
    struct om_arena *arena, struct om_payment *out, struct om_reject *why)
{
	struct om_payment p = { .at = row->at };
	const struct om_fact *payment = &b->fact[OM_F_PAYMENT];
	struct om_order identity = { .kind = OM_KIND_CANCEL };
	struct om_err err;
	int rc = om_facts_merge(b, row, 1, why);

	if (rc == 0)
		rc = read_identity(b, &identity, why);
	identity.kind = OM_KIND_CANCEL;
	if (rc == 0)
		rc = om_judge_order(b, row, 1, &identity, why);
	if (rc == 0 && identity.currency == NULL)
		rc = om_fault(why, row, b->fact[OM_F_CURRENCY].step, OM_STR(""),
		    "no currency");
	if (rc == 0 && om_typed_text(OM_F_PAYMENT, payment->text, &err) < 0)
		rc = om_fact_fault(payment, err.msg, why);
	if (rc == 0)
		rc = read_amount(&b->fact[OM_F_AMOUNT], identity.currency,
		    &p.amount_minor, why);
	if (rc == 0)
		rc = read_time(b, OM_F_PAID_AT, &p.paid_at, why);
	if (rc < 0) {
		om_build_reject(b, row, 1, arena, why);
		return OM_EDATA;
	}
	p.currency = identity.currency;
	p.channel = om_str_dup(arena, identity.channel);
	p.reference = om_str_dup(arena, identity.reference);
	p.payment = om_str_dup(arena, payment->text);
	p.hash = om_hash64(p.channel, p.reference);
	*out = p;
	return 0;
}

/* What can still be read of a reject: whose it is, and for how much. */
static void
salvage(struct om_builder *b, const struct om_row *row, struct om_reject *why)
{
	const struct om_plan *plan = b->plan[row->at.source];
	enum om_field money =
	    b->feed->kind == OM_FEED_PAYMENTS ? OM_F_AMOUNT : OM_F_TOTAL;
	struct om_str channel;
	struct om_str reference;
	struct om_err err;

	if (why->reference.p == NULL &&
	    om_build_key(plan, row, &channel, &reference)) {
		why->channel = channel;
		why->reference = reference;
	}
	for (size_t i = 0; i < plan->order_count; i++) {
		const struct om_step *s = &plan->order[i];
		bool bad = false;
		struct om_str text = om_step_text(s, row, &bad);

		if (text.p == NULL)
			text = s->value->fallback;
		if (s->field == OM_F_CURRENCY && why->currency == NULL)
			why->currency = om_currency_find(text);
		if (s->field == money && text.p != NULL &&
		    why->currency != NULL && why->total_minor == 0)
			(void)!om_typed_number(s, text,
			    om_amount_places(s, why->currency),
			    &why->total_minor, &err);
	}
}

void
om_build_reject(struct om_builder *b, const struct om_row *rows, size_t count,
    struct om_arena *arena, struct om_reject *why)
{
	why->channel = (struct om_str){ NULL, 0 };
	why->reference = (struct om_str){ NULL, 0 };
	why->currency = NULL;
	why->total_minor = 0;
	for (size_t i = 0; i < count; i++)
		salvage(b, &rows[i], why);
	om_fault_finish(why, arena, rows, count);
}
