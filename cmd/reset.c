/* reset.c - ordmill reset [--yes] */
#include <inttypes.h>

#include "cmd/command.h"
#include "cmd/confirm.h"
#include "store/reset.h"
#include "text/json.h"

#define OUT_MAX ((size_t)16 * 1024)

struct reset_args {
	bool yes;
};

static const struct om_opt reset_opts[] = {
	OM_FLAG(struct reset_args, yes, 0, "yes",
	    "do not ask; off a terminal nothing happens without it"),
	{ 0 },
};

static const char *const reset_examples[] = {
	"what a test did to its store is undone",
	"ordmill reset -s test --yes",
	"what would be lost?",
	"ordmill reset -s test -n",
	NULL,
};

static om_run_fn reset_run;

const struct om_cmd om_cmd_reset = {
	.name = "reset",
	.summary = "bring a store back to what it was when it was made",
	.operands = "",
	.opts = reset_opts,
	.args_size = sizeof(struct reset_args),
	.run = reset_run,
	.examples = reset_examples,
};

static int
as_json(const struct om_cli *cli, const char *url, const struct om_reset *r)
{
	OM_AUTO(om_buf_fini) struct om_buf text = { 0 };
	struct om_json j;

	om_buf_init(&text, OUT_MAX);
	om_json_init(&j, &text);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.reset/1");
	om_json_cstr(&j, "store", url);
	om_json_bool(&j, "dry_run", cli->g->dry_run);
	om_json_bool(&j, "resumed", r->resumed);
	om_json_bool(&j, "template", r->templated);
	om_json_int(&j, "batches", r->batches);
	om_json_end(&j);
	fprintf(cli->out, "%.*s\n", OM_FMT(om_buf_view(&text)));
	return OM_EXIT_OK;
}

static int
show(const struct om_cli *cli, const char *url, const struct om_reset *r)
{
	if (cli->g->json)
		return as_json(cli, url, r);
	if (cli->g->quiet)
		return OM_EXIT_OK;
	fprintf(cli->out, "%sstore %s: ", cli->g->dry_run ? "dry run: " : "",
	    url);
	if (r->resumed)
		fprintf(cli->out, "what was interrupted is finished\n");
	else
		fprintf(cli->out, "back to %s, %" PRId64 " batch%s gone\n",
		    r->templated ? "the copy of its template" : "empty",
		    r->batches, r->batches == 1 ? "" : "es");
	return OM_EXIT_OK;
}

static int
reset_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct reset_args *a = args;
	const struct om_session session = {
		.access = OM_STORE_WRITE,
		.command = "reset",
		.lock_wait_ms = cli->g->lock_wait_ms,
		.clock = cli->clock,
	};
	struct om_reset r;
	const char *url;
	char what[OM_ERR_MAX / 2];

	(void)argc;
	(void)argv;
	if (om_cli_store(cli, &url, err) < 0)
		return err->code;
	snprintf(what, sizeof(what),
	    "everything in '%.200s' since it was made will be lost", url);
	if (om_cli_confirm(a->yes || cli->g->dry_run, what, err) < 0 ||
	    om_reset(url, &session, cli->g->dry_run, &r, err) < 0)
		return err->code;
	return show(cli, url, &r);
}
