/* status.c - ordmill status [--fail-if-stale DUR] [--format F] */
#include <string.h>

#include "cmd/command.h"
#include "cmd/render.h"
#include "ops/status.h"

#define PROM_MAX ((size_t)1024 * 1024)

struct status_args {
	int64_t stale_ms;
	const char *format;
};

/* clang-format off */
static const struct om_opt status_opts[] = {
	OM_DURATION(struct status_args, stale_ms, 0, "fail-if-stale", "DUR",
	    "exit 1 if nothing has succeeded for that long"),
	OM_TEXT_OPT(struct status_args, format, 0, "format",
	    "text|csv|json|html|prom", "how the answer is written (text)"),
	{ 0 },
};
/* clang-format on */

static const char *const status_examples[] = {
	"see how the store is doing",
	"ordmill status -s S",
	"raise an alarm when no batch came in for an hour",
	"ordmill status -s S --fail-if-stale 1h -q",
	"feed the textfile collector of Prometheus",
	"ordmill status -s S --format prom -o /var/lib/node/ordmill.prom",
	NULL,
};

static om_run_fn status_run;

const struct om_cmd om_cmd_status = {
	.name = "status",
	.summary = "tell how the store is doing: batches, runs, locks, backlog",
	.opts = status_opts,
	.args_size = sizeof(struct status_args),
	.run = status_run,
	.examples = status_examples,
};

static int
print_prometheus(const struct om_cli *cli, const struct om_status *s,
    struct om_err *err)
{
	struct om_buf text OM_AUTO(om_buf_fini) = { 0 };

	om_buf_init(&text, PROM_MAX);
	om_status_prometheus(s, &text);
	if (om_buf_over(&text))
		return om_fail(err, OM_ELIMIT, "status is over %zu bytes",
		    PROM_MAX);
	fwrite(text.p, 1, text.n, cli->out);
	return 0;
}

static int
print_status(const struct om_cli *cli, const struct om_status *s,
    const struct status_args *a, bool prometheus, enum om_report_format format,
    struct om_err *err)
{
	if (prometheus)
		return print_prometheus(cli, s, err);
	return om_cli_render(cli,
	    om_status_report(s, a->stale_ms / 1000, cli->arena), format, err);
}

/* A duration under a second would mean 0, which means none. */
static int
check_args(const struct om_cli *cli, const struct status_args *a,
    bool prometheus, struct om_err *err)
{
	if (a->stale_ms != 0 && a->stale_ms < 1000)
		return om_fail(err, OM_EUSAGE,
		    "--fail-if-stale: at least a second");
	if (prometheus && cli->g->json)
		return om_fail(err, OM_EUSAGE, "--json excludes --format prom");
	return 0;
}

static int
status_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct status_args *a = args;
	bool prometheus = a->format != NULL && strcmp(a->format, "prom") == 0;
	OM_AUTO(om_store_close) struct om_store *store = NULL;
	struct om_session session = {
		.access = OM_STORE_READ,
		.command = "status",
		.clock = cli->clock,
	};
	enum om_report_format format;
	struct om_status s;
	const char *url;
	bool stale;

	(void)argc;
	(void)argv;
	if (check_args(cli, a, prometheus, err) < 0 ||
	    om_cli_format(cli, prometheus ? NULL : a->format, &format, err) <
		0 ||
	    om_cli_store(cli, &url, err) < 0 ||
	    om_store_open(url, &session, &store, err) < 0 ||
	    om_status_read(store, cli->arena, &s, err) < 0)
		return err->code;
	stale = a->stale_ms > 0 && om_status_stale(&s, a->stale_ms / 1000);
	if ((!cli->g->quiet || stale || om_status_troubled(&s)) &&
	    print_status(cli, &s, a, prometheus, format, err) < 0)
		return err->code;
	if (om_status_troubled(&s))
		return OM_EXIT_PARTIAL;
	return stale ? OM_EXIT_FOUND : OM_EXIT_OK;
}
