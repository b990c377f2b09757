/* spool.h - standard input as a file, because a batch is read twice. */
#ifndef OM_CMD_SPOOL_H
#define OM_CMD_SPOOL_H

#include <stdio.h>

#include "base/err.h"

/* Holds at most one copy of standard input: it can be read only once. */
struct om_spool {
	FILE *file;
	char path[32];
};

/* name, or for "-" the path of a temporary file with all of standard input,
 * whose place it takes; it vanishes with om_spool_end() and the process. */
OM_MUST_USE int om_spool_path(struct om_spool *spool, char *name,
    char **out_path, struct om_err *err);
void om_spool_end(struct om_spool *spool);

#endif
