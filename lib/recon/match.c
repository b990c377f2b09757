/* match.c - a small hash table per part, then group by group; see match.h. */
#include "recon/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recon/book.h"
#include "recon/group.h"
#include "recon/runs.h"

/* One key: its first row on each side, 1.., 0 when there is none. The next
 * ones are chained in next[side], in the order in which they stood. */
struct om_rec_slot {
	uint32_t tag;
	uint32_t head[2];
};

void
om_rec_matcher_fini(struct om_rec_matcher *matcher)
{
	for (int side = 0; side < 2; side++) {
		om_rec_rows_fini(&matcher->rows[side]);
		free(matcher->next[side]);
		free(matcher->group[side]);
		matcher->next[side] = NULL;
		matcher->group[side] = NULL;
	}
	free(matcher->slot);
	matcher->slot = NULL;
	om_rec_tally_fini(&matcher->tally);
	om_rec_items_free(&matcher->items);
}

static int
load(struct om_rec_matcher *m, unsigned part, struct om_err *err)
{
	size_t rows = 0;
	size_t want = 64;

	for (int side = 0; side < 2; side++) {
		if (om_rec_parts_load(m->parts[side], part, &m->rows[side],
			err) < 0)
			return err->code;
		rows += m->rows[side].n;
		if (m->rows[side].n > UINT32_MAX / 4)
			return om_fail(err, OM_ELIMIT,
			    "too many rows share a part of the hash");
		if (m->rows[side].n <= m->next_cap[side])
			continue;
		m->next_cap[side] = m->rows[side].n + m->rows[side].n / 4;
		free(m->next[side]);
		m->next[side] =
		    om_must(malloc(m->next_cap[side] * sizeof(uint32_t)));
	}
	while (want < rows + rows / 2)
		want *= 2;
	if (want > m->slots || want < m->slots / 4) {
		free(m->slot);
		m->slot = om_must(malloc(want * sizeof(m->slot[0])));
		m->slots = want;
	}
	memset(m->slot, 0, m->slots * sizeof(m->slot[0]));
	return 0;
}

static bool
same_key(const struct om_rec_matcher *m, const struct om_rec_row *a,
    const struct om_rec_row *b)
{
	size_t at = m->rules->amounts * sizeof(int64_t);

	return a->hash == b->hash && a->key_n == b->key_n &&
	       memcmp((const char *)(a + 1) + at, (const char *)(b + 1) + at,
		   a->key_n) == 0;
}

static const struct om_rec_row *
slot_row(const struct om_rec_matcher *m, const struct om_rec_slot *slot)
{
	int side = slot->head[0] == 0;

	return m->rows[side].row[slot->head[side] - 1];
}

static void
insert(struct om_rec_matcher *m, int side, uint32_t index)
{
	const struct om_rec_row *row = m->rows[side].row[index];
	uint32_t tag = (uint32_t)(row->hash >> 32);
	size_t mask = m->slots - 1;
	size_t i = (row->hash >> 8) & mask;
	struct om_rec_slot *slot;

	for (;; i = (i + 1) & mask) {
		slot = &m->slot[i];
		if (slot->head[0] == 0 && slot->head[1] == 0)
			break;
		if (slot->tag == tag && same_key(m, row, slot_row(m, slot)))
			break;
	}
	slot->tag = tag;
	m->next[side][index] = slot->head[side];
	slot->head[side] = index + 1;
}

/* From the last row to the first, so that chains run forwards. Rows without
 * a key are nobody's partner. */
static int
insert_side(struct om_rec_matcher *m, int side, struct om_err *err)
{
	for (size_t i = m->rows[side].n; i-- > 0;) {
		const struct om_rec_row *row = m->rows[side].row[i];

		if ((row->flags & OM_REC_KEYLESS) == 0)
			insert(m, side, (uint32_t)i);
		else if (om_rec_book_single(m, side, row, OM_REC_DATA, "",
			     err) < 0)
			return err->code;
	}
	return 0;
}

static size_t
gather(struct om_rec_matcher *m, int side, uint32_t head)
{
	size_t n = 0;

	for (; head != 0; head = m->next[side][head - 1]) {
		if (n == m->group_cap[side]) {
			m->group_cap[side] = 2 * n + 16;
			m->group[side] = om_must(realloc(m->group[side],
			    m->group_cap[side] * sizeof(m->group[side][0])));
		}
		m->group[side][n++] =
		    (struct om_rec_member){ .row =
						m->rows[side].row[head - 1] };
	}
	return n;
}

static int
match_pair(struct om_rec_matcher *m, const struct om_rec_row *left,
    const struct om_rec_row *right, struct om_err *err)
{
	struct om_rec_verdict v =
	    om_rec_judge(m->rules, left, right, om_rec_places(m, left));

	return om_rec_book_pair(m, left, right, &v, err);
}

static int
match_slot(struct om_rec_matcher *m, const struct om_rec_slot *slot,
    struct om_err *err)
{
	const struct om_rec_row *row[2] = { NULL, NULL };
	bool repeated = false;
	size_t n[2];

	for (int side = 0; side < 2; side++) {
		uint32_t head = slot->head[side];

		if (head == 0)
			continue;
		row[side] = m->rows[side].row[head - 1];
		repeated |= m->next[side][head - 1] != 0;
	}
	if (repeated) {
		n[0] = gather(m, 0, slot->head[0]);
		n[1] = gather(m, 1, slot->head[1]);
		return om_rec_match_group(m, m->group[0], n[0], m->group[1],
		    n[1], err);
	}
	if (row[0] != NULL && row[1] != NULL)
		return match_pair(m, row[0], row[1], err);
	if (row[0] != NULL)
		return om_rec_book_single(m, 0, row[0], OM_REC_MISSING_RIGHT,
		    "", err);
	return om_rec_book_single(m, 1, row[1], OM_REC_MISSING_LEFT, "", err);
}

static int
match_part(struct om_rec_matcher *m, unsigned part, struct om_err *err)
{
	int rc = load(m, part, err);

	for (int side = 0; side < 2 && rc == 0; side++)
		rc = insert_side(m, side, err);
	for (size_t i = 0; i < m->slots && rc == 0; i++) {
		const struct om_rec_slot *slot = &m->slot[i];

		if (slot->head[0] != 0 || slot->head[1] != 0)
			rc = match_slot(m, slot, err);
	}
	return rc;
}

int
om_rec_match(void *matcher, struct om_err *err)
{
	struct om_rec_matcher *m = matcher;
	int rc = 0;

	for (unsigned p = m->first; p < OM_REC_PARTS && rc == 0; p += m->step)
		rc = match_part(m, p, err);
	return rc;
}
