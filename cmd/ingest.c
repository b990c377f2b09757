/* ingest.c - ordmill ingest [--feed NAME | --map FILE] SOURCE...
 *             ordmill ingest --inbox [--map FILE | FEED...] */
#include <stdlib.h>
#include <string.h>

#include "cmd/exit.h"
#include "cmd/explain.h"
#include "cmd/feeds.h"
#include "cmd/ingest_parts.h"
#include "cmd/rejects.h"
#include "cmd/spool.h"
#include "io/url.h"

static const struct om_opt ingest_opts[] = {
	OM_TEXT_OPT(struct ingest_args, feed, 0, "feed", "NAME",
	    "a feed of the configuration or a built-in profile"
	    " (default canonical)"),
	OM_TEXT_OPT(struct ingest_args, map, 0, "map", "FILE",
	    "a feed described by this file, see ordmill-feed(5)"),
	OM_TEXT_OPT(struct ingest_args, max_rejects, 0, "max-rejects", "N|P%",
	    "load a batch with up to this many quarantined orders (default 0)"),
	OM_LIST_OPT(struct ingest_args, max_amount, 0, "max-reject-amount",
	    "AMOUNT",
	    "and if their money is no more than this, such as 1000.00EUR"),
	OM_TEXT_OPT(struct ingest_args, rejects, 0, "rejects", "DIR",
	    "also write the original rows of quarantined orders there"),
	OM_INTEGER(struct ingest_args, retries, 0, "retries", "BATCH",
	    "the source holds repaired rejects of this batch"),
	OM_TEXT_OPT(struct ingest_args, manifest, 0, "manifest", "FILE",
	    "figures that the batch must add up to"),
	OM_FLAG(struct ingest_args, inbox, 'i', "inbox",
	    "load what waits in the inbox, of the FEEDs named or of all"),
	OM_FLAG(struct ingest_args, explain, 0, "explain",
	    "show how the source is understood; needs and touches no store"),
	{ 0 },
};

static const char *const ingest_examples[] = {
	"load a shop's export; nothing is loaded if any order is bad",
	"ordmill ingest -s day --feed shopify orders_export.csv",
	"two files that belong together",
	"ordmill ingest -s day --feed tpch orders.tbl.gz lineitem.tbl.gz",
	"see what would happen, as JSON",
	"ordmill ingest -s day -n --json --map acme.yaml 'in/*.csv'",
	"a new feed: is it understood?",
	"ordmill ingest --explain --map acme.yaml acme.csv",
	"load what was fetched, feed by feed and document by document",
	"ordmill ingest -s day --inbox",
	"load repaired rejects of batch 7",
	"ordmill ingest -s day --retries 7 repaired.csv",
	NULL,
};

static om_run_fn ingest_run;

const struct om_cmd om_cmd_ingest = {
	.name = "ingest",
	.summary = "load batches of orders or payments, each exactly once",
	.operands = "SOURCE...",
	.operand_max = -1,
	.opts = ingest_opts,
	.args_size = sizeof(struct ingest_args),
	.run = ingest_run,
	.examples = ingest_examples,
};

static void
call_end(struct om_ingest_call *c)
{
	om_store_close(&c->store);
	om_feed_free(&c->feed);
	globfree(&c->sources);
	om_buf_fini(&c->json_text);
}

static int
parse_limits(const struct ingest_args *a, struct om_limits *out,
    struct om_err *err)
{
	if (a->max_rejects != NULL &&
	    om_limits_orders(out, a->max_rejects, err) < 0)
		return err->code;
	for (size_t i = 0; i < a->max_amount.count; i++)
		if (om_limits_amount(out, a->max_amount.item[i], err) < 0)
			return err->code;
	return 0;
}

/* A pattern that matches nothing stays as it is: the file is then missing. */
static int
expand(struct om_ingest_call *c, int argc, char **argv, struct om_err *err)
{
	int pipes = 0;

	for (int i = 0; i < argc; i++) {
		int flags = GLOB_NOCHECK | (i == 0 ? 0 : GLOB_APPEND);

		if (strcmp(argv[i], "-") == 0 && ++pipes > 1)
			return om_fail(err, OM_EUSAGE,
			    "standard input can be read only once");

		if (glob(argv[i], flags, NULL, &c->sources) != 0)
			return om_fail(err, OM_EUSAGE, "cannot expand '%s'",
			    argv[i]);
	}
	if (c->sources.gl_pathc % om_feed_sources(c->feed) != 0)
		return om_fail(err, OM_EUSAGE,
		    "feed '%s' takes its files in groups of %u",
		    om_feed_name(c->feed), om_feed_sources(c->feed));
	return 0;
}

/* Only the last failure is told by main(): tell the one before it here. */
void
om_ingest_failed(struct om_ingest_call *c, const struct om_err *err)
{
	int status = (int)om_exit_of(err->code);

	if (c->failed)
		fprintf(stderr, "ordmill ingest: %s\n", c->err.msg);
	c->failed = true;
	c->err = *err;
	c->status = om_exit_worst(c->status, status);
}

/* The reader names the file that is to blame; other failures are put to the
 * first of the batch. */
static void
name_source(const struct om_ingest_call *c, char **names, struct om_err *err)
{
	for (unsigned i = 0; i < om_feed_sources(c->feed); i++) {
		size_t n = strlen(names[i]);

		if (strncmp(err->msg, names[i], n) == 0 &&
		    strncmp(err->msg + n, ": ", 2) == 0)
			return;
	}
	(void)om_wrap(err, "%s", names[0]);
}

int
om_ingest_one(struct om_ingest_call *c, char **names, char **paths,
    struct om_ingest_result *r)
{
	struct om_err err = { 0 };
	unsigned n = om_feed_sources(c->feed);
	int rc;

	c->options.names = (const char *const *)names;
	rc = om_ingest(c->store, c->feed, (const char *const *)paths, n,
	    &c->options, r, &err);
	if (rc == 0 && r->open_rejects > 0)
		c->status = om_exit_worst(c->status, OM_EXIT_PARTIAL);
	if (rc < 0)
		name_source(c, names, &err);
	if (c->cli->g->json)
		om_ingest_show_json(c, names[0], r, rc < 0 ? &err : NULL);
	else if (!c->cli->g->quiet && (rc == 0 || r->books.count > 0))
		om_ingest_show(c, names[0], r);
	if (rc < 0)
		om_ingest_failed(c, &err);
	if (r->batch != 0 && c->args->rejects != NULL && r->open_rejects > 0 &&
	    om_rejects_to_dir(c->store, r->batch, c->args->rejects, &err) < 0)
		om_ingest_failed(c, &err);
	return rc;
}

static void
one_explained(struct om_ingest_call *c, char **names, char **paths)
{
	struct om_err err = { 0 };
	int64_t rejects = 0;

	if (om_cli_explain(c->cli, c->feed, names, paths, &c->json, &rejects,
		&err) < 0) {
		if (strcmp(names[0], paths[0]) != 0)
			(void)om_wrap(&err, "%s", names[0]);
		om_ingest_failed(c, &err);
	}
	if (rejects > 0)
		c->status = om_exit_worst(c->status, OM_EXIT_FOUND);
}

static int
all_batches(struct om_ingest_call *c, struct om_err *err)
{
	OM_AUTO(om_spool_end) struct om_spool spool = { 0 };
	unsigned n = om_feed_sources(c->feed);

	for (size_t i = 0; i < c->sources.gl_pathc; i += n) {
		char *paths[OM_FEED_SOURCES_MAX];
		struct om_ingest_result result = { 0 };

		if (om_url_is_http(c->sources.gl_pathv[i])) {
			om_ingest_url(c, c->sources.gl_pathv[i]);
			continue;
		}
		for (unsigned k = 0; k < n; k++)
			if (om_spool_path(&spool, c->sources.gl_pathv[i + k],
				&paths[k], err) < 0)
				return err->code;
		if (c->args->explain)
			one_explained(c, c->sources.gl_pathv + i, paths);
		else
			(void)om_ingest_one(c, c->sources.gl_pathv + i, paths,
			    &result);
	}
	return 0;
}

/* What was asked of a server cannot be taken back, and what is explained is a
 * file. */
static int
check_urls(const struct om_ingest_call *c, int argc, char **argv,
    struct om_err *err)
{
	for (int i = 0; i < argc; i++)
		if (om_url_is_http(argv[i]) &&
		    (c->args->explain || c->cli->g->dry_run))
			return om_fail(err, OM_EUSAGE,
			    "a URL excludes %s: fetch it first, see "
			    "ordmill-fetch(1)",
			    c->args->explain ? "--explain" : "--dry-run");
	return 0;
}

static int
prepare_sources(struct om_ingest_call *c, int argc, char **argv,
    struct om_err *err)
{
	const struct ingest_args *a = c->args;

	if (argc == 0)
		return om_fail(err, OM_EUSAGE,
		    "missing operand: want 'SOURCE...', or --inbox");
	if (check_urls(c, argc, argv, err) < 0 ||
	    om_cli_feed(c->cli, a->feed, a->map, &c->feed, err) < 0 ||
	    expand(c, argc, argv, err) < 0)
		return err->code;
	if (a->manifest != NULL &&
	    c->sources.gl_pathc > om_feed_sources(c->feed))
		return om_fail(err, OM_EUSAGE,
		    "--manifest speaks of one batch: name one source");
	return 0;
}

static int
prepare(struct om_ingest_call *c, int argc, char **argv, struct om_err *err)
{
	const struct ingest_args *a = c->args;

	if (a->feed != NULL && a->map != NULL)
		return om_fail(err, OM_EUSAGE,
		    "--feed and --map exclude each other");
	c->options = (struct om_ingest_options){
		.dry_run = c->cli->g->dry_run,
		.parent = a->retries,
		.deadline_ns = om_cli_deadline(c->cli),
	};
	if (parse_limits(a, &c->options.limits, err) < 0 ||
	    (!a->inbox && prepare_sources(c, argc, argv, err) < 0))
		return err->code;
	if (a->manifest != NULL) {
		if (om_manifest_load(a->manifest, &c->manifest, err) < 0)
			return err->code;
		c->options.manifest = &c->manifest;
	}
	if (a->explain)
		return 0;
	return om_cli_open(c->cli, OM_STORE_WRITE, "ingest", &c->store, err);
}

static int
ingest_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	OM_AUTO(call_end)
	struct om_ingest_call c = { .cli = cli, .args = args };

	om_buf_init(&c.json_text, (size_t)64 * 1024 * 1024);
	if (prepare(&c, argc, argv, err) < 0)
		return err->code;
	om_json_init(&c.json, &c.json_text);
	om_json_object(&c.json, NULL);
	om_json_cstr(&c.json, "schema",
	    c.args->explain ? "ordmill.explain/1" : "ordmill.ingest/1");
	om_json_array(&c.json, "batches");
	if ((c.args->inbox ? om_ingest_inbox(&c, argc, argv, err)
			   : all_batches(&c, err)) < 0)
		return err->code;
	om_json_end(&c.json);
	om_json_end(&c.json);
	if (cli->g->json)
		fprintf(cli->out, "%.*s\n", OM_FMT(om_buf_view(&c.json_text)));
	if (!c.failed)
		return c.status;
	*err = c.err;
	return c.status; /* main() tells the last failure */
}
