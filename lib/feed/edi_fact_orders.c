/*
 * edi_fact_orders.c - the messages ORDERS and ORDCHG as rows; see edi_fact.h.
 *
 * Directories D.96A and D.01B differ, for what is read here, in BGM only: the
 * latter has the number in a composite with its revision.
 */
#include <stdio.h>
#include <string.h>

#include "feed/edi_fact_parts.h"
#include "feed/edi_x12.h"

typedef int segment_fn(struct om_edifact_message *m,
    const struct om_edi_segment *s, struct om_err *err);

struct om_str
om_edifact_text(const struct om_edifact_message *m,
    const struct om_edi_segment *s, size_t i, size_t k)
{
	return om_edi_text(m->edi, s, i, k, &m->doc->arena);
}

/* The decimal mark is a point or a comma, whatever UNA says. */
struct om_str
om_edifact_number(const struct om_edifact_message *m,
    const struct om_edi_segment *s, size_t i, size_t k)
{
	return om_doc_number(&m->doc->arena, om_edifact_text(m, s, i, k), true);
}

bool
om_edifact_is(const struct om_edifact_message *m,
    const struct om_edi_segment *s, size_t i, size_t k, const char *want)
{
	return om_edi_is(m->edi, s, i, k, want);
}

int
om_edifact_rank(const struct om_edifact_message *m,
    const struct om_edi_segment *s, size_t i, size_t k,
    const char *const *words, size_t n)
{
	for (size_t w = 0; w < n; w++)
		if (om_edifact_is(m, s, i, k, words[w]))
			return (int)w;
	return OM_EDIFACT_NOTHING;
}

void
om_edifact_put(const struct om_edifact_message *m, enum om_doc_column column,
    struct om_str value)
{
	om_doc_set(m->doc, m->row, column, value);
}

static int
read_bgm(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	struct om_str function = om_edifact_text(m, s, 3, 1);

	(void)err;
	if (function.n == 0)
		function = m->is_change ? OM_STR("4") : OM_STR("9");
	om_edifact_put(m, OM_DC_TYPE, om_edifact_text(m, s, 1, 1));
	om_edifact_put(m, OM_DC_PURPOSE, function);
	m->number = om_edifact_text(m, s, 2, 1);
	m->version = om_edifact_text(m, s, 2, 3);
	if (m->version.n == 0)
		m->version = om_edifact_text(m, s, 2, 2);
	m->doc->change = m->is_change && !om_str_is(function, "5");
	return 0;
}

/* 102 is a day, 203 and 204 have a time, 101 has two digits of the year. */
static struct om_str
date(const struct om_edifact_message *m, const struct om_edi_segment *s)
{
	struct om_str t = om_edifact_text(m, s, 1, 2);
	size_t size = t.n + 16;
	struct om_str day;
	char *out;
	int n;

	if ((!om_edifact_is(m, s, 1, 3, "203") || t.n != 12) &&
	    (!om_edifact_is(m, s, 1, 3, "204") || t.n != 14))
		return om_edi_date(&m->doc->arena, t);
	day = om_edi_date(&m->doc->arena, (struct om_str){ t.p, 8 });
	out = om_alloc(&m->doc->arena, size);
	n = snprintf(out, size, "%.*sT%.2s:%.2s:%.2s", OM_FMT(day), t.p + 8,
	    t.p + 10, t.n == 14 ? t.p + 12 : "00");
	return (struct om_str){ out, (size_t)n };
}

/* The message's date, else the order's. */
static int
read_dtm(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	static const char *const dates[] = { "137", "4" };
	int r = om_edifact_rank(m, s, 1, 1, dates, OM_COUNT(dates));

	(void)err;
	if (m->area != OM_EDIFACT_HEADER || r >= m->date_rank)
		return 0;
	m->date_rank = r;
	m->doc->cell[0][OM_DC_DATE] = date(m, s);
	return 0;
}

static int
read_rff(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	(void)err;
	if (m->area != OM_EDIFACT_HEADER)
		return 0;
	if (om_edifact_is(m, s, 1, 1, "ON") && m->order.n == 0)
		m->order = om_edifact_text(m, s, 1, 2);
	if (om_edifact_is(m, s, 1, 1, "CT"))
		om_edifact_put(m, OM_DC_CONTRACT, om_edifact_text(m, s, 1, 2));
	return 0;
}

/* Code, else name, else the first line of the address. */
static struct om_str
party(const struct om_edifact_message *m, const struct om_edi_segment *s)
{
	struct om_str value = om_edifact_text(m, s, 2, 1);

	if (value.n == 0)
		value = om_edifact_text(m, s, 4, 1);
	return value.n > 0 ? value : om_edifact_text(m, s, 3, 1);
}

/* Buyer, else who orders, else who is invoiced. */
static int
read_nad(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	static const char *const buyers[] = { "BY", "OB", "IV" };
	int r = om_edifact_rank(m, s, 1, 1, buyers, OM_COUNT(buyers));

	(void)err;
	if (m->area != OM_EDIFACT_HEADER)
		return 0;
	if (r < m->buyer_rank) {
		m->buyer_rank = r;
		m->doc->cell[0][OM_DC_CUSTOMER] = party(m, s);
	}
	if (om_edifact_is(m, s, 1, 1, "SU"))
		om_edifact_put(m, OM_DC_SUPPLIER, party(m, s));
	if (om_edifact_is(m, s, 1, 1, "DP"))
		om_edifact_put(m, OM_DC_SHIP_TO, party(m, s));
	return 0;
}

static int
read_cux(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	(void)err;
	if (m->area == OM_EDIFACT_HEADER && om_edifact_is(m, s, 1, 1, "2"))
		om_edifact_put(m, OM_DC_CURRENCY, om_edifact_text(m, s, 1, 2));
	return 0;
}

static int
read_alc(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	(void)err;
	m->alc = om_edifact_is(m, s, 1, 1, "A")	  ? 'A'
		 : om_edifact_is(m, s, 1, 1, "C") ? 'C'
						  : '\0';
	return 0;
}

bool
om_edifact_is_allowance(const struct om_edifact_message *m,
    const struct om_edi_segment *s)
{
	static const char *const codes[] = { "8", "23", "204" };
	int r = om_edifact_rank(m, s, 1, 1, codes, OM_COUNT(codes));

	return m->alc != '\0' && r != OM_EDIFACT_NOTHING;
}

/* Amounts of the order, some of which are claims. */
static void
order_amount(struct om_edifact_message *m, const struct om_edi_segment *s)
{
	static const struct {
		const char *code;
		const char *name;
		enum om_doc_figure figure;
	} claims[] = { { "79", "MOA+79", OM_DOC_SUBTOTAL },
		{ "86", "MOA+86", OM_DOC_TOTAL },
		{ "125", "MOA+125", OM_DOC_NET },
		{ "128", "MOA+128", OM_DOC_TOTAL } };
	struct om_str amount = om_edifact_number(m, s, 1, 2);

	for (size_t i = 0; i < OM_COUNT(claims); i++)
		if (om_edifact_is(m, s, 1, 1, claims[i].code))
			om_doc_claim(m->doc, claims[i].name, claims[i].figure,
			    amount, 0, s->at);
	if (om_edifact_is(m, s, 1, 1, "176"))
		om_edifact_put(m, OM_DC_TAX, amount);
	else if (om_edifact_is(m, s, 1, 1, "124"))
		om_doc_add(&m->tax, amount, false);
	else if (om_edifact_is_allowance(m, s))
		om_doc_add(m->alc == 'A' ? &m->allowed : &m->charged, amount,
		    false);
}

static int
read_moa(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	struct om_str own = om_doc_get(m->doc, 0, OM_DC_CURRENCY);
	struct om_str currency = om_edifact_text(m, s, 1, 3);
	size_t row = m->row;

	(void)err;
	if (currency.n > 0 && own.n > 0 && !om_str_eq(currency, own))
		m->doc->rows[m->row].problem =
		    "an amount in another currency than the order's";
	if (m->area == OM_EDIFACT_LINES) {
		om_edifact_line_amount(m, s);
		return 0;
	}
	m->row = 0;
	order_amount(m, s);
	m->row = row;
	return 0;
}

static int
begin_summary(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	if (m->area == OM_EDIFACT_SUMMARY)
		return 0;
	om_edifact_end_line(m);
	m->area = OM_EDIFACT_SUMMARY;
	if (m->doc->items == 0)
		return 0;
	m->row = m->doc->count;
	return om_doc_row(m->doc, s->at, false, err);
}

/* UNS+D stands in front of the lines and says nothing new. */
static int
read_uns(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	return om_edifact_is(m, s, 1, 1, "S") ? begin_summary(m, s, err) : 0;
}

/* 1 is the sum of the quantities, 2 the number of lines. */
static int
read_cnt(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	if (m->area != OM_EDIFACT_SUMMARY)
		return 0;
	if (om_edifact_is(m, s, 1, 1, "1"))
		return om_doc_hash(m->doc, err, s->at, "CNT+1",
		    om_edifact_number(m, s, 1, 2), NULL);
	if (!om_edifact_is(m, s, 1, 1, "2"))
		return 0;
	m->doc->states_items = true;
	return om_doc_count(err, s->at, "CNT+2", om_edifact_text(m, s, 1, 2),
	    m->doc->items, "lines");
}

static const struct {
	const char *tag;
	segment_fn *read;
} segments[] = { { "BGM", read_bgm }, { "DTM", read_dtm }, { "RFF", read_rff },
	{ "NAD", read_nad }, { "CUX", read_cux }, { "ALC", read_alc },
	{ "MOA", read_moa }, { "LIN", om_edifact_lin },
	{ "PIA", om_edifact_pia }, { "QTY", om_edifact_qty },
	{ "PRI", om_edifact_pri }, { "UNS", read_uns }, { "CNT", read_cnt } };

static int
read_segment(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	for (size_t i = 0; i < OM_COUNT(segments); i++)
		if (om_str_is(s->tag, segments[i].tag))
			return segments[i].read(m, s, err);
	return 0;
}

/* What is known of the order once all has been read. */
static void
finish(struct om_edifact_message *m)
{
	struct om_doc *doc = m->doc;
	struct om_str purpose = om_doc_get(doc, 0, OM_DC_PURPOSE);

	m->row = 0;
	om_edifact_put(m, OM_DC_NUMBER,
	    m->is_change && m->order.n > 0 ? m->order : m->number);
	om_edifact_put(m, OM_DC_CUSTOMER, m->envelope->sender);
	om_edifact_put(m, OM_DC_ALLOWANCE,
	    om_doc_sum_text(&doc->arena, &m->allowed));
	om_edifact_put(m, OM_DC_CHARGE,
	    om_doc_sum_text(&doc->arena, &m->charged));
	om_edifact_put(m, OM_DC_TAX, om_doc_sum_text(&doc->arena, &m->tax));
	doc->states_orders = true;
	if (om_str_is(purpose, "1") || om_str_is(purpose, "9"))
		return;
	om_edifact_put(m, OM_DC_REVISION,
	    om_doc_revision(&doc->arena, m->version));
	om_edifact_put(m, OM_DC_REVISION, m->envelope->sent);
}

static int
end_message(struct om_edifact_message *m, const struct om_edi_segment *s,
    struct om_str reference, struct om_err *err)
{
	struct om_str stated = om_edifact_text(m, s, 2, 1);

	if (begin_summary(m, s, err) < 0)
		return err->code;
	if (om_doc_count(err, s->at, "UNT 0074", om_edifact_text(m, s, 1, 1),
		m->segments, "segments") < 0)
		return err->code;
	if (!om_str_eq(stated, reference))
		return om_doc_fail(err, OM_EDATA, s->at,
		    "UNT says reference '%.*s', UNH says '%.*s'",
		    OM_FMT(stated), OM_FMT(reference));
	finish(m);
	om_doc_end(m->doc, om_edi_marked(m->edi),
	    m->envelope->latin1 ? OM_DOC_LATIN1 : OM_DOC_UTF8);
	return 0;
}

/* "I0001/M1": where one finds it again. */
static struct om_str
interchange(const struct om_edifact_message *m, struct om_str reference)
{
	size_t size = m->envelope->control.n + reference.n + 2;
	char *out = om_alloc(&m->doc->arena, size);
	int n = snprintf(out, size, "%.*s/%.*s", OM_FMT(m->envelope->control),
	    OM_FMT(reference));

	return (struct om_str){ out, (size_t)n };
}

int
om_edifact_message(struct om_edi *edi,
    const struct om_edifact_envelope *envelope,
    const struct om_edi_segment *unh, struct om_doc *doc, struct om_err *err)
{
	struct om_edifact_message m = { .edi = edi,
		.envelope = envelope,
		.doc = doc,
		.price_rank = OM_EDIFACT_NOTHING,
		.quantity_rank = OM_EDIFACT_NOTHING,
		.sku_rank = OM_EDIFACT_NOTHING,
		.date_rank = OM_EDIFACT_NOTHING,
		.buyer_rank = OM_EDIFACT_NOTHING };
	struct om_edi_segment s = *unh;
	struct om_str reference;

	om_doc_begin(doc, unh->at);
	if (om_doc_row(doc, unh->at, false, err) < 0)
		return err->code;
	reference = om_edifact_text(&m, unh, 1, 1);
	m.is_change = om_edifact_is(&m, unh, 2, 1, "ORDCHG");
	if (!m.is_change && !om_edifact_is(&m, unh, 2, 1, "ORDERS")) {
		struct om_str type = om_edifact_text(&m, unh, 2, 1);

		return om_doc_fail(err, OM_EDATA, unh->at,
		    "message '%.*s': this feed reads ORDERS and ORDCHG",
		    OM_FMT(type));
	}
	om_edifact_put(&m, OM_DC_INTERCHANGE, interchange(&m, reference));
	for (;;) {
		int rc;

		m.segments++;
		if (om_str_is(s.tag, "UNT"))
			return end_message(&m, &s, reference, err);
		if (read_segment(&m, &s, err) < 0)
			return err->code;
		rc = om_edi_next(edi, &s, err);
		if (rc < 0)
			return rc;
		if (rc == 0 || om_str_is(s.tag, "UNH") ||
		    om_str_is(s.tag, "UNE") || om_str_is(s.tag, "UNZ"))
			return om_doc_fail(err, OM_EDATA, doc->at,
			    "the message '%.*s' has no UNT", OM_FMT(reference));
	}
}
