/* completion.c - ordmill completion bash|zsh|fish */
#include <string.h>

#include "cmd/command.h"

static const struct om_opt completion_opts[] = {
	{ 0 },
};

static const char *const completion_examples[] = {
	"complete commands and options in this bash",
	"eval \"$(ordmill completion bash)\"",
	NULL,
};

static om_run_fn completion_run;

const struct om_cmd om_cmd_completion = {
	.name = "completion",
	.summary = "print a completion script for a shell",
	.operands = "bash|zsh|fish",
	.operand_min = 1,
	.operand_max = 1,
	.opts = completion_opts,
	.run = completion_run,
	.examples = completion_examples,
};

/* Options as words of a shell, each after a blank. */
static void
put_words(const struct om_opt *o, FILE *out)
{
	for (; o != NULL && o->kind != OM_OPT_END; o++)
		fprintf(out, " --%s", o->name);
}

/* First words, each once: the table is sorted. */
static void
put_first_words(FILE *out)
{
	const char *last = "";

	for (size_t i = 0; om_cmds[i] != NULL; i++) {
		const char *name = om_cmds[i]->name;
		size_t n = strcspn(name, " ");

		if (!om_cmd_in_family(om_cmds[i], "") && strlen(last) >= n &&
		    memcmp(last, name, n) == 0 &&
		    (last[n] == ' ' || last[n] == '\0'))
			continue;
		fprintf(out, " %.*s", (int)n, name);
		last = name;
	}
}

/* For each family an arm of a case with its second words. */
static void
put_second_words(FILE *out)
{
	const struct om_cmd *last = NULL;

	for (size_t i = 0; om_cmds[i] != NULL; i++) {
		const char *name = om_cmds[i]->name;
		size_t n = strcspn(name, " ");

		if (name[n] == '\0')
			continue;
		if (last == NULL || strncmp(last->name, name, n + 1) != 0)
			fprintf(out, "%s\t\t%.*s) words+=\"",
			    last != NULL ? "\" ;;\n" : "", (int)n, name);
		fprintf(out, " %s", name + n + 1);
		last = om_cmds[i];
	}
	fputs(last != NULL ? "\" ;;\n" : "", out);
}

/* A bash function; zsh runs it through bashcompinit. One arm of the case for
 * each command: its own options, and the second words of a family. */
static void
put_bash(FILE *out)
{
	fputs("_ordmill() {\n"
	      "\tlocal word=${COMP_WORDS[COMP_CWORD]} words\n"
	      "\tlocal globals=\"",
	    out);
	put_words(om_global_opts, out);
	fputs("\"\n\tcase \"${COMP_WORDS[1]-} ${COMP_WORDS[2]-}\" in\n", out);
	for (size_t i = 0; om_cmds[i] != NULL; i++) {
		fprintf(out, "\t'%s%s'*) words=\"$globals", om_cmds[i]->name,
		    strchr(om_cmds[i]->name, ' ') == NULL ? " " : "");
		put_words(om_cmds[i]->opts, out);
		fputs("\" ;;\n", out);
	}
	fputs("\t*) words=\"$globals\" ;;\n\tesac\n"
	      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords+=\"",
	    out);
	put_first_words(out);
	fputs("\"\n\tfi\n"
	      "\tif [ \"$COMP_CWORD\" -eq 2 ]; then\n"
	      "\t\tcase ${COMP_WORDS[1]} in\n",
	    out);
	put_second_words(out);
	fputs("\t\tesac\n\tfi\n"
	      "\t[ -z \"$word\" ] || [ \"${word:0:1}\" = - ] ||\n"
	      "\t\t[ \"$COMP_CWORD\" -le 2 ] || words=\n"
	      "\t# shellcheck disable=SC2207 # zsh has no mapfile\n"
	      "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
	      "}\n"
	      "complete -o default -F _ordmill ordmill\n",
	    out);
}

static void
put_zsh(FILE *out)
{
	fputs("autoload -Uz bashcompinit && bashcompinit\n", out);
	put_bash(out);
}

/* Single quotes, with those inside as \'. */
static void
put_fish_text(const char *text, FILE *out)
{
	putc('\'', out);
	for (; *text != '\0'; text++) {
		if (*text == '\'' || *text == '\\')
			putc('\\', out);
		putc(*text, out);
	}
	putc('\'', out);
}

static void
put_fish_options(const struct om_opt *o, const char *condition, FILE *out)
{
	for (; o != NULL && o->kind != OM_OPT_END; o++) {
		fprintf(out, "complete -c ordmill%s -l %s", condition, o->name);
		if (o->letter != 0)
			fprintf(out, " -s %c", o->letter);
		if (o->value != NULL)
			fputs(" -r", out);
		fputs(" -d ", out);
		put_fish_text(o->help, out);
		putc('\n', out);
	}
}

static void
put_fish(FILE *out)
{
	put_fish_options(om_global_opts, "", out);
	for (size_t i = 0; om_cmds[i] != NULL; i++) {
		const struct om_cmd *cmd = om_cmds[i];
		int n = (int)strcspn(cmd->name, " ");
		char condition[2 * OM_WORD_MAX];

		if (cmd->name[n] == '\0')
			fputs("complete -c ordmill -f "
			      "-n __fish_use_subcommand",
			    out);
		else
			fprintf(out,
			    "complete -c ordmill -f -n __fish_use_subcommand "
			    "-a %.*s\ncomplete -c ordmill -f "
			    "-n '__fish_seen_subcommand_from %.*s'",
			    n, cmd->name, n, cmd->name);
		fprintf(out, " -a %s -d ",
		    cmd->name[n] == '\0' ? cmd->name : cmd->name + n + 1);
		put_fish_text(cmd->summary, out);
		putc('\n', out);
		snprintf(condition, sizeof(condition),
		    " -n '__fish_seen_subcommand_from %s'",
		    cmd->name[n] == '\0' ? cmd->name : cmd->name + n + 1);
		put_fish_options(cmd->opts, condition, out);
	}
}

static int
completion_run(const struct om_cli *cli, const void *args, int argc,
    char **argv, struct om_err *err)
{
	static const struct {
		const char *shell;
		void (*put)(FILE *out);
	} shells[] = {
		{ "bash", put_bash },
		{ "zsh", put_zsh },
		{ "fish", put_fish },
	};

	(void)args;
	(void)argc;
	for (size_t i = 0; i < OM_COUNT(shells); i++) {
		if (strcmp(shells[i].shell, argv[0]) != 0)
			continue;
		shells[i].put(cli->out);
		return OM_EXIT_OK;
	}
	return om_fail(err, OM_EUSAGE,
	    "no completion for '%s'; there are: bash, zsh, fish", argv[0]);
}
