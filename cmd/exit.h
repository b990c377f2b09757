/*
 * exit.h - the exit status of a failure, as ordmill-exit(7) promises it.
 */
#ifndef OM_CMD_EXIT_H
#define OM_CMD_EXIT_H

#include "cmd/command.h"

#define OM_EXIT_MAX 70

enum om_exit om_exit_of(enum om_code code);
/* "done", "found something", ...; NULL for a number that promises nothing. */
const char *om_exit_meaning(int status);

#endif
