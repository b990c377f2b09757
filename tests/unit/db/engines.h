/* engines.h - one suite, two engines, and an empty database for each test. */
#ifndef OM_TEST_DB_ENGINES_H
#define OM_TEST_DB_ENGINES_H

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/db.h"
#include "pg.h"

struct engine {
	bool postgres;
	char dir[32];
	char url[256];
	struct om_db *db;
	unsigned made; /* databases so far */
};

static struct engine sqlite = { .postgres = false };
static struct engine postgres = { .postgres = true };

/* Another handle to the same database. */
static inline struct om_db *
another(const struct engine *e, enum om_db_mode mode)
{
	struct om_err err = { 0 };
	struct om_db *db = NULL;

	assert_ok(om_db_open(e->url, mode, &db, &err));
	return db;
}

static inline int
open_empty(void **state)
{
	struct engine *e = *state;

	if (e->postgres && pg_skipped())
		return 0;
	strcpy(e->dir, "/tmp/ordmill-db-XXXXXX");
	if (mkdtemp(e->dir) == NULL)
		return -1;
	if (e->postgres)
		snprintf(e->url, sizeof(e->url), "%s&schema=t%u", pg_url(),
		    ++e->made);
	else
		snprintf(e->url, sizeof(e->url), "%s/a.db", e->dir);
	e->db = another(e, OM_DB_CREATE);
	return 0;
}

static inline int
close_it(void **state)
{
	struct engine *e = *state;
	char command[64];

	om_db_close(&e->db);
	snprintf(command, sizeof(command), "rm -rf '%s'", e->dir);
	return e->dir[0] != '\0' && system(command) != 0 ? -1 : 0;
}

static inline int
start_server(void **state)
{
	(void)state;
	om_db_setup();
	return pg_skipped() || pg_start() ? 0 : -1;
}

static inline int
stop_server(void **state)
{
	(void)state;
	pg_stop();
	return 0;
}

static inline struct om_db *
db_of(void **state)
{
	struct engine *e = *state;

	if (e->db == NULL)
		skip();
	return e->db;
}

/* Small words for long tests. */

static inline void
run(struct om_db *db, const char *script)
{
	struct om_err err = { 0 };

	assert_ok(om_db_exec(db, script, &err));
}

static inline struct om_stmt *
prepared(struct om_db *db, const char *sql)
{
	struct om_err err = { 0 };
	struct om_stmt *s = NULL;

	assert_ok(om_db_prepare(db, sql, &s, &err));
	return s;
}

static inline int
step(struct om_stmt *s)
{
	struct om_err err = { 0 };
	int rc = om_stmt_step(s, &err);

	assert_ok(rc);
	return rc;
}

/* The one integer that a query gives. */
static inline int64_t
number(struct om_db *db, const char *sql)
{
	struct om_stmt *s = prepared(db, sql);
	int64_t n;

	assert_int_equal(step(s), 1);
	n = om_col_int(s, 0);
	assert_int_equal(step(s), 0);
	om_stmt_reset(s);
	return n;
}

static inline void
assert_str(struct om_str got, const char *want, size_t n)
{
	assert_non_null(got.p);
	assert_int_equal(got.n, n);
	assert_memory_equal(got.p, want, n);
}

/* clang-format off */
#define ON(e, test) { #test "/" #e, test, open_empty, close_it, &e }
#define ON_BOTH(test) ON(sqlite, test), ON(postgres, test)
/* clang-format on */

#endif
