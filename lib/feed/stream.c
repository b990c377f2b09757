/* stream.c - a merge of files in the order of their references; stream.h. */
#include "feed/stream.h"

#include <stdio.h>
#include <stdlib.h>

#include "feed/build.h"
#include "feed/kept.h"

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
	struct om_kept *ahead;
	struct key key; /* of ahead */
	struct om_str *picked;
};

struct om_stream {
	struct side side[OM_FEED_SOURCES_MAX];
	unsigned count;
	bool started;
	struct om_kept **kept;
	struct om_row *rows;
	size_t row_count;
	size_t row_cap;
	struct om_str *cells;
	size_t cell_cap;
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
		s->side[i].picked = om_must(
		    calloc(plans[i].pick_count + 1, sizeof(struct om_str)));
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
		free(s->side[i].picked);
	}
	free(s->kept);
	free(s->rows);
	free(s->cells);
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
	int d = om_str_cmp(a->channel, b->channel);

	return d != 0 ? d : compare_text(a->reference, b->reference);
}

static int
scattered(struct om_err *err)
{
	return om_fail(err, OM_ECONFLICT, "the references do not ascend");
}

/* Read one row into the arena that has the turn. ahead NULL: the end. */
static int
read_ahead(struct side *side, struct om_err *err)
{
	struct om_row row;
	struct om_row picked;
	size_t size;
	int rc = om_input_next(side->input, &row, err);

	side->ahead = NULL;
	if (rc <= 0)
		return rc;
	om_plan_pick(side->plan, &row, side->picked, &picked);
	size = om_kept_size(&picked);
	side->ahead =
	    om_alloc_raw(&side->arena[side->turn], sizeof(*side->ahead) + size);
	om_kept_put(side->ahead, &picked, size);
	om_kept_row(side->ahead, side->picked, &picked);
	if (!om_build_key(side->plan, &picked, &side->key.channel,
		&side->key.reference))
		return scattered(err);
	return 0;
}

static void
take(struct om_stream *s, struct om_kept *kept)
{
	if (s->row_count == s->row_cap) {
		s->row_cap = s->row_cap == 0 ? 64 : s->row_cap * 2;
		s->kept =
		    om_must(realloc(s->kept, s->row_cap * sizeof(*s->kept)));
		s->rows =
		    om_must(realloc(s->rows, s->row_cap * sizeof(*s->rows)));
	}
	s->kept[s->row_count++] = kept;
}

/* All rows of one order from one file; the first that is not of it stays
 * ahead, and must come later in the order of references. */
static int
collect(struct om_stream *s, struct side *side, const struct key *key,
    struct om_err *err)
{
	if (side->ahead == NULL || compare(&side->key, key) != 0)
		return 0;
	side->turn = !side->turn;
	om_arena_reset(&side->arena[side->turn]);
	do {
		int d;

		take(s, side->ahead);
		if (s->row_count > ROWS_MAX)
			return scattered(err);
		if (read_ahead(side, err) < 0)
			return err->code;
		d = side->ahead == NULL ? 1 : compare(&side->key, key);
		if (d < 0)
			return scattered(err);
		if (d > 0)
			break;
	} while (true);
	return 0;
}

static void
unfold(struct om_stream *s)
{
	size_t cells = 0;

	for (size_t i = 0; i < s->row_count; i++)
		cells += s->kept[i]->cells;
	if (cells >= s->cell_cap) {
		s->cell_cap = 2 * (cells + 1);
		s->cells =
		    om_must(realloc(s->cells, s->cell_cap * sizeof(*s->cells)));
	}
	cells = 0;
	for (size_t i = 0; i < s->row_count; i++) {
		om_kept_row(s->kept[i], s->cells + cells, &s->rows[i]);
		cells += s->kept[i]->cells;
	}
}

/* The smallest key of all rows ahead; NULL at the end. */
static const struct key *
smallest(const struct om_stream *s)
{
	const struct key *key = NULL;

	for (unsigned i = 0; i < s->count; i++)
		if (s->side[i].ahead != NULL &&
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
	unfold(s);
	*out = s->rows;
	*out_count = s->row_count;
	return 1;
}
