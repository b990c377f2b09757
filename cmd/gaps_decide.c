/* gaps_decide.c - ordmill gaps accept|reopen --reason TEXT FEED FIRST [LAST] */
#include <inttypes.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cmd/session.h"
#include "ingest/decide.h"

#define JSON_MAX ((size_t)64 * 1024)

struct decide_args {
	const char *reason;
	const char *by;
};

static const struct om_opt decide_opts[] = {
	OM_TEXT_OPT(struct decide_args, by, 0, "by", "WHO",
	    "who says so (the user who calls)"),
	OM_TEXT_OPT(struct decide_args, reason, 0, "reason", "TEXT",
	    "why; it must be given"),
	{ 0 },
};

static const char *const accept_examples[] = {
	"number 17 was never sent, as the sender says",
	"ordmill gaps accept -s day acme 17 --reason 'skipped by acme, ticket 80'",
	"a warehouse was closed for some days",
	"ordmill gaps accept -s day stock 2026-12-24 2026-12-28 --reason holidays",
	NULL,
};

static const char *const reopen_examples[] = {
	"it was the wrong number",
	"ordmill gaps reopen -s day acme 17 --reason 'it was 18'",
	NULL,
};

static om_run_fn accept_run;
static om_run_fn reopen_run;

const struct om_cmd om_cmd_gaps_accept = {
	.name = "gaps accept",
	.summary = "say that numbers of a feed will never come",
	.operands = "FEED FIRST [LAST]",
	.operand_min = 2,
	.operand_max = 3,
	.opts = decide_opts,
	.args_size = sizeof(struct decide_args),
	.run = accept_run,
	.examples = accept_examples,
};

const struct om_cmd om_cmd_gaps_reopen = {
	.name = "gaps reopen",
	.summary = "expect numbers again that were accepted as missing",
	.operands = "FEED FIRST [LAST]",
	.operand_min = 2,
	.operand_max = 3,
	.opts = decide_opts,
	.args_size = sizeof(struct decide_args),
	.run = reopen_run,
	.examples = reopen_examples,
};

static int
read_number(const char *text, struct om_sequence *out, struct om_err *err)
{
	if (om_sequence_parse(om_str_of(text), out))
		return 0;
	return om_fail(err, OM_EUSAGE,
	    "'%s' is neither a number nor a day such as 2026-11-26", text);
}

/* It is told in lines, and signed for good. */
static int
check_text(const char *option, const char *text, struct om_err *err)
{
	struct om_str s = om_str_of(text);
	size_t at;

	if (s.n == 0)
		return om_fail(err, OM_EUSAGE, "%s: say something", option);
	if (s.n > OM_DECISION_TEXT_MAX)
		return om_fail(err, OM_EUSAGE, "%s: over %d bytes", option,
		    OM_DECISION_TEXT_MAX);
	if (!om_utf8_valid(s, &at))
		return om_fail(err, OM_EUSAGE, "%s: not UTF-8", option);
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == '\177')
			return om_fail(err, OM_EUSAGE,
			    "%s: a control character in it", option);
	return 0;
}

/* By the system's list of users, else by number. */
static const char *
caller(char out[32])
{
	uid_t uid = geteuid();
	const struct passwd *user = getpwuid(uid);

	if (user != NULL)
		return user->pw_name;
	snprintf(out, 32, "user %lu", (unsigned long)uid);
	return out;
}

static int
read_wish(char **argv, int argc, const struct decide_args *a,
    struct om_ruling *out, struct om_err *err)
{
	out->feed = argv[0];
	out->reason = a->reason;
	if (read_number(argv[1], &out->first, err) < 0 ||
	    read_number(argv[argc - 1], &out->last, err) < 0)
		return err->code;
	if (out->first.unit != out->last.unit ||
	    out->first.number > out->last.number)
		return om_fail(err, OM_EUSAGE, "%s is not before %s", argv[1],
		    argv[argc - 1]);
	if (a->reason == NULL)
		return om_fail(err, OM_EUSAGE, "say why, with --reason TEXT");
	if (check_text("--reason", a->reason, err) < 0)
		return err->code;
	return check_text("--by", out->by, err);
}

static int
as_json(const struct om_cli *cli, char **argv, int argc,
    const struct om_ruling *wish, const struct om_ruled *done,
    struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf text;
	struct om_json j;

	om_buf_init(&text, JSON_MAX);
	om_json_init(&j, &text);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.gaps-decision/1");
	om_json_cstr(&j, "feed", wish->feed);
	om_json_cstr(&j, "unit", om_sequence_unit_name(done->unit));
	om_json_cstr(&j, "from", argv[1]);
	om_json_cstr(&j, "to", argv[argc - 1]);
	om_json_cstr(&j, "decision", om_decision_name(wish->accept));
	om_json_cstr(&j, "by", wish->by);
	om_json_cstr(&j, "reason", wish->reason);
	om_json_int(&j, "changed", done->changed);
	om_json_bool(&j, "dry_run", cli->g->dry_run);
	if (done->changed > 0 && !cli->g->dry_run)
		om_json_int(&j, "entry", done->leaf);
	om_json_end(&j);
	if (om_buf_over(&text))
		return om_fail(err, OM_ELIMIT, "an answer of over %zu bytes",
		    JSON_MAX);
	fprintf(cli->out, "%.*s\n", OM_FMT(om_buf_view(&text)));
	return OM_EXIT_OK;
}

static void
as_text(const struct om_cli *cli, const struct om_ruling *wish,
    const struct om_ruled *done)
{
	char text[OM_SEQUENCE_TEXT_MAX];

	fprintf(cli->out, "%sfeed %s: %s", cli->g->dry_run ? "dry run: " : "",
	    wish->feed, om_sequence_text(done->unit, wish->first.number, text));
	if (wish->last.number > wish->first.number)
		fprintf(cli->out, " to %s",
		    om_sequence_text(done->unit, wish->last.number, text));
	if (done->changed == 0)
		fprintf(cli->out, " %s\n",
		    wish->accept ? "accepted before" : "open already");
	else
		fprintf(cli->out, ": %" PRId64 " %s by %s\n", done->changed,
		    om_decision_name(wish->accept), wish->by);
}

static int
decide(const struct om_cli *cli, const struct decide_args *a, bool accept,
    int argc, char **argv, struct om_err *err)
{
	OM_AUTO(om_store_close) struct om_store *store = NULL;
	char number[32];
	struct om_ruling wish = { .accept = accept, .by = a->by };
	struct om_ruled done;

	if (wish.by == NULL)
		wish.by = caller(number);
	if (read_wish(argv, argc, a, &wish, err) < 0 ||
	    om_cli_open(cli, OM_STORE_WRITE,
		accept ? "gaps accept" : "gaps reopen", &store, err) < 0 ||
	    om_decide(store, &wish, cli->g->dry_run, &done, err) < 0)
		return err->code;
	if (cli->g->json)
		return as_json(cli, argv, argc, &wish, &done, err);
	if (!cli->g->quiet)
		as_text(cli, &wish, &done);
	return OM_EXIT_OK;
}

static int
accept_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	return decide(cli, args, true, argc, argv, err);
}

static int
reopen_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	return decide(cli, args, false, argc, argv, err);
}
