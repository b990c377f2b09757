/* csv.c - the buffer, the positions and the dialect; see csv.h. */
#include "text/csv.h"

#include <inttypes.h>
#include <string.h>

#include "text/csv_scan.h"

#define BUFFER_MIN ((size_t)64 * 1024)

struct om_csv {
	struct om_arena arena;
	struct om_csv_scan scan;
	om_read_fn *read;
	void *arg;
	char comment; /* 0: none */
	bool trailing_delimiter;
	size_t record_max;
	om_measure_fn *measure; /* NULL: bytes count as they are */

	char *buffer; /* cap bytes and a block of padding */
	size_t cap;
	size_t have;
	size_t at;	      /* the first byte that is not used yet */
	uint64_t before;      /* offset of buffer[0] in the input */
	size_t measured;      /* the byte in the buffer that ... */
	uint64_t measured_at; /* ... has this offset, if there is a measure */
	uint64_t line;	      /* of the byte at at */
	bool started;
	bool ended; /* read has said so */
	bool in_comment;
	bool after_cr; /* a LF at at belongs to the line end before it */

	char *undone; /* fields whose quotes were undone */
	size_t undone_cap;
};

static bool
is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* Fill in what is left to us, and refuse what contradicts itself. */
static int
check_dialect(struct om_csv_dialect *d, struct om_err *err)
{
	if (d->delimiter == 0)
		d->delimiter = ',';
	if (d->quote == 0)
		d->quote = '"';
	if (d->escape == d->quote)
		d->escape = 0; /* doubling is what a quote does anyway */
	if (d->record_max == 0)
		d->record_max = OM_CSV_RECORD_MAX;
	if (is_line_end(d->delimiter) || d->quote == '\r' ||
	    is_line_end(d->escape) || is_line_end(d->comment))
		return om_fail(err, OM_EUSAGE,
		    "a line end cannot be delimiter, quote, escape or comment");
	if (d->delimiter == d->quote || d->delimiter == d->escape)
		return om_fail(err, OM_EUSAGE,
		    "delimiter '%c' is also quote or escape", d->delimiter);
	if (d->record_max > OM_CSV_RECORD_MAX)
		return om_fail(err, OM_EUSAGE,
		    "a record of %zu bytes is over the maximum of %zu",
		    d->record_max, OM_CSV_RECORD_MAX);
	return 0;
}

int
om_csv_open(const struct om_csv_dialect *dialect, om_read_fn *read, void *arg,
    struct om_csv **out, struct om_err *err)
{
	struct om_csv_dialect d = *dialect;
	struct om_arena arena = { 0 };
	struct om_csv *csv;
	int rc = check_dialect(&d, err);

	if (rc < 0)
		return rc;
	csv = om_new(&arena, struct om_csv);
	csv->buffer = om_alloc(&arena, BUFFER_MIN + OM_CSV_BLOCK);
	csv->cap = BUFFER_MIN;
	csv->read = read;
	csv->arg = arg;
	csv->comment = d.comment;
	csv->trailing_delimiter = d.trailing_delimiter;
	csv->record_max = d.record_max;
	csv->measure = d.measure;
	csv->line = 1;
	csv->scan.escapes = d.escape != 0;
	csv->scan.marks = (struct om_csv_marks){
		.delimiter = (unsigned char)d.delimiter,
		.quote = (unsigned char)d.quote,
		.escape = (unsigned char)(d.escape ? d.escape : d.delimiter),
	};
	csv->arena = arena;
	*out = csv;
	return 0;
}

void
om_csv_close(struct om_csv **csv)
{
	struct om_arena arena;

	if (*csv == NULL)
		return;
	arena = (*csv)->arena; /* the reader itself lives in it */
	om_arena_clear(&arena);
	*csv = NULL;
}

OM_SELDOM static uint64_t
measured_offset(struct om_csv *csv, size_t at)
{
	csv->measured_at +=
	    csv->measure(csv->buffer + csv->measured, csv->at - csv->measured);
	csv->measured = csv->at;
	return csv->measured_at +
	       csv->measure(csv->buffer + csv->at, at - csv->at);
}

/* The offset in the input of a byte at or behind csv->at. */
static inline uint64_t
offset_of(struct om_csv *csv, size_t at)
{
	return csv->measure == NULL ? csv->before + at
				    : measured_offset(csv, at);
}

/* Room for twice the record that is begun, as far as the maximum asks. */
static void
grow(struct om_csv *csv)
{
	size_t most = csv->record_max + BUFFER_MIN;
	size_t cap = csv->cap * 2 < most ? csv->cap * 2 : most;
	char *wider = om_alloc(&csv->arena, cap + OM_CSV_BLOCK);

	memcpy(wider, csv->buffer, csv->have);
	csv->buffer = wider;
	csv->cap = cap;
}

/* Keep what is not used yet and read behind it. A record that is begun is
 * scanned again from its start, so at least double it each time. */
static int
fill(struct om_csv *csv, struct om_err *err)
{
	size_t kept = csv->have - csv->at;
	size_t want;

	(void)offset_of(csv, csv->at);
	csv->measured = 0;
	memmove(csv->buffer, csv->buffer + csv->at, kept);
	csv->before += csv->at;
	csv->at = 0;
	csv->have = kept;
	if (kept > csv->cap / 2 && csv->cap < csv->record_max + BUFFER_MIN)
		grow(csv);
	want = kept * 2 < csv->cap ? kept * 2 : csv->cap;
	do {
		size_t n = 0;
		int rc = csv->read(csv->arg, csv->buffer + csv->have,
		    csv->cap - csv->have, &n, err);

		if (rc < 0)
			return rc;
		csv->have += n;
		csv->ended = n == 0;
	} while (!csv->ended && csv->have < want);
	om_csv_scan_set(&csv->scan, csv->buffer, csv->have);
	return 0;
}

/* Drop a byte order mark. */
static int
start(struct om_csv *csv, struct om_err *err)
{
	while (csv->have < 3 && !csv->ended) {
		int rc = fill(csv, err);

		if (rc < 0)
			return rc;
	}
	if (csv->have >= 3 && memcmp(csv->buffer, "\xef\xbb\xbf", 3) == 0)
		csv->at = 3;
	csv->started = true;
	return 0;
}

/* Go to the next byte that is no line end; false if there is none yet. */
static bool
skip_line_ends(struct om_csv *csv)
{
	while (csv->at < csv->have && is_line_end(csv->buffer[csv->at])) {
		bool lf = csv->buffer[csv->at] == '\n';

		csv->line += !(lf && csv->after_cr);
		csv->after_cr = !lf;
		csv->in_comment = false;
		csv->at++;
	}
	if (csv->at == csv->have)
		return false;
	csv->after_cr = false;
	return true;
}

/* At a comment, or still in one: go on to its line end, however far. */
static bool
skip_comment(struct om_csv *csv)
{
	if (csv->comment != 0 && csv->buffer[csv->at] == csv->comment)
		csv->in_comment = true;
	if (!csv->in_comment)
		return false;
	while (csv->at < csv->have && !is_line_end(csv->buffer[csv->at]))
		csv->at++;
	return true;
}

/* What is said must not depend on how the input was cut into buffers: look
 * again at exactly the bytes that are one too many. */
static int
too_long(struct om_csv *csv, struct om_err *err)
{
	struct om_csv_scan *s = &csv->scan;

	om_csv_scan_set(s, csv->buffer, csv->at + csv->record_max + 1);
	(void)om_csv_scan(s, csv->at, false);
	(void)om_fail(err, OM_ELIMIT, "record longer than %zu bytes",
	    csv->record_max);
	if (s->in_quotes)
		(void)om_wrap(err,
		    "in the quotes opened at line %" PRIu64 ", byte %" PRIu64,
		    csv->line + s->quote_newlines, offset_of(csv, s->quote_at));
	om_csv_scan_set(s, csv->buffer, csv->have);
	return om_wrap(err, "line %" PRIu64 ", byte %" PRIu64, csv->line,
	    offset_of(csv, csv->at));
}

/* The buffer ends inside a record. */
static int
more(struct om_csv *csv, struct om_err *err)
{
	if (csv->have - csv->at > csv->record_max)
		return too_long(csv, err);
	return fill(csv, err);
}

static int
unreadable(struct om_csv *csv, enum om_csv_found why, struct om_err *err)
{
	const struct om_csv_scan *s = &csv->scan;

	if (s->end - csv->at > csv->record_max)
		return too_long(csv, err);
	if (why == OM_CSV_OPEN)
		return om_fail(err, OM_EDATA,
		    "line %" PRIu64 ", byte %" PRIu64 ": unterminated quote",
		    csv->line + s->quote_newlines, offset_of(csv, s->quote_at));
	return om_fail(err, OM_ELIMIT,
	    "line %" PRIu64 ", byte %" PRIu64 ": more than %d fields",
	    csv->line, offset_of(csv, csv->at), OM_CSV_FIELDS_MAX);
}

/* A NUL or bad UTF-8 that comes before any other problem is the problem. */
static void
find_odd_bytes(struct om_csv_scan *s, struct om_str raw)
{
	const char *nul = memchr(raw.p, 0, raw.n);
	size_t first = (size_t)(raw.p - s->bytes);
	size_t at;

	if (!om_utf8_valid(raw, &at) &&
	    (s->problem == NULL || first + at < s->problem_at)) {
		s->problem = "not UTF-8";
		s->problem_at = first + at;
	}
	at = nul == NULL ? 0 : (size_t)(nul - s->bytes);
	if (nul != NULL && (s->problem == NULL || at < s->problem_at)) {
		s->problem = "NUL byte";
		s->problem_at = at;
	}
}

/* The fields still lie in the buffer, one behind the other. */
static size_t
field_at(const struct om_csv_scan *s, size_t at)
{
	size_t i = s->count;

	while (i > 1 && s->field[i - 1].p > s->bytes + at)
		i--;
	return i - 1;
}

/* One field without its escapes and doubled quotes; returns its length. */
static size_t
undo_field(const struct om_csv_scan *s, size_t i, char *to)
{
	const char *p = s->field[i].p;
	size_t n = s->field[i].n;
	size_t used = 0;

	for (size_t k = 0; k < n; k++) {
		bool escape = s->escapes && p[k] == (char)s->marks.escape;
		bool doubled = s->quoted[i] && p[k] == (char)s->marks.quote;

		if ((escape || doubled) && k + 1 < n)
			k++;
		to[used++] = p[k];
	}
	return used;
}

static void
undo(struct om_csv *csv, size_t room)
{
	struct om_csv_scan *s = &csv->scan;
	char *to;

	if (csv->undone_cap < room) {
		csv->undone_cap = room < BUFFER_MIN ? BUFFER_MIN : 2 * room;
		csv->undone = om_alloc(&csv->arena, csv->undone_cap);
	}
	to = csv->undone;
	for (size_t i = 0; i < s->undo_count; i++) {
		struct om_str *field = &s->field[s->undo[i]];
		size_t n = undo_field(s, s->undo[i], to);

		*field = (struct om_str){ to, n };
		to += n;
	}
}

static int
give(struct om_csv *csv, struct om_csv_record *out, struct om_err *err)
{
	struct om_csv_scan *s = &csv->scan;
	struct om_str raw = { csv->buffer + csv->at, s->end - csv->at };

	if (raw.n > csv->record_max)
		return too_long(csv, err);
	if (s->maybe_odd)
		find_odd_bytes(s, raw);
	if (csv->trailing_delimiter && s->count > 1 &&
	    s->field[s->count - 1].n == 0 && !s->quoted[s->count - 1])
		s->count--;
	*out = (struct om_csv_record){
		.field = s->field,
		.quoted = s->quoted,
		.count = s->count,
		.line = csv->line,
		.offset = offset_of(csv, csv->at),
		.raw = raw,
	};
	if (s->problem != NULL) {
		out->problem = s->problem;
		out->problem_offset = offset_of(csv, s->problem_at);
		out->problem_field = field_at(s, s->problem_at);
	}
	if (s->undo_count > 0)
		undo(csv, raw.n);
	csv->line += s->newlines;
	csv->at = s->end;
	return 1;
}

int
om_csv_next(struct om_csv *csv, struct om_csv_record *out, struct om_err *err)
{
	int rc = csv->started ? 0 : start(csv, err);

	while (rc == 0) {
		enum om_csv_found found;

		if (!skip_line_ends(csv)) {
			if (csv->ended)
				return 0;
			rc = fill(csv, err);
			continue;
		}
		if (skip_comment(csv))
			continue;
		found = om_csv_scan(&csv->scan, csv->at, csv->ended);
		if (found == OM_CSV_RECORD)
			return give(csv, out, err);
		if (found != OM_CSV_MORE)
			return unreadable(csv, found, err);
		rc = more(csv, err);
	}
	return rc;
}
