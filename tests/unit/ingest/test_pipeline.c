/* From a reader into all shards: bounded blocks, groups, deadlines, failures. */
#include "world.h"

#include "base/time.h"
#include "ingest/pipeline.h"
#include "store/ledger.h"

struct tube {
	struct om_feed *feed;
	struct om_reader *reader;
	struct om_pipeline p;
	struct om_books read;
	struct om_books done;
	char rejected[64]; /* the references, as they come */
	bool refuse;
	int64_t batch; /* 0: nothing is to be loaded; -1: nobody can tell */
	bool waits;    /* nobody knows before it is waited for */
	int asked;
};

static int
tell_batch(void *arg, bool wait, int64_t *out_batch, struct om_err *err)
{
	struct tube *t = arg;

	t->asked++;
	if (t->waits && !wait)
		return OM_NOT_YET;
	if (t->batch < 0)
		return om_fail(err, OM_EBUSY, "who knows");
	*out_batch = t->batch;
	return t->batch == 0 ? OM_NOTHING : OM_BEGUN;
}

static int
note_reject(const struct om_reject *r, void *arg, struct om_err *err)
{
	struct tube *t = arg;
	size_t n = strlen(t->rejected);

	if (t->refuse)
		return om_fail(err, OM_EIO, "no more");
	snprintf(t->rejected + n, sizeof(t->rejected) - n, "%.*s ",
	    OM_FMT(r->reference));
	return 0;
}

static void
tube_close(struct tube *t)
{
	om_reader_close(&t->reader);
	om_feed_free(&t->feed);
}

static void
tube_open(struct tube *t, const struct stage *s, const char *feed,
    const char *path)
{
	struct om_err err = { 0 };

	*t = (struct tube){ .feed = feed_of(feed), .batch = 1 };
	assert_ok(om_reader_open(t->feed, &path, 1, (size_t)1 << 20, NULL,
	    &t->reader, &err));
	t->p = (struct om_pipeline){
		.store = s->store,
		.feed = t->feed,
		.reader = t->reader,
		.begin = tell_batch,
		.block_items = 10,
		.on_reject = note_reject,
		.arg = t,
	};
}

/* A reader is used once. */
static void
tube_again(struct tube *t, const char *path)
{
	struct om_err err = { 0 };

	om_reader_close(&t->reader);
	assert_ok(om_reader_open(t->feed, &path, 1, (size_t)1 << 20, NULL,
	    &t->reader, &err));
	t->p.reader = t->reader;
	t->rejected[0] = '\0';
}

static int
pump(struct tube *t, struct om_err *err)
{
	return om_pipeline_run(&t->p, &t->read, &t->done, err);
}

static void
expect_all(const struct stage *s, const struct tube *t, int n)
{
	assert_int_equal(om_books_orders(&t->read, OM_READ), n);
	assert_int_equal(om_books_orders(&t->done, OM_CREATED), n);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM order_rows"),
	    n);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM order_keys"),
	    n);
}

static void
everything_that_is_read_arrives(void **state)
{
	static const int sizes[] = { 0, 1, 9, 10, 11, 500 };
	struct stage *s = stage_of(state);
	int before = 0;

	for (size_t i = 0; i < OM_COUNT(sizes); i++) {
		OM_AUTO(tube_close) struct tube t;
		struct om_err err = { 0 };

		tube_open(&t, s, "canonical",
		    many_orders(s, "a.csv", sizes[i], (int)i));
		t.batch = (int64_t)i + 1;
		assert_ok(pump(&t, &err));
		before += sizes[i];
		assert_int_equal(om_books_orders(&t.read, OM_READ), sizes[i]);
		assert_int_equal(om_books_orders(&t.done, OM_CREATED),
		    sizes[i]);
		assert_int_equal(shards_number(s,
				     "SELECT count(*) FROM order_rows"),
		    before);
		assert_ok(om_books_merge(&t.read, &t.done, &err));
		assert_ok(om_books_close(&t.read, &err));
	}
}

static void
rejects_come_by_the_way(void **state)
{
	struct stage *s = stage_of(state);
	OM_AUTO(tube_close) struct tube t;
	struct om_err err = { 0 };

	tube_open(&t, s, "canonical",
	    stage_file(s, "a.csv",
		HEAD ROW("A", "1", "1.00") ROW("B", "1", "oops")
		    ROW("C", "1", "2.00") ROW("D", "1", "oops")));
	assert_ok(pump(&t, &err));
	assert_string_equal(t.rejected, "B D ");
	assert_int_equal(om_books_orders(&t.read, OM_READ), 4);
	assert_int_equal(om_books_orders(&t.read, OM_REJECTED), 2);
	assert_int_equal(om_books_orders(&t.done, OM_CREATED), 2);
	assert_ok(om_books_merge(&t.read, &t.done, &err));
	assert_ok(om_books_close(&t.read, &err));
}

static void
who_takes_rejects_may_stop_it(void **state)
{
	struct stage *s = stage_of(state);
	OM_AUTO(tube_close) struct tube t;
	struct om_err err = { 0 };

	tube_open(&t, s, "canonical",
	    stage_file(s, "a.csv",
		HEAD ROW("A", "1", "1.00") ROW("B", "1", "oops")));
	t.refuse = true;
	assert_fails(pump(&t, &err), OM_EIO);
	assert_string_equal(err.msg, "no more");
	assert_int_equal(shards_number(s, "SELECT count(*) FROM order_rows"),
	    0);
}

static void
input_that_breaks_off_is_told(void **state)
{
	struct stage *s = stage_of(state);
	OM_AUTO(tube_close) struct tube t;
	struct om_err err = { 0 };

	tube_open(&t, s, "canonical",
	    stage_file(s, "a.csv", HEAD ROW("A", "1", "1.00") "B,\"1"));
	assert_fails(pump(&t, &err), OM_EDATA);
}

/* However long it takes, it is asked once more than there are blocks at most. */
static void
it_reads_before_it_knows_for_what_batch(void **state)
{
	static const int sizes[] = { 0, 9, 30, 31, 200 };
	struct stage *s = stage_of(state);
	int before = 0;

	for (size_t i = 0; i < OM_COUNT(sizes); i++) {
		OM_AUTO(tube_close) struct tube t;
		struct om_err err = { 0 };

		tube_open(&t, s, "canonical",
		    many_orders(s, "a.csv", sizes[i], (int)i));
		t.batch = (int64_t)i + 1;
		t.waits = true;
		assert_ok(pump(&t, &err));
		before += sizes[i];
		assert_in_range(t.asked, 1, 3);
		assert_int_equal(om_books_orders(&t.done, OM_CREATED),
		    sizes[i]);
		assert_int_equal(shards_number(s,
				     "SELECT count(*) FROM order_rows"),
		    before);
	}
}

static void
however_much_is_not_to_be_loaded(void **state)
{
	struct stage *s = stage_of(state);
	const char *path = many_orders(s, "a.csv", 500, 1);

	for (int i = 0; i < 2; i++) {
		OM_AUTO(tube_close) struct tube t;
		struct om_err err = { 0 };

		tube_open(&t, s, "canonical", path);
		t.batch = 0;
		t.waits = i == 0;
		assert_ok(pump(&t, &err));
		assert_int_equal(om_books_orders(&t.done, OM_CREATED), 0);
	}
}

/* Neither rejects nor what is wrong with the input are of any interest then. */
static void
what_is_not_to_be_loaded_leaves_no_trace(void **state)
{
	static const char *const inputs[] = { HEAD ROW("A", "1", "1.00"),
		HEAD ROW("A", "1", "oops") ROW("B", "1", "oops"),
		HEAD ROW("A", "1", "1.00") "B,\"1" };
	struct stage *s = stage_of(state);

	for (size_t i = 0; i < 2 * OM_COUNT(inputs); i++) {
		OM_AUTO(tube_close) struct tube t;
		struct om_err err = { 0 };

		tube_open(&t, s, "canonical",
		    stage_file(s, "a.csv", inputs[i / 2]));
		t.batch = 0;
		t.waits = i % 2 == 0;
		assert_ok(pump(&t, &err));
		assert_string_equal(t.rejected, "");
		assert_int_equal(om_books_orders(&t.done, OM_CREATED), 0);
		assert_int_equal(shards_number(s,
				     "SELECT count(*) FROM order_rows"),
		    0);
	}
}

/* That comes before whatever is wrong with the input. */
static void
a_batch_that_cannot_begin_is_told(void **state)
{
	static const char *const inputs[] = { HEAD ROW("A", "1", "1.00"),
		HEAD ROW("A", "1", "oops"), HEAD "B,\"1" };
	struct stage *s = stage_of(state);

	for (size_t i = 0; i < OM_COUNT(inputs); i++) {
		OM_AUTO(tube_close) struct tube t;
		struct om_err err = { 0 };

		tube_open(&t, s, "canonical",
		    stage_file(s, "a.csv", inputs[i]));
		t.batch = -1;
		assert_fails(pump(&t, &err), OM_EBUSY);
		assert_int_equal(t.asked, 1);
		assert_string_equal(err.msg, "who knows");
		assert_int_equal(shards_number(s,
				     "SELECT count(*) FROM order_rows"),
		    0);
	}
}

static void
payments_arrive_as_well(void **state)
{
	struct stage *s = stage_of(state);
	OM_AUTO(tube_close) struct tube t;
	struct om_err err = { 0 };

	tube_open(&t, s, "payments",
	    stage_file(s, "p.csv",
		"reference,payment,currency,amount\n"
		"A,p1,EUR,1.00\nB,p1,EUR,-0.50\nA,p1,EUR,1.00\n"));
	t.p.block_items = 1;
	assert_ok(pump(&t, &err));
	assert_int_equal(om_books_orders(&t.done, OM_CREATED), 2);
	assert_int_equal(om_books_orders(&t.done, OM_UNCHANGED), 1);
	assert_int_equal(shards_number(s, "SELECT count(*) FROM payments"), 2);
}

static void
lines_lie_by_their_number(void **state)
{
	struct stage *s = stage_of(state);
	OM_AUTO(tube_close) struct tube t;
	struct om_err err = { 0 };

	tube_open(&t, s, "canonical",
	    stage_file(s, "a.csv",
		"reference,currency,total,line,sku,quantity,unit_price\n"
		"A,EUR,6.00,30,c,1,3.00\n"
		"A,EUR,6.00,1,a,1,1.00\n"
		"A,EUR,6.00,2,b,1,2.00\n"));
	assert_ok(pump(&t, &err));
	tube_again(&t,
	    stage_file(s, "b.csv",
		"reference,currency,total,line,sku,quantity,unit_price\n"
		"A,EUR,6.00,1,a,1,1.00\n"
		"A,EUR,6.00,2,b,1,2.00\n"
		"A,EUR,6.00,30,c,1,3.00\n"));
	t.batch = 2;
	assert_ok(pump(&t, &err));
	assert_int_equal(om_books_orders(&t.done, OM_UNCHANGED), 1);
}

static void
a_dry_run_leaves_the_shards_alone(void **state)
{
	struct stage *s = stage_of(state);
	OM_AUTO(tube_close) struct tube t;
	char before[OM_SHA256_HEX];
	char after[OM_SHA256_HEX];
	struct om_err err = { 0 };

	content_digest(s->store, before);
	tube_open(&t, s, "canonical", many_orders(s, "a.csv", 300, 1));
	t.p.dry_run = true;
	assert_ok(pump(&t, &err));
	assert_int_equal(om_books_orders(&t.done, OM_CREATED), 300);
	content_digest(s->store, after);
	assert_string_equal(before, after);
}

/* What was read until then stays, and is not read twice. */
static void
a_deadline_stops_it_and_the_next_goes_on(void **state)
{
	struct stage *s = stage_of(state);
	OM_AUTO(tube_close) struct tube t;
	struct om_err err = { 0 };
	const char *path = many_orders(s, "a.csv", 300, 1);
	int64_t loaded_before;

	tube_open(&t, s, "canonical", path);
	t.p.deadline_ns = 1;
	assert_fails(pump(&t, &err), OM_EDEADLINE);
	assert_string_equal(err.msg, "stopped at a checkpoint; run the same"
				     " command again to go on");
	loaded_before = shards_number(s, "SELECT count(*) FROM order_rows");
	assert_int_equal(loaded_before, 10);
	tube_again(&t, path);
	t.p.deadline_ns = om_monotonic_ns() + INT64_C(600000000000);
	assert_ok(pump(&t, &err));
	expect_all(s, &t, 300);
}

/* Whatever fails, it ends, says so, and can be repeated. */
static void
each_call_may_fail(void **state)
{
	struct stage *s = stage_of(state);
	const char *path = many_orders(s, "a.csv", 120, 1);
	long n; /* how far the failures came does not depend on the step */

	for (n = 1;; n += stage_step(s, 7, 89)) {
		OM_AUTO(tube_close) struct tube t;
		struct om_err err = { 0 };
		int rc;

		om_store_close(&s->store);
		stage_new_url(s);
		stage_create(s, s->url, STAGE_SHARDS);
		s->store = stage_open(s, s->url, OM_STORE_WRITE);
		tube_open(&t, s, "canonical", path);
		spy_fail_at(n);
		rc = pump(&t, &err);
		if (!spy_failed()) {
			assert_ok(rc);
			break;
		}
		spy_reset();
		assert_fails(rc, OM_EIO);
		assert_non_null(strstr(err.msg, "shard "));
		tube_again(&t, path);
		assert_ok(pump(&t, &err));
		expect_all(s, &t, 120);
	}
	assert_true(n > 40);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(everything_that_is_read_arrives),
		STAGE_BOTH(rejects_come_by_the_way),
		STAGE_BOTH(who_takes_rejects_may_stop_it),
		STAGE_BOTH(input_that_breaks_off_is_told),
		STAGE_BOTH(it_reads_before_it_knows_for_what_batch),
		STAGE_BOTH(however_much_is_not_to_be_loaded),
		STAGE_BOTH(what_is_not_to_be_loaded_leaves_no_trace),
		STAGE_BOTH(a_batch_that_cannot_begin_is_told),
		STAGE_BOTH(payments_arrive_as_well),
		STAGE_BOTH(lines_lie_by_their_number),
		STAGE_BOTH(a_dry_run_leaves_the_shards_alone),
		STAGE_BOTH(a_deadline_stops_it_and_the_next_goes_on),
		STAGE_BOTH(each_call_may_fail),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
