/* tree.c - directories, from the leaves up; see tree.h. */
#include "io/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 512 /* the unit of st_blocks */

/* What is done with an entry, after all that is below it. */
typedef int visit_fn(int dir, const char *name, bool is_dir, void *arg);

static void
end_dir(DIR **dir)
{
	if (*dir != NULL)
		closedir(*dir);
}

static bool
is_real_entry(const char *name)
{
	return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/* NULL if name is no directory, but a file, say, or a link to one. */
static DIR *
open_below(int dir, const char *name)
{
	int fd =
	    openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *out = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && out == NULL)
		close(fd);
	return out;
}

/* 0, or the first errno; goes on in spite of it. */
static int
walk(int dir, const char *name, visit_fn *visit, void *arg)
{
	OM_AUTO(end_dir) DIR *below = open_below(dir, name);
	const struct dirent *entry;
	int first = 0;
	int rc;

	while (below != NULL && (entry = readdir(below)) != NULL) {
		if (!is_real_entry(entry->d_name))
			continue;
		rc = walk(dirfd(below), entry->d_name, visit, arg);
		first = first == 0 ? rc : first;
	}
	rc = visit(dir, name, below != NULL, arg);
	return first == 0 ? rc : first;
}

static int
remove_entry(int dir, const char *name, bool is_dir, void *arg)
{
	(void)arg;
	if (unlinkat(dir, name, is_dir ? AT_REMOVEDIR : 0) == 0 ||
	    errno == ENOENT)
		return 0;
	return errno;
}

static int
weigh_entry(int dir, const char *name, bool is_dir, void *arg)
{
	struct stat st;
	int64_t *bytes = arg;

	(void)is_dir;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno;
	*bytes += (int64_t)st.st_blocks * BLOCK;
	return 0;
}

int
om_tree_make(const char *parent, char out[OM_TREE_PATH_MAX], struct om_err *err)
{
	char path[OM_TREE_PATH_MAX];

	if (parent == NULL)
		parent = getenv("TMPDIR");
	if (parent == NULL || *parent == '\0')
		parent = "/tmp";
	if (snprintf(path, sizeof(path), "%s/ordmill-XXXXXX", parent) >=
	    (int)sizeof(path))
		return om_fail(err, OM_ELIMIT, "a path is over %d bytes",
		    OM_TREE_PATH_MAX);
	if (mkdtemp(path) == NULL)
		return om_fail(err,
		    errno == ENOENT || errno == ENOTDIR ? OM_ENOENT
		    : errno == EACCES			? OM_EAUTH
							: OM_EIO,
		    "make a directory in '%s': %s", parent, strerror(errno));
	memcpy(out, path, sizeof(path));
	return 0;
}

int
om_tree_bytes(const char *path, int64_t *out_bytes, struct om_err *err)
{
	int64_t bytes = 0;
	int why = walk(AT_FDCWD, path, weigh_entry, &bytes);

	if (why != 0)
		return om_fail(err, OM_EIO, "look into '%s': %s", path,
		    strerror(why));
	*out_bytes = bytes;
	return 0;
}

int
om_tree_remove(const char *path, struct om_err *err)
{
	int why = walk(AT_FDCWD, path, remove_entry, NULL);

	if (why != 0)
		return om_fail(err, OM_EIO, "remove '%s': %s", path,
		    strerror(why));
	return 0;
}
