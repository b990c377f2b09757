/* gen.c - ordmill gen [--seed N] [--orders N] ... DIR */
#include <inttypes.h>
#include <string.h>

#include "cmd/command.h"
#include "ops/gen.h"
#include "text/json.h"

#define ORDERS_DEFAULT 10000
#define LINES_DEFAULT  3
#define BREAKS_DEFAULT 12
#define DAYS_DEFAULT   30
#define START_DEFAULT  "2026-01-01"
#define MIX_DEFAULT    "EUR:70,USD:20,JPY:5,KWD:5"
#define OUT_MAX	       ((size_t)1024 * 1024)

struct gen_args {
	int64_t seed;
	int64_t orders;
	int64_t lines;
	bool flat;
	const char *references;
	const char *breaks; /* text, because 0 differs from not given */
	const char *amendments;
	const char *cancellations;
	const char *bad_rows;
	const char *channel;
	const char *currencies;
	const char *start;
	int64_t days;
	int64_t parts;
	int64_t part;
};

/* clang-format off */
static const struct om_opt gen_opts[] = {
	OM_INTEGER(struct gen_args, seed, 0, "seed", "N",
	    "another seed, other data (0)"),
	OM_INTEGER_IN(struct gen_args, orders, 0, "orders", "N",
	    "how many orders (10000)", 1, OM_GEN_ORDERS_MAX),
	OM_INTEGER_IN(struct gen_args, lines, 0, "lines", "N",
	    "how many lines an order has on average (3)", 1,
	    OM_GEN_LINES_MAX),
	OM_FLAG(struct gen_args, flat, 0, "flat",
	    "orders without lines: ten columns, one row each"),
	OM_TEXT_OPT(struct gen_args, references, 0, "references",
	    "growing|random", "how references follow each other (growing)"),
	OM_TEXT_OPT(struct gen_args, breaks, 0, "breaks", "N|P%",
	    "how many breaks to plant (12)"),
	OM_TEXT_OPT(struct gen_args, amendments, 0, "amendments", "N|P%",
	    "how many orders get a later revision, in changes.csv (0)"),
	OM_TEXT_OPT(struct gen_args, cancellations, 0, "cancellations", "N|P%",
	    "how many orders are cancelled there (0)"),
	OM_TEXT_OPT(struct gen_args, bad_rows, 0, "bad-rows", "N|P%",
	    "how many orders have damaged rows (0)"),
	OM_TEXT_OPT(struct gen_args, channel, 0, "channel", "NAME",
	    "the channel of the orders (web; flat: canonical)"),
	OM_TEXT_OPT(struct gen_args, currencies, 0, "currencies", "MIX",
	    "currencies and weights (EUR:70,USD:20,JPY:5,KWD:5)"),
	OM_TEXT_OPT(struct gen_args, start, 0, "start", "DATE",
	    "when the first order was placed (2026-01-01)"),
	OM_INTEGER_IN(struct gen_args, days, 0, "days", "N",
	    "over how many days the orders are spread (30)", 1,
	    OM_GEN_DAYS_MAX),
	OM_INTEGER_IN(struct gen_args, parts, 0, "parts", "N",
	    "cut the whole into so many parts (1)", 1, OM_GEN_PARTS_MAX),
	OM_INTEGER_IN(struct gen_args, part, 0, "part", "N",
	    "make this part only (1)", 1, OM_GEN_PARTS_MAX),
	{ 0 },
};
/* clang-format on */

static const char *const gen_examples[] = {
	"make ten thousand orders with lines, and twelve planted breaks",
	"ordmill gen --seed 42 --orders 10000 --breaks 12 data",
	"make the input of a load test: flat orders, keys in no order",
	"ordmill gen --orders 2000000 --flat --references random data",
	"a bad day: what ingest must say of it is in rejects.csv and books.csv",
	"ordmill gen --amendments 5% --cancellations 2% --bad-rows 1% data",
	"make one file in two halves",
	"ordmill gen --parts 2 --part 1 a; ordmill gen --parts 2 --part 2 b",
	NULL,
};

static om_run_fn gen_run;

const struct om_cmd om_cmd_gen = {
	.name = "gen",
	.summary = "make orders and a statement with known breaks between them",
	.operands = "DIR",
	.operand_min = 1,
	.operand_max = 1,
	.opts = gen_opts,
	.args_size = sizeof(struct gen_args),
	.run = gen_run,
	.examples = gen_examples,
};

static int64_t
or_default(int64_t given, int64_t otherwise)
{
	return given == 0 ? otherwise : given;
}

static struct om_str
or_text(const char *given, const char *otherwise)
{
	return om_str_of(given == NULL ? otherwise : given);
}

/* NULL: as it is. */
static int
read_count(const char *name, const char *text, int64_t orders, int64_t *out,
    struct om_err *err)
{
	if (text == NULL)
		return 0;
	if (om_gen_count(om_str_of(text), orders, out, err) < 0)
		return om_wrap(err, "--%s", name);
	return 0;
}

static int
read_counts(const struct gen_args *a, struct om_gen_options *out,
    struct om_err *err)
{
	int64_t n = out->orders;

	out->breaks = n < BREAKS_DEFAULT ? n : BREAKS_DEFAULT;
	if (read_count("amendments", a->amendments, n, &out->amendments, err) <
		0 ||
	    read_count("cancellations", a->cancellations, n,
		&out->cancellations, err) < 0 ||
	    read_count("bad-rows", a->bad_rows, n, &out->bad_rows, err) < 0)
		return err->code;
	return read_count("breaks", a->breaks, n, &out->breaks, err);
}

static int
read_options(const struct gen_args *a, const struct om_globals *g,
    struct om_gen_options *out, struct om_err *err)
{
	*out = (struct om_gen_options){
		.seed = (uint64_t)a->seed,
		.orders = or_default(a->orders, ORDERS_DEFAULT),
		.lines = a->flat ? 0 : or_default(a->lines, LINES_DEFAULT),
		.random_references = a->references != NULL &&
				     strcmp(a->references, "random") == 0,
		.channel = or_text(a->channel, a->flat ? "canonical" : "web").p,
		.days = or_default(a->days, DAYS_DEFAULT),
		.parts = or_default(a->parts, 1),
		.part = or_default(a->part, 1),
		.dry_run = g->dry_run,
	};
	if (a->flat && a->lines > 0)
		return om_fail(err, OM_EUSAGE, "--flat excludes --lines");
	if (read_counts(a, out, err) < 0)
		return err->code;
	if (om_gen_mix_parse(or_text(a->currencies, MIX_DEFAULT), &out->mix,
		err) < 0)
		return om_wrap(err, "--currencies");
	if (om_time_parse(or_text(a->start, START_DEFAULT), &out->start, err) <
	    0)
		return om_fail(err, OM_EUSAGE, "--start: bad time '%s'",
		    a->start);
	return 0;
}

static void
planted_json(const struct om_gen_summary *sum, struct om_json *j)
{
	om_json_object(j, "breaks");
	for (int i = 0; i < OM_GEN_BREAK_COUNT; i++)
		om_json_int(j, om_gen_break_name((enum om_gen_break)i),
		    sum->breaks[i]);
	om_json_end(j);
	om_json_object(j, "changes");
	om_json_int(j, "amended", sum->amended);
	om_json_int(j, "cancelled", sum->cancelled);
	om_json_end(j);
	om_json_object(j, "bad_rows");
	for (int i = 0; i < OM_GEN_BAD_COUNT; i++)
		om_json_int(j, om_gen_bad_name((enum om_gen_bad)i),
		    sum->bad[i]);
	om_json_end(j);
}

static void
files_json(const struct om_gen_summary *sum, struct om_json *j)
{
	om_json_array(j, "files");
	for (int i = 0; i < OM_GEN_FILES; i++) {
		if (sum->file[i].name == NULL)
			continue;
		om_json_object(j, NULL);
		om_json_cstr(j, "name", sum->file[i].name);
		om_json_int(j, "rows", (int64_t)sum->file[i].rows);
		om_json_int(j, "bytes", (int64_t)sum->file[i].bytes);
		om_json_cstr(j, "sha256", sum->file[i].sha256);
		om_json_end(j);
	}
	om_json_end(j);
}

static void
as_json(const struct om_gen_options *opt, const struct om_gen_summary *sum,
    struct om_buf *out)
{
	struct om_json j;
	char text[OM_MONEY_TEXT_MAX];

	om_json_init(&j, out);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.gen/1");
	om_json_int(&j, "seed", (int64_t)opt->seed);
	om_json_int(&j, "orders", sum->orders);
	om_json_int(&j, "lines", sum->lines);
	om_json_object(&j, "money");
	for (int i = 0; i < opt->mix.count; i++) {
		const struct om_currency *c = opt->mix.part[i].currency;

		om_json_object(&j, c->code);
		om_json_int(&j, "orders", sum->money[i].orders);
		om_json_cstr(&j, "total",
		    om_money_text(sum->money[i].total_minor, c, text));
		om_json_end(&j);
	}
	om_json_end(&j);
	planted_json(sum, &j);
	files_json(sum, &j);
	om_json_end(&j);
	om_buf_char(out, '\n');
}

static void
planted_text(const struct om_gen_options *opt, const struct om_gen_summary *sum,
    FILE *out)
{
	fprintf(out, "breaks planted\n");
	for (int i = 0; i < OM_GEN_BREAK_COUNT; i++)
		fprintf(out, "  %-14s %6" PRId64 "\n",
		    om_gen_break_name((enum om_gen_break)i), sum->breaks[i]);
	if (opt->amendments > 0 || opt->cancellations > 0)
		fprintf(out,
		    "orders changed\n  %-17s %6" PRId64 "\n  %-17s %6" PRId64
		    "\n",
		    "amended", sum->amended, "cancelled", sum->cancelled);
	if (opt->bad_rows > 0)
		fprintf(out, "orders damaged\n");
	for (int i = 0; i < OM_GEN_BAD_COUNT; i++)
		if (sum->bad[i] > 0)
			fprintf(out, "  %-17s %6" PRId64 "\n",
			    om_gen_bad_name((enum om_gen_bad)i), sum->bad[i]);
}

static void
as_text(const struct om_gen_options *opt, const struct om_gen_summary *sum,
    FILE *out)
{
	char text[OM_MONEY_TEXT_MAX];

	fprintf(out, "%" PRId64 " orders, %" PRId64 " lines\n", sum->orders,
	    sum->lines);
	for (int i = 0; i < opt->mix.count; i++) {
		const struct om_currency *c = opt->mix.part[i].currency;

		fprintf(out, "  %s  %12" PRId64 " orders  %20s\n", c->code,
		    sum->money[i].orders,
		    om_money_text(sum->money[i].total_minor, c, text));
	}
	planted_text(opt, sum, out);
	fprintf(out, "files\n");
	for (int i = 0; i < OM_GEN_FILES; i++)
		if (sum->file[i].name != NULL)
			fprintf(out,
			    "  %-14s %12" PRIu64 " rows  %14" PRIu64
			    " bytes\n    sha256 %s\n",
			    sum->file[i].name, sum->file[i].rows,
			    sum->file[i].bytes, sum->file[i].sha256);
}

static int
gen_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	struct om_buf json OM_AUTO(om_buf_fini) = { 0 };
	struct om_gen_options opt;
	struct om_gen_summary sum = { 0 };
	int rc = read_options(args, cli->g, &opt, err);

	(void)argc;
	if (rc < 0)
		return rc;
	rc = om_gen_run(&opt, argv[0], &sum, err);
	if (rc < 0)
		return rc;
	om_buf_init(&json, OUT_MAX);
	if (cli->g->json) {
		as_json(&opt, &sum, &json);
		fwrite(json.p, 1, json.n, cli->out);
	} else if (!cli->g->quiet) {
		as_text(&opt, &sum, cli->out);
	}
	return OM_EXIT_OK;
}
