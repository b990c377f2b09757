/* input.c - bytes to rows, for one file; see input.h. */
#include "feed/input.h"

#include <stdio.h>
#include <string.h>

/* As much of skipped lines as is kept for a file of rejects. */
#define FRONT_MAX ((size_t)64 * 1024)

/* Offsets are those of the file, whatever it is written in. */
static uint64_t
measure(const struct om_input *in, const char *bytes, size_t n)
{
	om_measure_fn *fn = om_decode_measure(in->decoder);

	return fn == NULL ? n : fn(bytes, n);
}

/* Drop skipped lines from the front of what was read; returns what is left. */
static size_t
drop_lines(struct om_input *in, char *bytes, size_t n)
{
	size_t at = 0;

	while (in->skip > 0 && at < n) {
		const char *end = memchr(bytes + at, '\n', n - at);

		if (end == NULL) {
			at = n;
			break;
		}
		at = (size_t)(end - bytes) + 1;
		in->skip--;
		in->skipped_lines++;
	}
	in->skipped_bytes += measure(in, bytes, at);
	om_buf_add(&in->front, bytes, at);
	memmove(bytes, bytes + at, n - at);
	return n - at;
}

static int
read_bytes(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *err)
{
	struct om_input *in = arg;

	for (;;) {
		if (om_decode_read(in->decoder, bytes, n, out_n, err) < 0)
			return err->code;
		if (*out_n == 0 || in->skip == 0)
			return 0;
		*out_n = drop_lines(in, bytes, *out_n);
		if (*out_n > 0)
			return 0;
	}
}

static int
read_source(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *err)
{
	return om_source_read(arg, bytes, n, out_n, err);
}

/* A row that is not UTF-8 was not what the file is written in, either. */
static const char *
not_text(enum om_encoding encoding)
{
	if (encoding == OM_ENC_WINDOWS_1252)
		return "not windows-1252";
	return encoding == OM_ENC_UTF8 ? "not UTF-8" : "not UTF-16";
}

static int
next_record(struct om_input *in, struct om_err *err)
{
	int rc = om_csv_next(in->csv, &in->record, err);

	if (rc < 0)
		return om_wrap(err, "%s", in->path);
	in->record.line += in->skipped_lines;
	in->record.offset += in->skipped_bytes;
	in->record.problem_offset += in->skipped_bytes;
	if (rc == 1 && in->record.problem != NULL &&
	    strcmp(in->record.problem, "not UTF-8") == 0)
		in->record.problem = not_text(in->decoder->encoding);
	return rc;
}

/* What stands in front of the rows, in UTF-8 as the rows themselves: a mark
 * says so where the feed says otherwise. */
static void
keep_front(struct om_input *in, struct om_arena *arena, struct om_str header)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct om_buf *b = &in->front;
	struct om_buf whole OM_AUTO(om_buf_fini) = { 0 };

	om_buf_init(&whole, FRONT_MAX + header.n + sizeof(mark));
	if (in->dialect->encoding != OM_ENC_UTF8 &&
	    (b->n < 3 || memcmp(b->p, mark, 3) != 0))
		om_buf_text(&whole, mark);
	om_buf_str(&whole, om_buf_view(b));
	om_buf_str(&whole, header);
	in->header = om_str_dup(arena, om_buf_view(&whole));
}

static int
read_header(struct om_input *in, struct om_arena *arena, struct om_err *err)
{
	const struct om_csv_record *r = &in->record;
	int rc = next_record(in, err);

	if (rc < 0)
		return rc;
	if (rc == 0)
		return om_fail(err, OM_EDATA, "%s: empty, not even a header",
		    in->path);
	if (r->problem != NULL)
		return om_fail(err, OM_EDATA, "%s: line %llu: header: %s",
		    in->path, (unsigned long long)r->line, r->problem);
	keep_front(in, arena, r->raw);
	in->count = r->count;
	in->name = om_alloc(arena, r->count * sizeof(*in->name));
	for (size_t i = 0; i < r->count; i++) {
		in->name[i].p = om_strndup(arena,
		    r->field[i].n == 0 ? "" : r->field[i].p, r->field[i].n);
		in->name[i].n = r->field[i].n;
	}
	if (in->dialect->fields != 0 && in->dialect->fields != in->count)
		return om_fail(err, OM_EDATA,
		    "%s: the header has %zu fields, %zu expected", in->path,
		    in->count, in->dialect->fields);
	return 0;
}

/* Without a header the first row says how many fields there are, unless the
 * feed does; an empty file has every column that one may ask for. */
static int
peek_first(struct om_input *in, struct om_arena *arena, struct om_err *err)
{
	int rc = next_record(in, err);

	if (rc < 0)
		return rc;
	keep_front(in, arena, OM_STR(""));
	in->pending = rc == 1;
	in->count = in->dialect->fields;
	if (in->count == 0)
		in->count = in->pending ? in->record.count : OM_CSV_FIELDS_MAX;
	in->name = om_alloc(arena, in->count * sizeof(*in->name));
	for (size_t i = 0; i < in->count; i++) {
		char text[24];
		int n = snprintf(text, sizeof(text), "%zu", i + 1);

		in->name[i].n = (size_t)n;
		in->name[i].p = om_strndup(arena, text, (size_t)n);
	}
	return 0;
}

int
om_input_open(struct om_input *in, struct om_arena *arena,
    const struct om_dialect *dialect, uint32_t index, const char *path,
    struct om_err *err)
{
	struct om_csv_dialect csv = dialect->csv;

	*in = (struct om_input){ .dialect = dialect,
		.path = om_strndup(arena, path, strlen(path)),
		.index = index,
		.skip = dialect->skip };
	om_buf_init(&in->front, FRONT_MAX);
	if (om_source_open(path, &in->source, err) < 0)
		return err->code;
	if (dialect->trailer != NULL)
		in->stated = om_new(arena, struct om_manifest);
	in->decoder = om_new(arena, struct om_decoder);
	if (om_decode_open(in->decoder, dialect->encoding, read_source,
		in->source, err) < 0)
		return om_wrap(err, "%s", path);
	csv.measure = om_decode_measure(in->decoder);
	if (om_csv_open(&csv, read_bytes, in, &in->csv, err) < 0)
		return om_wrap(err, "%s", path);
	return dialect->header ? read_header(in, arena, err)
			       : peek_first(in, arena, err);
}

void
om_input_close(struct om_input *in)
{
	om_csv_close(&in->csv);
	om_source_close(&in->source);
	om_buf_fini(&in->front);
}

static bool
is_header_again(const struct om_input *in, const struct om_csv_record *r)
{
	if (!in->dialect->header || r->count != in->count)
		return false;
	for (size_t i = 0; i < r->count; i++)
		if (!om_str_eq(r->field[i], in->name[i]))
			return false;
	return true;
}

/* 1: the record is a row of data, not the trailer. */
static int
pass_trailer(struct om_input *in, struct om_err *err)
{
	const struct om_trailer *t = in->dialect->trailer;
	const struct om_csv_record *r = &in->record;

	if (t == NULL)
		return 1;
	if (in->trailer_line != 0)
		return om_fail(err, OM_EDATA,
		    "%s: line %llu stands behind the trailer of line %llu",
		    in->path, (unsigned long long)r->line,
		    (unsigned long long)in->trailer_line);
	if (!om_trailer_is(t, r->raw))
		return 1;
	in->trailer_line = r->line;
	if (om_trailer_read(t, r, in->stated, err) < 0)
		return om_wrap(err, "%s", in->path);
	return 0;
}

int
om_input_next(struct om_input *in, struct om_row *out, struct om_err *err)
{
	const struct om_csv_record *r = &in->record;
	int rc;

	do {
		rc = in->pending ? 1 : next_record(in, err);
		if (rc <= 0)
			return rc;
		in->pending = false;
		rc = pass_trailer(in, err);
		if (rc < 0)
			return rc;
	} while (rc == 0);
	in->rows++;
	out->at = (struct om_position){ in->index, r->line, r->offset };
	out->raw = r->raw;
	out->cell = r->field;
	out->count = r->count;
	out->problem = r->problem;
	out->problem_cell = r->problem_field;
	out->problem_offset = r->problem_offset;
	out->origin = NULL;
	out->cell_at = NULL;
	if (r->problem != NULL)
		return 1;
	out->problem_cell = OM_NO_CELL;
	out->problem_offset = r->offset;
	if (r->count != in->count) {
		snprintf(in->problem, sizeof(in->problem),
		    "%zu fields, %zu expected", r->count, in->count);
		out->problem = in->problem;
	} else if (is_header_again(in, r)) {
		out->problem = "the header again";
		out->count = 0; /* its cells are nobody's */
	}
	return 1;
}
