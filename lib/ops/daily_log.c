/* daily_log.c - quarantine, runs and evidence of a day. */
#include <string.h>

#include "ops/daily_parts.h"
#include "ops/figure.h"
#include "store/sql.h"

#define REJECTS_SHOWN 25

static const char day_rejects[] =
    "SELECT /*scan*/ r.batch, r.line, r.channel, r.reference, r.column_name,"
    "       r.reason, r.resolved_by, r.currency, r.total_minor"
    "  FROM rejects r JOIN batches b ON b.batch = r.batch"
    " WHERE CASE WHEN b.finished_at > 0 THEN b.finished_at"
    "       ELSE b.started_at END BETWEEN $1 AND $2"
    " ORDER BY r.batch, r.reject";
static const char day_runs[] =
    "SELECT /*scan*/ run, command, state, started_at, finished_at, status,"
    "       pid, host"
    "  FROM runs"
    " WHERE CASE WHEN finished_at > 0 THEN finished_at ELSE started_at END"
    "       BETWEEN $1 AND $2 ORDER BY run";
static const char run_books[] =
    "SELECT outcome, orders FROM run_books WHERE run = $1"
    " ORDER BY pass, CASE WHEN outcome = 'in' THEN 0 ELSE 1 END, outcome";
static const char last_checkpoint[] =
    "SELECT size, note, created_at FROM checkpoints"
    " ORDER BY size DESC LIMIT 1";

static void
reject_row(const struct om_daily_day *day, struct om_stmt *q)
{
	struct om_arena *a = day->arena;
	const struct om_currency *c = om_currency_find(om_col_text(q, 7));

	om_report_row(day->report,
	    (const char *const[]){
		om_cell_int(a, om_col_int(q, 0)),
		om_cell_int(a, om_col_int(q, 1)),
		om_cellf(a, "%.*s/%.*s", OM_FMT(om_col_text(q, 2)),
		    OM_FMT(om_col_text(q, 3))),
		om_cellf(a, "%s %s", om_cell_money(a, om_col_int(q, 8), c),
		    om_cell_code(c)),
		om_cell_str(a, om_col_text(q, 5)),
		om_col_int(q, 6) == 0
		    ? "open"
		    : om_cellf(a, "by batch %lld", (long long)om_col_int(q, 6)),
	    });
}

int
om_daily_rejects(const struct om_daily_day *day, struct om_err *err)
{
	static const struct om_report_column columns[] = {
		{ "batch", "Batch", OM_LEFT },
		{ "line", "Line", OM_RIGHT },
		{ "order", "Order", OM_LEFT },
		{ "total", "Stated total", OM_RIGHT },
		{ "reason", "Reason", OM_LEFT },
		{ "resolved", "Resolved", OM_LEFT },
	};
	struct om_stmt *q;
	int64_t n = 0;
	int rc;

	om_report_section(day->report, "rejects", "Quarantine");
	om_report_table(day->report, "rejects", columns, OM_COUNT(columns));
	if (om_sql(om_store_catalog(day->store), &q, err, day_rejects, "ii",
		day->from, day->to - 1) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1)
		if (n++ < REJECTS_SHOWN)
			reject_row(day, q);
	if (rc == 0 && n > REJECTS_SHOWN)
		om_report_note(day->report, 'i',
		    om_cellf(day->arena,
			"and %lld more: ordmill rejects list shows them all",
			(long long)(n - REJECTS_SHOWN)));
	return rc;
}

/* "7 in, 5 allocated, 2 backordered" */
static int
run_text(const struct om_daily_day *day, int64_t run, const char **out,
    struct om_err *err)
{
	struct om_buf text OM_AUTO(om_buf_fini) = { 0 };
	struct om_stmt *q;
	int rc;

	om_buf_init(&text, 4096);
	if (om_sql(om_store_catalog(day->store), &q, err, run_books, "i", run) <
	    0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		if (text.n > 0)
			om_buf_text(&text, ", ");
		om_buf_printf(&text, "%lld %.*s", (long long)om_col_int(q, 1),
		    OM_FMT(om_col_text(q, 0)));
	}
	*out = om_cell_str(day->arena, om_buf_view(&text));
	return rc;
}

struct run {
	struct run *next;
	int64_t number;
	const char *cells[5]; /* all but the text */
};

static int
read_runs(const struct om_daily_day *day, struct run **out, struct om_err *err)
{
	struct om_arena *a = day->arena;
	struct om_stmt *q;
	int rc;

	if (om_sql(om_store_catalog(day->store), &q, err, day_runs, "ii",
		day->from, day->to - 1) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		struct run *r = om_new(a, struct run);
		int64_t started = om_col_int(q, 3);
		int64_t finished = om_col_int(q, 4);

		r->number = om_col_int(q, 0);
		r->cells[0] = om_cell_int(a, r->number);
		r->cells[1] = om_cell_str(a, om_col_text(q, 1));
		r->cells[2] = om_cell_time(a, started);
		r->cells[3] =
		    finished == 0 ? "-" : om_cell_int(a, finished - started);
		r->cells[4] = om_str_is(om_col_text(q, 2), "failed")
				  ? om_cellf(a, "failed (exit %lld)",
					(long long)om_col_int(q, 5))
				  : om_cell_str(a, om_col_text(q, 2));
		*out = r;
		out = &r->next;
	}
	return rc;
}

int
om_daily_runs(const struct om_daily_day *day, struct om_err *err)
{
	static const struct om_report_column columns[] = {
		{ "run", "Run", OM_LEFT },
		{ "command", "Command", OM_LEFT },
		{ "started", "Started", OM_LEFT },
		{ "seconds", "Seconds", OM_RIGHT },
		{ "state", "State", OM_LEFT },
		{ "books", "Books", OM_LEFT },
	};
	struct run *list = NULL;

	om_report_section(day->report, "runs", "Runs of the day");
	om_report_table(day->report, "runs", columns, OM_COUNT(columns));
	if (read_runs(day, &list, err) < 0)
		return err->code;
	for (struct run *r = list; r != NULL; r = r->next) {
		const char *cells[6];

		memcpy(cells, r->cells, sizeof(r->cells));
		if (run_text(day, r->number, &cells[5], err) < 0)
			return err->code;
		om_report_row(day->report, cells);
	}
	return 0;
}

/* The line'th line of a note, 0 the first. */
static const char *
note_line(struct om_arena *arena, struct om_str note, int line)
{
	while (line-- > 0) {
		const char *end =
		    note.n == 0 ? NULL : memchr(note.p, '\n', note.n);

		if (end == NULL)
			return "";
		note.n -= (size_t)(end + 1 - note.p);
		note.p = end + 1;
	}
	for (size_t n = 0; n < note.n; n++)
		if (note.p[n] == '\n')
			note.n = n;
	return om_cell_str(arena, note);
}

int
om_daily_evidence(const struct om_daily_day *day, struct om_err *err)
{
	struct om_arena *a = day->arena;
	struct om_report *r = day->report;
	struct om_stmt *q;
	struct om_str note;
	int rc;

	om_report_section(r, "evidence", "Evidence");
	if (om_sql(om_store_catalog(day->store), &q, err, last_checkpoint, "") <
	    0)
		return err->code;
	rc = om_stmt_step(q, err);
	if (rc == 0)
		om_report_note(r, 'i', "no checkpoint yet");
	if (rc <= 0)
		return rc;
	note = om_col_text(q, 1);
	om_report_count(r, "size", "Entries", om_col_int(q, 0));
	om_report_fact(r, "checkpoint", "Last checkpoint",
	    om_cell_time(a, om_col_int(q, 2)));
	om_report_fact(r, "origin", "Origin", note_line(a, note, 0));
	om_report_fact(r, "root", "Root", note_line(a, note, 2));
	om_report_fact(r, "signature", "Signature",
	    note_line(a, note, 4)[0] == '\0' ? "none" : note_line(a, note, 4));
	om_stmt_reset(q);
	return 0;
}
