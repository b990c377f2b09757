/* gaps.c - ordmill gaps list [--all] [FEED...] */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "cmd/session.h"
#include "store/gaps.h"

#define JSON_MAX ((size_t)256 * 1024 * 1024)

struct list_args {
	bool all;
};

static const struct om_opt list_opts[] = {
	OM_FLAG(struct list_args, all, 'a', "all",
	    "also those that were accepted: by whom, when and why"),
	{ 0 },
};

static const char *const list_examples[] = {
	"which numbers did not come",
	"ordmill gaps list -s day",
	NULL,
};

static om_run_fn list_run;

const struct om_cmd om_cmd_gaps_list = {
	.name = "gaps list",
	.summary = "list the numbers of feeds that did not come",
	.operands = "[FEED...]",
	.operand_max = -1,
	.opts = list_opts,
	.args_size = sizeof(struct list_args),
	.run = list_run,
	.examples = list_examples,
};

struct listing {
	const struct om_cli *cli;
	struct om_json json;
	bool all;
	int feed_count;
	char **feeds;
	int64_t open; /* gaps */
};

static bool
wanted(const struct listing *l, const struct om_gap *gap)
{
	if (gap->accepted != NULL && !l->all)
		return false;
	for (int i = 0; i < l->feed_count; i++)
		if (om_str_is(gap->feed, l->feeds[i]))
			return true;
	return l->feed_count == 0;
}

static void
one_json(struct om_json *j, const struct om_gap *gap, const char *from,
    const char *to)
{
	const struct om_decision *d = gap->accepted;
	char when[OM_TIME_TEXT_MAX];

	om_json_object(j, NULL);
	om_json_text(j, "feed", gap->feed);
	om_json_cstr(j, "unit", om_sequence_unit_name(gap->unit));
	om_json_cstr(j, "from", from);
	om_json_cstr(j, "to", to);
	om_json_int(j, "missing", gap->missing);
	om_json_bool(j, "accepted", d != NULL);
	if (d != NULL) {
		om_json_cstr(j, "at", om_time_text(d->at, when));
		om_json_text(j, "by", d->by);
		om_json_text(j, "reason", d->reason);
		om_json_int(j, "entry", d->leaf);
	}
	om_json_end(j);
}

static void
one_text(FILE *out, const struct om_gap *gap, const char *from, const char *to)
{
	const struct om_decision *d = gap->accepted;
	char when[OM_TIME_TEXT_MAX];

	fprintf(out, "%.*s %s", OM_FMT(gap->feed), from);
	if (gap->to > gap->from)
		fprintf(out, " to %s", to);
	fprintf(out, "  %" PRId64 " %s", gap->missing,
	    d == NULL ? "missing" : "accepted");
	if (d != NULL)
		fprintf(out, " %s by %.*s: %.*s", om_time_text(d->at, when),
		    OM_FMT(d->by), OM_FMT(d->reason));
	fputc('\n', out);
}

static int
list_one(const struct om_gap *gap, void *arg, struct om_err *err)
{
	struct listing *l = arg;
	char from[OM_SEQUENCE_TEXT_MAX];
	char to[OM_SEQUENCE_TEXT_MAX];

	(void)err;
	if (!wanted(l, gap))
		return 0;
	l->open += gap->accepted == NULL;
	(void)om_sequence_text(gap->unit, gap->from, from);
	(void)om_sequence_text(gap->unit, gap->to, to);
	if (l->cli->g->json)
		one_json(&l->json, gap, from, to);
	else
		one_text(l->cli->out, gap, from, to);
	return 0;
}

static int
list_all(struct listing *l, struct om_store *store, struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_decision *decisions = NULL;

	if (om_txn_begin_read(om_store_catalog(store), &txn, err) < 0 ||
	    om_decisions_read(store, INT64_MAX, l->cli->arena, &decisions,
		err) < 0)
		return err->code;
	return om_gaps_each(store, om_store_published(store), decisions,
	    list_one, l, err);
}

static int
list_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct list_args *a = args;
	OM_AUTO(om_store_close) struct om_store *store = NULL;
	OM_AUTO(om_buf_fini) struct om_buf text;
	struct listing l = { .cli = cli,
		.all = a->all,
		.feed_count = argc,
		.feeds = argv };

	om_buf_init(&text, JSON_MAX);
	om_json_init(&l.json, &text);
	om_json_object(&l.json, NULL);
	om_json_cstr(&l.json, "schema", "ordmill.gaps/1");
	om_json_array(&l.json, "gaps");
	if (om_cli_open(cli, OM_STORE_READ, "gaps", &store, err) < 0 ||
	    list_all(&l, store, err) < 0)
		return err->code;
	om_json_end(&l.json);
	om_json_end(&l.json);
	if (om_buf_over(&text))
		return om_fail(err, OM_ELIMIT, "a list of over %zu bytes",
		    JSON_MAX);
	if (cli->g->json)
		fprintf(cli->out, "%.*s\n", OM_FMT(om_buf_view(&text)));
	else if (!cli->g->quiet)
		fprintf(cli->out, "%" PRId64 " open gap%s\n", l.open,
		    l.open == 1 ? "" : "s");
	return OM_EXIT_OK;
}
