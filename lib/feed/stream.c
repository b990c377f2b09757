/* stream.c - a merge of files in the order of their references; stream.h. */
#include "feed/stream.h"

#include <stdlib.h>
#include <string.h>

#include "feed/build.h"

#define ROWS_MAX (OM_ORDER_LINES_MAX + 1)

struct key {
	struct om_str channel;
	struct om_str reference;
};

/* One file. The row that was read ahead lies in the arena of the group before
 * it, so two take turns. */
struct side {
	struct om_input *input;
	const struct om_plan *plan;
	struct om_arena arena[2];
	int turn; /* the arena that holds ahead */
	bool at_end;
	struct om_row ahead; /* unless at the end */
	struct key key;	     /* of ahead */
};

struct om_stream {
	struct side side[OM_FEED_SOURCES_MAX];
	unsigned count;
	bool started;
	struct om_row *rows;
	size_t row_count;
	size_t row_cap;
};

struct om_stream *
om_stream_open(struct om_input *inputs, const struct om_plan *plans,
    unsigned count)
{
	struct om_stream *s = om_must(calloc(1, sizeof(*s)));

	s->count = count;
	for (unsigned i = 0; i < count; i++) {
		s->side[i].input = &inputs[i];
		s->side[i].plan = &plans[i];
	}
	return s;
}

void
om_stream_close(struct om_stream **stream)
{
	struct om_stream *s = *stream;

	if (s == NULL)
		return;
	for (unsigned i = 0; i < s->count; i++) {
		om_arena_clear(&s->side[i].arena[0]);
		om_arena_clear(&s->side[i].arena[1]);
	}
	free(s->rows);
	free(s);
	*stream = NULL;
}

static bool
is_number(struct om_str s)
{
	if (s.n == 0 || s.p[0] == '0')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

/* Any total order would do; this one is what exports are sorted by. */
static int
compare_text(struct om_str a, struct om_str b)
{
	if (a.n != b.n && is_number(a) && is_number(b))
		return a.n < b.n ? -1 : 1;
	return om_str_cmp(a, b);
}

static int
compare(const struct key *a, const struct key *b)
{
	int d = a->channel.p == b->channel.p
		    ? 0
		    : om_str_cmp(a->channel, b->channel);

	return d != 0 ? d : compare_text(a->reference, b->reference);
}

/* Nearly all rows are of the order that the row before was of. */
static bool
is_same(const struct key *a, const struct key *b)
{
	return om_str_eq(a->reference, b->reference) &&
	       (a->channel.p == b->channel.p ||
		   om_str_eq(a->channel, b->channel));
}

static int
scattered(struct om_err *err)
{
	return om_fail(err, OM_ECONFLICT, "the references do not ascend");
}

/* The same text in a copy of the row's bytes, or by itself if the scanner had
 * to put it together. */
static struct om_str
keep_cell(struct om_str cell, struct om_str raw, const char *copy,
    struct om_arena *arena)
{
	uintptr_t at = (uintptr_t)cell.p - (uintptr_t)raw.p;

	if (at <= raw.n && cell.n <= raw.n - at)
		return (struct om_str){ copy + at, cell.n };
	return om_str_dup(arena, cell);
}

/* A row is gone when the next one is read: a copy of what the plan needs. */
static void
keep_row(const struct om_plan *plan, const struct om_row *row,
    struct om_arena *arena, struct om_row *out)
{
	struct om_str *cell =
	    om_alloc_raw(arena, (plan->pick_count + 1) * sizeof(*cell));
	const char *copy = om_strndup(arena, row->raw.p, row->raw.n);

	for (size_t i = 0; i < plan->pick_count; i++)
		cell[i] = keep_cell(om_plan_cell(plan, row, i), row->raw, copy,
		    arena);
	om_plan_row(plan, row, cell, out);
	out->raw.p = copy;
	if (row->problem != NULL)
		out->problem =
		    om_strndup(arena, row->problem, strlen(row->problem));
}

/* Read one row into the arena that has the turn. */
static int
read_ahead(struct side *side, struct om_err *err)
{
	struct om_row row;
	int rc = om_input_next(side->input, &row, err);

	side->at_end = rc <= 0;
	if (rc <= 0)
		return rc;
	keep_row(side->plan, &row, &side->arena[side->turn], &side->ahead);
	if (!om_build_key(side->plan, &side->ahead, &side->key.channel,
		&side->key.reference))
		return scattered(err);
	return 0;
}

static void
take(struct om_stream *s, const struct om_row *row)
{
	if (s->row_count == s->row_cap) {
		s->row_cap = s->row_cap == 0 ? 64 : s->row_cap * 2;
		s->rows =
		    om_must(realloc(s->rows, s->row_cap * sizeof(*s->rows)));
	}
	s->rows[s->row_count++] = *row;
}

/* All rows of one order from one file; the first that is not of it stays
 * ahead, and must come later in the order of references. */
static int
collect(struct om_stream *s, struct side *side, const struct key *key,
    struct om_err *err)
{
	if (side->at_end || !is_same(&side->key, key))
		return 0;
	side->turn = !side->turn;
	om_arena_reset(&side->arena[side->turn]);
	do {
		take(s, &side->ahead);
		if (s->row_count > ROWS_MAX)
			return scattered(err);
		if (read_ahead(side, err) < 0)
			return err->code;
	} while (!side->at_end && is_same(&side->key, key));
	if (!side->at_end && compare(&side->key, key) < 0)
		return scattered(err);
	return 0;
}

/* The smallest key of all rows ahead; NULL at the end. */
static const struct key *
smallest(const struct om_stream *s)
{
	const struct key *key = NULL;

	for (unsigned i = 0; i < s->count; i++)
		if (!s->side[i].at_end &&
		    (key == NULL || compare(&s->side[i].key, key) < 0))
			key = &s->side[i].key;
	return key;
}

static int
start(struct om_stream *s, struct om_err *err)
{
	s->started = true;
	for (unsigned i = 0; i < s->count; i++)
		if (read_ahead(&s->side[i], err) < 0)
			return err->code;
	return 0;
}

int
om_stream_next(struct om_stream *s, const struct om_row **out,
    size_t *out_count, struct om_err *err)
{
	const struct key *least;
	struct key key;

	if (!s->started && start(s, err) < 0)
		return err->code;
	least = smallest(s);
	if (least == NULL)
		return 0;
	key = *least;
	s->row_count = 0;
	for (unsigned i = 0; i < s->count; i++)
		if (collect(s, &s->side[i], &key, err) < 0)
			return err->code;
	*out = s->rows;
	*out_count = s->row_count;
	return 1;
}
