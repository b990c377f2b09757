/*
 * sqlite_append.c - SQLite: rows into a table by way of its own file format.
 *
 * The rows become a database in memory (image.h), attached beside the file;
 * INSERT ... SELECT * from one table into another of the same definition then
 * copies records as they are, instead of taking every row through its columns.
 */
#include <stdlib.h>
#include <string.h>

#include "db/image.h"
#include "db/sqlite.h"

#define NAME	"om_image"
#define SQL_MAX ((size_t)64 * 1024)

#define RESERVED_AT 20 /* bytes of each page that are somebody else's */

static const char settings[] = "PRAGMA page_size = 65536;"
			       "PRAGMA auto_vacuum = none;";

struct om_sqlite_image {
	struct om_image empty;	  /* with the table, but no row */
	struct om_image image[2]; /* one is attached, the other is filled */
	int turn;
	const char *table; /* that empty is of; NULL: of none */
};

void
om_sqlite_image_free(struct om_sqlite *db)
{
	struct om_sqlite_image *i = db->image;

	if (i == NULL)
		return;
	om_image_fini(&i->empty);
	om_image_fini(&i->image[0]);
	om_image_fini(&i->image[1]);
	free(i);
	db->image = NULL;
}

/* The table's definition, as it was created. */
static int
read_definition(struct om_sqlite *db, const char *table, struct om_buf *out,
    struct om_err *err)
{
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(db->conn,
	    "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1"
	    " /*scan*/",
	    -1, &q, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(q, 1, table, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(q);
	if (rc == SQLITE_ROW)
		om_buf_text(out, (const char *)sqlite3_column_text(q, 0));
	sqlite3_finalize(q);
	if (rc == SQLITE_DONE)
		return om_fail(err, OM_EINTERNAL, "no table '%s'", table);
	return rc == SQLITE_ROW ? 0 : om_sqlite_fail(db, rc, err);
}

/* A database of the one table, made by SQLite itself: two pages with nothing
 * reserved in them, or none at all, which is one that cannot be filled. */
static int
make_empty(sqlite3 *conn, const char *definition, struct om_image *out,
    struct om_err *err)
{
	sqlite3_int64 size = 0;
	unsigned char *bytes = NULL;

	if (sqlite3_exec(conn, settings, NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_exec(conn, definition, NULL, NULL, NULL) == SQLITE_OK)
		bytes = sqlite3_serialize(conn, "main", &size, 0);
	if (bytes == NULL)
		return om_fail(err, OM_EINTERNAL, "image: %s",
		    sqlite3_errmsg(conn));
	if (size == 2 * (sqlite3_int64)OM_IMAGE_PAGE &&
	    bytes[RESERVED_AT] == 0) {
		out->bytes = om_db_alloc((size_t)size);
		out->size = (size_t)size;
		memcpy(out->bytes, bytes, (size_t)size);
	}
	sqlite3_free(bytes);
	return 0;
}

/* What is attached stays as it is: the next transaction looks at it. */
static int
new_image(struct om_sqlite *db, const char *table, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf sql = { .max = SQL_MAX };
	struct om_sqlite_image *i = db->image;
	sqlite3 *conn = NULL;
	int rc;

	i->table = NULL;
	om_image_fini(&i->empty);
	if (read_definition(db, table, &sql, err) < 0)
		return err->code;
	if (sqlite3_open(":memory:", &conn) == SQLITE_OK)
		rc = make_empty(conn, om_buf_view(&sql).p, &i->empty, err);
	else
		rc = om_fail(err, OM_EINTERNAL, "image: %s",
		    sqlite3_errmsg(conn));
	sqlite3_close(conn);
	i->table = rc < 0 ? NULL : table;
	return rc;
}

/* The first time as a database of its own, then in place of the last one. A
 * statement that is about all databases (ANALYZE) sees it, too. */
static int
attach(struct om_sqlite *db, struct om_image *image, struct om_err *err)
{
	int rc = SQLITE_OK;

	if (!db->attached)
		rc = sqlite3_exec(db->conn, "ATTACH ':memory:' AS " NAME, NULL,
		    NULL, NULL);
	db->attached = rc == SQLITE_OK;
	if (rc == SQLITE_OK)
		rc = sqlite3_deserialize(db->conn, NAME, image->bytes,
		    (sqlite3_int64)image->size, (sqlite3_int64)image->size, 0);
	return rc == SQLITE_OK ? 0 : om_sqlite_fail(db, rc, err);
}

static int
copy(struct om_sqlite *db, const struct om_lend *rows, struct om_err *err)
{
	char *sql = sqlite3_mprintf("INSERT INTO main.\"%w\" SELECT * FROM"
				    " " NAME ".\"%w\"",
	    rows->name, rows->name);
	int rc = sql == NULL ? SQLITE_NOMEM
			     : sqlite3_exec(db->conn, sql, NULL, NULL, NULL);

	sqlite3_free(sql);
	if (rc != SQLITE_OK)
		return om_sqlite_fail(db, rc, err);
	if ((size_t)sqlite3_changes64(db->conn) != rows->row_count)
		return om_fail(err, OM_EINTERNAL, "of %zu rows %lld were taken",
		    rows->row_count, (long long)sqlite3_changes64(db->conn));
	return 0;
}

int
om_sqlite_append(struct om_db *base, const struct om_lend *rows,
    struct om_err *err)
{
	struct om_sqlite *db = om_sqlite_of(base);
	struct om_image *image;

	if (db->image == NULL)
		db->image = om_db_alloc(sizeof(*db->image));
	if ((db->image->table == NULL ||
		strcmp(db->image->table, rows->name) != 0) &&
	    new_image(db, rows->name, err) < 0)
		return err->code;
	if (db->image->empty.size == 0)
		return 0;
	image = &db->image->image[db->image->turn];
	if (!om_image_fill(image, &db->image->empty, rows))
		return 0;
	if (attach(db, image, err) < 0)
		return err->code;
	db->image->turn = !db->image->turn;
	return copy(db, rows, err) < 0 ? (int)err->code : 1;
}
