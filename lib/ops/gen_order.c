/* gen_order.c - orders from their numbers; see gen_order.h. */
#include "ops/gen_order.h"

#define SKUS 5000
#define DAY  INT64_C(86400)

/* Apart from the orders' own. */
#define AMENDMENT_STREAMS UINT64_C(0x2545f4914f6cdd1d)

/* Numbers that are drawn before that of the lines. */
#define DRAWN_BEFORE 5

/* Most things are cheap: the product of two even draws. Three decimals make
 * amounts of a currency that is worth more, so they get more digits. */
static int64_t
draw_price(struct om_prng *r, const struct om_currency *c)
{
	int64_t price = 99 + (int64_t)om_prng_below(r, 150) *
				 (int64_t)om_prng_below(r, 150);

	return c->exponent == 3 ? price * 3 : price;
}

/* In percent: none, reduced, full. */
static int64_t
draw_tax_rate(struct om_prng *r)
{
	static const int64_t rates[] = { 0, 10, 20, 20 };

	return rates[om_prng_below(r, OM_COUNT(rates))];
}

static int64_t
tax_of(const struct om_gen_order *o, int64_t amount, int64_t rate)
{
	return amount * rate / (o->tax_included ? 100 + rate : 100);
}

static void
make_line(const struct om_gen_order *o, struct om_prng *r,
    const struct om_currency *c, int64_t rate, struct om_gen_line *out)
{
	uint64_t dice = om_prng_next(r);
	int64_t gross;

	out->sku = om_prng_below(r, SKUS) + 1;
	out->quantity_milli = (int64_t)(dice % 5 + 1) * 1000;
	out->price_minor = draw_price(r, c);
	if ((dice >> 8) % 16 == 0) { /* by weight: an even price for halves */
		out->quantity_milli -= 500;
		out->price_minor &= ~INT64_C(1);
	}
	gross = out->price_minor * out->quantity_milli / 1000;
	out->discount_minor = (dice >> 16) % 6 == 0 ? gross / 10 : 0;
	out->total_minor = gross - out->discount_minor;
	out->tax_minor = tax_of(o, out->total_minor, rate);
}

static uint32_t
draw_lines(const struct om_gen_options *opt, struct om_prng *r)
{
	return 1 + om_prng_below(r, (uint32_t)(2 * opt->lines - 1));
}

static void
make_lines(const struct om_gen_options *opt, struct om_prng *r,
    const struct om_currency *c, struct om_gen_order *o)
{
	int64_t rate = draw_tax_rate(r);

	o->line_count = draw_lines(opt, r);
	for (uint32_t i = 0; i < o->line_count; i++) {
		make_line(o, r, c, rate, &o->lines[i]);
		o->subtotal_minor += o->lines[i].total_minor;
		o->tax_minor += o->lines[i].tax_minor;
	}
}

/* What was bought, and what it makes. */
static void
make_goods(const struct om_gen_options *opt, struct om_prng *r, uint64_t dice,
    struct om_gen_order *o)
{
	const struct om_currency *c = opt->mix.part[o->currency].currency;

	if (opt->lines > 0) {
		make_lines(opt, r, c, o);
	} else {
		o->subtotal_minor =
		    draw_price(r, c) * (int64_t)(1 + (dice >> 24) % 5);
		o->tax_minor = tax_of(o, o->subtotal_minor, draw_tax_rate(r));
	}
	if ((dice >> 8) % 8 == 0)
		o->discount_minor = o->subtotal_minor / 20;
	o->total_minor = o->subtotal_minor - o->discount_minor +
			 o->shipping_minor +
			 (o->tax_included ? 0 : o->tax_minor);
}

static int
draw_currency(const struct om_gen_mix *mix, struct om_prng *r)
{
	uint32_t n = om_prng_below(r, mix->sum);
	int i = 0;

	while (n >= mix->part[i].weight)
		n -= mix->part[i++].weight;
	return i;
}

void
om_gen_order_make(const struct om_gen_options *opt, int64_t number,
    struct om_gen_order *out)
{
	static const int64_t shipping[] = { 0, 490, 990 };
	struct om_prng r = om_prng_stream(opt->seed, (uint64_t)number);
	int currency = draw_currency(&opt->mix, &r);
	uint64_t dice = om_prng_next(&r);

	*out = (struct om_gen_order){
		.number = number,
		.revision = 1,
		.customer =
		    om_prng_below(&r, (uint32_t)(opt->orders / 3 + 1)) + 1,
		.currency = currency,
		.tax_included = opt->lines > 0 && dice % 4 == 0,
		.placed_at =
		    opt->start + (number - 1) * (opt->days * DAY) / opt->orders,
		.shipping_minor = shipping[(dice >> 16) % OM_COUNT(shipping)],
		.lines = out->lines,
	};
	out->paid_at =
	    out->placed_at + 60 + (int64_t)om_prng_below(&r, 2 * DAY);
	make_goods(opt, &r, dice, out);
}

void
om_gen_order_amend(const struct om_gen_options *opt,
    const struct om_gen_order *order, struct om_gen_order *out)
{
	struct om_prng r = om_prng_stream(opt->seed ^ AMENDMENT_STREAMS,
	    (uint64_t)order->number);
	struct om_gen_line *lines = out->lines;

	*out = *order;
	out->lines = lines;
	out->revision = 2;
	out->subtotal_minor = 0;
	out->discount_minor = 0;
	out->tax_minor = 0;
	make_goods(opt, &r, om_prng_next(&r), out);
}

/* Straight to the number that makes it. */
uint32_t
om_gen_order_rows(const struct om_gen_options *opt, int64_t number)
{
	struct om_prng r = om_prng_stream(opt->seed, (uint64_t)number);

	if (opt->lines == 0)
		return 1;
	r.state += DRAWN_BEFORE * OM_PRNG_GAMMA;
	return draw_lines(opt, &r);
}
