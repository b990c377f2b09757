/* lock.c - open file description locks; see lock.h. */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include "io/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define HOST_MAX 64
#define PAUSE_MS 20

static void
host_name(char out[HOST_MAX])
{
	if (gethostname(out, HOST_MAX) != 0)
		snprintf(out, HOST_MAX, "localhost");
	out[HOST_MAX - 1] = '\0';
}

/* Who may read only can still share. */
static int
open_lock(const char *path, bool shared, int *out_fd, struct om_err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0 && shared && (errno == EACCES || errno == EROFS))
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return om_fail(err, errno == ENOENT ? OM_ENOENT : OM_EIO,
		    "cannot open '%s': %s", path, strerror(errno));
	*out_fd = fd;
	return 0;
}

/* 0, or what errno says. */
static int
try_lock(int fd, bool shared)
{
	struct flock whole = { .l_type = shared ? F_RDLCK : F_WRLCK,
		.l_whence = SEEK_SET };

	return fcntl(fd, F_OFD_SETLK, &whole) == 0 ? 0 : errno;
}

/* For people; if it cannot be written, the lock holds all the same. */
static void
write_holder(int fd, const char *command, const struct om_clock *clock)
{
	char line[OM_LOCK_HOLDER_MAX]; /* written in full: no torn lines */
	char host[HOST_MAX];
	char when[OM_TIME_TEXT_MAX];
	ssize_t n;
	int len;

	host_name(host);
	memset(line, ' ', sizeof(line));
	len = snprintf(line, sizeof(line),
	    "pid %ld (ordmill %.64s) on %s since %s", (long)getpid(), command,
	    host, om_time_text(om_now(clock), when));
	if (len > 0 && (size_t)len < sizeof(line))
		line[len] = ' ';
	line[sizeof(line) - 1] = '\n';
	n = pwrite(fd, line, sizeof(line), 0);
	(void)n;
}

/* The last of several sharers to write may be gone while others hold on. */
static bool
is_gone(const char *line)
{
	char host[HOST_MAX];
	char on_host[HOST_MAX + 8];
	char *end;
	long pid;

	host_name(host);
	snprintf(on_host, sizeof(on_host), " on %s ", host);
	if (strncmp(line, "pid ", 4) != 0 || strstr(line, on_host) == NULL)
		return false;
	pid = strtol(line + 4, &end, 10);
	return pid <= 0 || (kill((pid_t)pid, 0) != 0 && errno == ESRCH);
}

static void
read_holder(int fd, char line[OM_LOCK_HOLDER_MAX])
{
	ssize_t n = pread(fd, line, OM_LOCK_HOLDER_MAX - 1, 0);

	line[n < 0 ? 0 : n] = '\0';
	if (strncmp(line, "pid ", 4) != 0 || is_gone(line))
		strcpy(line, "another process");
	else
		for (n--; n > 0 && line[n] == ' '; n--)
			line[n] = '\0';
}

static int
busy(int fd, struct om_err *err)
{
	char holder[OM_LOCK_HOLDER_MAX];

	read_holder(fd, holder);
	return om_fail(err, OM_EBUSY, "locked by %s", holder);
}

static void
pause_ms(int64_t ms)
{
	struct timespec t = { ms / 1000, (long)(ms % 1000 * 1000000) };

	(void)nanosleep(&t, NULL);
}

/* There is no lock call with a time limit, so ask again now and then. */
static int
wait_lock(int fd, const char *path, bool shared, int64_t wait_ms,
    struct om_err *err)
{
	int64_t start = om_monotonic_ns();
	int why;

	while ((why = try_lock(fd, shared)) != 0) {
		int64_t left = wait_ms - (om_monotonic_ns() - start) / 1000000;

		if (why == EINTR)
			continue;
		if (why != EAGAIN && why != EACCES)
			return om_fail(err, OM_EIO, "cannot lock '%s': %s",
			    path, strerror(why));
		if (left <= 0)
			return busy(fd, err);
		pause_ms(left < PAUSE_MS ? left : PAUSE_MS);
	}
	return 0;
}

int
om_lock_take(const char *path, bool shared, int64_t wait_ms,
    const char *command, const struct om_clock *clock, struct om_lock *out,
    struct om_err *err)
{
	int fd = -1;
	int rc = open_lock(path, shared, &fd, err);

	if (rc < 0)
		return rc;
	rc = wait_lock(fd, path, shared, wait_ms, err);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	write_holder(fd, command, clock);
	out->fd = fd;
	return 0;
}

void
om_lock_drop(struct om_lock *lock)
{
	if (lock->fd >= 0)
		close(lock->fd); /* the last descriptor: this is the unlock */
	lock->fd = -1;
}

int
om_lock_holder(const char *path, char out[OM_LOCK_HOLDER_MAX],
    struct om_err *err)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return errno == ENOENT
			   ? 0
			   : om_fail(err, OM_EIO, "cannot open '%s': %s", path,
				 strerror(errno));
	rc = fcntl(fd, F_OFD_GETLK, &whole);
	if (rc < 0)
		(void)om_fail(err, OM_EIO, "cannot ask for the lock '%s': %s",
		    path, strerror(errno));
	else if (whole.l_type != F_UNLCK)
		read_holder(fd, out);
	close(fd);
	return rc < 0 ? (int)err->code : whole.l_type != F_UNLCK;
}
