/* output.c - standard output, and files that appear whole; see output.h. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

#define TRIES_MAX 1000

static int
cannot(const char *verb, const char *path, struct om_err *err)
{
	return om_fail(err, OM_EOUTPUT, "cannot %s '%s': %s", verb, path,
	    strerror(errno));
}

/* "a/b/c" gives "a/b/.c.PID-N": hidden, and in the same file system. */
static char *
temp_name(struct om_arena *arena, const char *path, int n)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash == NULL ? path : slash + 1;
	size_t room = strlen(path) + 48;
	char *name = om_alloc(arena, room);

	snprintf(name, room, "%.*s.%s.%ld-%d", (int)(base - path), path, base,
	    (long)getpid(), n);
	return name;
}

/* A new file beside path; its permissions are mode less the umask. */
static int
create_temp(struct om_arena *arena, const char *path, mode_t mode,
    char **out_name, struct om_err *err)
{
	int fd = -1;

	for (int n = 0; n < TRIES_MAX && fd < 0; n++) {
		*out_name = temp_name(arena, path, n);
		fd = open(*out_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		    mode);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd < 0 ? cannot("create", path, err) : fd;
}

/* Where path leads in the end, and what is there. */
static char *
follow(struct om_arena *arena, const char *path, struct stat *st, bool *exists)
{
	char *real = NULL;
	char *copy;

	*exists = stat(path, st) == 0;
	if (*exists)
		real = realpath(path, NULL);
	copy = om_strndup(arena, real == NULL ? path : real,
	    strlen(real == NULL ? path : real));
	free(real);
	return copy;
}

/* A rename lasts when the directory has been written. Some file systems
 * cannot sync a directory; then there is nothing to be done about it. */
void
om_sync_folder_of(const char *path)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	const char *slash = strrchr(path, '/');
	const char *dir = ".";
	int fd;

	if (slash != NULL)
		dir = om_strndup(&arena, path,
		    slash == path ? 1 : (size_t)(slash - path));
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)fsync(fd);
	close(fd);
}

static int
open_stream(struct om_output *out, int fd, struct om_err *err)
{
	out->f = fdopen(fd, "w");
	if (out->f != NULL)
		return 0;
	close(fd);
	return cannot("open", out->path, err);
}

static int
open_file(struct om_output *out, const char *path, struct om_err *err)
{
	struct stat st;
	bool exists;
	int fd;

	out->path = follow(&out->names, path, &st, &exists);
	if (exists && S_ISDIR(st.st_mode))
		return om_fail(err, OM_EOUTPUT, "'%s' is a directory", path);
	if (exists && !S_ISREG(st.st_mode)) {
		fd = open(out->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		return fd < 0 ? cannot("open", path, err)
			      : open_stream(out, fd, err);
	}
	fd = create_temp(&out->names, out->path, 0666, &out->temp, err);
	if (fd < 0) {
		out->temp = NULL;
		return fd;
	}
	if (exists)
		(void)fchmod(fd, st.st_mode & 07777);
	return open_stream(out, fd, err);
}

int
om_output_open(const char *path, struct om_output *out, struct om_err *err)
{
	struct om_output o = { 0 };
	int rc;

	if (path == NULL || strcmp(path, "-") == 0) {
		*out = (struct om_output){ .f = stdout };
		return 0;
	}
	rc = open_file(&o, path, err);
	if (rc < 0)
		om_output_end(&o);
	else
		*out = o;
	return rc;
}

/* The first failing write may be long ago and its errno lost: ask the pipe. */
static bool
nobody_reads(FILE *f)
{
	struct pollfd p = { .fd = fileno(f), .events = POLLOUT };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLERR) != 0;
}

static int
flush(struct om_output *out, struct om_err *err)
{
	const char *path = out->path == NULL ? "standard output" : out->path;
	bool before = ferror(out->f) != 0;

	errno = 0;
	if (fflush(out->f) == 0 && !before)
		return 0;
	if (errno == 0)
		errno = EIO; /* the error was an earlier one */
	(void)cannot("write", path, err);
	out->broken_pipe = nobody_reads(out->f);
	return OM_EOUTPUT;
}

/* Close the file and put it in its place. */
static int
finish(struct om_output *out, struct om_err *err)
{
	FILE *f = out->f;

	if (out->temp != NULL && fsync(fileno(f)) != 0)
		return cannot("write", out->path, err);
	out->f = NULL;
	if (fclose(f) != 0)
		return cannot("write", out->path, err);
	if (out->temp == NULL)
		return 0;
	if (rename(out->temp, out->path) != 0)
		return cannot("replace", out->path, err);
	out->temp = NULL;
	om_sync_folder_of(out->path);
	return 0;
}

int
om_output_commit(struct om_output *out, struct om_err *err)
{
	int rc = flush(out, err);

	if (rc == 0 && out->path != NULL)
		rc = finish(out, err);
	return rc;
}

void
om_output_end(struct om_output *out)
{
	if (out->path != NULL && out->f != NULL)
		fclose(out->f);
	if (out->temp != NULL)
		(void)unlink(out->temp);
	om_arena_clear(&out->names);
	*out = (struct om_output){ .broken_pipe = out->broken_pipe };
}

static int
write_all(int fd, struct om_str s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		s.p += n;
		s.n -= (size_t)n;
	}
	return fsync(fd);
}

int
om_file_replace(const char *path, const void *bytes, size_t n, unsigned mode,
    struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	struct om_str s = { bytes, n };
	char *temp;
	int rc = 0;
	int fd = create_temp(&arena, path, (mode_t)mode, &temp, err);

	if (fd < 0)
		return fd;
	if (write_all(fd, s) != 0)
		rc = cannot("write", path, err);
	if (close(fd) != 0 && rc == 0)
		rc = cannot("write", path, err);
	if (rc == 0 && rename(temp, path) != 0)
		rc = cannot("replace", path, err);
	if (rc < 0)
		(void)unlink(temp);
	else
		om_sync_folder_of(path);
	return rc;
}
