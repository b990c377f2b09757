/* copy.c - copy the files, then give them another identity; see copy.h. */
#include "store/copy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/create.h"
#include "store/meta.h"
#include "store/migrate.h"
#include "store/sql.h"
#include "store/swap.h"

static const char newest_note[] =
    "SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1";
static const char set_value[] = "UPDATE meta SET value = $2 WHERE name = $1";
static const char drop_id[] = "DELETE FROM meta WHERE name = 'store_id'";
static const char drop_notes[] = "DELETE FROM checkpoints /*scan*/";
static const char set_place[] = "UPDATE shards SET url = $2 WHERE shard = $1";

/* One call of om_copy_begin(). */
struct copying {
	const char *url;
	const struct om_store_plan *plan;
	struct om_lock lock; /* the template's */
	struct om_places from;
	struct om_store *to;
};

static void
copying_end(struct copying **c)
{
	if (*c == NULL)
		return;
	om_lock_drop(&(*c)->lock);
	om_store_close(&(*c)->to);
	free(*c);
}

static int
check_urls(const char *url, const char *template_url, struct om_err *err)
{
	if (om_db_url_is_remote(url))
		return om_fail(err, OM_EUSAGE,
		    "a store on a server cannot be a copy of a template");
	if (om_db_url_is_remote(template_url))
		return om_fail(err, OM_EUSAGE,
		    "a store on a server cannot be a template");
	if (strlen(url) >= OM_URL_MAX)
		return om_fail(err, OM_EUSAGE, "store url over %d bytes",
		    OM_URL_MAX - 1);
	return 0;
}

/* The first three lines of a note: origin, size, root. */
static void
take_head(struct om_str note, struct om_copied *out)
{
	size_t n = 0;

	for (int lines = 0; n < note.n && n < sizeof(out->head) - 1; n++) {
		lines += note.p[n] == '\n';
		if (lines == 3)
			break;
		out->head[n] = note.p[n] == '\n' ? ' ' : note.p[n];
	}
	out->head[n] = '\0';
}

static int
read_head(struct om_db *db, struct om_copied *out, struct om_err *err)
{
	char origin[OM_META_MAX];
	struct om_stmt *q;
	int rc;

	if (om_meta_get(db, "origin", origin, err) < 0)
		return err->code;
	take_head(om_str_of(origin), out);
	if (om_sql(db, &q, err, newest_note, "") < 0 ||
	    (rc = om_stmt_step(q, err)) < 0)
		return err->code;
	if (rc == 1)
		take_head(om_col_text(q, 0), out);
	om_stmt_reset(q);
	return 0;
}

/* Writers wait until it has been read; other copies need not. */
static int
open_template(struct copying *c, const char *url,
    const struct om_session *session, struct om_copied *out, struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	char catalog[OM_URL_MAX];
	char lock[OM_URL_MAX];

	if (om_store_catalog_url(url, catalog, err) < 0 ||
	    om_store_lock_path(url, lock, err) < 0)
		return err->code;
	if (!om_store_exists(url))
		return om_fail(err, OM_ESTORE, "no store");
	if (om_lock_take(lock, true, session->lock_wait_ms, session->command,
		&session->clock, &c->lock, err) < 0 ||
	    om_db_open(catalog, OM_DB_READ, &db, err) < 0 ||
	    om_schema_check(db, OM_SCHEMA_CATALOG, err) < 0 ||
	    om_places_read(url, catalog, OM_DB_READ, &c->from, err) < 0)
		return err->code;
	return read_head(db, out, err);
}

static int
check_plan(const struct copying *c, struct om_err *err)
{
	if (c->plan->shards != 0 && c->plan->shards != c->from.shards)
		return om_fail(err, OM_EUSAGE,
		    "the template has %u shards, not %u", c->from.shards,
		    c->plan->shards);
	return om_create_distinct(c->plan, err);
}

/* Where a shard is to be; it has not been there yet. */
static int
shard_place(const struct copying *c, unsigned i, char kept[OM_URL_MAX],
    char full[OM_URL_MAX], struct om_err *err)
{
	if (om_create_shard_url(c->url, c->plan, i, kept, full, err) < 0)
		return err->code;
	if (om_db_url_is_remote(full))
		return om_fail(err, OM_EUSAGE,
		    "a shard on a server cannot be a copy of a template's");
	if (om_place_exists(full, ""))
		return om_fail(err, OM_ECONFLICT, "'%s' is there already",
		    full);
	return 0;
}

static int
copy_shard(const struct copying *c, unsigned i, struct om_err *err)
{
	char kept[OM_URL_MAX];
	char full[OM_URL_MAX];
	char path[OM_URL_MAX];

	if (shard_place(c, i, kept, full, err) < 0 ||
	    om_place(full, OM_NEW, path, err) < 0)
		return err->code;
	return om_place_copy(c->from.shard[i], path, err);
}

static int
own_shard(const struct copying *c, unsigned i, const char *id,
    struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	char kept[OM_URL_MAX];
	char full[OM_URL_MAX];
	char path[OM_URL_MAX];

	if (shard_place(c, i, kept, full, err) < 0 ||
	    om_place(full, OM_NEW, path, err) < 0 ||
	    om_db_open(path, OM_DB_WRITE, &db, err) < 0 ||
	    om_schema_check(db, OM_SCHEMA_SHARD, err) < 0 ||
	    om_sql_run(db, err, set_value, "ss", "store", id) < 0)
		return err->code;
	return om_sql_run(c->to->catalog, err, set_place, "is", (int64_t)i,
	    kept);
}

static int
set_identity(struct copying *c, const char *id, struct om_err *err)
{
	struct om_db *db = c->to->catalog;
	const char *key = c->plan->key_path;
	const char *vkey = c->plan->vkey;
	char origin[OM_META_MAX];
	char now[OM_TIME_TEXT_MAX];

	snprintf(origin, sizeof(origin), "ordmill/%.64s", id);
	om_time_text(om_now(&c->to->clock), now);
	if (om_sql_run(db, err, set_value, "ss", "origin", origin) < 0 ||
	    om_sql_run(db, err, set_value, "ss", "created_at", now) < 0 ||
	    om_sql_run(db, err, set_value, "ss", "key",
		key == NULL ? "" : key) < 0 ||
	    om_sql_run(db, err, set_value, "ss", "vkey",
		vkey == NULL ? "" : vkey) < 0)
		return err->code;
	return om_sql_run(db, err, drop_notes, "");
}

/* The template's checkpoints speak of another origin. */
static int
own_catalog(struct copying *c, struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	char id[OM_META_MAX];

	if (om_txn_begin(c->to->catalog, &txn, err) < 0 ||
	    om_sql_run(c->to->catalog, err, drop_id, "") < 0 ||
	    om_create_id(c->to->catalog, id, err) < 0)
		return err->code;
	for (unsigned i = 0; i < c->from.shards; i++)
		if (own_shard(c, i, id, err) < 0)
			return om_wrap(err, "shard %u", i);
	if (set_identity(c, id, err) < 0)
		return err->code;
	return om_txn_commit(&txn, err);
}

/* A store like any other, but for the names of its files. */
static int
load(struct om_store *s, struct om_err *err)
{
	if (om_store_load(s, err) < 0)
		return err->code;
	for (unsigned i = 0; i < s->shards; i++) {
		char path[OM_URL_MAX];

		if (om_place(s->shard_url[i], OM_NEW, path, err) < 0)
			return err->code;
		strcpy(s->shard_url[i], path);
	}
	return 0;
}

static int
copy_all(struct copying *c, struct om_err *err)
{
	char catalog[OM_URL_MAX];
	char part[OM_URL_MAX];

	if (om_store_exists(c->url))
		return om_fail(err, OM_ECONFLICT, "'%s' is a store already",
		    c->url);
	for (unsigned i = 0; i < c->from.shards; i++)
		if (copy_shard(c, i, err) < 0)
			return om_wrap(err, "shard %u", i);
	if (om_store_catalog_url(c->url, catalog, err) < 0 ||
	    om_place(catalog, OM_PART, part, err) < 0 ||
	    om_place_copy(c->from.catalog, part, err) < 0 ||
	    om_db_open(part, OM_DB_WRITE, &c->to->catalog, err) < 0 ||
	    own_catalog(c, err) < 0)
		return err->code;
	return load(c->to, err);
}

static struct copying *
copying_new(const char *url, const struct om_store_plan *plan,
    const struct om_session *session)
{
	struct copying *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->url = url;
	c->plan = plan;
	c->lock = OM_LOCK_NONE;
	c->to = calloc(1, sizeof(*c->to));
	if (c->to == NULL) {
		free(c);
		return NULL;
	}
	c->to->lock = OM_LOCK_NONE;
	c->to->clock = session->clock;
	strcpy(c->to->url, url);
	return c;
}

int
om_copy_begin(const char *url, const char *template_url,
    const struct om_store_plan *plan, const struct om_session *session,
    struct om_store **out, struct om_copied *out_from, struct om_err *err)
{
	OM_AUTO(copying_end) struct copying *c = NULL;

	if (check_urls(url, template_url, err) < 0)
		return err->code;
	c = copying_new(url, plan, session);
	if (c == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	if (open_template(c, template_url, session, out_from, err) < 0)
		return om_wrap(err, "template '%s'", template_url);
	if (check_plan(c, err) < 0 ||
	    om_create_lock(url, &session->clock, &c->to->lock, err) < 0 ||
	    copy_all(c, err) < 0)
		return err->code;
	*out = c->to;
	c->to = NULL;
	return 0;
}

/* What om_reset() goes back to. */
static int
keep_start(const char *path, const char *suffix, struct om_err *err)
{
	char from[OM_URL_MAX];
	char to[OM_URL_MAX];

	if (om_place(path, suffix, from, err) < 0 ||
	    om_place(path, OM_START, to, err) < 0 ||
	    om_place_settle(from, err) < 0)
		return err->code;
	return om_place_copy(from, to, err);
}

static int
keep_all(const char *url, struct om_places *places, struct om_err *err)
{
	char catalog[OM_URL_MAX];
	char part[OM_URL_MAX];

	if (om_store_catalog_url(url, catalog, err) < 0 ||
	    om_place(catalog, OM_PART, part, err) < 0 ||
	    om_places_read(url, part, OM_DB_WRITE, places, err) < 0)
		return err->code;
	for (unsigned i = 0; i < places->shards; i++)
		if (keep_start(places->shard[i], OM_NEW, err) < 0)
			return om_wrap(err, "shard %u", i);
	if (keep_start(catalog, OM_PART, err) < 0)
		return err->code;
	om_places_sync(places);
	return 0;
}

static void
free_places(struct om_places **places)
{
	free(*places);
}

int
om_copy_commit(struct om_store **store, struct om_err *err)
{
	OM_AUTO(free_places)
	struct om_places *places = malloc(sizeof(*places));
	struct om_store *s = *store;
	int rc;

	if (places == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	om_db_close(&s->catalog); /* its log goes into it */
	rc = keep_all(s->url, places, err);
	if (rc == 0)
		rc = om_swap_ready(s->url, err);
	if (rc == 0)
		rc = om_swap(s->url, err);
	om_store_close(store);
	return rc;
}

int
om_copy_finish(const char *url, const struct om_session *session,
    bool *out_done, struct om_err *err)
{
	OM_AUTO(om_lock_drop) struct om_lock lock = OM_LOCK_NONE;
	char path[OM_URL_MAX];

	*out_done = false;
	if (!om_swap_pending(url))
		return 0;
	if (om_store_lock_path(url, path, err) < 0 ||
	    om_lock_take(path, false, session->lock_wait_ms, session->command,
		&session->clock, &lock, err) < 0)
		return err->code;
	/* Another call may have done it meanwhile. */
	if (om_swap_pending(url) && om_swap(url, err) < 0)
		return err->code;
	*out_done = true;
	return 0;
}
