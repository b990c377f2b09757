/*
 * spy.h - between the program and lib/db: count calls, let one fail, die at a
 * commit, remember statements.
 *
 * Tests of store/ and ingest/ are linked with --wrap for the functions of db.h
 * below, so that handles which the code under test opens for itself, in threads
 * of its own, are reached too. Calls of the test count as well: arm the spy
 * last. Every test starts with spy_reset().
 */
#ifndef OM_TEST_SPY_H
#define OM_TEST_SPY_H

#include "db/db.h"

void spy_reset(void);

/* The nth fallible call from now on fails with OM_EIO "injected". */
void spy_fail_at(long n);
/* Fallible calls since the last reset. */
long spy_calls(void);
/* Did the call that was to fail come? */
bool spy_failed(void);

/* The process is killed at the nth commit from now on: just before it, or
 * just after. */
void spy_die_at_commit(long n, bool after);
long spy_commits(void);

/* Statements, as they are prepared: text, engine and plan, each once. */
struct spied {
	const char *sql;
	enum om_engine engine;
	const char *plan;
};
void spy_remember(void);
size_t spy_statements(const struct spied **out);

#endif
