/* migrate.c - numbered schema steps; see migrate.h. */
#include "store/migrate.h"

#include <stdio.h>

static const char catalog_0001[] = {
#include "store/schema/0001_catalog.sql.inc"
};
static const char shard_0001[] = {
#include "store/schema/0001_shard.sql.inc"
};

static const char *const catalog_steps[] = { catalog_0001, NULL };
static const char *const shard_steps[] = { shard_0001, NULL };

static const char has_meta_sqlite[] =
    "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'";
static const char has_meta_postgres[] =
    "SELECT count(*) FROM pg_catalog.pg_tables"
    " WHERE schemaname = current_schema() AND tablename = 'meta'";
static const char get_version[] =
    "SELECT value FROM meta WHERE name = 'schema'";
static const char set_version[] =
    "INSERT INTO meta (name, value) VALUES ('schema', $1)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value";

static const char *const *
steps_of(enum om_schema schema)
{
	return schema == OM_SCHEMA_CATALOG ? catalog_steps : shard_steps;
}

int
om_schema_newest(enum om_schema schema)
{
	const char *const *steps = steps_of(schema);
	int n = 0;

	while (steps[n] != NULL)
		n++;
	return n;
}

static int
has_meta(struct om_db *db, bool *out, struct om_err *err)
{
	const char *sql =
	    om_db_engine(db) == OM_SQLITE ? has_meta_sqlite : has_meta_postgres;
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(db, sql, &q, err) < 0)
		return err->code;
	if ((rc = om_stmt_step(q, err)) < 0)
		return rc;
	*out = rc == 1 && om_col_int(q, 0) > 0;
	om_stmt_reset(q);
	return 0;
}

int
om_schema_version(struct om_db *db, int *out, struct om_err *err)
{
	struct om_stmt *q;
	int64_t version = 0;
	bool there = false;
	int rc;

	if (has_meta(db, &there, err) < 0)
		return err->code;
	if (there) {
		if (om_db_prepare(db, get_version, &q, err) < 0)
			return err->code;
		if ((rc = om_stmt_step(q, err)) < 0)
			return rc;
		if (rc == 1 && !om_str_int(om_col_text(q, 0), &version))
			return om_fail(err, OM_EDAMAGED,
			    "schema version '%.*s' is not a number",
			    OM_FMT(om_col_text(q, 0)));
		om_stmt_reset(q);
	}
	*out = (int)version;
	return 0;
}

static int
apply_step(struct om_db *db, const char *script, int number, struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_stmt *put;
	char text[16];

	if (om_txn_begin(db, &txn, err) < 0 ||
	    om_db_exec(db, script, err) < 0 ||
	    om_db_prepare(db, set_version, &put, err) < 0)
		return err->code;
	snprintf(text, sizeof(text), "%d", number);
	om_bind_text(put, 1, om_str_of(text));
	if (om_stmt_run(put, err) < 0)
		return err->code;
	return om_txn_commit(&txn, err);
}

static int
newer(int version, int newest, struct om_err *err)
{
	return om_fail(err, OM_ESTORE,
	    "made by a newer program: schema %d, this one knows %d", version,
	    newest);
}

int
om_migrate(struct om_db *db, enum om_schema schema, struct om_err *err)
{
	const char *const *steps = steps_of(schema);
	int newest = om_schema_newest(schema);
	int version = 0;

	if (om_schema_version(db, &version, err) < 0)
		return err->code;
	if (version > newest)
		return newer(version, newest, err);
	for (int i = version; i < newest; i++)
		if (apply_step(db, steps[i], i + 1, err) < 0)
			return om_wrap(err, "schema step %d", i + 1);
	return 0;
}

int
om_schema_check(struct om_db *db, enum om_schema schema, struct om_err *err)
{
	int newest = om_schema_newest(schema);
	int version = 0;

	if (om_schema_version(db, &version, err) < 0)
		return err->code;
	if (version > newest)
		return newer(version, newest, err);
	if (version == 0)
		return om_fail(err, OM_ESTORE, "holds no store");
	if (version < newest)
		return om_fail(err, OM_ESTORE,
		    "schema %d is older than %d: run 'ordmill migrate'",
		    version, newest);
	return 0;
}
