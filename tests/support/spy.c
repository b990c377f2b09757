/* spy.c - wrappers of db.h for the linker's --wrap; see spy.h. */
#include "spy.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/backend.h"

#define STATEMENTS_MAX 1000

static struct {
	atomic_long calls;
	atomic_long commits;
	long fail_at; /* a number of calls; 0: never */
	atomic_bool failed;
	long die_at; /* a number of commits */
	bool after;
	bool remember;
	pthread_mutex_t lock;
	struct om_arena arena;
	struct spied spied[STATEMENTS_MAX];
	size_t spied_count;
} spy = { .lock = PTHREAD_MUTEX_INITIALIZER };

void
spy_reset(void)
{
	atomic_store(&spy.calls, 0);
	atomic_store(&spy.commits, 0);
	atomic_store(&spy.failed, false);
	spy.fail_at = 0;
	spy.die_at = 0;
	spy.remember = false;
	spy.spied_count = 0;
	om_arena_clear(&spy.arena);
}

void
spy_fail_at(long n)
{
	spy_reset();
	spy.fail_at = n;
}

long
spy_calls(void)
{
	return atomic_load(&spy.calls);
}

bool
spy_failed(void)
{
	return atomic_load(&spy.failed);
}

void
spy_die_at_commit(long n, bool after)
{
	spy_reset();
	spy.die_at = n;
	spy.after = after;
}

long
spy_commits(void)
{
	return atomic_load(&spy.commits);
}

void
spy_remember(void)
{
	spy_reset();
	spy.remember = true;
}

size_t
spy_statements(const struct spied **out)
{
	*out = spy.spied;
	return spy.spied_count;
}

/* Let the next call of this handle fail if its turn has come. */
static void
count(struct om_db *db)
{
	if (atomic_fetch_add(&spy.calls, 1) + 1 != spy.fail_at)
		return;
	atomic_store(&spy.failed, true);
	om_db_fail_after(db, 1);
}

static bool
is_known(const struct om_db *db, const char *sql)
{
	for (size_t i = 0; i < spy.spied_count; i++)
		if (spy.spied[i].engine == om_db_engine(db) &&
		    strcmp(spy.spied[i].sql, sql) == 0)
			return true;
	return false;
}

/* While everything is there that the statement reads: lent tables, too. */
static void
remember(struct om_db *db, const char *sql)
{
	struct om_err err;
	const char *plan;

	pthread_mutex_lock(&spy.lock);
	if (!is_known(db, sql) && spy.spied_count < STATEMENTS_MAX &&
	    om_db_plan(db, sql, &spy.arena, &plan, &err) == 0)
		spy.spied[spy.spied_count++] = (struct spied){
			om_strndup(&spy.arena, sql, strlen(sql)),
			om_db_engine(db),
			plan,
		};
	pthread_mutex_unlock(&spy.lock);
}

/* The linker's names; programs that are not linked with --wrap have none of
 * the real ones and never come here. */
/* clang-format off */
#define REAL(type, name, ...)                                                  \
	type __real_##name(__VA_ARGS__) __attribute__((weak));                 \
	type __wrap_##name(__VA_ARGS__)
/* clang-format on */

REAL(int, om_db_exec, struct om_db *db, const char *script, struct om_err *err);
int
__wrap_om_db_exec(struct om_db *db, const char *script, struct om_err *err)
{
	count(db);
	return __real_om_db_exec(db, script, err);
}

REAL(int, om_txn_begin, struct om_db *db, struct om_txn *out,
    struct om_err *err);
int
__wrap_om_txn_begin(struct om_db *db, struct om_txn *out, struct om_err *err)
{
	count(db);
	return __real_om_txn_begin(db, out, err);
}

REAL(int, om_txn_commit, struct om_txn *txn, struct om_err *err);
int
__wrap_om_txn_commit(struct om_txn *txn, struct om_err *err)
{
	bool die = atomic_fetch_add(&spy.commits, 1) + 1 == spy.die_at;
	int rc;

	if (die && !spy.after)
		kill(getpid(), SIGKILL);
	count(txn->db);
	rc = __real_om_txn_commit(txn, err);
	if (die)
		kill(getpid(), SIGKILL);
	return rc;
}

REAL(int, om_db_prepare, struct om_db *db, const char *sql,
    struct om_stmt **out, struct om_err *err);
int
__wrap_om_db_prepare(struct om_db *db, const char *sql, struct om_stmt **out,
    struct om_err *err)
{
	int rc;

	count(db);
	rc = __real_om_db_prepare(db, sql, out, err);
	if (rc == 0 && spy.remember)
		remember(db, sql);
	return rc;
}

REAL(int, om_stmt_step, struct om_stmt *stmt, struct om_err *err);
int
__wrap_om_stmt_step(struct om_stmt *stmt, struct om_err *err)
{
	count(stmt->db);
	return __real_om_stmt_step(stmt, err);
}

REAL(int, om_stmt_run, struct om_stmt *stmt, struct om_err *err);
int
__wrap_om_stmt_run(struct om_stmt *stmt, struct om_err *err)
{
	count(stmt->db);
	return __real_om_stmt_run(stmt, err);
}

REAL(int, om_db_lend, struct om_db *db, const struct om_lend *table,
    struct om_err *err);
int
__wrap_om_db_lend(struct om_db *db, const struct om_lend *table,
    struct om_err *err)
{
	count(db);
	return __real_om_db_lend(db, table, err);
}

REAL(int, om_db_append, struct om_db *db, const struct om_lend *rows,
    struct om_err *err);
int
__wrap_om_db_append(struct om_db *db, const struct om_lend *rows,
    struct om_err *err)
{
	count(db);
	return __real_om_db_append(db, rows, err);
}
