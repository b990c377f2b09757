/*
 * aside.h - work in a directory that is gone when the work is over.
 *
 * The work is done by a child process, so that however it ends, by a return, a
 * crash, or a signal to either of them, the parent removes the directory. Only
 * kill -9 of the parent leaves it behind (the child ends with its parent).
 *
 * The caller has no threads yet and no open database. What the child printed
 * to a stream and did not flush is lost: it returns its findings instead.
 */
#ifndef OM_IO_ASIDE_H
#define OM_IO_ASIDE_H

#include <stddef.h>

#include "base/err.h"

#define OM_ASIDE_RESULT_MAX ((size_t)2048)

/* In the child: 0 with the result filled in (plain bytes, no pointers into the
 * heap), or a negative code with *err. */
typedef int om_aside_fn(const void *arg, const char *dir, void *result,
    struct om_err *err);

/*
 * Make a directory in parent (as om_tree_make() does), work in it, remove it.
 * The result (size bytes, at most the maximum) is filled in on success. A
 * signal that would end the process (hang-up, interrupt, quit, terminate) ends
 * it, after the directory was removed. OM_EINTERNAL: the child crashed.
 */
OM_MUST_USE int om_aside_run(const char *parent, om_aside_fn *work,
    const void *arg, void *result, size_t size, struct om_err *err);

#endif
