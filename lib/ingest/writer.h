/*
 * writer.h - the thread of one shard: takes blocks, commits them in groups.
 */
#ifndef OM_INGEST_WRITER_H
#define OM_INGEST_WRITER_H

#include "base/queue.h"
#include "ingest/apply.h"

struct om_writer {
	const struct om_store *store;
	unsigned shard;
	int64_t batch;
	bool dry_run;
	int commit_blocks; /* so many in one transaction: enough that pages are
			    * written once for many rows, not so many that much
			    * is lost when killed */
	struct om_queue *in;
	atomic_bool *failed;   /* any writer: the reader stops */
	struct om_books books; /* of this shard, when done */
};

/* An om_work_fn. Always drains its queue, also after a failure. */
int om_writer_run(void *writer, struct om_err *err);

#endif
