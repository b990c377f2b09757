/* copy.c - share blocks, else let the kernel copy, else do; see copy.h. */
#define _GNU_SOURCE /* copy_file_range */
#include "io/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define RANGE ((size_t)1 << 30)
#define BLOCK ((size_t)64 * 1024)

/* The two ends of a copy; -1 is not open. */
struct ends {
	int from;
	int to;
};

static void
ends_close(struct ends *e)
{
	if (e->from >= 0)
		close(e->from);
	if (e->to >= 0)
		close(e->to);
}

static int
cannot(const char *path, struct om_err *err)
{
	return om_fail(err, OM_EOUTPUT, "cannot write '%s': %s", path,
	    strerror(errno));
}

/* File systems that cannot say so in many ways. */
static bool
is_refusal(int why)
{
	return why == EXDEV || why == EINVAL || why == ENOSYS ||
	       why == EOPNOTSUPP || why == ENOTTY || why == EPERM;
}

/* 1: all of it is there. 0: it cannot be done this way, but what was copied
 * so far, both ends know. */
static int
copy_range(const struct ends *e, const char *to, struct om_err *err)
{
	for (;;) {
		ssize_t n =
		    copy_file_range(e->from, NULL, e->to, NULL, RANGE, 0);

		if (n == 0)
			return 1;
		if (n < 0 && is_refusal(errno))
			return 0;
		if (n < 0 && errno != EINTR)
			return cannot(to, err);
	}
}

static int
write_all(int fd, const char *bytes, size_t n, const char *to,
    struct om_err *err)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return cannot(to, err);
		bytes += done;
		n -= (size_t)done;
	}
	return 0;
}

static int
copy_bytes(const struct ends *e, const char *from, const char *to,
    struct om_err *err)
{
	char bytes[BLOCK];

	for (;;) {
		ssize_t n = read(e->from, bytes, sizeof(bytes));

		if (n == 0)
			return 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return om_fail(err, OM_EIO, "cannot read '%s': %s",
			    from, strerror(errno));
		if (write_all(e->to, bytes, (size_t)n, to, err) < 0)
			return err->code;
	}
}

static int
ends_open(const char *from, const char *to, struct ends *e, struct om_err *err)
{
	struct stat st;

	e->from = open(from, O_RDONLY | O_CLOEXEC);
	if (e->from < 0 || fstat(e->from, &st) < 0)
		return om_fail(err, OM_ENOENT, "cannot read '%s': %s", from,
		    strerror(errno));
	e->to = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    st.st_mode & 0777);
	return e->to < 0 ? cannot(to, err) : 0;
}

int
om_copy_file(const char *from, const char *to, struct om_err *err)
{
	OM_AUTO(ends_close) struct ends e = { -1, -1 };
	int rc;

	if (ends_open(from, to, &e, err) < 0)
		return err->code;
	if (ioctl(e.to, FICLONE, e.from) < 0) {
		rc = copy_range(&e, to, err);
		if (rc == 0)
			rc = copy_bytes(&e, from, to, err);
		if (rc < 0)
			return rc;
	}
	return fsync(e.to) < 0 ? cannot(to, err) : 0;
}
