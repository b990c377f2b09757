/* edi_x12_line.c - the lines of an 850 or 860: PO1, POC; see edi_x12_parts.h. */
#include "feed/edi_x12_parts.h"

/* Our own number first, then what the trade agrees on, then the buyer's. */
static struct om_str
product(const struct om_x12_body *t, const struct om_edi_segment *s,
    size_t first)
{
	static const char *const best[] = { "VP", "VN", "VC", "SK", "UP", "UK",
		"UA", "EN", "UI", "BP", "IN", "PI", "CB", "PN", "MG", "MF" };

	for (size_t k = 0; k < OM_COUNT(best); k++)
		for (size_t i = first; i + 1 <= s->count; i += 2)
			if (om_edi_is(t->edi, s, i, 0, best[k]))
				return om_x12_text(t, s, i + 1);
	return om_x12_text(t, s, first + 1);
}

/* Codes of element 639 that are a price for more than one. */
static struct om_str
price_basis(const struct om_x12_body *t, const struct om_edi_segment *s,
    size_t i)
{
	static const struct {
		const char *code;
		const char *per;
	} table[] = { { "PN", "10" }, { "PD", "12" }, { "LD", "12" },
		{ "RD", "12" }, { "TD", "12" }, { "WD", "12" }, { "HP", "100" },
		{ "HF", "100" }, { "LC", "100" }, { "QH", "100" },
		{ "RC", "100" }, { "TC", "100" }, { "WC", "100" },
		{ "TP", "1000" }, { "TF", "1000" }, { "LM", "1000" },
		{ "PS", "1000" }, { "QS", "1000" }, { "RM", "1000" },
		{ "TM", "1000" }, { "WM", "1000" }, { "TT", "10000" },
		{ "HT", "100000" } };

	for (size_t k = 0; k < OM_COUNT(table); k++)
		if (om_edi_is(t->edi, s, i, 0, table[k].code))
			return om_str_of(table[k].per);
	return OM_STR("");
}

/* A quantity into both hash totals. */
static void
hash(struct om_x12_body *t, struct om_str quantity)
{
	char *digits = om_alloc(&t->doc->arena, quantity.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < quantity.n; i++)
		if (quantity.p[i] != '.')
			digits[n++] = quantity.p[i];
	om_doc_add(&t->doc->hash, quantity, false);
	om_doc_add(&t->digits, (struct om_str){ digits, n }, false);
}

/* What was said of the line that ends here. */
void
om_x12_end_line(struct om_x12_body *t)
{
	struct om_arena *arena = &t->doc->arena;

	if (t->area == OM_X12_LINES) {
		om_x12_put(t, OM_DC_LINE_DISCOUNT,
		    om_doc_sum_text(arena, &t->off));
		om_x12_put(t, OM_DC_LINE_TAX,
		    om_doc_sum_text(arena, &t->line_tax));
	}
	t->off = (struct om_doc_sum){ 0 };
	t->line_tax = (struct om_doc_sum){ 0 };
}

/* The number of a line, if it is one. */
static void
put_line_number(const struct om_x12_body *t, struct om_str n)
{
	int64_t value;

	if (om_str_int(n, &value) && value >= 0 && value <= INT32_MAX)
		om_x12_put(t, OM_DC_LINE, n);
}

static int
begin_line(struct om_x12_body *t, const struct om_edi_segment *s, bool is_line,
    struct om_err *err)
{
	om_x12_end_line(t);
	t->area = OM_X12_LINES;
	t->row = t->doc->count;
	t->doc->items++;
	return om_doc_row(t->doc, s->at, is_line, err);
}

/* 850: number, quantity, unit, price, basis, then pairs of product ids. */
int
om_x12_po1(struct om_x12_body *t, const struct om_edi_segment *s,
    struct om_err *err)
{
	struct om_str quantity = om_x12_number(t, s, 2);

	if (begin_line(t, s, true, err) < 0)
		return err->code;
	hash(t, quantity);
	put_line_number(t, om_x12_text(t, s, 1));
	om_x12_put(t, OM_DC_QUANTITY, quantity);
	om_x12_put(t, OM_DC_SKU, product(t, s, 6));
	om_doc_price_per(t->doc, t->row, om_x12_number(t, s, 4),
	    price_basis(t, s, 5));
	return 0;
}

/* 860: number, kind of change, quantity, left, unit, price, basis, ids. */
int
om_x12_poc(struct om_x12_body *t, const struct om_edi_segment *s,
    struct om_err *err)
{
	bool deleted = om_edi_is(t->edi, s, 2, 0, "DI");
	struct om_str quantity = om_x12_number(t, s, 3);

	if (begin_line(t, s, !deleted, err) < 0)
		return err->code;
	if (quantity.n > 0)
		hash(t, quantity);
	if (deleted)
		return 0;
	if (om_edi_is(t->edi, s, 2, 0, "QI") ||
	    om_edi_is(t->edi, s, 2, 0, "QD"))
		t->doc->rows[t->row].problem =
		    "a change of the quantity (QI, QD), not the quantity";
	put_line_number(t, om_x12_text(t, s, 1));
	om_x12_put(t, OM_DC_QUANTITY, quantity);
	om_x12_put(t, OM_DC_SKU, product(t, s, 8));
	om_doc_price_per(t->doc, t->row, om_x12_number(t, s, 6),
	    price_basis(t, s, 7));
	return 0;
}
