/* ingest.c - the road of one batch, from its files to its place in the store. */
#include "ingest/ingest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/conflicts.h"
#include "ingest/job.h"
#include "ingest/keep.h"
#include "ingest/manifest.h"
#include "ingest/numbers.h"
#include "ingest/pipeline.h"
#include "ingest/publish.h"
#include "ingest/recover.h"
#include "store/batch.h"
#include "store/quarantine.h"

#define REJECTS_PER_COMMIT 1000

static void
job_end(struct om_job *j)
{
	struct om_err ignored = { 0 };
	int rc = om_pool_wait(&j->hashing, &ignored);

	(void)rc;
	om_txn_end(&j->txn);
	om_reader_close(&j->reader);
	om_sequences_fini(&j->numbers);
}

/* Which of the parent's rejects are repaired now? */
static int
close_parent(struct om_job *j, int64_t batch, struct om_err *err)
{
	int64_t parent = j->options->parent;

	if (parent == 0)
		return 0;
	if (!j->options->dry_run &&
	    om_publish_retries(j->store, parent, batch, err) < 0)
		return err->code;
	return om_quarantine_open(j->store, parent,
	    &j->out->parent_open_rejects, err);
}

static int
check_manifests(struct om_job *j, struct om_err *err)
{
	const struct om_found found = {
		.books = &j->out->books,
		.rows = j->out->rows_read,
		.sha256 = j->out->sha256,
		.reader = j->reader,
		.part = j->options->parent != 0,
	};

	return om_manifests_check(j->options->manifest, &found, err);
}

/* The content is in the store: what was taken then is unchanged now. A killed
 * command may have left its parent open, or no parent may have been named. */
static int
report_already(struct om_job *j, struct om_err *err)
{
	struct om_ingest_result *out = j->out;
	int64_t batch = j->known;

	out->already = true;
	out->published = true;
	out->batch = batch;
	if (om_batch_books_get(j->store, batch, &out->books, &out->rows_read,
		err) < 0 ||
	    om_quarantine_open(j->store, batch, &out->open_rejects, err) < 0 ||
	    close_parent(j, batch, err) < 0)
		return err->code;
	if (check_manifests(j, err) < 0)
		return err->code;
	om_books_again(&out->books);
	return 0;
}

static int
put_reject(const struct om_reject *r, void *arg, struct om_err *err)
{
	struct om_job *j = arg;
	const struct om_quarantined q = {
		.batch = j->batch.batch,
		.reject = ++j->rejects,
		.outcome = OM_REJECTED,
		.channel = r->channel,
		.reference = r->reference,
		.at = r->at,
		.column = r->column,
		.value = r->value,
		.reason = om_str_of(r->reason),
		.currency = r->currency,
		.total_minor = r->total_minor,
	};

	if (j->txn.db == NULL &&
	    om_txn_begin(om_store_catalog(j->store), &j->txn, err) < 0)
		return err->code;
	if (om_quarantine_put(j->store, &q, err) < 0)
		return err->code;
	if (om_keep_rows(j->store, q.batch, q.reject, r, err) < 0)
		return err->code;
	if (j->options->dry_run || j->rejects % REJECTS_PER_COMMIT != 0)
		return 0;
	return om_txn_commit(&j->txn, err);
}

/* The rejects stay in the quarantine, so that someone can look; of the orders
 * nothing stays. */
static int
give_up(struct om_job *j, const char *reason, struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_db *db = om_store_catalog(j->store);
	int64_t batch = j->batch.batch;

	if (j->options->dry_run)
		return 0;
	if (om_txn_begin(db, &txn, err) < 0 ||
	    om_publish_findings(j->store, batch, &j->rejects, err) < 0 ||
	    om_quarantine_supersede(j->store, batch, err) < 0 ||
	    om_run_end(j->store, j->run, 5, err) < 0 ||
	    om_txn_commit(&txn, err) < 0)
		return err->code;
	return om_undo_batch(j->store, batch, "failed", reason, err);
}

static int
judge(struct om_job *j, struct om_err *err)
{
	struct om_ingest_result *out = j->out;
	char reason[OM_ERR_MAX];

	out->open_rejects = om_limits_turned_away(&out->books);
	if (om_limits_hold(&j->options->limits, &out->books, reason)) {
		struct om_err why = { 0 };

		if (check_manifests(j, &why) == 0)
			return 0;
		memcpy(reason, why.msg, sizeof(reason));
	}
	if (give_up(j, reason, err) < 0)
		return err->code;
	return om_fail(err, OM_EDATA, "%s; nothing was loaded", reason);
}

/* A failure that the input is to blame for ends the batch; after any other
 * one the same command can go on. */
static int
fail(struct om_job *j, struct om_err *err)
{
	struct om_err ignored = { 0 };
	const struct om_err cause = *err;

	/* What was rejected until then may say what is wrong with it. */
	if (cause.code == OM_EDATA && !j->options->dry_run &&
	    j->txn.db != NULL && om_txn_commit(&j->txn, &ignored) < 0)
		ignored = (struct om_err){ 0 };
	om_txn_end(&j->txn);
	if (cause.code == OM_EDATA || cause.code == OM_ELIMIT ||
	    cause.code == OM_EUSAGE || cause.code == OM_EINTERNAL)
		(void)give_up(j, cause.msg, &ignored);
	*err = cause;
	return cause.code;
}

/* A dry run's findings are rolled back already. */
static int
keep_conflicts(struct om_job *j, struct om_err *err)
{
	const struct om_conflicts c = {
		.store = j->store,
		.feed = j->feed,
		.paths = j->paths,
		.path_count = j->path_count,
		.memory = om_job_memory(j),
		.batch = j->batch.batch,
		.rejects = j->rejects,
	};

	if (j->options->dry_run ||
	    om_books_orders(&j->out->books, OM_CONFLICTING) == 0)
		return 0;
	return om_conflicts_keep(&c, err);
}

static int
load(struct om_job *j, struct om_err *err)
{
	struct om_books read;
	const struct om_pipeline p = {
		.store = j->store,
		.feed = j->feed,
		.reader = j->reader,
		.dry_run = j->options->dry_run,
		.deadline_ns = j->options->deadline_ns,
		.block_items = j->options->block_items,
		.begin = om_job_begin,
		.on_reject = put_reject,
		.arg = j,
	};
	struct om_ingest_result *out = j->out;

	if (om_pipeline_run(&p, &read, &out->books, err) < 0)
		return !j->registered || om_reader_scattered(j->reader)
			   ? err->code
			   : fail(j, err);
	if (j->known != 0)
		return 0;
	if (om_books_merge(&out->books, &read, err) < 0 ||
	    om_books_close(&out->books, err) < 0)
		return fail(j, err);
	out->rows_read = (int64_t)om_reader_rows(j->reader);
	j->batch.rows_read = out->rows_read;
	if (!j->options->dry_run && j->txn.db != NULL &&
	    om_txn_commit(&j->txn, err) < 0)
		return err->code;
	if (keep_conflicts(j, err) < 0)
		return err->code;
	return judge(j, err);
}

/* Repaired rows are a part of a batch that had its number. */
static int
take_numbers(struct om_job *j, struct om_err *err)
{
	struct om_sequences *list = &j->numbers;

	if (j->options->parent != 0)
		return 0;
	if (om_numbers_collect(j->feed, j->reader, j->options->manifest,
		om_job_name(j, 0), list, err) < 0)
		return err->code;
	j->batch.numbers = list;
	j->out->numbers = list->n;
	if (list->n > 0) {
		j->out->first_number = list->item[0];
		j->out->last_number = list->item[list->n - 1];
	}
	return 0;
}

static int
finish(struct om_job *j, struct om_err *err)
{
	struct om_ingest_result *out = j->out;

	if (take_numbers(j, err) < 0)
		return err->code;
	if (j->options->dry_run)
		return 0;
	if (om_publish(j->store, &j->batch, &out->books, j->run, j->rejects,
		err) < 0)
		return err->code;
	out->batch = j->batch.batch;
	out->published = true;
	return close_parent(j, out->batch, err);
}

static int
open_reader(struct om_job *j, struct om_err *err)
{
	om_reader_close(&j->reader);
	if (om_reader_open(j->feed, j->paths, j->path_count, om_job_memory(j),
		NULL, &j->reader, err) < 0)
		return err->code;
	if (!j->gather)
		om_reader_stream(j->reader);
	return 0;
}

/* Rows of one order were found apart: take back what was loaded on the
 * assumption that they stand together, and gather them. */
static int
start_over(struct om_job *j, struct om_err *err)
{
	struct om_db *db = om_store_catalog(j->store);

	j->gather = true;
	j->rejects = 0;
	if (!j->options->dry_run)
		om_txn_end(&j->txn); /* rejects not committed yet */
	if (om_job_plan(j, true, j->batch.plan, err) < 0 ||
	    (!j->options->dry_run &&
		om_undo_shards(j->store, j->batch.batch, err) < 0) ||
	    (j->txn.db == NULL && om_txn_begin(db, &j->txn, err) < 0) ||
	    om_batch_replan(j->store, &j->batch, err) < 0 ||
	    om_quarantine_drop(j->store, j->batch.batch, err) < 0 ||
	    open_reader(j, err) < 0 || om_job_put_headers(j, err) < 0)
		return err->code;
	return j->options->dry_run ? 0 : om_txn_commit(&j->txn, err);
}

/* The files are hashed and read at the same time. Only when a batch was
 * interrupted must it be known first whether it is this one, and how that was
 * read. */
static int
start_job(struct om_job *j, struct om_err *err)
{
	char sha[OM_SHA256_HEX];
	char plan[OM_SHA256_HEX];
	struct om_err cause;
	int64_t loading = 0;

	if (om_job_hash(j, err) < 0 ||
	    om_batch_loading(j->store, &loading, sha, plan, err) < 0 ||
	    (loading != 0 && om_job_look(j, err) < 0))
		return err->code;
	if (j->known != 0 || open_reader(j, err) == 0)
		return 0;
	cause = *err;
	if (om_job_look(j, err) < 0)
		return err->code;
	*err = cause;
	return j->known != 0 ? 0 : err->code;
}

static int
run_job(struct om_job *j, struct om_err *err)
{
	int rc = start_job(j, err);

	if (rc == 0 && j->known == 0)
		rc = load(j, err);
	if (rc < 0 && j->registered && om_reader_scattered(j->reader)) {
		if (start_over(j, err) < 0)
			return err->code;
		rc = load(j, err);
	}
	if (rc < 0)
		return rc;
	return j->known != 0 ? report_already(j, err) : finish(j, err);
}

int
om_ingest(struct om_store *store, const struct om_feed *feed,
    const char *const *paths, unsigned path_count,
    const struct om_ingest_options *options, struct om_ingest_result *out,
    struct om_err *err)
{
	OM_AUTO(job_end)
	struct om_job j = { .store = store,
		.feed = feed,
		.paths = paths,
		.path_count = path_count,
		.options = options,
		.out = out };
	int64_t started = om_monotonic_ns();
	int rc;

	*out = (struct om_ingest_result){ 0 };
	rc = run_job(&j, err);
	out->ns = om_monotonic_ns() - started;
	return rc;
}
