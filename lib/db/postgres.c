/* postgres.c - PostgreSQL: opening a session. */
#include "db/backend.h"

int
om_postgres_open(const char *url, enum om_db_mode mode, struct om_db **out,
    struct om_err *err)
{
	(void)url;
	(void)mode;
	(void)out;
	return om_fail(err, OM_EREMOTE, "PostgreSQL is not built in");
}
