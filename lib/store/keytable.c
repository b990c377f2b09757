/* keytable.c - SQLite: the relation order_keys, out of the runs. */
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "store/keyrun.h"

enum { K_KEY, K_ID, K_SLOT };

static const struct om_lend_column columns[] = {
	[K_KEY] = { "key", OM_INT },
	[K_ID] = { "id", OM_INT },
	[K_SLOT] = { "slot", OM_INT },
};

/* Either what was found for one key, or a walk over all runs. */
struct cursor {
	struct om_keyruns *runs;
	bool all;
	int64_t change; /* the list that is walked */
	size_t run;
	int64_t at;
	struct om_key_hits hits;
	size_t hit;
	struct om_new_key entry;
};

static int
find(struct cursor *c, int64_t key, struct om_err *err)
{
	const struct om_keyed one = { key, 0 };

	return om_keys_find(c->runs->db, &one, 1, &c->hits, err);
}

static void
keys_close(void *cursor)
{
	struct cursor *c = cursor;

	om_key_hits_fini(&c->hits);
	free(c);
}

static int
keys_open(void *arg, const int64_t *key, void **out, struct om_err *err)
{
	struct cursor *c = om_must(calloc(1, sizeof(*c)));
	int rc;

	c->runs = arg;
	c->all = key == NULL;
	rc = c->all ? om_keyruns_sync(c->runs, err) : find(c, *key, err);
	c->change = c->runs->change;
	if (rc == 0)
		*out = c;
	else
		keys_close(c);
	return rc;
}

static int
next_of_all(struct cursor *c, struct om_err *err)
{
	struct om_keyrun *run;

	if (c->runs->change != c->change)
		return om_fail(err, OM_EINTERNAL,
		    "keys were changed while a statement read them");
	if (c->run < c->runs->count && c->at == c->runs->run[c->run].entries) {
		c->run++;
		c->at = 0;
	}
	if (c->run >= c->runs->count)
		return 0;
	run = &c->runs->run[c->run];
	if (om_keyrun_entry(c->runs, run, c->at, &c->entry, err) < 0)
		return err->code;
	c->at++;
	return 1;
}

static int
keys_next(void *cursor, struct om_err *err)
{
	struct cursor *c = cursor;

	if (c->all)
		return next_of_all(c, err);
	if (c->hit == c->hits.count)
		return 0;
	c->entry.id = c->hits.hit[c->hit].id;
	c->entry.key = c->hits.hit[c->hit].key;
	c->hit++;
	return 1;
}

static void
keys_cell(const void *cursor, int col, struct om_value *out)
{
	const struct cursor *c = cursor;

	out->i = col == K_KEY  ? c->entry.key
		 : col == K_ID ? c->entry.id
			       : (int64_t)om_key_slot(c->entry.key);
}

static void
keys_free(void *arg)
{
	om_keyruns_free(arg);
}

const struct om_serve om_keys_table = {
	.name = "order_keys",
	.columns = columns,
	.column_count = OM_COUNT(columns),
	.searched_by = K_KEY + 1,
	.open = keys_open,
	.next = keys_next,
	.cell = keys_cell,
	.close = keys_close,
	.free = keys_free,
};
