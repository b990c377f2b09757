/*
 * ingest.h - a batch into a store: once, as a whole, or not at all.
 *
 * The batch is known by its content. It becomes visible when every shard has
 * its part and the books close; killed anywhere, the same call goes on where
 * the last commit was and ends in the same store.
 */
#ifndef OM_INGEST_INGEST_H
#define OM_INGEST_INGEST_H

#include "base/hash.h"
#include "feed/feed.h"
#include "feed/manifest.h"
#include "ingest/limits.h"
#include "order/sequence.h"
#include "store/outcome.h"
#include "store/store.h"

#define OM_INGEST_MEMORY ((size_t)80 * 1024 * 1024)

struct om_ingest_options {
	bool dry_run;
	struct om_limits limits;
	const struct om_manifest *manifest; /* or NULL */
	int64_t parent;	     /* batch whose rejects this one retries, or 0 */
	size_t memory;	     /* for gathering lines; 0: OM_INGEST_MEMORY */
	size_t block_items;  /* what is read at a time; 0: om_block_cut() */
	int64_t deadline_ns; /* om_monotonic_ns(), or 0 */
	bool fetched;	     /* the sidecar was held against it then */
	const char *const *names; /* what to call the paths, or NULL */
};

struct om_ingest_result {
	int64_t batch; /* 0 for a dry run */
	bool already;
	bool resumed;
	bool published;
	char sha256[OM_SHA256_HEX];
	uint64_t bytes;
	int64_t rows_read;
	struct om_books books;
	int64_t open_rejects;	     /* of this batch */
	int64_t parent_open_rejects; /* of the parent */
	int64_t namesake; /* batch of the same name, other content; or 0 */
	size_t numbers;	  /* how many the batch has in its feed */
	struct om_sequence first_number;
	struct om_sequence last_number;
	int64_t ns;
};

/*
 * 0: the batch is in (or, with dry_run, would be). OM_EDATA: it was rolled
 * back because of its rejects or its manifest (out then has its books) or could not be read.
 * OM_EDEADLINE: stopped at a checkpoint. OM_EINTERNAL: its books do not close.
 */
OM_MUST_USE int om_ingest(struct om_store *store, const struct om_feed *feed,
    const char *const *paths, unsigned path_count,
    const struct om_ingest_options *options, struct om_ingest_result *out,
    struct om_err *err);

#endif
