/* csv_fields.c - one record through libcsv; see om_csv_fields() in csv.h. */
#include "text/csv.h"

#include <csv.h>

struct collect {
	struct om_arena *arena;
	struct om_str *field;
	size_t count;
	bool too_many;
	size_t records;
};

/* libcsv trims what this calls a blank: nothing. */
static int
no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static void
on_field(void *bytes, size_t n, void *arg)
{
	struct collect *c = arg;
	struct om_str s = { bytes == NULL ? "" : bytes, n };

	if (c->count == OM_CSV_FIELDS_MAX || c->records > 0)
		c->too_many = true; /* libcsv cannot be stopped from here */
	else
		c->field[c->count++] = om_str_dup(c->arena, s);
}

static void
on_record(int end, void *arg)
{
	struct collect *c = arg;

	(void)end;
	c->records++;
}

static int
split(struct csv_parser *parser, struct om_str record, struct collect *c,
    struct om_err *err)
{
	size_t n =
	    csv_parse(parser, record.p, record.n, on_field, on_record, c);

	if (n != record.n || csv_fini(parser, on_field, on_record, c) != 0)
		return om_fail(err, OM_EDATA, "%s",
		    csv_strerror(csv_error(parser)));
	if (c->too_many)
		return om_fail(err, OM_EDATA,
		    "more than one record or %d fields", OM_CSV_FIELDS_MAX);
	return 0;
}

int
om_csv_fields(struct om_arena *arena, struct om_str record,
    const struct om_csv_dialect *dialect, const struct om_str **out,
    size_t *out_count, struct om_err *err)
{
	struct collect c = { .arena = arena };
	struct csv_parser parser;
	int rc;

	if (dialect->escape != 0 || dialect->comment != 0)
		return om_fail(err, OM_EUSAGE,
		    "a single record cannot have escapes or comments");
	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		return om_fail(err, OM_EIO, "cannot start libcsv");
	if (dialect->delimiter != 0)
		csv_set_delim(&parser, (unsigned char)dialect->delimiter);
	if (dialect->quote != 0)
		csv_set_quote(&parser, (unsigned char)dialect->quote);
	csv_set_space_func(&parser, no_space);
	c.field = om_alloc(arena, OM_CSV_FIELDS_MAX * sizeof(*c.field));
	rc = split(&parser, record, &c, err);
	csv_free(&parser);
	if (rc < 0)
		return rc;
	if (dialect->trailing_delimiter && c.count > 1 &&
	    c.field[c.count - 1].n == 0)
		c.count--;
	*out = c.field;
	*out_count = c.count;
	return 0;
}
