/*
 * job.h - one call of om_ingest(), and how its batch is known; private to
 * lib/ingest.
 */
#ifndef OM_INGEST_JOB_H
#define OM_INGEST_JOB_H

#include "ingest/ingest.h"
#include "ingest/numbers.h"
#include "store/batch.h"

#define OM_SOURCE_TEXT 1024

/* One call of om_ingest. */
struct om_job {
	struct om_store *store;
	const struct om_feed *feed;
	const char *const *paths;
	unsigned path_count;
	const struct om_ingest_options *options;
	struct om_ingest_result *out;
	struct om_reader *reader;
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

/* The hash and the size of the content, held against its sidecar. */
OM_MUST_USE int om_job_identify(struct om_job *j, struct om_err *err);
/* j->batch: what is known of it before it is read. */
void om_job_describe(struct om_job *j);

/* What decides which order is in which block: only the very same work is taken
 * up after an interruption. */
OM_MUST_USE int om_job_plan(struct om_job *j, bool gather,
    char out[OM_SHA256_HEX], struct om_err *err);
/* j->gather and the batch's plan: as it was, if this content was interrupted. */
OM_MUST_USE int om_job_choose(struct om_job *j, struct om_err *err);

#endif
