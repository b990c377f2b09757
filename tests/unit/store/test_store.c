/* A store is made whole, opened with care, and knows where its slots are. */
#include "stage.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "pg.h"
#include "spy.h"
#include "store/migrate.h"

static struct om_session
session(const struct stage *s, enum om_access access)
{
	return (struct om_session){
		.access = access,
		.command = "second",
		.clock = om_clock_fixed(&s->now),
	};
}

static int
create(const struct stage *s, const struct om_store_plan *plan,
    struct om_err *err)
{
	const struct om_clock clock = om_clock_fixed(&s->now);

	return om_store_create(s->url, plan, &clock, err);
}

static void
a_new_store_knows_what_it_is(void **state)
{
	const struct stage *s = stage_of(state);
	char id[OM_META_MAX];
	char text[OM_META_MAX];
	struct om_err err = { 0 };

	assert_true(om_store_exists(s->url));
	assert_int_equal(om_store_shards(s->store), STAGE_SHARDS);
	assert_int_equal(om_store_published(s->store), 0);
	assert_string_equal(om_store_url(s->store), s->url);
	assert_ok(om_store_meta(s->store, "store_id", id, &err));
	assert_int_equal(strlen(id), 16);
	assert_ok(om_store_meta(s->store, "origin", text, &err));
	assert_memory_equal(text, "ordmill/", 8);
	assert_string_equal(text + 8, id);
	assert_ok(om_store_meta(s->store, "created_at", text, &err));
	assert_string_equal(text, "2026-03-20T12:00:00Z");
	assert_ok(om_store_meta(s->store, "nothing", text, &err));
	assert_string_equal(text, "");
}

static void
every_slot_has_one_shard(void **state)
{
	static const unsigned counts[] = { 1, 3, OM_SHARDS_MAX };
	struct stage *s = stage_of(state);

	for (size_t i = 0; i < OM_COUNT(counts); i++) {
		unsigned seen = 0;

		if (s->postgres && counts[i] > 3)
			continue; /* 64 schemas take long and show no more */
		om_store_close(&s->store);
		stage_new_url(s);
		stage_create(s, s->url, counts[i]);
		s->store = stage_open(s, s->url, OM_STORE_READ);
		assert_int_equal(om_store_shards(s->store), counts[i]);
		for (unsigned shard = 0; shard < counts[i]; shard++) {
			const struct om_slots *slots;

			assert_int_equal(om_store_slots(s->store, shard,
					     &slots),
			    1);
			assert_int_equal(slots[0].from, seen);
			for (unsigned k = slots[0].from; k <= slots[0].to; k++)
				assert_int_equal(om_store_shard_of(s->store, k),
				    shard);
			seen = slots[0].to + 1;
		}
		assert_int_equal(seen, OM_SLOTS);
	}
}

static void
a_shard_is_opened_by_its_number(void **state)
{
	const struct stage *s = stage_of(state);
	struct om_err err = { 0 };

	for (unsigned i = 0; i < STAGE_SHARDS; i++) {
		OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, i);
		char sql[64];

		snprintf(sql, sizeof(sql),
		    "INSERT INTO meta (name, value) VALUES ('me', '%u')", i);
		db_run(db, sql);
	}
	for (unsigned i = 0; i < STAGE_SHARDS; i++) {
		OM_AUTO(om_db_close) struct om_db *db = NULL;

		assert_ok(
		    om_store_open_shard(s->store, i, OM_DB_READ, &db, &err));
		assert_int_equal(db_number(db, "SELECT value FROM meta"
					       " WHERE name = 'me'"),
		    i);
		assert_true(om_db_exec(db, "DELETE FROM meta", &err) < 0);
	}
}

static void
a_store_is_made_once(void **state)
{
	const struct stage *s = stage_of(state);
	const struct om_store_plan plan = { .shards = 1 };
	struct om_err err = { 0 };
	char want[300];

	om_store_close(&on_sqlite.store);
	om_store_close(&on_postgres.store);
	assert_fails(create(s, &plan, &err), OM_ECONFLICT);
	snprintf(want, sizeof(want), "'%s' is a store already", s->url);
	assert_string_equal(err.msg, want);
}

/* Fails at each call in turn; the next attempt finishes what is there. */
static void
an_interrupted_creation_is_finished_by_the_next(void **state)
{
	struct stage *s = stage_of(state);
	const struct om_store_plan plan = { .shards = 2, .vkey = "v" };
	long n; /* how far the failures came does not depend on the step */

	for (n = 1;; n += stage_step(s, 1, 5)) {
		OM_AUTO(om_store_close) struct om_store *store = NULL;
		struct om_err err = { 0 };
		char vkey[OM_META_MAX];
		int rc;

		stage_new_url(s);
		spy_fail_at(n);
		rc = create(s, &plan, &err);
		if (!spy_failed()) {
			assert_ok(rc);
			break;
		}
		spy_reset();
		assert_true(rc < 0);
		assert_false(om_store_exists(s->url));
		assert_ok(create(s, &plan, &err));
		store = stage_open(s, s->url, OM_STORE_READ);
		assert_int_equal(om_store_shards(store), 2);
		assert_ok(om_store_meta(store, "vkey", vkey, &err));
		assert_string_equal(vkey, "v");
	}
	assert_true(n > 10);
}

static void
no_store_is_told_from_a_damaged_one(void **state)
{
	struct stage *s = stage_of(state);
	const struct om_session read = session(s, OM_STORE_READ);
	struct om_store *store = NULL;
	struct om_err err = { 0 };

	stage_new_url(s);
	assert_false(om_store_exists(s->url));
	assert_fails(om_store_open(s->url, &read, &store, &err), OM_ESTORE);
	assert_null(store);
}

static void
a_newer_catalog_is_refused(void **state)
{
	struct stage *s = stage_of(state);
	const struct om_session read = session(s, OM_STORE_READ);
	struct om_store *store = NULL;
	struct om_err err = { 0 };

	db_run(om_store_catalog(s->store),
	    "UPDATE meta SET value = '2' WHERE name = 'schema'");
	assert_fails(om_store_open(s->url, &read, &store, &err), OM_ESTORE);
	assert_non_null(strstr(err.msg,
	    "made by a newer program: schema 2, this one knows 1"));
}

static void
a_newer_shard_is_refused(void **state)
{
	struct stage *s = stage_of(state);
	struct om_db *db = stage_shard(s, 1);
	struct om_err err = { 0 };

	db_run(db, "UPDATE meta SET value = '2' WHERE name = 'schema'");
	om_db_close(&db);
	assert_fails(om_store_open_shard(s->store, 1, OM_DB_READ, &db, &err),
	    OM_ESTORE);
	assert_string_equal(err.msg, "shard 1: made by a newer program:"
				     " schema 2, this one knows 1");
	assert_null(db);
}

static void
a_shard_of_another_store_is_refused(void **state)
{
	struct stage *s = stage_of(state);
	struct om_db *db = stage_shard(s, 1);
	struct om_err err = { 0 };

	db_run(db, "UPDATE meta SET value = 'ff' WHERE name = 'store'");
	om_db_close(&db);
	assert_fails(om_store_open_shard(s->store, 1, OM_DB_READ, &db, &err),
	    OM_EDAMAGED);
	assert_string_equal(err.msg, "shard 1: belongs to another store");
}

static void
a_broken_shard_map_is_damage(void **state)
{
	static const struct {
		const char *sql;
		const char *message;
	} rows[] = {
		{ "UPDATE shard_map SET slot_to = 4094 WHERE shard = 1",
		    "the shard map ends at 4095" },
		{ "UPDATE shard_map SET slot_to = 4096 WHERE shard = 1",
		    "the shard map is broken at slot 2048" },
		{ "UPDATE shard_map SET slot_from = 2047 WHERE shard = 1",
		    "the shard map is broken at slot 2048" },
		{ "UPDATE shard_map SET slot_from = 1 WHERE shard = 0",
		    "the shard map is broken at slot 0" },
		{ "UPDATE shard_map SET shard = 2 WHERE shard = 1",
		    "the shard map is broken at slot 2048" },
		{ "UPDATE shard_map SET shard = -1 WHERE shard = 1",
		    "the shard map is broken at slot 2048" },
		{ "UPDATE shard_map SET slot_to = -1 WHERE shard = 0",
		    "the shard map is broken at slot 0" },
		{ "DELETE FROM shard_map", "the shard map ends at 0" },
		{ "UPDATE shards SET shard = 7 WHERE shard = 1",
		    "bad list of shards" },
		{ "DELETE FROM shards WHERE shard = 0", "bad list of shards" },
	};
	struct stage *s = stage_of(state);
	const struct om_session read = session(s, OM_STORE_READ);

	for (size_t i = 0; i < OM_COUNT(rows); i++) {
		struct om_db *db = om_store_catalog(s->store);
		struct om_store *store = NULL;
		struct om_err err = { 0 };

		db_run(db, rows[i].sql);
		assert_fails(om_store_open(s->url, &read, &store, &err),
		    OM_EDAMAGED);
		assert_non_null(strstr(err.msg, rows[i].message));
		db_run(db, "DELETE FROM shard_map; DELETE FROM shards;"
			   "INSERT INTO shard_map VALUES (0, 2047, 0),"
			   " (2048, 4095, 1);");
		db_run(db,
		    s->postgres
			? "INSERT INTO shards VALUES (0, '/a'), (1, '/b')"
			: "INSERT INTO shards VALUES (0, 'a'), (1, 'b')");
		assert_ok(om_store_open(s->url, &read, &store, &err));
		om_store_close(&store);
	}
}

static void
a_shard_may_have_several_ranges(void **state)
{
	struct stage *s = stage_of(state);
	const struct om_slots *slots;

	db_run(om_store_catalog(s->store),
	    "DELETE FROM shard_map; INSERT INTO shard_map VALUES"
	    " (0, 9, 1), (10, 10, 0), (11, 4094, 1), (4095, 4095, 0);");
	stage_reopen(s);
	assert_int_equal(om_store_slots(s->store, 0, &slots), 2);
	assert_int_equal(slots[0].from, 10);
	assert_int_equal(slots[0].to, 10);
	assert_int_equal(slots[1].from, 4095);
	assert_int_equal(om_store_slots(s->store, 1, &slots), 2);
	assert_int_equal(slots[1].to, 4094);
	assert_int_equal(om_store_shard_of(s->store, 9), 1);
	assert_int_equal(om_store_shard_of(s->store, 10), 0);
	assert_int_equal(om_store_shard_of(s->store, 4095), 0);
}

static void
one_writes_and_others_read(void **state)
{
	struct stage *s = stage_of(state);
	const struct om_session write = session(s, OM_STORE_WRITE);
	struct om_store *other = NULL;
	struct om_err err = { 0 };

	assert_fails(om_store_open(s->url, &write, &other, &err), OM_EBUSY);
	if (!s->postgres)
		assert_non_null(strstr(err.msg, "(ordmill test)"));
	other = stage_open(s, s->url, OM_STORE_READ);
	om_store_close(&other);
	om_store_close(&s->store);
	assert_ok(om_store_open(s->url, &write, &other, &err));
	om_store_close(&other);
}

static void
who_waits_long_enough_is_told_too(void **state)
{
	struct stage *s = stage_of(state);
	struct om_session write = session(s, OM_STORE_WRITE);
	struct om_store *other = NULL;
	struct om_err err = { 0 };
	int64_t started = om_monotonic_ns();

	write.lock_wait_ms = 60;
	assert_fails(om_store_open(s->url, &write, &other, &err), OM_EBUSY);
	assert_true(om_monotonic_ns() - started >= 60 * 1000000);
}

static void
settings_have_a_maximum(void **state)
{
	struct stage *s = stage_of(state);
	char text[OM_META_MAX + 1];
	char got[OM_META_MAX];
	struct om_err err = { 0 };

	memset(text, 'x', sizeof(text));
	text[OM_META_MAX - 1] = '\0';
	assert_ok(om_store_set_meta(s->store, "key", text, &err));
	assert_ok(om_store_meta(s->store, "key", got, &err));
	assert_string_equal(got, text);
	text[OM_META_MAX - 1] = 'x';
	text[OM_META_MAX] = '\0';
	assert_ok(om_store_set_meta(s->store, "key", text, &err));
	assert_fails(om_store_meta(s->store, "key", got, &err), OM_EDAMAGED);
	assert_string_equal(err.msg, "setting 'key' is too long");
}

static void
paths_are_inside_a_directory_only(void **state)
{
	struct stage *s = stage_of(state);
	char path[OM_URL_MAX];
	char want[300];
	struct om_err err = { 0 };

	if (s->postgres) {
		assert_fails(om_store_path(s->store, "a.key", path, &err),
		    OM_EUSAGE);
		return;
	}
	assert_ok(om_store_path(s->store, "a.key", path, &err));
	snprintf(want, sizeof(want), "%s/a.key", s->url);
	assert_string_equal(path, want);
}

static void
a_url_has_a_maximum(void **state)
{
	struct stage *s = stage_of(state);
	const struct om_session read = session(s, OM_STORE_READ);
	struct om_store *store = NULL;
	struct om_err err = { 0 };
	char url[OM_URL_MAX + 1];

	memset(url, 'x', sizeof(url));
	url[OM_URL_MAX] = '\0';
	assert_fails(om_store_open(url, &read, &store, &err), OM_EUSAGE);
	url[OM_URL_MAX - 1] = '\0';
	assert_true(om_store_open(url, &read, &store, &err) < 0);
	assert_int_equal(err.code, OM_ELIMIT);
}

static void
two_stores_on_a_server_do_not_share_shards(void **state)
{
	struct stage *s = stage_of(state);
	OM_AUTO(om_store_close) struct om_store *b = NULL;
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	struct om_err err = { 0 };

	db = stage_shard(s, 0);
	db_run(db, "INSERT INTO meta (name, value) VALUES ('mine', 'a')");
	om_db_close(&db);
	stage_new_url(s);
	stage_create(s, s->url, 2);
	b = stage_open(s, s->url, OM_STORE_READ);
	assert_ok(om_store_open_shard(b, 0, OM_DB_READ, &db, &err));
	assert_int_equal(db_number(db, "SELECT count(*) FROM meta"
				       " WHERE name = 'mine'"),
	    0);
}

/* The shards' schemas are named after the catalog's, which may stand anywhere
 * in the URL. */
static void
a_schema_in_the_middle_of_a_url_is_found(void **state)
{
	struct stage *s = stage_of(state);
	char name[64 + 1];
	struct om_err err = { 0 };
	const struct om_store_plan plan = { .shards = 1 };

	snprintf(s->url, sizeof(s->url),
	    "%.*s?schema=mid&application_name=test&%s",
	    (int)strcspn(pg_url(), "?"), pg_url(), strchr(pg_url(), '?') + 1);
	assert_ok(create(s, &plan, &err));
	om_store_close(&s->store);
	s->store = stage_open(s, s->url, OM_STORE_READ);
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM shards WHERE"
					   " url LIKE '%?schema=mid_shard_0"
					   "&application_name=test&%'"),
	    1);

	/* "_shard_0" leaves 55 characters. */
	memset(name, 'n', sizeof(name));
	name[56] = '\0';
	snprintf(s->url, sizeof(s->url), "%s&schema=%s", pg_url(), name);
	assert_fails(create(s, &plan, &err), OM_EUSAGE);
	assert_non_null(strstr(err.msg, "is too long to name shards after"));
	name[55] = '\0';
	snprintf(s->url, sizeof(s->url), "%s&schema=%s", pg_url(), name);
	assert_ok(create(s, &plan, &err));
}

/* PostgreSQL and SQLite side by side: a catalog in a directory, one shard on a
 * server. */
static void
shards_may_be_of_either_kind(void **state)
{
	struct stage *s = stage_of(state);
	char server[256];
	const char *shards[] = { "here.db", server };
	const struct om_store_plan plan = { .shards = 2, .shard_url = shards };
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	struct om_err err = { 0 };

	snprintf(server, sizeof(server), "%s&schema=mixed", pg_url());
	snprintf(s->url, sizeof(s->url), "%s/mixed", s->dir);
	assert_ok(create(s, &plan, &err));
	om_store_close(&s->store);
	s->store = stage_open(s, s->url, OM_STORE_WRITE);
	db = stage_shard(s, 0);
	assert_int_equal(om_db_engine(db), OM_SQLITE);
	om_db_close(&db);
	db = stage_shard(s, 1);
	assert_int_equal(om_db_engine(db), OM_POSTGRES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(a_new_store_knows_what_it_is),
		STAGE_BOTH(every_slot_has_one_shard),
		STAGE_BOTH(a_shard_is_opened_by_its_number),
		STAGE_BOTH(a_store_is_made_once),
		STAGE_BOTH(an_interrupted_creation_is_finished_by_the_next),
		STAGE_BOTH(no_store_is_told_from_a_damaged_one),
		STAGE_BOTH(a_newer_catalog_is_refused),
		STAGE_BOTH(a_newer_shard_is_refused),
		STAGE_BOTH(a_shard_of_another_store_is_refused),
		STAGE_BOTH(a_broken_shard_map_is_damage),
		STAGE_BOTH(a_shard_may_have_several_ranges),
		STAGE_BOTH(one_writes_and_others_read),
		STAGE_BOTH(who_waits_long_enough_is_told_too),
		STAGE_BOTH(settings_have_a_maximum),
		STAGE_BOTH(paths_are_inside_a_directory_only),
		STAGE(on_sqlite, a_url_has_a_maximum),
		STAGE(on_postgres, two_stores_on_a_server_do_not_share_shards),
		STAGE(on_postgres, a_schema_in_the_middle_of_a_url_is_found),
		STAGE(on_postgres, shards_may_be_of_either_kind),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
