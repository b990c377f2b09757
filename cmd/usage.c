/* usage.c - one command explained: examples, usage, options, exit statuses. */
#include <string.h>

#include "cmd/command.h"
#include "cmd/exit.h"
#include "cmd/wrap.h"

#define WIDTH 78

static void
print_command(const char *text, FILE *out)
{
	const char *lead = "  ";

	while (*text != '\0') {
		size_t n = om_wrap_command(text, WIDTH - strlen(lead));

		fprintf(out, "%s%.*s%s\n", lead, (int)n, text,
		    text[n] != '\0' ? " \\" : "");
		text += n;
		text += strspn(text, " ");
		lead = "      ";
	}
}

static void
print_examples(const struct om_cmd *cmd, FILE *out)
{
	const char *const *e = cmd->examples;

	if (e == NULL || e[0] == NULL)
		return;
	fputs("Examples:\n", out);
	for (; e[0] != NULL && e[1] != NULL; e += 2) {
		fprintf(out, "  # %s\n", e[0]);
		print_command(e[1], out);
	}
	putc('\n', out);
}

static bool
has_options(const struct om_cmd *cmd)
{
	return cmd->opts != NULL && cmd->opts->kind != OM_OPT_END;
}

static bool
has_operands(const struct om_cmd *cmd)
{
	return cmd->operands != NULL && cmd->operands[0] != '\0';
}

void
om_help_usage(const struct om_cmd *cmd, FILE *out)
{
	fprintf(out, "usage: ordmill %s [OPTION]...%s%s\n", cmd->name,
	    has_operands(cmd) ? " " : "",
	    has_operands(cmd) ? cmd->operands : "");
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

static void
print_statuses(FILE *out)
{
	const char *lead = "Exit status: ";
	char list[1024] = "";

	for (int i = 0; i <= OM_EXIT_MAX; i++) {
		const char *meaning = om_exit_meaning(i);
		size_t used = strlen(list);

		if (meaning == NULL)
			continue;
		snprintf(list + used, sizeof(list) - used, " %d %s%s", i,
		    meaning, i < OM_EXIT_MAX ? "," : "");
		for (used++; list[used] != '\0'; used++)
			if (list[used] == ' ')
				list[used] = OM_WRAP_GLUE[0];
	}
	fputs(lead, out);
	om_wrap_words(list, (int)strlen(lead), 2, out);
	fputs("(ordmill-exit(7) explains them)\n", out);
}

void
om_help_command(const struct om_cmd *cmd, FILE *out)
{
	char title[3 * OM_WORD_MAX];

	snprintf(title, sizeof(title), "ordmill %s - ", cmd->name);
	fputs(title, out);
	om_wrap_words(cmd->summary, (int)strlen(title), 4, out);
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
	print_statuses(out);
}
