/* identity.c - what a batch is known by, and by which plan it is read. */
#include <stdio.h>
#include <string.h>

#include "ingest/block.h"
#include "ingest/job.h"
#include "io/source.h"

const char *
om_job_name(const struct om_job *j, unsigned i)
{
	return j->options->names == NULL ? j->paths[i] : j->options->names[i];
}

size_t
om_job_memory(const struct om_job *j)
{
	return j->options->memory == 0 ? OM_INGEST_MEMORY : j->options->memory;
}

static int
hash_all(void *arg, struct om_err *err)
{
	struct om_job *j = arg;
	int rc = 0;

	for (unsigned i = 0; rc == 0 && i < j->path_count; i++)
		rc = om_file_digest(j->paths[i], j->digest[i].sha,
		    &j->digest[i].size, err);
	atomic_store(&j->hashed, true);
	return rc;
}

int
om_job_hash(struct om_job *j, struct om_err *err)
{
	void *arg = j;

	return om_pool_start(hash_all, &arg, 1, &j->hashing, err);
}

/* A batch of one file is known by that file's hash, one of two files by the
 * hash of both hashes. */
static void
name_content(struct om_job *j)
{
	unsigned char name[OM_SHA256_SIZE];
	struct om_sha256 both;

	memcpy(name, j->digest[0].sha, sizeof(name));
	if (j->path_count > 1) {
		om_sha256_init(&both);
		for (unsigned i = 0; i < OM_FEED_SOURCES_MAX; i++)
			om_sha256_add(&both, j->digest[i].sha, OM_SHA256_SIZE);
		om_sha256_end(&both, name);
		om_sha256_fini(&both);
	}
	om_hex(name, sizeof(name), j->out->sha256);
}

int
om_job_identify(struct om_job *j, struct om_err *err)
{
	if (om_pool_wait(&j->hashing, err) < 0)
		return err->code;
	for (unsigned i = 0; i < j->path_count; i++) {
		j->out->bytes += j->digest[i].size;
		if (j->options->parent == 0 && !j->options->fetched &&
		    om_sidecar_check(j->feed, om_job_name(j, i),
			j->digest[i].sha, err) < 0)
			return err->code;
	}
	name_content(j);
	return 0;
}

/* Everything that decides which order is in which block. */
int
om_job_plan(struct om_job *j, bool gather, char out[OM_SHA256_HEX],
    struct om_err *err)
{
	const struct om_cut cut =
	    om_block_cut(om_db_url_is_remote(om_store_url(j->store)),
		om_store_shards(j->store), j->options->block_items);
	unsigned char digest[OM_SHA256_SIZE];
	char epoch[OM_META_MAX];
	char limits[OM_META_MAX + 128];
	struct om_sha256 sha;

	if (om_store_meta(j->store, "epoch", epoch, err) < 0)
		return err->code;
	snprintf(limits, sizeof(limits), "block %zu %zu %s %zu epoch %s",
	    cut.items, cut.bytes, gather ? "gather" : "stream",
	    om_job_memory(j), epoch);
	om_feed_digest(j->feed, digest);
	om_sha256_init(&sha);
	om_sha256_add(&sha, digest, sizeof(digest));
	om_sha256_add(&sha, limits, strlen(limits));
	om_sha256_end(&sha, digest);
	om_sha256_fini(&sha);
	om_hex(digest, sizeof(digest), out);
	return 0;
}

/* Is it this content that was interrupted, and had it to be gathered? */
int
om_job_choose(struct om_job *j, struct om_err *err)
{
	char sha[OM_SHA256_HEX] = "";
	char was[OM_SHA256_HEX] = "";
	char gathered[OM_SHA256_HEX];
	int64_t loading = 0;

	if (om_job_plan(j, true, gathered, err) < 0 ||
	    om_batch_loading(j->store, &loading, sha, was, err) < 0)
		return err->code;
	j->gather = loading != 0 && strcmp(sha, j->out->sha256) == 0 &&
		    strcmp(was, gathered) == 0;
	return om_job_plan(j, j->gather, j->batch.plan, err);
}

static void
name_source(struct om_job *j)
{
	size_t n = 0;

	for (unsigned i = 0; i < j->path_count && n < sizeof(j->source); i++) {
		int len = snprintf(j->source + n, sizeof(j->source) - n, "%s%s",
		    i == 0 ? "" : " ", om_job_name(j, i));

		n += len > 0 ? (size_t)len : 0;
	}
}

void
om_job_describe(struct om_job *j)
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
