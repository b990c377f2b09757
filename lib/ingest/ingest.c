/* ingest.c - the road of one batch, from its files to its place in the store. */
#include "ingest/ingest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/block.h"
#include "ingest/conflicts.h"
#include "ingest/manifest.h"
#include "ingest/numbers.h"
#include "ingest/pipeline.h"
#include "ingest/publish.h"
#include "ingest/recover.h"
#include "io/source.h"
#include "store/batch.h"
#include "store/quarantine.h"

#define SOURCE_TEXT	   1024
#define REJECTS_PER_COMMIT 1000

/* One call of om_ingest. */
struct job {
	struct om_store *store;
	const struct om_feed *feed;
	const char *const *paths;
	unsigned path_count;
	const struct om_ingest_options *options;
	struct om_ingest_result *out;
	struct om_reader *reader;
	struct om_batch batch;
	char source[SOURCE_TEXT];
	int64_t run;
	bool gather;	   /* rows of an order do not stand together */
	struct om_txn txn; /* of the catalog, for rejects */
	int64_t rejects;   /* numbered so far */
	struct om_sequences numbers;
};

static void
job_end(struct job *j)
{
	om_txn_end(&j->txn);
	om_reader_close(&j->reader);
	om_sequences_fini(&j->numbers);
}

static const char *
name_of(const struct job *j, unsigned i)
{
	return j->options->names == NULL ? j->paths[i] : j->options->names[i];
}

/* A batch of one file is known by that file's hash, one of two files by the
 * hash of both hashes. */
static int
identify(struct job *j, struct om_err *err)
{
	unsigned char sha[OM_FEED_SOURCES_MAX][OM_SHA256_SIZE];
	struct om_sha256 both;

	for (unsigned i = 0; i < j->path_count; i++) {
		uint64_t size = 0;

		if (om_file_digest(j->paths[i], sha[i], &size, err) < 0)
			return err->code;
		j->out->bytes += size;
		if (j->options->parent == 0 &&
		    om_sidecar_check(j->feed, name_of(j, i), sha[i], err) < 0)
			return err->code;
	}
	if (j->path_count > 1) {
		om_sha256_init(&both);
		om_sha256_add(&both, sha, sizeof(sha));
		om_sha256_end(&both, sha[0]);
		om_sha256_fini(&both);
	}
	om_hex(sha[0], OM_SHA256_SIZE, j->out->sha256);
	return 0;
}

static size_t
block_items(const struct job *j)
{
	return j->options->block_items == 0 ? OM_BLOCK_ITEMS
					    : j->options->block_items;
}

static size_t
memory_of(const struct job *j)
{
	return j->options->memory == 0 ? OM_INGEST_MEMORY : j->options->memory;
}

/* Everything that decides which order is in which block. */
static int
make_plan(struct job *j, bool gather, char out[OM_SHA256_HEX],
    struct om_err *err)
{
	unsigned char digest[OM_SHA256_SIZE];
	char epoch[OM_META_MAX];
	char limits[OM_META_MAX + 128];
	struct om_sha256 sha;

	if (om_store_meta(j->store, "epoch", epoch, err) < 0)
		return err->code;
	snprintf(limits, sizeof(limits), "block %zu %zu %s %zu epoch %s",
	    block_items(j), OM_BLOCK_BYTES, gather ? "gather" : "stream",
	    memory_of(j), epoch);
	om_feed_digest(j->feed, digest);
	om_sha256_init(&sha);
	om_sha256_add(&sha, digest, sizeof(digest));
	om_sha256_add(&sha, limits, strlen(limits));
	om_sha256_end(&sha, digest);
	om_sha256_fini(&sha);
	om_hex(digest, sizeof(digest), out);
	return 0;
}

static void
name_source(struct job *j)
{
	size_t n = 0;

	for (unsigned i = 0; i < j->path_count && n < sizeof(j->source); i++) {
		int len = snprintf(j->source + n, sizeof(j->source) - n, "%s%s",
		    i == 0 ? "" : " ", name_of(j, i));

		n += len > 0 ? (size_t)len : 0;
	}
}

static void
describe(struct job *j)
{
	name_source(j);
	j->batch.feed = om_feed_name(j->feed);
	j->batch.kind =
	    om_feed_kind_of(j->feed) == OM_FEED_ORDERS ? "orders" : "payments";
	j->batch.source = j->source;
	j->batch.bytes = (int64_t)j->out->bytes;
	j->batch.parent = j->options->parent;
	memcpy(j->batch.sha256, j->out->sha256, OM_SHA256_HEX);
}

/* Which of the parent's rejects are repaired now? */
static int
close_parent(struct job *j, int64_t batch, struct om_err *err)
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
check_manifests(struct job *j, struct om_err *err)
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
report_already(struct job *j, int64_t batch, struct om_err *err)
{
	struct om_ingest_result *out = j->out;

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
	struct job *j = arg;
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
	for (size_t i = 0; i < r->row_count; i++)
		if (om_quarantine_put_row(j->store, q.batch, q.reject,
			(int64_t)i, &r->rows[i].at, r->rows[i].bytes, err) < 0)
			return err->code;
	if (j->options->dry_run || j->rejects % REJECTS_PER_COMMIT != 0)
		return 0;
	return om_txn_commit(&j->txn, err);
}

/* Reject 0 keeps the headers, so that an export can be ingested again. */
static int
put_headers(struct job *j, struct om_err *err)
{
	for (unsigned i = 0; i < j->path_count; i++) {
		const struct om_position at = { .source = i, .line = 1 };
		struct om_str header = om_reader_header(j->reader, i);

		if (header.n > 0 &&
		    om_quarantine_put_row(j->store, j->batch.batch, 0,
			(int64_t)i, &at, header, err) < 0)
			return err->code;
	}
	return 0;
}

/* Register the batch, or take up the one that was interrupted. */
static int
register_batch(struct job *j, int64_t resume, struct om_err *err)
{
	struct om_txn *txn = &j->txn;

	if (om_txn_begin(om_store_catalog(j->store), txn, err) < 0 ||
	    om_run_begin(j->store, "ingest", &j->run, err) < 0)
		return err->code;
	j->batch.batch = resume;
	j->out->resumed = resume != 0;
	if (resume == 0 ? om_batch_begin(j->store, &j->batch, err) < 0
			: om_quarantine_drop(j->store, resume, err) < 0)
		return err->code;
	if (put_headers(j, err) < 0)
		return err->code;
	return j->options->dry_run ? 0 : om_txn_commit(txn, err);
}

/* The rejects stay in the quarantine, so that someone can look; of the orders
 * nothing stays. */
static int
give_up(struct job *j, const char *reason, struct om_err *err)
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
judge(struct job *j, struct om_err *err)
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
fail(struct job *j, struct om_err *err)
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
keep_conflicts(struct job *j, struct om_err *err)
{
	const struct om_conflicts c = {
		.store = j->store,
		.feed = j->feed,
		.paths = j->paths,
		.path_count = j->path_count,
		.memory = memory_of(j),
		.batch = j->batch.batch,
		.rejects = j->rejects,
	};

	if (j->options->dry_run ||
	    om_books_orders(&j->out->books, OM_CONFLICTING) == 0)
		return 0;
	return om_conflicts_keep(&c, err);
}

static int
load(struct job *j, struct om_err *err)
{
	struct om_books read;
	const struct om_pipeline p = {
		.store = j->store,
		.feed = j->feed,
		.reader = j->reader,
		.batch = j->batch.batch,
		.dry_run = j->options->dry_run,
		.deadline_ns = j->options->deadline_ns,
		.block_items = block_items(j),
		.on_reject = put_reject,
		.arg = j,
	};
	struct om_ingest_result *out = j->out;

	if (om_pipeline_run(&p, &read, &out->books, err) < 0)
		return om_reader_scattered(j->reader) ? err->code
						      : fail(j, err);
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
take_numbers(struct job *j, struct om_err *err)
{
	struct om_sequences *list = &j->numbers;

	if (j->options->parent != 0)
		return 0;
	if (om_numbers_collect(j->feed, j->reader, j->options->manifest,
		name_of(j, 0), list, err) < 0)
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
finish(struct job *j, struct om_err *err)
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

/* Is it this content that was interrupted, and had it to be gathered? */
static int
choose_plan(struct job *j, struct om_err *err)
{
	char sha[OM_SHA256_HEX] = "";
	char was[OM_SHA256_HEX] = "";
	char gathered[OM_SHA256_HEX];
	int64_t loading = 0;

	if (make_plan(j, true, gathered, err) < 0 ||
	    om_batch_loading(j->store, &loading, sha, was, err) < 0)
		return err->code;
	j->gather = loading != 0 && strcmp(sha, j->out->sha256) == 0 &&
		    strcmp(was, gathered) == 0;
	return make_plan(j, j->gather, j->batch.plan, err);
}

static int
open_reader(struct job *j, struct om_err *err)
{
	om_reader_close(&j->reader);
	if (om_reader_open(j->feed, j->paths, j->path_count, memory_of(j), NULL,
		&j->reader, err) < 0)
		return err->code;
	if (!j->gather)
		om_reader_stream(j->reader);
	return 0;
}

/* Rows of one order were found apart: take back what was loaded on the
 * assumption that they stand together, and gather them. */
static int
start_over(struct job *j, struct om_err *err)
{
	struct om_db *db = om_store_catalog(j->store);

	j->gather = true;
	j->rejects = 0;
	if (!j->options->dry_run)
		om_txn_end(&j->txn); /* rejects not committed yet */
	if (make_plan(j, true, j->batch.plan, err) < 0 ||
	    (!j->options->dry_run &&
		om_undo_shards(j->store, j->batch.batch, err) < 0) ||
	    (j->txn.db == NULL && om_txn_begin(db, &j->txn, err) < 0) ||
	    om_batch_replan(j->store, &j->batch, err) < 0 ||
	    om_quarantine_drop(j->store, j->batch.batch, err) < 0 ||
	    open_reader(j, err) < 0 || put_headers(j, err) < 0)
		return err->code;
	return j->options->dry_run ? 0 : om_txn_commit(&j->txn, err);
}

static int
recover(struct job *j, int64_t *out_resume, struct om_err *err)
{
	if (j->options->dry_run)
		return om_look(j->store, err);
	return om_recover(j->store, j->out->sha256, j->batch.plan, out_resume,
	    err);
}

static int
run_job(struct job *j, struct om_err *err)
{
	int64_t known = 0;
	int64_t resume = 0;
	int rc;

	if (identify(j, err) < 0 || choose_plan(j, err) < 0)
		return err->code;
	describe(j);
	if (recover(j, &resume, err) < 0 ||
	    om_batch_published(j->store, j->batch.sha256, j->batch.kind, &known,
		err) < 0)
		return err->code;
	if (j->options->parent != 0 &&
	    om_batch_exists(j->store, j->options->parent, err) < 0)
		return err->code;
	if (known != 0)
		return report_already(j, known, err);
	if (om_batch_namesake(j->store, &j->batch, &j->out->namesake, err) < 0)
		return err->code;
	if (open_reader(j, err) < 0 || register_batch(j, resume, err) < 0)
		return err->code;
	j->out->batch = j->options->dry_run ? 0 : j->batch.batch;
	rc = load(j, err);
	if (rc < 0 && om_reader_scattered(j->reader)) {
		if (start_over(j, err) < 0)
			return err->code;
		rc = load(j, err);
	}
	return rc < 0 ? rc : finish(j, err);
}

int
om_ingest(struct om_store *store, const struct om_feed *feed,
    const char *const *paths, unsigned path_count,
    const struct om_ingest_options *options, struct om_ingest_result *out,
    struct om_err *err)
{
	OM_AUTO(job_end)
	struct job j = { .store = store,
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
