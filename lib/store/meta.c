/* meta.c - the table meta, in any database of a store; see meta.h. */
#include "store/meta.h"

#include <string.h>

#include "store/handle.h"
#include "store/sql.h"

static const char get[] = "SELECT value FROM meta WHERE name = $1";
static const char set[] =
    "INSERT INTO meta (name, value) VALUES ($1, $2)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value";

int
om_meta_get(struct om_db *db, const char *name, char out[OM_META_MAX],
    struct om_err *err)
{
	struct om_str value = { 0 };
	struct om_stmt *q;
	int rc;

	if (om_sql(db, &q, err, get, "s", name) < 0 ||
	    (rc = om_stmt_step(q, err)) < 0)
		return err->code;
	if (rc == 1)
		value = om_col_text(q, 0);
	if (value.n >= OM_META_MAX) {
		om_stmt_reset(q);
		return om_fail(err, OM_EDAMAGED, "setting '%s' is too long",
		    name);
	}
	if (value.n > 0)
		memcpy(out, value.p, value.n);
	out[value.n] = '\0';
	om_stmt_reset(q);
	return 0;
}

int
om_meta_set(struct om_db *db, const char *name, const char *value,
    struct om_err *err)
{
	return om_sql_run(db, err, set, "ss", name, value);
}

int
om_store_meta(struct om_store *store, const char *name, char out[OM_META_MAX],
    struct om_err *err)
{
	return om_meta_get(store->catalog, name, out, err);
}

int
om_store_set_meta(struct om_store *store, const char *name, const char *value,
    struct om_err *err)
{
	return om_meta_set(store->catalog, name, value, err);
}
