/* config_feed.c - the feed that a command line names. */
#include "cmd/config.h"
#include "feed/feed.h"

int
om_cli_feed(const struct om_cli *cli, const char *name, const char *map,
    struct om_feed **out, struct om_err *err)
{
	const struct om_config_file *file;
	const struct om_yaml *block;
	struct om_config config;

	if (map != NULL)
		return om_feed_load(map, out, err);
	if (om_config_load(cli, &config, err) < 0)
		return err->code;
	block = om_config_feed(&config, name, &file);
	if (block != NULL)
		return om_feed_compile(name, file->path, block, out, err);
	return om_feed_builtin(name, out, err);
}
