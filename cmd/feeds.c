/* feeds.c - find the feed of a call; see feeds.h. */
#include "cmd/feeds.h"

#include "cmd/config.h"

#define DEFAULT_FEED "canonical"

int
om_cli_feed(const struct om_cli *cli, const char *name, const char *map,
    struct om_feed **out, struct om_err *err)
{
	const struct om_config_file *file;
	const struct om_yaml *block;
	struct om_config config;

	if (map != NULL)
		return om_feed_load(map, out, err);
	if (name == NULL)
		name = DEFAULT_FEED;
	if (om_config_load(cli, &config, err) < 0)
		return err->code;
	block = om_config_feed(&config, name, &file);
	if (block != NULL)
		return om_feed_compile(name, file->path, block, out, err);
	return om_feed_builtin(name, out, err);
}
