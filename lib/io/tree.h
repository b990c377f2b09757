/*
 * tree.h - a directory of our own with all that is in it: made, weighed, gone.
 */
#ifndef OM_IO_TREE_H
#define OM_IO_TREE_H

#include <stdint.h>

#include "base/err.h"

#define OM_TREE_PATH_MAX 1024

/* A new directory parent/ordmill-XXXXXX that only its owner may enter. parent
 * NULL: $TMPDIR, else /tmp. OM_ENOENT if there is no such parent. */
OM_MUST_USE int om_tree_make(const char *parent, char out[OM_TREE_PATH_MAX],
    struct om_err *err);

/* What its files take on the disk, links not followed. */
OM_MUST_USE int om_tree_bytes(const char *path, int64_t *out_bytes,
    struct om_err *err);

/* Remove it and everything below, links not followed. What is gone already is
 * no failure; what cannot be removed does not keep the rest. */
OM_MUST_USE int om_tree_remove(const char *path, struct om_err *err);

#endif
