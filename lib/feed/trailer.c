/* trailer.c - figures out of a row; see trailer.h. */
#include "feed/trailer.h"

#include <stdio.h>

bool
om_trailer_is(const struct om_trailer *t, struct om_str raw)
{
	return om_str_glob(t->match, raw);
}

static int
field(const struct om_csv_record *r, int64_t number, struct om_str *out,
    struct om_err *err)
{
	if ((uint64_t)number > r->count)
		return om_fail(err, OM_EDATA, "no field %lld",
		    (long long)number);
	*out = om_str_trim(r->field[number - 1]);
	return 0;
}

static int
read_count(const struct om_csv_record *r, int64_t number, unsigned figure,
    int64_t *out, struct om_manifest *m, struct om_err *err)
{
	struct om_str text;

	if (number == 0)
		return 0;
	if (field(r, number, &text, err) < 0 ||
	    om_manifest_count(text, out, err) < 0)
		return err->code;
	m->stated |= figure;
	return 0;
}

static int
read_hash(const struct om_trailer *t, const struct om_csv_record *r,
    struct om_manifest *m, struct om_err *err)
{
	struct om_str text;

	if (t->hash == 0)
		return 0;
	if (field(r, t->hash, &text, err) < 0 ||
	    om_manifest_hash(text, &t->number, &m->hash_milli, err) < 0)
		return err->code;
	m->stated |= OM_FIGURE_HASH;
	return 0;
}

static int
read_sum(const struct om_trailer *t, const struct om_csv_record *r,
    struct om_manifest *m, struct om_err *err)
{
	struct om_str text;

	if (t->sum == 0)
		return 0;
	if (field(r, t->sum, &text, err) < 0 ||
	    om_manifest_amount(text, &t->number, &m->sum[0].amount, err) < 0)
		return err->code;
	m->sums = 1;
	if (t->currency == 0)
		return 0;
	if (field(r, t->currency, &text, err) < 0)
		return err->code;
	m->sum[0].currency = om_currency_find(text);
	if (m->sum[0].currency == NULL)
		return om_fail(err, OM_EDATA, "no such currency '%.*s'",
		    OM_FMT(text));
	return 0;
}

int
om_trailer_read(const struct om_trailer *t, const struct om_csv_record *record,
    struct om_manifest *out, struct om_err *err)
{
	*out = (struct om_manifest){ 0 };
	snprintf(out->name, sizeof(out->name), "the trailer in line %llu",
	    (unsigned long long)record->line);
	if (record->problem != NULL)
		return om_fail(err, OM_EDATA, "%s: %s", out->name,
		    record->problem);
	if (read_count(record, t->count, OM_FIGURE_ORDERS, &out->orders, out,
		err) < 0 ||
	    read_count(record, t->lines, OM_FIGURE_LINES, &out->lines, out,
		err) < 0 ||
	    read_count(record, t->rows, OM_FIGURE_ROWS, &out->rows, out, err) <
		0 ||
	    read_count(record, t->sequence, OM_FIGURE_SEQUENCE, &out->sequence,
		out, err) < 0 ||
	    read_hash(t, record, out, err) < 0 ||
	    read_sum(t, record, out, err) < 0)
		return om_wrap(err, "%s", out->name);
	return 0;
}
