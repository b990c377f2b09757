/* demo_summary.c - a demo's figures on one screen, and whether they are right. */
#include <inttypes.h>

#include "cmd/demo.h"

static int
add_up(const struct om_demo *d, const struct om_census_filter *filter,
    struct om_census_sum *out, struct om_err *err)
{
	return om_census_add_up(&d->census, filter, out, err);
}

/* Orders and money per currency, as generated and as stored. */
static int
show_money(struct om_demo *d, struct om_err *err)
{
	char text[OM_MONEY_TEXT_MAX];

	for (int i = 0; i < d->gen.mix.count; i++) {
		const struct om_currency *c = d->gen.mix.part[i].currency;
		const struct om_census_filter filter = { .shard = -1,
			.state = -1,
			.currency = c };
		struct om_census_sum sum;
		bool same;

		if (add_up(d, &filter, &sum, err) < 0)
			return err->code;
		same = sum.orders == d->made.money[i].orders &&
		       sum.total_minor == d->made.money[i].total_minor;
		d->good = d->good && same;
		fprintf(d->cli->out, "  %-10s %10" PRId64 " orders %20s %s%s\n",
		    i == 0 ? "money in" : "", sum.orders,
		    om_money_text(sum.total_minor, c, text), c->code,
		    same ? "" : "  NOT what was made");
	}
	return 0;
}

static int
show_shards(struct om_demo *d, struct om_err *err)
{
	for (unsigned i = 0; i < om_store_shards(d->store); i++) {
		const struct om_census_filter filter = { .shard = (int)i,
			.state = -1,
			.any_currency = true };
		struct om_census_sum sum;

		if (add_up(d, &filter, &sum, err) < 0)
			return err->code;
		fprintf(d->cli->out,
		    "  shard %-4u %10" PRId64 " orders, %" PRId64 " lines\n", i,
		    sum.orders, sum.lines);
	}
	return 0;
}

int
om_demo_summary(struct om_demo *d, struct om_err *err)
{
	FILE *out = d->cli->out;

	d->good = om_planted_right(&d->breaks) && d->verified.flaw_count == 0;
	fprintf(out, "\nordmill demo\n");
	if (show_money(d, err) < 0 || show_shards(d, err) < 0)
		return err->code;
	fprintf(out,
	    "  breaks     %10" PRIu64 " found of %" PRIu64 " planted, %" PRIu64
	    " others\n",
	    d->breaks.found, d->breaks.planted, d->breaks.unasked);
	fprintf(out,
	    "  evidence   %s: %" PRIu64 " leaves, %" PRIu64 " checkpoints%s\n",
	    d->verified.flaw_count == 0 ? "audit verify ok"
					: "AUDIT VERIFY FAILED",
	    d->verified.leaves, d->verified.checkpoints,
	    d->verified.signed_by_key ? ", signed" : "");
	fprintf(out, "  reports    %s\n             %s\n", d->daily_html,
	    d->breaks_html);
	fprintf(out, "  result     %s\n",
	    d->good ? "all of it is right" : "SOMETHING IS WRONG");
	return 0;
}
