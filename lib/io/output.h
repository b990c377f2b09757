/*
 * output.h - bytes out: standard output, or a file that appears whole.
 *
 * A file is written under a temporary name in its own directory, flushed to
 * the disk and renamed at commit; without a commit it never appears. Every
 * failure to write in full, also on standard output, is OM_EOUTPUT.
 *
 * A file that exists keeps its mode, and a symbolic link its name: its target
 * is replaced. What is no regular file (a pipe, /dev/null) is written straight
 * to. Whoever prints to a pipe ignores SIGPIPE first.
 */
#ifndef OM_IO_OUTPUT_H
#define OM_IO_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"

struct om_output {
	FILE *f;	  /* print here */
	char *path;	  /* NULL: standard output */
	char *temp;	  /* NULL: written straight to */
	bool broken_pipe; /* commit failed only because no one reads on */
	struct om_arena names;
};

/* path NULL or "-": standard output. */
OM_MUST_USE int om_output_open(const char *path, struct om_output *out,
    struct om_err *err);

/* Flush, sync and rename. After a failure the file is as it was. */
OM_MUST_USE int om_output_commit(struct om_output *out, struct om_err *err);
void om_output_end(struct om_output *out); /* drops what is uncommitted */

/* Write n bytes to path at once, by temporary file, fsync and rename. mode is
 * as for open(2). */
OM_MUST_USE int om_file_replace(const char *path, const void *bytes, size_t n,
    unsigned mode, struct om_err *err);

/* So that a name made or taken away in the folder of path lasts. */
void om_sync_folder_of(const char *path);

#endif
