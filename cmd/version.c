/* version.c - ordmill version */
#include "cmd/command.h"

static const struct om_opt version_opts[] = {
	{ 0 },
};

static const char *const version_examples[] = {
	"say which version this is",
	"ordmill version",
	NULL,
};

static om_run_fn version_run;

const struct om_cmd om_cmd_version = {
	.name = "version",
	.summary = "print the version of the program and its libraries",
	.opts = version_opts,
	.run = version_run,
	.examples = version_examples,
};

static int
version_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	(void)args;
	(void)argc;
	(void)argv;
	(void)err;
	fprintf(cli->out, "ordmill %s\n", OM_VERSION);
	return OM_EXIT_OK;
}
