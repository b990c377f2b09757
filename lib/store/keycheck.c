/* keycheck.c - is every run what it says? see om_keys_check() in keys.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/keyrun.h"
#include "store/sql.h"

static const char count_pages[] = "SELECT /*scan*/ count(*) FROM key_pages";
static const char count_parts[] = "SELECT /*scan*/ count(*) FROM key_marks";

/* What belongs to the runs that there are. */
struct tally {
	int64_t pages;
	int64_t parts;
};

struct check {
	struct om_keyruns *runs;
	struct om_keyrun *run;
	struct om_marks *stored; /* NULL: it has none */
	struct om_marks *marks;	 /* as they should be */
	struct om_keyrun seen;	 /* what its entries say of it */
};

static void
check_end(struct check *c)
{
	om_marks_free(c->stored);
	om_marks_free(c->marks);
}

static int
flaw(const struct check *c, const char *what, struct om_err *err)
{
	return om_fail(err, OM_EDAMAGED, "run %lld of the keys: %s",
	    (long long)c->run->run, what);
}

static bool
follows(const struct om_new_key *a, const struct om_new_key *b)
{
	return a->key != b->key ? a->key > b->key : a->id > b->id;
}

static void
see(struct om_keyrun *seen, int64_t i, const struct om_new_key *e)
{
	if (i == 0) {
		seen->low = e->key;
		seen->min_id = e->id;
		seen->max_id = e->id;
	}
	seen->high = e->key;
	seen->min_id = e->id < seen->min_id ? e->id : seen->min_id;
	seen->max_id = e->id > seen->max_id ? e->id : seen->max_id;
}

static int
check_entries(struct check *c, struct om_err *err)
{
	struct om_keyrun *run = c->run;
	struct om_new_key was = { -1, -1 };
	struct om_new_key e;

	for (int64_t i = 0; i < run->entries; i++) {
		if (om_keyrun_entry(c->runs, run, i, &e, err) < 0)
			return err->code;
		if (!follows(&e, &was))
			return flaw(c, "its entries do not ascend", err);
		if (e.key < run->low || e.key > run->high)
			return flaw(c, "a key is out of its bounds", err);
		om_marks_put(c->marks, i, e.key);
		see(&c->seen, i, &e);
		was = e;
	}
	om_marks_end(c->marks, run->entries);
	if (c->seen.low != run->low || c->seen.high != run->high ||
	    c->seen.min_id != run->min_id || c->seen.max_id != run->max_id)
		return flaw(c, "its bounds are not those of its entries", err);
	return 0;
}

static int
check_marks(const struct check *c, struct om_err *err)
{
	const struct om_marks *a = c->stored;
	const struct om_marks *b = c->marks;

	if (a == NULL && om_marks_are_even(b))
		return flaw(c, "it has no marks", err);
	if (a == NULL)
		return 0;
	if (memcmp(a->start, b->start,
		(b->buckets + 1) * sizeof(b->start[0])) != 0 ||
	    memcmp(a->mark, b->mark,
		(size_t)c->run->entries * sizeof(b->mark[0])) != 0)
		return flaw(c, "its marks are not those of its entries", err);
	return 0;
}

static int
check_run(struct om_keyruns *runs, struct om_keyrun *run, struct tally *tally,
    struct om_err *err)
{
	OM_AUTO(check_end) struct check c = { .runs = runs, .run = run };
	struct om_new_key last;

	/* First whether there are as many, then memory for them. */
	if (om_keyrun_entry(runs, run, run->entries - 1, &last, err) < 0)
		return err->code;
	c.marks = om_marks_new(run->low, run->high, run->entries);
	if (om_marks_read(runs->db, run, &c.stored, err) < 0 ||
	    check_entries(&c, err) < 0)
		return err->code;
	tally->pages += (run->entries - 1) / OM_KEYRUN_PAGE + 1;
	if (c.stored != NULL)
		tally->parts += om_marks_parts(c.stored);
	return check_marks(&c, err);
}

static int
check_left_over(struct om_db *db, const char *sql, int64_t want,
    const char *what, struct om_err *err)
{
	int64_t there = 0;

	if (om_sql_int(db, &there, err, sql, "") < 0)
		return err->code;
	if (there != want)
		return om_fail(err, OM_EDAMAGED,
		    "%lld %s of keys are stored, %lld of them in runs",
		    (long long)there, what, (long long)want);
	return 0;
}

int
om_keys_check(struct om_db *shard, struct om_err *err)
{
	struct om_keyruns *runs = om_db_served(shard, om_keys_table.name);

	struct tally tally = { 0, 0 };

	if (runs == NULL)
		return 0;
	if (om_keyruns_sync(runs, err) < 0)
		return err->code;
	for (size_t i = 0; i < runs->count; i++)
		if (check_run(runs, &runs->run[i], &tally, err) < 0)
			return err->code;
	if (check_left_over(shard, count_pages, tally.pages, "pages", err) < 0)
		return err->code;
	return check_left_over(shard, count_parts, tally.parts,
	    "parts of marks", err);
}
