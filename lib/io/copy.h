/*
 * copy.h - copies of files, in no time where the file system can.
 *
 * A file system that shares blocks (XFS, Btrfs, bcachefs) makes the copy by
 * reference; elsewhere the kernel moves the bytes. What comes back is durable:
 * the copy's content is on the disk, its name once om_copy_sync() was called
 * for its directory.
 */
#ifndef OM_IO_COPY_H
#define OM_IO_COPY_H

#include "base/err.h"

/* to is made, or replaced in place. OM_ENOENT: from cannot be read. OM_EOUTPUT:
 * to cannot be written in full; what is there then is of no use. */
OM_MUST_USE int om_copy_file(const char *from, const char *to,
    struct om_err *err);

#endif
