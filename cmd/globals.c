/* globals.c - the options that every command takes, and their defaults. */
#include "cmd/command.h"

const struct om_opt om_global_opts[] = {
	OM_TEXT_OPT(struct om_globals, store, 's', "store", "URL",
	    "a directory or postgresql://...; default: $ORDMILL_STORE"),
	OM_TEXT_OPT(struct om_globals, config, 0, "config", "FILE",
	    "read this configuration instead of the usual files"),
	OM_FLAG(struct om_globals, no_config, 0, "no-config",
	    "read no configuration file"),
	OM_FLAG(struct om_globals, json, 0, "json",
	    "print one JSON document on standard output"),
	OM_TEXT_OPT(struct om_globals, output, 'o', "output", "FILE",
	    "write data to this file, which appears whole or not at all"),
	OM_FLAG(struct om_globals, dry_run, 'n', "dry-run",
	    "do everything but keep nothing"),
	OM_FLAG(struct om_globals, quiet, 'q', "quiet", "say only what failed"),
	OM_COUNTER(struct om_globals, verbose, 'v', "verbose",
	    "say more; given twice, say even more"),
	OM_TEXT_OPT(struct om_globals, progress, 0, "progress",
	    "auto|lines|none",
	    "how to show progress; auto: a bar on a terminal's standard error"),
	OM_DURATION(struct om_globals, lock_wait_ms, 0, "lock-wait", "DURATION",
	    "wait this long for another run to finish; default: 0"),
	OM_DURATION(struct om_globals, max_duration_ms, 0, "max-duration",
	    "DURATION", "stop at the first checkpoint after this long"),
	OM_TEXT_OPT(struct om_globals, log_format, 0, "log-format", "text|json",
	    "how a failure is told; json: its last line is a JSON object"),
	OM_FLAG(struct om_globals, help, 'h', "help", "show help and stop"),
	OM_FLAG(struct om_globals, version, 0, "version",
	    "show the version and stop"),
	{ 0 },
};

void
om_globals_init(struct om_globals *globals)
{
	*globals = (struct om_globals){
		.progress = "auto",
		.log_format = "text",
	};
}
