/* reconcile.c - ordmill reconcile LEFT RIGHT --key COLUMN,... */
#include <string.h>

#include "cmd/command.h"
#include "cmd/feeds.h"
#include "cmd/session.h"
#include "recon/feedside.h"
#include "recon/file.h"
#include "recon/query.h"
#include "recon/write.h"

#define OUT_MAX	    ((size_t)1 << 30)
#define CSV_FLUSH   ((size_t)64 * 1024)
#define LIMIT_MAX   1000000
#define MEMORY_MIN  4 /* MiB */
#define MEMORY_MAX  1048576
#define MEMORY_UNIT ((size_t)1024 * 1024)

struct reconcile_args {
	const char *key;
	const char *compare;
	struct om_list tolerance;
	struct om_list map;
	const char *currency;
	const char *format;
	int64_t limit;
	bool matches;
	const char *answers;
	int64_t memory;
	const char *feed_left;
	const char *feed_right;
};

/* clang-format off */
static const struct om_opt reconcile_opts[] = {
	OM_TEXT_OPT(struct reconcile_args, key, 'k', "key", "COL[,COL...]",
	    "columns that together say which rows belong together"),
	OM_TEXT_OPT(struct reconcile_args, compare, 'c', "compare",
	    "COL[,COL...]",
	    "columns that must agree; COL:amount and COL:text say what a "
	    "column holds if its name does not"),
	OM_LIST_OPT(struct reconcile_args, tolerance, 't', "tolerance",
	    "COL=LIMIT",
	    "let an amount differ by that much: 0.01, 25bp (basis points of "
	    "the left amount) or 0.25%"),
	OM_LIST_OPT(struct reconcile_args, map, 0, "map", "LEFT=RIGHT",
	    "the right file calls column LEFT by another name"),
	OM_TEXT_OPT(struct reconcile_args, feed_left, 0, "feed-left", "FEED",
	    "read the left file by this feed of the configuration, or built-in "
	    "profile"),
	OM_TEXT_OPT(struct reconcile_args, feed_right, 0, "feed-right", "FEED",
	    "the same for the right file"),
	OM_TEXT_OPT(struct reconcile_args, currency, 0, "currency",
	    "COL|CODE|none",
	    "the column that holds the currency, or the one currency of all "
	    "amounts (default: the column 'currency' if both sides have it)"),
	OM_TEXT_OPT(struct reconcile_args, format, 'f', "format", "FORMAT",
	    "text, csv, json or html (default: text)"),
	OM_INTEGER_IN(struct reconcile_args, limit, 'l', "limit", "N",
	    "list the first N breaks (default: 20; csv: all)", 1, LIMIT_MAX),
	OM_FLAG(struct reconcile_args, matches, 0, "matches",
	    "list what matched, too"),
	OM_TEXT_OPT(struct reconcile_args, answers, 0, "answers", "FILE",
	    "succeed if and only if the breaks are those of this answer key"),
	OM_INTEGER_IN(struct reconcile_args, memory, 0, "memory", "MIB",
	    "keep rows in that much memory, the rest in $TMPDIR (default: 448)",
	    MEMORY_MIN, MEMORY_MAX),
	{ 0 },
};
/* clang-format on */

static const char *const reconcile_examples[] = {
	"find what the bank has not paid, or not in full",
	"ordmill reconcile shop.csv bank.csv --key id --compare amount",
	"let rounding pass, to the cent",
	"ordmill reconcile shop.csv bank.csv --key id --compare amount "
	"--tolerance amount=0.01",
	"the other side has other names, and several currencies",
	"ordmill reconcile orders.csv payout.csv.gz --key reference "
	"--compare total --map reference=order --map total=gross "
	"--currency currency",
	"what a store holds against what the processor paid out",
	"ordmill reconcile -s day store:orders statement.csv "
	"--key channel,reference --compare amount",
	"a shop's export, which has many rows per order, against the bank",
	"ordmill reconcile orders_export.csv bank.csv --feed-left shopify "
	"--key reference --compare total --map reference=order "
	"--map total=amount",
	NULL,
};

static om_run_fn reconcile_run;

const struct om_cmd om_cmd_reconcile = {
	.name = "reconcile",
	.summary = "compare two sides row by row and list what differs",
	.operands = "LEFT RIGHT",
	.operand_min = 2,
	.operand_max = 2,
	.opts = reconcile_opts,
	.args_size = sizeof(struct reconcile_args),
	.run = reconcile_run,
	.examples = reconcile_examples,
};

/* One side, whatever it is. */
struct side {
	struct om_rec_file *file;
	struct om_store *store;
	struct om_rec_query *query;
	struct om_feed *feed;
	struct om_rec_feedside *feedside;
	const struct om_rec_input *input;
};

static void
side_close(struct side *side)
{
	om_rec_file_close(&side->file);
	om_rec_query_close(&side->query);
	om_store_close(&side->store);
	om_rec_feedside_close(&side->feedside);
	om_feed_free(&side->feed);
}

static int
open_query(const struct om_cli *cli, const char *name, struct side *out,
    struct om_err *err)
{
	if (om_cli_open(cli, OM_STORE_READ, "reconcile", &out->store, err) <
		0 ||
	    om_rec_query_open(out->store, name, &out->query, err) < 0)
		return err->code;
	out->input = om_rec_query_input(out->query);
	return 0;
}

static int
open_by_feed(const struct om_cli *cli, const char *feed, const char *path,
    struct side *out, struct om_err *err)
{
	if (om_cli_feed(cli, feed, NULL, &out->feed, err) < 0 ||
	    om_rec_feedside_open(out->feed, path, &out->feedside, err) < 0)
		return err->code;
	out->input = om_rec_feedside_input(out->feedside);
	return 0;
}

/* "store:NAME" asks the store of this call, anything else is a file; a file of
 * that name is "./store:NAME". Each side has its own handles: sides are read
 * at the same time. */
static int
side_open(const struct om_cli *cli, const char *operand, const char *feed,
    struct side *out, struct om_err *err)
{
	static const char prefix[] = "store:";
	const size_t n = sizeof(prefix) - 1;

	if (strncmp(operand, prefix, n) == 0) {
		if (feed != NULL)
			return om_fail(err, OM_EUSAGE,
			    "'%s' is not read by a feed", operand);
		return open_query(cli, operand + n, out, err);
	}
	if (feed != NULL)
		return open_by_feed(cli, feed, operand, out, err);
	if (om_rec_file_open(operand, &out->file, err) < 0)
		return err->code;
	out->input = om_rec_file_input(out->file);
	return 0;
}

/* How the result is to be shown. */
struct show {
	const struct om_cli *cli;
	enum om_report_format format;
	struct om_rec_listing listing;
	struct om_rec_answers answers;
	bool has_answers;
	struct om_buf out;
};

static void
show_fini(struct show *s)
{
	om_buf_fini(&s->out);
}

static int
choose_format(const struct om_cli *cli, const struct reconcile_args *a,
    enum om_report_format *out, struct om_err *err)
{
	static const char *const names[] = { "text", "csv", "json", "html" };
	const char *near;

	*out = cli->g->json ? OM_AS_JSON : OM_AS_TEXT;
	if (a->format == NULL || om_report_format_find(a->format, out))
		return 0;
	near = om_str_nearest(a->format, names, OM_COUNT(names));
	if (near == NULL)
		return om_fail(err, OM_EUSAGE,
		    "--format: '%s' is not text, csv, json or html", a->format);
	return om_fail(err, OM_EUSAGE, "--format: no '%s'; did you mean '%s'?",
	    a->format, near);
}

static void
flush(struct show *s)
{
	if (s->out.n > 0)
		fwrite(s->out.p, 1, s->out.n, s->cli->out);
	om_buf_reset(&s->out);
}

/* Every item once: into the listing, the CSV and the answer key. */
static int
read_items(struct show *s, const struct om_rec_result *result,
    struct om_err *err)
{
	const struct om_rec_item *item;
	struct om_rec_shown shown;
	struct om_rec_entry entry;
	int rc;

	while ((rc = om_rec_merge_next(result->items, &item, err)) > 0) {
		om_rec_item_view(item, &entry);
		if (s->has_answers)
			om_rec_answers_take(&s->answers, s->cli->arena, result,
			    &entry);
		if (s->format != OM_AS_CSV) {
			om_rec_listing_add(&s->listing, s->cli->arena, &entry);
			continue;
		}
		om_rec_show(result, &entry, &shown);
		om_rec_csv_row(&s->out, &shown);
		if (s->out.n > CSV_FLUSH)
			flush(s);
	}
	return rc;
}

/* With --answers the question is not whether there are breaks but whether
 * they are the right ones. */
static int
show_result(struct show *s, const struct om_rec_result *result,
    struct om_err *err)
{
	const struct om_rec_answers *answers =
	    s->has_answers ? &s->answers : NULL;
	bool good = result->breaks == 0;

	om_buf_init(&s->out, OUT_MAX);
	if (s->format == OM_AS_CSV)
		om_rec_csv_header(&s->out);
	if (read_items(s, result, err) < 0)
		return err->code;
	if (s->has_answers)
		good = om_rec_answers_end(&s->answers);
	if (s->format == OM_AS_JSON)
		om_rec_write_json(&s->out, result, &s->listing, answers);
	else if (s->format != OM_AS_CSV &&
		 (!good || !s->cli->g->quiet || s->format == OM_AS_HTML))
		om_report_render(om_rec_report(s->cli->arena, result,
				     &s->listing, answers,
				     s->format == OM_AS_HTML),
		    s->format, &s->out);
	if (om_buf_over(&s->out))
		return om_fail(err, OM_ELIMIT,
		    "the output is too large: give a smaller --limit");
	flush(s);
	return good ? OM_EXIT_OK : OM_EXIT_FOUND;
}

static int
reconcile(struct show *s, const struct reconcile_args *a,
    const struct om_rec_input *left, const struct om_rec_input *right,
    struct om_err *err)
{
	const struct om_rec_words words = {
		.key = a->key,
		.compare = a->compare,
		.currency = a->currency,
		.tolerance = a->tolerance.item,
		.tolerance_count = a->tolerance.count,
		.map = a->map.item,
		.map_count = a->map.count,
	};
	const struct om_rec_options options = {
		.memory = (size_t)a->memory * MEMORY_UNIT,
		.limit = s->format == OM_AS_CSV || s->has_answers
			     ? OM_REC_ALL
			     : s->listing.max,
		.matches = a->matches,
	};
	OM_AUTO(om_rec_result_free) struct om_rec_result *result = NULL;
	struct om_rec_rules rules;

	if (om_rec_rules_make(s->cli->arena, &words, left, right, &rules, err) <
		0 ||
	    om_reconcile(&rules, left, right, &options, &result, err) < 0)
		return err->code;
	return show_result(s, result, err);
}

static int
reconcile_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct reconcile_args *a = args;
	OM_AUTO(side_close) struct side left = { 0 };
	OM_AUTO(side_close) struct side right = { 0 };
	OM_AUTO(show_fini) struct show s = { .cli = cli };

	(void)argc;
	if (a->key == NULL)
		return om_fail(err, OM_EUSAGE,
		    "--key says which columns identify a row");
	if (strcmp(argv[0], "-") == 0 && strcmp(argv[1], "-") == 0)
		return om_fail(err, OM_EUSAGE,
		    "standard input cannot be both sides");
	if (choose_format(cli, a, &s.format, err) < 0)
		return err->code;
	s.listing.max = a->limit == 0 ? 20 : (size_t)a->limit;
	if (a->answers != NULL) {
		s.has_answers = true;
		if (om_rec_answers_read(cli->arena, a->answers, s.listing.max,
			&s.answers, err) < 0)
			return err->code;
	}
	if (side_open(cli, argv[0], a->feed_left, &left, err) < 0 ||
	    side_open(cli, argv[1], a->feed_right, &right, err) < 0)
		return err->code;
	return reconcile(&s, a, left.input, right.input, err);
}
