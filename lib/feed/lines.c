/* lines.c - from the cells of a row to a priced line; see lines.h. */
#include "feed/lines.h"

#include "feed/typed.h"
#include "order/line.h"

#define FACTS	  (OM_F_COUNT - OM_F_ORDER_COUNT)
#define ONE_MILLI 1000

/* What one row says of its line. */
struct cells {
	struct om_str text[FACTS];
	const struct om_step *step[FACTS];
	const struct om_row *row;
};

static struct om_str
text_of(const struct cells *c, enum om_field field)
{
	return c->text[field - OM_F_ORDER_COUNT];
}

static const struct om_step *
step_of(const struct cells *c, enum om_field field)
{
	return c->step[field - OM_F_ORDER_COUNT];
}

static int
cell_fault(const struct cells *c, enum om_field field, const char *reason,
    struct om_reject *why)
{
	return om_fault(why, c->row, step_of(c, field), text_of(c, field), "%s",
	    reason);
}

/* What the line says where its row does not. */
static int
fill_gaps(const struct om_plan *plan, struct cells *c, struct om_reject *why)
{
	for (size_t i = 0; i < plan->line_count; i++) {
		const struct om_step *s = &plan->line[i];
		size_t at = (size_t)(s->field - OM_F_ORDER_COUNT);

		if (c->text[at].p == NULL)
			c->text[at] = s->value->fallback;
		if (c->text[at].p == NULL && s->value->need == OM_NEED_CELL)
			return om_fault(why, c->row, s, OM_STR(""),
			    "%s is empty", om_field_row(s->field)->name);
	}
	return 0;
}

/* 1: there is a line. 0: all its cells are empty. OM_EDATA: *why says. What
 * the plan does not know stays as it is, which is empty. */
static int
read_cells(const struct om_plan *plan, const struct om_row *row,
    struct cells *c, struct om_reject *why)
{
	bool any = false;
	bool gaps = false;

	c->row = row;
	for (size_t i = 0; i < plan->line_count; i++) {
		const struct om_step *s = &plan->line[i];
		size_t at = (size_t)(s->field - OM_F_ORDER_COUNT);
		bool bad = false;

		c->step[at] = s;
		c->text[at] = om_step_text(s, row, &bad);
		if (bad)
			return om_fault(why, row, s, c->text[at],
			    "no pattern of the map fits '%.*s'",
			    OM_FMT(c->text[at]));
		if (c->text[at].p == NULL)
			gaps = true;
		else if (s->cell != OM_NO_CELL)
			any = true;
	}
	if (!any)
		return 0;
	return gaps && fill_gaps(plan, c, why) < 0 ? OM_EDATA : 1;
}

OM_SELDOM static int
odd_number(const struct cells *c, enum om_field field, int places, int64_t *out,
    struct om_reject *why)
{
	struct om_err err;

	if (om_typed_number(step_of(c, field), text_of(c, field), places, out,
		&err) < 0)
		return cell_fault(c, field, err.msg, why);
	return 0;
}

static int
number(const struct cells *c, enum om_field field, int places, int64_t *out,
    struct om_reject *why)
{
	if (om_typed_simple(step_of(c, field), text_of(c, field), places, out))
		return 0;
	return odd_number(c, field, places, out, why);
}

/* An optional amount of the line; *out stays 0 if it is not there. */
static int
amount(const struct cells *c, enum om_field field,
    const struct om_currency *currency, int64_t *out, struct om_reject *why)
{
	*out = 0;
	if (text_of(c, field).p == NULL)
		return 0;
	return number(c, field, om_amount_places(step_of(c, field), currency),
	    out, why);
}

static int
charge(const struct cells *c, enum om_field field,
    const struct om_currency *currency, struct om_charge *out,
    struct om_reject *why)
{
	out->kind = OM_CHARGE_NONE;
	if (text_of(c, field).p == NULL)
		return 0;
	if (step_of(c, field)->value->rate == OM_RATE_NONE) {
		out->kind = OM_CHARGE_AMOUNT;
		return amount(c, field, currency, &out->value, why);
	}
	out->kind = OM_CHARGE_RATE;
	return number(c, field, om_rate_places(step_of(c, field)), &out->value,
	    why);
}

/* A quantity that nobody maps is one. */
static int
quantity(const struct cells *c, struct om_line_terms *terms,
    struct om_reject *why)
{
	terms->quantity_milli = ONE_MILLI;
	if (step_of(c, OM_F_QUANTITY) == NULL)
		return 0;
	if (text_of(c, OM_F_QUANTITY).p == NULL)
		return cell_fault(c, OM_F_QUANTITY, "quantity is empty", why);
	return number(c, OM_F_QUANTITY, 3, &terms->quantity_milli, why);
}

/* A discount that nobody maps is what lies between gross and total. */
static int
between(const struct cells *c, const struct om_currency *currency,
    struct om_line_terms *terms, struct om_reject *why)
{
	int64_t total;

	if (step_of(c, OM_F_LINE_DISCOUNT) != NULL ||
	    text_of(c, OM_F_LINE_TOTAL).p == NULL)
		return 0;
	if (amount(c, OM_F_LINE_TOTAL, currency, &total, why) < 0)
		return OM_EDATA;
	terms->discount.kind = OM_CHARGE_AMOUNT;
	if (__builtin_sub_overflow(terms->gross_minor, total,
		&terms->discount.value))
		return cell_fault(c, OM_F_LINE_TOTAL,
		    "the discount is too large", why);
	return 0;
}

/* The gross: stated, or from the price, or from the total that is left. */
static int
price(const struct cells *c, const struct om_currency *currency,
    struct om_line_terms *terms, struct om_reject *why)
{
	bool priced = text_of(c, OM_F_UNIT_PRICE).p != NULL;
	struct om_err err;

	if (priced &&
	    number(c, OM_F_UNIT_PRICE, 6, &terms->unit_price_micro, why) < 0)
		return OM_EDATA;
	if (text_of(c, OM_F_LINE_GROSS).p != NULL) {
		terms->gross_stated = true;
		if (amount(c, OM_F_LINE_GROSS, currency, &terms->gross_minor,
			why) < 0)
			return OM_EDATA;
		return between(c, currency, terms, why);
	}
	if (priced)
		return 0;
	if (text_of(c, OM_F_LINE_TOTAL).p == NULL)
		return om_fault(why, c->row,
		    step_of(c, OM_F_UNIT_PRICE) != NULL
			? step_of(c, OM_F_UNIT_PRICE)
			: step_of(c, OM_F_LINE_TOTAL),
		    OM_STR(""), "the line has no price");
	terms->gross_stated = true;
	if (terms->discount.kind == OM_CHARGE_RATE)
		return cell_fault(c, OM_F_LINE_DISCOUNT,
		    "a discount rate needs a price", why);
	if (amount(c, OM_F_LINE_TOTAL, currency, &terms->gross_minor, why) < 0)
		return OM_EDATA;
	if (terms->discount.kind == OM_CHARGE_AMOUNT &&
	    om_money_add(&terms->gross_minor, terms->discount.value, &err) < 0)
		return cell_fault(c, OM_F_LINE_TOTAL, err.msg, why);
	return 0;
}

static int
check_total(const struct om_builder *b, const struct cells *c,
    const struct om_currency *currency, int64_t *total, struct om_reject *why)
{
	char left[OM_MONEY_TEXT_MAX];
	char right[OM_MONEY_TEXT_MAX];
	int64_t stated;

	if (text_of(c, OM_F_LINE_TOTAL).p == NULL)
		return 0;
	if (amount(c, OM_F_LINE_TOTAL, currency, &stated, why) < 0)
		return OM_EDATA;
	if (!om_money_near(stated, *total,
		om_build_tolerance(b->feed, currency)))
		return om_fault(why, c->row, step_of(c, OM_F_LINE_TOTAL),
		    text_of(c, OM_F_LINE_TOTAL),
		    "line_total %s but price and discount make %s",
		    om_money_text(stated, currency, left),
		    om_money_text(*total, currency, right));
	*total = stated;
	return 0;
}

/* Number and sku. */
static int
name_line(const struct cells *c, struct om_line *line, struct om_reject *why)
{
	struct om_err err;
	int64_t n = line->number;

	if (text_of(c, OM_F_LINE).p != NULL) {
		if (number(c, OM_F_LINE, 0, &n, why) < 0)
			return OM_EDATA;
		if (n < 0 || n > INT32_MAX)
			return cell_fault(c, OM_F_LINE, "bad line number", why);
	}
	line->number = (int32_t)n;
	line->sku = text_of(c, OM_F_SKU);
	if (om_typed_text(OM_F_SKU, line->sku, &err) < 0)
		return cell_fault(c, OM_F_SKU, err.msg, why);
	return 0;
}

static int
make_line(const struct om_builder *b, const struct cells *c,
    const struct om_order *o, struct om_line *line, struct om_reject *why)
{
	struct om_line_terms terms = { .tax_included = o->tax_included,
		.rounding = b->feed->rounding };
	struct om_line_amounts a;
	struct om_err err;

	if (name_line(c, line, why) < 0 || quantity(c, &terms, why) < 0 ||
	    charge(c, OM_F_LINE_DISCOUNT, o->currency, &terms.discount, why) <
		0 ||
	    charge(c, OM_F_LINE_TAX, o->currency, &terms.tax, why) < 0 ||
	    price(c, o->currency, &terms, why) < 0)
		return OM_EDATA;
	if (om_line_compute(&terms, o->currency, &a, &err) < 0)
		return om_fault(why, c->row, NULL, OM_STR(""), "%s", err.msg);
	if (check_total(b, c, o->currency, &a.total_minor, why) < 0)
		return OM_EDATA;
	line->quantity_milli = terms.quantity_milli;
	line->unit_price_micro = text_of(c, OM_F_UNIT_PRICE).p != NULL
				     ? terms.unit_price_micro
				     : om_line_price(a.gross_minor,
					   terms.quantity_milli, o->currency);
	line->discount_minor = a.discount_minor;
	line->tax_minor = a.tax_minor;
	line->total_minor = a.total_minor;
	return 0;
}

int
om_build_lines(struct om_builder *b, const struct om_row *rows, size_t count,
    struct om_arena *arena, struct om_order *out, struct om_reject *why)
{
	const struct om_plan *known = NULL;
	struct cells c;

	for (size_t i = 0; i < count; i++) {
		const struct om_plan *plan = b->plan[rows[i].at.source];
		struct om_line *line;
		int rc;

		if (plan->line_count == 0)
			continue;
		if (plan != known)
			c = (struct cells){ .row = NULL };
		known = plan;
		rc = read_cells(plan, &rows[i], &c, why);
		if (rc < 0)
			return rc;
		if (rc == 0)
			continue;
		if (out->lines == NULL)
			out->lines =
			    om_alloc_raw(arena, count * sizeof(*out->lines));
		line = &out->lines[out->line_count++];
		line->number = (int32_t)out->line_count;
		if (make_line(b, &c, out, line, why) < 0)
			return OM_EDATA;
	}
	return 0;
}

int64_t
om_build_tolerance(const struct om_feed *feed, const struct om_currency *c)
{
	static const int64_t divisor[OM_CURRENCY_EXPONENT_MAX + 1] = { 10000,
		1000, 100, 10, 1 };

	return feed->tolerance / divisor[c->exponent];
}
