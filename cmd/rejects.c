/* rejects.c - ordmill rejects list|show|export */
#include "cmd/rejects.h"

#include "cmd/session.h"
#include "store/batch.h"
#include "store/quarantine.h"

struct list_args {
	int64_t batch;
	bool all;
};

static const struct om_opt list_opts[] = {
	OM_INTEGER(struct list_args, batch, 'b', "batch", "BATCH",
	    "of this batch only"),
	OM_FLAG(struct list_args, all, 'a', "all",
	    "also those that were repaired since"),
	{ 0 },
};

static const char *const list_examples[] = {
	"what is in quarantine, and why",
	"ordmill rejects list -s day",
	NULL,
};

static om_run_fn list_run;

const struct om_cmd om_cmd_rejects_list = {
	.name = "rejects list",
	.summary = "list the orders in quarantine",
	.operands = "",
	.opts = list_opts,
	.args_size = sizeof(struct list_args),
	.run = list_run,
	.examples = list_examples,
};

struct listing {
	const struct om_cli *cli;
	struct om_json json;
	size_t count;
};

static void
one_json(struct om_json *j, const struct om_quarantined *q)
{
	char text[OM_MONEY_TEXT_MAX];

	om_json_object(j, NULL);
	om_json_int(j, "batch", q->batch);
	om_json_int(j, "reject", q->reject);
	om_json_cstr(j, "outcome", om_outcome_name(q->outcome));
	om_json_text(j, "channel", q->channel);
	om_json_text(j, "reference", q->reference);
	om_json_int(j, "source", q->at.source);
	om_json_int(j, "line", (int64_t)q->at.line);
	om_json_int(j, "offset", (int64_t)q->at.offset);
	om_json_text(j, "column", q->column);
	om_json_text(j, "value", q->value);
	om_json_text(j, "reason", q->reason);
	if (q->currency != NULL) {
		om_json_cstr(j, "currency", q->currency->code);
		om_json_cstr(j, "total",
		    om_money_text(q->total_minor, q->currency, text));
	}
	om_json_int(j, "resolved_by", q->resolved_by);
	om_json_end(j);
}

static int
list_one(const struct om_quarantined *q, void *arg, struct om_err *err)
{
	struct listing *l = arg;

	(void)err;
	l->count++;
	if (l->cli->g->json) {
		one_json(&l->json, q);
		return 0;
	}
	fprintf(l->cli->out, "%lld/%lld  %.*s  line %llu, byte %llu",
	    (long long)q->batch, (long long)q->reject, OM_FMT(q->reference),
	    (unsigned long long)q->at.line, (unsigned long long)q->at.offset);
	if (q->column.n > 0)
		fprintf(l->cli->out, ", column '%.*s'", OM_FMT(q->column));
	fprintf(l->cli->out, ": %.*s", OM_FMT(q->reason));
	if (q->resolved_by != 0)
		fprintf(l->cli->out, " (repaired by batch %lld)",
		    (long long)q->resolved_by);
	fputc('\n', l->cli->out);
	return 0;
}

static int
list_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct list_args *a = args;
	OM_AUTO(om_store_close) struct om_store *store = NULL;
	OM_AUTO(om_buf_fini) struct om_buf text;
	struct listing l = { .cli = cli };

	(void)argc;
	(void)argv;
	om_buf_init(&text, (size_t)256 * 1024 * 1024);
	if (om_cli_open(cli, OM_STORE_READ, "rejects", &store, err) < 0 ||
	    (a->batch != 0 && om_batch_exists(store, a->batch, err) < 0))
		return err->code;
	om_json_init(&l.json, &text);
	om_json_object(&l.json, NULL);
	om_json_cstr(&l.json, "schema", "ordmill.rejects/1");
	om_json_array(&l.json, "rejects");
	if (om_quarantine_each(store, a->batch, !a->all, list_one, &l, err) < 0)
		return err->code;
	om_json_end(&l.json);
	om_json_end(&l.json);
	if (cli->g->json)
		fprintf(cli->out, "%.*s\n", OM_FMT(om_buf_view(&text)));
	else if (!cli->g->quiet)
		fprintf(cli->out, "%zu in quarantine\n", l.count);
	return OM_EXIT_OK;
}

struct export_args {
	int64_t source;
};

static const struct om_opt export_opts[] = {
	OM_INTEGER(struct export_args, source, 0, "source", "N",
	    "of the batch's second file: 1 (default 0, the first)"),
	{ 0 },
};

static const char *const export_examples[] = {
	"write the original rows to a file, repair it, load it",
	"ordmill rejects export -s day 7 -o repaired.csv",
	NULL,
};

static om_run_fn export_run;

const struct om_cmd om_cmd_rejects_export = {
	.name = "rejects export",
	.summary = "write quarantined rows as they came, with their header",
	.operands = "BATCH",
	.operand_min = 1,
	.operand_max = 1,
	.opts = export_opts,
	.args_size = sizeof(struct export_args),
	.run = export_run,
	.examples = export_examples,
};

static int
export_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct export_args *a = args;
	OM_AUTO(om_store_close) struct om_store *store = NULL;
	int64_t batch;

	(void)argc;
	if (!om_str_int(om_str_of(argv[0]), &batch))
		return om_fail(err, OM_EUSAGE, "a batch is a number, not '%s'",
		    argv[0]);
	if (om_cli_open(cli, OM_STORE_READ, "rejects", &store, err) < 0 ||
	    om_batch_exists(store, batch, err) < 0 ||
	    om_rejects_write(store, batch, (unsigned)a->source, cli->out, err) <
		0)
		return err->code;
	return OM_EXIT_OK;
}
