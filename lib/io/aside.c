/* aside.c - a child process, watched by a parent that cleans up; see aside.h. */
#include "io/aside.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdalign.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/tree.h"

/* What the child tells the parent; small enough for a pipe to take at once. */
struct answer {
	struct om_err err;
	alignas(max_align_t) unsigned char result[OM_ASIDE_RESULT_MAX];
};

struct aside {
	char dir[OM_TREE_PATH_MAX];
	int pipe[2]; /* the child writes its answer to [1] */
	pid_t parent;
	pid_t child;
	sigset_t watched;
	sigset_t before; /* the mask as the caller had it */
	struct sigaction child_before;
	int taken; /* the signal that ended it, or 0 */
};

/* The signals to wait for: those that would end us, and the child's end. Who
 * ignores one (as nohup does) goes on ignoring it. */
static void
watch_signals(struct aside *a)
{
	static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	const struct sigaction normal = { .sa_handler = SIG_DFL };
	struct sigaction now;

	sigemptyset(&a->watched);
	sigaddset(&a->watched, SIGCHLD);
	for (size_t i = 0; i < OM_COUNT(ending); i++)
		if (sigaction(ending[i], NULL, &now) == 0 &&
		    now.sa_handler != SIG_IGN)
			sigaddset(&a->watched, ending[i]);
	(void)sigaction(SIGCHLD, &normal, &a->child_before);
	(void)sigprocmask(SIG_BLOCK, &a->watched, &a->before);
}

static void
unwatch_signals(const struct aside *a)
{
	(void)sigaction(SIGCHLD, &a->child_before, NULL);
	(void)sigprocmask(SIG_SETMASK, &a->before, NULL);
}

/* The child's life. It ends with its parent, also if that ended before the
 * kernel knew. */
static _Noreturn void
work_aside(const struct aside *a, om_aside_fn *work, const void *arg)
{
	struct answer answer = { 0 };
	ssize_t n;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != a->parent)
		_exit(1);
	unwatch_signals(a);
	close(a->pipe[0]);
	(void)work(arg, a->dir, answer.result, &answer.err);
	do
		n = write(a->pipe[1], &answer, sizeof(answer));
	while (n < 0 && errno == EINTR);
	_exit(n == (ssize_t)sizeof(answer) ? 0 : 1);
}

/* Wait for the child, or end it when a signal says so. Its status. */
static int
attend(struct aside *a)
{
	int status = 0;

	for (;;) {
		pid_t ended = waitpid(a->child, &status, WNOHANG);

		if (ended == a->child || (ended < 0 && errno != EINTR))
			return status;
		a->taken = sigwaitinfo(&a->watched, NULL);
		if (a->taken > 0 && a->taken != SIGCHLD)
			break;
		a->taken = 0;
	}
	(void)kill(a->child, SIGKILL);
	while (waitpid(a->child, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static int
read_answer(struct aside *a, int status, struct answer *out, struct om_err *err)
{
	if (WIFSIGNALED(status))
		return om_fail(err, OM_EINTERNAL,
		    "the process at work was ended by signal %d",
		    WTERMSIG(status));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 ||
	    read(a->pipe[0], out, sizeof(*out)) != (ssize_t)sizeof(*out))
		return om_fail(err, OM_EINTERNAL,
		    "the process at work gave no answer");
	if (out->err.code < 0)
		*err = out->err;
	return (int)out->err.code;
}

/* Start it, attend it, and have its answer. */
static int
run_child(struct aside *a, om_aside_fn *work, const void *arg,
    struct answer *out, struct om_err *err)
{
	int status;

	a->parent = getpid();
	a->child = fork();
	if (a->child < 0)
		return om_fail(err, OM_EIO, "start a process: %s",
		    strerror(errno));
	if (a->child == 0)
		work_aside(a, work, arg);
	close(a->pipe[1]);
	a->pipe[1] = -1;
	status = attend(a);
	return read_answer(a, status, out, err);
}

static void
aside_end(struct aside *a)
{
	for (int i = 0; i < 2; i++)
		if (a->pipe[i] >= 0)
			close(a->pipe[i]);
	unwatch_signals(a);
	/* With the mask as it was, this ends the process, unless a handler of
	 * the caller decides otherwise. */
	if (a->taken != 0)
		(void)raise(a->taken);
}

int
om_aside_run(const char *parent, om_aside_fn *work, const void *arg,
    void *result, size_t size, struct om_err *err)
{
	OM_AUTO(aside_end) struct aside a = { .pipe = { -1, -1 } };
	struct om_err late = { 0 };
	struct answer answer;
	int rc;

	assert(size <= OM_ASIDE_RESULT_MAX);
	watch_signals(&a);
	if (pipe(a.pipe) != 0)
		return om_fail(err, OM_EIO, "pipe: %s", strerror(errno));
	rc = om_tree_make(parent, a.dir, err);
	if (rc < 0)
		return rc;
	rc = run_child(&a, work, arg, &answer, err);
	if (om_tree_remove(a.dir, &late) < 0 && rc == 0) {
		*err = late;
		return (int)late.code;
	}
	if (rc == 0)
		memcpy(result, answer.result, size);
	return rc;
}
