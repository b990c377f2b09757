/* feeds.c - find the feed of a call; see feeds.h. */
#include "cmd/feeds.h"

#define DEFAULT_FEED "canonical"

int
om_cli_feed(const struct om_cli *cli, const char *name, const char *map,
    struct om_feed **out, struct om_err *err)
{
	(void)cli;
	if (map != NULL)
		return om_feed_load(map, out, err);
	return om_feed_builtin(name == NULL ? DEFAULT_FEED : name, out, err);
}
