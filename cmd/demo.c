/* demo.c - ordmill demo [--orders N] [--breaks N] [--seed N] [DIR] */
#include "cmd/demo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/init.h"
#include "feed/feed.h"
#include "ingest/ingest.h"
#include "io/output.h"
#include "ops/daily.h"
#include "pass/run.h"

#define REPORT_MAX ((size_t)64 * 1024 * 1024)
#define MIX	   "EUR:70,USD:20,JPY:5,KWD:5"
#define START	   "2026-01-01"

struct demo_args {
	int64_t orders;
	int64_t breaks;
	int64_t seed;
	int64_t shards;
};

static const struct om_opt demo_opts[] = {
	OM_INTEGER(struct demo_args, orders, 0, "orders", "N",
	    "how many orders to make (10000)"),
	OM_INTEGER(struct demo_args, breaks, 0, "breaks", "N",
	    "how many breaks to plant in the statement (60)"),
	OM_INTEGER(struct demo_args, seed, 0, "seed", "N",
	    "another seed, other data (42)"),
	OM_INTEGER(struct demo_args, shards, 0, "shards", "N",
	    "over how many shards to spread the orders (2)"),
	{ 0 },
};

static const char *const demo_examples[] = {
	"the main job from end to end, in a new directory under /tmp",
	"ordmill demo",
	"the same with more orders, in a directory of your choice",
	"ordmill demo --orders 100000 --breaks 300 trial",
	NULL,
};

static om_run_fn demo_run;

const struct om_cmd om_cmd_demo = {
	.name = "demo",
	.summary = "run the main job on made-up orders and check the outcome",
	.operands = "[DIR]",
	.operand_max = 1,
	.opts = demo_opts,
	.args_size = sizeof(struct demo_args),
	.run = demo_run,
	.examples = demo_examples,
};

static void
demo_end(struct om_demo *d)
{
	om_store_close(&d->store);
}

/* Show the command that does the same. */
static void
say(const struct om_demo *d, const char *line)
{
	if (!d->cli->g->quiet)
		fprintf(d->cli->out, "$ ordmill %s\n", line);
}

static int
choose_dir(struct om_demo *d, int argc, char **argv, struct om_err *err)
{
	const char *tmp = getenv("TMPDIR");

	if (argc > 0) {
		snprintf(d->dir, sizeof(d->dir), "%.900s", argv[0]);
		if (mkdir(d->dir, 0777) != 0 && errno != EEXIST)
			return om_fail(err, OM_EIO, "make directory '%s': %s",
			    d->dir, strerror(errno));
		return 0;
	}
	snprintf(d->dir, sizeof(d->dir), "%.900s/ordmill-demo-XXXXXX",
	    tmp == NULL || tmp[0] == '\0' ? "/tmp" : tmp);
	if (mkdtemp(d->dir) == NULL)
		return om_fail(err, OM_EIO, "make directory '%s': %s", d->dir,
		    strerror(errno));
	return 0;
}

static void
name_files(struct om_demo *d)
{
	const struct {
		char *path;
		const char *name;
	} files[] = {
		{ d->store_url, "store" },
		{ d->orders, "orders.csv" },
		{ d->statement, "statement.csv" },
		{ d->answers, "answers.csv" },
		{ d->daily_html, "daily.html" },
		{ d->breaks_html, "reconciliation.html" },
	};

	for (size_t i = 0; i < OM_COUNT(files); i++)
		snprintf(files[i].path, OM_DEMO_PATH, "%.900s/%s", d->dir,
		    files[i].name);
}

static int
make_data(struct om_demo *d, const struct demo_args *a, struct om_err *err)
{
	d->gen = (struct om_gen_options){
		.seed = a->seed == 0 ? 42 : (uint64_t)a->seed,
		.orders = a->orders == 0 ? 10000 : a->orders,
		.breaks = a->breaks == 0 ? 60 : a->breaks,
		.lines = 3,
		.channel = "web",
		.days = 30,
		.parts = 1,
		.part = 1,
	};
	if (d->gen.breaks > d->gen.orders)
		d->gen.breaks = d->gen.orders;
	if (om_gen_mix_parse(OM_STR(MIX), &d->gen.mix, err) < 0 ||
	    om_time_parse(OM_STR(START), &d->gen.start, err) < 0)
		return err->code;
	say(d, "gen DIR");
	return om_gen_run(&d->gen, d->dir, &d->made, err);
}

static int
open_store(struct om_demo *d, const struct demo_args *a, struct om_err *err)
{
	const struct om_store_plan plan = {
		.shards = a->shards == 0 ? 2 : (unsigned)a->shards,
	};
	const struct om_session session = { .access = OM_STORE_WRITE,
		.command = "demo",
		.lock_wait_ms = d->cli->g->lock_wait_ms,
		.clock = d->cli->clock };

	if (a->shards < 0 || a->shards > OM_SHARDS_MAX)
		return om_fail(err, OM_EUSAGE, "--shards wants 1 to %d",
		    OM_SHARDS_MAX);
	say(d, "init -s DIR/store --if-missing");
	if (!om_store_exists(d->store_url) &&
	    om_store_create(d->store_url, &plan, &d->cli->clock, err) < 0)
		return err->code;
	if (om_store_open(d->store_url, &session, &d->store, err) < 0)
		return err->code;
	return om_init_key(d->store, err);
}

static int
load(struct om_demo *d, const char *profile, const char *path,
    struct om_err *err)
{
	OM_AUTO(om_feed_free) struct om_feed *feed = NULL;
	const struct om_ingest_options options = { 0 };
	struct om_ingest_result result;

	if (om_feed_builtin(profile, &feed, err) < 0 ||
	    om_ingest(d->store, feed, &path, 1, &options, &result, err) < 0)
		return om_wrap(err, "%s", path);
	if (!d->cli->g->quiet)
		om_cli_books(d->cli->out, &result.books);
	return 0;
}

static int
run_passes(struct om_demo *d, struct om_err *err)
{
	const struct om_run_options options = { .only_shard = -1 };
	struct om_run_result result;

	say(d, "run -s DIR/store");
	for (size_t i = 0; om_passes[i] != NULL; i++)
		if (om_pass_run(d->store, om_passes[i], &options, &result,
			err) < 0)
			return om_wrap(err, "%s", om_passes[i]->name);
	return 0;
}

static int
write_html(const struct om_report *report, const char *path, struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf html;

	om_buf_init(&html, REPORT_MAX);
	om_report_render(report, OM_AS_HTML, &html);
	return om_file_replace(path, html.p, html.n, 0644, err);
}

static int
reconcile(struct om_demo *d, struct om_err *err)
{
	say(d, "reconcile -s DIR/store store:orders DIR/statement.csv"
	       " --key reference --compare amount --answers DIR/answers.csv");
	if (om_planted_find(d->store, d->statement, d->answers, d->cli->arena,
		&d->breaks, err) < 0)
		return err->code;
	return write_html(d->breaks.report, d->breaks_html, err);
}

static int
write_daily(struct om_demo *d, struct om_err *err)
{
	struct om_report *report;
	bool closed = false;

	say(d, "report daily -s DIR/store --format html -o DIR/daily.html");
	if (om_daily(d->store, om_now(&d->cli->clock), d->cli->arena, &report,
		&closed, err) < 0)
		return err->code;
	if (!closed)
		return om_fail(err, OM_EINTERNAL, "a book does not close");
	return write_html(report, d->daily_html, err);
}

static int
verify(struct om_demo *d, struct om_err *err)
{
	const struct om_verify_plan plan = { 0 };

	say(d, "audit verify -s DIR/store");
	return om_verify(d->store, &plan, d->cli->arena, &d->verified, err);
}

static int
steps(struct om_demo *d, const struct demo_args *a, struct om_err *err)
{
	if (make_data(d, a, err) < 0 || open_store(d, a, err) < 0)
		return err->code;
	say(d, "ingest -s DIR/store DIR/orders.csv");
	if (load(d, "canonical", d->orders, err) < 0)
		return err->code;
	say(d, "ingest -s DIR/store --feed payments DIR/statement.csv");
	if (load(d, "payments", d->statement, err) < 0 ||
	    run_passes(d, err) < 0)
		return err->code;
	if (reconcile(d, err) < 0 || write_daily(d, err) < 0 ||
	    verify(d, err) < 0 ||
	    om_census_take(d->store, d->cli->arena, &d->census, err) < 0)
		return err->code;
	return om_demo_summary(d, err);
}

static int
demo_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	OM_AUTO(demo_end) struct om_demo d = { .cli = cli };

	if (choose_dir(&d, argc, argv, err) < 0)
		return err->code;
	name_files(&d);
	if (!cli->g->quiet)
		fprintf(cli->out, "DIR=%s\n", d.dir);
	if (steps(&d, args, err) < 0)
		return err->code;
	return d.good ? OM_EXIT_OK : OM_EXIT_FOUND;
}
