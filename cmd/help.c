/* help.c - ordmill help [-m] [COMMAND] */
#include <string.h>

#include "cmd/command.h"
#include "cmd/wrap.h"

struct help_args {
	bool mdoc;
};

static const struct om_opt help_opts[] = {
	OM_FLAG(struct help_args, mdoc, 'm', "mdoc",
	    "print the parts of a manual page that follow from the tables"),
	{ 0 },
};

static const char *const help_examples[] = {
	"list the commands",
	"ordmill help",
	"show all about one of them",
	"ordmill help audit verify",
	NULL,
};

static om_run_fn help_run;

const struct om_cmd om_cmd_help = {
	.name = "help",
	.summary = "list the commands, or explain one",
	.operands = "[COMMAND]",
	.operand_max = 2,
	.opts = help_opts,
	.args_size = sizeof(struct help_args),
	.run = help_run,
	.examples = help_examples,
};

/* By purpose, in the order of a day's work; first words. What is in no group
 * is listed under "Other", so that nothing can be forgotten. */
static const struct group {
	const char *title;
	const char *const words[16];
} groups[] = {
	{ "Try it", { "demo", "gen", "bench", "doctor" } },
	{ "Bring orders in", { "init", "reset", "fetch", "inbox", "ingest",
				 "rejects", "gaps", "stock" } },
	{ "Process and reconcile", { "run", "reconcile", "breaks", "expect" } },
	{ "Look and tell", { "status", "trace", "report", "query", "export" } },
	{ "Prove", { "audit" } },
	{ "Keep the store", { "shard", "backup", "restore", "migrate" } },
	{ "The program itself", { "config", "completion", "help", "version" } },
};

static bool
is_in(const struct group *g, const struct om_cmd *cmd)
{
	for (size_t i = 0; i < OM_COUNT(g->words) && g->words[i] != NULL; i++)
		if (om_cmd_in_family(cmd, g->words[i]))
			return true;
	return false;
}

static bool
is_grouped(const struct om_cmd *cmd)
{
	for (size_t i = 0; i < OM_COUNT(groups); i++)
		if (is_in(&groups[i], cmd))
			return true;
	return false;
}

static bool
list_family(const char *word, FILE *out)
{
	bool found = false;

	for (size_t i = 0; om_cmds[i] != NULL; i++) {
		if (!om_cmd_in_family(om_cmds[i], word))
			continue;
		found = true;
		om_wrap_item(om_cmds[i]->name, om_cmds[i]->summary, out);
	}
	return found;
}

static bool
has_any(const struct group *g)
{
	for (size_t i = 0; om_cmds[i] != NULL; i++)
		if (is_in(g, om_cmds[i]))
			return true;
	return false;
}

static void
list_group(const struct group *g, FILE *out)
{
	if (!has_any(g))
		return;
	fprintf(out, "\n%s:\n", g->title);
	for (size_t i = 0; i < OM_COUNT(g->words) && g->words[i] != NULL; i++)
		(void)list_family(g->words[i], out);
}

static void
list_others(FILE *out)
{
	bool titled = false;

	for (size_t i = 0; om_cmds[i] != NULL; i++) {
		if (is_grouped(om_cmds[i]))
			continue;
		if (!titled)
			fputs("\nOther:\n", out);
		titled = true;
		om_wrap_item(om_cmds[i]->name, om_cmds[i]->summary, out);
	}
}

void
om_help_overview(FILE *out)
{
	fputs("ordmill - order batches in, reconciled books and evidence out\n"
	      "\n"
	      "usage: ordmill [OPTION]... COMMAND [OPTION]... [ARGUMENT]...\n"
	      "\n"
	      "'ordmill help' lists the commands, 'ordmill help COMMAND' "
	      "explains one.\n",
	    out);
}

void
om_help_list(FILE *out)
{
	fputs("usage: ordmill [OPTION]... COMMAND [OPTION]... [ARGUMENT]...\n",
	    out);
	for (size_t i = 0; i < OM_COUNT(groups); i++)
		list_group(&groups[i], out);
	list_others(out);
	fputs("\nOptions of every command:\n", out);
	om_wrap_options(om_global_opts, out);
	fputs("\n'ordmill help COMMAND' explains one command, with examples.\n",
	    out);
}

static int
help_mdoc(const char *family, const struct om_cli *cli, struct om_err *err)
{
	if (family == NULL)
		om_help_mdoc_globals(cli->out);
	else if (!om_help_mdoc(family, cli->out))
		return om_fail(err, OM_EUSAGE, "no command '%s'", family);
	return OM_EXIT_OK;
}

static int
help_run(const struct om_cli *cli, const void *args, int argc, char **argv,
    struct om_err *err)
{
	const struct help_args *a = args;
	const struct om_cmd *cmd;
	int words;

	if (a->mdoc)
		return help_mdoc(argc > 0 ? argv[0] : NULL, cli, err);
	if (argc == 0) {
		om_help_list(cli->out);
		return OM_EXIT_OK;
	}
	if (argc == 1 && om_cmd_find(argv[0]) == NULL &&
	    list_family(argv[0], cli->out)) /* "help audit" */
		return OM_EXIT_OK;
	if (om_cmd_match(argc, argv, &cmd, &words, err) < 0)
		return err->code;
	if (words < argc)
		return om_fail(err, OM_EUSAGE, "no command '%s %s'", argv[0],
		    argv[1]);
	om_help_command(cmd, cli->out);
	return OM_EXIT_OK;
}
