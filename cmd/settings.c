/* settings.c - what a command was told by flag, environment or file. */
#include <stdlib.h>

#include "cmd/command.h"

int
om_cli_store(const struct om_cli *cli, const char **out_url, struct om_err *err)
{
	const char *url = cli->g->store;

	if (url == NULL)
		url = getenv("ORDMILL_STORE");
	if (url == NULL || *url == '\0')
		return om_fail(err, OM_EUSAGE,
		    "which store? name it with --store, $ORDMILL_STORE or "
		    "'store:' in the configuration");
	*out_url = url;
	return 0;
}
