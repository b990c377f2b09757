/*
 * mdoc.c - the sections of the manual that must agree with the parser.
 *
 * Printed as "@SECTION@" lines, each followed by its text; scripts/man.sh
 * puts them where man/NAME.in asks for them. A family of two-word commands
 * ("audit verify", "audit log") has one page, with a subsection for each.
 */
#include <ctype.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/wrap.h"

#define WIDTH 66 /* of an example, indented */

/* Text that no character of can be taken for markup. */
static void
put_text(const char *text, FILE *out)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text != '\0'; text++)
		if (*text == '\\')
			fputs("\\e", out);
		else
			putc(*text, out);
}

/* An argument of a macro line: quoted, so that no word of it is a macro. */
static void
put_argument(const char *text, FILE *out)
{
	fputs(" \"", out);
	put_text(text, out);
	putc('"', out);
}

static void
put_sentence(const char *text, FILE *out)
{
	char first[] = { (char)toupper((unsigned char)text[0]), '\0' };

	put_text(first, out);
	if (text[0] != '\0')
		put_text(text + 1, out);
	fputs(".\n", out);
}

static void
put_value(const struct om_opt *o, FILE *out)
{
	if (o->value == NULL)
		return;
	fputs(om_opt_is_choice(o) ? " Cm" : " Ar", out);
	put_argument(o->value, out);
}

static void
put_flag(const struct om_opt *o, FILE *out)
{
	if (o->letter != 0)
		fprintf(out, " Fl %c", o->letter);
	else
		fprintf(out, " Fl Fl %s", o->name);
	put_value(o, out);
}

static void
put_synopsis(const struct om_cmd *cmd, bool first, FILE *out)
{
	const struct om_opt *o = cmd->opts;

	(void)first;
	fprintf(out, ".Nm ordmill %s\n", cmd->name);
	for (; o != NULL && o->kind != OM_OPT_END; o++) {
		fputs(".Op", out);
		put_flag(o, out);
		putc('\n', out);
	}
	if (cmd->operands != NULL && cmd->operands[0] != '\0') {
		fputs(".Ar", out);
		put_argument(cmd->operands, out);
		putc('\n', out);
	}
}

static void
put_option(const struct om_opt *o, FILE *out)
{
	fputs(".It", out);
	if (o->letter != 0)
		fprintf(out, " Fl %c ,", o->letter);
	fprintf(out, " Fl Fl %s", o->name);
	put_value(o, out);
	putc('\n', out);
	put_sentence(o->help, out);
}

static void
put_options(const struct om_opt *o, FILE *out)
{
	if (o == NULL || o->kind == OM_OPT_END) {
		fputs("None of its own.\n", out);
		return;
	}
	fputs(".Bl -tag -width Ds\n", out);
	for (; o->kind != OM_OPT_END; o++)
		put_option(o, out);
	fputs(".El\n", out);
}

static void
put_command(const char *text, FILE *out)
{
	const char *lead = "";

	while (*text != '\0') {
		size_t n = om_wrap_command(text, WIDTH - strlen(lead));
		char line[OM_ERR_MAX];

		snprintf(line, sizeof(line), "%s%.*s%s", lead, (int)n, text,
		    text[n] != '\0' ? " \\" : "");
		put_text(line, out);
		putc('\n', out);
		text += n;
		text += strspn(text, " ");
		lead = "    ";
	}
}

/* The caller's section begins with the first of them, so no .Pp there. */
static void
put_examples(const struct om_cmd *cmd, bool first, FILE *out)
{
	const char *const *e = cmd->examples;

	for (; e != NULL && e[0] != NULL && e[1] != NULL; e += 2) {
		if (!first)
			fputs(".Pp\n", out);
		first = false;
		put_sentence(e[0], out);
		fputs(".Bd -literal -offset indent -compact\n", out);
		put_command(e[1], out);
		fputs(".Ed\n", out);
	}
}

/* first: of its family. */
typedef void section_fn(const struct om_cmd *cmd, bool first, FILE *out);

static void
put_own_options(const struct om_cmd *cmd, bool first, FILE *out)
{
	(void)first;
	if (strchr(cmd->name, ' ') != NULL)
		fprintf(out, ".Ss ordmill %s\n", cmd->name);
	put_options(cmd->opts, out);
}

static void
put_name(const struct om_cmd *cmd, bool first, FILE *out)
{
	(void)first;
	if (strchr(cmd->name, ' ') == NULL)
		fprintf(out, ".Nm ordmill-%s\n.Nd %s\n", cmd->name,
		    cmd->summary);
}

static bool
put_section(const char *title, section_fn *put, const char *family, FILE *out)
{
	bool found = false;

	fprintf(out, "@%s@\n", title);
	for (size_t i = 0; om_cmds[i] != NULL; i++) {
		if (!om_cmd_in_family(om_cmds[i], family))
			continue;
		put(om_cmds[i], !found, out);
		found = true;
	}
	return found;
}

static void
put_exit_status(FILE *out)
{
	fputs("@EXIT STATUS@\n"
	      "As every command's: see\n"
	      ".Xr ordmill-exit 7 .\n",
	    out);
}

bool
om_help_mdoc(const char *family, FILE *out)
{
	if (!put_section("NAME", put_name, family, out))
		return false;
	(void)put_section("SYNOPSIS", put_synopsis, family, out);
	(void)put_section("OPTIONS", put_own_options, family, out);
	(void)put_section("EXAMPLES", put_examples, family, out);
	put_exit_status(out);
	return true;
}

/* For ordmill(1): the global options, and a line for every command. */
void
om_help_mdoc_globals(FILE *out)
{
	fputs("@OPTIONS@\n", out);
	put_options(om_global_opts, out);
	fputs("@COMMANDS@\n.Bl -tag -width Ds\n", out);
	for (size_t i = 0; om_cmds[i] != NULL; i++) {
		const struct om_cmd *cmd = om_cmds[i];

		fprintf(out, ".It Nm ordmill %s\n", cmd->name);
		put_sentence(cmd->summary, out);
		fprintf(out, "See\n.Xr ordmill-%.*s 1 .\n",
		    (int)strcspn(cmd->name, " "), cmd->name);
	}
	fputs(".El\n", out);
	put_exit_status(out);
}
