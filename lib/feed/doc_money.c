/* doc_money.c - what a document says it adds up to; see doc.h. */
#include <stdio.h>
#include <string.h>

#include "feed/doc.h"
#include "feed/lines.h"

#define MICRO	 1000000
#define SUM_MAX	 ((om_int128)INT64_MAX * MICRO)
#define REVISION 10 /* digits to which a number is filled up */

struct om_str
om_doc_number(struct om_arena *arena, struct om_str text, bool comma)
{
	bool negative = text.n > 0 && text.p[0] == '-';
	size_t at = negative || (text.n > 0 && text.p[0] == '+');
	size_t digits = 0;
	size_t marks = 0;
	char *out;
	size_t n = 0;

	for (size_t i = at; i < text.n; i++) {
		if (text.p[i] >= '0' && text.p[i] <= '9')
			digits++;
		else if (text.p[i] == '.' || (comma && text.p[i] == ','))
			marks++;
		else
			return text;
	}
	if (digits == 0 || marks > 1)
		return text;
	out = om_alloc_raw(arena, text.n + 3);
	if (negative)
		out[n++] = '-';
	if (text.p[at] == '.' || text.p[at] == ',')
		out[n++] = '0';
	for (size_t i = at; i < text.n; i++)
		out[n++] = text.p[i] == ',' ? '.' : text.p[i];
	if (out[n - 1] == '.')
		n--;
	return (struct om_str){ out, n };
}

void
om_doc_add(struct om_doc_sum *sum, struct om_str text, bool negative)
{
	struct om_err err;
	int64_t micro;

	if (text.n == 0)
		return;
	sum->terms++;
	if (om_decimal_parse(text, OM_DOC_MICRO, OM_ROUND_EXACT, NULL, &micro,
		&err) < 0) {
		sum->bad = true;
		return;
	}
	sum->micro += negative ? -(om_int128)micro : micro;
}

struct om_str
om_doc_sum_text(struct om_arena *arena, const struct om_doc_sum *sum)
{
	struct om_str none = { NULL, 0 };
	char text[OM_MONEY_TEXT_MAX];
	int64_t micro;

	if (sum->terms == 0)
		return none;
	if (sum->bad || !om_money_narrow(sum->micro, &micro))
		return OM_STR("?");
	return om_str_dup(arena,
	    om_str_of(om_decimal_text(micro, OM_DOC_MICRO, text)));
}

int
om_doc_hash(struct om_doc *doc, struct om_err *err, struct om_position at,
    const char *name, struct om_str text, const struct om_doc_sum *other)
{
	struct om_doc_sum said = { 0 };
	struct om_str made;

	if (text.n == 0)
		return 0;
	om_doc_add(&said, text, false);
	if (!said.bad && doc->hash.bad)
		return 0; /* the order is rejected for it */
	doc->states_hash = true;
	if (!said.bad && (said.micro == doc->hash.micro ||
			     (other != NULL && said.micro == other->micro)))
		return 0;
	made = om_doc_sum_text(&doc->arena, &doc->hash);
	if (made.n == 0)
		made = OM_STR("0");
	while (made.n > 1 && memchr(made.p, '.', made.n) != NULL &&
	       (made.p[made.n - 1] == '0' || made.p[made.n - 1] == '.'))
		made.n--;
	return om_doc_fail(err, OM_EDATA, at,
	    "%s says %.*s, the quantities make %.*s", name, OM_FMT(text),
	    OM_FMT(made));
}

/* n / d as a decimal of so many places, half up; as text in the arena. */
static bool
quotient(struct om_doc *doc, om_int128 n, om_int128 d, int places,
    struct om_str *out)
{
	char text[OM_MONEY_TEXT_MAX];
	om_int128 value = 0;
	int64_t narrow;

	if (!om_divide(n, d, OM_ROUND_HALF_UP, &value) ||
	    !om_money_narrow(value, &narrow))
		return false;
	*out = om_str_dup(&doc->arena,
	    om_str_of(om_decimal_text(narrow, places, text)));
	return true;
}

static const struct om_currency *
currency_of(const struct om_doc *doc)
{
	struct om_str code = om_doc_get(doc, 0, OM_DC_CURRENCY);

	return om_currency_find(code.n > 0 ? code : doc->feed->currency);
}

static bool
price_per(struct om_doc *doc, size_t row, struct om_str price,
    struct om_str per)
{
	const struct om_currency *c = currency_of(doc);
	struct om_str quantity = om_doc_get(doc, row, OM_DC_QUANTITY);
	struct om_str one;
	struct om_str gross;
	struct om_err err;
	int64_t p;
	int64_t b;
	int64_t q;
	om_int128 d;

	if (c == NULL ||
	    om_decimal_parse(price, OM_DOC_MICRO, OM_ROUND_EXACT, NULL, &p,
		&err) < 0 ||
	    om_decimal_parse(per, 3, OM_ROUND_EXACT, NULL, &b, &err) < 0 ||
	    om_decimal_parse(quantity, 3, OM_ROUND_EXACT, NULL, &q, &err) < 0 ||
	    b <= 0)
		return false;
	/* price is in millionths, quantity and basis are in thousandths */
	d = b;
	for (int i = c->exponent; i < OM_DOC_MICRO; i++)
		d *= 10;
	if (!quotient(doc, (om_int128)p * 1000, b, OM_DOC_MICRO, &one) ||
	    !quotient(doc, (om_int128)p * q, d, c->exponent, &gross))
		return false;
	om_doc_set(doc, row, OM_DC_UNIT_PRICE, one);
	om_doc_set(doc, row, OM_DC_LINE_GROSS, gross);
	return true;
}

void
om_doc_price_per(struct om_doc *doc, size_t row, struct om_str price,
    struct om_str per)
{
	if (price.n == 0)
		return;
	if (per.n == 0 || om_str_is(per, "1") || currency_of(doc) == NULL)
		om_doc_set(doc, row, OM_DC_UNIT_PRICE, price);
	else if (!price_per(doc, row, price, per))
		doc->rows[row].problem = "bad price, price basis or quantity";
}

struct om_str
om_doc_revision(struct om_arena *arena, struct om_str text)
{
	char *out;

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return text;
	if (text.n == 0 || text.n >= REVISION)
		return text;
	out = om_alloc_raw(arena, REVISION);
	memset(out, '0', REVISION - text.n);
	memcpy(out + REVISION - text.n, text.p, text.n);
	return (struct om_str){ out, REVISION };
}

static om_int128
figure_of(const struct om_order *o, enum om_doc_figure figure)
{
	switch (figure) {
	case OM_DOC_SUBTOTAL:
		return o->subtotal_minor;
	case OM_DOC_DISCOUNT:
		return o->discount_minor;
	case OM_DOC_SHIPPING:
		return o->shipping_minor;
	case OM_DOC_TAX:
		return o->tax_minor;
	case OM_DOC_NET:
		return (om_int128)o->subtotal_minor - o->discount_minor +
		       o->shipping_minor - (o->tax_included ? o->tax_minor : 0);
	case OM_DOC_TOTAL:
		break;
	}
	return o->total_minor;
}

static const char *
maker_of(const struct om_order *o, enum om_doc_figure figure)
{
	switch (figure) {
	case OM_DOC_SUBTOTAL:
		return "the lines";
	case OM_DOC_DISCOUNT:
		return "the allowances";
	case OM_DOC_SHIPPING:
		return "the charges";
	case OM_DOC_TAX:
		return "the taxes";
	case OM_DOC_NET:
	case OM_DOC_TOTAL:
		break;
	}
	if (o->discount_minor == 0 && o->shipping_minor == 0 &&
	    o->tax_minor == 0)
		return "the lines";
	return "the lines, allowances, charges and taxes";
}

/* Stated, and as it should be; both in minor units. */
static int
compare(const struct om_doc *doc, const struct om_doc_claim *claim,
    const struct om_order *o, int64_t *out_stated, int64_t *out_made,
    struct om_err *err)
{
	om_int128 scale = MICRO;
	om_int128 adjust = 0;
	struct om_err why = { 0 };

	for (int i = 0; i < o->currency->exponent; i++)
		scale /= 10;
	if (om_money_parse(claim->text, o->currency, out_stated, &why) < 0 ||
	    !om_divide(claim->adjust, scale, OM_ROUND_EXACT, &adjust))
		return om_doc_fail(err, OM_EDATA, claim->at, "%s: %s",
		    claim->name,
		    why.msg[0] != '\0' ? why.msg : "more decimals than money");
	if (!om_money_narrow(figure_of(o, claim->figure) + adjust, out_made))
		return om_doc_fail(err, OM_ELIMIT, doc->at,
		    "the amounts overflow");
	return 0;
}

static om_int128
distance(om_int128 n)
{
	return n < 0 ? -n : n;
}

/* Whether the first claim of the total is nearer to prices that hold the tax
 * already. */
static int
include_tax(const struct om_doc *doc, struct om_order *o, struct om_err *err)
{
	int64_t stated;
	int64_t made;

	if (doc->feed->tax != OM_TAX_AUTO || o->tax_minor == 0)
		return 0;
	o->tax_included = false;
	if (!om_money_narrow((om_int128)o->subtotal_minor - o->discount_minor +
				 o->shipping_minor + o->tax_minor,
		&o->total_minor))
		return om_doc_fail(err, OM_ELIMIT, doc->at,
		    "the amounts overflow");
	for (size_t i = 0; i < doc->claims; i++) {
		if (doc->claim[i].figure != OM_DOC_TOTAL)
			continue;
		if (compare(doc, &doc->claim[i], o, &stated, &made, err) < 0)
			return err->code;
		if (distance((om_int128)stated - made + o->tax_minor) >
		    distance((om_int128)stated - made))
			return 0;
		o->tax_included = true;
		o->total_minor -= o->tax_minor;
		return 0;
	}
	return 0;
}

int
om_doc_settle(const struct om_doc *doc, struct om_order *o, struct om_err *err)
{
	char left[OM_MONEY_TEXT_MAX];
	char right[OM_MONEY_TEXT_MAX];
	int64_t stated;
	int64_t made;

	if (o->kind == OM_KIND_CANCEL)
		return 0;
	if (include_tax(doc, o, err) < 0)
		return err->code;
	for (size_t i = 0; i < doc->claims; i++) {
		const struct om_doc_claim *claim = &doc->claim[i];

		if (compare(doc, claim, o, &stated, &made, err) < 0)
			return err->code;
		if (!om_money_near(stated, made,
			om_build_tolerance(doc->feed, o->currency)))
			return om_doc_fail(err, OM_EDATA, claim->at,
			    "%s says %s, %s make %s", claim->name,
			    om_money_text(stated, o->currency, left),
			    maker_of(o, claim->figure),
			    om_money_text(made, o->currency, right));
	}
	return 0;
}

int64_t
om_doc_stated(const struct om_doc *doc, const struct om_currency *c)
{
	struct om_err err;
	int64_t minor = 0;

	for (size_t i = 0; c != NULL && i < doc->claims; i++)
		if (doc->claim[i].figure == OM_DOC_TOTAL &&
		    om_money_parse(doc->claim[i].text, c, &minor, &err) == 0)
			return minor;
	return 0;
}
