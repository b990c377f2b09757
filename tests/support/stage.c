/* stage.c - stores for tests; see stage.h. */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pg.h"
#include "spy.h"

#define NOON INT64_C(1774008000) /* 2026-03-20T12:00:00Z */

/* A sanitizer looks at the same calls a second time. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLOWNESS 5
#else
#define SLOWNESS 1
#endif

struct stage on_sqlite = { .now = NOON };
struct stage on_postgres = { .postgres = true, .now = NOON };

int
stage_start(void **state)
{
	(void)state;
	om_db_setup();
	return pg_skipped() || pg_start() ? 0 : -1;
}

int
stage_stop(void **state)
{
	(void)state;
	pg_stop();
	return 0;
}

const char *
stage_new_url(struct stage *s)
{
	if (s->postgres)
		snprintf(s->url, sizeof(s->url), "%s&schema=t%u", pg_url(),
		    ++s->made);
	else
		snprintf(s->url, sizeof(s->url), "%s/store%u", s->dir,
		    ++s->made);
	return s->url;
}

void
stage_create(struct stage *s, const char *url, unsigned shards)
{
	const struct om_store_plan plan = { .shards = shards };
	const struct om_clock clock = om_clock_fixed(&s->now);
	struct om_err err = { 0 };

	assert_ok(om_store_create(url, &plan, &clock, &err));
}

struct om_store *
stage_open(const struct stage *s, const char *url, enum om_access access)
{
	const struct om_session session = {
		.access = access,
		.command = "test",
		/* A server notices in a while that a client was killed. */
		.lock_wait_ms = 30000,
		.clock = om_clock_fixed(&s->now),
	};
	struct om_store *store = NULL;
	struct om_err err = { 0 };

	assert_ok(om_store_open(url, &session, &store, &err));
	return store;
}

void
stage_reopen(struct stage *s)
{
	om_store_close(&s->store);
	s->store = stage_open(s, s->url, OM_STORE_WRITE);
}

int
stage_set(void **state)
{
	struct stage *s = *state;

	spy_reset();
	s->there = !s->postgres || !pg_skipped();
	if (!s->there)
		return 0;
	/* In memory where that can be had: tests wait for no disk. */
	strcpy(s->dir, "/dev/shm/ordmill-XXXXXX");
	if (mkdtemp(s->dir) == NULL &&
	    mkdtemp(strcpy(s->dir, "/tmp/ordmill-XXXXXX")) == NULL)
		return -1;
	stage_new_url(s);
	stage_create(s, s->url, STAGE_SHARDS);
	s->store = stage_open(s, s->url, OM_STORE_WRITE);
	return 0;
}

int
stage_clear(void **state)
{
	struct stage *s = *state;
	char command[64];

	spy_reset();
	if (!s->there)
		return 0;
	om_store_close(&s->store);
	snprintf(command, sizeof(command), "rm -rf '%s'", s->dir);
	return system(command) == 0 ? 0 : -1;
}

struct stage *
stage_of(void **state)
{
	struct stage *s = *state;

	if (!s->there)
		skip();
	return s;
}

long
stage_step(const struct stage *s, long sqlite, long postgres)
{
	const char *torture = getenv("ORDMILL_TORTURE");

	if (torture != NULL && strcmp(torture, "1") == 0)
		return 1;
	return (s->postgres ? postgres : sqlite) * SLOWNESS;
}

const char *
stage_file(struct stage *s, const char *name, const char *text)
{
	static char path[2][128];
	static unsigned turn;
	char *p = path[turn++ % 2];
	FILE *f;

	snprintf(p, sizeof(path[0]), "%s/%s", s->dir, name);
	f = fopen(p, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	return p;
}

struct om_db *
stage_shard(const struct stage *s, unsigned shard)
{
	struct om_err err = { 0 };
	struct om_db *db = NULL;

	assert_ok(om_store_open_shard(s->store, shard, OM_DB_WRITE, &db, &err));
	return db;
}

int64_t
db_number(struct om_db *db, const char *sql)
{
	struct om_err err = { 0 };
	struct om_stmt *q = NULL;
	int64_t n;
	int rc;

	assert_ok(om_db_prepare(db, sql, &q, &err));
	rc = om_stmt_step(q, &err);
	assert_ok(rc);
	n = rc == 1 ? om_col_int(q, 0) : 0;
	om_stmt_reset(q);
	return n;
}

int64_t
shards_number(const struct stage *s, const char *sql)
{
	int64_t n = 0;

	for (unsigned i = 0; i < om_store_shards(s->store); i++) {
		struct om_db *db = stage_shard(s, i);

		n += db_number(db, sql);
		om_db_close(&db);
	}
	return n;
}

int64_t
catalog_number(const struct stage *s, const char *sql)
{
	return db_number(om_store_catalog(s->store), sql);
}

void
db_run(struct om_db *db, const char *script)
{
	struct om_err err = { 0 };

	assert_ok(om_db_exec(db, script, &err));
}
