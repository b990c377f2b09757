/* lines.c - see lines.h. */
#include "text/lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW ((size_t)256 * 1024)

struct om_lines {
	om_read_fn *read;
	void *arg;
	size_t max;
	char *buf;
	size_t cap;
	size_t at; /* where the next line starts */
	size_t have;
	uint64_t before; /* offset of buf[0] */
	uint64_t line;
	bool ended;
	bool begun;
};

struct om_lines *
om_lines_open(om_read_fn *read, void *arg, size_t line_max)
{
	struct om_lines *l = calloc(1, sizeof(*l));

	if (l == NULL || (l->buf = malloc(WINDOW)) == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	l->read = read;
	l->arg = arg;
	l->max = line_max;
	l->cap = WINDOW;
	l->line = 1;
	return l;
}

void
om_lines_close(struct om_lines **lines)
{
	if (*lines == NULL)
		return;
	free((*lines)->buf);
	free(*lines);
	*lines = NULL;
}

static int
fill(struct om_lines *l, struct om_err *err)
{
	size_t n = 0;

	memmove(l->buf, l->buf + l->at, l->have - l->at);
	l->before += l->at;
	l->have -= l->at;
	l->at = 0;
	if (l->have == l->cap) {
		char *p = realloc(l->buf, l->cap * 2);

		if (p == NULL) {
			fputs("ordmill: out of memory\n", stderr);
			abort();
		}
		l->buf = p;
		l->cap *= 2;
	}
	if (l->read(l->arg, l->buf + l->have, l->cap - l->have, &n, err) < 0)
		return err->code;
	l->have += n;
	l->ended = n == 0;
	return 0;
}

static int
skip_bom(struct om_lines *l, struct om_err *err)
{
	while (l->have < 3 && !l->ended)
		if (fill(l, err) < 0)
			return err->code;
	if (l->have >= 3 && memcmp(l->buf, "\xef\xbb\xbf", 3) == 0)
		l->at = 3;
	l->begun = true;
	return 0;
}

/* Where the line that starts at l->at ends, its LF not counted. */
static int
find_end(struct om_lines *l, size_t *out_n, struct om_err *err)
{
	size_t n = 0;

	for (;;) {
		const char *p = l->buf + l->at + n;
		const char *end = NULL;

		if (l->have > l->at + n)
			end = memchr(p, '\n', l->have - l->at - n);
		n = end != NULL ? (size_t)(end - l->buf) - l->at
				: l->have - l->at;
		if (n > l->max + 1 || end != NULL || l->ended)
			break;
		if (fill(l, err) < 0)
			return err->code;
	}
	*out_n = n;
	return 0;
}

int
om_lines_next(struct om_lines *l, struct om_line_text *out, struct om_err *err)
{
	size_t n = 0;

	if ((!l->begun && skip_bom(l, err) < 0) || find_end(l, &n, err) < 0)
		return err->code;
	if (n == 0 && l->at == l->have)
		return 0;
	out->bytes = (struct om_str){ l->buf + l->at, n };
	out->line = l->line++;
	out->offset = l->before + l->at;
	l->at += n + (l->at + n < l->have);
	if (n > 0 && out->bytes.p[n - 1] == '\r')
		out->bytes.n--;
	if (out->bytes.n > l->max)
		return om_fail(err, OM_ELIMIT,
		    "line %llu, byte %llu: over %zu bytes",
		    (unsigned long long)out->line,
		    (unsigned long long)out->offset, l->max);
	return 1;
}
