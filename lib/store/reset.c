/* reset.c - stage what the store began with, then swap; see reset.h. */
#include "store/reset.h"

#include <stdlib.h>
#include <string.h>

#include "store/copy.h"
#include "store/create.h"
#include "store/meta.h"
#include "store/migrate.h"
#include "store/sql.h"
#include "store/swap.h"

static const char count_batches[] =
    "SELECT /*scan*/ count(*) FROM batches WHERE state = 'published'";

/* What stays of the store. */
struct job {
	const char *url;
	struct om_places places;
	char id[OM_META_MAX];
	char created_at[OM_META_MAX];
	char key[OM_META_MAX];
	char vkey[OM_META_MAX];
	const char *kept[OM_SHARDS_MAX];
};

static int
look(struct job *j, struct om_reset *out, struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	char catalog[OM_URL_MAX];

	if (om_store_catalog_url(j->url, catalog, err) < 0)
		return err->code;
	if (!om_store_exists(j->url))
		return om_fail(err, OM_ESTORE, "no store");
	if (om_db_open(catalog, OM_DB_READ, &db, err) < 0 ||
	    om_schema_check(db, OM_SCHEMA_CATALOG, err) < 0 ||
	    om_meta_get(db, "store_id", j->id, err) < 0 ||
	    om_meta_get(db, "created_at", j->created_at, err) < 0 ||
	    om_meta_get(db, "key", j->key, err) < 0 ||
	    om_meta_get(db, "vkey", j->vkey, err) < 0 ||
	    om_sql_int(db, &out->batches, err, count_batches, "") < 0 ||
	    om_places_read(j->url, catalog, OM_DB_READ, &j->places, err) < 0)
		return err->code;
	out->shards = j->places.shards;
	for (unsigned i = 0; i < j->places.shards; i++)
		j->kept[i] = j->places.kept[i];
	return 0;
}

/* A .start that an interrupted call left beside another store is not ours. */
static int
find_start(const struct job *j, bool *out, struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	char path[OM_URL_MAX];
	char id[OM_META_MAX];

	*out = false;
	if (!om_place_exists(j->places.catalog, OM_START))
		return 0;
	if (om_place(j->places.catalog, OM_START, path, err) < 0 ||
	    om_db_open(path, OM_DB_WRITE, &db, err) < 0 ||
	    om_meta_get(db, "store_id", id, err) < 0)
		return om_wrap(err, "what the template gave");
	*out = strcmp(id, j->id) == 0;
	return 0;
}

static int
stage_copy(const char *path, const char *suffix, struct om_err *err)
{
	char from[OM_URL_MAX];
	char to[OM_URL_MAX];

	if (om_place(path, OM_START, from, err) < 0 ||
	    om_place(path, suffix, to, err) < 0)
		return err->code;
	return om_place_copy(from, to, err);
}

static int
stage_start(const struct job *j, struct om_err *err)
{
	for (unsigned i = 0; i < j->places.shards; i++)
		if (stage_copy(j->places.shard[i], OM_NEW, err) < 0)
			return om_wrap(err, "shard %u", i);
	return stage_copy(j->places.catalog, OM_PART, err);
}

/* A file that is not there, by its name with a suffix. */
static int
clear(const char *path, const char *suffix, char out[OM_URL_MAX],
    struct om_err *err)
{
	if (om_place(path, suffix, out, err) < 0)
		return err->code;
	return om_place_remove(out, err);
}

static int
stage_empty_catalog(const struct job *j, struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	const struct om_store_plan plan = {
		.shards = j->places.shards,
		.shard_url = j->kept,
		.key_path = j->key,
		.vkey = j->vkey,
	};
	char path[OM_URL_MAX];

	if (clear(j->places.catalog, OM_PART, path, err) < 0 ||
	    om_db_open(path, OM_DB_CREATE, &db, err) < 0 ||
	    om_migrate(db, OM_SCHEMA_CATALOG, err) < 0 ||
	    om_create_keep_id(db, j->id, err) < 0)
		return err->code;
	return om_create_catalog(db, j->url, j->id, &plan, j->created_at, err);
}

static int
stage_empty(const struct job *j, struct om_err *err)
{
	for (unsigned i = 0; i < j->places.shards; i++) {
		char path[OM_URL_MAX];

		if (clear(j->places.shard[i], OM_NEW, path, err) < 0 ||
		    om_create_shard(path, j->id, err) < 0)
			return om_wrap(err, "shard %u", i);
	}
	return stage_empty_catalog(j, err);
}

/* What an earlier call staged is not trusted: it may not have been finished. */
static int
stage(const struct job *j, bool templated, struct om_err *err)
{
	char path[OM_URL_MAX];

	if (clear(j->places.catalog, OM_NEW, path, err) < 0 ||
	    (templated ? stage_start(j, err) : stage_empty(j, err)) < 0)
		return err->code;
	om_places_sync(&j->places);
	return om_swap_ready(j->url, err);
}

static int
run(struct job *j, bool dry_run, struct om_reset *out, struct om_err *err)
{
	if (om_swap_pending(j->url)) {
		out->resumed = true;
		return dry_run ? 0 : om_swap(j->url, err);
	}
	if (look(j, out, err) < 0 || find_start(j, &out->templated, err) < 0)
		return err->code;
	if (dry_run)
		return 0;
	if (stage(j, out->templated, err) < 0)
		return err->code;
	return om_swap(j->url, err);
}

static void
free_job(struct job **j)
{
	free(*j);
}

int
om_reset(const char *url, const struct om_session *session, bool dry_run,
    struct om_reset *out, struct om_err *err)
{
	OM_AUTO(om_lock_drop) struct om_lock lock = OM_LOCK_NONE;
	OM_AUTO(free_job) struct job *j = NULL;
	struct om_reset r = { 0 };
	char path[OM_URL_MAX];

	if (om_db_url_is_remote(url))
		return om_fail(err, OM_EUSAGE,
		    "a store on a server cannot be reset: drop its schemas and"
		    " make it anew");
	if (!om_swap_pending(url) && !om_store_exists(url))
		return om_fail(err, OM_ESTORE, "store '%s': no store", url);
	j = calloc(1, sizeof(*j));
	if (j == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	j->url = url;
	if (om_store_lock_path(url, path, err) < 0 ||
	    om_lock_take(path, false, session->lock_wait_ms, session->command,
		&session->clock, &lock, err) < 0 ||
	    run(j, dry_run, &r, err) < 0)
		return om_wrap(err, "store '%s'", url);
	*out = r;
	return 0;
}
