/* tree.c - see tree.h. */
#define _XOPEN_SOURCE 700 /* nftw */
#include "tree.h"

#include <ftw.h>
#include <stdio.h>

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *where)
{
	(void)st;
	(void)flag;
	(void)where;
	return remove(path);
}

void
tree_remove(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
