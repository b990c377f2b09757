/* Schema steps: applied once, each whole, and never a newer one. */
#include "stage.h"

#include <stdio.h>
#include <string.h>

#include "spy.h"
#include "store/migrate.h"

/* A database with nothing in it. */
static struct om_db *
empty(struct stage *s)
{
	struct om_err err = { 0 };
	struct om_db *db = NULL;
	char url[300];

	stage_new_url(s);
	snprintf(url, sizeof(url), "%s%s", s->url, s->postgres ? "x" : ".db");
	assert_ok(om_db_open(url, OM_DB_CREATE, &db, &err));
	return db;
}

static void
an_empty_database_has_no_schema(void **state)
{
	OM_AUTO(om_db_close) struct om_db *db = empty(stage_of(state));
	struct om_err err = { 0 };
	int version = -1;

	assert_ok(om_schema_version(db, &version, &err));
	assert_int_equal(version, 0);
	assert_fails(om_schema_check(db, OM_SCHEMA_SHARD, &err), OM_ESTORE);
	assert_string_equal(err.msg, "holds no store");
}

static void
migrating_brings_it_to_the_newest_step(void **state)
{
	static const enum om_schema both[] = { OM_SCHEMA_CATALOG,
		OM_SCHEMA_SHARD };

	for (size_t i = 0; i < OM_COUNT(both); i++) {
		OM_AUTO(om_db_close) struct om_db *db = empty(stage_of(state));
		struct om_err err = { 0 };
		int version = -1;

		assert_ok(om_migrate(db, both[i], &err));
		assert_ok(om_schema_version(db, &version, &err));
		assert_int_equal(version, om_schema_newest(both[i]));
		assert_ok(om_schema_check(db, both[i], &err));
		assert_ok(om_migrate(db, both[i], &err));
	}
}

static void
a_step_that_fails_leaves_nothing(void **state)
{
	struct stage *s = stage_of(state);
	int failures = 0;

	for (long n = 1;; n++) {
		OM_AUTO(om_db_close) struct om_db *db = empty(s);
		struct om_err err = { 0 };
		int version = -1;
		int rc;

		spy_fail_at(n);
		rc = om_migrate(db, OM_SCHEMA_SHARD, &err);
		if (!spy_failed()) {
			assert_ok(rc);
			break;
		}
		failures++;
		assert_fails(rc, OM_EIO);
		spy_reset();
		assert_ok(om_schema_version(db, &version, &err));
		assert_int_equal(version, 0);
		assert_ok(om_migrate(db, OM_SCHEMA_SHARD, &err));
	}
	assert_true(failures >= 6);
}

static void
a_newer_schema_is_not_touched(void **state)
{
	OM_AUTO(om_db_close) struct om_db *db = empty(stage_of(state));
	struct om_err err = { 0 };

	assert_ok(om_migrate(db, OM_SCHEMA_CATALOG, &err));
	db_run(db, "UPDATE meta SET value = '99' WHERE name = 'schema'");
	assert_fails(om_schema_check(db, OM_SCHEMA_CATALOG, &err), OM_ESTORE);
	assert_string_equal(err.msg,
	    "made by a newer program: schema 99, this one knows 1");
	assert_fails(om_migrate(db, OM_SCHEMA_CATALOG, &err), OM_ESTORE);
}

static void
a_version_that_is_no_number_is_damage(void **state)
{
	OM_AUTO(om_db_close) struct om_db *db = empty(stage_of(state));
	struct om_err err = { 0 };
	int version;

	assert_ok(om_migrate(db, OM_SCHEMA_CATALOG, &err));
	db_run(db, "UPDATE meta SET value = 'one' WHERE name = 'schema'");
	assert_fails(om_schema_version(db, &version, &err), OM_EDAMAGED);
	assert_string_equal(err.msg, "schema version 'one' is not a number");
}

/* Someone else's table of that name, or an interrupted first step. */
static void
a_meta_without_version_is_no_schema(void **state)
{
	OM_AUTO(om_db_close) struct om_db *db = empty(stage_of(state));
	struct om_err err = { 0 };
	int version = -1;

	db_run(db, "CREATE TABLE meta (name text PRIMARY KEY, value text)");
	assert_ok(om_schema_version(db, &version, &err));
	assert_int_equal(version, 0);
	assert_true(om_migrate(db, OM_SCHEMA_CATALOG, &err) < 0);
	assert_non_null(strstr(err.msg, "schema step 1: "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(an_empty_database_has_no_schema),
		STAGE_BOTH(migrating_brings_it_to_the_newest_step),
		STAGE_BOTH(a_step_that_fails_leaves_nothing),
		STAGE_BOTH(a_newer_schema_is_not_touched),
		STAGE_BOTH(a_version_that_is_no_number_is_damage),
		STAGE_BOTH(a_meta_without_version_is_no_schema),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
