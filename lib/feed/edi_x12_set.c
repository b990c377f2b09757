/*
 * edi_x12_set.c - the transaction sets 850 (purchase order) and 860 (purchase
 * order change, by the buyer) as rows: what stands for the whole of one; see
 * edi_x12.h.
 */
#include <stdio.h>
#include <string.h>

#include "feed/edi_x12_parts.h"

typedef int segment_fn(struct om_x12_body *t, const struct om_edi_segment *s,
    struct om_err *err);

struct om_str
om_x12_text(const struct om_x12_body *t, const struct om_edi_segment *s,
    size_t i)
{
	return om_edi_text(t->edi, s, i, 0, &t->doc->arena);
}

struct om_str
om_x12_number(const struct om_x12_body *t, const struct om_edi_segment *s,
    size_t i)
{
	return om_doc_number(&t->doc->arena, om_x12_text(t, s, i), false);
}

void
om_x12_put(const struct om_x12_body *t, enum om_doc_column column,
    struct om_str value)
{
	om_doc_set(t->doc, t->row, column, value);
}

struct om_str
om_edi_date(struct om_arena *arena, struct om_str t)
{
	char *out;
	int n;

	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] < '0' || t.p[i] > '9')
			return t;
	if (t.n != 8 && t.n != 6)
		return t;
	out = om_alloc(arena, 16);
	/* two digits of a year: as for %y, below 69 is in this century */
	n = snprintf(out, 16, "%s%.*s-%.2s-%.2s",
	    t.n == 8	    ? ""
	    : t.p[0] < '6'  ? "20"
	    : t.p[0] > '6'  ? "19"
	    : t.p[1] == '9' ? "19"
			    : "20",
	    (int)t.n - 4, t.p, t.p + t.n - 4, t.p + t.n - 2);
	return (struct om_str){ out, (size_t)n };
}

/* "4500012-3": a release of a blanket order is an order of its own. */
static struct om_str
released(const struct om_x12_body *t, struct om_str order,
    struct om_str release)
{
	char *out;
	int n;

	if (release.n == 0)
		return order;
	out = om_alloc(&t->doc->arena, order.n + release.n + 2);
	n = snprintf(out, order.n + release.n + 2, "%.*s-%.*s", OM_FMT(order),
	    OM_FMT(release));
	return (struct om_str){ out, (size_t)n };
}

/* 850: purpose, type, number, release, date, contract. */
static int
read_beg(struct om_x12_body *t, const struct om_edi_segment *s,
    struct om_err *err)
{
	struct om_str purpose = om_x12_text(t, s, 1);

	(void)err;
	om_x12_put(t, OM_DC_PURPOSE, purpose);
	om_x12_put(t, OM_DC_TYPE, om_x12_text(t, s, 2));
	om_x12_put(t, OM_DC_NUMBER,
	    released(t, om_x12_text(t, s, 3), om_x12_text(t, s, 4)));
	om_x12_put(t, OM_DC_DATE,
	    om_edi_date(&t->doc->arena, om_x12_text(t, s, 5)));
	om_x12_put(t, OM_DC_CONTRACT, om_x12_text(t, s, 6));
	if (om_str_is(purpose, "04") || om_str_is(purpose, "05"))
		om_x12_put(t, OM_DC_REVISION, t->envelope->sent);
	return 0;
}

/* 860: purpose, type, number, release, sequence of the change, date. */
static int
read_bch(struct om_x12_body *t, const struct om_edi_segment *s,
    struct om_err *err)
{
	struct om_str purpose = om_x12_text(t, s, 1);

	(void)err;
	om_x12_put(t, OM_DC_PURPOSE, purpose);
	om_x12_put(t, OM_DC_TYPE, om_x12_text(t, s, 2));
	om_x12_put(t, OM_DC_NUMBER,
	    released(t, om_x12_text(t, s, 3), om_x12_text(t, s, 4)));
	om_x12_put(t, OM_DC_DATE,
	    om_edi_date(&t->doc->arena, om_x12_text(t, s, 6)));
	t->doc->change = om_str_is(purpose, "04");
	if (om_str_is(purpose, "01"))
		return 0;
	om_x12_put(t, OM_DC_REVISION,
	    om_doc_revision(&t->doc->arena, om_x12_text(t, s, 5)));
	om_x12_put(t, OM_DC_REVISION, t->envelope->sent);
	return 0;
}

static int
read_cur(struct om_x12_body *t, const struct om_edi_segment *s,
    struct om_err *err)
{
	(void)err;
	if (t->area == OM_X12_HEADER)
		om_x12_put(t, OM_DC_CURRENCY, om_x12_text(t, s, 2));
	return 0;
}

static int
read_ref(struct om_x12_body *t, const struct om_edi_segment *s,
    struct om_err *err)
{
	(void)err;
	if (t->area == OM_X12_HEADER && om_edi_is(t->edi, s, 1, 0, "CT"))
		om_x12_put(t, OM_DC_CONTRACT, om_x12_text(t, s, 2));
	return 0;
}

/* The party's code, or else its name. */
static struct om_str
party(const struct om_x12_body *t, const struct om_edi_segment *s)
{
	struct om_str code = om_x12_text(t, s, 4);

	return code.n > 0 ? code : om_x12_text(t, s, 2);
}

/* Buyer, else bill-to, else sold-to. */
static int
read_n1(struct om_x12_body *t, const struct om_edi_segment *s,
    struct om_err *err)
{
	static const char *const buyers[] = { "BY", "BT", "SO" };

	(void)err;
	if (t->area != OM_X12_HEADER)
		return 0;
	for (int i = 0; i < (int)OM_COUNT(buyers); i++) {
		if (i >= t->buyer || !om_edi_is(t->edi, s, 1, 0, buyers[i]))
			continue;
		t->buyer = i;
		t->doc->cell[0][OM_DC_CUSTOMER] = party(t, s);
	}
	if (om_edi_is(t->edi, s, 1, 0, "ST"))
		om_x12_put(t, OM_DC_SHIP_TO, party(t, s));
	if (om_edi_is(t->edi, s, 1, 0, "SU") ||
	    om_edi_is(t->edi, s, 1, 0, "VN") ||
	    om_edi_is(t->edi, s, 1, 0, "SE"))
		om_x12_put(t, OM_DC_SUPPLIER, party(t, s));
	return 0;
}

/* Type N2: two decimals are implied. What has a point is taken as it is. */
static struct om_str
implied(const struct om_x12_body *t, struct om_str n)
{
	struct om_err err;
	char out[OM_MONEY_TEXT_MAX];
	int64_t value;

	if (om_decimal_parse(n, 0, OM_ROUND_EXACT, NULL, &value, &err) < 0 ||
	    memchr(n.p, '.', n.n) != NULL)
		return om_doc_number(&t->doc->arena, n, false);
	return om_str_dup(&t->doc->arena,
	    om_str_of(om_decimal_text(value, 2, out)));
}

/* An allowance or a charge, of the order or of the line. */
static int
read_sac(struct om_x12_body *t, const struct om_edi_segment *s,
    struct om_err *err)
{
	bool allowance = om_edi_is(t->edi, s, 1, 0, "A");
	struct om_str amount = om_x12_text(t, s, 5);

	(void)err;
	if (!allowance && !om_edi_is(t->edi, s, 1, 0, "C"))
		return 0;
	if (amount.n == 0)
		t->doc->rows[t->row].problem =
		    "an allowance or charge without an amount (SAC05)";
	if (t->area == OM_X12_LINES)
		om_doc_add(&t->off, implied(t, amount), !allowance);
	else
		om_doc_add(allowance ? &t->allowed : &t->charged,
		    implied(t, amount), false);
	return 0;
}

static int
read_txi(struct om_x12_body *t, const struct om_edi_segment *s,
    struct om_err *err)
{
	(void)err;
	om_doc_add(t->area == OM_X12_LINES ? &t->line_tax : &t->tax,
	    om_x12_number(t, s, 2), false);
	return 0;
}

static int
read_amt(struct om_x12_body *t, const struct om_edi_segment *s,
    struct om_err *err)
{
	(void)err;
	if (t->area == OM_X12_LINES && om_edi_is(t->edi, s, 1, 0, "1"))
		om_x12_put(t, OM_DC_LINE_TOTAL, om_x12_number(t, s, 2));
	if (t->area != OM_X12_LINES && om_edi_is(t->edi, s, 1, 0, "TT"))
		om_doc_claim(t->doc, "AMT*TT", OM_DOC_TOTAL,
		    om_x12_number(t, s, 2), 0, s->at);
	return 0;
}

static int
begin_summary(struct om_x12_body *t, const struct om_edi_segment *s,
    struct om_err *err)
{
	if (t->area == OM_X12_SUMMARY)
		return 0;
	om_x12_end_line(t);
	t->area = OM_X12_SUMMARY;
	if (t->doc->items == 0)
		return 0; /* the header goes on to the end */
	t->row = t->doc->count;
	return om_doc_row(t->doc, s->at, false, err);
}

static int
read_ctt(struct om_x12_body *t, const struct om_edi_segment *s,
    struct om_err *err)
{
	struct om_str lines = om_x12_text(t, s, 1);
	struct om_str stated = om_x12_number(t, s, 2);

	if (begin_summary(t, s, err) < 0)
		return err->code;
	if (lines.n > 0) {
		if (om_doc_count(err, s->at, "CTT01", lines, t->doc->items,
			"lines") < 0)
			return err->code;
		t->doc->states_items = true;
	}
	/* X12's dictionary has hash totals without decimal points */
	return om_doc_hash(t->doc, err, s->at, "CTT02", stated, &t->digits);
}

static const struct {
	const char *tag;
	segment_fn *read;
} segments[] = { { "BEG", read_beg }, { "BCH", read_bch }, { "CUR", read_cur },
	{ "REF", read_ref }, { "N1", read_n1 }, { "SAC", read_sac },
	{ "TXI", read_txi }, { "AMT", read_amt }, { "PO1", om_x12_po1 },
	{ "POC", om_x12_poc }, { "CTT", read_ctt } };

static int
read_segment(struct om_x12_body *t, const struct om_edi_segment *s,
    struct om_err *err)
{
	for (size_t i = 0; i < OM_COUNT(segments); i++)
		if (om_str_is(s->tag, segments[i].tag))
			return segments[i].read(t, s, err);
	return 0;
}

static int
end_set(struct om_x12_body *t, const struct om_edi_segment *s,
    struct om_str st02, struct om_err *err)
{
	struct om_doc *doc = t->doc;
	struct om_str se02 = om_x12_text(t, s, 2);

	if (begin_summary(t, s, err) < 0)
		return err->code;
	if (om_doc_count(err, s->at, "SE01", om_x12_text(t, s, 1), t->segments,
		"segments") < 0)
		return err->code;
	if (!om_str_eq(se02, st02))
		return om_doc_fail(err, OM_EDATA, s->at,
		    "SE02 says control number '%.*s', ST02 says '%.*s'",
		    OM_FMT(se02), OM_FMT(st02));
	om_doc_set(doc, 0, OM_DC_CUSTOMER, t->envelope->sender);
	om_doc_set(doc, 0, OM_DC_ALLOWANCE,
	    om_doc_sum_text(&doc->arena, &t->allowed));
	om_doc_set(doc, 0, OM_DC_CHARGE,
	    om_doc_sum_text(&doc->arena, &t->charged));
	om_doc_set(doc, 0, OM_DC_TAX, om_doc_sum_text(&doc->arena, &t->tax));
	doc->states_orders = true;
	om_doc_end(doc, om_edi_marked(t->edi), OM_DOC_UTF8);
	return 0;
}

/* "000000245/245/0001": where one finds it again. */
static struct om_str
interchange(const struct om_x12_body *t, struct om_str st02)
{
	const struct om_x12_envelope *e = t->envelope;
	size_t size = e->control.n + e->group.n + st02.n + 3;
	char *out = om_alloc(&t->doc->arena, size);
	int n = snprintf(out, size, "%.*s/%.*s/%.*s", OM_FMT(e->control),
	    OM_FMT(e->group), OM_FMT(st02));

	return (struct om_str){ out, (size_t)n };
}

int
om_x12_set(struct om_edi *edi, const struct om_x12_envelope *envelope,
    const struct om_edi_segment *st, struct om_doc *doc, struct om_err *err)
{
	struct om_x12_body t = { .edi = edi,
		.envelope = envelope,
		.doc = doc,
		.buyer = INT32_MAX };
	struct om_edi_segment s = *st;
	struct om_str st01;
	struct om_str st02;

	om_doc_begin(doc, st->at);
	if (om_doc_row(doc, st->at, false, err) < 0)
		return err->code;
	st01 = om_x12_text(&t, st, 1);
	st02 = om_x12_text(&t, st, 2);
	if (!om_str_is(st01, "850") && !om_str_is(st01, "860"))
		return om_doc_fail(err, OM_EDATA, st->at,
		    "transaction set '%.*s': this feed reads 850 and 860",
		    OM_FMT(st01));
	om_x12_put(&t, OM_DC_INTERCHANGE, interchange(&t, st02));
	for (;;) {
		int rc;

		t.segments++;
		if (om_str_is(s.tag, "SE"))
			return end_set(&t, &s, st02, err);
		if (read_segment(&t, &s, err) < 0)
			return err->code;
		rc = om_edi_next(edi, &s, err);
		if (rc < 0)
			return rc;
		if (rc == 0 || om_str_is(s.tag, "ST") ||
		    om_str_is(s.tag, "GE") || om_str_is(s.tag, "IEA"))
			return om_doc_fail(err, OM_EDATA, doc->at,
			    "the transaction set '%.*s' has no SE",
			    OM_FMT(st02));
	}
}
