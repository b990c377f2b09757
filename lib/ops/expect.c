/* expect.c - compare a store with what was expected; see expect.h. */
#include "ops/expect.h"

#include <string.h>

#include "ops/census.h"
#include "ops/figure.h"
#include "store/outcome.h"
#include "store/sql.h"

enum measure {
	COUNT_BATCHES,
	COUNT_LINES,
	COUNT_ORDERS,
	COUNT_PAYMENTS,
	COUNT_REJECTS,
	COUNT_SHARDS,
	COUNT_UNSETTLED,
	COUNT_WAITING,
	SUM_DUE, /* amounts from here on, NAME.CUR */
	SUM_PAID,
	SUM_REFUNDED,
	SUM_TOTAL,
	COUNT_STATE, /* state.NAME */
	COUNT_BOOKS, /* books.OUTCOME */
	MEASURES
};

static const char *const names[MEASURES] = {
	[COUNT_BATCHES] = "batches",
	[COUNT_LINES] = "lines",
	[COUNT_ORDERS] = "orders",
	[COUNT_PAYMENTS] = "payments",
	[COUNT_REJECTS] = "rejects",
	[COUNT_SHARDS] = "shards",
	[COUNT_UNSETTLED] = "unsettled",
	[COUNT_WAITING] = "waiting",
	[SUM_DUE] = "due",
	[SUM_PAID] = "paid",
	[SUM_REFUNDED] = "refunded",
	[SUM_TOTAL] = "total",
	[COUNT_STATE] = "state",
	[COUNT_BOOKS] = "books",
};

static const char count_batches[] =
    "SELECT /*scan*/ count(*) FROM batches WHERE state = 'published'";
static const char count_rejects[] =
    "SELECT /*scan*/ count(*) FROM rejects WHERE resolved_by = 0";
static const char count_books[] =
    "SELECT /*scan*/ CAST(sum(k.orders) AS bigint)"
    "  FROM batch_books k JOIN batches b ON b.batch = k.batch"
    " WHERE b.state = 'published' AND b.kind = 'orders' AND k.outcome = $1";

/* A word, understood. */
struct wish {
	enum measure measure;
	const struct om_currency *currency;
	enum om_state state;
	enum om_outcome outcome;
	int64_t want; /* minor units of the currency, or a count */
};

static bool
is_sum(enum measure m)
{
	return m >= SUM_DUE && m <= SUM_TOTAL;
}

/* "total" of "total.EUR"; "EUR" in *tail, or nothing. */
static int
find_measure(const char *name, struct wish *out, struct om_str *tail,
    struct om_arena *arena, struct om_err *err)
{
	size_t n = strcspn(name, ".");
	const char *head = om_strndup(arena, name, n);
	const char *near;

	*tail = om_str_of(name[n] == '.' ? name + n + 1 : NULL);
	for (int m = 0; m < MEASURES; m++) {
		bool bare = m < (int)SUM_DUE;

		if (strcmp(head, names[m]) != 0 || bare != (tail->p == NULL))
			continue;
		out->measure = (enum measure)m;
		return 0;
	}
	near = om_str_nearest(head, names, MEASURES);
	if (near == NULL)
		return om_fail(err, OM_EUSAGE, "nothing is called '%s'", name);
	if (strcmp(near, head) != 0)
		return om_fail(err, OM_EUSAGE,
		    "nothing is called '%s'; did you mean '%s'?", name, near);
	if (tail->p != NULL)
		return om_fail(err, OM_EUSAGE, "'%s' takes no '.'", head);
	return om_fail(err, OM_EUSAGE, "'%s' needs a '.' and %s", head,
	    strcmp(head, "state") == 0	 ? "a state"
	    : strcmp(head, "books") == 0 ? "an outcome"
					 : "a currency");
}

/* NAME=VALUE into wish and expectation. */
static int
understand(const char *word, struct om_arena *arena, struct wish *wish,
    struct om_expectation *out, struct om_err *err)
{
	const char *equals = strchr(word, '=');
	struct om_str tail;
	struct om_str value;

	if (equals == NULL)
		return om_fail(err, OM_EUSAGE, "'%s' is not NAME=VALUE", word);
	out->name = om_strndup(arena, word, (size_t)(equals - word));
	out->wanted = equals + 1;
	value = om_str_of(out->wanted);
	if (find_measure(out->name, wish, &tail, arena, err) < 0)
		return err->code;
	if (is_sum(wish->measure)) {
		wish->currency = om_currency_find(tail);
		if (wish->currency == NULL)
			return om_fail(err, OM_EUSAGE, "%s: no currency '%.*s'",
			    out->name, OM_FMT(tail));
		if (om_money_parse(value, wish->currency, &wish->want, err) <
		    0) {
			err->code = OM_EUSAGE;
			return om_wrap(err, "%s", out->name);
		}
		return 0;
	}
	if (wish->measure == COUNT_STATE && !om_state_find(tail, &wish->state))
		return om_fail(err, OM_EUSAGE, "%s: no state '%.*s'", out->name,
		    OM_FMT(tail));
	if (wish->measure == COUNT_BOOKS &&
	    !om_outcome_find(tail, &wish->outcome))
		return om_fail(err, OM_EUSAGE, "%s: no outcome '%.*s'",
		    out->name, OM_FMT(tail));
	if (!om_str_int(value, &wish->want))
		return om_fail(err, OM_EUSAGE, "%s: bad number '%s'", out->name,
		    out->wanted);
	return 0;
}

static int
count_orders(const struct om_census *census, const struct wish *wish,
    int64_t *out, struct om_err *err)
{
	struct om_census_filter all = {
		.shard = -1,
		.state = wish->measure == COUNT_STATE ? (int)wish->state : -1,
		.any_currency = true,
	};
	struct om_census_sum sum = { 0 };

	if (om_census_add_up(census, &all, &sum, err) < 0)
		return err->code;
	*out = wish->measure == COUNT_LINES ? sum.lines : sum.orders;
	return 0;
}

static int
sum_orders(const struct om_census *census, const struct wish *wish,
    int64_t *out, struct om_err *err)
{
	struct om_census_filter filter = {
		.shard = -1,
		.state = -1,
		.currency = wish->currency,
		.live = wish->measure == SUM_DUE,
	};
	struct om_census_sum sum = { 0 };

	if (om_census_add_up(census, &filter, &sum, err) < 0)
		return err->code;
	if (wish->measure == SUM_DUE)
		return om_census_due(&sum, out, err);
	*out = wish->measure == SUM_TOTAL  ? sum.total_minor
	       : wish->measure == SUM_PAID ? sum.paid_minor
					   : sum.refunded_minor;
	return 0;
}

static int
measure(struct om_store *store, const struct om_census *census,
    const struct wish *wish, int64_t *out, struct om_err *err)
{
	struct om_db *catalog = om_store_catalog(store);

	switch (wish->measure) {
	case COUNT_BATCHES:
		return om_sql_int(catalog, out, err, count_batches, "");
	case COUNT_REJECTS:
		return om_sql_int(catalog, out, err, count_rejects, "");
	case COUNT_BOOKS:
		return om_sql_int(catalog, out, err, count_books, "s",
		    om_outcome_name(wish->outcome));
	case COUNT_SHARDS:
		*out = om_store_shards(store);
		return 0;
	case COUNT_PAYMENTS:
		*out = census->payments;
		return 0;
	case COUNT_UNSETTLED:
		*out = census->unsettled;
		return 0;
	case COUNT_WAITING:
		*out = census->waiting;
		return 0;
	case COUNT_LINES:
	case COUNT_ORDERS:
	case COUNT_STATE:
		return count_orders(census, wish, out, err);
	case SUM_DUE:
	case SUM_PAID:
	case SUM_REFUNDED:
	case SUM_TOTAL:
		return sum_orders(census, wish, out, err);
	case MEASURES:
		break;
	}
	return om_fail(err, OM_EINTERNAL, "no measure %d", (int)wish->measure);
}

/* Counting batches must not cost a scan of all orders. */
static bool
needs_census(const struct wish *wish)
{
	return wish->measure != COUNT_BATCHES && wish->measure != COUNT_BOOKS &&
	       wish->measure != COUNT_REJECTS && wish->measure != COUNT_SHARDS;
}

int
om_expect(struct om_store *store, struct om_arena *arena,
    const char *const *words, size_t count, struct om_expectation *out,
    struct om_err *err)
{
	struct wish *wish = om_alloc(arena, count * sizeof(*wish));
	struct om_census census = { 0 };
	bool counted = false;

	for (size_t i = 0; i < count; i++)
		if (understand(words[i], arena, &wish[i], &out[i], err) < 0)
			return err->code;
	for (size_t i = 0; i < count; i++) {
		int64_t got = 0;

		if (needs_census(&wish[i]) && !counted) {
			if (om_census_take(store, arena, &census, err) < 0)
				return err->code;
			counted = true;
		}
		if (measure(store, &census, &wish[i], &got, err) < 0)
			return om_wrap(err, "%s", out[i].name);
		out[i].got = om_cell_money(arena, got, wish[i].currency);
		out[i].met = got == wish[i].want;
	}
	return 0;
}
