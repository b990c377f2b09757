/*
 * sqlite_append.c - SQLite: rows into a table by way of its own file format.
 *
 * The rows become a database in memory (image.h), attached beside the file;
 * INSERT ... SELECT * from one table into another of the same definition then
 * copies records as they are, instead of taking every row through its columns.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/image.h"
#include "db/sqlite.h"

#define SQL_MAX	 ((size_t)64 * 1024)
#define NAME_MAX 32

#define RESERVED_AT 20 /* bytes of each page that are somebody else's */

static const char settings[] = "PRAGMA page_size = 65536;"
			       "PRAGMA auto_vacuum = none;";

/* Of one table; a handle has a list of them. */
struct om_sqlite_image {
	struct om_sqlite_image *next;
	const char *table;
	char name[NAME_MAX]; /* of the database, when attached */
	bool attached;
	struct om_image empty;	  /* with the table, but no row */
	struct om_image image[2]; /* one is attached, the other is filled */
	int turn;
};

void
om_sqlite_image_free(struct om_sqlite *db)
{
	struct om_sqlite_image *i;

	while ((i = db->image) != NULL) {
		db->image = i->next;
		om_image_fini(&i->empty);
		om_image_fini(&i->image[0]);
		om_image_fini(&i->image[1]);
		free(i);
	}
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

static int
fill_empty(struct om_sqlite *db, struct om_sqlite_image *i, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf sql = { .max = SQL_MAX };
	sqlite3 *conn = NULL;
	int rc;

	if (read_definition(db, i->table, &sql, err) < 0)
		return err->code;
	if (sqlite3_open(":memory:", &conn) == SQLITE_OK)
		rc = make_empty(conn, om_buf_view(&sql).p, &i->empty, err);
	else
		rc = om_fail(err, OM_EINTERNAL, "image: %s",
		    sqlite3_errmsg(conn));
	sqlite3_close(conn);
	return rc;
}

/* Made when it is first asked for. NULL: *err says why. */
static struct om_sqlite_image *
image_of(struct om_sqlite *db, const char *table, struct om_err *err)
{
	struct om_sqlite_image *i = db->image;
	int number = 0;

	while (i != NULL && strcmp(i->table, table) != 0) {
		i = i->next;
		number++;
	}
	if (i != NULL)
		return i;
	i = om_db_alloc(sizeof(*i));
	i->table = table;
	snprintf(i->name, sizeof(i->name), "om_image_%d", number);
	if (fill_empty(db, i, err) < 0) {
		om_image_fini(&i->empty);
		free(i);
		return NULL;
	}
	i->next = db->image;
	db->image = i;
	return i;
}

static int
attach_memory(struct om_sqlite *db, const char *name)
{
	char sql[NAME_MAX + 32];

	snprintf(sql, sizeof(sql), "ATTACH ':memory:' AS %s", name);
	return sqlite3_exec(db->conn, sql, NULL, NULL, NULL);
}

/* The first time as a database of its own, then in place of the last one,
 * which stays as it is till then: the next transaction looks at it. A
 * statement that is about all databases (ANALYZE) sees it, too. */
static int
attach(struct om_sqlite *db, struct om_sqlite_image *i, struct om_err *err)
{
	const struct om_image *image = &i->image[i->turn];
	int rc = SQLITE_OK;

	if (!i->attached)
		rc = attach_memory(db, i->name);
	i->attached = rc == SQLITE_OK;
	if (rc == SQLITE_OK)
		rc = sqlite3_deserialize(db->conn, i->name, image->bytes,
		    (sqlite3_int64)image->size, (sqlite3_int64)image->size, 0);
	if (rc != SQLITE_OK)
		return om_sqlite_fail(db, rc, err);
	i->turn = !i->turn;
	return 0;
}

static int
copy(struct om_sqlite *db, const struct om_sqlite_image *i,
    const struct om_lend *rows, struct om_err *err)
{
	char *sql = sqlite3_mprintf("INSERT INTO main.\"%w\" SELECT * FROM"
				    " %s.\"%w\"",
	    rows->name, i->name, rows->name);
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
	struct om_sqlite_image *i;

	if (rows->sorted_by != 1)
		return 0;
	i = image_of(db, rows->name, err);
	if (i == NULL)
		return err->code;
	if (i->empty.size == 0 ||
	    !om_image_fill(&i->image[i->turn], &i->empty, rows))
		return 0;
	if (attach(db, i, err) < 0 || copy(db, i, rows, err) < 0)
		return err->code;
	return 1;
}
