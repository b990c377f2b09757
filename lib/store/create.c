/* create.c - make a store: shards first, the catalog last and at once. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "store/handle.h"
#include "store/migrate.h"

static const char put_meta[] = "INSERT INTO meta (name, value) VALUES ($1, $2)";
static const char put_shard[] =
    "INSERT INTO shards (shard, url) VALUES ($1, $2)";
static const char put_range[] =
    "INSERT INTO shard_map (slot_from, slot_to, shard) VALUES ($1, $2, $3)";
static const char get_origin[] = "SELECT value FROM meta WHERE name = 'origin'";

static int
is_complete(struct om_db *db, bool *out, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(db, get_origin, &q, err) < 0 ||
	    (rc = om_stmt_step(q, err)) < 0)
		return err->code;
	*out = rc == 1;
	om_stmt_reset(q);
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

/* The URL of shard i as the catalog keeps it: relative in a directory. */
static int
shard_url(const char *store, const struct om_store_plan *plan, unsigned i,
    char kept[OM_URL_MAX], char full[OM_URL_MAX], struct om_err *err)
{
	char name[32];

	if (plan->shard_url != NULL) {
		if (strlen(plan->shard_url[i]) >= OM_URL_MAX)
			return om_fail(err, OM_ELIMIT, "shard url too long");
		strcpy(kept, plan->shard_url[i]);
		strcpy(full, kept);
		return 0;
	}
	if (om_db_url_is_remote(store)) {
		char base[OM_URL_MAX];
		const char *cut = strstr(store, "schema=");
		size_t len =
		    cut == NULL ? strlen(store) : (size_t)(cut - store) - 1;

		snprintf(name, sizeof(name), "ordmill_shard_%u", i);
		snprintf(base, sizeof(base), "%.*s", (int)len, store);
		if (om_url_join(base, name, full, err) < 0)
			return err->code;
		strcpy(kept, full);
		return 0;
	}
	snprintf(kept, OM_URL_MAX, "shard-%u.db", i);
	return om_url_join(store, kept, full, err);
}

static int
make_shard(const char *url, struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	struct om_stmt *q;
	int rc;

	if (om_db_open(url, OM_DB_CREATE, &db, err) < 0 ||
	    om_migrate(db, OM_SCHEMA_SHARD, err) < 0 ||
	    om_db_prepare(db, "SELECT id FROM order_rows LIMIT 1", &q, err) < 0)
		return err->code;
	if ((rc = om_stmt_step(q, err)) < 0)
		return rc;
	om_stmt_reset(q);
	if (rc == 1)
		return om_fail(err, OM_ECONFLICT, "already holds orders");
	return 0;
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

static int
set_identity(struct om_db *db, const struct om_store_plan *plan,
    const struct om_clock *clock, struct om_err *err)
{
	unsigned char id[8];
	char hex[2 * sizeof(id) + 1];
	char origin[64];
	char now[OM_TIME_TEXT_MAX];

	if (getrandom(id, sizeof(id), 0) != (ssize_t)sizeof(id))
		return om_fail(err, OM_EIO, "no random numbers: %s",
		    strerror(errno));
	om_hex(id, sizeof(id), hex);
	snprintf(origin, sizeof(origin), "ordmill/%s", hex);
	if (set(db, "store_id", hex, err) < 0 ||
	    set(db, "created_at", om_time_text(om_now(clock), now), err) < 0 ||
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
		if (shard_url(store, plan, i, kept, full, err) < 0 ||
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

static int
make_catalog(struct om_db *db, const char *store,
    const struct om_store_plan *plan, const struct om_clock *clock,
    struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };

	if (om_txn_begin(db, &txn, err) < 0 ||
	    set_map(db, store, plan, err) < 0 ||
	    set_identity(db, plan, clock, err) < 0)
		return err->code;
	return om_txn_commit(&txn, err);
}

static int
lock_new(const char *url, const struct om_clock *clock, struct om_lock *lock,
    struct om_err *err)
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
om_store_create(const char *url, const struct om_store_plan *plan,
    const struct om_clock *clock, struct om_err *err)
{
	OM_AUTO(om_lock_drop) struct om_lock lock = OM_LOCK_NONE;
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	char catalog[OM_URL_MAX];
	bool complete;

	if (om_store_catalog_url(url, catalog, err) < 0 ||
	    lock_new(url, clock, &lock, err) < 0 ||
	    om_db_open(catalog, OM_DB_CREATE, &db, err) < 0 ||
	    om_migrate(db, OM_SCHEMA_CATALOG, err) < 0 ||
	    is_complete(db, &complete, err) < 0)
		return om_wrap(err, "'%s'", url);
	if (complete)
		return om_fail(err, OM_ECONFLICT, "'%s' is a store already",
		    url);
	for (unsigned i = 0; i < plan->shards; i++) {
		char kept[OM_URL_MAX];
		char full[OM_URL_MAX];

		if (shard_url(url, plan, i, kept, full, err) < 0 ||
		    make_shard(full, err) < 0)
			return om_wrap(err, "shard %u", i);
	}
	return make_catalog(db, url, plan, clock, err);
}
