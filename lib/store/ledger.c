/* ledger.c - progress, books and findings of a shard; see ledger.h. */
#include "store/ledger.h"

#include <stdio.h>

#include "store/sql.h"

#define OUTCOME_MAX 64

static const char get_progress[] = "SELECT chunk, leaf_from FROM progress"
				   " WHERE kind = $1 AND number = $2";
static const char set_progress[] =
    "INSERT INTO progress (kind, number, chunk, leaf_from)"
    " VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (kind, number) DO UPDATE SET chunk = excluded.chunk";
static const char drop_progress[] =
    "DELETE FROM progress WHERE kind = $1 AND number = $2";
static const char add_books[] =
    "INSERT INTO shard_books"
    " (kind, number, currency, outcome, orders, amount_minor)"
    " VALUES ('batch', $1, $2, $3, $4, $5)"
    " ON CONFLICT (kind, number, currency, outcome) DO UPDATE SET"
    " orders = shard_books.orders + excluded.orders,"
    " amount_minor = shard_books.amount_minor + excluded.amount_minor";
static const char get_books[] =
    "SELECT currency, outcome, orders, amount_minor FROM shard_books"
    " WHERE kind = 'batch' AND number = $1 ORDER BY currency, outcome";
static const char drop_books[] =
    "DELETE FROM shard_books WHERE kind = 'batch' AND number = $1";
/* What rows are looked for by, and no text: sorting a sample of that takes ten
 * times as long. */
static const char analyze[] =
    "ANALYZE order_rows (id, slot, batch, until_batch, state); --@postgres\n"
    "ANALYZE order_keys; --@postgres\n"
    "ANALYZE payments (slot, key, leaf, order_id); --@postgres\n";
static const char add_tally[] =
    "INSERT INTO shard_books"
    " (kind, number, currency, outcome, orders, amount_minor)"
    " VALUES ('run', $1, '', $2, $3, 0)"
    " ON CONFLICT (kind, number, currency, outcome) DO UPDATE SET"
    " orders = shard_books.orders + excluded.orders";
static const char get_tally[] =
    "SELECT outcome, orders FROM shard_books"
    " WHERE kind = 'run' AND number = $1 ORDER BY outcome";
static const char drop_tallies[] =
    "DELETE FROM shard_books WHERE kind = 'run' AND number <> $1";
static const char add_finding[] =
    "INSERT INTO findings (batch, chunk, finding, outcome, channel, reference,"
    " source, line, byte_offset, reason, currency, total_minor)"
    " VALUES ($1, $2, $3, 'conflicting', $4, $5, $6, $7, $8, $9, $10, $11)";
static const char get_findings[] =
    "SELECT channel, reference, source, line, byte_offset, reason, currency,"
    " total_minor FROM findings WHERE batch = $1 ORDER BY chunk, finding";
static const char drop_findings[] = "DELETE FROM findings WHERE batch = $1";
static const char get_published[] = "SELECT batch FROM published WHERE one = 1";
static const char set_published[] =
    "UPDATE published SET batch = $1 WHERE one = 1";

int
om_progress_get(struct om_db *shard, const char *kind, int64_t number,
    struct om_progress *out, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_sql(shard, &q, err, get_progress, "si", kind, number) < 0 ||
	    (rc = om_stmt_step(q, err)) < 0)
		return err->code;
	*out = (struct om_progress){ .there = rc == 1, .chunk = -1 };
	if (rc == 1) {
		out->chunk = om_col_int(q, 0);
		out->leaf_from = om_col_int(q, 1);
	}
	om_stmt_reset(q);
	return 0;
}

int
om_progress_set(struct om_db *shard, const char *kind, int64_t number,
    int64_t chunk, int64_t leaf_from, struct om_err *err)
{
	return om_sql_run(shard, err, set_progress, "siii", kind, number, chunk,
	    leaf_from);
}

int
om_progress_drop(struct om_db *shard, const char *kind, int64_t number,
    struct om_err *err)
{
	return om_sql_run(shard, err, drop_progress, "si", kind, number);
}

static const char *
code_of(const struct om_currency *currency)
{
	return currency == NULL ? "" : currency->code;
}

int
om_shard_books_add(struct om_db *shard, int64_t batch,
    const struct om_books *more, struct om_err *err)
{
	for (size_t i = 0; i < more->count; i++)
		for (int o = 0; o < OM_COUNTS; o++) {
			const struct om_page *p = &more->page[i];

			if (p->orders[o] == 0)
				continue;
			if (om_sql_run(shard, err, add_books, "issii", batch,
				code_of(p->currency),
				om_outcome_name((enum om_outcome)o),
				p->orders[o], p->amount_minor[o]) < 0)
				return err->code;
		}
	return 0;
}

int
om_shard_books_get(struct om_db *shard, int64_t batch, struct om_books *out,
    struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	*out = (struct om_books){ 0 };
	if (om_sql(shard, &q, err, get_books, "i", batch) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		enum om_outcome outcome = OM_COUNTS;

		if (!om_outcome_find(om_col_text(q, 1), &outcome))
			return om_fail(err, OM_EDAMAGED, "unknown outcome");
		if (om_books_add(out, om_currency_find(om_col_text(q, 0)),
			outcome, om_col_int(q, 2), om_col_int(q, 3), err) < 0)
			return err->code;
	}
	return rc;
}

int
om_shard_books_drop(struct om_db *shard, int64_t batch, struct om_err *err)
{
	return om_sql_run(shard, err, drop_books, "i", batch);
}

int
om_finding_add(struct om_db *shard, int64_t batch, int64_t chunk, int64_t seq,
    const struct om_finding *f, struct om_err *err)
{
	return om_sql_run(shard, err, add_finding, "iiittiiitsi", batch, chunk,
	    seq, &f->channel, &f->reference, (int64_t)f->at.source,
	    (int64_t)f->at.line, (int64_t)f->at.offset, &f->reason,
	    code_of(f->currency), f->total_minor);
}

int
om_findings_each(struct om_db *shard, int64_t batch, om_finding_fn *each,
    void *arg, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_sql(shard, &q, err, get_findings, "i", batch) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		const struct om_finding f = {
			.channel = om_col_text(q, 0),
			.reference = om_col_text(q, 1),
			.at = { (uint32_t)om_col_int(q, 2),
			    (uint64_t)om_col_int(q, 3),
			    (uint64_t)om_col_int(q, 4) },
			.reason = om_col_text(q, 5),
			.currency = om_currency_find(om_col_text(q, 6)),
			.total_minor = om_col_int(q, 7),
		};

		if ((rc = each(&f, arg, err)) < 0) {
			om_stmt_reset(q);
			return rc;
		}
	}
	return rc;
}

int
om_shard_published(struct om_db *shard, int64_t *out, struct om_err *err)
{
	return om_sql_int(shard, out, err, get_published, "");
}

int
om_shard_publish(struct om_db *shard, int64_t batch, struct om_err *err)
{
	return om_sql_run(shard, err, set_published, "i", batch);
}

int
om_shard_forget(struct om_db *shard, int64_t batch, struct om_err *err)
{
	if (om_progress_drop(shard, OM_WORK_BATCH, batch, err) < 0 ||
	    om_shard_books_drop(shard, batch, err) < 0)
		return err->code;
	return om_sql_run(shard, err, drop_findings, "i", batch);
}

int
om_run_tally_add(struct om_db *shard, int64_t run, const char *outcome,
    int64_t items, struct om_err *err)
{
	return om_sql_run(shard, err, add_tally, "isi", run, outcome, items);
}

int
om_run_tally_drop_others(struct om_db *shard, int64_t run, struct om_err *err)
{
	return om_sql_run(shard, err, drop_tallies, "i", run);
}

int
om_run_tally_each(struct om_db *shard, int64_t run, om_tally_fn *each,
    void *arg, struct om_err *err)
{
	char outcome[OUTCOME_MAX];
	struct om_stmt *q;
	int rc;

	if (om_sql(shard, &q, err, get_tally, "i", run) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		snprintf(outcome, sizeof(outcome), "%.*s",
		    OM_FMT(om_col_text(q, 0)));
		if (each(outcome, om_col_int(q, 1), arg, err) < 0) {
			om_stmt_reset(q);
			return err->code;
		}
	}
	return rc;
}

int
om_shard_analyze(struct om_db *shard, struct om_err *err)
{
	return om_db_exec(shard, analyze, err);
}
