/* feeds.h - which feed does a command line mean? */
#ifndef OM_CMD_FEEDS_H
#define OM_CMD_FEEDS_H

#include "cmd/command.h"
#include "feed/feed.h"

/* By --map FILE, else by --feed NAME (NULL: canonical): in `feeds:` of the
 * configuration, else built in. The feed does not outlive cli->arena. */
OM_MUST_USE int om_cli_feed(const struct om_cli *cli, const char *name,
    const char *map, struct om_feed **out, struct om_err *err);

#endif
