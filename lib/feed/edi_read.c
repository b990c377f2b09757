/* edi_read.c - a file as segments, and those as text; see edi_read.h. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/edi_parts.h"
#include "io/source.h"

#define CHUNK ((size_t)64 * 1024)

static void
edi_grow(struct om_edi *e)
{
	size_t cap = e->cap == 0 ? 2 * CHUNK : e->cap * 2;
	char *buf = realloc(e->buf, cap);

	if (buf == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	e->buf = buf;
	e->cap = cap;
}

int
om_edi_open(const char *path, struct om_edi **out, struct om_err *err)
{
	struct om_edi *e OM_AUTO(om_edi_close) = calloc(1, sizeof(*e));

	if (e == NULL) {
		fputs("ordmill: out of memory\n", stderr);
		abort();
	}
	e->mark = SIZE_MAX;
	e->line = 1;
	edi_grow(e);
	if (om_source_open(path, &e->source, err) < 0)
		return err->code;
	*out = e;
	e = NULL;
	return 0;
}

void
om_edi_close(struct om_edi **edi)
{
	if (*edi == NULL)
		return;
	om_source_close(&(*edi)->source);
	free((*edi)->buf);
	free(*edi);
	*edi = NULL;
}

struct om_position
om_edi_position(const struct om_edi *e, size_t at, uint64_t line)
{
	return (struct om_position){ 0, line, e->base + at };
}

/* Read on. What lies in front of e->at and the mark is given up first. */
static int
fill(struct om_edi *e, struct om_err *err)
{
	size_t keep = e->mark < e->at ? e->mark : e->at;
	size_t n;

	if (e->end == e->cap && keep > e->cap / 2) {
		memmove(e->buf, e->buf + keep, e->end - keep);
		e->base += keep;
		e->end -= keep;
		e->at -= keep;
		if (e->mark != SIZE_MAX)
			e->mark -= keep;
	}
	if (e->end == e->cap) {
		if (e->cap >= OM_DOC_BYTES_MAX)
			return om_doc_fail(err, OM_ELIMIT,
			    om_edi_position(e, e->at, e->line),
			    "a document of more than %zu MiB",
			    OM_DOC_BYTES_MAX / 1024 / 1024);
		edi_grow(e);
	}
	if (om_source_read(e->source, e->buf + e->end, e->cap - e->end, &n,
		err) < 0)
		return err->code;
	e->end += n;
	e->eof = n == 0;
	return 0;
}

/* At least n bytes are there, or all that are left. */
int
om_edi_want(struct om_edi *e, size_t n, struct om_err *err)
{
	while (e->end - e->at < n && !e->eof)
		if (fill(e, err) < 0)
			return err->code;
	return 0;
}

static void
count_line(struct om_edi *e, size_t i)
{
	/* a CR counts unless an LF follows it */
	if (e->buf[i] == '\n' ||
	    (e->buf[i] == '\r' && i + 1 < e->end && e->buf[i + 1] != '\n'))
		e->line++;
}

int
om_edi_skip_blanks(struct om_edi *e, struct om_err *err)
{
	for (;;) {
		if (om_edi_want(e, 2, err) < 0)
			return err->code;
		if (e->at == e->end ||
		    strchr(" \t\r\n", e->buf[e->at]) == NULL ||
		    e->buf[e->at] == '\0')
			return 0;
		count_line(e, e->at++);
	}
}

/* How many bytes the segment has before its terminator. */
static int
find_end(struct om_edi *e, size_t *out, struct om_err *err)
{
	size_t n = 0; /* that were looked at */
	bool found = false;

	for (;;) {
		for (; !found && e->at + n < e->end; n++) {
			int c = (unsigned char)e->buf[e->at + n];

			if (c == e->segment) {
				found = true;
				break;
			}
			count_line(e, e->at + n);
			if (c == e->release) {
				if (e->at + n + 1 == e->end)
					break;
				n++;
			}
		}
		if (n > OM_EDI_SEGMENT_MAX)
			return om_doc_fail(err, OM_ELIMIT,
			    om_edi_position(e, e->at, e->begin_line),
			    "a segment of more than %zu bytes",
			    OM_EDI_SEGMENT_MAX);
		*out = n;
		if (found)
			return 0;
		if (e->eof)
			return om_doc_fail(err, OM_EDATA,
			    om_edi_position(e, e->at, e->begin_line),
			    "the last segment does not end: the file is cut "
			    "short");
		if (fill(e, err) < 0)
			return err->code;
	}
}

/* Cut at the elements. */
static int
split(struct om_edi *e, size_t end, struct om_edi_segment *out,
    struct om_err *err)
{
	size_t from = e->begin;
	size_t count = 0;

	for (size_t i = from; i <= end; i++) {
		int c = (unsigned char)e->buf[i];

		if (i < end && c == e->release) {
			i++;
			continue;
		}
		if (i < end && c != e->element)
			continue;
		if (count == OM_EDI_ELEMENTS_MAX)
			return om_doc_fail(err, OM_ELIMIT, out->at,
			    "a segment of more than %d elements",
			    OM_EDI_ELEMENTS_MAX - 1);
		e->list[count].p = e->buf + from;
		e->list[count++].n = i - from;
		from = i + 1;
	}
	out->tag = om_str_trim(e->list[0]);
	out->element = e->list + 1;
	out->count = count - 1;
	return 0;
}

int
om_edi_next(struct om_edi *e, struct om_edi_segment *out, struct om_err *err)
{
	size_t end = 0;
	int rc = om_edi_skip_blanks(e, err);

	if (rc < 0)
		return rc;
	if (e->at == e->end)
		return 0;
	e->begin_line = e->line;
	if (find_end(e, &end, err) < 0)
		return err->code;
	e->begin = e->at; /* it may have moved */
	end += e->at;
	out->at = om_edi_position(e, e->begin, e->begin_line);
	count_line(e, end);
	e->at = end + 1;
	return split(e, end, out, err) < 0 ? err->code : 1;
}

/* The bytes of an element or component as they stand. */
static struct om_str
piece(const struct om_edi *e, const struct om_edi_segment *s, size_t i,
    size_t k)
{
	struct om_str none = { NULL, 0 };
	struct om_str all;
	size_t from = 0;

	if (i == 0 || i > s->count)
		return none;
	all = s->element[i - 1];
	if (k == 0)
		return om_str_trim(all);
	for (size_t at = 0; at <= all.n; at++) {
		int c = at < all.n ? (unsigned char)all.p[at] : e->component;

		if (at < all.n && c == e->release) {
			at++;
			continue;
		}
		if (c != e->component)
			continue;
		if (--k == 0) {
			struct om_str part = { all.p + from, at - from };

			return om_str_trim(part);
		}
		from = at + 1;
	}
	return none;
}

struct om_str
om_edi_text(const struct om_edi *e, const struct om_edi_segment *s, size_t i,
    size_t k, struct om_arena *arena)
{
	struct om_str raw = piece(e, s, i, k);
	struct om_str none = { NULL, 0 };
	size_t n = 0;
	char *out;

	if (raw.n == 0)
		return none;
	out = om_alloc_raw(arena, raw.n * 2);
	for (size_t at = 0; at < raw.n; at++) {
		unsigned char c = (unsigned char)raw.p[at];

		if (c == e->release && at + 1 < raw.n)
			c = (unsigned char)raw.p[++at];
		if (e->latin1 && c >= 0x80) {
			out[n++] = (char)(0xc0 | c >> 6);
			c = 0x80 | (c & 0x3f);
		}
		out[n++] = (char)c;
	}
	return (struct om_str){ out, n };
}

bool
om_edi_is(const struct om_edi *e, const struct om_edi_segment *s, size_t i,
    size_t k, const char *text)
{
	return om_str_is(piece(e, s, i, k), text);
}

void
om_edi_latin1(struct om_edi *e, bool latin1)
{
	e->latin1 = latin1;
}

struct om_str
om_edi_header(const struct om_edi *e, struct om_arena *arena)
{
	bool begins = memcmp(e->buf + e->begin, "UNB", 3) == 0;
	size_t una = begins ? strlen(e->una) : 0;
	size_t n = e->at - e->begin;
	char *text = om_alloc(arena, una + n + 1);

	memcpy(text, e->una, una);
	memcpy(text + una, e->buf + e->begin, n);
	return (struct om_str){ text, una + n };
}

void
om_edi_mark(struct om_edi *e)
{
	e->mark = e->begin;
}

struct om_str
om_edi_marked(struct om_edi *e)
{
	struct om_str bytes = { e->buf + e->mark, e->at - e->mark };

	assert(e->mark != SIZE_MAX);
	e->mark = SIZE_MAX;
	return bytes;
}
