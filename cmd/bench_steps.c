/* bench_steps.c - generate, load, validate, reconcile, verify; see bench.h. */
#include <sys/resource.h>

#include "audit/verify.h"
#include "cmd/bench.h"
#include "cmd/init.h"
#include "cmd/planted.h"
#include "ingest/ingest.h"
#include "io/tree.h"
#include "ops/gen.h"
#include "pass/run.h"

#define SEED	       42
#define DAYS	       30
#define START	       "2026-01-01"
#define MIX	       "EUR:70,USD:20,JPY:5,KWD:5"
#define PATH_MAX_BYTES (OM_TREE_PATH_MAX + 16)

/* A measurement under way. */
struct going {
	const struct om_bench_plan *plan;
	struct om_bench *b;
	const char *dir;
	struct om_gen_options gen;
	struct om_gen_summary made;
	struct om_store *store;
	int64_t started; /* the step */
};

static void
going_end(struct going *g)
{
	om_store_close(&g->store);
}

static void
path_of(const struct going *g, const char *name, char out[PATH_MAX_BYTES])
{
	snprintf(out, PATH_MAX_BYTES, "%s/%s", g->dir, name);
}

static void
begin(struct going *g)
{
	g->started = om_monotonic_ns();
}

static void
end(struct going *g, enum om_bench_step step, int64_t count)
{
	g->b->step[step].count = count;
	g->b->step[step].ns = om_monotonic_ns() - g->started;
}

static int
generate(struct going *g, struct om_err *err)
{
	g->gen = (struct om_gen_options){
		.seed = SEED,
		.orders = g->plan->orders,
		.random_references = true,
		.breaks = g->plan->breaks,
		.channel = "canonical",
		.days = DAYS,
		.parts = 1,
		.part = 1,
	};
	if (om_gen_mix_parse(OM_STR(MIX), &g->gen.mix, err) < 0 ||
	    om_time_parse(OM_STR(START), &g->gen.start, err) < 0)
		return err->code;
	begin(g);
	if (om_gen_run(&g->gen, g->dir, &g->made, err) < 0)
		return err->code;
	end(g, OM_BENCH_GENERATE, g->made.orders);
	g->b->made = g->made.orders;
	return 0;
}

static int
make_store(struct going *g, struct om_err *err)
{
	const struct om_clock *clock = &g->plan->cli->clock;
	const struct om_store_plan plan = { .shards = g->plan->shards };
	const struct om_session session = {
		.access = OM_STORE_WRITE,
		.command = "bench",
		.clock = *clock,
	};
	char url[PATH_MAX_BYTES];

	path_of(g, "store", url);
	if (om_store_create(url, &plan, clock, err) < 0 ||
	    om_store_open(url, &session, &g->store, err) < 0)
		return err->code;
	return om_init_key(g->store, err);
}

static int64_t
created_minor(const struct om_books *books, const struct om_currency *currency)
{
	for (size_t i = 0; i < books->count; i++)
		if (books->page[i].currency == currency)
			return books->page[i].amount_minor[OM_CREATED];
	return 0;
}

static bool
money_agrees(const struct going *g, const struct om_books *books)
{
	for (int i = 0; i < g->gen.mix.count; i++)
		if (created_minor(books, g->gen.mix.part[i].currency) !=
		    g->made.money[i].total_minor)
			return false;
	return true;
}

static int
load(struct going *g, struct om_err *err)
{
	OM_AUTO(om_feed_free) struct om_feed *feed = NULL;
	const struct om_ingest_options options = {
		.deadline_ns = g->plan->deadline_ns,
	};
	struct om_ingest_result result;
	char path[PATH_MAX_BYTES];
	const char *paths[] = { path };

	path_of(g, "orders.csv", path);
	if (om_feed_builtin("canonical", &feed, err) < 0)
		return err->code;
	begin(g);
	if (om_ingest(g->store, feed, paths, 1, &options, &result, err) < 0)
		return err->code;
	g->b->created = om_books_orders(&result.books, OM_CREATED);
	g->b->money_agrees = money_agrees(g, &result.books);
	end(g, OM_BENCH_LOAD, om_books_orders(&result.books, OM_READ));
	return 0;
}

static int
validate(struct going *g, struct om_err *err)
{
	const struct om_run_options options = {
		.only_shard = -1,
		.deadline_ns = g->plan->deadline_ns,
	};
	struct om_run_result result;

	begin(g);
	if (om_pass_run(g->store, &om_pass_validate, &options, &result, err) <
	    0)
		return err->code;
	g->b->accepted = om_tally_get(&result.tally, "accepted");
	end(g, OM_BENCH_VALIDATE, om_tally_get(&result.tally, "in"));
	return 0;
}

static int
reconcile(struct going *g, struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	char statement[PATH_MAX_BYTES];
	char answers[PATH_MAX_BYTES];
	struct om_planted breaks;

	path_of(g, "statement.csv", statement);
	path_of(g, "answers.csv", answers);
	begin(g);
	if (om_planted_find(g->store, statement, answers, &arena, &breaks,
		err) < 0)
		return err->code;
	end(g, OM_BENCH_RECONCILE, g->b->created);
	g->b->breaks_planted = breaks.planted;
	g->b->breaks_found = breaks.found;
	g->b->breaks_unasked = breaks.unasked;
	return 0;
}

static int
verify(struct going *g, struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	const struct om_verify_plan plan = { 0 };
	struct om_verified verified;

	begin(g);
	if (om_verify(g->store, &plan, &arena, &verified, err) < 0)
		return err->code;
	end(g, OM_BENCH_VERIFY, (int64_t)verified.leaves);
	g->b->leaves = verified.leaves;
	g->b->flaws = verified.flaw_count;
	return 0;
}

/* Of a closed store: its files are then as they stay. */
static int
weigh(struct going *g, struct om_err *err)
{
	struct rusage usage;
	char path[PATH_MAX_BYTES];

	om_store_close(&g->store);
	path_of(g, "store", path);
	if (getrusage(RUSAGE_SELF, &usage) == 0)
		g->b->memory_bytes = (int64_t)usage.ru_maxrss * 1024;
	return om_tree_bytes(path, &g->b->store_bytes, err);
}

static int
check_deadline(const struct om_bench_plan *plan, struct om_err *err)
{
	if (plan->deadline_ns == 0 || om_monotonic_ns() < plan->deadline_ns)
		return 0;
	return om_fail(err, OM_EDEADLINE, "the time of --max-duration is over");
}

int
om_bench_work(const void *arg, const char *dir, void *result,
    struct om_err *err)
{
	static const struct {
		int (*run)(struct going *g, struct om_err *err);
		const char *name;
	} parts[] = {
		{ generate, "generate" },
		{ make_store, "make a store" },
		{ load, "load" },
		{ validate, "validate" },
		{ reconcile, "reconcile" },
		{ verify, "verify" },
		{ weigh, "weigh" },
	};
	OM_AUTO(going_end)
	struct going g = { .plan = arg, .dir = dir, .b = result };

	om_machine_read(dir, &g.b->machine);
	for (size_t i = 0; i < OM_COUNT(parts); i++)
		if (check_deadline(g.plan, err) < 0 ||
		    parts[i].run(&g, err) < 0)
			return om_wrap(err, "%s", parts[i].name);
	return 0;
}
