/* keys.c - looking keys up and adding them, on either engine; see keys.h. */
#include "store/keys.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "store/keyrun.h"

/* Runs of sizes between LEVEL_MIN * FAN^n and FAN times that are alike. So
 * many of them become one: fewer make more copies, more make more runs to
 * look into. */
#define FAN	  8
#define LEVEL_MIN 5000
#define LEVELS	  12

static const char find_keys[] =
    "SELECT c.n, k.key, k.id FROM chunk_keys c"
    " JOIN order_keys k ON k.slot = c.slot AND k.key = c.key";

static struct om_keyruns *
runs_of(const struct om_db *shard)
{
	return om_db_served(shard, om_keys_table.name);
}

void
om_key_hits_fini(struct om_key_hits *hits)
{
	free(hits->hit);
	*hits = (struct om_key_hits){ 0 };
}

void
om_key_hits_add(struct om_key_hits *hits, uint32_t index, int64_t key,
    int64_t id)
{
	if (hits->count == hits->cap) {
		hits->cap = hits->cap == 0 ? 16 : 2 * hits->cap;
		hits->hit =
		    realloc(hits->hit, hits->cap * sizeof(hits->hit[0]));
		if (hits->hit == NULL) {
			fputs("ordmill: out of memory\n", stderr);
			abort();
		}
	}
	hits->hit[hits->count++] = (struct om_key_hit){ index, key, id };
}

int
om_keys_serve(struct om_db *shard, size_t memory, struct om_err *err)
{
	struct om_keyruns *runs;

	if (om_db_engine(shard) != OM_SQLITE)
		return 0;
	runs = om_must(calloc(1, sizeof(*runs)));
	runs->db = shard;
	runs->memory = memory;
	runs->change = -1;
	if (om_db_serve(shard, &om_keys_table, runs, err) < 0) {
		om_keyruns_free(runs);
		return err->code;
	}
	return 0;
}

/* One key after the other, where marks are not worth their loading. */
static int
seek_all(struct om_keyruns *runs, struct om_keyrun *run,
    const struct om_keyed *keys, size_t n, struct om_key_hits *hits,
    struct om_err *err)
{
	for (size_t k = 0; k < n; k++) {
		struct om_new_key entry;
		int64_t i;

		if (keys[k].key < run->low || keys[k].key > run->high)
			continue;
		if (om_keyrun_seek(runs, run, keys[k].key, &i, err) < 0)
			return err->code;
		for (; i < run->entries; i++) {
			if (om_keyrun_entry(runs, run, i, &entry, err) < 0)
				return err->code;
			if (entry.key != keys[k].key)
				break;
			om_key_hits_add(hits, keys[k].index, entry.key,
			    entry.id);
		}
	}
	return 0;
}

static int
find_in_runs(struct om_keyruns *runs, const struct om_keyed *keys, size_t n,
    struct om_key_hits *hits, struct om_err *err)
{
	if (om_keyruns_sync(runs, err) < 0)
		return err->code;
	for (size_t i = 0; i < runs->count; i++) {
		struct om_keyrun *run = &runs->run[i];
		int rc;

		run->asked += (int64_t)n;
		if (om_marks_load(runs, run, err) < 0)
			return err->code;
		rc = run->marks != NULL
			 ? om_marks_find(runs, run, keys, n, hits, err)
			 : seek_all(runs, run, keys, n, hits, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static const struct om_lend_column find_columns[] = {
	{ "n", OM_INT },
	{ "slot", OM_INT },
	{ "key", OM_INT },
};

static void
find_cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct om_keyed *k = (const struct om_keyed *)rows + row;

	out->i = col == 0   ? (int64_t)k->index
		 : col == 1 ? om_key_slot(k->key)
			    : k->key;
}

static int
find_in_table(struct om_db *db, const struct om_keyed *keys, size_t n,
    struct om_key_hits *hits, struct om_err *err)
{
	const struct om_lend lend = {
		.name = "chunk_keys",
		.columns = find_columns,
		.column_count = OM_COUNT(find_columns),
		.rows = keys,
		.row_count = n,
		.cell = find_cell,
	};
	struct om_stmt *q;
	int rc;

	if (om_db_lend(db, &lend, err) < 0 ||
	    om_db_prepare(db, find_keys, &q, err) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1)
		om_key_hits_add(hits, (uint32_t)om_col_int(q, 0),
		    om_col_int(q, 1), om_col_int(q, 2));
	om_db_unlend(db, lend.name);
	return rc;
}

int
om_keys_find(struct om_db *shard, const struct om_keyed *keys, size_t n,
    struct om_key_hits *hits, struct om_err *err)
{
	struct om_keyruns *runs = runs_of(shard);

	return runs != NULL ? find_in_runs(runs, keys, n, hits, err)
			    : find_in_table(shard, keys, n, hits, err);
}

static int
add_run(struct om_keyruns *runs, const struct om_new_key *keys, size_t n,
    struct om_err *err)
{
	struct om_keyrun_writer *w OM_AUTO(om_keyrun_writer_free) = NULL;

	if (om_keyruns_sync(runs, err) < 0)
		return err->code;
	w = om_keyrun_begin(runs, keys[0].key, keys[n - 1].key, (int64_t)n);
	if (om_keyrun_put(w, keys, n, err) < 0)
		return err->code;
	return om_keyrun_end(w, err);
}

static const struct om_lend_column new_columns[] = {
	{ "key", OM_INT },
	{ "id", OM_INT },
	{ "slot", OM_INT },
};

static void
new_cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct om_new_key *k = (const struct om_new_key *)rows + row;

	out->i = col == 0   ? k->key
		 : col == 1 ? k->id
			    : (int64_t)om_key_slot(k->key);
}

/* A server always takes what it is to append. */
static int
add_rows(struct om_db *db, const struct om_new_key *keys, size_t n,
    struct om_err *err)
{
	const struct om_lend rows = {
		.name = "order_keys",
		.columns = new_columns,
		.column_count = OM_COUNT(new_columns),
		.rows = keys,
		.row_count = n,
		.cell = new_cell,
	};
	int rc = om_db_append(db, &rows, err);

	assert(rc != 0);
	return rc < 0 ? rc : 0;
}

int
om_keys_add(struct om_db *shard, const struct om_new_key *keys, size_t n,
    struct om_err *err)
{
	struct om_keyruns *runs = runs_of(shard);

	if (n == 0)
		return 0;
	return runs != NULL ? add_run(runs, keys, n, err)
			    : add_rows(shard, keys, n, err);
}

static int
level_of(int64_t entries)
{
	int level = 0;

	for (int64_t n = entries / LEVEL_MIN; n > 0; n /= FAN)
		level++;
	return level;
}

/* The runs of the lowest level that has enough of them; 0 if none has. Runs
 * that would make one too large stay as they are. */
static size_t
choose(const struct om_keyruns *runs, int64_t first_id, size_t *which)
{
	size_t count[LEVELS] = { 0 };
	int64_t entries[LEVELS] = { 0 };
	int level = 0;
	size_t n = 0;

	for (size_t i = 0; i < runs->count; i++)
		if (runs->run[i].min_id >= first_id) {
			int of = level_of(runs->run[i].entries);

			count[of]++;
			entries[of] += runs->run[i].entries;
		}
	while (level < LEVELS &&
	       (count[level] < FAN || entries[level] > OM_KEYRUN_MAX))
		level++;
	for (size_t i = 0; i < runs->count && level < LEVELS; i++)
		if (runs->run[i].min_id >= first_id &&
		    level_of(runs->run[i].entries) == level)
			which[n++] = i;
	return n;
}

int
om_keys_merge(struct om_db *shard, int64_t first_id, struct om_err *err)
{
	struct om_keyruns *runs = runs_of(shard);
	int rc = runs == NULL ? 0 : om_keyruns_sync(runs, err);

	while (runs != NULL && rc == 0) {
		size_t *which = calloc(runs->count + 1, sizeof(*which));
		size_t n;

		if (which == NULL)
			return om_fail(err, OM_ELIMIT, "out of memory");
		n = choose(runs, first_id, which);
		rc = n == 0 ? 1
			    : om_keyruns_merge(runs, which, n, INT64_MAX, err);
		free(which);
	}
	return rc < 0 ? rc : 0;
}

int
om_keys_cut(struct om_db *shard, int64_t first_id, struct om_err *err)
{
	struct om_keyruns *runs = runs_of(shard);

	if (runs == NULL)
		return 0;
	if (om_keyruns_sync(runs, err) < 0)
		return err->code;
	for (size_t i = runs->count; i-- > 0;) {
		const struct om_keyrun *run = &runs->run[i];
		int rc = 0;

		if (run->min_id >= first_id)
			rc = om_keyrun_drop(runs, i, err);
		else if (run->max_id >= first_id)
			rc = om_keyruns_merge(runs, &i, 1, first_id, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}
