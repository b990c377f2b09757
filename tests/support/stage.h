/*
 * stage.h - a new store for each test, on SQLite and on PostgreSQL.
 *
 * A test gets a struct stage with an open store of two shards and a directory
 * for its files. On PostgreSQL it skips where ORDMILL_SKIP_PG=1.
 */
#ifndef OM_TEST_STAGE_H
#define OM_TEST_STAGE_H

#include "unit.h"

#include "store/store.h"

#define STAGE_SHARDS 2

struct stage {
	bool postgres;
	bool there; /* false: to be skipped */
	char dir[32];
	char url[256];
	struct om_store *store; /* open for writing */
	unsigned made;		/* stores so far, for names on the server */
	int64_t now;
};

extern struct stage on_sqlite;
extern struct stage on_postgres;

/* For cmocka_run_group_tests(). */
int stage_start(void **state);
int stage_stop(void **state);
/* For each test. */
int stage_set(void **state);
int stage_clear(void **state);

/* The stage of this test; skips the test if there is no engine for it. */
struct stage *stage_of(void **state);

/* Another URL for a store that does not exist yet, until the next call. */
const char *stage_new_url(struct stage *s);
void stage_create(struct stage *s, const char *url, unsigned shards);
struct om_store *stage_open(const struct stage *s, const char *url,
    enum om_access access);
void stage_reopen(struct stage *s);

/* How many calls a loop over failures may pass over: the machine's time for a
 * check (five times as many under a sanitizer), or 1 with ORDMILL_TORTURE=1. */
long stage_step(const struct stage *s, long sqlite, long postgres);

/* A file in the stage's directory; the path lives until the next but one. */
const char *stage_file(struct stage *s, const char *name, const char *text);

/* A shard of the stage's store, open for writing. */
struct om_db *stage_shard(const struct stage *s, unsigned shard);

/* The one integer, or text, that a query gives: in one database, in all shards
 * summed up, in the catalog. */
int64_t db_number(struct om_db *db, const char *sql);
int64_t shards_number(const struct stage *s, const char *sql);
int64_t catalog_number(const struct stage *s, const char *sql);
void db_run(struct om_db *db, const char *script);

/* clang-format off */
#define STAGE(on, test) { #test "/" #on, test, stage_set, stage_clear, &on }
#define STAGE_BOTH(test) STAGE(on_sqlite, test), STAGE(on_postgres, test)
/* clang-format on */

#endif
