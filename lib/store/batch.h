/*
 * batch.h - the life of a batch in the catalog.
 *
 * loading -> published, or loading -> failed or undone. Only one batch is
 * loading at a time, under the writer's lock; what a killed command left
 * loading is resumed by the same work or undone by the next writing command.
 */
#ifndef OM_STORE_BATCH_H
#define OM_STORE_BATCH_H

#include "base/hash.h"
#include "order/sequence.h"
#include "store/outcome.h"
#include "store/store.h"

struct om_batch {
	int64_t batch;
	const char *feed;
	const char *kind; /* "orders", "payments" */
	const char *source;
	char sha256[OM_SHA256_HEX];
	int64_t bytes;
	char plan[OM_SHA256_HEX];
	int64_t parent; /* whose rejects it retries, 0 for none */
	int64_t rows_read;
	const struct om_sequences *numbers; /* of its feed, or NULL */
	int64_t started_at;
	int64_t finished_at;
};

/* *out_batch 0 if there is none. */
OM_MUST_USE int om_batch_published(struct om_store *store, const char *sha256,
    const char *kind, int64_t *out_batch, struct om_err *err);
/* The newest published one of that source and kind with other content: a file
 * may have been written to since. Standard input, "-", has no name. */
OM_MUST_USE int om_batch_namesake(struct om_store *store,
    const struct om_batch *batch, int64_t *out_batch, struct om_err *err);
OM_MUST_USE int om_batch_loading(struct om_store *store, int64_t *out_batch,
    char out_sha256[OM_SHA256_HEX], char out_plan[OM_SHA256_HEX],
    struct om_err *err);
OM_MUST_USE int om_batch_exists(struct om_store *store, int64_t batch,
    struct om_err *err);

/* All that follows happens inside the caller's transaction of the catalog. */

/* It is read in another way from now on. */
OM_MUST_USE int om_batch_replan(struct om_store *store,
    const struct om_batch *batch, struct om_err *err);

/* Register a batch as loading; fills batch->batch. */
OM_MUST_USE int om_batch_begin(struct om_store *store, struct om_batch *batch,
    struct om_err *err);

OM_MUST_USE int om_batch_publish(struct om_store *store,
    const struct om_batch *batch, struct om_err *err);
/* From here on it can only be undone: no work is the same as it any more. To be
 * committed before the first row is taken back. */
OM_MUST_USE int om_batch_doom(struct om_store *store, int64_t batch,
    struct om_err *err);
OM_MUST_USE int om_batch_end(struct om_store *store, int64_t batch,
    const char *state, const char *reason, struct om_err *err);
OM_MUST_USE int om_batch_books_put(struct om_store *store, int64_t batch,
    const struct om_books *books, struct om_err *err);
OM_MUST_USE int om_batch_books_get(struct om_store *store, int64_t batch,
    struct om_books *out, int64_t *out_rows_read, struct om_err *err);

/* Runs of writing commands, for status and the daily report. */
OM_MUST_USE int om_run_begin(struct om_store *store, const char *command,
    int64_t *out_run, struct om_err *err);
OM_MUST_USE int om_run_end(struct om_store *store, int64_t run, int status,
    struct om_err *err);

#endif
