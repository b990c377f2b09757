/* gather.c - a hash table of rows that spills by partition; see gather.h. */
#include "feed/gather.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "feed/build.h"
#include "feed/kept.h"
#include "io/temp.h"

#define PART_BITS  5
#define PARTS	   (1U << PART_BITS)
#define LEVEL_MAX  12 /* 60 bits of the hash */
#define QUEUE_MAX  (PARTS * (LEVEL_MAX + 1))
#define ROWS_MAX   (OM_ORDER_LINES_MAX + 1)
#define TABLE_MIN  1024
#define GROUPS_MIN 512

struct group {
	uint64_t hash;
	struct om_str channel;
	struct om_str reference;
	struct om_kept *first;
	struct om_kept *last;
	uint32_t count;
};

/* A file still to be gathered, and how often its rows were dealt out. */
struct part {
	FILE *file;
	int level;
};

struct om_gather {
	const struct om_plan *plans;
	size_t budget;
	const char *dir;
	struct om_arena arena;
	struct group *groups;
	size_t group_count;
	size_t group_cap;
	uint32_t *table;   /* index into groups, plus one; 0: free */
	size_t table_size; /* a power of two */
	FILE *out[PARTS];  /* where rows go once they do not fit */
	bool spilled;
	int level;		      /* of the rows that are being read */
	struct part queue[QUEUE_MAX]; /* last first */
	size_t queue_count;
	bool finished; /* all input was added */
	size_t next;   /* group to give out */
	struct om_row *rows;
	size_t row_cap;
	struct om_str *cells;
	size_t cell_cap;
};

struct om_gather *
om_gather_open(const struct om_plan *plans, size_t budget,
    const char *spill_dir)
{
	struct om_gather *g = om_must(calloc(1, sizeof(*g)));

	g->plans = plans;
	g->budget = budget < OM_GATHER_MIN ? OM_GATHER_MIN : budget;
	g->dir = spill_dir;
	return g;
}

/* Forget what is in memory; the tables shrink back too. */
static void
clear(struct om_gather *g)
{
	om_arena_clear(&g->arena);
	free(g->groups);
	free(g->table);
	g->groups = NULL;
	g->table = NULL;
	g->group_count = 0;
	g->group_cap = 0;
	g->table_size = 0;
	g->next = 0;
}

void
om_gather_close(struct om_gather **gather)
{
	struct om_gather *g = *gather;

	if (g == NULL)
		return;
	clear(g);
	for (size_t i = 0; i < PARTS; i++)
		if (g->out[i] != NULL)
			fclose(g->out[i]);
	for (size_t i = 0; i < g->queue_count; i++)
		fclose(g->queue[i].file);
	free(g->rows);
	free(g->cells);
	free(g);
	*gather = NULL;
}

static size_t
used(const struct om_gather *g)
{
	return g->arena.used + g->group_cap * sizeof(*g->groups) +
	       g->table_size * sizeof(*g->table);
}

static struct om_str *
cell_room(struct om_gather *g, size_t n)
{
	if (n > g->cell_cap) {
		g->cell_cap = n * 2;
		g->cells =
		    om_must(realloc(g->cells, g->cell_cap * sizeof(*g->cells)));
	}
	return g->cells;
}

static void
grow_table(struct om_gather *g)
{
	size_t size = g->table_size == 0 ? TABLE_MIN : g->table_size * 2;

	free(g->table);
	g->table = om_must(calloc(size, sizeof(*g->table)));
	g->table_size = size;
	for (size_t i = 0; i < g->group_count; i++) {
		size_t at = g->groups[i].hash & (size - 1);

		while (g->table[at] != 0)
			at = (at + 1) & (size - 1);
		g->table[at] = (uint32_t)i + 1;
	}
}

static struct group *
new_group(struct om_gather *g, uint64_t hash)
{
	if (g->group_count == g->group_cap) {
		g->group_cap =
		    g->group_cap == 0 ? GROUPS_MIN : g->group_cap * 2;
		g->groups = om_must(
		    realloc(g->groups, g->group_cap * sizeof(*g->groups)));
	}
	g->groups[g->group_count] = (struct group){ .hash = hash };
	return &g->groups[g->group_count++];
}

/* The group of a key, or NULL and the free place for it. */
static struct group *
find_group(struct om_gather *g, uint64_t hash, struct om_str channel,
    struct om_str reference, size_t *out_at)
{
	size_t at;

	if ((g->group_count + 1) * 4 > g->table_size * 3)
		grow_table(g);
	at = hash & (g->table_size - 1);
	while (g->table[at] != 0) {
		struct group *group = &g->groups[g->table[at] - 1];

		if (group->hash == hash &&
		    om_str_eq(group->reference, reference) &&
		    om_str_eq(group->channel, channel))
			return group;
		at = (at + 1) & (g->table_size - 1);
	}
	*out_at = at;
	return NULL;
}

/* Put a kept row with its order. */
static int
hold(struct om_gather *g, struct om_kept *kept, uint64_t hash,
    struct om_str channel, struct om_str reference, struct om_err *err)
{
	size_t at = 0;
	struct group *group = find_group(g, hash, channel, reference, &at);

	if (group == NULL) {
		struct om_row row;

		group = new_group(g, hash);
		g->table[at] = (uint32_t)g->group_count;
		om_kept_row(kept, cell_room(g, kept->cells + 1), &row);
		(void)om_build_key(&g->plans[kept->source], &row,
		    &group->channel, &group->reference);
		group->first = kept;
	} else {
		group->last->next = kept;
	}
	group->last = kept;
	if (++group->count > ROWS_MAX)
		return om_fail(err, OM_EDATA,
		    "more than %d rows of order '%.*s': is '%.*s' the column "
		    "of its reference?",
		    ROWS_MAX, OM_FMT(reference),
		    OM_FMT(om_step_column(&g->plans[kept->source].reference)));
	return 0;
}

static int
spill_row(struct om_gather *g, const struct om_kept *kept, uint64_t hash,
    struct om_err *err)
{
	unsigned part =
	    (unsigned)(hash >> (64 - PART_BITS * (g->level + 1))) & (PARTS - 1);

	if (g->out[part] == NULL &&
	    om_temp_open(g->dir, &g->out[part], err) < 0)
		return err->code;
	return om_kept_write(kept, g->out[part], err);
}

/* Everything in memory goes to the files of the next level. */
static int
spill(struct om_gather *g, struct om_err *err)
{
	if (g->group_count == 1 || g->level == LEVEL_MAX)
		return om_fail(err, OM_ELIMIT,
		    "order '%.*s' has over %zu bytes of rows, more than the "
		    "memory for gathering",
		    OM_FMT(g->groups[0].reference), g->budget);
	for (size_t i = 0; i < g->group_count; i++)
		for (struct om_kept *k = g->groups[i].first; k != NULL;
		     k = k->next)
			if (spill_row(g, k, g->groups[i].hash, err) < 0)
				return err->code;
	clear(g);
	g->spilled = true;
	return 0;
}

/* The files that were written wait their turn, the first on top. */
static int
queue_parts(struct om_gather *g, struct om_err *err)
{
	for (unsigned i = PARTS; i-- > 0;) {
		FILE *f = g->out[i];

		if (f == NULL)
			continue;
		g->out[i] = NULL;
		g->queue[g->queue_count++] = (struct part){ f, g->level + 1 };
		if (fflush(f) != 0 || fseek(f, 0, SEEK_SET) != 0)
			return om_fail(err, OM_EIO, "temporary file: %s",
			    strerror(errno));
	}
	g->spilled = false;
	return 0;
}

int
om_gather_add(struct om_gather *g, const struct om_row *row,
    struct om_row *out_row, struct om_err *err)
{
	const struct om_plan *plan = &g->plans[row->at.source];
	struct om_str channel;
	struct om_str reference;
	struct om_str *cell = cell_room(g, plan->pick_count + 1);
	struct om_kept *kept;
	uint64_t hash;
	size_t size;
	int rc;

	for (size_t i = 0; i < plan->pick_count; i++)
		cell[i] = om_plan_cell(plan, row, i);
	om_plan_row(plan, row, cell, out_row);
	if (!om_build_key(&g->plans[row->at.source], out_row, &channel,
		&reference))
		return 0;
	hash = om_hash64(channel, reference);
	size = om_kept_size(out_row);
	kept = om_alloc_raw(&g->arena, sizeof(*kept) + size);
	om_kept_put(kept, out_row, size);
	if (g->spilled) {
		rc = spill_row(g, kept, hash, err);
		om_arena_reset(&g->arena);
		return rc < 0 ? rc : 1;
	}
	rc = hold(g, kept, hash, channel, reference, err);
	if (rc == 0 && used(g) > g->budget)
		rc = spill(g, err);
	return rc < 0 ? rc : 1;
}

/* Gather one file; what does not fit is dealt out again. */
static int
load(struct om_gather *g, FILE *f, struct om_err *err)
{
	struct om_kept *kept;
	struct om_row row;
	struct om_str channel;
	struct om_str reference;
	uint64_t hash;
	int rc;

	while ((rc = om_kept_read(&g->arena, f, &kept, err)) == 1) {
		om_kept_row(kept, cell_room(g, kept->cells + 1), &row);
		(void)om_build_key(&g->plans[kept->source], &row, &channel,
		    &reference);
		hash = om_hash64(channel, reference);
		if (g->spilled) {
			rc = spill_row(g, kept, hash, err);
			om_arena_reset(&g->arena);
		} else {
			rc = hold(g, kept, hash, channel, reference, err);
			if (rc == 0 && used(g) > g->budget)
				rc = spill(g, err);
		}
		if (rc < 0)
			return rc;
	}
	return rc;
}

/* Until there are orders in memory, or nothing is left: 1 or 0. */
static int
refill(struct om_gather *g, struct om_err *err)
{
	while (g->next == g->group_count) {
		struct part part;
		int rc;

		clear(g);
		if (g->queue_count == 0)
			return 0;
		part = g->queue[--g->queue_count];
		g->level = part.level;
		rc = load(g, part.file, err);
		fclose(part.file);
		if (rc == 0 && g->spilled)
			rc = queue_parts(g, err);
		if (rc < 0)
			return rc;
	}
	return 1;
}

static void
unfold(struct om_gather *g, const struct group *group)
{
	size_t cells = 0;
	size_t i = 0;

	if (group->count > g->row_cap) {
		g->row_cap = group->count * (size_t)2;
		g->rows =
		    om_must(realloc(g->rows, g->row_cap * sizeof(*g->rows)));
	}
	for (const struct om_kept *k = group->first; k != NULL; k = k->next)
		cells += k->cells;
	(void)cell_room(g, cells + 1);
	cells = 0;
	for (const struct om_kept *k = group->first; k != NULL; k = k->next) {
		om_kept_row(k, g->cells + cells, &g->rows[i++]);
		cells += k->cells;
	}
}

int
om_gather_next(struct om_gather *g, const struct om_row **out,
    size_t *out_count, struct om_err *err)
{
	int rc;

	if (!g->finished) {
		g->finished = true;
		if (g->spilled && queue_parts(g, err) < 0)
			return err->code;
	}
	rc = refill(g, err);
	if (rc <= 0)
		return rc;
	unfold(g, &g->groups[g->next]);
	*out = g->rows;
	*out_count = g->groups[g->next++].count;
	return 1;
}
