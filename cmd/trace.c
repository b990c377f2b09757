/* trace.c - ordmill trace CHANNEL/REFERENCE */
#include "ops/trace.h"
#include "cmd/command.h"
#include "cmd/render.h"

struct trace_args {
	const char *format;
};

static const struct om_opt trace_opts[] = {
	OM_TEXT_OPT(struct trace_args, format, 0, "format",
	    "text|csv|json|html", "how the answer is written (text)"),
	{ 0 },
};

static const char *const trace_examples[] = {
	"see everything that ever happened to an order",
	"ordmill trace -s S web/SO0000000001",
	"the same for a program",
	"ordmill trace -s S web/SO0000000001 --json",
	NULL,
};

static om_run_fn trace_run;

const struct om_cmd om_cmd_trace = {
	.name = "trace",
	.summary = "tell everything that ever happened to one order",
	.operands = "CHANNEL/REFERENCE",
	.operand_min = 1,
	.operand_max = 1,
	.opts = trace_opts,
	.args_size = sizeof(struct trace_args),
	.run = trace_run,
	.examples = trace_examples,
};

static int
trace_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct trace_args *a = args;
	OM_AUTO(om_store_close) struct om_store *store = NULL;
	struct om_session session = {
		.access = OM_STORE_READ,
		.command = "trace",
		.clock = cli->clock,
	};
	enum om_report_format format;
	struct om_report *report;
	const char *url;

	(void)argc;
	if (om_cli_format(cli, a->format, &format, err) < 0 ||
	    om_cli_store(cli, &url, err) < 0 ||
	    om_store_open(url, &session, &store, err) < 0 ||
	    om_trace(store, argv[0], cli->arena, &report, err) < 0 ||
	    om_cli_render(cli, report, format, err) < 0)
		return err->code;
	return OM_EXIT_OK;
}
