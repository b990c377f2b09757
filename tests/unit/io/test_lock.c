/* Who holds a lock, who waits for it, and what a dead holder holds. */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/lock.h"

static const int64_t noon = 1763899200; /* 2025-11-23T12:00:00Z */

struct fixture {
	char path[32];
	struct om_clock clock;
};

static int
begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	int fd;

	if (f == NULL)
		return -1;
	strcpy(f->path, "/tmp/om-lock-XXXXXX");
	fd = mkstemp(f->path);
	close(fd);
	unlink(f->path);
	f->clock = om_clock_fixed(&noon);
	*state = f;
	return fd < 0 ? -1 : 0;
}

static int
end(void **state)
{
	struct fixture *f = *state;

	unlink(f->path);
	free(f);
	return 0;
}

static int
take(struct fixture *f, bool shared, int64_t wait_ms, struct om_lock *lock,
    struct om_err *err)
{
	return om_lock_take(f->path, shared, wait_ms, "ingest", &f->clock, lock,
	    err);
}

static void
a_second_writer_is_told_who_holds_it(void **state)
{
	struct fixture *f = *state;
	struct om_lock one = OM_LOCK_NONE;
	struct om_lock two = OM_LOCK_NONE;
	struct om_err err = { 0 };
	char want[256];
	char host[64];

	assert_int_equal(gethostname(host, sizeof(host)), 0);
	snprintf(want, sizeof(want),
	    "locked by pid %ld (ordmill ingest) on %s since "
	    "2025-11-23T12:00:00Z",
	    (long)getpid(), host);
	assert_ok(take(f, false, 0, &one, &err));
	assert_fails(take(f, false, 0, &two, &err), OM_EBUSY);
	assert_string_equal(err.msg, want);
	assert_int_equal(two.fd, -1);
	assert_fails(take(f, true, 0, &two, &err), OM_EBUSY);
	om_lock_drop(&one);
	om_lock_drop(&one);
	assert_ok(take(f, false, 0, &two, &err));
	om_lock_drop(&two);
}

static void
readers_share_and_keep_writers_out(void **state)
{
	struct fixture *f = *state;
	struct om_lock one = OM_LOCK_NONE;
	struct om_lock two = OM_LOCK_NONE;
	struct om_lock three = OM_LOCK_NONE;
	struct om_err err = { 0 };

	assert_ok(take(f, true, 0, &one, &err));
	assert_ok(take(f, true, 0, &two, &err));
	om_lock_drop(&one);
	assert_fails(take(f, false, 0, &three, &err), OM_EBUSY);
	om_lock_drop(&two);
	assert_ok(take(f, false, 0, &three, &err));
	om_lock_drop(&three);
}

static void
waiting_ends_when_its_time_is_over(void **state)
{
	struct fixture *f = *state;
	struct om_lock one = OM_LOCK_NONE;
	struct om_lock two = OM_LOCK_NONE;
	struct om_err err = { 0 };
	int64_t start;

	assert_ok(take(f, false, 0, &one, &err));
	start = om_monotonic_ns();
	assert_fails(take(f, false, 30, &two, &err), OM_EBUSY);
	assert_true(om_monotonic_ns() - start >= 30 * 1000000);
	om_lock_drop(&one);
}

/* Fork a child that takes the lock, says so, and holds it until killed. */
static pid_t
holder(struct fixture *f)
{
	int ready[2];
	char c;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		struct om_lock lock = OM_LOCK_NONE;
		struct om_err err = { 0 };

		if (take(f, false, 0, &lock, &err) == 0)
			(void)!write(ready[1], "x", 1);
		for (;;)
			pause();
	}
	assert_true(pid > 0);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void
a_killed_holder_holds_nothing(void **state)
{
	struct fixture *f = *state;
	struct om_lock lock = OM_LOCK_NONE;
	struct om_err err = { 0 };
	pid_t pid = holder(f);

	assert_fails(take(f, false, 0, &lock, &err), OM_EBUSY);
	kill(pid, SIGKILL);
	assert_ok(take(f, false, 10000, &lock, &err)); /* waits for its end */
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	om_lock_drop(&lock);
}

static void
a_holder_that_is_gone_is_not_named(void **state)
{
	struct fixture *f = *state;
	struct om_lock one = OM_LOCK_NONE;
	struct om_lock two = OM_LOCK_NONE;
	struct om_err err = { 0 };
	pid_t pid = fork();

	if (pid == 0) {
		struct om_lock mine = OM_LOCK_NONE;

		_exit(take(f, true, 0, &mine, &err) == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_ok(take(f, true, 0, &one, &err));
	/* As if the child had been the last to write its name. */
	assert_int_equal(pwrite(one.fd, "pid 0", 5, 0), 5);
	assert_fails(take(f, false, 0, &two, &err), OM_EBUSY);
	assert_string_equal(err.msg, "locked by another process");
	assert_int_equal(pwrite(one.fd, "garbage", 7, 0), 7);
	assert_fails(take(f, false, 0, &two, &err), OM_EBUSY);
	assert_string_equal(err.msg, "locked by another process");
	om_lock_drop(&one);
}

static void
a_lock_needs_its_directory(void **state)
{
	struct fixture *f = *state;
	struct om_lock lock = OM_LOCK_NONE;
	struct om_err err = { 0 };

	assert_fails(om_lock_take("/nowhere/lock", false, 0, "x", &f->clock,
			 &lock, &err),
	    OM_ENOENT);
	assert_string_equal(err.msg,
	    "cannot open '/nowhere/lock': No such file or directory");
}

static void
asking_for_the_holder_takes_nothing(void **state)
{
	struct fixture *f = *state;
	OM_AUTO(om_lock_drop) struct om_lock lock = OM_LOCK_NONE;
	char holder[OM_LOCK_HOLDER_MAX] = "";
	struct om_err err = { 0 };

	assert_int_equal(om_lock_holder(f->path, holder, &err), 0);
	assert_ok(take(f, false, 0, &lock, &err));
	assert_int_equal(om_lock_holder(f->path, holder, &err), 1);
	assert_int_equal(strncmp(holder, "pid ", 4), 0);
	om_lock_drop(&lock);
	assert_int_equal(om_lock_holder(f->path, holder, &err), 0);
	assert_ok(take(f, false, 0, &lock, &err));
}

/* clang-format off */
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
/* clang-format on */

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_second_writer_is_told_who_holds_it),
		TEST(readers_share_and_keep_writers_out),
		TEST(waiting_ends_when_its_time_is_over),
		TEST(a_killed_holder_holds_nothing),
		TEST(a_holder_that_is_gone_is_not_named),
		TEST(a_lock_needs_its_directory),
		TEST(asking_for_the_holder_takes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
