/* daily_store.c - how the store stands: states, shards, payments. */
#include "ops/daily_parts.h"
#include "ops/figure.h"
#include "store/outcome.h"

#define ALL (-1)

static int
state_row(const struct om_daily_day *day, int state,
    const struct om_currency *currency, struct om_err *err)
{
	struct om_census_filter filter = {
		.shard = ALL,
		.state = state,
		.currency = currency,
	};
	struct om_arena *a = day->arena;
	struct om_census_sum sum;
	int64_t due;

	if (om_census_add_up(&day->census, &filter, &sum, err) < 0 ||
	    om_census_due(&sum, &due, err) < 0)
		return err->code;
	if (sum.orders == 0)
		return 0;
	om_report_row(day->report,
	    (const char *const[]){
		om_state_name((enum om_state)state),
		om_cell_code(currency),
		om_cell_int(a, sum.orders),
		om_cell_money(a, sum.total_minor, currency),
		om_cell_money(a, sum.paid_minor, currency),
		om_cell_money(a, sum.refunded_minor, currency),
		state == OM_CANCELLED ? "-" : om_cell_money(a, due, currency),
	    });
	return 0;
}

static int
state_chart(const struct om_daily_day *day, struct om_err *err)
{
	om_report_chart(day->report, "by_state", "Orders by state");
	for (int s = 0; s < OM_STATE_COUNT; s++) {
		struct om_census_filter filter = {
			.shard = ALL,
			.state = s,
			.any_currency = true,
		};
		struct om_census_sum sum;

		if (om_census_add_up(&day->census, &filter, &sum, err) < 0)
			return err->code;
		if (sum.orders > 0)
			om_report_bar(day->report,
			    om_state_name((enum om_state)s), sum.orders,
			    om_cell_int(day->arena, sum.orders));
	}
	return 0;
}

int
om_daily_states(const struct om_daily_day *day, struct om_err *err)
{
	static const struct om_report_column columns[] = {
		{ "state", "State", OM_LEFT },
		{ "currency", "Currency", OM_LEFT },
		{ "orders", "Orders", OM_RIGHT },
		{ "total", "Total", OM_RIGHT },
		{ "paid", "Paid", OM_RIGHT },
		{ "refunded", "Refunded", OM_RIGHT },
		{ "due", "Due", OM_RIGHT },
	};
	const struct om_currency *list[OM_CURRENCIES_MAX];
	size_t n =
	    om_census_currencies(&day->census, list, OM_CURRENCIES_MAX - 1);

	list[n++] = NULL; /* what has no currency comes last */
	om_report_section(day->report, "states", "Orders by state");
	om_report_table(day->report, "states", columns, OM_COUNT(columns));
	for (int s = 0; s < OM_STATE_COUNT; s++)
		for (size_t i = 0; i < n; i++)
			if (state_row(day, s, list[i], err) < 0)
				return err->code;
	return state_chart(day, err);
}

static int
shard_sum(const struct om_daily_day *day, unsigned shard,
    struct om_census_sum *out, struct om_err *err)
{
	struct om_census_filter filter = {
		.shard = (int)shard,
		.state = ALL,
		.any_currency = true,
	};

	return om_census_add_up(&day->census, &filter, out, err);
}

static int64_t
slots_of(const struct om_store *store, unsigned shard)
{
	const struct om_slots *ranges;
	size_t n = om_store_slots(store, shard, &ranges);
	int64_t slots = 0;

	for (size_t i = 0; i < n; i++)
		slots += (int64_t)ranges[i].to - ranges[i].from + 1;
	return slots;
}

int
om_daily_shards(const struct om_daily_day *day, struct om_err *err)
{
	static const struct om_report_column columns[] = {
		{ "shard", "Shard", OM_LEFT },
		{ "slots", "Slots", OM_RIGHT },
		{ "orders", "Orders", OM_RIGHT },
		{ "lines", "Lines", OM_RIGHT },
	};
	unsigned shards = om_store_shards(day->store);
	struct om_arena *a = day->arena;
	struct om_census_sum sum;

	om_report_section(day->report, "shards", "Orders by shard");
	om_report_table(day->report, "shards", columns, OM_COUNT(columns));
	for (unsigned i = 0; i < shards; i++) {
		if (shard_sum(day, i, &sum, err) < 0)
			return err->code;
		om_report_row(day->report,
		    (const char *const[]){
			om_cell_int(a, i),
			om_cell_int(a, slots_of(day->store, i)),
			om_cell_int(a, sum.orders),
			om_cell_int(a, sum.lines),
		    });
	}
	om_report_chart(day->report, "by_shard", "Orders by shard");
	for (unsigned i = 0; i < shards; i++) {
		if (shard_sum(day, i, &sum, err) < 0)
			return err->code;
		om_report_bar(day->report, om_cellf(a, "shard %u", i),
		    sum.orders, om_cell_int(a, sum.orders));
	}
	return 0;
}

static int
payment_row(const struct om_daily_day *day, const struct om_currency *c,
    struct om_err *err)
{
	struct om_census_filter filter = {
		.shard = ALL,
		.state = ALL,
		.currency = c,
		.live = true,
	};
	struct om_arena *a = day->arena;
	struct om_census_sum sum;
	int64_t due;

	if (om_census_add_up(&day->census, &filter, &sum, err) < 0 ||
	    om_census_due(&sum, &due, err) < 0)
		return err->code;
	om_report_row(day->report, (const char *const[]){
				       c->code,
				       om_cell_money(a, sum.total_minor, c),
				       om_cell_money(a, sum.paid_minor, c),
				       om_cell_money(a, sum.refunded_minor, c),
				       om_cell_money(a, due, c),
				   });
	return 0;
}

int
om_daily_payments(const struct om_daily_day *day, struct om_err *err)
{
	static const struct om_report_column columns[] = {
		{ "currency", "Currency", OM_LEFT },
		{ "total", "Ordered", OM_RIGHT },
		{ "paid", "Paid", OM_RIGHT },
		{ "refunded", "Refunded", OM_RIGHT },
		{ "due", "Due", OM_RIGHT },
	};
	const struct om_currency *list[OM_CURRENCIES_MAX];
	size_t n = om_census_currencies(&day->census, list, OM_CURRENCIES_MAX);
	struct om_report *r = day->report;

	om_report_section(r, "payments", "Payments");
	om_report_count(r, "payments", "Payments known", day->census.payments);
	om_report_count(r, "unsettled", "Applied to no order yet",
	    day->census.unsettled);
	om_report_table(r, "sums", columns, OM_COUNT(columns));
	for (size_t i = 0; i < n; i++)
		if (payment_row(day, list[i], err) < 0)
			return err->code;
	return 0;
}
