/* keymerge.c - many runs to one; see keyrun.h. */
#include <stdio.h>
#include <stdlib.h>

#include "store/keyrun.h"

struct input {
	struct om_keyrun *run;
	int64_t at; /* the entry at hand */
	struct om_new_key entry;
};

struct merge {
	struct om_keyruns *runs;
	struct input *in;
	size_t n;
	int64_t below_id; /* rows from here on are left out */
	int64_t low;
	int64_t high;
	int64_t entries; /* that remain */
	struct om_keyrun_writer *out;
};

static void
merge_end(struct merge *m)
{
	om_keyrun_writer_free(&m->out);
	free(m->in);
}

static int
read_entry(struct merge *m, struct input *in, struct om_err *err)
{
	return om_keyrun_entry(m->runs, in->run, in->at, &in->entry, err);
}

static void
widen(struct merge *m, int64_t low, int64_t high, int64_t entries)
{
	m->low = low < m->low ? low : m->low;
	m->high = high > m->high ? high : m->high;
	m->entries += entries;
}

/* What remains of a run: marks are laid out by its bounds and number. */
static int
measure(struct merge *m, struct om_keyrun *run, struct om_err *err)
{
	struct om_new_key e;

	/* Are there as many as it says? The last page tells. */
	if (om_keyrun_entry(m->runs, run, run->entries - 1, &e, err) < 0)
		return err->code;
	if (run->max_id < m->below_id) {
		widen(m, run->low, run->high, run->entries);
		return 0;
	}
	for (int64_t i = 0; i < run->entries; i++) {
		if (om_keyrun_entry(m->runs, run, i, &e, err) < 0)
			return err->code;
		if (e.id < m->below_id)
			widen(m, e.key, e.key, 1);
	}
	return 0;
}

/* Their marks make room for those of the merged run. */
static int
begin(struct merge *m, const size_t *which, size_t n, struct om_err *err)
{
	m->in = om_must(calloc(n, sizeof(m->in[0])));
	m->low = INT64_MAX;
	m->high = -1;
	for (m->n = 0; m->n < n; m->n++) {
		struct om_keyrun *run = &m->runs->run[which[m->n]];

		om_keyrun_forget(m->runs, run);
		m->in[m->n].run = run;
		if (measure(m, run, err) < 0 ||
		    read_entry(m, &m->in[m->n], err) < 0)
			return err->code;
	}
	if (m->entries > 0)
		m->out = om_keyrun_begin(m->runs, m->low, m->high, m->entries);
	return 0;
}

static bool
is_before(const struct om_new_key *a, const struct om_new_key *b)
{
	return a->key != b->key ? a->key < b->key : a->id < b->id;
}

/* One entry out of the input that has the smallest. */
static int
move(struct merge *m, struct om_err *err)
{
	struct input *least = &m->in[0];

	for (size_t i = 1; i < m->n; i++)
		if (is_before(&m->in[i].entry, &least->entry))
			least = &m->in[i];
	if (least->entry.id < m->below_id &&
	    om_keyrun_put(m->out, &least->entry, 1, err) < 0)
		return err->code;
	if (++least->at < least->run->entries)
		return read_entry(m, least, err);
	*least = m->in[--m->n];
	return 0;
}

/* which ascends. */
static int
drop_inputs(struct om_keyruns *runs, const size_t *which, size_t n,
    struct om_err *err)
{
	while (n-- > 0)
		if (om_keyrun_drop(runs, which[n], err) < 0)
			return err->code;
	return 0;
}

int
om_keyruns_merge(struct om_keyruns *runs, const size_t *which, size_t n,
    int64_t below_id, struct om_err *err)
{
	OM_AUTO(merge_end) struct merge m = { runs, .below_id = below_id };

	if (begin(&m, which, n, err) < 0)
		return err->code;
	while (m.entries > 0 && m.n > 0)
		if (move(&m, err) < 0)
			return err->code;
	if (m.entries > 0 && om_keyrun_end(m.out, err) < 0)
		return err->code;
	return drop_inputs(runs, which, n, err);
}
