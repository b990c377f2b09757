/*
 * keymarks.c - 16 bits of every key of a run, to tell what is not there.
 *
 * Keys that begin alike share a bucket of 16 to 32 entries; the next 16 bits
 * of a key are its mark. A bucket ascends by key and so by mark, and a mark
 * has the same number as its entry: of the keys that are not there, one in
 * some thousands costs a page. All of it is written and read in one direction.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/be.h"
#include "base/buf.h"
#include "store/keyrun.h"
#include "store/sql.h"

#define PER_BUCKET   16
#define PART_BUCKETS ((size_t)4096)
#define BUCKET_MAX   UINT16_MAX
#define PART_MAX     ((size_t)1 << 30) /* bytes */
#define AHEAD	     16
#define AT_ONCE	     32	  /* marks that are looked at together */
#define SMALL_RUN    64	  /* looked at instead */
#define DEAR	     4096 /* entries whose marks cost as much as a seek */

static const char put_part[] =
    "INSERT INTO key_marks (part, marks) VALUES ($1, $2)";
static const char get_parts[] =
    "SELECT part, marks FROM key_marks WHERE part BETWEEN $1 AND $2"
    " ORDER BY part";

struct om_marks *
om_marks_new(int64_t low, int64_t high, int64_t entries)
{
	struct om_marks *m = om_must(calloc(1, sizeof(*m)));
	uint64_t span = (uint64_t)(high - low);
	uint64_t most = (uint64_t)entries / PER_BUCKET + 1;

	m->low = low;
	while ((span >> m->shift) + 1 > most)
		m->shift++;
	m->buckets = (size_t)(span >> m->shift) + 1;
	m->start = om_must(calloc(m->buckets + 1, sizeof(m->start[0])));
	m->mark =
	    om_must(calloc((size_t)entries + AT_ONCE, sizeof(m->mark[0])));
	m->bytes = (m->buckets + 1) * sizeof(m->start[0]) +
		   (size_t)entries * sizeof(m->mark[0]);
	return m;
}

void
om_marks_free(struct om_marks *m)
{
	if (m == NULL)
		return;
	free(m->start);
	free(m->mark);
	free(m);
}

void
om_marks_end(struct om_marks *m, int64_t entries)
{
	for (size_t b = 0; b < m->buckets; b++)
		m->start[b + 1] += m->start[b];
	m->bytes = (m->buckets + 1) * sizeof(m->start[0]) +
		   (size_t)entries * sizeof(m->mark[0]);
}

bool
om_marks_are_even(const struct om_marks *m)
{
	for (size_t b = 0; b < m->buckets; b++)
		if (m->start[b + 1] - m->start[b] > BUCKET_MAX)
			return false;
	return true;
}

int64_t
om_marks_parts(const struct om_marks *m)
{
	return (int64_t)((m->buckets - 1) / PART_BUCKETS) + 1;
}

/* A part: how many entries each of its buckets has, then their marks. */
static void
fill_part(const struct om_marks *m, size_t from, size_t to, struct om_buf *out)
{
	size_t marks = m->start[to] - m->start[from];
	unsigned char *p;

	om_buf_reset(out);
	p = om_buf_room(out, 2 * (to - from + marks));
	if (p == NULL)
		return;
	for (size_t b = from; b < to; b++, p += 2)
		om_be16_put(p, (uint16_t)(m->start[b + 1] - m->start[b]));
	for (size_t i = m->start[from]; i < m->start[to]; i++, p += 2)
		om_be16_put(p, m->mark[i]);
}

int
om_marks_write(struct om_db *db, int64_t run, const struct om_marks *m,
    struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf part = { .max = PART_MAX };
	struct om_stmt *q;

	if (!om_marks_are_even(m))
		return 0; /* a crowd with one key: pages will do */
	for (size_t b = 0; b < m->buckets; b += PART_BUCKETS) {
		size_t to = b + PART_BUCKETS;

		fill_part(m, b, to < m->buckets ? to : m->buckets, &part);
		if (om_sql(db, &q, err, put_part, "i",
			run * OM_KEYRUN_PAGES + (int64_t)(b / PART_BUCKETS)) <
		    0)
			return err->code;
		om_bind_blob(q, 2, part.p, part.n);
		if (om_stmt_run(q, err) < 0)
			return err->code;
	}
	return 0;
}

/* From bucket b on; false if it does not fit together. */
static bool
take_part(struct om_marks *m, size_t b, struct om_str part, int64_t entries)
{
	size_t buckets =
	    m->buckets - b < PART_BUCKETS ? m->buckets - b : PART_BUCKETS;
	size_t n = 0;
	size_t first = m->start[b];

	if (part.n < 2 * buckets)
		return false;
	for (size_t i = 0; i < buckets; i++) {
		n += om_be16_get(part.p + 2 * i);
		m->start[b + i + 1] = (uint32_t)(first + n);
	}
	if (part.n != 2 * (buckets + n) || first + n > (size_t)entries)
		return false;
	for (size_t i = 0; i < n; i++)
		m->mark[first + i] = om_be16_get(part.p + 2 * (buckets + i));
	return true;
}

/* *out_buckets: how many there were; 0 if the run has no marks. */
static int
read_parts(struct om_db *db, const struct om_keyrun *run, struct om_marks *m,
    size_t *out_buckets, struct om_err *err)
{
	int64_t first = run->run * OM_KEYRUN_PAGES;
	struct om_stmt *q;
	int rc;

	*out_buckets = 0;
	if (om_sql(db, &q, err, get_parts, "ii", first,
		first + OM_KEYRUN_PAGES - 1) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		size_t b = *out_buckets;

		if (om_col_int(q, 0) != first + (int64_t)(b / PART_BUCKETS) ||
		    b >= m->buckets ||
		    !take_part(m, b, om_col_blob(q, 1), run->entries)) {
			om_stmt_reset(q);
			return om_fail(err, OM_EDAMAGED,
			    "marks %zu of run %lld of the keys do not fit",
			    b / PART_BUCKETS, (long long)run->run);
		}
		*out_buckets = b + PART_BUCKETS;
	}
	return rc;
}

/* Worth it, once as many keys were looked for as loading the marks costs. */
static bool
is_worth(const struct om_keyruns *runs, struct om_keyrun *run)
{
	size_t bytes = (size_t)run->entries * sizeof(uint16_t) +
		       (size_t)run->entries / PER_BUCKET * sizeof(uint32_t);

	if (run->unmarked || run->entries <= SMALL_RUN)
		return false;
	return run->asked >= run->entries / DEAR &&
	       runs->used + bytes <= runs->memory;
}

int
om_marks_read(struct om_db *db, const struct om_keyrun *run,
    struct om_marks **out, struct om_err *err)
{
	struct om_marks *m = om_marks_new(run->low, run->high, run->entries);
	size_t buckets = 0;
	int rc = read_parts(db, run, m, &buckets, err);

	if (rc == 0 && buckets > 0 &&
	    (buckets < m->buckets ||
		m->start[m->buckets] != (size_t)run->entries))
		rc = om_fail(err, OM_EDAMAGED,
		    "marks of run %lld of the keys are missing",
		    (long long)run->run);
	if (rc == 0 && buckets > 0) {
		*out = m;
		return 0;
	}
	om_marks_free(m);
	return rc;
}

int
om_marks_load(struct om_keyruns *runs, struct om_keyrun *run,
    struct om_err *err)
{
	if (run->marks != NULL || !is_worth(runs, run))
		return 0;
	if (om_marks_read(runs->db, run, &run->marks, err) < 0)
		return err->code;
	run->unmarked = run->marks == NULL;
	if (!run->unmarked)
		runs->used += run->marks->bytes;
	return 0;
}

/* Where in its bucket a mark is, or would be: marks are as even as keys. */
static uint32_t
place(const struct om_marks *m, uint32_t from, uint32_t to, uint16_t mark)
{
	uint32_t i = from + ((to - from) * (uint32_t)mark >> OM_MARK_BITS);

	while (i > from && m->mark[i - 1] >= mark)
		i--;
	while (i < to && m->mark[i] < mark)
		i++;
	return i;
}

static int
confirm(struct om_keyruns *runs, struct om_keyrun *run, int64_t i,
    const struct om_keyed *key, struct om_key_hits *hits, struct om_err *err)
{
	struct om_new_key entry;

	if (om_keyrun_entry(runs, run, i, &entry, err) < 0)
		return err->code;
	if (entry.key == key->key)
		om_key_hits_add(hits, key->index, entry.key, entry.id);
	return 0;
}

static om_u16x8
same_of_eight(const uint16_t *marks, om_u16x8 all)
{
	om_u16x8 v;

	memcpy(&v, marks, sizeof(v));
	return (om_u16x8)(v == all);
}

/* Is one of so many marks this one? In which order, and in which bucket, is
 * not asked: a branch for each would be guessed wrong by the machine. */
static bool
is_among(const uint16_t *marks, uint16_t mark)
{
	const om_u16x8 all = { mark, mark, mark, mark, mark, mark, mark, mark };
	om_u16x8 same = { 0 };
	uint64_t half[2];

	for (size_t i = 0; i < AT_ONCE; i += 8)
		same |= same_of_eight(marks + i, all);
	memcpy(half, &same, sizeof(half));
	return (half[0] | half[1]) != 0;
}

/* False of nearly all keys that are not there: a bucket is looked at whole,
 * with what lies behind it. */
static bool
may_have(const struct om_marks *m, uint32_t from, uint32_t to, uint16_t mark)
{
	bool found = false;

	for (uint32_t i = from; i < to; i += AT_ONCE)
		found |= is_among(m->mark + i, mark);
	return found;
}

static int
find_one(struct om_keyruns *runs, struct om_keyrun *run,
    const struct om_keyed *key, struct om_key_hits *hits, struct om_err *err)
{
	const struct om_marks *m = run->marks;
	size_t b = om_marks_bucket(m, key->key);
	uint16_t mark = om_marks_mark(m, key->key);
	uint32_t from = m->start[b];
	uint32_t to = m->start[b + 1];

	if (!may_have(m, from, to, mark))
		return 0;
	for (uint32_t i = place(m, from, to, mark);
	     i < to && m->mark[i] == mark; i++)
		if (confirm(runs, run, i, key, hits, err) < 0)
			return err->code;
	return 0;
}

/* Keys ascend, and so do the places in memory that they lead to. A bucket is
 * as long as a line of it, but does not begin with one. */
int
om_marks_find(struct om_keyruns *runs, struct om_keyrun *run,
    const struct om_keyed *keys, size_t n, struct om_key_hits *hits,
    struct om_err *err)
{
	const struct om_marks *m = run->marks;

	while (n > 0 && keys->key < run->low) {
		keys++;
		n--;
	}
	while (n > 0 && keys[n - 1].key > run->high)
		n--;
	for (size_t i = 0; i < n; i++) {
		if (i + 2 * AHEAD < n)
			__builtin_prefetch(&m->start[om_marks_bucket(m,
			    keys[i + 2 * AHEAD].key)]);
		if (i + AHEAD < n) {
			const uint16_t *soon =
			    &m->mark[m->start[om_marks_bucket(m,
				keys[i + AHEAD].key)]];

			__builtin_prefetch(soon);
			__builtin_prefetch(soon + AT_ONCE - 1);
		}
		if (find_one(runs, run, &keys[i], hits, err) < 0)
			return err->code;
	}
	return 0;
}
