/* begin.c - from hashed content to a batch that is registered, or known. */
#include "ingest/job.h"
#include "ingest/pipeline.h"
#include "ingest/recover.h"
#include "store/quarantine.h"

int
om_job_put_headers(struct om_job *j, struct om_err *err)
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
register_batch(struct om_job *j, struct om_err *err)
{
	struct om_txn *txn = &j->txn;
	int64_t resume = j->resume;

	if (om_txn_begin(om_store_catalog(j->store), txn, err) < 0 ||
	    om_run_begin(j->store, "ingest", &j->run, err) < 0)
		return err->code;
	j->batch.batch = resume;
	j->out->resumed = resume != 0;
	if (resume == 0 ? om_batch_begin(j->store, &j->batch, err) < 0
			: om_quarantine_drop(j->store, resume, err) < 0)
		return err->code;
	if (om_job_put_headers(j, err) < 0 ||
	    (!j->options->dry_run && om_txn_commit(txn, err) < 0))
		return err->code;
	j->registered = true;
	j->out->batch = j->options->dry_run ? 0 : j->batch.batch;
	return 0;
}

static int
recover(struct om_job *j, struct om_err *err)
{
	if (j->options->dry_run)
		return om_look(j->store, err);
	return om_recover(j->store, j->out->sha256, j->batch.plan, &j->resume,
	    err);
}

int
om_job_look(struct om_job *j, struct om_err *err)
{
	int64_t parent = j->options->parent;

	if (j->identified)
		return 0;
	if (om_job_identify(j, err) < 0 || om_job_choose(j, err) < 0)
		return err->code;
	om_job_describe(j);
	if (recover(j, err) < 0 ||
	    om_batch_published(j->store, j->batch.sha256, j->batch.kind,
		&j->known, err) < 0 ||
	    (parent != 0 && om_batch_exists(j->store, parent, err) < 0) ||
	    (j->known == 0 && om_batch_namesake(j->store, &j->batch,
				  &j->out->namesake, err) < 0))
		return err->code;
	j->identified = true;
	return 0;
}

int
om_job_begin(void *arg, bool wait, int64_t *out_batch, struct om_err *err)
{
	struct om_job *j = arg;

	if (!wait && !j->identified && !atomic_load(&j->hashed))
		return OM_NOT_YET;
	if (om_job_look(j, err) < 0)
		return err->code;
	if (j->known != 0)
		return OM_NOTHING;
	if (!j->registered && register_batch(j, err) < 0)
		return err->code;
	*out_batch = j->batch.batch;
	return OM_BEGUN;
}
