/* script.c - reading SQL text just enough: engine lines, parameters, columns. */
#include <string.h>

#include "db/backend.h"

static bool
ends_with(const char *line, size_t n, const char *mark)
{
	size_t m = strlen(mark);

	while (n > 0 && (line[n - 1] == ' ' || line[n - 1] == '\t' ||
			    line[n - 1] == '\r'))
		n--;
	return n >= m && memcmp(line + n - m, mark, m) == 0;
}

void
om_script_for(enum om_engine engine, const char *script, struct om_buf *out)
{
	const char *other = engine == OM_SQLITE ? "--@postgres" : "--@sqlite";

	while (*script != '\0') {
		size_t n = strcspn(script, "\n");

		if (!ends_with(script, n, other))
			om_buf_add(out, script, n);
		if (script[n] == '\n') {
			om_buf_char(out, '\n'); /* line numbers stay */
			n++;
		}
		script += n;
	}
}

/* Where the quoted text or comment that starts at p ends, or p itself. */
static const char *
skip_quoted(const char *p)
{
	const char *end;

	if (*p == '\'' || *p == '"') {
		end = strchr(p + 1, *p);
		return end == NULL ? p + strlen(p) : end + 1;
	}
	if (p[0] == '-' && p[1] == '-')
		return p + strcspn(p, "\n");
	if (p[0] == '/' && p[1] == '*') {
		end = strstr(p + 2, "*/");
		return end == NULL ? p + strlen(p) : end + 2;
	}
	return p;
}

int
om_param_count(const char *sql, bool *used)
{
	int most = 0;

	while (*sql != '\0') {
		const char *after = skip_quoted(sql);
		int n = 0;

		if (after != sql) {
			sql = after;
			continue;
		}
		if (*sql++ != '$')
			continue;
		while (*sql >= '0' && *sql <= '9' && n <= OM_PARAM_MAX)
			n = n * 10 + (*sql++ - '0');
		if (used != NULL && n >= 1 && n <= OM_PARAM_MAX)
			used[n - 1] = true;
		if (n > most)
			most = n;
	}
	return most;
}

bool
om_lend_same(const struct om_lend *a, const struct om_lend *b)
{
	if (a->column_count != b->column_count || a->sorted_by != b->sorted_by)
		return false;
	for (int i = 0; i < a->column_count; i++)
		if (a->columns[i].type != b->columns[i].type ||
		    strcmp(a->columns[i].name, b->columns[i].name) != 0)
			return false;
	return true;
}

void
om_lend_schema(const struct om_lend *table, const char *const types[3],
    struct om_buf *out)
{
	for (int i = 0; i < table->column_count; i++)
		om_buf_printf(out, "%s%s %s", i == 0 ? "" : ", ",
		    table->columns[i].name, types[table->columns[i].type]);
}
