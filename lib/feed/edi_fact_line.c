/*
 * edi_fact_line.c - what is ordered: the segments LIN, PIA, QTY and PRI, and
 * the amounts of a line; see edi_fact_parts.h.
 */
#include "feed/edi_fact_parts.h"

/* Our own number first, then what the trade agrees on, then the buyer's. */
static void
item(struct om_edifact_message *m, const struct om_edi_segment *s, size_t i)
{
	static const char *const types[] = { "SA", "SRV", "EN", "UP", "GN",
		"MF", "BP", "IN", "" };
	struct om_str id = om_edifact_text(m, s, i, 1);
	int r = om_edifact_rank(m, s, i, 2, types, OM_COUNT(types));

	if (id.n == 0 || m->deleted)
		return;
	if (r == OM_EDIFACT_NOTHING)
		r--; /* of any type: better than none */
	if (r >= m->sku_rank)
		return;
	m->sku_rank = r;
	m->doc->cell[m->row][OM_DC_SKU] = id;
}

void
om_edifact_end_line(struct om_edifact_message *m)
{
	if (m->quantity_rank != OM_EDIFACT_NOTHING)
		om_doc_add(&m->doc->hash, m->quantity, false);
	if (m->area == OM_EDIFACT_LINES && !m->deleted) {
		om_edifact_put(m, OM_DC_QUANTITY, m->quantity);
		om_doc_price_per(m->doc, m->row, m->price, m->per);
		/* a net price (AAA) has the line's allowances in it */
		if (m->price_rank > 0)
			om_edifact_put(m, OM_DC_LINE_DISCOUNT,
			    om_doc_sum_text(&m->doc->arena, &m->off));
	}
	m->off = (struct om_doc_sum){ 0 };
	m->price = (struct om_str){ NULL, 0 };
	m->per = (struct om_str){ NULL, 0 };
	m->price_rank = OM_EDIFACT_NOTHING;
	m->quantity = (struct om_str){ NULL, 0 };
	m->quantity_rank = OM_EDIFACT_NOTHING;
	m->sku_rank = OM_EDIFACT_NOTHING;
	m->alc = '\0';
}

int
om_edifact_lin(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	struct om_str line = om_edifact_text(m, s, 1, 1);
	int64_t n;

	om_edifact_end_line(m);
	m->area = OM_EDIFACT_LINES;
	m->row = m->doc->count;
	m->doc->items++;
	m->deleted = m->is_change && om_edifact_is(m, s, 2, 1, "2");
	if (om_doc_row(m->doc, s->at, !m->deleted, err) < 0)
		return err->code;
	if (!m->deleted && om_str_int(line, &n) && n >= 0 && n <= INT32_MAX)
		om_edifact_put(m, OM_DC_LINE, line);
	item(m, s, 3);
	return 0;
}

int
om_edifact_pia(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	(void)err;
	for (size_t i = 2; m->area == OM_EDIFACT_LINES && i <= s->count; i++)
		item(m, s, i);
	return 0;
}

/* Ordered, else just a number of pieces. */
int
om_edifact_qty(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	static const char *const kinds[] = { "21", "1" };
	int r = om_edifact_rank(m, s, 1, 1, kinds, OM_COUNT(kinds));

	(void)err;
	if (m->area != OM_EDIFACT_LINES || r >= m->quantity_rank)
		return 0;
	m->quantity_rank = r;
	m->quantity = om_edifact_number(m, s, 1, 2);
	return 0;
}

/* Net, else calculated, else gross price; component 5 is its basis. */
int
om_edifact_pri(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	static const char *const kinds[] = { "AAA", "CAL", "AAB" };
	int r = om_edifact_rank(m, s, 1, 1, kinds, OM_COUNT(kinds));

	(void)err;
	if (m->area != OM_EDIFACT_LINES || r >= m->price_rank)
		return 0;
	m->price_rank = r;
	m->price = om_edifact_number(m, s, 1, 2);
	m->per = om_edifact_number(m, s, 1, 5);
	return 0;
}

void
om_edifact_line_amount(struct om_edifact_message *m,
    const struct om_edi_segment *s)
{
	struct om_str amount = om_edifact_number(m, s, 1, 2);

	if (om_edifact_is(m, s, 1, 1, "203"))
		om_edifact_put(m, OM_DC_LINE_TOTAL, amount);
	else if (om_edifact_is(m, s, 1, 1, "124"))
		om_edifact_put(m, OM_DC_LINE_TAX, amount);
	else if (om_edifact_is_allowance(m, s))
		om_doc_add(&m->off, amount, m->alc == 'C');
}
