/* store.c - open a store: its lock, its catalog, its shard map. */
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "store/handle.h"
#include "store/keys.h"
#include "store/meta.h"
#include "store/migrate.h"
#include "store/swap.h"

#define WRITER_LOCK "ordmill writer"
#define RETRY_NS    50000000L

static const char get_shards[] = "SELECT shard, url FROM shards ORDER BY shard";
static const char get_map[] =
    "SELECT slot_from, slot_to, shard FROM shard_map ORDER BY slot_from";

int
om_store_refresh(struct om_store *store, struct om_err *err)
{
	char text[OM_META_MAX];
	int64_t published;

	if (om_store_meta(store, "published", text, err) < 0)
		return err->code;
	if (!om_str_int(om_str_of(text), &published))
		return om_fail(err, OM_ESTORE, "holds no store");
	store->published = published;
	return 0;
}

static int
load_shards(struct om_store *s, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(s->catalog, get_shards, &q, err) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		struct om_str url = om_col_text(q, 1);
		char name[OM_URL_MAX];

		if (om_col_int(q, 0) != s->shards ||
		    s->shards == OM_SHARDS_MAX || url.n >= OM_URL_MAX)
			return om_fail(err, OM_EDAMAGED, "bad list of shards");
		memcpy(name, url.p, url.n);
		name[url.n] = '\0';
		if (om_store_shard_url(s->url, name, s->shard_url[s->shards],
			err) < 0)
			return err->code;
		s->shards++;
	}
	return rc;
}

static int
load_map(struct om_store *s, struct om_err *err)
{
	struct om_stmt *q;
	int64_t next = 0;
	int rc;

	if (om_db_prepare(s->catalog, get_map, &q, err) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		int64_t from = om_col_int(q, 0);
		int64_t to = om_col_int(q, 1);
		int64_t shard = om_col_int(q, 2);

		if (from != next || to < from || to >= OM_SLOTS || shard < 0 ||
		    shard >= s->shards)
			return om_fail(err, OM_EDAMAGED,
			    "the shard map is broken at slot %lld",
			    (long long)next);
		memset(s->shard_of + from, (int)shard, (size_t)(to - from + 1));
		s->slots[shard][s->slot_ranges[shard]++] =
		    (struct om_slots){ (unsigned)from, (unsigned)to };
		next = to + 1;
	}
	if (rc == 0 && next != OM_SLOTS)
		return om_fail(err, OM_EDAMAGED, "the shard map ends at %lld",
		    (long long)next);
	return rc;
}

/* Advisory locks do not wait by themselves. */
static int
lock_remote(struct om_db *db, int64_t wait_ms, struct om_err *err)
{
	const struct timespec pause = { 0, RETRY_NS };
	int64_t until = om_monotonic_ns() + wait_ms * 1000000;

	for (;;) {
		if (om_db_advisory_lock(db, WRITER_LOCK, false, err) == 0)
			return 0;
		if (err->code != OM_EBUSY || om_monotonic_ns() >= until)
			return err->code;
		nanosleep(&pause, NULL);
	}
}

static int
open_catalog(struct om_store *s, const struct om_session *session,
    struct om_err *err)
{
	bool writing = session->access == OM_STORE_WRITE;
	char path[OM_URL_MAX];
	struct stat st;

	if (om_store_catalog_url(s->url, path, err) < 0)
		return err->code;
	if (om_swap_pending(s->url))
		return om_fail(err, OM_ESTORE,
		    "an init or a reset was interrupted; the same command"
		    " finishes it");
	if (!s->remote && stat(path, &st) != 0)
		return om_fail(err, OM_ESTORE, "no store: %s", strerror(errno));
	if (writing && !s->remote) {
		char lock[OM_URL_MAX];

		if (om_store_lock_path(s->url, lock, err) < 0 ||
		    om_lock_take(lock, false, session->lock_wait_ms,
			session->command, &session->clock, &s->lock, err) < 0)
			return err->code;
	}
	if (om_db_open(path, writing ? OM_DB_WRITE : OM_DB_READ, &s->catalog,
		err) < 0)
		return err->code;
	if (writing && s->remote) {
		if (lock_remote(s->catalog, session->lock_wait_ms, err) < 0)
			return err->code;
		s->locked = true;
	}
	return om_schema_check(s->catalog, OM_SCHEMA_CATALOG, err);
}

int
om_store_load(struct om_store *s, struct om_err *err)
{
	if (om_store_refresh(s, err) < 0 ||
	    om_store_meta(s, "store_id", s->id, err) < 0 ||
	    load_shards(s, err) < 0)
		return err->code;
	return load_map(s, err);
}

int
om_store_open(const char *url, const struct om_session *session,
    struct om_store **out, struct om_err *err)
{
	OM_AUTO(om_store_close) struct om_store *s = NULL;

	if (strlen(url) >= OM_URL_MAX)
		return om_fail(err, OM_EUSAGE, "store url over %d bytes",
		    OM_URL_MAX - 1);
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	s->lock = OM_LOCK_NONE;
	s->clock = session->clock;
	s->remote = om_db_url_is_remote(url);
	strcpy(s->url, url);
	if (open_catalog(s, session, err) < 0 || om_store_load(s, err) < 0)
		return om_wrap(err, "store '%s'", url);
	*out = s;
	s = NULL;
	return 0;
}

void
om_store_close(struct om_store **store)
{
	struct om_store *s = *store;

	if (s == NULL)
		return;
	/* The server lets go of a closed session a moment later only. */
	if (s->locked)
		om_db_advisory_unlock(s->catalog, WRITER_LOCK);
	om_db_close(&s->catalog);
	om_lock_drop(&s->lock);
	free(s);
	*store = NULL;
}

struct om_db *
om_store_catalog(struct om_store *store)
{
	return store->catalog;
}

const char *
om_store_url(const struct om_store *store)
{
	return store->url;
}

const struct om_clock *
om_store_clock(const struct om_store *store)
{
	return &store->clock;
}

unsigned
om_store_shards(const struct om_store *store)
{
	return store->shards;
}

unsigned
om_store_shard_of(const struct om_store *store, unsigned slot)
{
	return store->shard_of[slot];
}

size_t
om_store_slots(const struct om_store *store, unsigned shard,
    const struct om_slots **out)
{
	*out = store->slots[shard];
	return store->slot_ranges[shard];
}

/* Files that were swapped, or restored from elsewhere. */
static int
check_owner(const struct om_store *store, struct om_db *shard,
    struct om_err *err)
{
	char owner[OM_META_MAX];

	if (om_meta_get(shard, "store", owner, err) < 0)
		return err->code;
	return strcmp(owner, store->id) == 0
		   ? 0
		   : om_fail(err, OM_EDAMAGED, "belongs to another store");
}

/* Whoever writes looks up what a chunk names by index, even where a server
 * deems it cheaper to read the whole table: the next chunk would have it read
 * again. Nor is a chunk worth the compilation of its statement. */
static int
tune_writer(struct om_db *shard, struct om_err *err)
{
	return om_db_exec(shard,
	    "SET enable_hashjoin = off; --@postgres\n"
	    "SET enable_mergejoin = off; --@postgres\n"
	    "SET jit = off; --@postgres\n",
	    err);
}

int
om_store_open_shard(const struct om_store *store, unsigned shard,
    enum om_db_mode mode, struct om_db **out, struct om_err *err)
{
	struct om_db *db = NULL;

	if (om_db_open(store->shard_url[shard], mode, &db, err) < 0)
		return om_wrap(err, "shard %u", shard);
	if (om_schema_check(db, OM_SCHEMA_SHARD, err) < 0 ||
	    check_owner(store, db, err) < 0 ||
	    om_keys_serve(db, OM_KEYS_MEMORY / store->shards, err) < 0 ||
	    (mode != OM_DB_READ && tune_writer(db, err) < 0)) {
		om_db_close(&db);
		return om_wrap(err, "shard %u", shard);
	}
	*out = db;
	return 0;
}

int64_t
om_store_published(const struct om_store *store)
{
	return store->published;
}
