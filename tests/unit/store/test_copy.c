/* Copies of a template and resets: whole, with an identity of their own, and
 * whole again wherever they are killed. */
#include "stage.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "content.h"
#include "db/db.h"
#include "spy.h"
#include "store/copy.h"
#include "store/reset.h"

#define KILLED 99

/* The linker puts these between the program and its files: every state that
 * can be seen from outside begins with one of the two. */
static long calls;
static long die_at; /* 0: never */

static void
count(void)
{
	if (++calls == die_at)
		_exit(KILLED);
}

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int
__wrap_rename(const char *from, const char *to)
{
	count();
	return __real_rename(from, to);
}

int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int
__wrap_unlink(const char *path)
{
	count();
	return __real_unlink(path);
}

static struct om_session
session(const struct stage *s)
{
	return (struct om_session){
		.access = OM_STORE_WRITE,
		.command = "test",
		.clock = om_clock_fixed(&s->now),
	};
}

static void
fill(struct om_store *store, int64_t batch)
{
	char sql[256];
	struct om_err err = { 0 };

	snprintf(sql, sizeof(sql),
	    "INSERT INTO batches VALUES (%lld, 'f', 'orders', 'a', 'x', 1,"
	    " 'published', '', 0, 1, 1, 1, '')",
	    (long long)batch);
	db_run(om_store_catalog(store), sql);
	for (unsigned i = 0; i < om_store_shards(store); i++) {
		struct om_db *db = NULL;

		assert_ok(
		    om_store_open_shard(store, i, OM_DB_WRITE, &db, &err));
		snprintf(sql, sizeof(sql),
		    "INSERT INTO shard_books VALUES ('batch', %lld, 'EUR',"
		    " 'read', %u, 1)",
		    (long long)batch, i);
		db_run(db, sql);
		om_db_close(&db);
	}
}

static int
copy(const struct stage *s, const char *url, struct om_err *err)
{
	const struct om_store_plan plan = { 0 };
	const struct om_session as = session(s);
	OM_AUTO(om_store_close) struct om_store *store = NULL;
	struct om_copied from;

	if (om_copy_begin(url, s->url, &plan, &as, &store, &from, err) < 0)
		return err->code;
	return om_copy_commit(&store, err);
}

static void
digest(const struct stage *s, const char *url, char out[OM_SHA256_HEX])
{
	struct om_store *store = stage_open(s, url, OM_STORE_WRITE);

	content_digest(store, out);
	om_store_close(&store);
}

static void
same_content(const struct stage *s, const char *url, const char *want)
{
	char got[OM_SHA256_HEX];

	digest(s, url, got);
	assert_string_equal(got, want);
}

/* Only the names that a store has when nothing is going on. */
static void
is_tidy(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		if (strstr(e->d_name, ".new") != NULL ||
		    strstr(e->d_name, ".part") != NULL)
			fail_msg("%s was left", e->d_name);
	closedir(d);
}

static void
a_copy_is_a_store_of_its_own(void **state)
{
	struct stage *s = stage_of(state);
	struct om_store *store;
	char was[OM_META_MAX];
	char is[OM_META_MAX];
	char want[OM_SHA256_HEX];
	char url[300];
	struct om_err err = { 0 };

	fill(s->store, 1);
	content_digest(s->store, want);
	assert_ok(om_store_meta(s->store, "store_id", was, &err));
	om_store_close(&s->store);
	snprintf(url, sizeof(url), "%s/copy", s->dir);
	assert_ok(copy(s, url, &err));
	is_tidy(url);
	same_content(s, url, want);

	store = stage_open(s, url, OM_STORE_WRITE);
	assert_ok(om_store_meta(store, "store_id", is, &err));
	assert_string_not_equal(is, was);
	assert_ok(om_store_meta(store, "origin", was, &err));
	assert_string_equal(was + strlen("ordmill/"), is);
	fill(store, 2); /* opens every shard: they know whose they are */
	om_store_close(&store);
	same_content(s, s->url, want); /* the template did not notice */
}

static void
what_a_killed_writer_left_is_copied(void **state)
{
	struct stage *s = stage_of(state);
	char want[OM_SHA256_HEX];
	char url[300];
	struct om_err err = { 0 };
	pid_t child;
	int status;

	om_store_close(&s->store);
	child = fork();
	if (child == 0) {
		s->store = stage_open(s, s->url, OM_STORE_WRITE);
		fill(s->store, 1);
		_exit(0); /* its log stays beside the catalog */
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	snprintf(url, sizeof(url), "%s/catalog.db-wal", s->url);
	assert_int_equal(access(url, F_OK), 0);
	snprintf(url, sizeof(url), "%s/copy", s->dir);
	assert_ok(copy(s, url, &err));
	digest(s, s->url, want);
	same_content(s, url, want);
}

static void
a_template_in_use_is_waited_for(void **state)
{
	struct stage *s = stage_of(state);
	char url[300];
	struct om_err err = { 0 };

	snprintf(url, sizeof(url), "%s/copy", s->dir);
	assert_fails(copy(s, url, &err), OM_EBUSY);
	assert_non_null(strstr(err.msg, "locked by pid"));
	assert_false(om_store_exists(url));
}

/* Run it in a process that is killed at the nth call; true: it was. */
static bool
killed_at(long n, void (*run)(const struct stage *, const char *),
    const struct stage *s, const char *url)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		calls = 0;
		die_at = n;
		run(s, url);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == KILLED);
	return WEXITSTATUS(status) == KILLED;
}

static void
run_copy(const struct stage *s, const char *url)
{
	struct om_err err = { 0 };

	if (copy(s, url, &err) < 0)
		_exit(1);
}

static void
run_reset(const struct stage *s, const char *url)
{
	const struct om_session as = session(s);
	struct om_err err = { 0 };
	struct om_reset r;

	if (om_reset(url, &as, false, &r, &err) < 0)
		_exit(1);
}

static void
a_copy_killed_anywhere_is_made_by_the_next_call(void **state)
{
	struct stage *s = stage_of(state);
	const struct om_session as = session(s);
	char want[OM_SHA256_HEX];
	char url[300];
	struct om_err err = { 0 };
	long finished = 0;
	long n = 0;
	bool killed;

	fill(s->store, 1);
	om_store_close(&s->store);
	digest(s, s->url, want);
	do {
		bool done = false;

		snprintf(url, sizeof(url), "%s/copy-%ld", s->dir, ++n);
		killed = killed_at(n, run_copy, s, url);
		assert_ok(om_copy_finish(url, &as, &done, &err));
		finished += done;
		if (killed && !done) {
			assert_false(om_store_exists(url));
			assert_ok(copy(s, url, &err));
		}
		is_tidy(url);
		same_content(s, url, want);
	} while (killed);
	/* Both kinds of death were tried. */
	assert_true(finished > 3 && n - finished > 10);
}

static void
a_reset_killed_anywhere_is_finished_by_the_next(void **state)
{
	struct stage *s = stage_of(state);
	const struct om_session as = session(s);
	char start[OM_SHA256_HEX];
	char later[OM_SHA256_HEX];
	char url[300];
	struct om_err err = { 0 };
	long resumed = 0;
	long n = 0;
	bool killed;

	fill(s->store, 1);
	om_store_close(&s->store);
	snprintf(url, sizeof(url), "%s/copy", s->dir);
	assert_ok(copy(s, url, &err));
	digest(s, url, start);
	do {
		struct om_store *store = stage_open(s, url, OM_STORE_WRITE);
		struct om_store *none = NULL;
		struct om_reset r;

		fill(store, 2);
		content_digest(store, later);
		om_store_close(&store);
		killed = killed_at(++n, run_reset, s, url);
		if (om_store_open(url, &as, &none, &err) == 0) {
			om_store_close(&none); /* not begun, or all done */
			same_content(s, url, killed ? later : start);
		} else {
			assert_int_equal(err.code, OM_ESTORE);
			assert_non_null(strstr(err.msg, "was interrupted"));
		}
		assert_ok(om_reset(url, &as, false, &r, &err));
		assert_true(r.resumed || r.templated);
		resumed += r.resumed;
		is_tidy(url);
		same_content(s, url, start);
	} while (killed);
	assert_true(resumed > 3 && n - resumed > 10);
}

static void
without_a_template_a_store_is_empty_again(void **state)
{
	struct stage *s = stage_of(state);
	const struct om_session as = session(s);
	struct om_reset r;
	char start[OM_SHA256_HEX];
	char was[OM_META_MAX];
	char is[OM_META_MAX];
	struct om_err err = { 0 };

	content_digest(s->store, start);
	assert_ok(om_store_meta(s->store, "store_id", was, &err));
	fill(s->store, 1);
	assert_fails(om_reset(s->url, &as, false, &r, &err), OM_EBUSY);
	om_store_close(&s->store);
	assert_ok(om_reset(s->url, &as, true, &r, &err));
	s->store = stage_open(s, s->url, OM_STORE_WRITE);
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM batches"), 1);
	om_store_close(&s->store);

	s->now += 3600;
	assert_ok(om_reset(s->url, &as, false, &r, &err));
	assert_false(r.resumed || r.templated);
	assert_int_equal(r.batches, 1);
	assert_int_equal(r.shards, STAGE_SHARDS);
	is_tidy(s->url);
	same_content(s, s->url, start);
	s->store = stage_open(s, s->url, OM_STORE_WRITE);
	assert_ok(om_store_meta(s->store, "store_id", is, &err));
	assert_string_equal(is, was);
	assert_ok(om_store_meta(s->store, "created_at", is, &err));
	assert_string_equal(is, "2026-03-20T12:00:00Z");
	fill(s->store, 1);
}

static void
a_reader_goes_on_reading_what_it_had(void **state)
{
	struct stage *s = stage_of(state);
	const struct om_session as = session(s);
	struct om_store *reader;
	struct om_reset r;
	struct om_err err = { 0 };

	fill(s->store, 1);
	om_store_close(&s->store);
	reader = stage_open(s, s->url, OM_STORE_READ);
	assert_int_equal(db_number(om_store_catalog(reader),
			     "SELECT count(*) FROM batches"),
	    1);
	assert_ok(om_reset(s->url, &as, false, &r, &err));
	s->store = stage_open(s, s->url, OM_STORE_WRITE);
	fill(s->store, 3);
	fill(s->store, 4);
	assert_int_equal(db_number(om_store_catalog(reader),
			     "SELECT sum(batch) FROM batches"),
	    1);
	om_store_close(&reader); /* takes no file of the new one along */
	stage_reopen(s);
	assert_int_equal(catalog_number(s, "SELECT sum(batch) FROM batches"),
	    7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE(on_sqlite, a_copy_is_a_store_of_its_own),
		STAGE(on_sqlite, what_a_killed_writer_left_is_copied),
		STAGE(on_sqlite, a_template_in_use_is_waited_for),
		STAGE(on_sqlite,
		    a_copy_killed_anywhere_is_made_by_the_next_call),
		STAGE(on_sqlite,
		    a_reset_killed_anywhere_is_finished_by_the_next),
		STAGE(on_sqlite, without_a_template_a_store_is_empty_again),
		STAGE(on_sqlite, a_reader_goes_on_reading_what_it_had),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
