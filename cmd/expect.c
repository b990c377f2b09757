/* expect.c - ordmill expect NAME=VALUE... */
#include "ops/expect.h"
#include "cmd/command.h"
#include "text/json.h"

#define OUT_MAX ((size_t)16 * 1024 * 1024)

static const struct om_opt expect_opts[] = {
	{ 0 },
};

static const char *const expect_examples[] = {
	"fail the job unless all orders came in, and nothing was put aside",
	"ordmill expect -s S orders=7 total.EUR=2093.85 rejects=0",
	"after the passes, nothing may be left where it came in",
	"ordmill expect -s S state.received=0 due.EUR=0.00 --json",
	NULL,
};

static om_run_fn expect_run;

const struct om_cmd om_cmd_expect = {
	.name = "expect",
	.summary = "exit 1 unless the store holds what is expected",
	.operands = "NAME=VALUE...",
	.operand_min = 1,
	.operand_max = -1,
	.opts = expect_opts,
	.run = expect_run,
	.examples = expect_examples,
};

static void
as_text(const struct om_expectation *e, size_t n, FILE *out)
{
	for (size_t i = 0; i < n; i++) {
		if (e[i].met)
			fprintf(out, "ok      %s=%s\n", e[i].name, e[i].got);
		else
			fprintf(out, "failed  %s: wanted %s, got %s\n",
			    e[i].name, e[i].wanted, e[i].got);
	}
}

static void
as_json(const struct om_expectation *e, size_t n, bool met, FILE *out)
{
	struct om_buf text OM_AUTO(om_buf_fini) = { 0 };
	struct om_json j;

	om_buf_init(&text, OUT_MAX);
	om_json_init(&j, &text);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.expect/1");
	om_json_bool(&j, "met", met);
	om_json_array(&j, "expectations");
	for (size_t i = 0; i < n; i++) {
		om_json_object(&j, NULL);
		om_json_cstr(&j, "name", e[i].name);
		om_json_cstr(&j, "wanted", e[i].wanted);
		om_json_cstr(&j, "got", e[i].got);
		om_json_bool(&j, "met", e[i].met);
		om_json_end(&j);
	}
	om_json_end(&j);
	om_json_end(&j);
	fprintf(out, "%s\n", text.p);
}

/* getopt-like parsers want char *const *; the library asks for const text. */
static const char *const *
words_of(const struct om_cli *cli, int argc, char **argv)
{
	const char **words =
	    om_alloc(cli->arena, (size_t)argc * sizeof(*words));

	for (int i = 0; i < argc; i++)
		words[i] = argv[i];
	return words;
}

static int
expect_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	size_t n = (size_t)argc;
	struct om_expectation *e = om_alloc(cli->arena, n * sizeof(*e));
	OM_AUTO(om_store_close) struct om_store *store = NULL;
	struct om_session session = {
		.access = OM_STORE_READ,
		.command = "expect",
		.clock = cli->clock,
	};
	const char *url;
	bool met = true;

	(void)args;
	if (om_cli_store(cli, &url, err) < 0 ||
	    om_store_open(url, &session, &store, err) < 0 ||
	    om_expect(store, cli->arena, words_of(cli, argc, argv), n, e, err) <
		0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		met = met && e[i].met;
	if (cli->g->json)
		as_json(e, n, met, cli->out);
	else if (!cli->g->quiet || !met)
		as_text(e, n, cli->out);
	return met ? OM_EXIT_OK : OM_EXIT_FOUND;
}
