/* leaf.c - canonical records, written straight into their buffer; see leaf.h.
 * One order in a microsecond is the whole budget of ingest: hence the sums of
 * sizes up front and the plain stores. */
#include "audit/leaf.h"

#include <assert.h>
#include <string.h>

#include "base/be.h"

#define INT_SIZE 8

static size_t
text_size(struct om_str s)
{
	return 4 + s.n;
}

static unsigned char *
put_int(unsigned char *p, int64_t value)
{
	om_be64_put(p, (uint64_t)value);
	return p + INT_SIZE;
}

static unsigned char *
put_text(unsigned char *p, struct om_str s)
{
	assert(s.n <= UINT32_MAX);
	om_be32_put(p, (uint32_t)s.n);
	if (s.n > 0)
		memcpy(p + 4, s.p, s.n);
	return p + 4 + s.n;
}

static struct om_str
code_of(const struct om_order *o)
{
	if (o->currency == NULL)
		return OM_STR("");
	return (struct om_str){ o->currency->code, OM_CURRENCY_CODE };
}

static unsigned char *
put_line(unsigned char *p, const struct om_line *line)
{
	p = put_int(p, line->number);
	p = put_text(p, line->sku);
	p = put_int(p, line->quantity_milli);
	p = put_int(p, line->unit_price_micro);
	p = put_int(p, line->discount_minor);
	p = put_int(p, line->tax_minor);
	return put_int(p, line->total_minor);
}

void
om_leaf_order(struct om_buf *out, const struct om_order *o,
    const struct om_taken *taken)
{
	const struct om_str tag = OM_STR("ordmill/order/1");
	size_t n = text_size(tag) + text_size(o->channel) +
		   text_size(o->reference) + text_size(o->revision) +
		   text_size(o->customer) + text_size(code_of(o)) +
		   text_size(o->attributes) + 12 * INT_SIZE;
	unsigned char *p;

	for (uint32_t i = 0; i < o->line_count; i++)
		n += text_size(o->lines[i].sku) + 6 * INT_SIZE;
	p = om_buf_room(out, n);
	if (p == NULL)
		return;
	p = put_text(p, tag);
	p = put_int(p, (int64_t)o->kind);
	p = put_text(p, o->channel);
	p = put_text(p, o->reference);
	p = put_text(p, o->revision);
	p = put_text(p, o->customer);
	p = put_int(p, o->placed_at);
	p = put_text(p, code_of(o));
	p = put_int(p, o->tax_included ? 1 : 0);
	p = put_int(p, o->subtotal_minor);
	p = put_int(p, o->discount_minor);
	p = put_int(p, o->shipping_minor);
	p = put_int(p, o->tax_minor);
	p = put_int(p, o->total_minor);
	p = put_text(p, o->attributes);
	p = put_int(p, taken->prev_id);
	p = put_int(p, taken->batch);
	p = put_int(p, taken->source_line);
	p = put_int(p, (int64_t)o->line_count);
	for (uint32_t i = 0; i < o->line_count; i++)
		p = put_line(p, &o->lines[i]);
	assert((const char *)p == out->p + out->n);
}

static void
add_int(struct om_buf *out, int64_t value)
{
	om_buf_be64(out, (uint64_t)value);
}

static void
add_text(struct om_buf *out, struct om_str s)
{
	assert(s.n <= UINT32_MAX);
	om_buf_be32(out, (uint32_t)s.n);
	om_buf_str(out, s);
}

void
om_leaf_payment(struct om_buf *out, const struct om_paid *paid)
{
	add_text(out, OM_STR("ordmill/payment/1"));
	add_text(out, paid->channel);
	add_text(out, paid->reference);
	add_text(out, paid->payment);
	add_text(out, paid->currency);
	add_int(out, paid->amount_minor);
	add_int(out, paid->paid_at);
	add_int(out, paid->batch);
	add_int(out, paid->source_line);
}

void
om_leaf_event(struct om_buf *out, const struct om_event *e)
{
	const struct om_str tag = OM_STR("ordmill/event/1");
	unsigned char *p =
	    om_buf_room(out, text_size(tag) + text_size(e->pass) +
				 text_size(e->reason) + 7 * INT_SIZE);

	if (p == NULL)
		return;
	p = put_text(p, tag);
	p = put_int(p, e->order_id);
	p = put_int(p, e->prev_leaf);
	p = put_int(p, e->run);
	p = put_text(p, e->pass);
	p = put_int(p, e->kind);
	p = put_int(p, e->from_state);
	p = put_int(p, e->to_state);
	p = put_int(p, e->amount_minor);
	p = put_text(p, e->reason);
	assert((const char *)p == out->p + out->n);
}
