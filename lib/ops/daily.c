/* daily.c - put the daily report together; see daily.h. */
#include "ops/daily.h"

#include "ops/daily_parts.h"
#include "ops/figure.h"
#include "store/sql.h"

#define DAY 86400

static const char open_rejects[] =
    "SELECT /*scan*/ count(*) FROM rejects WHERE resolved_by = 0";

static const char newest_batch[] =
    "SELECT /*scan*/ coalesce(max(batch), 0) FROM batches"
    " WHERE state = 'published' AND finished_at < $1";

/* in = moved + held + untouched, for every pass */
static const char open_passes[] =
    "SELECT /*scan*/ count(*) FROM (SELECT b.run, b.pass"
    "  FROM run_books b JOIN runs r ON r.run = b.run"
    " WHERE r.state = 'done' AND r.finished_at BETWEEN $1 AND $2"
    " GROUP BY b.run, b.pass"
    " HAVING sum(CASE WHEN b.outcome = 'in' THEN b.orders"
    "            ELSE -b.orders END) <> 0) AS open_books";

static int64_t
count_batches(const struct om_daily_day *day, bool published)
{
	int64_t n = 0;

	for (const struct om_daily_batch *b = day->batches; b != NULL;
	     b = b->next)
		n += b->published == published;
	return n;
}

static bool
books_close(const struct om_daily_day *day)
{
	for (const struct om_daily_batch *b = day->batches; b != NULL;
	     b = b->next)
		if (b->unclosed != NULL)
			return false;
	return day->open_passes == 0;
}

static void
remarks(const struct om_daily_day *day, int64_t rejects)
{
	struct om_report *r = day->report;
	int64_t failed = count_batches(day, false);

	if (!books_close(day))
		om_report_note(r, 'b', "a book does not close: see below");
	else if (day->batches == NULL)
		om_report_note(r, 'i', "no batch came in on this day");
	else
		om_report_note(r, 'g',
		    "the books of every batch and pass close");
	if (failed > 0)
		om_report_note(r, 'b',
		    om_cellf(day->arena, "batches that were not taken: %lld",
			(long long)failed));
	if (rejects > 0)
		om_report_note(r, 'b',
		    om_cellf(day->arena, "orders in quarantine: %lld",
			(long long)rejects));
	om_feeds_remarks(day->feeds, r, day->arena);
}

/* "1,234.50 EUR created" has its place below; here one number per question. */
static int
glance(const struct om_daily_day *day, struct om_err *err)
{
	struct om_census_filter all = {
		.shard = -1,
		.state = -1,
		.any_currency = true,
	};
	struct om_arena *a = day->arena;
	struct om_report *r = day->report;
	struct om_census_sum sum;
	int64_t rejects;

	if (om_census_add_up(&day->census, &all, &sum, err) < 0 ||
	    om_sql_int(om_store_catalog(day->store), &rejects, err,
		open_rejects, "") < 0)
		return err->code;
	om_report_section(r, "day", "The day at a glance");
	om_report_fact(r, "date", "Day (UTC)", om_cell_date(a, day->from));
	om_report_count(r, "batches", "Batches taken",
	    count_batches(day, true));
	om_report_count(r, "read", "Orders read",
	    om_books_orders(day->orders, OM_READ));
	om_report_count(r, "created", "New orders",
	    om_books_orders(day->orders, OM_CREATED));
	om_report_count(r, "rejects", "In quarantine", rejects);
	om_report_count(r, "orders", "Orders in the store", sum.orders);
	om_report_count(r, "waiting", "Early cancellations",
	    day->census.waiting);
	om_report_fact(r, "made_at", "Report made",
	    om_cell_time(a, om_now(om_store_clock(day->store))));
	om_report_fact(r, "store", "Store", om_store_url(day->store));
	remarks(day, rejects);
	return 0;
}

/* What had come by the end of the day. */
static int
read_feeds(struct om_daily_day *day, struct om_err *err)
{
	struct om_feed_state *feeds = NULL;
	int64_t newest = 0;

	if (om_sql_int(om_store_catalog(day->store), &newest, err, newest_batch,
		"i", day->to) < 0 ||
	    om_feeds_read(day->store, newest, day->to, day->arena, &feeds,
		err) < 0)
		return err->code;
	day->feeds = feeds;
	return 0;
}

static int
sections(const struct om_daily_day *day, struct om_err *err)
{
	if (glance(day, err) < 0)
		return err->code;
	om_daily_money(day);
	if (om_daily_states(day, err) < 0 || om_daily_shards(day, err) < 0 ||
	    om_daily_payments(day, err) < 0)
		return err->code;
	om_daily_batches(day);
	om_feeds_report(day->feeds, day->report, day->arena);
	if (om_daily_rejects(day, err) < 0 || om_daily_runs(day, err) < 0 ||
	    om_daily_evidence(day, err) < 0)
		return err->code;
	return 0;
}

int
om_daily(struct om_store *store, int64_t day, struct om_arena *arena,
    struct om_report **out, bool *out_closed, struct om_err *err)
{
	struct om_daily_day d = {
		.store = store,
		.arena = arena,
		.from = day - (day % DAY + DAY) % DAY,
	};
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	const char *date = om_cell_date(arena, d.from);

	d.to = d.from + DAY;
	d.report = om_report_new(arena, "ordmill.report-daily/1",
	    om_cellf(arena, "Daily report, %s", date));
	if (om_txn_begin_read(om_store_catalog(store), &txn, err) < 0 ||
	    om_census_take(store, arena, &d.census, err) < 0 ||
	    om_daily_read_batches(&d, err) < 0 || read_feeds(&d, err) < 0 ||
	    om_sql_int(om_store_catalog(store), &d.open_passes, err,
		open_passes, "ii", d.from, d.to - 1) < 0 ||
	    sections(&d, err) < 0)
		return err->code;
	*out = d.report;
	*out_closed = books_close(&d);
	return 0;
}
