/* sql.c - prepare and bind in one call; see sql.h. */
#include "store/sql.h"

#include <assert.h>

static int
bind_all(struct om_db *db, struct om_stmt **out, struct om_err *err,
    const char *sql, const char *fmt, va_list ap)
{
	struct om_stmt *q;

	if (om_db_prepare(db, sql, &q, err) < 0)
		return err->code;
	for (int i = 0; fmt[i] != '\0'; i++) {
		switch (fmt[i]) {
		case 'i':
			om_bind_int(q, i + 1, va_arg(ap, int64_t));
			break;
		case 's':
			om_bind_text(q, i + 1,
			    om_str_of(va_arg(ap, const char *)));
			break;
		case 't':
			om_bind_text(q, i + 1, *va_arg(ap, struct om_str *));
			break;
		default:
			assert(!"unknown parameter letter");
		}
	}
	*out = q;
	return 0;
}

int
om_sql(struct om_db *db, struct om_stmt **out, struct om_err *err,
    const char *sql, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = bind_all(db, out, err, sql, fmt, ap);
	va_end(ap);
	return rc;
}

int
om_sql_run(struct om_db *db, struct om_err *err, const char *sql,
    const char *fmt, ...)
{
	struct om_stmt *q = NULL;
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = bind_all(db, &q, err, sql, fmt, ap);
	va_end(ap);
	return rc < 0 ? rc : om_stmt_run(q, err);
}

int
om_sql_int(struct om_db *db, int64_t *out, struct om_err *err, const char *sql,
    const char *fmt, ...)
{
	struct om_stmt *q = NULL;
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = bind_all(db, &q, err, sql, fmt, ap);
	va_end(ap);
	if (rc < 0 || (rc = om_stmt_step(q, err)) < 0)
		return rc;
	*out = rc == 1 ? om_col_int(q, 0) : 0;
	om_stmt_reset(q);
	return 0;
}
