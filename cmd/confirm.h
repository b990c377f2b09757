/* confirm.h - ask a person before something is lost. */
#ifndef OM_CMD_CONFIRM_H
#define OM_CMD_CONFIRM_H

#include <stdbool.h>

#include "base/err.h"

/* yes: --yes was given, and nobody is asked. OM_EUSAGE: nobody can be asked,
 * because standard input or standard error is no terminal, or the answer was
 * not "yes". */
OM_MUST_USE int om_cli_confirm(bool yes, const char *what, struct om_err *err);

#endif
