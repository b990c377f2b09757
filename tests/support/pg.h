/*
 * pg.h - a real PostgreSQL server for the length of one test program.
 *
 * From Debian's package, in a directory of its own under /tmp, reached by a
 * socket there and by nothing else, as user postgres when the tests run as
 * root. It stops when the program ends, by whatever road; fsync is off.
 * Without the package pg_start() fails, and so do the tests: that a machine
 * shall do without is said with ORDMILL_SKIP_PG=1.
 */
#ifndef OM_TEST_PG_H
#define OM_TEST_PG_H

#include <stdbool.h>

/* Start the server, once per program. False: it is wanted but does not run;
 * why is on stderr. */
bool pg_start(void);
void pg_stop(void); /* at once, open sessions and all; safe twice */

bool pg_skipped(void); /* ORDMILL_SKIP_PG=1 */

/* "postgresql://ordmill@/postgres?host=DIR"; add "&schema=NAME" to have an
 * empty place of one's own. "" if there is no server. */
const char *pg_url(void);

#endif
