/* report.c - ordmill report daily [--date DAY] [--format F] */
#include <string.h>

#include "cmd/command.h"
#include "cmd/render.h"
#include "ops/daily.h"

#define DAY 86400

struct report_args {
	const char *date;
	const char *format;
};

/* clang-format off */
static const struct om_opt report_opts[] = {
	OM_TEXT_OPT(struct report_args, date, 0, "date", "DAY",
	    "a date, today, yesterday or -Nd, in UTC (today)"),
	OM_TEXT_OPT(struct report_args, format, 0, "format",
	    "text|csv|json|html", "how the report is written (text)"),
	{ 0 },
};
/* clang-format on */

static const char *const daily_examples[] = {
	"see how the day is going",
	"ordmill report daily -s S",
	"file yesterday's report",
	"ordmill report daily -s S --date yesterday --format html -o day.html",
	NULL,
};

static om_run_fn daily_run;

const struct om_cmd om_cmd_report_daily = {
	.name = "report daily",
	.summary = "report a day: money in, states, batches, books, evidence",
	.opts = report_opts,
	.args_size = sizeof(struct report_args),
	.run = daily_run,
	.examples = daily_examples,
};

/* "-2d": two days ago. */
static bool
days_ago(const char *text, int64_t *out)
{
	size_t n = strlen(text);

	return n > 2 && text[0] == '-' && text[n - 1] == 'd' &&
	       om_str_int((struct om_str){ text + 1, n - 2 }, out) &&
	       *out >= 0 && *out <= 100000;
}

static int
read_date(const char *text, const struct om_clock *clock, int64_t *out,
    struct om_err *err)
{
	int64_t days = 0;

	if (text == NULL || strcmp(text, "today") == 0)
		days = 0;
	else if (strcmp(text, "yesterday") == 0)
		days = 1;
	else if (!days_ago(text, &days)) {
		if (om_time_parse(om_str_of(text), out, err) < 0)
			return om_fail(err, OM_EUSAGE, "--date: bad date '%s'",
			    text);
		return 0;
	}
	*out = om_now(clock) - days * DAY;
	return 0;
}

static int
daily_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct report_args *a = args;
	OM_AUTO(om_store_close) struct om_store *store = NULL;
	struct om_session session = {
		.access = OM_STORE_READ,
		.command = "report daily",
		.clock = cli->clock,
	};
	enum om_report_format format;
	struct om_report *report;
	const char *url;
	int64_t day;
	bool closed;

	(void)argc;
	(void)argv;
	if (om_cli_format(cli, a->format, &format, err) < 0 ||
	    read_date(a->date, &cli->clock, &day, err) < 0 ||
	    om_cli_store(cli, &url, err) < 0 ||
	    om_store_open(url, &session, &store, err) < 0 ||
	    om_daily(store, day, cli->arena, &report, &closed, err) < 0 ||
	    om_cli_render(cli, report, format, err) < 0)
		return err->code;
	if (!closed)
		return om_fail(err, OM_EINTERNAL,
		    "a book of the day does not close");
	return OM_EXIT_OK;
}
