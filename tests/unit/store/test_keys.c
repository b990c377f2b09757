/* One contract for the index of keys, on both engines. */
#include "keying.h"

#include "base/hash.h"
#include "spy.h"
#include "store/sql.h"

static void
an_empty_shard_has_no_keys(void **state)
{
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(stage_of(state), 0);
	OM_AUTO(model_free) struct model m = { 0 };
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	assert_has(db, &m);
	assert_ok(om_txn_begin(db, &txn, &err));
	assert_ok(om_keys_add(db, NULL, 0, &err));
	assert_ok(om_keys_merge(db, 0, &err));
	assert_ok(om_keys_cut(db, 0, &err));
	assert_ok(om_txn_commit(&txn, &err));
	assert_has(db, &m);
}

/* Pages of one entry, full ones, one more; far apart and side by side. */
static void
what_was_added_is_found_and_nothing_else(void **state)
{
	static const size_t sizes[] = { 1, 2, 15, 16, 17, 1160, 1161, 2320,
		2321 };
	static const int64_t steps[] = { 2, 3 << 10, INT64_C(5) << 30,
		INT64_C(1) << 50 };
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };
	int64_t first = 7;

	for (size_t i = 0; i < OM_COUNT(sizes); i++)
		for (size_t j = 0; j < OM_COUNT(steps); j++)
			add_series(db, &m, first += 1000, steps[j], sizes[i]);
	assert_has(db, &m);
	assert_has_afresh(s, &m);
}

static void
a_large_run_is_found_key_by_key(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };

	add_series(db, &m, 3, INT64_MAX / 100001, 100000);
	assert_has(db, &m);
	assert_has_afresh(s, &m);
}

static void
keys_may_be_the_least_and_the_greatest(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };
	struct om_new_key ends[] = { { 0, 1 }, { 1, 2 }, { INT64_MAX - 1, 3 },
		{ INT64_MAX, 4 } };
	struct om_new_key alone[] = { { 0, 5 }, { INT64_MAX, 6 } };

	add(db, &m, ends, 4, -1);
	add(db, &m, alone, 1, -1);
	add(db, &m, alone + 1, 1, -1);
	assert_has(db, &m);
	assert_has_afresh(s, &m);
}

static void
all_rows_of_a_key_are_found_wherever_they_came_from(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };

	for (int64_t i = 0; i < 11; i++) {
		struct om_new_key keys[] = {
			{ 4711, 10 * i + 1 },
			{ 4711 + i, 10 * i + 2 },
			{ 4711, 10 * i + 3 },
			{ 9999, 10 * i + 4 },
		};

		add(db, &m, keys, i == 0 ? 3 : 4, i < 7 ? -1 : 0);
	}
	assert_has(db, &m);
	assert_has_afresh(s, &m);
	assert_int_equal(db_number(db, "SELECT count(*) FROM order_keys"
				       " WHERE key = 4711"),
	    23);
}

/* More than a count of 16 bits can say, over many pages. */
static void
one_key_may_have_a_crowd_of_rows(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };

	add_series(db, &m, INT64_C(1) << 40, 0, 70000);
	assert_has(db, &m);
	add_series(db, &m, (INT64_C(1) << 40) - 1500, 1, 3000);
	assert_has(db, &m);
	assert_has_afresh(s, &m);
}

static void
keys_may_lie_in_heaps(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };
	struct om_new_key *keys = calloc(4000, sizeof(*keys));

	assert_non_null(keys);
	for (int64_t i = 0; i < 4000; i++) {
		int64_t far = i % 4 == 0   ? 0
			      : i % 4 == 1 ? INT64_C(1) << (i % 62)
			      : i % 4 == 2 ? INT64_MAX - 100000
					   : INT64_C(1) << 61;

		keys[i] = (struct om_new_key){ far + i, ++m.next_id };
	}
	add(db, &m, keys, 4000, -1);
	free(keys);
	assert_has(db, &m);
	assert_has_afresh(s, &m);
}

static void
merging_loses_nothing_and_doubles_nothing(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };

	for (int i = 0; i < 60; i++) {
		add_random(db, &m, 1 + model_random(&m) % 900, 0);
		if (i % 20 == 7)
			assert_has(db, &m);
	}
	assert_has(db, &m);
	assert_has_afresh(s, &m);
}

static void
what_was_rolled_back_is_not_found(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };
	const struct om_new_key gone[] = { { 50, 900 }, { 7001, 901 } };
	const struct om_keyed keys[] = { { 50, 0 }, { 7001, 1 } };
	struct om_err err = { 0 };

	for (int i = 0; i < 9; i++) {
		OM_AUTO(om_key_hits_fini) struct om_key_hits hits = { 0 };
		OM_AUTO(om_txn_end) struct om_txn txn = { 0 };

		assert_ok(om_txn_begin(db, &txn, &err));
		assert_ok(om_keys_add(db, gone, 2, &err));
		assert_ok(om_keys_merge(db, 0, &err));
		assert_ok(om_keys_find(db, keys, 2, &hits, &err));
		assert_int_equal(hits.count, 2);
		om_txn_end(&txn);
		assert_has(db, &m);
		add_series(db, &m, 1000 * i, 7, 30);
		assert_has(db, &m);
	}
	assert_has_afresh(s, &m);
}

static void
what_one_handle_commits_another_finds(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *a = stage_shard(s, 0);
	OM_AUTO(om_db_close) struct om_db *b = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };

	for (int i = 0; i < 24; i++) {
		add_random(i % 2 == 0 ? a : b, &m, 200, i % 3 == 0 ? 0 : -1);
		assert_has(i % 2 == 0 ? b : a, &m);
	}
	assert_has(a, &m);
	assert_has(b, &m);
}

/* What the one has in memory of it is not what the other then wrote. */
static void
one_handle_rolls_back_and_another_goes_on(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *a = stage_shard(s, 0);
	OM_AUTO(om_db_close) struct om_db *b = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };
	struct om_new_key gone = { 5, 900000 };
	struct om_err err = { 0 };

	/* The list of runs was last changed on a machine whose clocks are ahead
	 * of this one's. */
	if (!s->postgres)
		db_run(a, "UPDATE key_head SET change = 1152921504606846976");
	for (int i = 0; i < 20; i++) {
		OM_AUTO(om_txn_end) struct om_txn txn = { 0 };

		assert_ok(om_txn_begin(a, &txn, &err));
		assert_ok(om_keys_add(a, &gone, 1, &err));
		assert_ok(om_keys_merge(a, 0, &err));
		om_txn_end(&txn);
		add_series(b, &m, 100 * i, 3, 30);
		assert_has(a, &m);
	}
}

static void
sql_finds_what_is_found(void **state)
{
	static const char *const joins[] = {
		"SELECT count(*) FROM wanted w"
		" JOIN order_keys k ON k.slot = w.slot AND k.key = w.key",
		"SELECT count(*) FROM order_keys k"
		" JOIN wanted w ON k.slot = w.slot AND k.key = w.key",
	};
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };
	struct om_err err = { 0 };

	for (int i = 0; i < 10; i++)
		add_random(db, &m, 500, i == 9 ? 0 : -1);
	db_run(db, "CREATE TABLE wanted (key bigint, slot integer)");
	for (size_t i = 0; i < m.n; i += 250) {
		int64_t id = 0;

		assert_ok(
		    om_sql_run(db, &err, "INSERT INTO wanted VALUES ($1, $2)",
			"ii", m.e[i].key, (int64_t)om_key_slot(m.e[i].key)));
		assert_ok(om_sql_int(db, &id, &err,
		    "SELECT min(id) FROM order_keys WHERE key = $1", "i",
		    m.e[i].key));
		assert_int_equal(id, m.e[lower_bound(&m, m.e[i].key)].id);
	}
	for (size_t i = 0; i < OM_COUNT(joins); i++) {
		int64_t n = db_number(db, joins[i]);

		assert_true(n >= 20);
		assert_int_equal(n,
		    db_number(db, "SELECT count(*) FROM wanted w JOIN"
				  " (SELECT key AS k, count(*) AS n"
				  " FROM order_keys GROUP BY key) g"
				  " ON g.k = w.key"
				  " JOIN order_keys o ON o.key = g.k"));
	}
	assert_int_equal(db_number(db, "SELECT max(id) FROM order_keys"), 5000);
	assert_int_equal(db_number(db, "SELECT count(*) FROM order_keys"
				       " WHERE slot <> key / 2251799813685248"),
	    0);
}

/* Batches of all sizes, some taken back, against a sorted array. */
static void
random_keys_are_those_of_a_sorted_array(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { .seed = 20261126 };

	while (m.n < 200000) {
		uint64_t r = model_random(&m);
		size_t n = r % 5 == 0 ? 1 + r / 7 % 3 : 1 + r / 7 % 20000;

		add_random(db, &m, n, r % 3 == 0 ? -1 : 0);
		if (!s->postgres && r % 11 == 0)
			cut(db, &m, m.next_id - (int64_t)(n / 2));
	}
	assert_has(db, &m);
	assert_has_afresh(s, &m);
}

/* Seven small runs, so that the next one is merged with them, and a large one;
 * a new handle, to which nothing is known. */
static struct om_db *
before_a_failure(const struct stage *s, struct model *m)
{
	struct om_db *db = stage_shard(s, 0);

	add_series(db, m, 100, INT64_C(1) << 45, 6000);
	for (int i = 0; i < 7; i++)
		add_series(db, m, 10 * i, 1000, 5);
	om_db_close(&db);
	return stage_shard(s, 0);
}

static void
a_failed_addition_can_be_repeated(void **state)
{
	struct stage *s = stage_of(state);
	OM_AUTO(model_free) struct model m = { 0 };
	struct om_db *db = before_a_failure(s, &m);
	struct om_new_key keys[] = { { 1, 1000001 }, { 2, 1000002 } };
	struct om_err err = { 0 };
	long nth = 0;
	int rc;

	do {
		spy_fail_at(nth += stage_step(s, 1, 1));
		rc = try_add(db, keys, 2, 0, &err);
		if (rc == 0)
			break;
		assert_int_equal(rc, OM_EIO);
		spy_reset();
		assert_has(db, &m);
		if (nth % 2 == 0) {
			om_db_close(&db);
			db = stage_shard(s, 0);
		}
	} while (nth < 1000);
	assert_false(spy_failed());
	spy_reset();
	assert_true(nth > (s->postgres ? 3 : 30));
	model_add(&m, keys, 2);
	assert_has(db, &m);
	om_db_close(&db);
}

static void
a_failed_search_can_be_repeated(void **state)
{
	struct stage *s = stage_of(state);
	OM_AUTO(model_free) struct model m = { 0 };
	OM_AUTO(om_db_close) struct om_db *db = before_a_failure(s, &m);
	const struct om_keyed keys[] = { { 10, 0 }, { 20, 1 },
		{ (INT64_C(9) << 45) + 100, 2 }, { INT64_MAX, 3 } };
	struct om_err err = { 0 };
	long nth = 0;
	int rc;

	do {
		OM_AUTO(om_key_hits_fini) struct om_key_hits hits = { 0 };

		om_db_close(&db);
		db = stage_shard(s, 0);
		spy_fail_at(nth += stage_step(s, 1, 1));
		rc = try_find(db, keys, 4, &hits, &err);
		assert_int_equal(rc, rc < 0 ? OM_EIO : 0);
		if (rc == 0)
			assert_hits(&m, keys, 4, &hits);
		hits.count = 0;
		if (rc == 0)
			break;
		spy_reset();
		assert_ok(try_find(db, keys, 4, &hits, &err));
		assert_hits(&m, keys, 4, &hits);
	} while (nth < 1000);
	assert_false(spy_failed());
	spy_reset();
	assert_true(nth > (s->postgres ? 3 : 15));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(an_empty_shard_has_no_keys),
		STAGE_BOTH(what_was_added_is_found_and_nothing_else),
		STAGE_BOTH(a_large_run_is_found_key_by_key),
		STAGE_BOTH(keys_may_be_the_least_and_the_greatest),
		STAGE_BOTH(all_rows_of_a_key_are_found_wherever_they_came_from),
		STAGE_BOTH(one_key_may_have_a_crowd_of_rows),
		STAGE_BOTH(keys_may_lie_in_heaps),
		STAGE_BOTH(merging_loses_nothing_and_doubles_nothing),
		STAGE_BOTH(what_was_rolled_back_is_not_found),
		STAGE_BOTH(what_one_handle_commits_another_finds),
		STAGE_BOTH(one_handle_rolls_back_and_another_goes_on),
		STAGE_BOTH(sql_finds_what_is_found),
		STAGE_BOTH(random_keys_are_those_of_a_sorted_array),
		STAGE_BOTH(a_failed_addition_can_be_repeated),
		STAGE_BOTH(a_failed_search_can_be_repeated),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
