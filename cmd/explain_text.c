/* explain_text.c - what was seen of a batch, for people; explain_show.h. */
#include <inttypes.h>

#include "base/time.h"
#include "cmd/explain_show.h"
#include "cmd/session.h"

static void
show_file(FILE *out, const struct om_seen_file *f, const char *name)
{
	fprintf(out, "file %s\n", name);
	if (!f->rows) {
		fprintf(out, "  %s%s, %zu %s\n", f->format,
		    f->gzip ? ", gzip" : "", f->count,
		    f->paths ? "paths" : "columns");
		return;
	}
	fprintf(out, "  %s%s%s\n", f->encoding,
	    f->marked ? ", byte order mark" : "", f->gzip ? ", gzip" : "");
	fprintf(out,
	    "  delimiter '%.*s', quote %.*s, escape %.*s, comment %.*s",
	    OM_FMT(f->delimiter), OM_FMT(f->quote), OM_FMT(f->escape),
	    OM_FMT(f->comment));
	if (f->skip > 0)
		fprintf(out, ", %" PRId64 " lines skipped", f->skip);
	fprintf(out, "\n  %s, %zu columns\n",
	    f->header ? "header" : "no header", f->count);
}

static void
show_source(FILE *out, const struct om_seen_fact *f, const struct om_seen *seen)
{
	bool columns = seen->file[f->file].count > 0;

	if (f->number > 0 && seen->file[f->file].paths)
		fprintf(out, "path '%.*s'", OM_FMT(f->from));
	else if (f->number > 0)
		fprintf(out, "column %zu '%.*s'", f->number, OM_FMT(f->from));
	else if (f->from.p != NULL)
		fprintf(out, "%s'%.*s'", columns ? "no column " : "",
		    OM_FMT(f->from));
	else if (f->constant.p != NULL)
		fprintf(out, "always '%.*s'", OM_FMT(f->constant));
	else
		fprintf(out, "'%.*s'", OM_FMT(f->fallback));
	if (f->from.p != NULL && seen->files > 1)
		fprintf(out, " of file %u", f->file + 1);
	if (f->from.p != NULL && f->fallback.p != NULL)
		fprintf(out, ", else '%.*s'", OM_FMT(f->fallback));
	if (f->missing)
		fputs(": MISSING", out);
	if (f->missing && f->near != NULL)
		fprintf(out, ", did you mean '%s'", f->near);
	if (f->how[0] != '\0')
		fprintf(out, " (%s)", f->how);
	fputc('\n', out);
}

static void
show_columns(FILE *out, const struct om_seen_file *f, enum om_column_use use,
    const char *title)
{
	bool any = false;

	for (size_t i = 0; i < f->count; i++) {
		if (f->column[i].use != use)
			continue;
		fprintf(out, "%s '%.*s'", any ? "," : title,
		    OM_FMT(f->column[i].name));
		any = true;
	}
	if (any)
		fputc('\n', out);
}

static void
show_mapping(FILE *out, const struct om_explained *x)
{
	fprintf(out, "feed %s, shape %s\n", om_feed_name(x->feed),
	    x->seen.shape);
	for (size_t i = 0; i < x->seen.count; i++) {
		fprintf(out, "  %-14s ", x->seen.fact[i].name);
		show_source(out, &x->seen.fact[i], &x->seen);
	}
	for (unsigned i = 0; i < x->seen.files; i++) {
		show_columns(out, &x->seen.file[i], OM_COLUMN_KEPT,
		    "  kept as attributes:");
		show_columns(out, &x->seen.file[i], OM_COLUMN_UNUSED,
		    "  not used:");
	}
}

static const char *
amount(const struct om_order *o, int64_t minor, char text[OM_MONEY_TEXT_MAX])
{
	return om_money_text(minor, o->currency, text);
}

static void
show_lines(FILE *out, const struct om_order *o)
{
	char quantity[OM_MONEY_TEXT_MAX];
	char price[OM_MONEY_TEXT_MAX];
	char total[OM_MONEY_TEXT_MAX];

	for (uint32_t i = 0; i < o->line_count && i < OM_EXPLAIN_LINES; i++) {
		const struct om_line *l = &o->lines[i];

		fprintf(out, "    %d  %.*s  %s x %s = %s\n", l->number,
		    OM_FMT(l->sku),
		    om_decimal_text(l->quantity_milli, 3, quantity),
		    om_decimal_text(l->unit_price_micro, 6, price),
		    amount(o, l->total_minor, total));
	}
	if (o->line_count > OM_EXPLAIN_LINES)
		fprintf(out, "    and %u more lines\n",
		    o->line_count - OM_EXPLAIN_LINES);
}

static void
show_order(FILE *out, const struct om_order *o)
{
	char text[OM_MONEY_TEXT_MAX];
	char when[OM_TIME_TEXT_MAX];

	fprintf(out, "  %.*s/%.*s", OM_FMT(o->channel), OM_FMT(o->reference));
	if (o->revision.n > 0)
		fprintf(out, ", revision %.*s", OM_FMT(o->revision));
	if (o->customer.n > 0)
		fprintf(out, ", customer %.*s", OM_FMT(o->customer));
	if (o->placed_at != 0)
		fprintf(out, ", %s", om_time_text(o->placed_at, when));
	fprintf(out, ", line %" PRIu64 "\n", o->at.line);
	if (o->kind != OM_KIND_ORDER)
		fputs("    cancelled\n", out);
	if (o->kind == OM_KIND_CANCEL)
		return;
	fprintf(out, "    %s %s = ", o->currency->code,
	    amount(o, o->total_minor, text));
	fprintf(out, "%s - ", amount(o, o->subtotal_minor, text));
	fprintf(out, "%s discount + ", amount(o, o->discount_minor, text));
	fprintf(out, "%s shipping", amount(o, o->shipping_minor, text));
	fprintf(out, o->tax_included ? ", %s tax included\n" : " + %s tax\n",
	    amount(o, o->tax_minor, text));
	show_lines(out, o);
}

static void
show_payment(FILE *out, const struct om_payment *p)
{
	char text[OM_MONEY_TEXT_MAX];

	fprintf(out, "  %.*s/%.*s, %.*s: %s %s, line %" PRIu64 "\n",
	    OM_FMT(p->channel), OM_FMT(p->reference), OM_FMT(p->payment),
	    p->currency->code,
	    om_money_text(p->amount_minor, p->currency, text), p->at.line);
}

static void
show_rejects(FILE *out, const struct om_explained *x)
{
	int64_t told = 0;

	if (x->rejects > 0)
		fprintf(out, "would be rejected: %" PRId64 "\n", x->rejects);
	for (size_t i = 0; i < x->kinds; i++) {
		const struct om_explain_kind *k = &x->kind[i];

		told += k->count;
		fprintf(out, "  %" PRId64 "  ", k->count);
		if (x->seen.files > 1)
			fprintf(out, "file %u, ", k->at.source + 1);
		fprintf(out, "line %" PRIu64 ", byte %" PRIu64, k->at.line,
		    k->at.offset);
		if (k->column.n > 0)
			fprintf(out, ", column '%.*s'", OM_FMT(k->column));
		fprintf(out, ": %s\n", k->reason);
	}
	if (told < x->rejects)
		fprintf(out, "  %" PRId64 "  others\n", x->rejects - told);
}

void
om_explain_text(FILE *out, const struct om_explained *x)
{
	for (unsigned i = 0; i < x->seen.files; i++)
		show_file(out, &x->seen.file[i], x->names[i]);
	show_mapping(out, x);
	if (x->firsts > 0)
		fputs("as understood\n", out);
	for (size_t i = 0; i < x->firsts; i++)
		if (x->first[i].kind == OM_ITEM_ORDER)
			show_order(out, &x->first[i].order);
		else
			show_payment(out, &x->first[i].payment);
	show_rejects(out, x);
	fprintf(out, "totals: %" PRIu64 " rows, %" PRId64 " lines\n", x->rows,
	    x->lines);
	om_cli_books(out, &x->books);
}
