/* batch.c - batches and runs in the catalog; see batch.h. */
#include "store/batch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/gaps.h"
#include "store/handle.h"
#include "store/sql.h"

#define HOST_MAX 256

static const char find_published[] =
    "SELECT batch FROM batches WHERE sha256 = $1 AND kind = $2"
    " AND state = 'published' ORDER BY batch LIMIT 1";
static const char find_namesake[] =
    "SELECT max(batch) FROM batches WHERE source = $1 AND kind = $2"
    " AND sha256 <> $3 AND state = 'published'";
static const char find_loading[] =
    "SELECT batch, sha256, plan FROM batches WHERE state = 'loading'"
    " ORDER BY batch LIMIT 1 /*scan*/";
static const char find_batch[] = "SELECT 1 FROM batches WHERE batch = $1";
static const char next_batch[] =
    "SELECT coalesce(max(batch), 0) + 1 FROM batches";
static const char put_batch[] =
    "INSERT INTO batches (batch, feed, kind, source, sha256, bytes, state,"
    " plan, parent, rows_read, started_at, finished_at, reason)"
    " VALUES ($1, $2, $3, $4, $5, $6, 'loading', $7, $8, 0, $9, 0, '')";
static const char publish_batch[] =
    "UPDATE batches SET state = 'published', rows_read = $2, finished_at = $3"
    " WHERE batch = $1";
static const char doom_batch[] =
    "UPDATE batches SET plan = '' WHERE batch = $1";
static const char end_batch[] =
    "UPDATE batches SET state = $2, finished_at = $3, reason = $4"
    " WHERE batch = $1";
static const char replan[] = "UPDATE batches SET plan = $2 WHERE batch = $1";
static const char put_books[] =
    "INSERT INTO batch_books (batch, currency, outcome, orders, amount_minor)"
    " VALUES ($1, $2, $3, $4, $5)";
static const char get_books[] =
    "SELECT currency, outcome, orders, amount_minor FROM batch_books"
    " WHERE batch = $1 ORDER BY currency, outcome";
static const char get_rows_read[] =
    "SELECT rows_read FROM batches WHERE batch = $1";
static const char next_run[] = "SELECT coalesce(max(run), 0) + 1 FROM runs";
static const char put_run[] =
    "INSERT INTO runs (run, command, state, pid, host, started_at,"
    " finished_at, status) VALUES ($1, $2, 'running', $3, $4, $5, 0, 0)";
static const char end_run[] =
    "UPDATE runs SET state = $2, finished_at = $3, status = $4 WHERE run = $1";

int
om_batch_published(struct om_store *store, const char *sha256, const char *kind,
    int64_t *out_batch, struct om_err *err)
{
	return om_sql_int(store->catalog, out_batch, err, find_published, "ss",
	    sha256, kind);
}

int
om_batch_namesake(struct om_store *store, const struct om_batch *batch,
    int64_t *out_batch, struct om_err *err)
{
	*out_batch = 0;
	if (strcmp(batch->source, "-") == 0)
		return 0;
	return om_sql_int(store->catalog, out_batch, err, find_namesake, "sss",
	    batch->source, batch->kind, batch->sha256);
}

static void
copy_hex(struct om_str from, char out[OM_SHA256_HEX])
{
	size_t n = from.n < OM_SHA256_HEX ? from.n : OM_SHA256_HEX - 1;

	if (n > 0)
		memcpy(out, from.p, n);
	out[n] = '\0';
}

int
om_batch_loading(struct om_store *store, int64_t *out_batch,
    char out_sha256[OM_SHA256_HEX], char out_plan[OM_SHA256_HEX],
    struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_sql(store->catalog, &q, err, find_loading, "") < 0 ||
	    (rc = om_stmt_step(q, err)) < 0)
		return err->code;
	*out_batch = rc == 1 ? om_col_int(q, 0) : 0;
	if (rc == 1) {
		copy_hex(om_col_text(q, 1), out_sha256);
		copy_hex(om_col_text(q, 2), out_plan);
	}
	om_stmt_reset(q);
	return 0;
}

int
om_batch_exists(struct om_store *store, int64_t batch, struct om_err *err)
{
	int64_t one;

	if (om_sql_int(store->catalog, &one, err, find_batch, "i", batch) < 0)
		return err->code;
	if (one == 0)
		return om_fail(err, OM_ENOENT, "no batch %lld",
		    (long long)batch);
	return 0;
}

int
om_batch_begin(struct om_store *store, struct om_batch *b, struct om_err *err)
{
	int64_t number;

	b->started_at = om_now(&store->clock);
	if (om_sql_int(store->catalog, &number, err, next_batch, "") < 0 ||
	    om_sql_run(store->catalog, err, put_batch, "issssisii", number,
		b->feed, b->kind, b->source, b->sha256, b->bytes, b->plan,
		b->parent, b->started_at) < 0)
		return err->code;
	b->batch = number;
	return 0;
}

int
om_batch_replan(struct om_store *store, const struct om_batch *b,
    struct om_err *err)
{
	return om_sql_run(store->catalog, err, replan, "is", b->batch, b->plan);
}

int
om_batch_publish(struct om_store *store, const struct om_batch *b,
    struct om_err *err)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)b->batch);
	if (om_sql_run(store->catalog, err, publish_batch, "iii", b->batch,
		b->rows_read, om_now(&store->clock)) < 0)
		return err->code;
	for (size_t i = 0; b->numbers != NULL && i < b->numbers->n; i++)
		if (om_numbered_put(store, b->feed, b->batch,
			&b->numbers->item[i], err) < 0)
			return err->code;
	return om_store_set_meta(store, "published", text, err);
}

int
om_batch_doom(struct om_store *store, int64_t batch, struct om_err *err)
{
	return om_sql_run(store->catalog, err, doom_batch, "i", batch);
}

int
om_batch_end(struct om_store *store, int64_t batch, const char *state,
    const char *reason, struct om_err *err)
{
	return om_sql_run(store->catalog, err, end_batch, "isis", batch, state,
	    om_now(&store->clock), reason);
}

int
om_batch_books_put(struct om_store *store, int64_t batch,
    const struct om_books *books, struct om_err *err)
{
	for (size_t i = 0; i < books->count; i++)
		for (int o = 0; o < OM_COUNTS; o++) {
			const struct om_page *p = &books->page[i];

			if (p->orders[o] == 0)
				continue;
			if (om_sql_run(store->catalog, err, put_books, "issii",
				batch,
				p->currency == NULL ? "" : p->currency->code,
				om_outcome_name((enum om_outcome)o),
				p->orders[o], p->amount_minor[o]) < 0)
				return err->code;
		}
	return 0;
}

int
om_batch_books_get(struct om_store *store, int64_t batch, struct om_books *out,
    int64_t *out_rows_read, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	*out = (struct om_books){ 0 };
	if (om_sql_int(store->catalog, out_rows_read, err, get_rows_read, "i",
		batch) < 0 ||
	    om_sql(store->catalog, &q, err, get_books, "i", batch) < 0)
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
om_run_begin(struct om_store *store, const char *command, int64_t *out_run,
    struct om_err *err)
{
	char host[HOST_MAX] = "";
	int64_t run;

	(void)gethostname(host, sizeof(host) - 1);
	if (om_sql_int(store->catalog, &run, err, next_run, "") < 0 ||
	    om_sql_run(store->catalog, err, put_run, "isisi", run, command,
		(int64_t)getpid(), host, om_now(&store->clock)) < 0)
		return err->code;
	*out_run = run;
	return 0;
}

int
om_run_end(struct om_store *store, int64_t run, int status, struct om_err *err)
{
	const char *state = status == 0 ? "done" : "failed";

	return om_sql_run(store->catalog, err, end_run, "isii", run, state,
	    om_now(&store->clock), (int64_t)status);
}
