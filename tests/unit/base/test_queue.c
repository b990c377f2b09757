/* The bounded queue, alone and between threads. */
#include "unit.h"

#include "base/pool.h"
#include "base/queue.h"

#define ITEMS 20000

static int numbers[ITEMS];

static void
items_come_out_in_the_order_they_went_in(void **state)
{
	struct om_queue *q OM_AUTO(om_queue_free) = om_queue_new(3);

	(void)state;
	for (int round = 0; round < 10; round++) {
		for (int i = 0; i < 3; i++)
			assert_true(om_queue_push(q, &numbers[i]));
		for (int i = 0; i < 3; i++)
			assert_ptr_equal(om_queue_pop(q), &numbers[i]);
	}
}

static void
what_is_pushed_to_the_front_comes_next(void **state)
{
	struct om_queue *q OM_AUTO(om_queue_free) = om_queue_new(4);

	(void)state;
	for (int round = 0; round < 10; round++) {
		assert_true(om_queue_push(q, &numbers[0]));
		assert_true(om_queue_push_front(q, &numbers[1]));
		assert_true(om_queue_push(q, &numbers[2]));
		assert_true(om_queue_push_front(q, &numbers[3]));
		assert_ptr_equal(om_queue_pop(q), &numbers[3]);
		assert_ptr_equal(om_queue_pop(q), &numbers[1]);
		assert_ptr_equal(om_queue_pop(q), &numbers[0]);
		assert_ptr_equal(om_queue_pop(q), &numbers[2]);
	}
}

static void
a_closed_queue_is_drained_and_takes_nothing(void **state)
{
	struct om_queue *q OM_AUTO(om_queue_free) = om_queue_new(3);

	(void)state;
	assert_true(om_queue_push(q, &numbers[0]));
	assert_true(om_queue_push(q, &numbers[1]));
	om_queue_close(q);
	assert_false(om_queue_push(q, &numbers[2]));
	assert_ptr_equal(om_queue_pop(q), &numbers[0]);
	assert_ptr_equal(om_queue_pop(q), &numbers[1]);
	assert_null(om_queue_pop(q));
	assert_null(om_queue_pop(q));
	om_queue_close(q);
}

static void
free_is_safe_twice_and_on_null(void **state)
{
	struct om_queue *q = om_queue_new(1);

	(void)state;
	om_queue_free(&q);
	assert_null(q);
	om_queue_free(&q);
	assert_null(q);
}

/* One end of a queue, for a thread of a pool. */
struct end {
	struct om_queue *queue;
	int done; /* items pushed or popped */
	int wrong;
};

static int
produce(void *arg, struct om_err *err)
{
	struct end *end = arg;

	for (int i = 0; i < ITEMS; i++) {
		if (!om_queue_push(end->queue, &numbers[i]))
			return om_fail(err, OM_EDATA, "closed at %d", i);
		end->done++;
	}
	om_queue_close(end->queue);
	return 0;
}

static int
consume(void *arg, struct om_err *err)
{
	struct end *end = arg;
	int *item;

	(void)err;
	while ((item = om_queue_pop(end->queue)) != NULL)
		end->wrong += item != &numbers[end->done++];
	return 0;
}

/* Odd workers consume, even ones produce. */
static int
either(void *arg, struct om_err *err)
{
	struct end *const *ends = arg;

	return ends[1] == NULL ? produce(ends[0], err) : consume(ends[0], err);
}

static void
a_slow_pair_loses_nothing(void **state)
{
	static const size_t capacities[] = { 1, 2, 7, 1000 };

	(void)state;
	for (size_t i = 0; i < OM_COUNT(capacities); i++) {
		struct om_queue *q OM_AUTO(om_queue_free) =
		    om_queue_new(capacities[i]);
		struct end in = { .queue = q };
		struct end out = { .queue = q };
		struct end *produces[2] = { &in, NULL };
		struct end *consumes[2] = { &out, &out };
		void *args[2] = { produces, consumes };
		struct om_pool *pool = NULL;
		struct om_err err = { 0 };

		assert_ok(om_pool_start(either, args, 2, &pool, &err));
		assert_ok(om_pool_wait(&pool, &err));
		assert_int_equal(in.done, ITEMS);
		assert_int_equal(out.done, ITEMS);
		assert_int_equal(out.wrong, 0);
	}
}

static void
closing_wakes_a_writer_that_waits(void **state)
{
	struct om_queue *q OM_AUTO(om_queue_free) = om_queue_new(2);
	struct end in = { .queue = q };
	void *args[1] = { &in };
	struct om_pool *pool = NULL;
	struct om_err err = { 0 };

	(void)state;
	assert_ok(om_pool_start(produce, args, 1, &pool, &err));
	assert_ptr_equal(om_queue_pop(q), &numbers[0]);
	om_queue_close(q);
	assert_fails(om_pool_wait(&pool, &err), OM_EDATA);
	assert_in_range(in.done, 1, 3);
}

static void
closing_wakes_every_reader_that_waits(void **state)
{
	struct om_queue *q OM_AUTO(om_queue_free) = om_queue_new(2);
	struct end out[3] = { { .queue = q }, { .queue = q }, { .queue = q } };
	void *args[3] = { &out[0], &out[1], &out[2] };
	struct om_pool *pool = NULL;
	struct om_err err = { 0 };

	(void)state;
	assert_ok(om_pool_start(consume, args, 3, &pool, &err));
	om_queue_close(q);
	assert_ok(om_pool_wait(&pool, &err));
	assert_int_equal(out[0].done + out[1].done + out[2].done, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_come_out_in_the_order_they_went_in),
		cmocka_unit_test(what_is_pushed_to_the_front_comes_next),
		cmocka_unit_test(a_closed_queue_is_drained_and_takes_nothing),
		cmocka_unit_test(free_is_safe_twice_and_on_null),
		cmocka_unit_test(a_slow_pair_loses_nothing),
		cmocka_unit_test(closing_wakes_a_writer_that_waits),
		cmocka_unit_test(closing_wakes_every_reader_that_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
