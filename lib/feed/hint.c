/* hint.c - formats by their first bytes, delimiters by the first line. */
#include "feed/hint.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "io/source.h"

#define LOOK_MAX 1024

static bool
begins(struct om_str s, const char *with)
{
	size_t n = strlen(with);

	return s.n >= n && memcmp(s.p, with, n) == 0;
}

static const char *
format_of(struct om_str s)
{
	static const struct {
		const char *start;
		const char *hint;
	} table[] = {
		{ "ISA*", "X12: try --feed x12-850" },
		{ "ISA|", "X12: try --feed x12-850" },
		{ "ISA~", "X12: try --feed x12-850" },
		{ "UNA", "EDIFACT: try --feed edifact-orders" },
		{ "UNB+", "EDIFACT: try --feed edifact-orders" },
		{ "<", "XML: try --feed ubl-order" },
		{ "{", "JSON: say 'format: json' or 'format: ndjson'" },
		{ "[", "JSON: say 'format: json' or 'format: ndjson'" },
	};

	for (size_t i = 0; i < OM_COUNT(table); i++)
		if (begins(s, table[i].start))
			return table[i].hint;
	return NULL;
}

/* Another delimiter, if the line has none of the one that was tried. */
static const char *
delimiter_of(struct om_str s, char tried)
{
	static const struct {
		char mark;
		const char *hint;
	} table[] = {
		{ ';', "rows cut by ';': say 'delimiter: \";\"'" },
		{ '\t', "rows cut by TAB: say 'format: tsv'" },
		{ '|', "rows cut by '|': say 'format: psv'" },
		{ ',', "rows cut by ',': say 'format: csv'" },
	};
	size_t n = 0;

	while (n < s.n && s.p[n] != '\n' && s.p[n] != '\r')
		n++;
	if (n == 0 || memchr(s.p, tried, n) != NULL)
		return NULL;
	for (size_t i = 0; i < OM_COUNT(table); i++)
		if (memchr(s.p, table[i].mark, n) != NULL)
			return table[i].hint;
	return NULL;
}

static bool
look(const char *path, char bytes[LOOK_MAX], struct om_str *out)
{
	struct om_source *source OM_AUTO(om_source_close) = NULL;
	struct om_err ignored;
	struct stat st;
	size_t n;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) ||
	    om_source_open(path, &source, &ignored) < 0 ||
	    om_source_read(source, bytes, LOOK_MAX, &n, &ignored) < 0)
		return false;
	*out = (struct om_str){ bytes, n };
	if (begins(*out, "\xef\xbb\xbf"))
		*out = (struct om_str){ bytes + 3, n - 3 };
	while (out->n > 0 && strchr(" \t\r\n", out->p[0]) != NULL &&
	       out->p[0] != '\0')
		*out = (struct om_str){ out->p + 1, out->n - 1 };
	return true;
}

void
om_hint(const char *path, char delimiter, struct om_err *err)
{
	char bytes[LOOK_MAX];
	struct om_str start;
	const char *hint;
	size_t n = strlen(err->msg);

	if (err->code != OM_EDATA || !look(path, bytes, &start))
		return;
	hint = format_of(start);
	if (hint == NULL)
		hint = delimiter_of(start, delimiter);
	if (hint != NULL)
		snprintf(err->msg + n, sizeof(err->msg) - n,
		    "; it looks like %s", hint);
}
