/* jsonlines.c - a JSON object in each line; see jsonfile.h. */
#include "feed/jsonfile_parts.h"

/* The next line that holds something, blanks around it taken off. */
static int
next_line(struct om_jsonfile *d, struct om_line_text *out, struct om_err *err)
{
	struct om_str text;
	int rc;

	do {
		rc = om_lines_next(d->lines, out, err);
		if (rc < 0)
			return om_wrap(err, "%s", d->path);
		if (rc == 0)
			return 0;
		text = om_str_trim(out->bytes);
		if (text.n > 0)
			out->offset += (uint64_t)(text.p - out->bytes.p);
		out->bytes = text;
	} while (out->bytes.n == 0);
	return 1;
}

/* All of a line as one value; what is wrong with it is left with the reader. */
static int
walk_line(struct om_jsonfile *d, struct om_json_token *first,
    struct om_err *err)
{
	struct om_json_token t;
	int rc = om_json_next(d->json, first, err);

	if (rc < 0)
		first->kind = OM_JSON_OBJECT;
	om_nest_begin(d->nest, first);
	while (rc == 1 && (rc = om_json_next(d->json, &t, err)) == 1) {
		if (t.depth == 0 && !om_json_closes(&t))
			return om_fail(err, OM_EDATA,
			    "more than one value in the line");
		if (first->kind == OM_JSON_OBJECT)
			om_nest_token(d->nest, &t);
	}
	return rc;
}

/* A line that is not one JSON value is a reject of its own. */
int
om_jsonfile_line(struct om_jsonfile *d, const struct om_row **out,
    size_t *out_count, struct om_err *err)
{
	struct om_json_problem problem;
	struct om_line_text text;
	struct om_json_token first = { .kind = OM_JSON_OBJECT };
	struct om_err why;
	int rc = next_line(d, &text, err);

	if (rc <= 0)
		return rc;
	om_json_give(d->json, text.bytes, text.line, text.offset);
	first.offset = text.offset;
	rc = walk_line(d, &first, &why);
	problem = *om_json_problem(d->json);
	if (rc < 0 && problem.what[0] == '\0')
		problem =
		    (struct om_json_problem){ "more than one value in the line",
			    text.line, text.offset, "" };
	om_nest_rows(d->nest, (struct om_position){ 0, text.line, text.offset },
	    text.bytes, &problem, out, out_count);
	d->count++;
	return 1;
}
