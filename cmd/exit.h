/*
 * exit.h - the exit status of a failure, as ordmill-exit(7) promises it.
 */
#ifndef OM_CMD_EXIT_H
#define OM_CMD_EXIT_H

#include "cmd/command.h"

enum om_exit om_exit_of(enum om_code code);

#endif
