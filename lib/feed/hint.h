/*
 * hint.h - what a file that could not be read as rows looks like instead.
 */
#ifndef OM_FEED_HINT_H
#define OM_FEED_HINT_H

#include "base/err.h"

/* Add to the message of a failed opening which format, or delimiter, the first
 * bytes of the file speak for, if any other than the one that was tried. A file
 * that cannot be read again, such as a pipe, is left alone. */
void om_hint(const char *path, char delimiter, struct om_err *err);

#endif
