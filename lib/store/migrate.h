/*
 * migrate.h - bring a database to the schema that this program knows.
 *
 * The steps are numbered .sql files in schema/; a database records the last
 * step in meta 'schema'. Each step runs in a transaction of its own.
 */
#ifndef OM_STORE_MIGRATE_H
#define OM_STORE_MIGRATE_H

#include "db/db.h"

enum om_schema { OM_SCHEMA_CATALOG, OM_SCHEMA_SHARD };

/* 0: no schema at all. */
OM_MUST_USE int om_schema_version(struct om_db *db, int *out,
    struct om_err *err);
int om_schema_newest(enum om_schema schema);

OM_MUST_USE int om_migrate(struct om_db *db, enum om_schema schema,
    struct om_err *err);

/* OM_ESTORE unless the database is at the newest step. */
OM_MUST_USE int om_schema_check(struct om_db *db, enum om_schema schema,
    struct om_err *err);

#endif
