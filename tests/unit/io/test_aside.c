/* However the work ends, its directory is gone. */
#include "unit.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/aside.h"
#include "io/tree.h"

/* For a test that would otherwise wait for ever; no test waits for it. */
#define STUCK_S 120

struct found {
	int number;
	char dir[OM_TREE_PATH_MAX];
};

static int
setup(void **state)
{
	static char parent[32];

	memcpy(parent, "/tmp/om-aside-XXXXXX", sizeof("/tmp/om-aside-XXXXXX"));
	*state = mkdtemp(parent);
	return *state == NULL ? -1 : 0;
}

/* Nothing may be left. */
static int
teardown(void **state)
{
	return rmdir(*state);
}

static void
write_file(const char *dir)
{
	char path[OM_TREE_PATH_MAX + 8];
	FILE *f;

	snprintf(path, sizeof(path), "%s/file", dir);
	f = fopen(path, "w");
	if (f != NULL)
		fclose(f);
}

static int
count_up(const void *arg, const char *dir, void *result, struct om_err *err)
{
	struct found *found = result;

	(void)err;
	write_file(dir);
	found->number = *(const int *)arg + 1;
	snprintf(found->dir, sizeof(found->dir), "%s", dir);
	return 0;
}

static int
fail_after_writing(const void *arg, const char *dir, void *result,
    struct om_err *err)
{
	(void)arg;
	(void)result;
	write_file(dir);
	return om_fail(err, OM_EOUTPUT, "disk full");
}

static int
signal_self(const void *arg, const char *dir, void *result, struct om_err *err)
{
	(void)result;
	(void)err;
	write_file(dir);
	(void)raise(*(const int *)arg);
	return 0;
}

static int
signal_parent_and_wait(const void *arg, const char *dir, void *result,
    struct om_err *err)
{
	(void)result;
	(void)err;
	write_file(dir);
	(void)kill(getppid(), *(const int *)arg);
	(void)alarm(STUCK_S);
	for (;;)
		pause();
	return 0;
}

static int
signal_parent(const void *arg, const char *dir, void *result,
    struct om_err *err)
{
	(void)kill(getppid(), *(const int *)arg);
	return count_up(arg, dir, result, err);
}

/* Run it in a process that the signal may end; its status. */
static int
in_a_process(const char *parent, om_aside_fn *work, int number, bool ignored)
{
	/* as the test says, not as who started it (nohup) has it */
	const struct sigaction how = { .sa_handler =
					   ignored ? SIG_IGN : SIG_DFL };
	struct om_err err = { 0 };
	struct found found;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)sigaction(number, &how, NULL);
		_exit(om_aside_run(parent, work, &number, &found, sizeof(found),
			  &err) == 0
			  ? 0
			  : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
its_result_comes_back(void **state)
{
	struct om_err err = { 0 };
	struct found found;
	int number = 41;

	assert_ok(om_aside_run(*state, count_up, &number, &found, sizeof(found),
	    &err));
	assert_int_equal(found.number, 42);
	assert_memory_equal(found.dir, *state, strlen(*state));
	assert_int_equal(access(found.dir, F_OK), -1);
}

static void
its_failure_comes_back(void **state)
{
	struct found found = { .number = 7 };
	struct om_err err = { 0 };

	assert_fails(om_aside_run(*state, fail_after_writing, NULL, &found,
			 sizeof(found), &err),
	    OM_EOUTPUT);
	assert_string_equal(err.msg, "disk full");
	assert_int_equal(found.number, 7);
}

static void
a_crash_is_told_by_its_signal(void **state)
{
	struct om_err err = { 0 };
	struct found found;
	int number = SIGKILL;

	assert_fails(om_aside_run(*state, signal_self, &number, &found,
			 sizeof(found), &err),
	    OM_EINTERNAL);
	assert_string_equal(err.msg,
	    "the process at work was ended by signal 9");
}

static void
a_signal_ends_it_when_the_directory_is_gone(void **state)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };

	for (size_t i = 0; i < OM_COUNT(numbers); i++) {
		int status = in_a_process(*state, signal_parent_and_wait,
		    numbers[i], false);

		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), numbers[i]);
	}
}

static void
an_ignored_signal_stays_ignored(void **state)
{
	int status = in_a_process(*state, signal_parent, SIGHUP, true);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
no_parent_leaves_its_child_behind(void **state)
{
	struct om_err err = { 0 };
	int ends[2];
	int status;
	char byte;

	assert_int_equal(pipe(ends), 0);
	status = in_a_process(*state, signal_parent_and_wait, SIGKILL, false);
	assert_true(WIFSIGNALED(status));
	close(ends[1]);
	/* the end of file comes when the last who holds the pipe is gone */
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	/* that the directory stays is what aside.h says */
	assert_ok(om_tree_remove(*state, &err));
	assert_int_equal(mkdir(*state, 0700), 0);
}

static void
a_parent_directory_that_is_not_there_is_told(void **state)
{
	struct om_err err = { 0 };
	struct found found;
	int number = 1;

	(void)state;
	assert_fails(om_aside_run("/nowhere", count_up, &number, &found,
			 sizeof(found), &err),
	    OM_ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_result_comes_back),
		cmocka_unit_test(its_failure_comes_back),
		cmocka_unit_test(a_crash_is_told_by_its_signal),
		cmocka_unit_test(a_signal_ends_it_when_the_directory_is_gone),
		cmocka_unit_test(an_ignored_signal_stays_ignored),
		cmocka_unit_test(no_parent_leaves_its_child_behind),
		cmocka_unit_test(a_parent_directory_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
