/* keyrun.c - the list of runs, and one entry of one; see keyrun.h. */
#include "store/keyrun.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/sql.h"

/* Guesses that halve nothing before the search does. */
#define GUESSES 8

static const char get_head[] = "SELECT /*scan*/ change, next_run FROM key_head";
static const char get_runs[] =
    "SELECT /*scan*/ run, change, entries, low_key, high_key, min_id, max_id"
    " FROM key_runs ORDER BY run";
static const char get_page[] = "SELECT entries FROM key_pages WHERE page = $1";

void
om_keyrun_forget(struct om_keyruns *runs, struct om_keyrun *run)
{
	if (run->marks != NULL)
		runs->used -= run->marks->bytes;
	om_marks_free(run->marks);
	free(run->bytes);
	run->marks = NULL;
	run->bytes = NULL;
	run->page = -1;
	run->held = 0;
}

void
om_keyruns_free(struct om_keyruns *runs)
{
	for (size_t i = 0; i < runs->count; i++)
		om_keyrun_forget(runs, &runs->run[i]);
	free(runs->run);
	free(runs);
}

struct om_keyrun *
om_keyruns_room(struct om_keyruns *runs)
{
	if (runs->count == runs->cap) {
		runs->cap = runs->cap == 0 ? 16 : 2 * runs->cap;
		runs->run = om_must(
		    realloc(runs->run, runs->cap * sizeof(runs->run[0])));
	}
	return &runs->run[runs->count++];
}

/* What is in memory of the same run goes along. */
static void
take_over(struct om_keyrun *to, struct om_keyrun *from, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (from[i].run != to->run || from[i].change != to->change)
			continue;
		to->marks = from[i].marks;
		to->unmarked = from[i].unmarked;
		to->asked = from[i].asked;
		to->page = from[i].page;
		to->held = from[i].held;
		to->bytes = from[i].bytes;
		from[i].marks = NULL;
		from[i].bytes = NULL;
		return;
	}
}

/* What everything else relies on; om_keys_check() asks for more. */
static bool
is_sound(const struct om_keyrun *run, int64_t next_run)
{
	return run->run >= 0 && run->run < next_run && run->entries >= 1 &&
	       run->entries <= OM_KEYRUN_MAX && run->low >= 0 &&
	       run->low <= run->high && run->min_id >= 0 &&
	       run->min_id <= run->max_id && run->max_id <= OM_KEYRUN_ID_MAX;
}

static int
read_list(struct om_keyruns *runs, struct om_keyrun *was, size_t n,
    struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(runs->db, get_runs, &q, err) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		struct om_keyrun *run = om_keyruns_room(runs);

		*run = (struct om_keyrun){
			.run = om_col_int(q, 0),
			.change = om_col_int(q, 1),
			.entries = om_col_int(q, 2),
			.low = om_col_int(q, 3),
			.high = om_col_int(q, 4),
			.min_id = om_col_int(q, 5),
			.max_id = om_col_int(q, 6),
			.page = -1,
		};
		if (!is_sound(run, runs->next_run)) {
			om_stmt_reset(q);
			return om_fail(err, OM_EDAMAGED,
			    "run %lld of the keys: its row has bad numbers",
			    (long long)run->run);
		}
		take_over(run, was, n);
	}
	return rc;
}

static int
reload(struct om_keyruns *runs, struct om_err *err)
{
	struct om_keyrun *was = runs->run;
	size_t n = runs->count;
	int rc;

	runs->run = NULL;
	runs->count = 0;
	runs->cap = 0;
	rc = read_list(runs, was, n, err);
	for (size_t i = 0; i < n; i++)
		om_keyrun_forget(runs, &was[i]);
	free(was);
	return rc;
}

int
om_keyruns_sync(struct om_keyruns *runs, struct om_err *err)
{
	struct om_stmt *q;
	int64_t change;
	int rc;

	if (om_db_prepare(runs->db, get_head, &q, err) < 0)
		return err->code;
	rc = om_stmt_step(q, err);
	if (rc < 0)
		return rc;
	if (rc == 0)
		return om_fail(err, OM_EDAMAGED, "key_head is empty");
	change = om_col_int(q, 0);
	runs->next_run = om_col_int(q, 1);
	om_stmt_reset(q);
	if (change == runs->change)
		return 0;
	if (runs->next_run < 0 || runs->next_run > OM_KEYRUN_RUNS)
		return om_fail(err, OM_EDAMAGED, "key_head has bad numbers");
	runs->change = -1;
	if (reload(runs, err) < 0)
		return err->code;
	runs->change = change;
	return 0;
}

static size_t
page_count(const struct om_keyrun *run, int64_t page)
{
	int64_t left = run->entries - page * OM_KEYRUN_PAGE;

	return left < OM_KEYRUN_PAGE ? (size_t)left : OM_KEYRUN_PAGE;
}

int
om_keyrun_page(struct om_keyruns *runs, struct om_keyrun *run, int64_t page,
    struct om_err *err)
{
	size_t count = page_count(run, page);
	size_t want = count * (OM_KEYRUN_KEY + OM_KEYRUN_ID);
	struct om_str entries = { NULL, 0 };
	struct om_stmt *q;
	int rc;

	if (run->page == page)
		return 0;
	if (om_sql(runs->db, &q, err, get_page, "i",
		run->run * OM_KEYRUN_PAGES + page) < 0 ||
	    (rc = om_stmt_step(q, err)) < 0)
		return err->code;
	if (rc == 1)
		entries = om_col_blob(q, 0);
	if (entries.n != want) {
		om_stmt_reset(q);
		return om_fail(err, OM_EDAMAGED,
		    "page %lld of run %lld of the keys has %zu bytes, not %zu",
		    (long long)page, (long long)run->run, entries.n, want);
	}
	if (run->bytes == NULL)
		run->bytes = om_must(
		    malloc(OM_KEYRUN_PAGE * (OM_KEYRUN_KEY + OM_KEYRUN_ID)));
	memcpy(run->bytes, entries.p, want);
	om_stmt_reset(q);
	run->page = page;
	run->held = count;
	return 0;
}

/* Of the page at hand. */
static int64_t
key_at(const struct om_keyrun *run, size_t i)
{
	return (int64_t)om_be64_get(run->bytes + i * OM_KEYRUN_KEY);
}

/* Which part of the way from low to high the key is, from 0 to 1. */
static double
part_of(int64_t low, int64_t high, int64_t key)
{
	if (key <= low || high <= low)
		return 0;
	if (key >= high)
		return 1;
	return ((double)key - (double)low) / ((double)high - (double)low);
}

/* Keys are hashes: where one lies follows from what it is, but for a little.
 * After a few wrong guesses, from the middle. */
static int64_t
guess(int64_t from, int64_t to, double part, int tries)
{
	int64_t page = from + (int64_t)(part * (double)(to - from));

	if (tries > GUESSES)
		return from + (to - from) / 2;
	return page > to ? to : page;
}

static int64_t
first_not_below(const struct om_keyrun *run, size_t count, int64_t key)
{
	size_t low = 0;
	size_t high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (key_at(run, mid) < key)
			low = mid + 1;
		else
			high = mid;
	}
	return (int64_t)low;
}

int
om_keyrun_seek(struct om_keyruns *runs, struct om_keyrun *run, int64_t key,
    int64_t *out, struct om_err *err)
{
	int64_t from = 0;
	int64_t to = (run->entries - 1) / OM_KEYRUN_PAGE;
	int64_t low = run->low;
	int64_t high = run->high;

	for (int tries = 0; from <= to; tries++) {
		int64_t page = guess(from, to, part_of(low, high, key), tries);
		size_t count = page_count(run, page);

		if (om_keyrun_page(runs, run, page, err) < 0)
			return err->code;
		if (page > 0 && key <= key_at(run, 0)) {
			to = page - 1;
			high = key_at(run, 0);
		} else if (key > key_at(run, count - 1)) {
			from = page + 1;
			low = key_at(run, count - 1);
		} else {
			*out = page * OM_KEYRUN_PAGE +
			       first_not_below(run, count, key);
			return 0;
		}
	}
	*out = from * OM_KEYRUN_PAGE;
	if (*out > run->entries)
		*out = run->entries;
	return 0;
}
