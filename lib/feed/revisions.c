/* revisions.c - sort rows by what they say of it; see revisions.h. */
#include "feed/revisions.h"

#include <stdlib.h>

#include "feed/typed.h"

struct om_revised {
	struct om_str text;
	int64_t when;  /* if the feed reads it as a time, instead */
	size_t row;    /* its index */
	size_t leader; /* that of the first row of its revision */
};

void
om_revisions_fini(struct om_revisions *r)
{
	free(r->part);
	free(r->sorted);
	*r = (struct om_revisions){ 0 };
}

static const struct om_step *
step_of(const struct om_plan *plan)
{
	for (size_t i = 0; i < plan->order_count; i++)
		if (plan->order[i].field == OM_F_REVISION)
			return plan->order[i].cell == OM_NO_CELL
				   ? NULL
				   : &plan->order[i];
	return NULL;
}

/* True if not all rows say the same: only then is there anything to do. */
static bool
differ(const struct om_step *step, const struct om_row *rows, size_t count)
{
	bool bad = false;
	struct om_str first = om_step_text(step, &rows[0], &bad);

	for (size_t i = 1; i < count; i++)
		if (!om_str_eq(om_step_text(step, &rows[i], &bad), first))
			return true;
	return false;
}

/* False: the row does not say, or nothing that could be understood. */
static bool
read_row(const struct om_feed *feed, const struct om_step *step,
    const struct om_row *row, struct om_revised *out)
{
	struct om_err ignored;
	bool bad = false;

	if (row->problem != NULL)
		return false;
	out->when = 0;
	out->text = om_step_text(step, row, &bad);
	if (bad || out->text.n == 0)
		return false;
	if (step->value->date == NULL)
		return true;
	if (om_typed_time(feed, step, out->text, &out->when, &ignored) < 0)
		return false;
	out->text = OM_STR("");
	return true;
}

static int
compare(const struct om_revised *x, const struct om_revised *y)
{
	if (x->when != y->when)
		return x->when < y->when ? -1 : 1;
	return om_str_cmp(x->text, y->text);
}

static int
by_revision(const void *a, const void *b)
{
	const struct om_revised *x = a;
	const struct om_revised *y = b;
	int d = compare(x, y);

	return d != 0 ? d : (x->row > y->row) - (x->row < y->row);
}

static int
by_leader(const void *a, const void *b)
{
	const struct om_revised *x = a;
	const struct om_revised *y = b;

	if (x->leader != y->leader)
		return x->leader < y->leader ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static void
make_room(struct om_revisions *r, size_t count)
{
	if (count <= r->room)
		return;
	r->room = 2 * count;
	r->part = om_must(realloc(r->part, r->room * sizeof(*r->part)));
	r->sorted = om_must(realloc(r->sorted, r->room * sizeof(*r->sorted)));
}

static void
sort(struct om_revisions *r)
{
	struct om_revised *part = r->part;

	qsort(part, r->count, sizeof(*part), by_revision);
	for (size_t i = 0; i < r->count; i++)
		part[i].leader = i > 0 && compare(&part[i - 1], &part[i]) == 0
				     ? part[i - 1].leader
				     : part[i].row;
	qsort(part, r->count, sizeof(*part), by_leader);
	for (size_t i = 0; i < r->count; i++)
		r->sorted[i] = r->rows[part[i].row];
}

void
om_revisions_take(struct om_revisions *r, const struct om_feed *feed,
    const struct om_plan *plan, const struct om_row *rows, size_t count)
{
	const struct om_step *step = step_of(plan);

	r->rows = rows;
	r->count = count;
	r->cut = false;
	r->next = 0;
	if (step == NULL || count < 2 || !differ(step, rows, count))
		return;
	make_room(r, count);
	for (size_t i = 0; i < count; i++) {
		r->part[i].row = i;
		if (!read_row(feed, step, &rows[i], &r->part[i]))
			return;
	}
	sort(r);
	r->cut = true;
}

bool
om_revisions_next(struct om_revisions *r, const struct om_row **out,
    size_t *out_count)
{
	size_t end = r->cut ? r->next : r->count;

	if (r->next == r->count)
		return false;
	while (r->cut && end < r->count &&
	       r->part[end].leader == r->part[r->next].leader)
		end++;
	*out = (r->cut ? r->sorted : r->rows) + r->next;
	*out_count = end - r->next;
	r->next = end;
	return true;
}
