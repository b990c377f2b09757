/* sql.h - one-line calls for statements that take integers and text. */
#ifndef OM_STORE_SQL_H
#define OM_STORE_SQL_H

#include <stdarg.h>

#include "db/db.h"

/* Bind by fmt, one letter a parameter from $1: 'i' int64_t, 's' const char *,
 * 't' struct om_str *. Prepares sql and leaves it ready to step. */
OM_MUST_USE int om_sql(struct om_db *db, struct om_stmt **out,
    struct om_err *err, const char *sql, const char *fmt, ...);

/* The same, run to its end; for statements without rows. */
OM_MUST_USE int om_sql_run(struct om_db *db, struct om_err *err,
    const char *sql, const char *fmt, ...);

/* The same for one row of one integer; no row gives 0. */
OM_MUST_USE int om_sql_int(struct om_db *db, int64_t *out, struct om_err *err,
    const char *sql, const char *fmt, ...);

#endif
