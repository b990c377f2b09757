/* temp.c - mkstemp, and unlink before anything else can go wrong. */
#include "io/temp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

int
om_temp_open(const char *dir, FILE **out, struct om_err *err)
{
	static const char name[] = "/ordmill-XXXXXX";
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	const char *tmp = getenv("TMPDIR");
	size_t n;
	char *path;
	FILE *f;
	int fd;

	if (dir == NULL)
		dir = tmp != NULL && tmp[0] != '\0' ? tmp : "/tmp";
	n = strlen(dir);
	path = om_alloc(&arena, n + sizeof(name));
	memcpy(path, dir, n);
	memcpy(path + n, name, sizeof(name));
	fd = mkstemp(path);
	if (fd < 0)
		return om_fail(err, OM_EIO,
		    "cannot make a scratch file in '%s': %s", dir,
		    strerror(errno));
	unlink(path);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	f = fdopen(fd, "w+b");
	if (f == NULL) {
		close(fd);
		return om_fail(err, OM_EIO,
		    "cannot make a scratch file in '%s': %s", dir,
		    strerror(errno));
	}
	*out = f;
	return 0;
}
