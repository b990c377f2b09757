/* csv_write.c - fields and records out; see csv.h. */
#include "text/csv.h"

#include <string.h>

#include "base/buf.h"

static bool
must_quote(struct om_str s, char delimiter)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == delimiter || s.p[i] == '"' || s.p[i] == '\n' ||
		    s.p[i] == '\r')
			return true;
	return false;
}

static void
write_quoted(struct om_buf *out, struct om_str s)
{
	om_buf_char(out, '"');
	while (s.n > 0) {
		const char *quote = memchr(s.p, '"', s.n);
		size_t n = quote == NULL ? s.n : (size_t)(quote - s.p) + 1;

		om_buf_add(out, s.p, n);
		if (quote != NULL)
			om_buf_char(out, '"');
		s.p += n;
		s.n -= n;
	}
	om_buf_char(out, '"');
}

void
om_csv_write_field(struct om_buf *out, struct om_str field, char delimiter)
{
	if (must_quote(field, delimiter))
		write_quoted(out, field);
	else
		om_buf_str(out, field);
}

void
om_csv_write_record(struct om_buf *out, const struct om_str *field,
    size_t count, char delimiter)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			om_buf_char(out, delimiter);
		om_csv_write_field(out, field[i], delimiter);
	}
	if (count == 1 && field[0].n == 0)
		om_buf_text(out, "\"\"");
	om_buf_char(out, '\n');
}
