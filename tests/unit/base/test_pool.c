/* Workers: each has its argument, the lowest failure is reported. */
#include "unit.h"

#include "base/pool.h"

struct job {
	int number;
	enum om_code code; /* how it ends */
	int ran;
};

static int
work(void *arg, struct om_err *err)
{
	struct job *job = arg;

	job->ran++;
	if (job->code == OM_OK)
		return 0;
	return om_fail(err, job->code, "job %d", job->number);
}

#define JOBS 8

static int
run(struct job jobs[JOBS], struct om_err *err)
{
	struct om_pool *pool = NULL;
	void *args[JOBS];
	int rc;

	for (int i = 0; i < JOBS; i++) {
		jobs[i].number = i;
		args[i] = &jobs[i];
	}
	rc = om_pool_start(work, args, JOBS, &pool, err);
	if (rc == 0)
		rc = om_pool_wait(&pool, err);
	assert_null(pool);
	return rc;
}

static void
every_worker_runs_once_with_its_argument(void **state)
{
	struct job jobs[JOBS] = { 0 };
	struct om_err err = { 0 };

	(void)state;
	assert_ok(run(jobs, &err));
	for (int i = 0; i < JOBS; i++)
		assert_int_equal(jobs[i].ran, 1);
	assert_string_equal(err.msg, "");
}

static void
the_lowest_failure_is_reported_whoever_came_first(void **state)
{
	struct job jobs[JOBS] = { [3] = { .code = OM_EDATA },
		[5] = { .code = OM_EIO },
		[7] = { .code = OM_EBUSY } };
	struct om_err err = { 0 };

	(void)state;
	assert_fails(run(jobs, &err), OM_EDATA);
	assert_string_equal(err.msg, "job 3");
	assert_int_equal(err.code, OM_EDATA);
	for (int i = 0; i < JOBS; i++)
		assert_int_equal(jobs[i].ran, 1);
}

static void
waiting_for_nobody_is_fine(void **state)
{
	struct om_pool *pool = NULL;
	struct om_err err = { 0 };

	(void)state;
	assert_ok(om_pool_wait(&pool, &err));
	assert_ok(om_pool_start(work, NULL, 0, &pool, &err));
	assert_non_null(pool);
	assert_ok(om_pool_wait(&pool, &err));
	assert_null(pool);
	assert_ok(om_pool_wait(&pool, &err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_worker_runs_once_with_its_argument),
		cmocka_unit_test(
		    the_lowest_failure_is_reported_whoever_came_first),
		cmocka_unit_test(waiting_for_nobody_is_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
