/*
 * fuzz_csv.c - the CSV scanner does not depend on how its input is cut.
 *
 * The first byte of an input chooses the dialect, the second the size of the
 * pieces; the rest is the file. Read in one piece, by single bytes and in such
 * pieces it must give the same records; each record must lie where it says;
 * and what lies between two records is line ends and comments. Where the dialect
 * is one of libcsv's, that finds the same fields or refuses the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "csv_oracle.h"
#include "text/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define CHECK(true_or_abort)                                                   \
	do {                                                                   \
		if (!(true_or_abort)) {                                        \
			fputs("failed: " #true_or_abort "\n", stderr);         \
			abort();                                               \
		}                                                              \
	} while (0)

struct input {
	struct om_str text;
	size_t at;
	size_t step;
};

static int
give(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *err)
{
	struct input *in = arg;
	size_t left = in->text.n - in->at;

	(void)err;
	n = n < in->step ? n : in->step;
	n = n < left ? n : left;
	memcpy(bytes, in->text.p + in->at, n);
	in->at += n;
	*out_n = n;
	return 0;
}

/* text[from, to) holds no record: nothing but line ends and comments. */
static void
check_gap(const struct om_csv_dialect *d, struct om_str text, size_t from,
    size_t to)
{
	bool comment = false;

	CHECK(from <= to && to <= text.n);
	for (size_t i = from; i < to; i++) {
		bool end = text.p[i] == '\n' || text.p[i] == '\r';

		if (!end && d->comment != 0 && text.p[i] == d->comment)
			comment = true;
		CHECK(end || comment);
		if (end)
			comment = false;
	}
}

static void
check_record(const struct om_csv_record *r, struct om_str text)
{
	CHECK(r->count >= 1 && r->raw.n >= 1);
	CHECK(r->offset + r->raw.n <= text.n);
	CHECK(memcmp(text.p + r->offset, r->raw.p, r->raw.n) == 0);
	for (size_t i = 0; i < r->count; i++)
		CHECK(r->field[i].p != NULL && r->field[i].n <= r->raw.n);
	if (r->problem == NULL) {
		size_t bad;

		CHECK(om_utf8_valid(r->raw, &bad));
		CHECK(memchr(r->raw.p, 0, r->raw.n) == NULL);
		return;
	}
	CHECK(r->problem_field <= r->count); /* or a trailing one dropped */
	CHECK(r->problem_offset >= r->offset);
	CHECK(r->problem_offset < r->offset + r->raw.n);
}

static void
add_record(struct om_buf *out, const struct om_csv_record *r)
{
	om_buf_be64(out, r->line);
	om_buf_be64(out, r->offset);
	om_buf_be64(out, r->raw.n);
	om_buf_be64(out, r->problem_field);
	om_buf_be64(out, r->problem_offset);
	om_buf_text(out, r->problem == NULL ? "sound" : r->problem);
	for (size_t i = 0; i < r->count; i++) {
		om_buf_char(out, r->quoted[i] ? '"' : ',');
		om_buf_be64(out, r->field[i].n);
		om_buf_str(out, r->field[i]);
	}
}

static void
read_all(const struct om_csv_dialect *d, struct om_str text, size_t step,
    struct om_buf *out)
{
	struct input in = { text, 0, step };
	struct om_csv *csv = NULL;
	struct om_csv_record r;
	struct om_err err = { 0 };
	size_t done = 0;
	int rc;

	if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		done = 3;
	CHECK(om_csv_open(d, give, &in, &csv, &err) == 0);
	while ((rc = om_csv_next(csv, &r, &err)) > 0) {
		check_record(&r, text);
		check_gap(d, text, done, r.offset);
		done = r.offset + r.raw.n;
		add_record(out, &r);
	}
	if (rc == 0)
		check_gap(d, text, done, text.n);
	else
		om_buf_text(out, err.msg);
	om_csv_close(&csv);
}

/* Bytes that are not text are told first, and libcsv does not mind them. */
static bool
is_of_libcsv(const struct om_csv_dialect *d, struct om_str text)
{
	bool mark = text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0;
	size_t bad;

	if (!om_utf8_valid(text, &bad) ||
	    (text.n > 0 && memchr(text.p, '\0', text.n) != NULL))
		return false;
	return d->quote == '"' && d->escape == 0 && d->comment == 0 &&
	       !d->trailing_delimiter && d->record_max == 0 && !mark;
}

static void
ask_libcsv(struct om_str text, char delimiter, size_t step)
{
	struct om_buf want;
	struct om_buf got;

	om_buf_init(&want, ORACLE_MAX);
	om_buf_init(&got, ORACLE_MAX);
	CHECK(oracle_by_libcsv(text, delimiter, &want) ==
	      oracle_by_scanner(text, delimiter, step, &got));
	CHECK(om_str_eq(om_buf_view(&want), om_buf_view(&got)));
	om_buf_fini(&want);
	om_buf_fini(&got);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct om_csv_dialect d = { 0 };
	struct om_str text;
	struct om_buf whole;

	if (n < 2)
		return 0;
	text = (struct om_str){ (const char *)bytes + 2, n - 2 };
	d.delimiter = bytes[0] & 1 ? '|' : ',';
	d.quote = bytes[0] & 2 ? '\n' : '"';
	d.escape = bytes[0] & 4 ? '\\' : 0;
	d.comment = bytes[0] & 8 ? '#' : 0;
	d.trailing_delimiter = (bytes[0] & 16) != 0;
	d.record_max = bytes[0] & 32 ? 40 : 0;
	om_buf_init(&whole, 1 << 28);
	read_all(&d, text, n, &whole);
	for (int i = 0; i < 2; i++) {
		struct om_buf pieces;

		om_buf_init(&pieces, 1 << 28);
		read_all(&d, text, i == 0 ? 1 : 1 + (size_t)bytes[1], &pieces);
		CHECK(om_str_eq(om_buf_view(&whole), om_buf_view(&pieces)));
		om_buf_fini(&pieces);
	}
	om_buf_fini(&whole);
	if (is_of_libcsv(&d, text))
		ask_libcsv(text, d.delimiter, 1 + (size_t)bytes[1]);
	return 0;
}
