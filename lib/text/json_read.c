/* json_read.c - the grammar of JSON; see json_read.h. */
#include "text/json_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/json_parts.h"
#include "text/json_scan.h"

static void
start(struct om_json_reader *r)
{
	r->have = 0;
	r->at = 0;
	r->token = 0;
	r->mark = SIZE_MAX;
	r->ended = false;
	r->begun = false;
	r->before = 0;
	r->line = 1;
	r->token_line = 1;
	r->want = OM_WANT_DOCUMENT;
	r->depth = 0;
	r->problem.what[0] = '\0';
}

struct om_json_reader *
om_json_open(om_read_fn *read, void *arg, size_t value_max, bool tolerant)
{
	struct om_json_reader *r = om_json_grow(NULL, sizeof(*r));

	memset(r, 0, sizeof(*r));
	r->read = read;
	r->arg = arg;
	r->value_max = value_max == 0 ? OM_JSON_VALUE_MAX : value_max;
	r->tolerant = tolerant;
	start(r);
	return r;
}

void
om_json_close(struct om_json_reader **reader)
{
	struct om_json_reader *r = *reader;

	if (r == NULL)
		return;
	free(r->buf);
	free(r->scratch);
	free(r);
	*reader = NULL;
}

void
om_json_give(struct om_json_reader *r, struct om_str text, uint64_t line,
    uint64_t offset)
{
	start(r);
	r->read = NULL;
	if (text.n > r->cap || r->cap == 0) {
		r->cap = text.n * 2 + 256;
		r->buf = om_json_grow(r->buf, r->cap + OM_JSON_SCAN_PAD);
	}
	if (text.n > 0)
		memcpy(r->buf, text.p, text.n);
	memset(r->buf + text.n, 0, OM_JSON_SCAN_PAD);
	r->have = text.n;
	r->ended = true;
	r->begun = true;
	r->line = line;
	r->before = offset;
}

uint64_t
om_json_key_hash(struct om_str key)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t h = (uint64_t)key.n * odd;
	const char *p = key.p;
	size_t n = key.n;
	uint64_t v = 0;
	uint32_t w[2];

	for (; n > 8; n -= 8, p += 8) {
		memcpy(&v, p, 8);
		h = (h ^ v) * odd;
		h ^= h >> 29;
	}
	if (n >= 4) {
		memcpy(&w[0], p, 4);
		memcpy(&w[1], p + n - 4, 4);
		v = (uint64_t)w[0] << 32 | w[1];
	} else if (n > 0) {
		v = (uint64_t)(unsigned char)p[0] << 16 |
		    (uint64_t)(unsigned char)p[n / 2] << 8 |
		    (unsigned char)p[n - 1];
	}
	h = (h ^ v) * odd;
	return h ^ h >> 32;
}

void
om_json_mark(struct om_json_reader *r)
{
	r->mark = r->token;
}

void
om_json_unmark(struct om_json_reader *r)
{
	r->mark = SIZE_MAX;
}

int
om_json_marked(struct om_json_reader *r, struct om_str *out, struct om_err *err)
{
	char what[64];

	*out = (struct om_str){ r->buf + r->mark, r->at - r->mark };
	if (out->n <= r->value_max)
		return 0;
	snprintf(what, sizeof(what), "a value of over %zu bytes", r->value_max);
	return om_json_fail_at(r, OM_ELIMIT, r->mark, what, err);
}

const struct om_json_problem *
om_json_problem(const struct om_json_reader *r)
{
	return &r->problem;
}

void
om_json_forget(struct om_json_reader *r)
{
	r->problem.what[0] = '\0';
}

void
om_json_path(const struct om_json_reader *r, char out[OM_JSON_PATH_MAX])
{
	size_t at = 0;

	out[0] = '\0';
	for (int i = 1; i <= r->depth && at < OM_JSON_PATH_MAX - 1; i++) {
		const struct om_json_frame *f = &r->frame[i];
		size_t left = OM_JSON_PATH_MAX - at;
		int n = 0;

		if (f->array)
			n = snprintf(out + at, left, "[%u]", f->index);
		else if (f->name_n > 0)
			n = snprintf(out + at, left, "%s%.*s%s",
			    at == 0 ? "" : ".", (int)f->name_n, f->name,
			    f->cut ? "..." : "");
		at += (size_t)n < left ? (size_t)n : left - 1;
	}
	for (size_t i = 0; i < at; i++)
		if ((unsigned char)out[i] < ' ' || (unsigned char)out[i] > 126)
			out[i] = '?';
}

static void
remember_name(struct om_json_frame *f, struct om_str name)
{
	f->cut = name.n > OM_JSON_NAME_MAX;
	f->name_n = (uint8_t)(f->cut ? OM_JSON_NAME_MAX : name.n);
	memcpy(f->name, name.p, f->name_n);
}

static int
key(struct om_json_reader *r, struct om_json_token *out, struct om_err *err)
{
	if (om_json_string(r, out, err) < 0)
		return err->code;
	out->kind = OM_JSON_KEY;
	out->hash = om_json_key_hash(out->text);
	remember_name(&r->frame[r->depth], out->text);
	r->want = OM_WANT_COLON;
	return 1;
}

static void
value_ended(struct om_json_reader *r)
{
	r->want = r->depth == 0 ? OM_WANT_DOCUMENT : OM_WANT_COMMA_OR_END;
}

static int
open_container(struct om_json_reader *r, bool array, struct om_json_token *out,
    struct om_err *err)
{
	struct om_json_frame *f;

	if (r->depth == OM_JSON_NEST_MAX)
		return om_json_fail_at(r, OM_ELIMIT, r->token,
		    "nested deeper than 128", err);
	r->at++;
	f = &r->frame[++r->depth];
	f->array = array;
	f->index = 0;
	f->name_n = 0;
	f->cut = false;
	r->want = array ? OM_WANT_VALUE_OR_END : OM_WANT_KEY_OR_END;
	out->kind = array ? OM_JSON_ARRAY : OM_JSON_OBJECT;
	return 1;
}

static int
close_container(struct om_json_reader *r, struct om_json_token *out)
{
	const struct om_json_frame *f = &r->frame[r->depth];

	r->at++;
	out->kind = f->array ? OM_JSON_ARRAY_END : OM_JSON_OBJECT_END;
	out->depth = --r->depth;
	value_ended(r);
	return 1;
}

static int
value(struct om_json_reader *r, char c, struct om_json_token *out,
    struct om_err *err)
{
	int rc;

	if (c == '{' || c == '[')
		return open_container(r, c == '[', out, err);
	if (c == '"') {
		out->kind = OM_JSON_STRING;
		rc = om_json_string(r, out, err);
	} else if (c == ',' || c == ':' || c == ']' || c == '}') {
		return om_json_fail_at(r, OM_EDATA, r->token,
		    "a value expected", err);
	} else {
		rc = om_json_scalar(r, out, err);
	}
	value_ended(r);
	return rc < 0 ? rc : 1;
}

static const char *
expected(const struct om_json_reader *r)
{
	static const char *const text[] = {
		[OM_WANT_DOCUMENT] = "a value expected",
		[OM_WANT_VALUE] = "a value expected",
		[OM_WANT_VALUE_OR_END] = "a value or ']' expected",
		[OM_WANT_KEY] = "a name in quotes expected",
		[OM_WANT_KEY_OR_END] = "a name in quotes or '}' expected",
		[OM_WANT_COLON] = "':' expected",
	};

	if (r->want != OM_WANT_COMMA_OR_END)
		return text[r->want];
	return r->frame[r->depth].array ? "',' or ']' expected"
					: "',' or '}' expected";
}

static int
input_ends(struct om_json_reader *r, struct om_err *err)
{
	if (r->want == OM_WANT_DOCUMENT)
		return 0;
	return om_json_fail_at(r, OM_EDATA, r->at,
	    "the input ends in the middle of a value", err);
}

/* ',' and ':' are passed by; 0: done, look at the next byte. */
static int
step(struct om_json_reader *r, char c, struct om_json_token *out,
    struct om_err *err)
{
	struct om_json_frame *f = &r->frame[r->depth];

	switch (r->want) {
	case OM_WANT_DOCUMENT:
	case OM_WANT_VALUE:
		return value(r, c, out, err);
	case OM_WANT_VALUE_OR_END:
		return c == ']' ? close_container(r, out)
				: value(r, c, out, err);
	case OM_WANT_KEY_OR_END:
		if (c == '}')
			return close_container(r, out);
		if (c == '"')
			return key(r, out, err);
		break;
	case OM_WANT_KEY:
		if (c == '"')
			return key(r, out, err);
		break;
	case OM_WANT_COLON:
		if (c != ':')
			break;
		r->at++;
		r->want = OM_WANT_VALUE;
		return 0;
	case OM_WANT_COMMA_OR_END:
		if (c == (f->array ? ']' : '}'))
			return close_container(r, out);
		if (c != ',')
			break;
		r->at++;
		f->index++;
		r->want = f->array ? OM_WANT_VALUE : OM_WANT_KEY;
		return 0;
	}
	return om_json_fail_at(r, OM_EDATA, r->token, expected(r), err);
}

int
om_json_next(struct om_json_reader *r, struct om_json_token *out,
    struct om_err *err)
{
	int rc;

	do {
		rc = om_json_skip_blanks(r, err);
		if (rc < 0)
			return rc;
		if (rc == 0)
			return input_ends(r, err);
		r->token = r->at;
		r->token_line = r->line;
		out->depth = r->depth;
		rc = step(r, r->buf[r->at], out, err);
	} while (rc == 0);
	out->line = r->token_line;
	out->offset = r->before + r->token;
	return rc;
}
