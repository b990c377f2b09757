/* census.c - count and sum the published orders; see census.h. */
#include "ops/census.h"

#include <string.h>

#include "store/sql.h"

static const char count_orders[] =
    "SELECT /*scan*/ state, currency, count(*),"
    "       CAST(sum(line_count) AS bigint),"
    "       CAST(sum(total_minor) AS bigint),"
    "       CAST(sum(paid_minor) AS bigint),"
    "       CAST(sum(refunded_minor) AS bigint)"
    "  FROM order_rows"
    " WHERE batch <= $1 AND (until_batch = 0 OR until_batch > $1)"
    "   AND currency <> ''"
    " GROUP BY state, currency ORDER BY state, currency";
static const char count_payments[] =
    "SELECT /*scan*/ count(*) FROM payments WHERE batch <= $1";
static const char count_unsettled[] = "SELECT /*scan*/ count(*) FROM payments"
				      " WHERE order_id = 0 AND batch <= $1";

/* CROSS JOIN: SQLite would read all orders and look for each in the few. */
static const char count_waiting[] =
    "SELECT /*scan*/ count(*) FROM early_rows e CROSS JOIN order_rows o"
    " WHERE o.id = e.id AND o.slot = e.slot"
    " AND o.batch <= $1 AND (o.until_batch = 0 OR o.until_batch > $1)";

int
om_census_waiting(struct om_db *shard, int64_t published, int64_t *out,
    struct om_err *err)
{
	return om_sql_int(shard, out, err, count_waiting, "i", published);
}

/* Append the groups of one shard at *end. */
static int
read_groups(struct om_db *db, unsigned shard, int64_t published,
    struct om_arena *arena, struct om_census_group ***end, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_sql(db, &q, err, count_orders, "i", published) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		struct om_census_group *g =
		    om_new(arena, struct om_census_group);
		int64_t state = om_col_int(q, 0);

		if (state < 0 || state >= OM_STATE_COUNT)
			return om_fail(err, OM_EDAMAGED,
			    "an order in unknown state %lld", (long long)state);
		g->shard = shard;
		g->state = (enum om_state)state;
		g->currency = om_currency_find(om_col_text(q, 1));
		g->sum = (struct om_census_sum){
			om_col_int(q, 2),
			om_col_int(q, 3),
			om_col_int(q, 4),
			om_col_int(q, 5),
			om_col_int(q, 6),
		};
		**end = g;
		*end = &g->next;
	}
	return rc;
}

static int
read_shard(struct om_store *store, unsigned shard, struct om_arena *arena,
    struct om_census_group ***end, struct om_census *out, struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	int64_t published = om_store_published(store);
	int64_t payments;
	int64_t unsettled;
	int64_t waiting;

	if (om_store_open_shard(store, shard, OM_DB_READ, &db, err) < 0)
		return err->code;
	if (om_txn_begin_read(db, &txn, err) < 0 ||
	    read_groups(db, shard, published, arena, end, err) < 0 ||
	    om_sql_int(db, &payments, err, count_payments, "i", published) <
		0 ||
	    om_sql_int(db, &unsettled, err, count_unsettled, "i", published) <
		0 ||
	    om_census_waiting(db, published, &waiting, err) < 0)
		return om_wrap(err, "shard %u", shard);
	out->payments += payments;
	out->unsettled += unsettled;
	out->waiting += waiting;
	return 0;
}

int
om_census_take(struct om_store *store, struct om_arena *arena,
    struct om_census *out, struct om_err *err)
{
	struct om_census_group *groups = NULL;
	struct om_census_group **end = &groups;
	struct om_census census = { 0 };

	for (unsigned i = 0; i < om_store_shards(store); i++)
		if (read_shard(store, i, arena, &end, &census, err) < 0)
			return err->code;
	census.groups = groups;
	*out = census;
	return 0;
}

static bool
passes(const struct om_census_filter *f, const struct om_census_group *g)
{
	return (f->shard < 0 || (unsigned)f->shard == g->shard) &&
	       (f->state < 0 || (enum om_state)f->state == g->state) &&
	       (f->any_currency || f->currency == g->currency) &&
	       (!f->live || g->state != OM_CANCELLED);
}

int
om_census_add_up(const struct om_census *census,
    const struct om_census_filter *filter, struct om_census_sum *out,
    struct om_err *err)
{
	struct om_census_sum sum = { 0 };

	for (const struct om_census_group *g = census->groups; g != NULL;
	     g = g->next) {
		if (!passes(filter, g))
			continue;
		sum.orders += g->sum.orders;
		sum.lines += g->sum.lines;
		if (filter->any_currency)
			continue;
		if (om_money_add(&sum.total_minor, g->sum.total_minor, err) <
			0 ||
		    om_money_add(&sum.paid_minor, g->sum.paid_minor, err) < 0 ||
		    om_money_add(&sum.refunded_minor, g->sum.refunded_minor,
			err) < 0)
			return err->code;
	}
	*out = sum;
	return 0;
}

int
om_census_due(const struct om_census_sum *sum, int64_t *out, struct om_err *err)
{
	int64_t due = sum->total_minor;

	if (om_money_sub(&due, sum->paid_minor, err) < 0 ||
	    om_money_add(&due, sum->refunded_minor, err) < 0)
		return err->code;
	*out = due;
	return 0;
}

static bool
has_currency(const struct om_currency *const *list, size_t n,
    const struct om_currency *c)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == c)
			return true;
	return false;
}

size_t
om_census_currencies(const struct om_census *census,
    const struct om_currency **out, size_t max)
{
	size_t n = 0;

	for (const struct om_census_group *g = census->groups; g != NULL;
	     g = g->next) {
		size_t at = n;

		if (g->currency == NULL || n == max ||
		    has_currency(out, n, g->currency))
			continue;
		while (at > 0 &&
		       strcmp(out[at - 1]->code, g->currency->code) > 0) {
			out[at] = out[at - 1];
			at--;
		}
		out[at] = g->currency;
		n++;
	}
	return n;
}
