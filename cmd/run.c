/* run.c - ordmill run [PASS...] */
#include <string.h>

#include "cmd/session.h"
#include "ingest/recover.h"
#include "pass/run.h"

struct run_args {
	bool list;
	const char *shard;
	struct om_list hold;
};

static const struct om_opt run_opts[] = {
	OM_FLAG(struct run_args, list, 'l', "list",
	    "list the passes in their order, and run none"),
	OM_TEXT_OPT(struct run_args, shard, 0, "only-shard", "N",
	    "work on this shard only"),
	OM_LIST_OPT(struct run_args, hold, 0, "hold", "NAME=CONDITION",
	    "validate: hold orders for which this SQL condition over the columns"
	    " of order_rows is true, with NAME as the reason; may be repeated"),
	{ 0 },
};

static const char *const run_examples[] = {
	"all passes, in their order",
	"ordmill run -s day",
	"hold large orders for a second look",
	"ordmill run -s day validate --hold 'over 10000=o.total_minor > 1000000'",
	NULL,
};

static om_run_fn run_run;

const struct om_cmd om_cmd_run = {
	.name = "run",
	.summary = "move orders through the processing passes",
	.operands = "[PASS...]",
	.operand_max = -1,
	.opts = run_opts,
	.args_size = sizeof(struct run_args),
	.run = run_run,
	.examples = run_examples,
};

struct call {
	const struct om_cli *cli;
	struct om_store *store;
	struct om_run_options options;
	struct om_rule rules[OM_RULES_MAX];
	struct om_buf text;
	struct om_json json;
};

static void
call_end(struct call *c)
{
	om_store_close(&c->store);
	om_buf_fini(&c->text);
}

static int
parse_rules(struct call *c, const struct om_list *hold, struct om_err *err)
{
	if (hold->count > OM_RULES_MAX)
		return om_fail(err, OM_EUSAGE, "more than %d rules",
		    OM_RULES_MAX);
	for (size_t i = 0; i < hold->count; i++) {
		const char *eq = strchr(hold->item[i], '=');

		if (eq == NULL || eq == hold->item[i] || eq[1] == '\0')
			return om_fail(err, OM_EUSAGE,
			    "--hold wants NAME=CONDITION, got '%s'",
			    hold->item[i]);
		c->rules[i] = (struct om_rule){
			.name = om_strndup(c->cli->arena, hold->item[i],
			    (size_t)(eq - hold->item[i])),
			.condition = eq + 1,
		};
	}
	c->options.rules = c->rules;
	c->options.rule_count = hold->count;
	return 0;
}

static int
parse_args(struct call *c, const struct run_args *a, struct om_err *err)
{
	int64_t shard = -1;

	if (a->shard != NULL && (!om_str_int(om_str_of(a->shard), &shard) ||
				    shard < 0 || shard >= OM_SHARDS_MAX))
		return om_fail(err, OM_EUSAGE,
		    "--only-shard wants a shard's number, got '%s'", a->shard);
	c->options.only_shard = (int)shard;
	c->options.dry_run = c->cli->g->dry_run;
	c->options.deadline_ns = om_cli_deadline(c->cli);
	return parse_rules(c, &a->hold, err);
}

static void
show(struct call *c, const struct om_pass *pass, const struct om_run_result *r)
{
	const struct om_tally *t = &r->tally;

	if (c->cli->g->quiet)
		return;
	fprintf(c->cli->out, "%s: %lld %s", pass->name,
	    (long long)om_tally_get(t, "in"), pass->items);
	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->line[i].name, "in") != 0)
			fprintf(c->cli->out, ", %lld %s",
			    (long long)t->line[i].n, t->line[i].name);
	fprintf(c->cli->out, "%s\n", r->resumed ? " (resumed)" : "");
}

static void
show_json(struct call *c, const struct om_pass *pass,
    const struct om_run_result *r)
{
	const struct om_tally *t = &r->tally;
	struct om_json *j = &c->json;

	om_json_object(j, NULL);
	om_json_cstr(j, "pass", pass->name);
	om_json_int(j, "run", r->run);
	om_json_cstr(j, "items", pass->items);
	om_json_int(j, "in", om_tally_get(t, "in"));
	om_json_object(j, "moved");
	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->line[i].name, "in") != 0 &&
		    strcmp(t->line[i].name, "held") != 0 &&
		    strcmp(t->line[i].name, "untouched") != 0)
			om_json_int(j, t->line[i].name, t->line[i].n);
	om_json_end(j);
	om_json_int(j, "held", om_tally_get(t, "held"));
	om_json_int(j, "untouched", om_tally_get(t, "untouched"));
	om_json_bool(j, "resumed", r->resumed);
	om_json_seconds(j, "seconds", r->ns);
	om_json_end(j);
}

static int
run_one(struct call *c, const struct om_pass *pass, struct om_err *err)
{
	struct om_run_result r;
	int rc = om_pass_run(c->store, pass, &c->options, &r, err);

	if (rc < 0 && rc != OM_EDEADLINE)
		return om_wrap(err, "%s", pass->name);
	if (c->cli->g->json)
		show_json(c, pass, &r);
	else
		show(c, pass, &r);
	return rc < 0 ? om_wrap(err, "%s", pass->name) : 0;
}

static int
run_all(struct call *c, int argc, char **argv, struct om_err *err)
{
	for (size_t i = 0; argc == 0 && om_passes[i] != NULL; i++)
		if (run_one(c, om_passes[i], err) < 0)
			return err->code;
	for (int i = 0; i < argc; i++)
		if (run_one(c, om_pass_find(argv[i]), err) < 0)
			return err->code;
	return 0;
}

static int
check_names(int argc, char **argv, struct om_err *err)
{
	const char *names[OM_LIST_MAX];
	const char *near;
	size_t n = 0;

	while (n < OM_LIST_MAX && om_passes[n] != NULL) {
		names[n] = om_passes[n]->name;
		n++;
	}
	for (int i = 0; i < argc; i++) {
		if (om_pass_find(argv[i]) != NULL)
			continue;
		near = om_str_nearest(argv[i], names, n);
		return om_fail(err, OM_EUSAGE, "no pass '%s'%s%s%s", argv[i],
		    near == NULL ? "; try 'run --list'" : "; did you mean '",
		    near == NULL ? "" : near, near == NULL ? "" : "'?");
	}
	return 0;
}

static void
list_passes(FILE *out)
{
	for (size_t i = 0; om_passes[i] != NULL; i++)
		fprintf(out, "%-10s %s\n%10s %s -> %s\n", om_passes[i]->name,
		    om_passes[i]->summary, "", om_passes[i]->from,
		    om_passes[i]->to);
}

static int
run_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	OM_AUTO(call_end) struct call c = { .cli = cli };
	const struct run_args *a = args;
	int64_t undone;
	int rc;

	om_buf_init(&c.text, (size_t)1 << 20);
	if (a->list) {
		list_passes(cli->out);
		return OM_EXIT_OK;
	}
	if (check_names(argc, argv, err) < 0 || parse_args(&c, a, err) < 0 ||
	    om_cli_open(cli, OM_STORE_WRITE, "run", &c.store, err) < 0 ||
	    (cli->g->dry_run
		    ? om_look(c.store, err)
		    : om_recover(c.store, NULL, NULL, &undone, err)) < 0)
		return err->code;
	om_json_init(&c.json, &c.text);
	om_json_object(&c.json, NULL);
	om_json_cstr(&c.json, "schema", "ordmill.run/1");
	om_json_array(&c.json, "passes");
	rc = run_all(&c, argc, argv, err);
	om_json_end(&c.json);
	om_json_end(&c.json);
	if (cli->g->json)
		fprintf(cli->out, "%.*s\n", OM_FMT(om_buf_view(&c.text)));
	return rc;
}
