/*
 * bare.c - bare FILE.csv DB DB : the limit that ingest is to come close to.
 *
 * The least that has to happen to get flat orders into two SQLite files: split
 * the lines (ten columns, no quotes), hash the reference, sort a chunk by that
 * key, INSERT ... SELECT from a virtual table over the chunk, a thread for each
 * file, durable at the end. Nothing is checked, compared, counted or sealed.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define COLUMNS 10
#define CHUNK	1000000 /* rows in one go, over both files */
#define FILES	2
#define DIGITS	4 /* of 16 bits, of a key */
#define BUCKETS 65536
#define SCHEMA                                                                 \
	"(key INTEGER PRIMARY KEY, reference TEXT, revision TEXT,"             \
	" customer TEXT, placed_at TEXT, currency TEXT, subtotal TEXT,"        \
	" discount TEXT, shipping TEXT, tax TEXT, total TEXT)"

struct row {
	const char *text;
	uint16_t end[COLUMNS]; /* of each column, from text */
	uint64_t key;
};

struct item {
	uint64_t key;
	const struct row *row;
};

/* What goes into one file. */
struct part {
	sqlite3 *db;
	sqlite3_stmt *insert;
	struct item *item;
	struct item *spare;
	size_t count;
	pthread_t thread;
};

/* Two sets of rows: one is written while the other is filled. */
struct chunk {
	struct row *row;
	struct part part[FILES];
};

struct cursor {
	sqlite3_vtab_cursor base;
	const struct part *part;
	size_t at;
};

struct table {
	sqlite3_vtab base;
	const struct part *part;
};

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void *
room(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		die("memory");
	return p;
}

static int
lent_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
    sqlite3_vtab **out, char **message)
{
	struct table *t = room(1, sizeof(*t));

	(void)argc;
	(void)argv;
	(void)message;
	t->part = aux;
	*out = &t->base;
	return sqlite3_declare_vtab(db, "CREATE TABLE x" SCHEMA);
}

static int
lent_disconnect(sqlite3_vtab *table)
{
	free(table);
	return SQLITE_OK;
}

static int
lent_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	info->estimatedCost = CHUNK;
	return SQLITE_OK;
}

static int
lent_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
	struct cursor *c = room(1, sizeof(*c));

	c->part = ((struct table *)table)->part;
	*out = &c->base;
	return SQLITE_OK;
}

static int
lent_close(sqlite3_vtab_cursor *cursor)
{
	free(cursor);
	return SQLITE_OK;
}

static int
lent_filter(sqlite3_vtab_cursor *cursor, int how, const char *text, int argc,
    sqlite3_value **argv)
{
	(void)how;
	(void)text;
	(void)argc;
	(void)argv;
	((struct cursor *)cursor)->at = 0;
	return SQLITE_OK;
}

static int
lent_next(sqlite3_vtab_cursor *cursor)
{
	((struct cursor *)cursor)->at++;
	return SQLITE_OK;
}

static int
lent_eof(sqlite3_vtab_cursor *cursor)
{
	const struct cursor *c = (struct cursor *)cursor;

	return c->at >= c->part->count;
}

static int
lent_column(sqlite3_vtab_cursor *cursor, sqlite3_context *ctx, int col)
{
	const struct cursor *c = (struct cursor *)cursor;
	const struct row *row = c->part->item[c->at].row;
	int from = col < 2 ? 0 : row->end[col - 2] + 1;

	if (col == 0)
		sqlite3_result_int64(ctx, (sqlite3_int64)row->key);
	else
		sqlite3_result_text(ctx, row->text + from,
		    row->end[col - 1] - from, SQLITE_STATIC);
	return SQLITE_OK;
}

static int
lent_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)((struct cursor *)cursor)->at;
	return SQLITE_OK;
}

static const sqlite3_module lent = {
	.xConnect = lent_connect,
	.xBestIndex = lent_best_index,
	.xDisconnect = lent_disconnect,
	.xOpen = lent_open,
	.xClose = lent_close,
	.xFilter = lent_filter,
	.xNext = lent_next,
	.xEof = lent_eof,
	.xColumn = lent_column,
	.xRowid = lent_rowid,
};

static void
must(sqlite3 *db, int rc)
{
	if (rc == SQLITE_OK || rc == SQLITE_DONE)
		return;
	fprintf(stderr, "bare: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static void
run(sqlite3 *db, const char *sql)
{
	must(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}

/* The settings are those of the store, but for a larger cache. */
static sqlite3 *
open_file(const char *path)
{
	sqlite3 *db;

	must(NULL, sqlite3_open_v2(path, &db,
		       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
			   SQLITE_OPEN_NOMUTEX,
		       NULL));
	run(db, "PRAGMA page_size = 16384;"
		"PRAGMA journal_mode = wal;"
		"PRAGMA synchronous = full;"
		"PRAGMA wal_autocheckpoint = 10000;"
		"PRAGMA cache_size = -262144;"
		"PRAGMA temp_store = memory;"
		"CREATE TABLE orders" SCHEMA);
	return db;
}

/* The chunks of a file share its handle, one after the other. */
static void
init_part(struct part *part, sqlite3 *db, const char *name)
{
	char sql[96];

	part->db = db;
	part->item = room(CHUNK, sizeof(*part->item));
	part->spare = room(CHUNK, sizeof(*part->spare));
	must(db, sqlite3_create_module(db, name, &lent, part));
	snprintf(sql, sizeof(sql),
	    "INSERT OR IGNORE INTO orders SELECT * FROM %s", name);
	must(db, sqlite3_prepare_v2(db, sql, -1, &part->insert, NULL));
}

static uint64_t
key_of(const char *text, unsigned n)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (unsigned i = 0; i < n; i++)
		h = (h ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
	h = (h ^ (h >> 32)) * UINT64_C(0xd6e8feb86659fd93);
	return (h ^ (h >> 32)) >> 1;
}

/* Radix sort, least significant digit first. */
static void
sort(struct part *part)
{
	size_t *from = room(BUCKETS, sizeof(*from));

	for (unsigned digit = 0; digit < DIGITS; digit++) {
		struct item *sorted = part->spare;
		size_t sum = 0;

		memset(from, 0, BUCKETS * sizeof(*from));
		for (size_t i = 0; i < part->count; i++)
			from[part->item[i].key >> 16 * digit & 0xffff]++;
		for (size_t b = 0; b < BUCKETS; b++) {
			size_t n = from[b];

			from[b] = sum;
			sum += n;
		}
		for (size_t i = 0; i < part->count; i++)
			sorted[from[part->item[i].key >> 16 * digit &
				    0xffff]++] = part->item[i];
		part->spare = part->item;
		part->item = sorted;
	}
	free(from);
}

static void *
write_part(void *arg)
{
	struct part *part = arg;

	sort(part);
	run(part->db, "BEGIN IMMEDIATE");
	must(part->db, sqlite3_step(part->insert));
	must(part->db, sqlite3_reset(part->insert));
	run(part->db, "COMMIT");
	return NULL;
}

/* The next rows, split and dealt out by key; where the rest begins. */
static const char *
fill(struct chunk *chunk, const char *p, const char *end)
{
	size_t n = 0;

	for (int f = 0; f < FILES; f++)
		chunk->part[f].count = 0;
	for (; n < CHUNK && p < end; n++) {
		struct row *row = &chunk->row[n];
		struct part *part;

		row->text = p;
		for (int col = 0; col < COLUMNS; p++)
			if (*p == ',' || *p == '\n')
				row->end[col++] = (uint16_t)(p - row->text);
		row->key = key_of(row->text, row->end[0]);
		part = &chunk->part[row->key >> 62 & 1];
		part->item[part->count++] =
		    (struct item){ .key = row->key, .row = row };
	}
	return p;
}

static void
join(struct chunk *chunk)
{
	for (int f = 0; chunk != NULL && f < FILES; f++)
		if (pthread_join(chunk->part[f].thread, NULL) != 0)
			die("thread");
}

static void
load(struct chunk chunk[2], const char *p, const char *end)
{
	struct chunk *busy = NULL;

	for (unsigned i = 0; p < end; i++) {
		struct chunk *c = &chunk[i % 2];

		p = fill(c, p, end);
		join(busy);
		for (int f = 0; f < FILES; f++)
			if (pthread_create(&c->part[f].thread, NULL, write_part,
				&c->part[f]) != 0)
				die("thread");
		busy = c;
	}
	join(busy);
}

static const char *
map_file(const char *path, size_t *out_size)
{
	struct stat st;
	int fd = open(path, O_RDONLY);
	void *p;

	if (fd < 0 || fstat(fd, &st) != 0)
		die(path);
	*out_size = (size_t)st.st_size;
	p = mmap(NULL, *out_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		die(path);
	close(fd);
	return p;
}

int
main(int argc, char **argv)
{
	struct chunk chunk[2];
	sqlite3 *db[FILES];
	size_t size;
	const char *text;

	if (argc != 2 + FILES)
		return 2;
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	text = map_file(argv[1], &size);
	if (size == 0 || text[size - 1] != '\n')
		return 1;
	for (int f = 0; f < FILES; f++)
		db[f] = open_file(argv[2 + f]);
	for (int c = 0; c < 2; c++) {
		chunk[c].row = room(CHUNK, sizeof(struct row));
		for (int f = 0; f < FILES; f++)
			init_part(&chunk[c].part[f], db[f],
			    c == 0 ? "even" : "odd");
	}
	load(chunk, (const char *)memchr(text, '\n', size) + 1, text + size);
	for (int f = 0; f < FILES; f++) {
		sqlite3_finalize(chunk[0].part[f].insert);
		sqlite3_finalize(chunk[1].part[f].insert);
		sqlite3_close(db[f]);
	}
	return 0;
}
