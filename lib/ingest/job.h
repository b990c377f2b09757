/*
 * job.h - one call of om_ingest(), and how its batch is known; private to
 * lib/ingest.
 */
#ifndef OM_INGEST_JOB_H
#define OM_INGEST_JOB_H

#include <stdatomic.h>

#include "base/hash.h"
#include "base/pool.h"
#include "ingest/ingest.h"
#include "ingest/numbers.h"
#include "store/batch.h"

#define OM_SOURCE_TEXT 1024

/* What one file is known by. */
struct om_digest {
	unsigned char sha[OM_SHA256_SIZE];
	uint64_t size;
};

/* One call of om_ingest. */
struct om_job {
	struct om_store *store;
	const struct om_feed *feed;
	const char *const *paths;
	unsigned path_count;
	const struct om_ingest_options *options;
	struct om_ingest_result *out;
	struct om_reader *reader;
	struct om_pool *hashing; /* fills digest, one for each path */
	struct om_digest digest[OM_FEED_SOURCES_MAX];
	atomic_bool hashed;
	bool identified; /* the store was asked about this content */
	int64_t known;	 /* the batch that has it already, or 0 */
	int64_t resume;	 /* the interrupted one that has it, or 0 */
	bool registered; /* batch has its number */
	struct om_batch batch;
	char source[OM_SOURCE_TEXT];
	int64_t run;
	bool gather;	   /* rows of an order do not stand together */
	struct om_txn txn; /* of the catalog, for rejects */
	int64_t rejects;   /* numbered so far */
	struct om_sequences numbers;
};

/* The i-th file as the user named it. */
const char *om_job_name(const struct om_job *j, unsigned i);
size_t om_job_memory(const struct om_job *j);

/* Begin to hash the files, on a thread of its own. */
OM_MUST_USE int om_job_hash(struct om_job *j, struct om_err *err);
/* Wait for it: the hash and the size of the content, held against its
 * sidecar. */
OM_MUST_USE int om_job_identify(struct om_job *j, struct om_err *err);
/* j->batch: what is known of it before it is read. */
void om_job_describe(struct om_job *j);

/* What decides which order is in which block: only the very same work is taken
 * up after an interruption. */
OM_MUST_USE int om_job_plan(struct om_job *j, bool gather,
    char out[OM_SHA256_HEX], struct om_err *err);
/* j->gather and the batch's plan: as it was, if this content was interrupted. */
OM_MUST_USE int om_job_choose(struct om_job *j, struct om_err *err);

/* What does the store know of this content? Waits for its hash; recovers what
 * was interrupted; fills known, resume and batch. Once. */
OM_MUST_USE int om_job_look(struct om_job *j, struct om_err *err);
/* Reject 0 keeps the headers, so that an export can be ingested again. */
OM_MUST_USE int om_job_put_headers(struct om_job *j, struct om_err *err);
/* An om_begin_fn over a struct om_job whose reader is open: register the batch,
 * or take up the one that was interrupted. */
OM_MUST_USE int om_job_begin(void *job, bool wait, int64_t *out_batch,
    struct om_err *err);

#endif
