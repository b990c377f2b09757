/* swap.c - names of files, and their exchange; see swap.h. */
#include "store/swap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/copy.h"
#include "io/output.h"
#include "store/migrate.h"

static const char get_shards[] = "SELECT shard, url FROM shards ORDER BY shard";

int
om_place(const char *path, const char *suffix, char out[OM_URL_MAX],
    struct om_err *err)
{
	int n = snprintf(out, OM_URL_MAX, "%s%s", path, suffix);

	if (n < 0 || n >= OM_URL_MAX)
		return om_fail(err, OM_ELIMIT, "'%.60s...' is over %d bytes",
		    path, OM_URL_MAX - 1);
	return 0;
}

bool
om_place_exists(const char *path, const char *suffix)
{
	char name[OM_URL_MAX];
	struct om_err err;
	struct stat st;

	return om_place(path, suffix, name, &err) == 0 && stat(name, &st) == 0;
}

/* The database first: its log alone is nothing, but a log beside another
 * database would be taken for that one's. */
int
om_place_remove(const char *path, struct om_err *err)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[OM_URL_MAX];

	for (size_t i = 0; i < OM_COUNT(ends); i++) {
		if (om_place(path, ends[i], name, err) < 0)
			return err->code;
		if (unlink(name) != 0 && errno != ENOENT)
			return om_fail(err, OM_EIO, "cannot remove '%s': %s",
			    name, strerror(errno));
	}
	return 0;
}

/* What a killed writer left in the log belongs to the database. */
int
om_place_copy(const char *from, const char *to, struct om_err *err)
{
	char log[OM_URL_MAX];
	char log_copy[OM_URL_MAX];

	if (om_place_remove(to, err) < 0 ||
	    om_place(from, "-wal", log, err) < 0 ||
	    om_place(to, "-wal", log_copy, err) < 0 ||
	    om_copy_file(from, to, err) < 0)
		return err->code;
	return access(log, F_OK) == 0 ? om_copy_file(log, log_copy, err) : 0;
}

/* The last one to close a database moves its log into it. */
int
om_place_settle(const char *path, struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	int version;

	if (om_db_open(path, OM_DB_WRITE, &db, err) < 0)
		return err->code;
	return om_schema_version(db, &version, err);
}

static bool
same_directory(const char *a, const char *b)
{
	const char *end_a = strrchr(a, '/');
	const char *end_b = strrchr(b, '/');

	return end_a != NULL && end_b != NULL && end_a - a == end_b - b &&
	       memcmp(a, b, (size_t)(end_a - a)) == 0;
}

void
om_places_sync(const struct om_places *places)
{
	for (unsigned i = 0; i < places->shards; i++)
		if (i == 0 ||
		    !same_directory(places->shard[i], places->shard[i - 1]))
			om_sync_folder_of(places->shard[i]);
}

static int
add_shard(const char *url, const struct om_stmt *q, struct om_places *out,
    struct om_err *err)
{
	struct om_str kept = om_col_text(q, 1);
	unsigned i = out->shards;

	if (om_col_int(q, 0) != i || i == OM_SHARDS_MAX || kept.n >= OM_URL_MAX)
		return om_fail(err, OM_EDAMAGED, "bad list of shards");
	memcpy(out->kept[i], kept.p, kept.n);
	out->kept[i][kept.n] = '\0';
	if (om_store_shard_url(url, out->kept[i], out->shard[i], err) < 0)
		return err->code;
	if (om_db_url_is_remote(out->shard[i]))
		return om_fail(err, OM_EUSAGE, "shard %u is on a server", i);
	out->shards++;
	return 0;
}

int
om_places_read(const char *url, const char *path, enum om_db_mode mode,
    struct om_places *out, struct om_err *err)
{
	OM_AUTO(om_db_close) struct om_db *db = NULL;
	struct om_stmt *q;
	int rc;

	out->shards = 0;
	if (om_store_catalog_url(url, out->catalog, err) < 0 ||
	    om_db_open(path, mode, &db, err) < 0 ||
	    om_db_prepare(db, get_shards, &q, err) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1)
		if (add_shard(url, q, out, err) < 0)
			return err->code;
	return rc;
}

static int
move(const char *path, const char *from_suffix, const char *to_suffix,
    struct om_err *err)
{
	char from[OM_URL_MAX];
	char to[OM_URL_MAX];

	if (om_place(path, from_suffix, from, err) < 0 ||
	    om_place(path, to_suffix, to, err) < 0)
		return err->code;
	if (rename(from, to) != 0)
		return om_fail(err, OM_EIO, "cannot rename '%s': %s", from,
		    strerror(errno));
	return 0;
}

int
om_swap_ready(const char *url, struct om_err *err)
{
	char catalog[OM_URL_MAX];

	if (om_store_catalog_url(url, catalog, err) < 0)
		return err->code;
	if (move(catalog, OM_PART, OM_NEW, err) < 0)
		return err->code;
	om_sync_folder_of(catalog);
	return 0;
}

bool
om_swap_pending(const char *url)
{
	char catalog[OM_URL_MAX];
	struct om_err err;

	return !om_db_url_is_remote(url) &&
	       om_store_catalog_url(url, catalog, &err) == 0 &&
	       !om_place_exists(catalog, "") &&
	       om_place_exists(catalog, OM_NEW);
}

/* A shard without a .new has been exchanged before. What is synced must not be
 * overtaken by what follows. */
static int
swap_all(const struct om_places *places, struct om_err *err)
{
	if (om_place_remove(places->catalog, err) < 0)
		return err->code;
	om_sync_folder_of(places->catalog);
	for (unsigned i = 0; i < places->shards; i++) {
		const char *shard = places->shard[i];

		if (!om_place_exists(shard, OM_NEW))
			continue;
		if (om_place_remove(shard, err) < 0 ||
		    move(shard, OM_NEW, "", err) < 0)
			return om_wrap(err, "shard %u", i);
	}
	om_places_sync(places);
	if (move(places->catalog, OM_NEW, "", err) < 0)
		return err->code;
	om_sync_folder_of(places->catalog);
	return 0;
}

static void
free_places(struct om_places **places)
{
	free(*places);
}

int
om_swap(const char *url, struct om_err *err)
{
	OM_AUTO(free_places)
	struct om_places *places = malloc(sizeof(*places));
	char catalog[OM_URL_MAX];
	char path[OM_URL_MAX];

	if (places == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	if (om_store_catalog_url(url, catalog, err) < 0 ||
	    om_place(catalog, OM_NEW, path, err) < 0 ||
	    om_places_read(url, path, OM_DB_WRITE, places, err) < 0)
		return err->code;
	return swap_all(places, err);
}
