/* daily_books.c - the day's batches and their books; see daily_parts.h. */
#include <string.h>

#include "ops/daily_parts.h"
#include "ops/figure.h"
#include "store/batch.h"
#include "store/sql.h"

static const char day_batches[] =
    "SELECT /*scan*/ batch, feed, kind, source, state, reason FROM batches"
    " WHERE CASE WHEN finished_at > 0 THEN finished_at ELSE started_at END"
    "       BETWEEN $1 AND $2 ORDER BY batch";

static int
read_list(struct om_daily_day *day, struct om_daily_batch **out,
    struct om_err *err)
{
	struct om_arena *a = day->arena;
	struct om_stmt *q;
	int rc;

	if (om_sql(om_store_catalog(day->store), &q, err, day_batches, "ii",
		day->from, day->to - 1) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		struct om_daily_batch *b = om_new(a, struct om_daily_batch);

		b->batch = om_col_int(q, 0);
		b->feed = om_cell_str(a, om_col_text(q, 1));
		b->orders = om_str_is(om_col_text(q, 2), "orders");
		b->source = om_cell_str(a, om_col_text(q, 3));
		b->state = om_cell_str(a, om_col_text(q, 4));
		b->reason = om_cell_str(a, om_col_text(q, 5));
		b->published = strcmp(b->state, "published") == 0;
		*out = b;
		out = &b->next;
	}
	return rc;
}

/* A book that does not close is shown, not a reason to show nothing. */
static int
read_books(struct om_daily_day *day, struct om_daily_batch *b,
    struct om_books *scratch, struct om_err *err)
{
	struct om_err why = { 0 };
	int64_t rows;

	if (om_batch_books_get(day->store, b->batch, scratch, &rows, err) < 0)
		return err->code;
	if (b->published && om_books_close(scratch, &why) < 0)
		b->unclosed = om_cellf(day->arena, "%s", why.msg);
	b->books =
	    om_alloc(day->arena, offsetof(struct om_books, page) +
				     scratch->count * sizeof(scratch->page[0]));
	memcpy(b->books, scratch,
	    offsetof(struct om_books, page) +
		scratch->count * sizeof(scratch->page[0]));
	if (!b->published)
		return 0;
	return om_books_merge(b->orders ? day->orders : day->payments, scratch,
	    err);
}

int
om_daily_read_batches(struct om_daily_day *day, struct om_err *err)
{
	struct om_books *scratch = om_new(day->arena, struct om_books);
	struct om_daily_batch *list = NULL;

	day->orders = om_new(day->arena, struct om_books);
	day->payments = om_new(day->arena, struct om_books);
	if (read_list(day, &list, err) < 0)
		return err->code;
	for (struct om_daily_batch *b = list; b != NULL; b = b->next)
		if (read_books(day, b, scratch, err) < 0)
			return om_wrap(err, "batch %lld", (long long)b->batch);
	day->batches = list;
	return 0;
}

static const char *
told(const struct om_daily_day *day, enum om_outcome outcome)
{
	const char *name = om_outcome_name(outcome);

	return om_outcome_whole(outcome) == outcome
		   ? name
		   : om_cellf(day->arena, "of which %s", name);
}

static void
book_rows(const struct om_daily_day *day, const struct om_books *books,
    const char *first, bool with_first)
{
	for (size_t n = 0; n < books->count; n++) {
		const struct om_page *p = &books->page[n];

		for (int i = 0; i < OM_COUNTS; i++) {
			enum om_outcome o = om_outcome_told(i);
			const char *cells[5] = {
				first,
				om_cell_code(p->currency),
				told(day, o),
				om_cell_int(day->arena, p->orders[o]),
				om_cell_money(day->arena, p->amount_minor[o],
				    p->currency),
			};

			if (p->orders[o] != 0 || o == OM_READ)
				om_report_row(day->report, cells + !with_first);
		}
	}
}

void
om_daily_money(const struct om_daily_day *day)
{
	static const struct om_report_column columns[] = {
		{ "currency", "Currency", OM_LEFT },
		{ "outcome", "Outcome", OM_LEFT },
		{ "orders", "Orders", OM_RIGHT },
		{ "amount", "Amount", OM_RIGHT },
	};
	struct om_report *r = day->report;

	om_report_section(r, "money", "Orders and money in");
	om_report_table(r, "books", columns, OM_COUNT(columns));
	book_rows(day, day->orders, NULL, false);
	om_report_chart(r, "outcomes", "Orders read, by what became of them");
	for (int o = OM_CREATED; o < OM_OUTCOMES; o++) {
		int64_t n = om_books_orders(day->orders, (enum om_outcome)o);

		om_report_bar(r, om_outcome_name((enum om_outcome)o), n,
		    om_cell_int(day->arena, n));
	}
}

static const char *
books_state(const struct om_daily_batch *b)
{
	if (!b->published)
		return b->state;
	return b->unclosed == NULL ? "closed" : "open";
}

static void
batch_row(const struct om_daily_day *day, const struct om_daily_batch *b)
{
	int64_t n[OM_OUTCOMES];

	for (int o = 0; o < OM_OUTCOMES; o++)
		n[o] = om_books_orders(b->books, (enum om_outcome)o);
	om_report_row(day->report,
	    (const char *const[]){
		om_cell_int(day->arena, b->batch),
		b->feed,
		b->source,
		om_cell_int(day->arena, n[OM_READ]),
		om_cell_int(day->arena,
		    n[OM_CREATED] + n[OM_AMENDED] + n[OM_CANCELLED_BY_FEED]),
		om_cell_int(day->arena, n[OM_UNCHANGED]),
		om_cell_int(day->arena, n[OM_CONFLICTING] + n[OM_REJECTED]),
		books_state(b),
	    });
}

void
om_daily_batches(const struct om_daily_day *day)
{
	static const struct om_report_column columns[] = {
		{ "batch", "Batch", OM_LEFT },
		{ "feed", "Feed", OM_LEFT },
		{ "source", "Source", OM_LEFT },
		{ "read", "Read", OM_RIGHT },
		{ "taken", "Taken", OM_RIGHT },
		{ "unchanged", "Unchanged", OM_RIGHT },
		{ "set_aside", "Set aside", OM_RIGHT },
		{ "books", "Books", OM_LEFT },
	};
	static const struct om_report_column books[] = {
		{ "batch", "Batch", OM_LEFT },
		{ "currency", "Currency", OM_LEFT },
		{ "outcome", "Outcome", OM_LEFT },
		{ "orders", "Orders", OM_RIGHT },
		{ "amount", "Amount", OM_RIGHT },
	};
	struct om_report *r = day->report;

	om_report_section(r, "batches", "Batches of the day");
	om_report_table(r, "batches", columns, OM_COUNT(columns));
	for (const struct om_daily_batch *b = day->batches; b != NULL;
	     b = b->next)
		batch_row(day, b);
	for (const struct om_daily_batch *b = day->batches; b != NULL;
	     b = b->next) {
		const char *why = b->unclosed != NULL ? b->unclosed : b->reason;

		if (why[0] != '\0')
			om_report_note(r, 'b',
			    om_cellf(day->arena, "batch %lld: %s",
				(long long)b->batch, why));
	}
	om_report_section(r, "batch_books", "Their books");
	om_report_table(r, "books", books, OM_COUNT(books));
	for (const struct om_daily_batch *b = day->batches; b != NULL;
	     b = b->next)
		book_rows(day, b->books, om_cell_int(day->arena, b->batch),
		    true);
}
