/* wrap.c - help in two columns that fits an 80 column terminal. */
#include "cmd/wrap.h"

#include <string.h>

#define WIDTH 79
#define RIGHT 26 /* where the right column begins */

void
om_wrap_words(const char *text, int col, int indent, FILE *out)
{
	bool first = true;

	text += strspn(text, " ");
	while (*text != '\0') {
		int n = (int)strcspn(text, " ");

		if (!first && col + 1 + n > WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			col = indent;
		} else if (!first) {
			putc(' ', out);
			col++;
		}
		for (int i = 0; i < n; i++)
			putc(text[i] == OM_WRAP_GLUE[0] ? ' ' : text[i], out);
		col += n;
		first = false;
		text += n;
		text += strspn(text, " ");
	}
	putc('\n', out);
}

void
om_wrap_item(const char *left, const char *right, FILE *out)
{
	int used = fprintf(out, "  %s", left);

	if (used > RIGHT - 2) {
		putc('\n', out);
		used = 0;
	}
	fprintf(out, "%*s", RIGHT - used, "");
	om_wrap_words(right, RIGHT, RIGHT, out);
}

void
om_wrap_options(const struct om_opt *opts, FILE *out)
{
	for (const struct om_opt *o = opts; o->kind != OM_OPT_END; o++) {
		char letter[] = { o->letter != 0 ? '-' : ' ',
			o->letter != 0 ? o->letter : ' ',
			o->letter != 0 ? ',' : ' ', '\0' };
		char left[3 * OM_WORD_MAX];

		snprintf(left, sizeof(left), "%s --%s%s%s", letter, o->name,
		    o->value != NULL ? " " : "",
		    o->value != NULL ? o->value : "");
		om_wrap_item(left, o->help, out);
	}
}

/* Rather before an option than between an option and its value. */
size_t
om_wrap_command(const char *text, size_t width)
{
	size_t fit = 0;
	size_t option = 0;
	char quote = '\0';

	if (strlen(text) <= width)
		return strlen(text);
	for (size_t i = 0; text[i] != '\0' && (i + 2 <= width || fit == 0);
	     i++) {
		if (quote != '\0')
			quote = text[i] == quote ? '\0' : quote;
		else if (text[i] == '\'' || text[i] == '"')
			quote = text[i];
		else if (text[i] == ' ')
			fit = i;
		if (fit == i && text[i + 1] == '-')
			option = i;
	}
	if (option > 0)
		return option;
	return fit > 0 ? fit : strlen(text);
}
