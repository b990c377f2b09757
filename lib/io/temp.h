/*
 * temp.h - scratch files that vanish: unlinked as soon as they are open.
 */
#ifndef OM_IO_TEMP_H
#define OM_IO_TEMP_H

#include <stdio.h>

#include "base/err.h"

/* dir NULL: $TMPDIR, else /tmp. Read and write; gone when closed. */
OM_MUST_USE int om_temp_open(const char *dir, FILE **out, struct om_err *err);

#endif
