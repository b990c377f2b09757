/* group.c - N rows against M rows, each consumed once; see group.h. */
#include "recon/group.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recon/book.h"

struct group {
	struct om_rec_matcher *m;
	struct om_rec_member *member[2];
	size_t n[2];
};

/* Currency, then the first amount as a number, then the bytes; bad rows come
 * last. 0 only for rows that are alike. */
static int
cmp_content(const struct om_rec_row *a, const struct om_rec_row *b)
{
	bool amounts = a->size > sizeof(*a) + a->key_n + a->text_n + 7;
	const int64_t *x = om_rec_row_amounts(a);
	const int64_t *y = om_rec_row_amounts(b);

	if ((a->flags | b->flags) & OM_REC_BAD)
		return (a->flags & OM_REC_BAD) - (b->flags & OM_REC_BAD);
	if (a->currency != b->currency)
		return a->currency < b->currency ? -1 : 1;
	if (amounts && *x != *y)
		return *x < *y ? -1 : 1;
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	return memcmp(a + 1, b + 1, a->size - sizeof(*a));
}

static int
cmp_line(const struct om_rec_row *a, const struct om_rec_row *b)
{
	return (a->line > b->line) - (a->line < b->line);
}

static int
by_content(const void *a, const void *b)
{
	const struct om_rec_member *x = a;
	const struct om_rec_member *y = b;
	int d = cmp_content(x->row, y->row);

	return d != 0 ? d : cmp_line(x->row, y->row);
}

static int
by_line(const void *a, const void *b)
{
	const struct om_rec_member *x = a;
	const struct om_rec_member *y = b;

	return cmp_line(x->row, y->row);
}

static void
sort(struct group *g, int (*order)(const void *, const void *))
{
	for (int side = 0; side < 2; side++)
		if (g->n[side] > 1)
			qsort(g->member[side], g->n[side],
			    sizeof(g->member[side][0]), order);
}

/* In order of content: note for each row the first one just like it. */
static void
find_twins(struct om_rec_member *member, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (!om_rec_row_same(member[i - 1].row, member[i].row))
			continue;
		member[i].twin = member[i - 1].twin != 0
				     ? member[i - 1].twin
				     : member[i - 1].row->line;
	}
}

static int
take_pair(struct group *g, size_t i, size_t k, struct om_err *err)
{
	struct om_rec_member *l = &g->member[0][i];
	struct om_rec_member *r = &g->member[1][k];
	struct om_rec_verdict v = om_rec_judge(g->m->rules, l->row, r->row,
	    om_rec_places(g->m, l->row));

	l->taken = true;
	r->taken = true;
	return om_rec_book_pair(g->m, l->row, r->row, &v, err);
}

static bool
acceptable(const struct group *g, const struct om_rec_row *l,
    const struct om_rec_row *r, bool exact)
{
	if (exact)
		return om_rec_row_same(l, r);
	return om_rec_judge(g->m->rules, l, r, om_rec_places(g->m, l)).class <
	       OM_REC_FIRST_BREAK;
}

/* Both sides in order of content: walk them like a merge, and let go of the
 * smaller one whenever two do not fit. */
static int
match_sorted(struct group *g, bool exact, struct om_err *err)
{
	size_t i = 0;
	size_t k = 0;

	while (i < g->n[0] && k < g->n[1]) {
		const struct om_rec_member *l = &g->member[0][i];
		const struct om_rec_member *r = &g->member[1][k];

		if (l->taken) {
			i++;
		} else if (r->taken) {
			k++;
		} else if (acceptable(g, l->row, r->row, exact)) {
			if (take_pair(g, i++, k++, err) < 0)
				return err->code;
		} else if (cmp_content(l->row, r->row) <= 0) {
			i++;
		} else {
			k++;
		}
	}
	return 0;
}

static bool
any_slack(const struct om_rec_rules *rules)
{
	for (size_t i = 0; i < rules->compares; i++)
		if (rules->compare[i].slack != OM_REC_NONE)
			return true;
	return false;
}

static size_t
next_free(const struct group *g, int side, size_t i)
{
	while (i < g->n[side] && g->member[side][i].taken)
		i++;
	return i;
}

/* In order of line: what is left on both sides belongs together by its key,
 * and differs. */
static int
match_rest(struct group *g, struct om_err *err)
{
	size_t i = next_free(g, 0, 0);
	size_t k = next_free(g, 1, 0);

	while (i < g->n[0] && k < g->n[1]) {
		if (take_pair(g, i, k, err) < 0)
			return err->code;
		i = next_free(g, 0, i);
		k = next_free(g, 1, k);
	}
	return 0;
}

static int
book_duplicate(struct group *g, int side, size_t i, struct om_err *err)
{
	const struct om_rec_member *member = g->member[side];
	const struct om_rec_member *other = &member[i == 0 && g->n[side] > 1];
	char reason[80];

	if (member[i].twin != 0)
		snprintf(reason, sizeof(reason),
		    "exact repeat of line %" PRIu64, member[i].twin);
	else
		snprintf(reason, sizeof(reason),
		    "key of line %" PRIu64 " with other content",
		    other->row->line);
	return om_rec_book_single(g->m, side, member[i].row, OM_REC_DUPLICATE,
	    reason, err);
}

static int
book_rest(struct group *g, int side, struct om_err *err)
{
	bool missing = g->n[1 - side] == 0;
	int rc = 0;

	for (size_t i = next_free(g, side, 0); i < g->n[side] && rc == 0;
	     i = next_free(g, side, i + 1)) {
		const struct om_rec_row *row = g->member[side][i].row;
		bool good = (row->flags & OM_REC_BAD) == 0;

		if (good && missing)
			rc = om_rec_book_single(g->m, side, row,
			    side == 0 ? OM_REC_MISSING_RIGHT
				      : OM_REC_MISSING_LEFT,
			    "", err);
		else
			rc = book_duplicate(g, side, i, err);
		missing &= !good;
	}
	return rc;
}

int
om_rec_match_group(struct om_rec_matcher *m, struct om_rec_member *left,
    size_t left_n, struct om_rec_member *right, size_t right_n,
    struct om_err *err)
{
	struct group g = { m, { left, right }, { left_n, right_n } };

	sort(&g, by_content);
	find_twins(left, left_n);
	find_twins(right, right_n);
	if (match_sorted(&g, true, err) < 0 ||
	    (any_slack(m->rules) && match_sorted(&g, false, err) < 0))
		return err->code;
	sort(&g, by_line);
	if (match_rest(&g, err) < 0 || book_rest(&g, 0, err) < 0 ||
	    book_rest(&g, 1, err) < 0)
		return err->code;
	return 0;
}
