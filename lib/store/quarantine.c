/* quarantine.c - the rejects of the catalog; see quarantine.h. */
#include "store/quarantine.h"

#include "store/handle.h"
#include "store/sql.h"

static const char put_reject[] =
    "INSERT INTO rejects (batch, reject, outcome, channel, reference, source,"
    " line, byte_offset, column_name, value, reason, currency, total_minor,"
    " resolved_by) VALUES"
    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0)";
static const char put_row[] =
    "INSERT INTO reject_rows (batch, reject, row_no, source, line,"
    " byte_offset, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)";
#define LIST                                                                   \
	"SELECT r.batch, r.reject, r.outcome, r.channel, r.reference,"         \
	" r.source, r.line, r.byte_offset, r.column_name, r.value, r.reason,"  \
	" r.currency, r.total_minor, r.resolved_by FROM rejects r"             \
	" LEFT JOIN batches b ON b.batch = r.batch"                            \
	" WHERE (b.batch IS NULL OR b.state <> 'loading')"                     \
	" AND ($1 = 0 OR r.resolved_by = 0)"
static const char list_all[] = LIST " ORDER BY r.batch, r.reject /*scan*/";
static const char list_batch[] = LIST " AND r.batch = $2 ORDER BY r.reject";
static const char list_rows[] =
    "SELECT source, line, byte_offset, bytes FROM reject_rows"
    " WHERE batch = $1 AND reject = $2 ORDER BY row_no";
static const char resolve[] =
    "UPDATE rejects SET resolved_by = $3 WHERE batch = $1 AND reject = $2";
static const char drop_rejects[] = "DELETE FROM rejects WHERE batch = $1";
static const char drop_rows[] = "DELETE FROM reject_rows WHERE batch = $1";
#define FAILED_BEFORE                                                          \
	" WHERE batch IN (SELECT f.batch FROM batches b JOIN batches f"        \
	" ON f.sha256 = b.sha256 AND f.kind = b.kind AND f.batch <> b.batch"   \
	" WHERE b.batch = $1 AND f.state = 'failed')"
static const char drop_failed_rejects[] = "DELETE FROM rejects" FAILED_BEFORE;
static const char drop_failed_rows[] = "DELETE FROM reject_rows" FAILED_BEFORE;
static const char count_open[] =
    "SELECT count(*) FROM rejects WHERE batch = $1 AND resolved_by = 0";

/* Text columns hold text: bytes that are not UTF-8 become '?'. The original
 * bytes are in reject_rows. */
static struct om_str
clean(struct om_arena *arena, struct om_str s)
{
	char *copy = om_strndup(arena, s.n == 0 ? "" : s.p, s.n);
	struct om_str out = { copy, s.n };
	size_t bad;

	for (size_t i = 0; i < s.n; i++)
		if (copy[i] == '\0')
			copy[i] = '?';
	while (!om_utf8_valid(out, &bad))
		copy[bad] = '?';
	return out;
}

int
om_quarantine_put(struct om_store *store, const struct om_quarantined *q,
    struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	struct om_str channel = clean(&arena, q->channel);
	struct om_str reference = clean(&arena, q->reference);
	struct om_str column = clean(&arena, q->column);
	struct om_str value = clean(&arena, q->value);
	struct om_str reason = clean(&arena, q->reason);

	return om_sql_run(store->catalog, err, put_reject, "iisttiiitttsi",
	    q->batch, q->reject, om_outcome_name(q->outcome), &channel,
	    &reference, (int64_t)q->at.source, (int64_t)q->at.line,
	    (int64_t)q->at.offset, &column, &value, &reason,
	    q->currency == NULL ? "" : q->currency->code, q->total_minor);
}

int
om_quarantine_put_row(struct om_store *store, int64_t batch, int64_t reject,
    int64_t row, const struct om_position *at, struct om_str bytes,
    struct om_err *err)
{
	struct om_stmt *q;

	if (om_sql(store->catalog, &q, err, put_row, "iiiiii", batch, reject,
		row, (int64_t)at->source, (int64_t)at->line,
		(int64_t)at->offset) < 0)
		return err->code;
	om_bind_blob(q, 7, bytes.n == 0 ? "" : bytes.p, bytes.n);
	return om_stmt_run(q, err);
}

static int
read_one(const struct om_stmt *q, struct om_quarantined *out,
    struct om_err *err)
{
	*out = (struct om_quarantined){
		.batch = om_col_int(q, 0),
		.reject = om_col_int(q, 1),
		.channel = om_col_text(q, 3),
		.reference = om_col_text(q, 4),
		.at = { (uint32_t)om_col_int(q, 5), (uint64_t)om_col_int(q, 6),
		    (uint64_t)om_col_int(q, 7) },
		.column = om_col_text(q, 8),
		.value = om_col_text(q, 9),
		.reason = om_col_text(q, 10),
		.currency = om_currency_find(om_col_text(q, 11)),
		.total_minor = om_col_int(q, 12),
		.resolved_by = om_col_int(q, 13),
	};
	if (!om_outcome_find(om_col_text(q, 2), &out->outcome))
		return om_fail(err, OM_EDAMAGED, "unknown outcome '%.*s'",
		    OM_FMT(om_col_text(q, 2)));
	return 0;
}

int
om_quarantine_each(struct om_store *store, int64_t batch, bool open_only,
    om_quarantined_fn *each, void *arg, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	rc = batch == 0 ? om_sql(store->catalog, &q, err, list_all, "i",
			      (int64_t)open_only)
			: om_sql(store->catalog, &q, err, list_batch, "ii",
			      (int64_t)open_only, batch);
	if (rc < 0)
		return rc;
	while ((rc = om_stmt_step(q, err)) == 1) {
		struct om_quarantined one;

		if (read_one(q, &one, err) < 0 || each(&one, arg, err) < 0) {
			om_stmt_reset(q);
			return err->code;
		}
	}
	return rc;
}

int
om_quarantine_rows(struct om_store *store, int64_t batch, int64_t reject,
    om_quarantined_row_fn *each, void *arg, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_sql(store->catalog, &q, err, list_rows, "ii", batch, reject) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		const struct om_position at = { (uint32_t)om_col_int(q, 0),
			(uint64_t)om_col_int(q, 1),
			(uint64_t)om_col_int(q, 2) };

		if (each(&at, om_col_blob(q, 3), arg, err) < 0) {
			om_stmt_reset(q);
			return err->code;
		}
	}
	return rc;
}

int
om_quarantine_resolve(struct om_store *store, int64_t batch, int64_t reject,
    int64_t by, struct om_err *err)
{
	return om_sql_run(store->catalog, err, resolve, "iii", batch, reject,
	    by);
}

int
om_quarantine_supersede(struct om_store *store, int64_t batch,
    struct om_err *err)
{
	if (om_sql_run(store->catalog, err, drop_failed_rejects, "i", batch) <
	    0)
		return err->code;
	return om_sql_run(store->catalog, err, drop_failed_rows, "i", batch);
}

int
om_quarantine_open(struct om_store *store, int64_t batch, int64_t *out,
    struct om_err *err)
{
	return om_sql_int(store->catalog, out, err, count_open, "i", batch);
}

int
om_quarantine_drop(struct om_store *store, int64_t batch, struct om_err *err)
{
	if (om_sql_run(store->catalog, err, drop_rejects, "i", batch) < 0)
		return err->code;
	return om_sql_run(store->catalog, err, drop_rows, "i", batch);
}
