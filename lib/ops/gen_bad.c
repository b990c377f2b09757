/* gen_bad.c - break rows in known ways; see gen_bad.h. */
#include "ops/gen_bad.h"

#include <stdio.h>

#define CELL_MAX 64

#define NO_SUCH_CURRENCY "XXZ"

static const struct {
	const char *name;
	const char *column; /* "": the row as a whole */
	bool last_row;	    /* only there; else on all rows */
} kinds[OM_GEN_BAD_COUNT] = {
	[OM_GEN_BAD_AMOUNT] = { "bad_amount", "total", false },
	[OM_GEN_MISSING_REFERENCE] = { "missing_reference", "reference",
	    false },
	[OM_GEN_UNKNOWN_CURRENCY] = { "unknown_currency", "currency", false },
	[OM_GEN_TOTAL_OFF] = { "total_off", "total", false },
	[OM_GEN_NOT_UTF8] = { "not_utf8", "customer", true },
	[OM_GEN_MISSING_CELL] = { "missing_cell", "", true },
	[OM_GEN_EXTRA_CELL] = { "extra_cell", "", true },
	[OM_GEN_BAD_DATE] = { "bad_date", "placed_at", false },
	[OM_GEN_BAD_QUANTITY] = { "bad_quantity", "quantity", true },
	[OM_GEN_LINE_TOTAL_OFF] = { "line_total_off", "line_total", true },
};

const char *
om_gen_bad_name(enum om_gen_bad what)
{
	return kinds[what].name;
}

enum om_gen_bad
om_gen_bad_turn(const struct om_gen_options *opt, int64_t nth)
{
	int64_t count = opt->lines > 0 ? OM_GEN_BAD_COUNT : OM_GEN_BAD_QUANTITY;

	return (enum om_gen_bad)(nth % count);
}

/* Rows without a reference are orders of their own. */
uint32_t
om_gen_bad_rows(enum om_gen_bad what, uint32_t rows)
{
	return what == OM_GEN_MISSING_REFERENCE ? 1 : rows;
}

/* How many commas stand before a column, how many in a row. */
static int
commas_before(struct om_str header, const char *column)
{
	int commas = 0;
	size_t start = 0;

	for (size_t i = 0; i < header.n; i++) {
		struct om_str cell = { header.p + start, i - start };

		if (header.p[i] != ',' && header.p[i] != '\n')
			continue;
		if (om_str_is(cell, column))
			break;
		commas += header.p[i] == ',';
		start = i + 1;
	}
	return commas;
}

/* "2026-01-31T..." becomes "2026-13-31T...". */
static char *
put_bad_date(char *p, int64_t when)
{
	struct om_put_dates dates = { 0 };
	char *end = om_put_time(p, when, &dates);

	memcpy(p + 5, "13", 2);
	return end;
}

/* What stands in the damaged cell instead. */
static struct om_str
put_instead(char cell[CELL_MAX], const struct om_gen_options *opt,
    const struct om_gen_order *o, enum om_gen_bad what)
{
	int places = om_gen_currency(opt, o)->exponent;
	char *p = cell;

	switch (what) {
	case OM_GEN_BAD_AMOUNT:
		p = om_put_amount(p, o->total_minor, places);
		p = om_put_char(p, 'x');
		break;
	case OM_GEN_UNKNOWN_CURRENCY:
		p = om_put_str(p, OM_STR(NO_SUCH_CURRENCY));
		break;
	case OM_GEN_TOTAL_OFF:
		p = om_put_amount(p, o->total_minor + 1, places);
		break;
	case OM_GEN_NOT_UTF8: /* Latin-1 */
		p = om_put_str(p, OM_STR("M\xfcller"));
		break;
	case OM_GEN_BAD_DATE:
		p = put_bad_date(p, o->placed_at);
		break;
	case OM_GEN_BAD_QUANTITY:
		p = om_put_str(p, OM_STR("two"));
		break;
	case OM_GEN_LINE_TOTAL_OFF:
		p = om_put_amount(p,
		    o->lines[o->line_count - 1].total_minor + 1, places);
		break;
	case OM_GEN_MISSING_REFERENCE:
	case OM_GEN_MISSING_CELL:
	case OM_GEN_EXTRA_CELL:
	case OM_GEN_BAD_COUNT:
		break;
	}
	return (struct om_str){ cell, (size_t)(p - cell) };
}

/* The row with another value in the cell behind so many commas. */
static char *
put_replaced(char *p, struct om_str row, int commas, struct om_str instead)
{
	size_t i = 0;

	for (; commas > 0; i++)
		commas -= row.p[i] == ',';
	p = om_put_str(p, (struct om_str){ row.p, i });
	p = om_put_str(p, instead);
	while (i < row.n && row.p[i] != ',')
		i++;
	return om_put_str(p, (struct om_str){ row.p + i, row.n - i });
}

static char *
put_damaged(char *p, struct om_str row, const struct om_gen_options *opt,
    const struct om_gen_order *o, enum om_gen_bad what)
{
	struct om_str header = om_gen_orders_header(opt);
	char cell[CELL_MAX];

	if (what == OM_GEN_EXTRA_CELL)
		return om_put_str(om_put_str(p, row), OM_STR(",x"));
	if (what == OM_GEN_MISSING_CELL) {
		while (row.p[row.n - 1] != ',')
			row.n--;
		row.n--;
		return om_put_str(p, row);
	}
	return put_replaced(p, row, commas_before(header, kinds[what].column),
	    put_instead(cell, opt, o, what));
}

int
om_gen_write_bad(struct om_gen_rows *rows, const struct om_gen_order *order,
    enum om_gen_bad what, struct om_gen_file *file, struct om_err *err)
{
	const struct om_gen_options *opt = rows->opt;
	uint32_t all = opt->lines > 0 ? order->line_count : 1;
	uint32_t left = om_gen_bad_rows(what, all);
	struct om_str shared;

	om_gen_rows_begin(rows, order, &shared);
	for (uint32_t i = 0; i < left; i++) {
		char text[OM_GEN_ROW_MAX];
		struct om_str row = shared;
		char *p = om_gen_file_row(file, err);

		if (p == NULL)
			return err->code;
		if (opt->lines > 0)
			row = (struct om_str){ text,
				(size_t)(om_gen_put_line(text, shared, opt,
					     order, i) -
					 text) };
		p = kinds[what].last_row && i + 1 < left
			? om_put_str(p, row)
			: put_damaged(p, row, opt, order, what);
		om_gen_file_end(file, om_put_char(p, '\n'));
	}
	return 0;
}

/* "total 3.01 but lines, discount and shipping make 3.00" */
static void
explain_sum(const struct om_gen_options *opt, const struct om_gen_order *o,
    enum om_gen_bad what, struct om_str bad, char out[OM_GEN_REASON_MAX])
{
	const struct om_currency *c = om_gen_currency(opt, o);
	char text[OM_MONEY_TEXT_MAX];

	if (what == OM_GEN_LINE_TOTAL_OFF)
		snprintf(out, OM_GEN_REASON_MAX,
		    "line_total %.*s but price and discount make %s",
		    OM_FMT(bad),
		    om_money_text(o->lines[o->line_count - 1].total_minor, c,
			text));
	else
		snprintf(out, OM_GEN_REASON_MAX,
		    "total %.*s but %s, discount%s make %s", OM_FMT(bad),
		    opt->lines > 0 ? "lines" : "subtotal",
		    o->tax_included ? " and shipping" : ", shipping and tax",
		    om_money_text(o->total_minor, c, text));
}

static void
explain_count(const struct om_gen_options *opt, enum om_gen_bad what,
    char out[OM_GEN_REASON_MAX])
{
	int fields = commas_before(om_gen_orders_header(opt), "") + 1;

	snprintf(out, OM_GEN_REASON_MAX, "%d fields, %d expected",
	    what == OM_GEN_EXTRA_CELL ? fields + 1 : fields - 1, fields);
}

/* In the words of ingest. */
static void
explain(const struct om_gen_options *opt, const struct om_gen_order *o,
    enum om_gen_bad what, char out[OM_GEN_REASON_MAX])
{
	static const char *const words[OM_GEN_BAD_COUNT] = {
		[OM_GEN_BAD_AMOUNT] = "bad amount",
		[OM_GEN_UNKNOWN_CURRENCY] = "no such currency",
		[OM_GEN_BAD_DATE] = "bad time",
		[OM_GEN_BAD_QUANTITY] = "bad amount",
	};
	char cell[CELL_MAX];
	struct om_str bad = put_instead(cell, opt, o, what);

	if (what == OM_GEN_MISSING_REFERENCE)
		strcpy(out, "reference is empty");
	else if (what == OM_GEN_NOT_UTF8)
		strcpy(out, "not UTF-8");
	else if (what == OM_GEN_MISSING_CELL || what == OM_GEN_EXTRA_CELL)
		explain_count(opt, what, out);
	else if (words[what] == NULL)
		explain_sum(opt, o, what, bad, out);
	else
		snprintf(out, OM_GEN_REASON_MAX, "%s '%.*s'", words[what],
		    OM_FMT(bad));
}

/* As far as it can still be read. */
static int64_t
money_left(const struct om_gen_options *opt, const struct om_gen_order *o,
    enum om_gen_bad what)
{
	if (what == OM_GEN_BAD_AMOUNT || what == OM_GEN_UNKNOWN_CURRENCY)
		return 0;
	if (what == OM_GEN_MISSING_CELL && opt->lines == 0)
		return 0; /* the total was the last one */
	return what == OM_GEN_TOTAL_OFF ? o->total_minor + 1 : o->total_minor;
}

void
om_gen_bad_answer(const struct om_gen_options *opt,
    const struct om_gen_order *order, enum om_gen_bad what,
    struct om_gen_answer *out)
{
	uint32_t rows =
	    om_gen_bad_rows(what, opt->lines > 0 ? order->line_count : 1);

	*out = (struct om_gen_answer){
		.what = what,
		.row = kinds[what].last_row ? rows - 1 : 0,
		.column = kinds[what].column,
		.named = what != OM_GEN_MISSING_REFERENCE,
		.currency = what == OM_GEN_UNKNOWN_CURRENCY
				? NULL
				: om_gen_currency(opt, order),
		.total_minor = money_left(opt, order, what),
	};
	explain(opt, order, what, out->reason);
}
