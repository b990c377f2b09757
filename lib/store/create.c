/* create.c - make a store: shards first, the catalog last and at once. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "store/create.h"
#include "store/meta.h"
#include "store/migrate.h"

static const char put_meta[] = "INSERT INTO meta (name, value) VALUES ($1, $2)";
static const char put_shard[] =
    "INSERT INTO shards (shard, url) VALUES ($1, $2)";
static const char put_range[] =
    "INSERT INTO shard_map (slot_from, slot_to, shard) VALUES ($1, $2, $3)";

static int
is_complete(struct om_db *db, bool *out, struct om_err *err)
{
	char origin[OM_META_MAX];

	if (om_meta_get(db, "origin", origin, err) < 0)
		return err->code;
	*out = origin[0] != '\0';
	return 0;
}

bool
om_store_exists(const char *url)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	char catalog[OM_URL_MAX];
	struct om_err err = { 0 };
	bool complete = false;
	int version;

	return om_store_catalog_url(url, catalog, &err) == 0 &&
	       om_db_open(catalog, OM_DB_READ, &db, &err) == 0 &&
	       om_schema_version(db, &version, &err) == 0 && version > 0 &&
	       is_complete(db, &complete, &err) == 0 && complete;
}

/* The URL of shard i as the catalog keeps it, and one to open it by. */
int
om_create_shard_url(const char *store, const struct om_store_plan *plan,
    unsigned i, char kept[OM_URL_MAX], char full[OM_URL_MAX],
    struct om_err *err)
{
	if (plan->shard_url == NULL) {
		if (om_store_shard_beside(store, i, kept, err) < 0)
			return err->code;
	} else {
		if (strlen(plan->shard_url[i]) >= OM_URL_MAX)
			return om_fail(err, OM_ELIMIT, "shard url too long");
		strcpy(kept, plan->shard_url[i]);
	}
	return om_store_shard_url(store, kept, full, err);
}

static int
set(struct om_db *db, const char *name, const char *value, struct om_err *err)
{
	struct om_stmt *q;

	if (om_db_prepare(db, put_meta, &q, err) < 0)
		return err->code;
	om_bind_text(q, 1, om_str_of(name));
	om_bind_text(q, 2, om_str_of(value == NULL ? "" : value));
	return om_stmt_run(q, err);
}

/* Two stores in one shard would spoil each other's log. */
static int
claim(struct om_db *db, const char *id, struct om_err *err)
{
	char owner[OM_META_MAX];

	if (om_meta_get(db, "store", owner, err) < 0)
		return err->code;
	if (owner[0] == '\0')
		return set(db, "store", id, err);
	if (strcmp(owner, id) != 0)
		return om_fail(err, OM_ECONFLICT,
		    "belongs to another store: %s", owner);
	return 0;
}

int
om_create_shard(const char *url, const char *id, struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;

	if (om_db_open(url, OM_DB_CREATE, &db, err) < 0 ||
	    om_migrate(db, OM_SCHEMA_SHARD, err) < 0)
		return err->code;
	return claim(db, id, err);
}

int
om_create_keep_id(struct om_db *db, const char *id, struct om_err *err)
{
	return set(db, "store_id", id, err);
}

int
om_create_id(struct om_db *db, char id[OM_META_MAX], struct om_err *err)
{
	unsigned char bytes[8];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return om_fail(err, OM_EIO, "no random numbers: %s",
		    strerror(errno));
	om_hex(bytes, sizeof(bytes), id);
	return om_create_keep_id(db, id, err);
}

/* The id comes first and survives an interruption: it marks the shards. */
static int
make_id(struct om_db *db, char id[OM_META_MAX], struct om_err *err)
{
	if (om_meta_get(db, "store_id", id, err) < 0)
		return err->code;
	return id[0] != '\0' ? 0 : om_create_id(db, id, err);
}

static int
set_identity(struct om_db *db, const struct om_store_plan *plan, const char *id,
    const char *created_at, struct om_err *err)
{
	char origin[OM_META_MAX];

	snprintf(origin, sizeof(origin), "ordmill/%.64s", id);
	if (set(db, "created_at", created_at, err) < 0 ||
	    set(db, "epoch", "1", err) < 0 ||
	    set(db, "published", "0", err) < 0 ||
	    set(db, "key", plan->key_path, err) < 0 ||
	    set(db, "vkey", plan->vkey, err) < 0)
		return err->code;
	return set(db, "origin", origin, err);
}

/* Even ranges: shard i has the slots [i*4096/n, (i+1)*4096/n). */
static int
set_map(struct om_db *db, const char *store, const struct om_store_plan *plan,
    struct om_err *err)
{
	char kept[OM_URL_MAX];
	char full[OM_URL_MAX];
	struct om_stmt *q;
	unsigned n = plan->shards;

	for (unsigned i = 0; i < n; i++) {
		if (om_create_shard_url(store, plan, i, kept, full, err) < 0 ||
		    om_db_prepare(db, put_shard, &q, err) < 0)
			return err->code;
		om_bind_int(q, 1, i);
		om_bind_text(q, 2, om_str_of(kept));
		if (om_stmt_run(q, err) < 0 ||
		    om_db_prepare(db, put_range, &q, err) < 0)
			return err->code;
		om_bind_int(q, 1, (int64_t)i * OM_SLOTS / n);
		om_bind_int(q, 2, (int64_t)(i + 1) * OM_SLOTS / n - 1);
		om_bind_int(q, 3, i);
		if (om_stmt_run(q, err) < 0)
			return err->code;
	}
	return 0;
}

int
om_create_catalog(struct om_db *db, const char *store, const char *id,
    const struct om_store_plan *plan, const char *created_at,
    struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };

	if (om_txn_begin(db, &txn, err) < 0 ||
	    set_map(db, store, plan, err) < 0 ||
	    set_identity(db, plan, id, created_at, err) < 0)
		return err->code;
	return om_txn_commit(&txn, err);
}

int
om_create_lock(const char *url, const struct om_clock *clock,
    struct om_lock *lock, struct om_err *err)
{
	char path[OM_URL_MAX];

	if (om_db_url_is_remote(url))
		return 0;
	if (mkdir(url, 0777) != 0 && errno != EEXIST)
		return om_fail(err, OM_EIO, "make directory '%s': %s", url,
		    strerror(errno));
	if (om_store_lock_path(url, path, err) < 0)
		return err->code;
	return om_lock_take(path, false, 0, "init", clock, lock, err);
}

int
om_create_distinct(const struct om_store_plan *plan, struct om_err *err)
{
	if (plan->shard_url == NULL)
		return 0;
	for (unsigned i = 1; i < plan->shards; i++)
		for (unsigned k = 0; k < i; k++)
			if (strcmp(plan->shard_url[i], plan->shard_url[k]) == 0)
				return om_fail(err, OM_EUSAGE,
				    "shard '%s' is named twice",
				    plan->shard_url[i]);
	return 0;
}

int
om_store_create(const char *url, const struct om_store_plan *plan,
    const struct om_clock *clock, struct om_err *err)
{
	OM_AUTO(om_lock_drop) struct om_lock lock = OM_LOCK_NONE;
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	char catalog[OM_URL_MAX];
	char id[OM_META_MAX];
	char now[OM_TIME_TEXT_MAX];
	bool complete = false;

	if (om_create_distinct(plan, err) < 0 ||
	    om_store_catalog_url(url, catalog, err) < 0)
		return err->code;
	if (om_create_lock(url, clock, &lock, err) < 0 ||
	    om_db_open(catalog, OM_DB_CREATE, &db, err) < 0 ||
	    om_migrate(db, OM_SCHEMA_CATALOG, err) < 0 ||
	    is_complete(db, &complete, err) < 0)
		return om_wrap(err, "'%s'", url);
	if (complete)
		return om_fail(err, OM_ECONFLICT, "'%s' is a store already",
		    url);
	if (make_id(db, id, err) < 0)
		return om_wrap(err, "'%s'", url);
	for (unsigned i = 0; i < plan->shards; i++) {
		char kept[OM_URL_MAX];
		char full[OM_URL_MAX];

		if (om_create_shard_url(url, plan, i, kept, full, err) < 0 ||
		    om_create_shard(full, id, err) < 0)
			return om_wrap(err, "shard %u", i);
	}
	return om_create_catalog(db, url, id, plan,
	    om_time_text(om_now(clock), now), err);
}
