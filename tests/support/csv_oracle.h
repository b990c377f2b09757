/*
 * csv_oracle.h - the CSV scanner beside libcsv: for its test and its fuzzer.
 *
 * libcsv is run strict and without its trimming of blanks. What is left that
 * differs: it keeps a byte order mark, and it cannot say what is wrong, so a
 * refusal is only compared as one.
 */
#ifndef OM_TEST_CSV_ORACLE_H
#define OM_TEST_CSV_ORACLE_H

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "text/csv.h"

#define ORACLE_MAX ((size_t)1 << 20)

/* Complete records go to out, the fields of the current one to row. */
struct oracle {
	struct om_buf *out;
	struct om_buf row;
};

static inline void
oracle_field(struct om_buf *row, const void *bytes, size_t n)
{
	om_buf_char(row, '[');
	om_buf_add(row, bytes, n);
	om_buf_char(row, ']');
}

static inline void
oracle_on_field(void *bytes, size_t n, void *arg)
{
	struct oracle *o = arg;

	oracle_field(&o->row, bytes, n);
}

static inline void
oracle_on_record(int end, void *arg)
{
	struct oracle *o = arg;

	(void)end;
	om_buf_str(o->out, om_buf_view(&o->row));
	om_buf_char(o->out, '\n');
	om_buf_reset(&o->row);
}

static inline int
oracle_no_space(unsigned char c)
{
	(void)c;
	return 0;
}

/* False: it refuses the text. */
static inline bool
oracle_by_libcsv(struct om_str in, char delimiter, struct om_buf *out)
{
	struct oracle o = { .out = out };
	struct csv_parser parser;
	bool ok;

	om_buf_init(&o.row, ORACLE_MAX);
	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		abort();
	csv_set_space_func(&parser, oracle_no_space);
	csv_set_delim(&parser, (unsigned char)delimiter);
	ok = csv_parse(&parser, in.p, in.n, oracle_on_field, oracle_on_record,
		 &o) == in.n &&
	     csv_fini(&parser, oracle_on_field, oracle_on_record, &o) == 0;
	csv_free(&parser);
	om_buf_fini(&o.row);
	return ok;
}

struct oracle_input {
	struct om_str text;
	size_t step;
};

static inline int
oracle_give(void *arg, void *bytes, size_t n, size_t *out_n, struct om_err *err)
{
	struct oracle_input *in = arg;

	(void)err;
	if (n > in->step)
		n = in->step;
	if (n > in->text.n)
		n = in->text.n;
	memcpy(bytes, in->text.p, n);
	in->text.p += n;
	in->text.n -= n;
	*out_n = n;
	return 0;
}

/* False if a record is wrong in a way that libcsv refuses too. */
static inline bool
oracle_by_scanner(struct om_str text, char delimiter, size_t step,
    struct om_buf *out)
{
	struct om_csv *csv OM_AUTO(om_csv_close) = NULL;
	struct oracle_input in = { text, step };
	struct om_csv_dialect d = { .delimiter = delimiter };
	struct om_csv_record r;
	struct om_err err = { 0 };
	int rc;

	if (om_csv_open(&d, oracle_give, &in, &csv, &err) < 0)
		abort();
	while ((rc = om_csv_next(csv, &r, &err)) > 0) {
		if (r.problem != NULL && strstr(r.problem, "quote") != NULL)
			return false;
		for (size_t i = 0; i < r.count; i++)
			oracle_field(out, r.field[i].p, r.field[i].n);
		om_buf_char(out, '\n');
	}
	if (rc < 0 && strstr(err.msg, ": unterminated quote") == NULL)
		abort();
	return rc == 0;
}

#endif
