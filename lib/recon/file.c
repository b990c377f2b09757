/* file.c - source, dialect and header of a delimited file; see file.h. */
#include "recon/file.h"

#include <stdlib.h>
#include <string.h>

#include "io/source.h"
#include "text/csv.h"

struct om_rec_file {
	struct om_arena arena;
	struct om_source *source;
	struct om_csv *csv;
	struct om_rec_origin origin;
	struct om_rec_input input;
	char *peek; /* the first bytes, read to find the delimiter */
	size_t peek_n;
	size_t peek_at;
};

static int
read_decoded(void *arg, void *bytes, size_t n, size_t *out_n,
    struct om_err *err)
{
	struct om_rec_file *f = arg;
	size_t left = f->peek_n - f->peek_at;

	if (left == 0)
		return om_source_read(f->source, bytes, n, out_n, err);
	*out_n = left < n ? left : n;
	memcpy(bytes, f->peek + f->peek_at, *out_n);
	f->peek_at += *out_n;
	return 0;
}

/* Enough of the input to hold its header line. */
static int
peek(struct om_rec_file *f, struct om_err *err)
{
	f->peek = om_alloc(&f->arena, OM_REC_HEADER_MAX);
	while (f->peek_n < OM_REC_HEADER_MAX) {
		size_t got;

		if (om_source_read(f->source, f->peek + f->peek_n,
			OM_REC_HEADER_MAX - f->peek_n, &got, err) < 0)
			return err->code;
		if (got == 0)
			break;
		f->peek_n += got;
	}
	return 0;
}

static bool
is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* The delimiter seen most in the first line, outside quotes; a bar at its end
 * ends it (TPC-H, EDI exports). */
static struct om_csv_dialect
sniff(const char *p, size_t n)
{
	static const char known[] = { ',', '\t', '|', ';' };
	struct om_csv_dialect dialect = { .delimiter = ',' };
	size_t seen[sizeof(known)] = { 0 };
	size_t most = 0;
	bool quoted = false;
	size_t i = 0;

	while (i < n && is_line_end(p[i]))
		i++;
	for (; i < n && (quoted || !is_line_end(p[i])); i++) {
		quoted ^= p[i] == '"';
		for (size_t k = 0; k < sizeof(known) && !quoted; k++)
			seen[k] += p[i] == known[k];
	}
	for (size_t k = 0; k < sizeof(known); k++) {
		if (seen[k] <= most)
			continue;
		most = seen[k];
		dialect.delimiter = known[k];
	}
	dialect.trailing_delimiter =
	    i > 0 && most > 0 && p[i - 1] == '|' && dialect.delimiter == '|';
	return dialect;
}

static int
read_header(struct om_rec_file *f, struct om_err *err)
{
	struct om_csv_record record;
	const char **names;
	int rc = om_csv_next(f->csv, &record, err);

	if (rc < 0)
		return rc;
	if (rc == 0)
		return om_fail(err, OM_EDATA, "empty: no line of column names");
	if (record.problem != NULL)
		return om_fail(err, OM_EDATA, "line %llu: %s",
		    (unsigned long long)record.line, record.problem);
	names = om_alloc(&f->arena, record.count * sizeof(*names));
	for (size_t i = 0; i < record.count; i++) {
		struct om_str name = om_str_trim(record.field[i]);

		names[i] = om_strndup(&f->arena, name.p, name.n);
	}
	f->input.columns = names;
	f->input.column_count = record.count;
	return 0;
}

static void
finish(struct om_rec_file *f)
{
	unsigned char sha[OM_SHA256_SIZE];

	om_source_hashed(f->source, sha, &f->origin.bytes);
	om_hex(sha, sizeof(sha), f->origin.sha256);
}

static int
next_row(void *arg, struct om_rec_record *out, struct om_err *err)
{
	struct om_rec_file *f = arg;
	struct om_csv_record record;
	int rc = om_csv_next(f->csv, &record, err);

	if (rc == 0)
		finish(f);
	if (rc <= 0)
		return rc;
	*out = (struct om_rec_record){
		.cell = record.field,
		.count = record.count,
		.line = record.line,
		.problem = record.problem,
		.raw = record.raw,
	};
	return 1;
}

static int
open_csv(struct om_rec_file *f, struct om_err *err)
{
	struct om_csv_dialect dialect;

	if (peek(f, err) < 0)
		return err->code;
	dialect = sniff(f->peek, f->peek_n);
	if (om_csv_open(&dialect, read_decoded, f, &f->csv, err) < 0)
		return err->code;
	return read_header(f, err);
}

int
om_rec_file_open(const char *path, struct om_rec_file **out, struct om_err *err)
{
	struct om_arena arena = { 0 };
	OM_AUTO(om_rec_file_close)
	struct om_rec_file *f = om_new(&arena, struct om_rec_file);

	f->arena = arena;
	f->input = (struct om_rec_input){
		.name = strcmp(path, "-") == 0
			    ? "standard input"
			    : om_strndup(&f->arena, path, strlen(path)),
		.next = next_row,
		.arg = f,
		.origin = &f->origin,
	};
	if (om_source_open(path, &f->source, err) < 0)
		return err->code;
	om_source_hash(f->source);
	if (open_csv(f, err) < 0)
		return om_wrap(err, "%s", f->input.name);
	*out = f;
	f = NULL;
	return 0;
}

void
om_rec_file_close(struct om_rec_file **file)
{
	struct om_rec_file *f = *file;
	struct om_arena arena;

	if (f == NULL)
		return;
	om_csv_close(&f->csv);
	om_source_close(&f->source);
	arena = f->arena; /* f itself lives in it */
	om_arena_clear(&arena);
	*file = NULL;
}

const struct om_rec_input *
om_rec_file_input(const struct om_rec_file *file)
{
	return &file->input;
}
