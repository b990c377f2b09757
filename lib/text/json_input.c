/* json_input.c - a window on the input, and tokens in it; json_parts.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/json_parts.h"
#include "text/json_scan.h"
#include "text/json_text.h"

#define WINDOW ((size_t)256 * 1024)

void *
om_json_grow(void *p, size_t size)
{
	p = realloc(p, size);
	if (p == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	return p;
}

static void
remember(struct om_json_reader *r, size_t at, const char *what)
{
	struct om_json_problem *p = &r->problem;

	if (p->what[0] != '\0')
		return;
	snprintf(p->what, sizeof(p->what), "%s", what);
	p->line = r->token_line;
	p->offset = r->before + at;
	om_json_path(r, p->path);
}

int
om_json_fail_at(struct om_json_reader *r, enum om_code code, size_t at,
    const char *what, struct om_err *err)
{
	const struct om_json_problem *p = &r->problem;

	remember(r, at, what);
	return om_fail(err, code, "line %llu, byte %llu%s%s: %s",
	    (unsigned long long)p->line, (unsigned long long)p->offset,
	    p->path[0] == '\0' ? "" : ", ", p->path, p->what);
}

int
om_json_object_to(struct om_json_reader *r, size_t at, const char *what,
    struct om_err *err)
{
	if (!r->tolerant)
		return om_json_fail_at(r, OM_EDATA, at, what, err);
	remember(r, at, what);
	return 0;
}

static int
too_long(struct om_json_reader *r, struct om_err *err)
{
	char what[64];

	snprintf(what, sizeof(what), "a value of over %zu bytes", r->value_max);
	return om_json_fail_at(r, OM_ELIMIT, r->token, what, err);
}

/* Forget what nobody needs any more. */
static void
slide(struct om_json_reader *r)
{
	size_t keep = r->mark < r->token ? r->mark : r->token;

	if (keep == 0)
		return;
	memmove(r->buf, r->buf + keep, r->have - keep);
	r->before += keep;
	r->have -= keep;
	r->at -= keep;
	r->token -= keep;
	if (r->mark != SIZE_MAX)
		r->mark -= keep;
}

int
om_json_fill(struct om_json_reader *r, struct om_err *err)
{
	size_t n = 0;

	slide(r);
	if (r->have > r->value_max)
		return too_long(r, err);
	if (r->read != NULL) {
		if (r->have == r->cap) {
			r->cap = r->cap == 0 ? WINDOW : r->cap * 2;
			r->buf =
			    om_json_grow(r->buf, r->cap + OM_JSON_SCAN_PAD);
		}
		if (r->read(r->arg, r->buf + r->have, r->cap - r->have, &n,
			err) < 0)
			return err->code;
		r->have += n;
		memset(r->buf + r->have, 0, OM_JSON_SCAN_PAD);
	}
	r->ended = n == 0;
	return 0;
}

/* A BOM is three bytes, or none. */
static int
skip_bom(struct om_json_reader *r, struct om_err *err)
{
	while (r->have < 3 && !r->ended)
		if (om_json_fill(r, err) < 0)
			return err->code;
	if (r->have >= 3 && memcmp(r->buf, "\xef\xbb\xbf", 3) == 0)
		r->at = 3;
	r->begun = true;
	return 0;
}

int
om_json_skip_blanks(struct om_json_reader *r, struct om_err *err)
{
	if (!r->begun && skip_bom(r, err) < 0)
		return err->code;
	for (;;) {
		const char *p = r->buf + r->at;
		const char *end = r->buf + r->have;

		while (p < end &&
		       (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) {
			r->line += *p == '\n';
			p++;
		}
		r->at = r->have - (size_t)(end - p);
		if (p < end)
			return 1;
		r->token = r->at;
		r->token_line = r->line;
		if (r->ended)
			return 0;
		if (om_json_fill(r, err) < 0)
			return err->code;
	}
}

/* r->at behind the closing quote. *out_n: the bytes between the quotes. */
static int
find_quote(struct om_json_reader *r, struct om_json_run *run, bool *out_escapes,
    size_t *out_n, struct om_err *err)
{
	size_t i = 1; /* from r->token, which may move */

	*out_escapes = false;
	for (;;) {
		size_t left = r->have - r->token - i;
		const void *p = r->buf + r->token + i;

		i += om_json_scan_string(p, left, run);
		if (r->token + i < r->have && r->buf[r->token + i] == '"')
			break;
		if (r->token + i + 1 < r->have) {
			*out_escapes = true;
			run->high |=
			    (unsigned char)r->buf[r->token + i + 1] > 127;
			run->control |=
			    (unsigned char)r->buf[r->token + i + 1] < ' ';
			i += 2;
			continue;
		}
		if (r->ended)
			return om_json_fail_at(r, OM_EDATA, r->token,
			    "a string that does not end", err);
		r->at = r->have;
		if (om_json_fill(r, err) < 0)
			return err->code;
	}
	*out_n = i - 1;
	r->at = r->token + i + 1;
	return 0;
}

static size_t
first_control(struct om_str s)
{
	size_t i = 0;

	while (i < s.n && (unsigned char)s.p[i] >= ' ')
		i++;
	return i;
}

/* What a string may not hold, whatever its escapes say. Lines in it count. */
static int
check_bytes(struct om_json_reader *r, struct om_str s,
    const struct om_json_run *run, struct om_err *err)
{
	size_t at;

	if (run->high && !om_utf8_valid(s, &at) &&
	    om_json_object_to(r, r->token + 1 + at, "not UTF-8", err) < 0)
		return err->code;
	if (!run->control)
		return 0;
	at = first_control(s);
	if (om_json_object_to(r, r->token + 1 + at,
		"a control character in a string", err) < 0)
		return err->code;
	for (; at < s.n; at++)
		r->line += s.p[at] == '\n';
	return 0;
}

static int
unescape(struct om_json_reader *r, struct om_json_token *out,
    struct om_err *err)
{
	const char *what;
	size_t bad = 0;
	size_t n;

	if (out->text.n + OM_JSON_SCAN_PAD > r->scratch_cap) {
		r->scratch_cap = out->text.n * 2 + 256;
		r->scratch = om_json_grow(r->scratch, r->scratch_cap);
	}
	what = om_json_unescape(out->text, r->scratch, &n, &bad);
	if (what != NULL)
		return om_json_object_to(r, r->token + 1 + bad, what, err);
	out->text = (struct om_str){ r->scratch, n };
	out->verbatim = false;
	return 0;
}

int
om_json_string(struct om_json_reader *r, struct om_json_token *out,
    struct om_err *err)
{
	struct om_json_run run = { false, false };
	bool escapes = false;
	size_t n = 0;

	if (find_quote(r, &run, &escapes, &n, err) < 0)
		return err->code;
	if (n + 2 > r->value_max)
		return too_long(r, err);
	out->text = (struct om_str){ r->buf + r->token + 1, n };
	out->verbatim = true;
	if ((run.high || run.control) &&
	    check_bytes(r, out->text, &run, err) < 0)
		return err->code;
	return escapes ? unescape(r, out, err) : 0;
}

static bool
ends_scalar(char c)
{
	static const bool ends[256] = { [' '] = true,
		['\t'] = true,
		['\n'] = true,
		['\r'] = true,
		[','] = true,
		[':'] = true,
		['['] = true,
		[']'] = true,
		['{'] = true,
		['}'] = true,
		['"'] = true };

	return ends[(unsigned char)c];
}

int
om_json_scalar(struct om_json_reader *r, struct om_json_token *out,
    struct om_err *err)
{
	size_t i = 0;

	for (;;) {
		while (r->token + i < r->have &&
		       !ends_scalar(r->buf[r->token + i]))
			i++;
		if (r->token + i < r->have || r->ended)
			break;
		r->at = r->have;
		if (om_json_fill(r, err) < 0)
			return err->code;
	}
	r->at = r->token + i;
	if (i > r->value_max)
		return too_long(r, err);
	out->text = (struct om_str){ r->buf + r->token, i };
	out->verbatim = true;
	out->kind = OM_JSON_NUMBER;
	if (om_str_is(out->text, "null"))
		out->kind = OM_JSON_NULL;
	else if (om_str_is(out->text, "true"))
		out->kind = OM_JSON_TRUE;
	else if (om_str_is(out->text, "false"))
		out->kind = OM_JSON_FALSE;
	else if (!om_json_number_valid(out->text))
		return om_json_object_to(r, r->token, "no JSON value", err);
	return 0;
}
