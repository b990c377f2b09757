/* explain_json.c - what was seen of a batch, for programs; explain_show.h. */
#include "base/time.h"
#include "cmd/explain_show.h"
#include "cmd/session.h"

static void
put_columns(struct om_json *j, const struct om_seen_file *f)
{
	static const char *const uses[] = { "unused", "mapped", "kept" };

	om_json_array(j, "columns");
	for (size_t i = 0; i < f->count; i++) {
		om_json_object(j, NULL);
		om_json_text(j, "name", f->column[i].name);
		om_json_cstr(j, "use", uses[f->column[i].use]);
		om_json_end(j);
	}
	om_json_end(j);
}

static void
put_dialect(struct om_json *j, const struct om_seen_file *f)
{
	om_json_cstr(j, "encoding", f->encoding);
	om_json_bool(j, "mark", f->marked);
	om_json_bool(j, "gzip", f->gzip);
	om_json_text(j, "delimiter", f->delimiter);
	om_json_text(j, "quote", f->quote);
	om_json_text(j, "escape", f->escape);
	om_json_text(j, "comment", f->comment);
	om_json_bool(j, "header", f->header);
	om_json_int(j, "skip", f->skip);
}

static void
put_file(struct om_json *j, const struct om_seen_file *f, const char *name)
{
	om_json_object(j, NULL);
	om_json_cstr(j, "source", name);
	om_json_cstr(j, "format", f->format);
	if (f->rows)
		put_dialect(j, f);
	else if (f->paths)
		om_json_bool(j, "gzip", f->gzip);
	put_columns(j, f);
	om_json_end(j);
}

static void
put_fact(struct om_json *j, const struct om_seen_fact *f)
{
	om_json_object(j, NULL);
	om_json_cstr(j, "fact", f->name);
	om_json_text(j, "from", f->from);
	om_json_int(j, "source", f->file);
	if (f->number > 0)
		om_json_int(j, "number", (int64_t)f->number);
	om_json_bool(j, "missing", f->missing);
	om_json_text(j, "const", f->constant);
	om_json_text(j, "default", f->fallback);
	om_json_cstr(j, "how", f->how);
	om_json_end(j);
}

static void
put_amount(struct om_json *j, const char *key, const struct om_currency *c,
    int64_t minor)
{
	char text[OM_MONEY_TEXT_MAX];

	om_json_cstr(j, key, om_money_text(minor, c, text));
}

static void
put_lines(struct om_json *j, const struct om_order *o)
{
	char text[OM_MONEY_TEXT_MAX];

	om_json_array(j, "lines");
	for (uint32_t i = 0; i < o->line_count; i++) {
		const struct om_line *l = &o->lines[i];

		om_json_object(j, NULL);
		om_json_int(j, "line", l->number);
		om_json_text(j, "sku", l->sku);
		om_json_cstr(j, "quantity",
		    om_decimal_text(l->quantity_milli, 3, text));
		om_json_cstr(j, "unit_price",
		    om_decimal_text(l->unit_price_micro, 6, text));
		put_amount(j, "discount", o->currency, l->discount_minor);
		put_amount(j, "tax", o->currency, l->tax_minor);
		put_amount(j, "total", o->currency, l->total_minor);
		om_json_end(j);
	}
	om_json_end(j);
}

static void
put_money(struct om_json *j, const struct om_order *o)
{
	om_json_cstr(j, "currency", o->currency->code);
	put_amount(j, "subtotal", o->currency, o->subtotal_minor);
	put_amount(j, "discount", o->currency, o->discount_minor);
	put_amount(j, "shipping", o->currency, o->shipping_minor);
	put_amount(j, "tax", o->currency, o->tax_minor);
	om_json_bool(j, "tax_included", o->tax_included);
	put_amount(j, "total", o->currency, o->total_minor);
	put_lines(j, o);
}

static void
put_order(struct om_json *j, const struct om_order *o)
{
	static const char *const kinds[] = { "order", "cancel", "cancelled" };
	char when[OM_TIME_TEXT_MAX];

	om_json_object(j, NULL);
	om_json_cstr(j, "kind", kinds[o->kind]);
	om_json_text(j, "channel", o->channel);
	om_json_text(j, "reference", o->reference);
	om_json_text(j, "revision", o->revision);
	om_json_text(j, "customer", o->customer);
	om_json_cstr(j, "placed_at",
	    o->placed_at == 0 ? NULL : om_time_text(o->placed_at, when));
	if (o->kind != OM_KIND_CANCEL)
		put_money(j, o);
	om_json_text(j, "attributes", o->attributes);
	om_json_int(j, "row", (int64_t)o->at.line);
	om_json_end(j);
}

static void
put_payment(struct om_json *j, const struct om_payment *p)
{
	om_json_object(j, NULL);
	om_json_cstr(j, "kind", "payment");
	om_json_text(j, "channel", p->channel);
	om_json_text(j, "reference", p->reference);
	om_json_text(j, "payment", p->payment);
	om_json_cstr(j, "currency", p->currency->code);
	put_amount(j, "amount", p->currency, p->amount_minor);
	om_json_int(j, "row", (int64_t)p->at.line);
	om_json_end(j);
}

static void
put_kind(struct om_json *j, const struct om_explain_kind *k)
{
	om_json_object(j, NULL);
	om_json_int(j, "count", k->count);
	om_json_text(j, "reference", k->reference);
	om_json_int(j, "source", k->at.source);
	om_json_int(j, "line", (int64_t)k->at.line);
	om_json_int(j, "offset", (int64_t)k->at.offset);
	om_json_text(j, "column", k->column);
	om_json_cstr(j, "reason", k->reason);
	om_json_end(j);
}

static void
put_seen(struct om_json *j, const struct om_explained *x)
{
	om_json_cstr(j, "shape", x->seen.shape);
	om_json_array(j, "files");
	for (unsigned i = 0; i < x->seen.files; i++)
		put_file(j, &x->seen.file[i], x->names[i]);
	om_json_end(j);
	om_json_array(j, "facts");
	for (size_t i = 0; i < x->seen.count; i++)
		put_fact(j, &x->seen.fact[i]);
	om_json_end(j);
}

void
om_explain_json(struct om_json *j, const struct om_explained *x,
    const struct om_err *why)
{
	om_json_object(j, NULL);
	om_json_cstr(j, "feed", om_feed_name(x->feed));
	om_json_cstr(j, "source", x->names[0]);
	if (x->opened)
		put_seen(j, x);
	om_json_array(j, "first");
	for (size_t i = 0; i < x->firsts; i++)
		if (x->first[i].kind == OM_ITEM_ORDER)
			put_order(j, &x->first[i].order);
		else
			put_payment(j, &x->first[i].payment);
	om_json_end(j);
	om_json_array(j, "rejects");
	for (size_t i = 0; i < x->kinds; i++)
		put_kind(j, &x->kind[i]);
	om_json_end(j);
	om_json_int(j, "rows", (int64_t)x->rows);
	om_json_int(j, "lines", x->lines);
	om_cli_books_json(j, &x->books);
	if (why != NULL)
		om_json_cstr(j, "error", why->msg);
	om_json_end(j);
}
