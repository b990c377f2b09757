/* Runs of a SQLite shard: how many, how they are cut, what is damaged. */
#include "keying.h"

#include "spy.h"
#include "store/keyrun.h"
#include "store/sql.h"

static struct om_keyruns *
runs_of(struct om_db *db)
{
	return om_db_served(db, om_keys_table.name);
}

/* A handle whose marks may take so much. */
static struct om_db *
with_memory(const struct stage *s, size_t memory)
{
	struct om_db *db = stage_shard(s, 0);
	struct om_err err = { 0 };

	assert_ok(om_keys_serve(db, memory, &err));
	return db;
}

static void
many_small_batches_leave_few_runs(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };

	for (int i = 0; i < 300; i++) {
		add_random(db, &m, 1 + model_random(&m) % 200, 0);
		assert_true(run_count(db) <= 16);
	}
	assert_has(db, &m);
	for (size_t i = 0; i < runs_of(db)->count; i++)
		assert_true(runs_of(db)->run[i].run < runs_of(db)->next_run);
}

static void
runs_of_different_sizes_are_not_merged(void **state)
{
	static const size_t sizes[] = { 1, 5000, 40000 };
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };

	for (size_t i = 0; i < OM_COUNT(sizes); i++)
		for (int j = 0; j < 7; j++)
			add_random(db, &m, sizes[i], 0);
	assert_int_equal(run_count(db), 21);
	add_random(db, &m, 5000, 0); /* 8 of these make one of the next */
	assert_int_equal(run_count(db), 7 + 1);
	assert_int_equal(db_number(db, "SELECT max(entries) FROM key_runs"),
	    8 * 5000 + 7 * 40000);
	assert_has(db, &m);
}

/* Until it is published, so that it can be taken back without a copy. */
static void
runs_of_a_batch_stay_apart_from_older_ones(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };
	int64_t first;

	for (int i = 0; i < 7; i++)
		add_random(db, &m, 100, -1);
	first = m.next_id + 1;
	for (int i = 0; i < 7; i++)
		add_random(db, &m, 100, first);
	assert_int_equal(run_count(db), 14);
	add_random(db, &m, 100, first);
	assert_int_equal(run_count(db), 8);
	assert_has(db, &m);
	cut(db, &m, first);
	assert_int_equal(run_count(db), 7);
	assert_has(db, &m);
	add_random(db, &m, 100, 0);
	assert_int_equal(run_count(db), 1);
	assert_has_afresh(s, &m);
}

static void
exactly_the_rows_from_an_id_on_are_cut(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };

	for (int i = 0; i < 8; i++)
		add_random(db, &m, 700, i == 7 ? 0 : -1);
	add_random(db, &m, 700, -1);
	assert_int_equal(run_count(db), 2);
	cut(db, &m, 6301); /* beyond all */
	assert_int_equal(m.n, 6300);
	assert_has(db, &m);
	cut(db, &m, 6000);
	assert_has(db, &m);
	assert_has_afresh(s, &m);
	cut(db, &m, 5601);
	assert_int_equal(run_count(db), 1);
	assert_has(db, &m);
	cut(db, &m, 1200); /* out of a merged run */
	assert_has(db, &m);
	assert_has_afresh(s, &m);
	cut(db, &m, 2);
	assert_int_equal(m.n, 1);
	assert_has_afresh(s, &m);
	cut(db, &m, 1);
	assert_int_equal(run_count(db), 0);
	assert_has(db, &m);
	assert_int_equal(db_number(db, "SELECT count(*) FROM key_pages"), 0);
	assert_int_equal(db_number(db, "SELECT count(*) FROM key_marks"), 0);
}

static void
a_failed_cut_can_be_repeated(void **state)
{
	struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };
	struct om_err err = { 0 };
	long nth = 0;
	int rc;

	for (int i = 0; i < 8; i++)
		add_random(db, &m, 300, i == 7 ? 0 : -1);
	add_random(db, &m, 2, -1);
	do {
		spy_fail_at(++nth);
		rc = try_cut(db, 1500, &err);
		if (rc == 0)
			break;
		assert_int_equal(rc, OM_EIO);
		spy_reset();
		assert_has(db, &m);
	} while (nth < 1000);
	assert_false(spy_failed());
	spy_reset();
	assert_true(nth > 20);
	model_cut(&m, 1500);
	assert_has(db, &m);
}

/* Seeks instead of marks, or marks of some runs only. */
static void
little_memory_gives_the_same_answers(void **state)
{
	static const size_t memories[] = { 0, 1, 5000, 20000, SIZE_MAX };
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *all = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };

	for (int i = 0; i < 6; i++)
		add_random(all, &m, 1500 + 500 * (size_t)i, -1);
	add_series(all, &m, 5000, 0, 3000);
	for (size_t i = 0; i < OM_COUNT(memories); i++) {
		OM_AUTO(om_db_close)
		struct om_db *db = with_memory(s, memories[i]);
		const struct om_keyruns *runs = runs_of(db);

		assert_has(db, &m);
		assert_true(runs->used <= memories[i]);
		assert_int_equal(runs->used > 0, i > 1);
		add_random(db, &m, 2000, -1);
		assert_has(db, &m);
		assert_true(runs->used <= memories[i]);
		assert_has(all, &m);
	}
}

/* What the marks of the runs that there are take is what is counted. */
static void
memory_is_counted_as_runs_come_and_go(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(om_db_close) struct om_db *other = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };
	const struct om_keyruns *runs = runs_of(db);

	for (int i = 0; i < 30; i++) {
		size_t used = 0;

		if (i % 7 == 6)
			cut(i % 2 == 0 ? db : other, &m, m.next_id - 1000);
		else
			add_random(i % 3 == 0 ? other : db, &m, 1500, 0);
		assert_has(db, &m);
		for (size_t r = 0; r < runs->count; r++)
			if (runs->run[r].marks != NULL)
				used += runs->run[r].marks->bytes;
		assert_int_equal(runs->used, used);
	}
}

static void
a_reader_keeps_its_view_while_another_merges(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *reader = stage_shard(s, 0);
	OM_AUTO(om_db_close) struct om_db *writer = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };
	struct om_txn txn = { 0 };
	struct om_err err = { 0 };
	struct om_stmt *q;
	int64_t n = 1;
	int64_t alone = 0;
	int rc;

	for (int i = 0; i < 7; i++)
		add_random(writer, &m, 1300, -1);
	/* A statement of its own, and then one in a transaction. */
	assert_ok(
	    om_db_prepare(reader, "SELECT key FROM order_keys", &q, &err));
	assert_int_equal(om_stmt_step(q, &err), 1);
	add_random(writer, &m, 1300, 0);
	add_random(writer, &m, 9, 0);
	while ((rc = om_stmt_step(q, &err)) == 1)
		n++;
	assert_ok(rc);
	assert_int_equal(n, 7 * 1300);
	assert_ok(om_txn_begin_read(reader, &txn, &err));
	assert_int_equal(db_number(reader, "SELECT count(*) FROM order_keys"),
	    m.n);
	add_random(writer, &m, 9, 0);
	cut(writer, &m, 5);
	assert_int_equal(m.n, 4);
	assert_int_equal(db_number(reader, "SELECT count(*) FROM order_keys"),
	    8 * 1300 + 9);
	assert_ok(om_sql_int(reader, &alone, &err,
	    "SELECT id FROM order_keys WHERE key = $1 AND id < 5", "i",
	    m.e[0].key));
	assert_int_equal(alone, m.e[0].id);
	om_txn_end(&txn);
	assert_has(reader, &m);
}

/* Of every key there is, its neighbours, and beyond both ends. */
static void
assert_seeks(struct om_db *db, const struct model *m, int64_t key)
{
	struct om_keyruns *runs = runs_of(db);
	struct om_err err = { 0 };
	int64_t i = -1;

	assert_ok(om_keyrun_seek(runs, &runs->run[0], key, &i, &err));
	assert_int_equal(i, lower_bound(m, key));
}

static void
a_search_ends_at_the_first_entry_that_is_not_below(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };
	struct om_new_key *keys = calloc(30000, sizeof(*keys));
	struct om_err err = { 0 };

	/* Ever wider apart, then 12,000 alike, then side by side: guesses go
	 * wrong in every way. */
	assert_non_null(keys);
	for (int64_t i = 0; i < 30000; i++)
		keys[i] =
		    (struct om_new_key){ i < 12000   ? i * i * i * 1000 + 1
					 : i < 24000 ? INT64_C(1) << 61
						     : INT64_MAX - 40000 + i,
			    ++m.next_id };
	add(db, &m, keys, 30000, -1);
	free(keys);
	assert_ok(om_keyruns_sync(runs_of(db), &err));
	for (size_t i = 0; i < m.n; i += i % 1160 < 3 ? 1 : 29) {
		assert_seeks(db, &m, m.e[i].key);
		assert_seeks(db, &m, m.e[i].key - 1);
		assert_seeks(db, &m, m.e[i].key + 1);
	}
	assert_seeks(db, &m, 0);
	assert_seeks(db, &m, INT64_MAX);
	assert_seeks(db, &m, INT64_C(1) << 62);
}

static void
an_id_has_48_bits(void **state)
{
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };
	struct om_new_key last = { 7, OM_KEYRUN_ID_MAX };
	const struct om_new_key beyond = { 8, OM_KEYRUN_ID_MAX + 1 };
	struct om_err err = { 0 };

	add(db, &m, &last, 1, -1);
	assert_has_afresh(s, &m);
	assert_fails(try_add(db, &beyond, 1, -1, &err), OM_ELIMIT);
	assert_string_equal(err.msg,
	    "row 281474976710656 of a shard, which has room for 2^48");
	assert_has(db, &m);
}

/* In a run of 87 pages and two parts of marks. */
static void
whatever_is_damaged_is_found(void **state)
{
	static const struct {
		const char *sql, *said;
	} damage[] = {
		{ "DELETE FROM key_pages WHERE page = (1 << 24) + 40",
		    "page 40 of run 1 of the keys has 0 bytes, not 16240" },
		{ "UPDATE key_pages SET entries = (SELECT entries FROM"
		  " key_pages WHERE page = (1 << 24) + 7)"
		  " WHERE page = (1 << 24) + 8",
		    "run 1 of the keys: its entries do not ascend" },
		{ "DELETE FROM key_marks WHERE part = 1 << 24",
		    "marks 0 of run 1 of the keys do not fit" },
		{ "DELETE FROM key_marks WHERE part = (1 << 24) + 1",
		    "marks of run 1 of the keys are missing" },
		{ "DELETE FROM key_marks",
		    "run 1 of the keys: it has no marks" },
		{ "UPDATE key_marks SET marks = CAST(X'FFFF' ||"
		  " substr(marks, 3) AS blob) WHERE part = 1 << 24",
		    "marks 0 of run 1 of the keys do not fit" },
		{ "UPDATE key_marks SET marks = CAST(substr(marks, 1, 20000)"
		  " || X'0000' || substr(marks, 20003) AS blob)"
		  " WHERE part = (1 << 24) + 1",
		    "run 1 of the keys: its marks are not those of its"
		    " entries" },
		{ "INSERT INTO key_marks VALUES ((1 << 24) + 2, X'0000')",
		    "marks 2 of run 1 of the keys do not fit" },
		{ "UPDATE key_runs SET high_key = high_key + 1",
		    "run 1 of the keys: its bounds are not those of its"
		    " entries" },
		{ "UPDATE key_runs SET min_id = min_id - 1",
		    "run 1 of the keys: its bounds are not those of its"
		    " entries" },
		{ "UPDATE key_runs SET entries = entries - 1",
		    "page 86 of run 1 of the keys has 3360 bytes, not 3346" },
		{ "UPDATE key_runs SET entries = entries - 1160", NULL },
		{ "UPDATE key_runs SET entries = 1 << 32",
		    "run 1 of the keys: its row has bad numbers" },
		{ "UPDATE key_runs SET low_key = -low_key",
		    "run 1 of the keys: its row has bad numbers" },
		{ "UPDATE key_runs SET run = 0",
		    "page 86 of run 0 of the keys has 0 bytes, not 3360" },
		{ "UPDATE key_head SET next_run = 1 << 62",
		    "key_head has bad numbers" },
	};
	const struct stage *s = stage_of(state);
	OM_AUTO(om_db_close) struct om_db *db = stage_shard(s, 0);
	OM_AUTO(model_free) struct model m = { 0 };

	add_series(db, &m, 5, INT64_MAX / 150000, 100000);
	for (size_t i = 0; i < OM_COUNT(damage); i++) {
		OM_AUTO(om_db_close) struct om_db *spoilt = stage_shard(s, 0);
		OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
		struct om_err err = { 0 };

		assert_ok(om_txn_begin(spoilt, &txn, &err));
		assert_ok(om_sql_run(spoilt, &err, damage[i].sql, ""));
		assert_fails(om_keys_check(spoilt, &err), OM_EDAMAGED);
		if (damage[i].said != NULL)
			assert_string_equal(err.msg, damage[i].said);
	}
	assert_has(db, &m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE(on_sqlite, many_small_batches_leave_few_runs),
		STAGE(on_sqlite, runs_of_different_sizes_are_not_merged),
		STAGE(on_sqlite, runs_of_a_batch_stay_apart_from_older_ones),
		STAGE(on_sqlite, exactly_the_rows_from_an_id_on_are_cut),
		STAGE(on_sqlite, a_failed_cut_can_be_repeated),
		STAGE(on_sqlite, little_memory_gives_the_same_answers),
		STAGE(on_sqlite, memory_is_counted_as_runs_come_and_go),
		STAGE(on_sqlite, a_reader_keeps_its_view_while_another_merges),
		STAGE(on_sqlite,
		    a_search_ends_at_the_first_entry_that_is_not_below),
		STAGE(on_sqlite, an_id_has_48_bits),
		STAGE(on_sqlite, whatever_is_damaged_is_found),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
