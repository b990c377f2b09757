/* gen.c - write the orders, the statement and the answers; see gen.h. */
#include "ops/gen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ops/gen_file.h"
#include "ops/gen_order.h"
#include "order/order.h"

#define REFERENCE_DIGITS 10
#define REFERENCE_MAX	 32

static const char *const break_names[OM_GEN_BREAK_COUNT] = {
	[OM_GEN_MISSING_RIGHT] = "missing_right",
	[OM_GEN_AMOUNT_UNDER] = "amount_under",
	[OM_GEN_MISSING_LEFT] = "missing_left",
	[OM_GEN_AMOUNT_OVER] = "amount_over",
	[OM_GEN_DUPLICATE] = "duplicate",
	[OM_GEN_CURRENCY] = "currency",
};

static const char *const file_names[OM_GEN_FILES] = {
	[OM_GEN_ORDERS] = "orders.csv",
	[OM_GEN_STATEMENT] = "statement.csv",
	[OM_GEN_ANSWERS] = "answers.csv",
};

static const char orders_header[] =
    "kind,channel,reference,revision,customer,placed_at,currency,subtotal,"
    "discount,shipping,tax,tax_included,total,line,sku,quantity,unit_price,"
    "line_discount,line_tax,line_total\n";
static const char flat_header[] =
    "reference,revision,customer,placed_at,currency,subtotal,discount,"
    "shipping,tax,total\n";
static const char statement_header[] =
    "channel,reference,payment,currency,amount,paid_at\n";
static const char answers_header[] =
    "class,key,left_amount,right_amount,currency\n";

/* All that one run needs while it goes over the orders. */
struct gen {
	const struct om_gen_options *opt;
	struct om_str channel;
	struct om_gen_file file[OM_GEN_FILES];
	struct om_gen_order order;
	struct om_gen_plan plan;
	struct om_put_dates dates;
	char cells[OM_GEN_ROW_MAX]; /* what the rows of an order share */
};

const char *
om_gen_break_name(enum om_gen_break what)
{
	return break_names[what];
}

static void
gen_fini(struct gen *g)
{
	for (int i = 0; i < OM_GEN_FILES; i++)
		om_gen_file_close(&g->file[i]);
	free(g->order.lines);
}

static const struct om_currency *
currency_of(const struct gen *g)
{
	return g->opt->mix.part[g->order.currency].currency;
}

static char *
put_reference(char *p, const struct om_gen_options *opt, int64_t number)
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
put_order(struct gen *g, char *p)
{
	const struct om_gen_order *o = &g->order;
	const struct om_currency *c = currency_of(g);

	p = put_reference(p, g->opt, o->number);
	p = om_put_str(p, OM_STR(",1,C"));
	p = om_put_digits(p, o->customer, 8);
	p = om_put_char(p, ',');
	p = om_put_time(p, o->placed_at, &g->dates);
	p = om_put_char(p, ',');
	p = put_code(p, c);
	p = put_cell(p, o->subtotal_minor, c);
	p = put_cell(p, o->discount_minor, c);
	p = put_cell(p, o->shipping_minor, c);
	p = put_cell(p, o->tax_minor, c);
	if (g->opt->lines > 0)
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

static int
write_lines(struct gen *g, struct om_err *err)
{
	struct om_gen_file *file = &g->file[OM_GEN_ORDERS];
	const struct om_currency *c = currency_of(g);
	struct om_str shared = { g->cells, 0 };
	char *end = om_put_str(g->cells, OM_STR("order,"));

	end = om_put_char(om_put_str(end, g->channel), ',');
	end = om_put_char(put_order(g, end), ',');
	shared.n = (size_t)(end - g->cells);
	for (uint32_t i = 0; i < g->order.line_count; i++) {
		const struct om_gen_line *line = &g->order.lines[i];
		char *p = om_gen_file_row(file, err);

		if (p == NULL)
			return err->code;
		p = om_put_digits(om_put_str(p, shared), i + 1, 1);
		p = om_put_str(p, OM_STR(",SKU-"));
		p = om_put_digits(p, line->sku, 5);
		p = put_quantity(om_put_char(p, ','), line->quantity_milli);
		p = put_cell(p, line->price_minor, c);
		p = put_cell(p, line->discount_minor, c);
		p = put_cell(p, line->tax_minor, c);
		p = put_cell(p, line->total_minor, c);
		om_gen_file_end(file, om_put_char(p, '\n'));
	}
	return 0;
}

static int
write_order(struct gen *g, struct om_err *err)
{
	struct om_gen_file *file = &g->file[OM_GEN_ORDERS];
	char *p;

	if (g->opt->lines > 0)
		return write_lines(g, err);
	p = om_gen_file_row(file, err);
	if (p == NULL)
		return err->code;
	om_gen_file_end(file, om_put_char(put_order(g, p), '\n'));
	return 0;
}

static int
write_payment(struct gen *g, int64_t number, int64_t minor,
    const struct om_currency *c, struct om_err *err)
{
	struct om_gen_file *file = &g->file[OM_GEN_STATEMENT];
	char *p = om_gen_file_row(file, err);

	if (p == NULL)
		return err->code;
	p = om_put_char(om_put_str(p, g->channel), ',');
	p = put_reference(p, g->opt, number);
	p = om_put_str(p, OM_STR(",P-"));
	p = put_reference(p, g->opt, number);
	p = put_code(om_put_char(p, ','), c);
	p = put_cell(p, minor, c);
	p = om_put_time(om_put_char(p, ','), g->order.paid_at, &g->dates);
	om_gen_file_end(file, om_put_char(p, '\n'));
	return 0;
}

/* NULL: that side has no amount. */
static int
write_answer(struct gen *g, enum om_gen_break what, int64_t number,
    const int64_t *left, const int64_t *right, struct om_err *err)
{
	struct om_gen_file *file = &g->file[OM_GEN_ANSWERS];
	const struct om_currency *c = currency_of(g);
	char *p = om_gen_file_row(file, err);

	if (p == NULL)
		return err->code;
	p = om_put_str(p, om_str_of(break_names[what]));
	p = put_reference(om_put_char(p, ','), g->opt, number);
	p = om_put_char(p, ',');
	if (left != NULL)
		p = om_put_amount(p, *left, c->exponent);
	p = om_put_char(p, ',');
	if (right != NULL)
		p = om_put_amount(p, *right, c->exponent);
	p = put_code(om_put_char(p, ','), c);
	om_gen_file_end(file, om_put_char(p, '\n'));
	return 0;
}

/* Another currency with as many decimals, so that the amount reads alike. */
static const struct om_currency *
other_currency(const struct om_currency *c)
{
	static const char *const pairs[][2] = { { "JPY", "KRW" }, { 0 },
		{ "USD", "EUR" }, { "KWD", "BHD" }, { "CLF", "UYW" } };
	const char *const *pair = pairs[c->exponent];

	return om_currency_find(om_str_of(pair[strcmp(c->code, pair[0]) == 0]));
}

/* What the statement says instead of the payment in full. */
static int
write_break(struct gen *g, enum om_gen_break what, struct om_err *err)
{
	const struct om_currency *c = currency_of(g);
	int64_t number = g->order.number;
	int64_t total = g->order.total_minor;
	int64_t stated = total;
	const int64_t *left = &total;
	const int64_t *right = &stated;
	int rc = 0;

	if (what == OM_GEN_AMOUNT_OVER)
		stated = total + 1 + number % 100;
	else if (what == OM_GEN_AMOUNT_UNDER)
		stated = total - 1 - number % (total < 100 ? total : 100);
	else if (what == OM_GEN_MISSING_RIGHT)
		right = NULL;
	else if (what == OM_GEN_MISSING_LEFT || what == OM_GEN_DUPLICATE)
		left = NULL; /* the row stands alone on its side */
	if (what == OM_GEN_CURRENCY)
		c = other_currency(c);
	if (what != OM_GEN_MISSING_RIGHT)
		rc = write_payment(g, number, stated, c, err);
	/* A number that no order has. */
	if (what == OM_GEN_MISSING_LEFT)
		number += g->opt->orders;
	if (rc == 0 &&
	    (what == OM_GEN_DUPLICATE || what == OM_GEN_MISSING_LEFT))
		rc = write_payment(g, number, stated, c, err);
	return rc < 0 ? rc : write_answer(g, what, number, left, right, err);
}

static int
one_order(struct gen *g, int64_t number, struct om_gen_summary *out,
    struct om_err *err)
{
	struct om_gen_order *o = &g->order;
	enum om_gen_break what = OM_GEN_BREAK_COUNT;
	int rc;

	om_gen_order_make(g->opt, number, o);
	rc = write_order(g, err);
	if (rc < 0)
		return rc;
	out->orders++;
	out->lines += o->line_count;
	out->money[o->currency].orders++;
	rc = om_money_add(&out->money[o->currency].total_minor, o->total_minor,
	    err);
	if (rc < 0)
		return rc;
	if (!om_gen_plan_next(&g->plan, number, &what))
		return write_payment(g, number, o->total_minor, currency_of(g),
		    err);
	out->breaks[what]++;
	return write_break(g, what, err);
}

/* The header stands in the first part alone, and is no row. */
static int
open_files(struct gen *g, const char *dir, struct om_err *err)
{
	const char *const header[OM_GEN_FILES] = {
		[OM_GEN_ORDERS] =
		    g->opt->lines > 0 ? orders_header : flat_header,
		[OM_GEN_STATEMENT] = statement_header,
		[OM_GEN_ANSWERS] = answers_header,
	};

	if (!g->opt->dry_run && mkdir(dir, 0777) < 0 && errno != EEXIST)
		return om_fail(err, OM_EOUTPUT, "cannot make '%s': %s", dir,
		    strerror(errno));
	for (int i = 0; i < OM_GEN_FILES; i++) {
		struct om_gen_file *file = &g->file[i];
		int rc = om_gen_file_open(file, dir, file_names[i],
		    g->opt->dry_run, err);

		if (rc < 0)
			return rc;
		if (g->opt->part > 1)
			continue;
		om_gen_file_end(file,
		    om_put_str(file->buffer, om_str_of(header[i])));
		file->rows = 0;
	}
	return 0;
}

static int
commit_files(struct gen *g, struct om_gen_summary *out, struct om_err *err)
{
	for (int i = 0; i < OM_GEN_FILES; i++) {
		struct om_gen_file *file = &g->file[i];
		int rc = om_gen_file_commit(file, out->file[i].sha256, err);

		if (rc < 0)
			return rc;
		out->file[i].name = file_names[i];
		out->file[i].rows = file->rows;
		out->file[i].bytes = file->bytes;
	}
	return 0;
}

static int
check_range(const char *what, int64_t n, int64_t from, int64_t to,
    struct om_err *err)
{
	if (n >= from && n <= to)
		return 0;
	return om_fail(err, OM_EUSAGE, "%s is %lld: not within %lld to %lld",
	    what, (long long)n, (long long)from, (long long)to);
}

/* So that it needs no quotes in a file and no escapes in a shell. */
static int
check_channel(const char *channel, struct om_err *err)
{
	size_t n = strspn(channel, "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

	if (n == 0 || n > OM_CHANNEL_MAX || channel[n] != '\0')
		return om_fail(err, OM_EUSAGE, "bad channel '%s'", channel);
	return 0;
}

static int
check_options(const struct om_gen_options *opt, struct om_err *err)
{
	const int64_t last_day = 253402300799 - (OM_GEN_DAYS_MAX + 4) * 86400LL;
	int rc = check_range("orders", opt->orders, 0, OM_GEN_ORDERS_MAX, err);

	if (rc == 0)
		rc = check_range("lines", opt->lines, 0, OM_GEN_LINES_MAX, err);
	if (rc == 0)
		rc = check_range("breaks", opt->breaks, 0, opt->orders, err);
	if (rc == 0)
		rc = check_range("days", opt->days, 1, OM_GEN_DAYS_MAX, err);
	if (rc == 0)
		rc = check_range("start", opt->start, 0, last_day, err);
	if (rc == 0)
		rc = check_range("parts", opt->parts, 1, OM_GEN_PARTS_MAX, err);
	if (rc == 0)
		rc = check_range("part", opt->part, 1, opt->parts, err);
	return rc < 0 ? rc : check_channel(opt->channel, err);
}

int
om_gen_run(const struct om_gen_options *opt, const char *dir,
    struct om_gen_summary *out, struct om_err *err)
{
	struct gen g OM_AUTO(gen_fini) = { .opt = opt };
	struct om_gen_summary sum = { 0 };
	int64_t first;
	int64_t last;
	int rc = check_options(opt, err);

	if (rc < 0)
		return rc;
	first = opt->orders * (opt->part - 1) / opt->parts + 1;
	last = opt->orders * opt->part / opt->parts;
	g.channel = om_str_of(opt->channel);
	g.order.lines = calloc(2 * OM_GEN_LINES_MAX, sizeof(*g.order.lines));
	if (g.order.lines == NULL)
		return om_fail(err, OM_EIO, "out of memory");
	rc = open_files(&g, dir, err);
	om_gen_plan_start(opt, first, &g.plan);
	for (int64_t i = first; rc == 0 && i <= last; i++)
		rc = one_order(&g, i, &sum, err);
	if (rc == 0)
		rc = commit_files(&g, &sum, err);
	if (rc == 0)
		*out = sum;
	return rc;
}
