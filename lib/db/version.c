/* version.c - which engines are loaded. */
#include "db/version.h"

#include <libpq-fe.h>
#include <sqlite3.h>

const char *
om_sqlite_version(void)
{
	return sqlite3_libversion();
}

int
om_libpq_version(void)
{
	return PQlibVersion();
}
