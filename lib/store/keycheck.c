/* keycheck.c - is every run what it says? see om_keys_check() in keys.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/keyrun.h"

struct check {
	struct om_keyruns *runs;
	struct om_keyrun *run;
	struct om_marks *stored; /* NULL: it has none */
	struct om_marks *marks;	 /* as they should be */
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
		if (e.key < run->low || e.key > run->high ||
		    e.id < run->min_id || e.id > run->max_id)
			return flaw(c, "an entry is out of its bounds", err);
		om_marks_put(c->marks, i, e.key);
		was = e;
	}
	om_marks_end(c->marks, run->entries);
	return 0;
}

static int
check_marks(const struct check *c, struct om_err *err)
{
	const struct om_marks *a = c->stored;
	const struct om_marks *b = c->marks;

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
check_run(struct om_keyruns *runs, struct om_keyrun *run, struct om_err *err)
{
	OM_AUTO(check_end) struct check c = { .runs = runs, .run = run };
	struct om_new_key last;

	if (run->entries < 1 || run->low < 0 || run->high < run->low)
		return flaw(&c, "bad bounds", err);
	if (om_keyrun_entry(runs, run, run->entries - 1, &last, err) < 0)
		return err->code;
	c.marks = om_marks_new(run->low, run->high, run->entries);
	if (om_marks_read(runs->db, run, &c.stored, err) < 0 ||
	    check_entries(&c, err) < 0)
		return err->code;
	return check_marks(&c, err);
}

int
om_keys_check(struct om_db *shard, struct om_err *err)
{
	struct om_keyruns *runs = om_db_served(shard, om_keys_table.name);

	if (runs == NULL)
		return 0;
	if (om_keyruns_sync(runs, err) < 0)
		return err->code;
	for (size_t i = 0; i < runs->count; i++)
		if (check_run(runs, &runs->run[i], err) < 0)
			return err->code;
	return 0;
}
