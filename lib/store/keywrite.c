/* keywrite.c - a new run, page by page; see keyrun.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "store/keyrun.h"
#include "store/sql.h"

static const char put_page[] =
    "INSERT INTO key_pages (page, entries) VALUES ($1, $2)";
static const char put_run[] =
    "INSERT INTO key_runs (run, change, entries, low_key, high_key, min_id,"
    " max_id) VALUES ($1, $2, $3, $4, $5, $6, $7)";
static const char put_head[] =
    "UPDATE key_head SET change = $1, next_run = $2 WHERE one = 1";
static const char drop_pages[] =
    "DELETE FROM key_pages WHERE page BETWEEN $1 AND $2";
static const char drop_marks[] =
    "DELETE FROM key_marks WHERE part BETWEEN $1 AND $2";
static const char drop_run[] = "DELETE FROM key_runs WHERE run = $1";

struct om_keyrun_writer {
	struct om_keyruns *runs;
	struct om_keyrun run;
	struct om_marks *marks;
	size_t n; /* entries of the page at hand */
	unsigned char keys[OM_KEYRUN_PAGE * OM_KEYRUN_KEY];
	unsigned char ids[OM_KEYRUN_PAGE * OM_KEYRUN_ID];
};

struct om_keyrun_writer *
om_keyrun_begin(struct om_keyruns *runs, int64_t low, int64_t high,
    int64_t entries)
{
	struct om_keyrun_writer *w = om_must(calloc(1, sizeof(*w)));

	w->runs = runs;
	w->marks = om_marks_new(low, high, entries);
	w->run = (struct om_keyrun){
		.run = runs->next_run,
		.low = low,
		.high = high,
		.min_id = INT64_MAX,
		.page = -1,
	};
	return w;
}

void
om_keyrun_writer_free(struct om_keyrun_writer **w)
{
	if (*w == NULL)
		return;
	om_marks_free((*w)->marks);
	free(*w);
	*w = NULL;
}

static int
flush(struct om_keyrun_writer *w, struct om_err *err)
{
	int64_t page = (w->run.entries - 1) / OM_KEYRUN_PAGE;
	unsigned char bytes[sizeof(w->keys) + sizeof(w->ids)];
	struct om_stmt *q;

	memcpy(bytes, w->keys, w->n * OM_KEYRUN_KEY);
	memcpy(bytes + w->n * OM_KEYRUN_KEY, w->ids, w->n * OM_KEYRUN_ID);
	if (om_sql(w->runs->db, &q, err, put_page, "i",
		w->run.run * OM_KEYRUN_PAGES + page) < 0)
		return err->code;
	om_bind_blob(q, 2, bytes, w->n * (OM_KEYRUN_KEY + OM_KEYRUN_ID));
	w->n = 0;
	return om_stmt_run(q, err);
}

static int
check_key(const struct om_keyrun *run, const struct om_new_key *key,
    struct om_err *err)
{
	if (key->key < run->low || key->key > run->high)
		return om_fail(err, OM_EDAMAGED,
		    "a key is out of the bounds of its run");
	if (key->id < 0 || key->id > OM_KEYRUN_ID_MAX)
		return om_fail(err, OM_ELIMIT,
		    "row %lld of a shard, which has room for 2^48",
		    (long long)key->id);
	return 0;
}

int
om_keyrun_put(struct om_keyrun_writer *w, const struct om_new_key *keys,
    size_t n, struct om_err *err)
{
	struct om_keyrun *run = &w->run;

	for (size_t i = 0; i < n; i++) {
		const struct om_new_key *k = &keys[i];

		if (check_key(run, k, err) < 0)
			return err->code;
		om_be64_put(w->keys + w->n * OM_KEYRUN_KEY, (uint64_t)k->key);
		om_be48_put(w->ids + w->n * OM_KEYRUN_ID, (uint64_t)k->id);
		om_marks_put(w->marks, run->entries, k->key);
		run->min_id = k->id < run->min_id ? k->id : run->min_id;
		run->max_id = k->id > run->max_id ? k->id : run->max_id;
		run->entries++;
		if (++w->n == OM_KEYRUN_PAGE && flush(w, err) < 0)
			return err->code;
	}
	return 0;
}

/* Another value than any that it had, also in a transaction that was rolled
 * back, while another process went on from the value before: no clock and no
 * counter gives that. */
int
om_keyruns_touch(struct om_keyruns *runs, struct om_err *err)
{
	uint64_t bits;

	if (getrandom(&bits, sizeof(bits), 0) != (ssize_t)sizeof(bits))
		return om_fail(err, OM_EIO, "no random numbers: %s",
		    strerror(errno));
	runs->change = (int64_t)(bits >> 1);
	return om_sql_run(runs->db, err, put_head, "ii", runs->change,
	    runs->next_run);
}

static int
put_run_row(struct om_keyruns *runs, const struct om_keyrun *run,
    struct om_err *err)
{
	return om_sql_run(runs->db, err, put_run, "iiiiiii", run->run,
	    run->change, run->entries, run->low, run->high, run->min_id,
	    run->max_id);
}

int
om_keyrun_end(struct om_keyrun_writer *w, struct om_err *err)
{
	struct om_keyruns *runs = w->runs;

	if (w->n > 0 && flush(w, err) < 0)
		return err->code;
	om_marks_end(w->marks, w->run.entries);
	if (om_marks_write(runs->db, w->run.run, w->marks, err) < 0)
		return err->code;
	runs->next_run++;
	if (om_keyruns_touch(runs, err) < 0)
		return err->code;
	w->run.change = runs->change;
	if (put_run_row(runs, &w->run, err) < 0)
		return err->code;
	if (runs->used + w->marks->bytes <= runs->memory) {
		runs->used += w->marks->bytes;
		w->run.marks = w->marks;
		w->marks = NULL;
	}
	*om_keyruns_room(runs) = w->run;
	return 0;
}

int
om_keyrun_drop(struct om_keyruns *runs, size_t i, struct om_err *err)
{
	struct om_keyrun *run = &runs->run[i];
	int64_t from = run->run * OM_KEYRUN_PAGES;
	int64_t to = from + OM_KEYRUN_PAGES - 1;

	if (om_sql_run(runs->db, err, drop_pages, "ii", from, to) < 0 ||
	    om_sql_run(runs->db, err, drop_marks, "ii", from, to) < 0 ||
	    om_sql_run(runs->db, err, drop_run, "i", run->run) < 0)
		return err->code;
	runs->change = -1; /* until the file says the same */
	om_keyrun_forget(runs, run);
	runs->count--;
	memmove(run, run + 1, (runs->count - i) * sizeof(*run));
	return om_keyruns_touch(runs, err);
}
