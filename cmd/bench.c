/* bench.c - ordmill bench [--orders N] [--shards N] [--dir DIR] */
#include "cmd/bench.h"

#include "cmd/session.h"
#include "io/aside.h"

#define ORDERS_DEFAULT 1000000
#define BREAKS_DEFAULT 60

_Static_assert(sizeof(struct om_bench) <= OM_ASIDE_RESULT_MAX,
    "what is measured fits what another process may answer");

struct bench_args {
	int64_t orders;
	int64_t shards;
	const char *dir;
};

/* clang-format off */
static const struct om_opt bench_opts[] = {
	OM_INTEGER_IN(struct bench_args, orders, 0, "orders", "N",
	    "how many orders to measure with (1000000)", 1,
	    OM_STEP_COUNT_MAX / 4),
	OM_INTEGER_IN(struct bench_args, shards, 0, "shards", "N",
	    "over how many shards to spread them (one a processor)", 1,
	    OM_SHARDS_MAX),
	OM_TEXT_OPT(struct bench_args, dir, 0, "dir", "DIR",
	    "where to put a temporary directory ($TMPDIR, else /tmp)"),
	{ 0 },
};
/* clang-format on */

static const char *const bench_examples[] = {
	"does this machine do what it is asked?",
	"ordmill bench",
	"measure the disk that the store is to be on, with more orders",
	"ordmill bench --orders 10000000 --dir /mnt/other/",
	"keep the figures",
	"ordmill bench --orders 200000 --json -o bench.json",
	NULL,
};

static om_run_fn bench_run;

const struct om_cmd om_cmd_bench = {
	.name = "bench",
	.summary = "measure this machine with made-up orders",
	.opts = bench_opts,
	.args_size = sizeof(struct bench_args),
	.run = bench_run,
	.examples = bench_examples,
};

/* A shard is written by a thread. */
static unsigned
shards_for_all_processors(void)
{
	struct om_machine machine;

	om_machine_read("/", &machine);
	if (machine.processors < 1)
		return 1;
	return machine.processors > OM_SHARDS_MAX
		   ? OM_SHARDS_MAX
		   : (unsigned)machine.processors;
}

static int
bench_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct bench_args *a = args;
	struct om_bench_plan plan = {
		.cli = cli,
		.orders = a->orders == 0 ? ORDERS_DEFAULT : a->orders,
		.breaks = BREAKS_DEFAULT,
		.shards = (unsigned)a->shards,
		.deadline_ns = om_cli_deadline(cli),
	};
	struct om_bench bench;
	bool good;

	(void)argc;
	(void)argv;
	if (plan.shards == 0)
		plan.shards = shards_for_all_processors();
	if (plan.breaks > plan.orders)
		plan.breaks = plan.orders;
	if (om_aside_run(a->dir, om_bench_work, &plan, &bench, sizeof(bench),
		err) < 0)
		return err->code;
	good = om_bench_good(&bench);
	if (cli->g->json)
		om_bench_json(&plan, &bench, cli->out);
	else if (!cli->g->quiet || !good)
		om_bench_text(&plan, &bench, cli->out);
	return good ? OM_EXIT_OK : OM_EXIT_FOUND;
}
