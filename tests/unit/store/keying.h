/* keying.h - keys to put into a shard, and a plain array to compare with. */
#ifndef OM_TEST_KEYING_H
#define OM_TEST_KEYING_H

#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/keys.h"

/* What the shard should have, ascending by key and id. */
struct model {
	struct om_new_key *e;
	size_t n;
	int64_t next_id;
	uint64_t seed;
};

static inline void
model_free(struct model *m)
{
	free(m->e);
	*m = (struct model){ 0 };
}

/* xorshift64*: the same numbers in every run. */
static inline uint64_t
model_random(struct model *m)
{
	uint64_t x = m->seed == 0 ? UINT64_C(88172645463325252) : m->seed;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	m->seed = x;
	return x * UINT64_C(2685821657736338717);
}

static inline int
by_key_and_id(const void *a, const void *b)
{
	const struct om_new_key *x = a;
	const struct om_new_key *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static inline void
sort_keys(struct om_new_key *keys, size_t n)
{
	qsort(keys, n, sizeof(keys[0]), by_key_and_id);
}

static inline void
model_add(struct model *m, const struct om_new_key *keys, size_t n)
{
	m->e = realloc(m->e, (m->n + n + 1) * sizeof(m->e[0]));
	assert_non_null(m->e);
	memcpy(m->e + m->n, keys, n * sizeof(keys[0]));
	m->n += n;
	sort_keys(m->e, m->n);
}

static inline void
model_cut(struct model *m, int64_t first_id)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		if (m->e[i].id < first_id)
			m->e[n++] = m->e[i];
	m->n = n;
}

/* In a transaction of its own; first_id < 0: without a merge. */
static inline int
try_add(struct om_db *db, const struct om_new_key *keys, size_t n,
    int64_t first_id, struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };

	if (om_txn_begin(db, &txn, err) < 0 ||
	    om_keys_add(db, keys, n, err) < 0 ||
	    (first_id >= 0 && om_keys_merge(db, first_id, err) < 0))
		return err->code;
	return om_txn_commit(&txn, err);
}

static inline void
add(struct om_db *db, struct model *m, struct om_new_key *keys, size_t n,
    int64_t first_id)
{
	struct om_err err = { 0 };

	sort_keys(keys, n);
	assert_ok(try_add(db, keys, n, first_id, &err));
	model_add(m, keys, n);
}

/* n keys from the first on, step apart, with ids as they come. */
static inline void
add_series(struct om_db *db, struct model *m, int64_t first, int64_t step,
    size_t n)
{
	struct om_new_key *keys = calloc(n, sizeof(*keys));

	assert_non_null(keys);
	for (size_t i = 0; i < n; i++)
		keys[i] = (struct om_new_key){ first + (int64_t)i * step,
			++m->next_id };
	add(db, m, keys, n, -1);
	free(keys);
}

/* n random keys; one in eight is one that is there. */
static inline void
add_random(struct om_db *db, struct model *m, size_t n, int64_t first_id)
{
	struct om_new_key *keys = calloc(n, sizeof(*keys));

	assert_non_null(keys);
	for (size_t i = 0; i < n; i++) {
		uint64_t r = model_random(m);

		keys[i].key = m->n > 0 && i % 8 == 0 ? m->e[r % m->n].key
						     : (int64_t)(r >> 1);
		keys[i].id = ++m->next_id;
	}
	add(db, m, keys, n, first_id);
	free(keys);
}

static inline int
try_cut(struct om_db *db, int64_t first_id, struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };

	if (om_txn_begin(db, &txn, err) < 0 ||
	    om_keys_cut(db, first_id, err) < 0)
		return err->code;
	return om_txn_commit(&txn, err);
}

static inline void
cut(struct om_db *db, struct model *m, int64_t first_id)
{
	struct om_err err = { 0 };

	assert_ok(try_cut(db, first_id, &err));
	model_cut(m, first_id);
}

/* The transaction is for the lent table of a server, and for one view. */
static inline int
try_find(struct om_db *db, const struct om_keyed *keys, size_t n,
    struct om_key_hits *hits, struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };

	if (om_txn_begin(db, &txn, err) < 0)
		return err->code;
	return om_keys_find(db, keys, n, hits, err);
}

static inline size_t
lower_bound(const struct model *m, int64_t key)
{
	size_t low = 0;
	size_t high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->e[mid].key < key)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static inline int
by_hit(const void *a, const void *b)
{
	const struct om_key_hit *x = a;
	const struct om_key_hit *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* Exactly the model's rows of these keys, with the keys' own numbers. */
static inline void
assert_hits(const struct model *m, const struct om_keyed *keys, size_t n,
    struct om_key_hits *hits)
{
	size_t seen = 0;

	if (hits->count > 0)
		qsort(hits->hit, hits->count, sizeof(hits->hit[0]), by_hit);
	for (size_t k = 0; k < n; k++)
		for (size_t i = lower_bound(m, keys[k].key);
		     i < m->n && m->e[i].key == keys[k].key; i++) {
			assert_true(seen < hits->count);
			assert_int_equal(hits->hit[seen].index, keys[k].index);
			assert_int_equal(hits->hit[seen].key, m->e[i].key);
			assert_int_equal(hits->hit[seen].id, m->e[i].id);
			seen++;
		}
	assert_int_equal(seen, hits->count);
}

static inline int
by_keyed(const void *a, const void *b)
{
	const struct om_keyed *x = a;
	const struct om_keyed *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

/* Look for them, in any order and with repetitions, and compare. */
static inline void
assert_finds(struct om_db *db, const struct model *m, struct om_keyed *keys,
    size_t n)
{
	OM_AUTO(om_key_hits_fini) struct om_key_hits hits = { 0 };
	struct om_err err = { 0 };
	size_t distinct = 0;

	qsort(keys, n, sizeof(keys[0]), by_keyed);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || keys[i].key != keys[distinct - 1].key)
			keys[distinct++] = keys[i];
	assert_ok(try_find(db, keys, distinct, &hits, &err));
	assert_hits(m, keys, distinct, &hits);
}

/* Every key of the model, and its neighbours, and some that are anywhere. */
static inline void
assert_has(struct om_db *db, struct model *m)
{
	size_t n = 0;
	struct om_keyed *keys = calloc(3 * m->n + 104, sizeof(*keys));
	struct om_err err = { 0 };

	assert_non_null(keys);
	for (size_t i = 0; i < m->n; i++)
		for (int d = -1; d <= 1; d++)
			if ((d >= 0 || m->e[i].key > 0) &&
			    (d <= 0 || m->e[i].key < INT64_MAX))
				keys[n++].key = m->e[i].key + d;
	for (int i = 0; i < 100; i++)
		keys[n++].key = (int64_t)(model_random(m) >> 1);
	keys[n++].key = 0;
	keys[n++].key = INT64_MAX;
	for (size_t i = 0; i < n; i++)
		keys[i].index = (uint32_t)(n - i);
	assert_finds(db, m, keys, n);
	free(keys);
	assert_int_equal(db_number(db, "SELECT count(*) FROM order_keys"),
	    m->n);
	assert_ok(om_keys_check(db, &err));
}

/* The same, as a handle sees it that has nothing in memory. */
static inline void
assert_has_afresh(const struct stage *s, struct model *m)
{
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);

	assert_has(db, m);
}

static inline int64_t
run_count(struct om_db *db)
{
	return db_number(db, "SELECT count(*) FROM key_runs");
}

#endif
