/* gen_order.c - orders and breaks from their numbers; see gen_order.h. */
#include "ops/gen_order.h"

#define SKUS	      5000
#define DAY	      INT64_C(86400)
#define BREAK_STREAMS UINT64_C(0x5bd1e995b4ea4c5d) /* apart from the orders' */

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

static void
make_lines(const struct om_gen_options *opt, struct om_prng *r,
    const struct om_currency *c, struct om_gen_order *o)
{
	int64_t rate = draw_tax_rate(r);

	o->line_count = 1 + om_prng_below(r, (uint32_t)(2 * opt->lines - 1));
	for (uint32_t i = 0; i < o->line_count; i++) {
		make_line(o, r, c, rate, &o->lines[i]);
		o->subtotal_minor += o->lines[i].total_minor;
		o->tax_minor += o->lines[i].tax_minor;
	}
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
	const struct om_currency *c = opt->mix.part[currency].currency;
	uint64_t dice = om_prng_next(&r);

	*out = (struct om_gen_order){
		.number = number,
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
	if (opt->lines > 0) {
		make_lines(opt, &r, c, out);
	} else {
		out->subtotal_minor =
		    draw_price(&r, c) * (int64_t)(1 + (dice >> 24) % 5);
		out->tax_minor =
		    tax_of(out, out->subtotal_minor, draw_tax_rate(&r));
	}
	if ((dice >> 8) % 8 == 0)
		out->discount_minor = out->subtotal_minor / 20;
	out->total_minor = out->subtotal_minor - out->discount_minor +
			   out->shipping_minor +
			   (out->tax_included ? 0 : out->tax_minor);
}

/* The last order of the strides before this one. */
static int64_t
stride_start(const struct om_gen_options *opt, int64_t index)
{
	return (int64_t)((om_int128)index * opt->orders / opt->breaks);
}

static int64_t
break_place(const struct om_gen_options *opt, int64_t index)
{
	int64_t start = stride_start(opt, index);
	int64_t length = stride_start(opt, index + 1) - start;
	struct om_prng r =
	    om_prng_stream(opt->seed ^ BREAK_STREAMS, (uint64_t)index);

	return start + 1 + (int64_t)(om_prng_next(&r) % (uint64_t)length);
}

static void
plan_aim(struct om_gen_plan *plan)
{
	plan->at = plan->index < plan->opt->breaks
		       ? break_place(plan->opt, plan->index)
		       : INT64_MAX;
}

void
om_gen_plan_start(const struct om_gen_options *opt, int64_t first,
    struct om_gen_plan *out)
{
	*out = (struct om_gen_plan){ .opt = opt };
	/* A stride before the one that the quotient names, to be safe. */
	if (opt->breaks > 0 && first > 1)
		out->index = (int64_t)((om_int128)(first - 1) * opt->breaks /
				       opt->orders);
	if (out->index > 0)
		out->index--;
	plan_aim(out);
	while (out->at < first) {
		out->index++;
		plan_aim(out);
	}
}

bool
om_gen_plan_next(struct om_gen_plan *plan, int64_t number,
    enum om_gen_break *out)
{
	if (number != plan->at)
		return false;
	*out = (enum om_gen_break)(plan->index % OM_GEN_BREAK_COUNT);
	plan->index++;
	plan_aim(plan);
	return true;
}
