/* query.c - rows of all shards as cells of text; see query.h. */
#include "recon/query.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "order/money.h"

#define COLUMNS_MAX 24
#define CURRENCY    0 /* every query selects the currency first */

enum kind { TEXT, MONEY, TIME, NUMBER };

struct column {
	const char *name;
	enum kind kind;
	int at; /* in the SELECT */
};

struct query {
	const char *name;
	const char *sql; /* $1: the newest batch that counts */
	const struct column *columns;
};

static const struct column order_columns[] = {
	{ "channel", TEXT, 1 },
	{ "reference", TEXT, 2 },
	{ "revision", TEXT, 3 },
	{ "customer", TEXT, 4 },
	{ "placed_at", TIME, 5 },
	{ "currency", TEXT, CURRENCY },
	{ "subtotal", MONEY, 6 },
	{ "discount", MONEY, 7 },
	{ "shipping", MONEY, 8 },
	{ "tax", MONEY, 9 },
	{ "total", MONEY, 10 },
	{ "amount", MONEY, 10 },
	{ "paid", MONEY, 11 },
	{ "refunded", MONEY, 12 },
	{ "due", MONEY, 13 },
	{ "state", TEXT, 14 },
	{ "batch", NUMBER, 15 },
	{ "source_line", NUMBER, 16 },
	{ 0 },
};

static const struct column payment_columns[] = {
	{ "channel", TEXT, 1 },
	{ "reference", TEXT, 2 },
	{ "payment", TEXT, 3 },
	{ "currency", TEXT, CURRENCY },
	{ "amount", MONEY, 4 },
	{ "paid_at", TIME, 5 },
	{ "applied", NUMBER, 6 },
	{ "batch", NUMBER, 7 },
	{ "source_line", NUMBER, 8 },
	{ 0 },
};

static const struct query queries[] = {
	{ "orders",
	    "SELECT o.currency, o.channel, o.reference, o.revision,"
	    " o.customer, o.placed_at, o.subtotal_minor, o.discount_minor,"
	    " o.shipping_minor, o.tax_minor, o.total_minor, o.paid_minor,"
	    " o.refunded_minor,"
	    " o.total_minor - o.paid_minor + o.refunded_minor, s.name,"
	    " o.batch, o.source_line"
	    " FROM order_rows o JOIN states s ON s.state = o.state"
	    " WHERE o.batch <= $1"
	    " AND (o.until_batch = 0 OR o.until_batch > $1)"
	    " AND o.currency <> ''"
	    " ORDER BY o.id /*scan*/",
	    order_columns },
	{ "payments",
	    "SELECT currency, channel, reference, payment, amount_minor,"
	    " paid_at, CASE WHEN order_id = 0 THEN 0 ELSE 1 END, batch,"
	    " source_line FROM payments WHERE batch <= $1"
	    " ORDER BY slot, key, payment, channel, reference /*scan*/",
	    payment_columns },
};

struct om_rec_query {
	struct om_arena arena;
	const struct om_store *store;
	const struct query *query;
	unsigned shard; /* the next one to open */
	struct om_db *db;
	struct om_stmt *stmt; /* NULL between shards */
	uint64_t rows;
	bool wanted[COLUMNS_MAX];
	const char *names[COLUMNS_MAX];
	struct om_str cell[COLUMNS_MAX];
	char text[COLUMNS_MAX][OM_MONEY_TEXT_MAX];
	struct om_rec_input input;
};

static int
open_shard(struct om_rec_query *q, struct om_err *err)
{
	om_db_close(&q->db);
	if (om_store_open_shard(q->store, q->shard, OM_DB_READ, &q->db, err) <
		0 ||
	    om_db_prepare(q->db, q->query->sql, &q->stmt, err) < 0)
		return om_wrap(err, "shard %u", q->shard);
	om_bind_int(q->stmt, 1, om_store_published(q->store));
	q->shard++;
	return 0;
}

static struct om_str
cell_text(const struct om_rec_query *q, const struct column *c,
    const struct om_currency *currency, char room[OM_MONEY_TEXT_MAX])
{
	_Static_assert(OM_TIME_TEXT_MAX <= OM_MONEY_TEXT_MAX, "room");

	switch (c->kind) {
	case TEXT:
		return om_col_text(q->stmt, c->at);
	case MONEY:
		if (currency == NULL)
			return OM_STR("");
		return om_str_of(
		    om_money_text(om_col_int(q->stmt, c->at), currency, room));
	case TIME:
		if (om_col_int(q->stmt, c->at) == 0) /* unknown */
			return OM_STR("");
		return om_str_of(
		    om_time_text(om_col_int(q->stmt, c->at), room));
	case NUMBER:
		break;
	}
	snprintf(room, OM_MONEY_TEXT_MAX, "%" PRId64,
	    om_col_int(q->stmt, c->at));
	return om_str_of(room);
}

static void
fill_cells(struct om_rec_query *q)
{
	const struct om_currency *currency =
	    om_currency_find(om_col_text(q->stmt, CURRENCY));

	for (size_t i = 0; i < q->input.column_count; i++)
		if (q->wanted[i])
			q->cell[i] = cell_text(q, &q->query->columns[i],
			    currency, q->text[i]);
}

static int
next_row(void *arg, struct om_rec_record *out, struct om_err *err)
{
	struct om_rec_query *q = arg;

	for (;;) {
		int rc;

		if (q->stmt == NULL) {
			if (q->shard == om_store_shards(q->store))
				return 0;
			if (open_shard(q, err) < 0)
				return err->code;
		}
		rc = om_stmt_step(q->stmt, err);
		if (rc < 0)
			return om_wrap(err, "shard %u", q->shard - 1);
		if (rc > 0)
			break;
		q->stmt = NULL;
	}
	fill_cells(q);
	*out = (struct om_rec_record){
		.cell = q->cell,
		.count = q->input.column_count,
		.line = ++q->rows,
	};
	return 1;
}

static const struct query *
find_query(const char *name, struct om_err *err)
{
	const char *names[OM_COUNT(queries)];
	const char *near;

	for (size_t i = 0; i < OM_COUNT(queries); i++) {
		names[i] = queries[i].name;
		if (strcmp(name, names[i]) == 0)
			return &queries[i];
	}
	near = om_str_nearest(name, names, OM_COUNT(queries));
	if (near != NULL)
		(void)om_fail(err, OM_EUSAGE,
		    "no 'store:%s'; did you mean 'store:%s'?", name, near);
	else
		(void)om_fail(err, OM_EUSAGE,
		    "no 'store:%s'; there are store:orders and store:payments",
		    name);
	return NULL;
}

int
om_rec_query_open(const struct om_store *store, const char *name,
    struct om_rec_query **out, struct om_err *err)
{
	const struct query *query = find_query(name, err);
	struct om_arena arena = { 0 };
	struct om_rec_query *q;
	size_t n = 0;

	if (query == NULL)
		return err->code;
	q = om_new(&arena, struct om_rec_query);
	q->arena = arena;
	q->store = store;
	q->query = query;
	for (; query->columns[n].name != NULL; n++)
		q->names[n] = query->columns[n].name;
	q->input = (struct om_rec_input){
		.name =
		    query == &queries[0] ? "store:orders" : "store:payments",
		.columns = q->names,
		.column_count = n,
		.wanted = q->wanted,
		.next = next_row,
		.arg = q,
	};
	*out = q;
	return 0;
}

void
om_rec_query_close(struct om_rec_query **query)
{
	struct om_rec_query *q = *query;
	struct om_arena arena;

	if (q == NULL)
		return;
	om_db_close(&q->db);
	arena = q->arena; /* q itself lives in it */
	om_arena_clear(&arena);
	*query = NULL;
}

const struct om_rec_input *
om_rec_query_input(const struct om_rec_query *query)
{
	return &query->input;
}
