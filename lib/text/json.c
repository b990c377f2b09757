/* json.c - commas, nesting and escapes; see json.h. */
#include "text/json.h"

#include <assert.h>
#include <inttypes.h>

void
om_json_init(struct om_json *j, struct om_buf *out)
{
	*j = (struct om_json){ .out = out };
}

/* Bytes that need no escape, up to the first that does. */
static size_t
plain_run(struct om_str s)
{
	size_t i = 0;

	while (i < s.n && (unsigned char)s.p[i] >= 0x20 && s.p[i] != '"' &&
	       s.p[i] != '\\')
		i++;
	return i;
}

static void
write_escaped(struct om_buf *out, char c)
{
	switch (c) {
	case '"':
		om_buf_text(out, "\\\"");
		break;
	case '\\':
		om_buf_text(out, "\\\\");
		break;
	case '\n':
		om_buf_text(out, "\\n");
		break;
	case '\r':
		om_buf_text(out, "\\r");
		break;
	case '\t':
		om_buf_text(out, "\\t");
		break;
	default:
		om_buf_printf(out, "\\u%04x", (unsigned)(unsigned char)c);
	}
}

static void
write_valid(struct om_buf *out, struct om_str s)
{
	while (s.n > 0) {
		size_t n = plain_run(s);

		om_buf_add(out, s.p, n);
		if (n < s.n)
			write_escaped(out, s.p[n++]);
		s.p += n;
		s.n -= n;
	}
}

static void
write_string(struct om_buf *out, struct om_str s)
{
	size_t at;

	om_buf_char(out, '"');
	while (!om_utf8_valid(s, &at)) {
		write_valid(out, (struct om_str){ s.p, at });
		om_buf_text(out, "\xef\xbf\xbd");
		s.p += at + 1;
		s.n -= at + 1;
	}
	write_valid(out, s);
	om_buf_char(out, '"');
}

/* What comes before a value: a comma, and in an object the key. */
static void
before(struct om_json *j, const char *key)
{
	assert((key != NULL) == (j->close[j->depth] == '}'));

	if (j->comma[j->depth])
		om_buf_char(j->out, ',');
	j->comma[j->depth] = true;
	if (key == NULL)
		return;
	write_string(j->out, om_str_of(key));
	om_buf_char(j->out, ':');
}

static void
nest(struct om_json *j, const char *key, char open, char close)
{
	assert(j->depth < OM_JSON_DEPTH_MAX);

	before(j, key);
	om_buf_char(j->out, open);
	j->depth++;
	j->comma[j->depth] = false;
	j->close[j->depth] = close;
}

void
om_json_object(struct om_json *j, const char *key)
{
	nest(j, key, '{', '}');
}

void
om_json_array(struct om_json *j, const char *key)
{
	nest(j, key, '[', ']');
}

void
om_json_end(struct om_json *j)
{
	assert(j->depth > 0);

	om_buf_char(j->out, j->close[j->depth]);
	j->depth--;
}

void
om_json_text(struct om_json *j, const char *key, struct om_str value)
{
	before(j, key);
	if (value.p == NULL)
		om_buf_text(j->out, "null");
	else
		write_string(j->out, value);
}

void
om_json_cstr(struct om_json *j, const char *key, const char *value)
{
	om_json_text(j, key, om_str_of(value));
}

void
om_json_int(struct om_json *j, const char *key, int64_t value)
{
	before(j, key);
	om_buf_printf(j->out, "\"%" PRId64 "\"", value);
}

void
om_json_number(struct om_json *j, const char *key, int64_t value)
{
	before(j, key);
	om_buf_printf(j->out, "%" PRId64, value);
}

void
om_json_seconds(struct om_json *j, const char *key, int64_t ns)
{
	int64_t ms = ns < 0 ? 0 : ns / 1000000; /* time does not run back */
	int64_t rest = ms % 1000;
	int digits = 3;

	before(j, key);
	om_buf_printf(j->out, "%" PRId64, ms / 1000);
	if (rest == 0)
		return;
	for (; rest % 10 == 0; rest /= 10)
		digits--;
	om_buf_printf(j->out, ".%0*" PRId64, digits, rest);
}

void
om_json_bool(struct om_json *j, const char *key, bool value)
{
	before(j, key);
	om_buf_text(j->out, value ? "true" : "false");
}

void
om_json_null(struct om_json *j, const char *key)
{
	before(j, key);
	om_buf_text(j->out, "null");
}
