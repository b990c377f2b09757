/*
 * measure.c - measure OUT COMMAND [ARG]... : run it, and append to OUT a line
 * "SECONDS KIB CPU": how long it took, how much memory it had at its peak, and
 * for how many seconds processors worked for it. Exits as the command did.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static int
note(const char *path, double seconds)
{
	struct rusage usage;
	FILE *f = fopen(path, "a");

	if (f == NULL || getrusage(RUSAGE_CHILDREN, &usage) != 0) {
		perror(path);
		return 126;
	}
	fprintf(f, "%.6f %ld %.3f\n", seconds, usage.ru_maxrss,
	    seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
	return fclose(f) == 0 ? 0 : 126;
}

int
main(int argc, char **argv)
{
	double start = now();
	int status;
	int rc;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: measure OUT COMMAND [ARG]...\n");
		return 2;
	}
	pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		perror("measure");
		return 126;
	}
	rc = note(argv[1], now() - start);
	if (rc != 0)
		return rc;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
