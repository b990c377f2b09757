/* temp.c - open, and unlink at once; see temp.h. */
#include "io/temp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

static int
open_unlinked(const char *dir, FILE **out)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	size_t room = strlen(dir) + sizeof("/ordmill-XXXXXX");
	char *name = om_alloc(&arena, room);
	int fd;

	snprintf(name, room, "%s/ordmill-XXXXXX", dir);
	fd = mkstemp(name);
	if (fd < 0)
		return -1;
	(void)unlink(name);
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	*out = fdopen(fd, "w+b");
	if (*out != NULL)
		return 0;
	close(fd);
	return -1;
}

int
om_temp_open(const char *dir, FILE **out, struct om_err *err)
{
	if (dir == NULL)
		dir = getenv("TMPDIR");
	if (dir == NULL || *dir == '\0')
		dir = "/tmp";
	if (open_unlinked(dir, out) < 0)
		return om_fail(err, OM_EIO,
		    "cannot create a temporary file in '%s': %s", dir,
		    strerror(errno));
	return 0;
}
