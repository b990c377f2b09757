/* usage.c - one command explained: examples, usage, options, exit statuses. */
#include <string.h>

#include "cmd/command.h"
#include "cmd/wrap.h"

static void
print_examples(const struct om_cmd *cmd, FILE *out)
{
	const char *const *e = cmd->examples;

	if (e == NULL || e[0] == NULL)
		return;
	fputs("Examples:\n", out);
	for (; e[0] != NULL && e[1] != NULL; e += 2)
		fprintf(out, "  # %s\n  %s\n", e[0], e[1]);
	putc('\n', out);
}

static bool
has_options(const struct om_cmd *cmd)
{
	return cmd->opts != NULL && cmd->opts->kind != OM_OPT_END;
}

void
om_help_usage(const struct om_cmd *cmd, FILE *out)
{
	fprintf(out, "usage: ordmill %s [OPTION]...%s%s\n", cmd->name,
	    cmd->operands != NULL ? " " : "",
	    cmd->operands != NULL ? cmd->operands : "");
}

static void
print_globals(FILE *out)
{
	const char *lead = "Options of every command: ";
	char list[1024] = "";

	for (const struct om_opt *o = om_global_opts; o->kind != OM_OPT_END;
	     o++) {
		size_t used = strlen(list);

		snprintf(list + used, sizeof(list) - used, "%s--%s",
		    used == 0 ? "" : " ", o->name);
	}
	fputs(lead, out);
	om_wrap_words(list, (int)strlen(lead), 2, out);
	fputs("('ordmill help' explains them)\n", out);
}

void
om_help_command(const struct om_cmd *cmd, FILE *out)
{
	const char *lead = "Exit status: ";
	char title[3 * OM_WORD_MAX];

	snprintf(title, sizeof(title), "ordmill %s -", cmd->name);
	fputs(title, out);
	putc(' ', out);
	om_wrap_words(cmd->summary, (int)strlen(title) + 1, 4, out);
	putc('\n', out);
	print_examples(cmd, out);
	om_help_usage(cmd, out);
	putc('\n', out);
	if (has_options(cmd)) {
		fputs("Options:\n", out);
		om_wrap_options(cmd->opts, out);
		putc('\n', out);
	}
	print_globals(out);
	putc('\n', out);
	fputs(lead, out);
	om_wrap_words("0 done, 1 found something, 2 usage, 3 partial, "
		      "4 no such input, 5 bad input, 6 no store, "
		      "7 store damaged, 8 locked, 9 deadline, 10 remote, "
		      "11 not authorised, 12 output, 70 internal; "
		      "see ordmill-exit(7)",
	    (int)strlen(lead), 2, out);
}
