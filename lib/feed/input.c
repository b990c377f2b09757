/* input.c - bytes to rows, for one file; see input.h. */
#include "feed/input.h"

#include <stdio.h>
#include <string.h>

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
	in->skipped_bytes += at;
	memmove(bytes, bytes + at, n - at);
	return n - at;
}

static int
read_bytes(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *err)
{
	struct om_input *in = arg;

	for (;;) {
		if (om_source_read(in->source, bytes, n, out_n, err) < 0)
			return err->code;
		if (*out_n == 0 || in->skip == 0)
			return 0;
		*out_n = drop_lines(in, bytes, *out_n);
		if (*out_n > 0)
			return 0;
	}
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
	return rc;
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
	in->header = om_str_dup(arena, r->raw);
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
	*in = (struct om_input){ .dialect = dialect,
		.path = om_strndup(arena, path, strlen(path)),
		.index = index,
		.skip = dialect->skip };
	if (om_source_open(path, &in->source, err) < 0)
		return err->code;
	if (om_csv_open(&dialect->csv, read_bytes, in, &in->csv, err) < 0)
		return om_wrap(err, "%s", path);
	return dialect->header ? read_header(in, arena, err)
			       : peek_first(in, arena, err);
}

void
om_input_close(struct om_input *in)
{
	om_csv_close(&in->csv);
	om_source_close(&in->source);
}

static bool
is_header_again(const struct om_input *in, const struct om_csv_record *r)
{
	if (in->header.p == NULL || r->count != in->count)
		return false;
	for (size_t i = 0; i < r->count; i++)
		if (!om_str_eq(r->field[i], in->name[i]))
			return false;
	return true;
}

int
om_input_next(struct om_input *in, struct om_row *out, struct om_err *err)
{
	const struct om_csv_record *r = &in->record;
	int rc = in->pending ? 1 : next_record(in, err);

	if (rc <= 0)
		return rc;
	in->pending = false;
	in->rows++;
	out->at = (struct om_position){ in->index, r->line, r->offset };
	out->raw = r->raw;
	out->cell = r->field;
	out->count = r->count;
	out->problem = r->problem;
	out->problem_cell = r->problem_field;
	out->problem_offset = r->problem_offset;
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
