/* gen_rows.c - cells, commas, ends of lines; see gen_rows.h. */
#include "ops/gen_rows.h"

#define REFERENCE_DIGITS 10

#define ORDER_COLUMNS                                                          \
	"kind,channel,reference,revision,customer,placed_at,currency,"         \
	"subtotal,discount,shipping,tax,tax_included,total,line,sku,quantity," \
	"unit_price,line_discount,line_tax,line_total\n"
#define FLAT_COLUMNS                                                           \
	"reference,revision,customer,placed_at,currency,subtotal,discount,"    \
	"shipping,tax,total\n"

void
om_gen_rows_init(struct om_gen_rows *rows, const struct om_gen_options *opt)
{
	*rows = (struct om_gen_rows){ .opt = opt };
	rows->channel = om_str_of(opt->channel);
}

struct om_str
om_gen_orders_header(const struct om_gen_options *opt)
{
	return opt->lines > 0 ? OM_STR(ORDER_COLUMNS) : OM_STR(FLAT_COLUMNS);
}

struct om_str
om_gen_changes_header(const struct om_gen_options *opt)
{
	return opt->lines > 0 ? OM_STR(ORDER_COLUMNS)
			      : OM_STR("kind," FLAT_COLUMNS);
}

const struct om_currency *
om_gen_currency(const struct om_gen_options *opt,
    const struct om_gen_order *order)
{
	return opt->mix.part[order->currency].currency;
}

char *
om_gen_put_reference(char *p, const struct om_gen_options *opt, int64_t number)
{
	if (opt->random_references)
		return om_put_hex64(p,
		    om_mix64(opt->seed + (uint64_t)number * OM_PRNG_GAMMA));
	p = om_put_str(p, OM_STR("SO"));
	return om_put_digits(p, (uint64_t)number, REFERENCE_DIGITS);
}

static char *
put_code(char *p, const struct om_currency *c)
{
	memcpy(p, c->code, OM_CURRENCY_CODE);
	return p + OM_CURRENCY_CODE;
}

static char *
put_cell(char *p, int64_t minor, const struct om_currency *c)
{
	return om_put_amount(om_put_char(p, ','), minor, c->exponent);
}

/* reference ... total, as far as both shapes agree. */
static char *
put_order(struct om_gen_rows *rows, char *p, const struct om_gen_order *o,
    int revision)
{
	const struct om_gen_options *opt = rows->opt;
	const struct om_currency *c = om_gen_currency(opt, o);

	p = om_gen_put_reference(p, opt, o->number);
	p = om_put_char(p, ',');
	p = om_put_char(p, (char)('0' + revision));
	p = om_put_str(p, OM_STR(",C"));
	p = om_put_digits(p, o->customer, 8);
	p = om_put_char(p, ',');
	p = om_put_time(p, o->placed_at, &rows->dates);
	p = om_put_char(p, ',');
	p = put_code(p, c);
	p = put_cell(p, o->subtotal_minor, c);
	p = put_cell(p, o->discount_minor, c);
	p = put_cell(p, o->shipping_minor, c);
	p = put_cell(p, o->tax_minor, c);
	if (opt->lines > 0)
		p = om_put_str(p,
		    o->tax_included ? OM_STR(",true") : OM_STR(",false"));
	return put_cell(p, o->total_minor, c);
}

static char *
put_quantity(char *p, int64_t milli)
{
	p = om_put_digits(p, (uint64_t)(milli / 1000), 1);
	return milli % 1000 == 0 ? p : om_put_str(p, OM_STR(".5"));
}

void
om_gen_rows_begin(struct om_gen_rows *rows, const struct om_gen_order *order,
    struct om_str *out_shared)
{
	char *end = rows->cells;

	if (rows->opt->lines > 0) {
		end = om_put_str(end, OM_STR("order,"));
		end = om_put_char(om_put_str(end, rows->channel), ',');
	}
	end = put_order(rows, end, order, order->revision);
	*out_shared =
	    (struct om_str){ rows->cells, (size_t)(end - rows->cells) };
}

char *
om_gen_put_line(char *p, struct om_str shared, const struct om_gen_options *opt,
    const struct om_gen_order *order, uint32_t number)
{
	const struct om_currency *c = om_gen_currency(opt, order);
	const struct om_gen_line *line = &order->lines[number];

	p = om_put_char(om_put_str(p, shared), ',');
	p = om_put_digits(p, number + 1, 1);
	p = om_put_str(p, OM_STR(",SKU-"));
	p = om_put_digits(p, line->sku, 5);
	p = put_quantity(om_put_char(p, ','), line->quantity_milli);
	p = put_cell(p, line->price_minor, c);
	p = put_cell(p, line->discount_minor, c);
	p = put_cell(p, line->tax_minor, c);
	return put_cell(p, line->total_minor, c);
}

static int
write_lines(struct om_gen_rows *rows, const struct om_gen_order *order,
    struct om_gen_file *file, struct om_err *err)
{
	struct om_str shared;

	om_gen_rows_begin(rows, order, &shared);
	for (uint32_t i = 0; i < order->line_count; i++) {
		char *p = om_gen_file_row(file, err);

		if (p == NULL)
			return err->code;
		p = om_gen_put_line(p, shared, rows->opt, order, i);
		om_gen_file_end(file, om_put_char(p, '\n'));
	}
	return 0;
}

/* kind: what stands before the reference. */
static int
write_flat(struct om_gen_rows *rows, const struct om_gen_order *order,
    struct om_str kind, int revision, struct om_gen_file *file,
    struct om_err *err)
{
	char *p = om_gen_file_row(file, err);

	if (p == NULL)
		return err->code;
	p = put_order(rows, om_put_str(p, kind), order, revision);
	om_gen_file_end(file, om_put_char(p, '\n'));
	return 0;
}

int
om_gen_write_order(struct om_gen_rows *rows, const struct om_gen_order *order,
    struct om_gen_file *file, struct om_err *err)
{
	return rows->opt->lines > 0 ? write_lines(rows, order, file, err)
				    : write_flat(rows, order, OM_STR(""),
					  order->revision, file, err);
}

int
om_gen_write_amendment(struct om_gen_rows *rows,
    const struct om_gen_order *order, struct om_gen_file *file,
    struct om_err *err)
{
	return rows->opt->lines > 0 ? write_lines(rows, order, file, err)
				    : write_flat(rows, order, OM_STR("order,"),
					  order->revision, file, err);
}

/* One row, without a line. */
int
om_gen_write_cancellation(struct om_gen_rows *rows,
    const struct om_gen_order *order, struct om_gen_file *file,
    struct om_err *err)
{
	int revision = order->revision + 1;
	char *p;

	if (rows->opt->lines == 0)
		return write_flat(rows, order, OM_STR("cancel,"), revision,
		    file, err);
	p = om_gen_file_row(file, err);
	if (p == NULL)
		return err->code;
	p = om_put_str(om_put_str(p, OM_STR("cancel,")), rows->channel);
	p = put_order(rows, om_put_char(p, ','), order, revision);
	om_gen_file_end(file, om_put_str(p, OM_STR(",,,,,,,\n")));
	return 0;
}

int
om_gen_write_payment(struct om_gen_rows *rows,
    const struct om_gen_payment *payment, struct om_gen_file *file,
    struct om_err *err)
{
	char *p = om_gen_file_row(file, err);

	if (p == NULL)
		return err->code;
	p = om_put_char(om_put_str(p, rows->channel), ',');
	p = om_gen_put_reference(p, rows->opt, payment->number);
	p = om_put_str(p, OM_STR(",P-"));
	p = om_gen_put_reference(p, rows->opt, payment->number);
	p = put_code(om_put_char(p, ','), payment->currency);
	p = put_cell(p, payment->amount_minor, payment->currency);
	p = om_put_time(om_put_char(p, ','), payment->paid_at, &rows->dates);
	om_gen_file_end(file, om_put_char(p, '\n'));
	return 0;
}
