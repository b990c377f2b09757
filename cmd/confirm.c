/* confirm.c - one question on the terminal; see confirm.h. */
#include "cmd/confirm.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ANSWER_MAX 16

int
om_cli_confirm(bool yes, const char *what, struct om_err *err)
{
	char answer[ANSWER_MAX];

	if (yes)
		return 0;
	if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1)
		return om_fail(err, OM_EUSAGE, "%s: say --yes if that is meant",
		    what);
	fprintf(stderr, "%s. Type yes to go on: ", what);
	if (fgets(answer, sizeof(answer), stdin) == NULL ||
	    strcmp(answer, "yes\n") != 0)
		return om_fail(err, OM_EUSAGE, "not confirmed");
	return 0;
}
