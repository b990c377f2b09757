/*
 * edi_fact_orders.c - the messages ORDERS and ORDCHG as rows; see edi_fact.h.
 *
 * Directories D.96A and D.01B differ, for what is read here, in BGM only: the
 * latter has the number in a composite with its revision.
 */
#include <stdio.h>
#include <string.h>

#include "feed/edi_fact.h"
#include "feed/edi_x12.h"

enum area { AREA_HEADER, AREA_LINES, AREA_SUMMARY };

#define NOTHING INT32_MAX /* a rank that is worse than any */

struct message {
	struct om_edi *edi;
	const struct om_fact_envelope *envelope;
	struct om_doc *doc;
	enum area area;
	bool is_change; /* ORDCHG */
	bool deleted;	/* the line at hand */
	size_t row;
	uint64_t segments;
	struct om_str number;  /* BGM 1004 */
	struct om_str order;   /* RFF+ON */
	struct om_str version; /* BGM 1060 or 1056 */
	char alc;	       /* 'A', 'C' or 0: what a MOA belongs to */
	struct om_doc_sum allowed;
	struct om_doc_sum charged;
	struct om_doc_sum tax;
	struct om_doc_sum off; /* of the line */
	struct om_str price;
	struct om_str per;
	int price_rank;
	int sku_rank;
	int date_rank;
	int buyer_rank;
};

typedef int segment_fn(struct message *m, const struct om_edi_segment *s,
    struct om_err *err);

static struct om_str
text(const struct message *m, const struct om_edi_segment *s, size_t i,
    size_t k)
{
	return om_edi_text(m->edi, s, i, k, &m->doc->arena);
}

/* The decimal mark is a point or a comma, whatever UNA says. */
static struct om_str
number(const struct message *m, const struct om_edi_segment *s, size_t i,
    size_t k)
{
	return om_doc_number(&m->doc->arena, text(m, s, i, k), true);
}

static bool
is(const struct message *m, const struct om_edi_segment *s, size_t i, size_t k,
    const char *want)
{
	return om_edi_is(m->edi, s, i, k, want);
}

/* The index of the word in the list, or NOTHING. */
static int
rank(const struct message *m, const struct om_edi_segment *s, size_t i,
    size_t k, const char *const *words, size_t n)
{
	for (size_t w = 0; w < n; w++)
		if (is(m, s, i, k, words[w]))
			return (int)w;
	return NOTHING;
}

static void
put(const struct message *m, enum om_doc_column column, struct om_str value)
{
	om_doc_set(m->doc, m->row, column, value);
}

static int
read_bgm(struct message *m, const struct om_edi_segment *s, struct om_err *err)
{
	struct om_str function = text(m, s, 3, 1);

	(void)err;
	if (function.n == 0)
		function = m->is_change ? OM_STR("4") : OM_STR("9");
	put(m, OM_DC_TYPE, text(m, s, 1, 1));
	put(m, OM_DC_PURPOSE, function);
	m->number = text(m, s, 2, 1);
	m->version = text(m, s, 2, 3);
	if (m->version.n == 0)
		m->version = text(m, s, 2, 2);
	m->doc->change = m->is_change && !om_str_is(function, "5");
	return 0;
}

/* 102 is a day, 203 and 204 have a time, 101 has two digits of the year. */
static struct om_str
date(const struct message *m, const struct om_edi_segment *s)
{
	struct om_str t = text(m, s, 1, 2);
	size_t size = t.n + 16;
	struct om_str day;
	char *out;
	int n;

	if ((!is(m, s, 1, 3, "203") || t.n != 12) &&
	    (!is(m, s, 1, 3, "204") || t.n != 14))
		return om_edi_date(&m->doc->arena, t);
	day = om_edi_date(&m->doc->arena, (struct om_str){ t.p, 8 });
	out = om_alloc(&m->doc->arena, size);
	n = snprintf(out, size, "%.*sT%.2s:%.2s:%.2s", OM_FMT(day), t.p + 8,
	    t.p + 10, t.n == 14 ? t.p + 12 : "00");
	return (struct om_str){ out, (size_t)n };
}

/* The message's date, else the order's. */
static int
read_dtm(struct message *m, const struct om_edi_segment *s, struct om_err *err)
{
	static const char *const dates[] = { "137", "4" };
	int r = rank(m, s, 1, 1, dates, OM_COUNT(dates));

	(void)err;
	if (m->area != AREA_HEADER || r >= m->date_rank)
		return 0;
	m->date_rank = r;
	m->doc->cell[0][OM_DC_DATE] = date(m, s);
	return 0;
}

static int
read_rff(struct message *m, const struct om_edi_segment *s, struct om_err *err)
{
	(void)err;
	if (m->area != AREA_HEADER)
		return 0;
	if (is(m, s, 1, 1, "ON") && m->order.n == 0)
		m->order = text(m, s, 1, 2);
	if (is(m, s, 1, 1, "CT"))
		put(m, OM_DC_CONTRACT, text(m, s, 1, 2));
	return 0;
}

/* Code, else name, else the first line of the address. */
static struct om_str
party(const struct message *m, const struct om_edi_segment *s)
{
	struct om_str value = text(m, s, 2, 1);

	if (value.n == 0)
		value = text(m, s, 4, 1);
	return value.n > 0 ? value : text(m, s, 3, 1);
}

/* Buyer, else who orders, else who is invoiced. */
static int
read_nad(struct message *m, const struct om_edi_segment *s, struct om_err *err)
{
	static const char *const buyers[] = { "BY", "OB", "IV" };
	int r = rank(m, s, 1, 1, buyers, OM_COUNT(buyers));

	(void)err;
	if (m->area != AREA_HEADER)
		return 0;
	if (r < m->buyer_rank) {
		m->buyer_rank = r;
		m->doc->cell[0][OM_DC_CUSTOMER] = party(m, s);
	}
	if (is(m, s, 1, 1, "SU"))
		put(m, OM_DC_SUPPLIER, party(m, s));
	if (is(m, s, 1, 1, "DP"))
		put(m, OM_DC_SHIP_TO, party(m, s));
	return 0;
}

static int
read_cux(struct message *m, const struct om_edi_segment *s, struct om_err *err)
{
	(void)err;
	if (m->area == AREA_HEADER && is(m, s, 1, 1, "2"))
		put(m, OM_DC_CURRENCY, text(m, s, 1, 2));
	return 0;
}

static int
read_alc(struct message *m, const struct om_edi_segment *s, struct om_err *err)
{
	(void)err;
	m->alc = is(m, s, 1, 1, "A") ? 'A' : is(m, s, 1, 1, "C") ? 'C' : '\0';
	return 0;
}

static bool
is_allowance(const struct message *m, const struct om_edi_segment *s)
{
	static const char *const codes[] = { "8", "23", "204" };

	return m->alc != '\0' &&
	       rank(m, s, 1, 1, codes, OM_COUNT(codes)) != NOTHING;
}

/* Amounts of the line: 203 is its own, 124 its tax. */
static void
line_amount(struct message *m, const struct om_edi_segment *s)
{
	struct om_str amount = number(m, s, 1, 2);

	if (is(m, s, 1, 1, "203"))
		put(m, OM_DC_LINE_TOTAL, amount);
	else if (is(m, s, 1, 1, "124"))
		put(m, OM_DC_LINE_TAX, amount);
	else if (is_allowance(m, s))
		om_doc_add(&m->off, amount, m->alc == 'C');
}

/* Amounts of the order, some of which are claims. */
static void
order_amount(struct message *m, const struct om_edi_segment *s)
{
	static const struct {
		const char *code;
		const char *name;
		enum om_doc_figure figure;
	} claims[] = { { "79", "MOA+79", OM_DOC_SUBTOTAL },
		{ "86", "MOA+86", OM_DOC_TOTAL },
		{ "125", "MOA+125", OM_DOC_NET },
		{ "128", "MOA+128", OM_DOC_TOTAL } };
	struct om_str amount = number(m, s, 1, 2);

	for (size_t i = 0; i < OM_COUNT(claims); i++)
		if (is(m, s, 1, 1, claims[i].code))
			om_doc_claim(m->doc, claims[i].name, claims[i].figure,
			    amount, 0, s->at);
	if (is(m, s, 1, 1, "176"))
		put(m, OM_DC_TAX, amount);
	else if (is(m, s, 1, 1, "124"))
		om_doc_add(&m->tax, amount, false);
	else if (is_allowance(m, s))
		om_doc_add(m->alc == 'A' ? &m->allowed : &m->charged, amount,
		    false);
}

static int
read_moa(struct message *m, const struct om_edi_segment *s, struct om_err *err)
{
	struct om_str own = om_doc_get(m->doc, 0, OM_DC_CURRENCY);
	struct om_str currency = text(m, s, 1, 3);
	size_t row = m->row;

	(void)err;
	if (currency.n > 0 && own.n > 0 && !om_str_eq(currency, own))
		m->doc->rows[m->row].problem =
		    "an amount in another currency than the order's";
	if (m->area == AREA_LINES) {
		line_amount(m, s);
		return 0;
	}
	m->row = 0;
	order_amount(m, s);
	m->row = row;
	return 0;
}

/* Our own number first, then what the trade agrees on, then the buyer's. */
static void
item(struct message *m, const struct om_edi_segment *s, size_t i)
{
	static const char *const types[] = { "SA", "SRV", "EN", "UP", "GN",
		"MF", "BP", "IN", "" };
	struct om_str id = text(m, s, i, 1);
	int r = rank(m, s, i, 2, types, OM_COUNT(types));

	if (id.n == 0 || m->deleted)
		return;
	if (r == NOTHING)
		r--; /* of any type: better than none */
	if (r >= m->sku_rank)
		return;
	m->sku_rank = r;
	m->doc->cell[m->row][OM_DC_SKU] = id;
}

static void
end_line(struct message *m)
{
	if (m->area == AREA_LINES && !m->deleted) {
		om_doc_price_per(m->doc, m->row, m->price, m->per);
		/* a net price (AAA) has the line's allowances in it */
		if (m->price_rank > 0)
			put(m, OM_DC_LINE_DISCOUNT,
			    om_doc_sum_text(&m->doc->arena, &m->off));
	}
	m->off = (struct om_doc_sum){ 0 };
	m->price = (struct om_str){ NULL, 0 };
	m->per = (struct om_str){ NULL, 0 };
	m->price_rank = NOTHING;
	m->sku_rank = NOTHING;
	m->alc = '\0';
}

static int
read_lin(struct message *m, const struct om_edi_segment *s, struct om_err *err)
{
	struct om_str line = text(m, s, 1, 1);
	int64_t n;

	end_line(m);
	m->area = AREA_LINES;
	m->row = m->doc->count;
	m->doc->items++;
	m->deleted = m->is_change && is(m, s, 2, 1, "2");
	if (om_doc_row(m->doc, s->at, !m->deleted, err) < 0)
		return err->code;
	if (!m->deleted && om_str_int(line, &n) && n >= 0 && n <= INT32_MAX)
		put(m, OM_DC_LINE, line);
	item(m, s, 3);
	return 0;
}

static int
read_pia(struct message *m, const struct om_edi_segment *s, struct om_err *err)
{
	(void)err;
	for (size_t i = 2; m->area == AREA_LINES && i <= s->count; i++)
		item(m, s, i);
	return 0;
}

static int
read_qty(struct message *m, const struct om_edi_segment *s, struct om_err *err)
{
	struct om_str quantity = number(m, s, 1, 2);

	(void)err;
	if (m->area != AREA_LINES || !is(m, s, 1, 1, "21"))
		return 0;
	if (m->deleted || om_doc_get(m->doc, m->row, OM_DC_QUANTITY).n == 0)
		om_doc_add(&m->doc->hash, quantity, false);
	if (!m->deleted)
		put(m, OM_DC_QUANTITY, quantity);
	return 0;
}

/* Net, else calculated, else gross price; component 5 is its basis. */
static int
read_pri(struct message *m, const struct om_edi_segment *s, struct om_err *err)
{
	static const char *const kinds[] = { "AAA", "CAL", "AAB" };
	int r = rank(m, s, 1, 1, kinds, OM_COUNT(kinds));

	(void)err;
	if (m->area != AREA_LINES || r >= m->price_rank)
		return 0;
	m->price_rank = r;
	m->price = number(m, s, 1, 2);
	m->per = number(m, s, 1, 5);
	return 0;
}

static int
begin_summary(struct message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	if (m->area == AREA_SUMMARY)
		return 0;
	end_line(m);
	m->area = AREA_SUMMARY;
	if (m->doc->items == 0)
		return 0;
	m->row = m->doc->count;
	return om_doc_row(m->doc, s->at, false, err);
}

/* UNS+D stands in front of the lines and says nothing new. */
static int
read_uns(struct message *m, const struct om_edi_segment *s, struct om_err *err)
{
	return is(m, s, 1, 1, "S") ? begin_summary(m, s, err) : 0;
}

/* 1 is the sum of the quantities, 2 the number of lines. */
static int
read_cnt(struct message *m, const struct om_edi_segment *s, struct om_err *err)
{
	if (m->area != AREA_SUMMARY)
		return 0;
	if (is(m, s, 1, 1, "1"))
		return om_doc_hash(m->doc, err, s->at, "CNT+1",
		    number(m, s, 1, 2), NULL);
	if (!is(m, s, 1, 1, "2"))
		return 0;
	m->doc->states_items = true;
	return om_doc_count(err, s->at, "CNT+2", text(m, s, 1, 2),
	    m->doc->items, "lines");
}

static const struct {
	const char *tag;
	segment_fn *read;
} segments[] = { { "BGM", read_bgm }, { "DTM", read_dtm }, { "RFF", read_rff },
	{ "NAD", read_nad }, { "CUX", read_cux }, { "ALC", read_alc },
	{ "MOA", read_moa }, { "LIN", read_lin }, { "PIA", read_pia },
	{ "QTY", read_qty }, { "PRI", read_pri }, { "UNS", read_uns },
	{ "CNT", read_cnt } };

static int
read_segment(struct message *m, const struct om_edi_segment *s,
    struct om_err *err)
{
	for (size_t i = 0; i < OM_COUNT(segments); i++)
		if (om_str_is(s->tag, segments[i].tag))
			return segments[i].read(m, s, err);
	return 0;
}

/* What is known of the order once all has been read. */
static void
finish(struct message *m)
{
	struct om_doc *doc = m->doc;
	struct om_str purpose = om_doc_get(doc, 0, OM_DC_PURPOSE);

	m->row = 0;
	put(m, OM_DC_NUMBER,
	    m->is_change && m->order.n > 0 ? m->order : m->number);
	put(m, OM_DC_CUSTOMER, m->envelope->sender);
	put(m, OM_DC_ALLOWANCE, om_doc_sum_text(&doc->arena, &m->allowed));
	put(m, OM_DC_CHARGE, om_doc_sum_text(&doc->arena, &m->charged));
	put(m, OM_DC_TAX, om_doc_sum_text(&doc->arena, &m->tax));
	doc->states_orders = true;
	if (om_str_is(purpose, "1") || om_str_is(purpose, "9"))
		return;
	put(m, OM_DC_REVISION, om_doc_revision(&doc->arena, m->version));
	put(m, OM_DC_REVISION, m->envelope->sent);
}

static int
end_message(struct message *m, const struct om_edi_segment *s,
    struct om_str reference, struct om_err *err)
{
	struct om_str stated = text(m, s, 2, 1);

	if (begin_summary(m, s, err) < 0)
		return err->code;
	if (om_doc_count(err, s->at, "UNT 0074", text(m, s, 1, 1), m->segments,
		"segments") < 0)
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
interchange(const struct message *m, struct om_str reference)
{
	size_t size = m->envelope->control.n + reference.n + 2;
	char *out = om_alloc(&m->doc->arena, size);
	int n = snprintf(out, size, "%.*s/%.*s", OM_FMT(m->envelope->control),
	    OM_FMT(reference));

	return (struct om_str){ out, (size_t)n };
}

int
om_fact_message(struct om_edi *edi, const struct om_fact_envelope *envelope,
    const struct om_edi_segment *unh, struct om_doc *doc, struct om_err *err)
{
	struct message m = { .edi = edi,
		.envelope = envelope,
		.doc = doc,
		.price_rank = NOTHING,
		.sku_rank = NOTHING,
		.date_rank = NOTHING,
		.buyer_rank = NOTHING };
	struct om_edi_segment s = *unh;
	struct om_str reference;

	om_doc_begin(doc, unh->at);
	if (om_doc_row(doc, unh->at, false, err) < 0)
		return err->code;
	reference = text(&m, unh, 1, 1);
	m.is_change = is(&m, unh, 2, 1, "ORDCHG");
	if (!m.is_change && !is(&m, unh, 2, 1, "ORDERS")) {
		struct om_str type = text(&m, unh, 2, 1);

		return om_doc_fail(err, OM_EDATA, unh->at,
		    "message '%.*s': this feed reads ORDERS and ORDCHG",
		    OM_FMT(type));
	}
	put(&m, OM_DC_INTERCHANGE, interchange(&m, reference));
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
