/* reader.c - files to items: directly, or by way of gathering; reader.h. */
#include "feed/reader_parts.h"

/* 1: r->row is the next one. */
static int
next_row(struct om_reader *r, struct om_err *err)
{
	while (r->source < r->source_count) {
		int rc = om_input_next(&r->input[r->source], &r->row, err);

		if (rc != 0)
			return rc;
		r->source++;
	}
	return 0;
}

/* 1: *out are the next rows that the input itself keeps together. */
static int
next_rows(struct om_reader *r, const struct om_row **out, size_t *out_count,
    struct om_err *err)
{
	if (r->json != NULL)
		return om_jsonfile_next(r->json, out, out_count, err);
	*out = &r->row;
	*out_count = 1;
	return next_row(r, err);
}

static void
tally_order(struct om_reader *r, const struct om_order *o)
{
	r->tally.lines += o->line_count;
	for (uint32_t i = 0; i < o->line_count; i++)
		r->tally.hash += o->lines[i].quantity_milli;
}

/* Its rows, where they are lines. */
static void
tally_reject(struct om_reader *r, const struct om_reject *reject)
{
	if (r->shape == OM_SHAPE_NESTED)
		return; /* item() knows how many there are */
	for (size_t i = 0; i < reject->row_count; i++)
		r->tally.lines +=
		    r->source_count == 1 || reject->rows[i].at.source == 1;
}

static int
reject(struct om_reader *r, struct om_item *out, struct om_err *err)
{
	out->kind = OM_ITEM_REJECT;
	if (r->docs == NULL)
		tally_reject(r, &out->reject);
	if (om_breaker_reject(&r->breaker, &out->reject, err) < 0)
		return om_wrap(err, "%s", r->path[out->reject.at.source]);
	return 1;
}

/* Rows to an item; 1, or negative when the breaker trips. */
static int
item(struct om_reader *r, const struct om_row *rows, size_t count,
    struct om_arena *arena, struct om_item *out, struct om_err *err)
{
	int rc;

	if (r->feed->kind == OM_FEED_PAYMENTS) {
		out->kind = OM_ITEM_PAYMENT;
		rc = om_build_payment(&r->builder, rows, arena, &out->payment,
		    &out->reject);
	} else {
		out->kind = OM_ITEM_ORDER;
		rc = om_build_order(&r->builder, rows, count, arena,
		    &out->order, &out->reject);
	}
	if (rc < 0 && r->shape == OM_SHAPE_NESTED)
		r->tally.lines += (int64_t)count;
	if (rc < 0)
		return reject(r, out, err);
	if (out->kind == OM_ITEM_ORDER)
		tally_order(r, &out->order);
	if (r->keep_rows)
		om_fault_rows(&out->reject, arena, rows, count);
	om_breaker_good(&r->breaker);
	return 1;
}

/* A row that cannot be put with any other. */
static int
lone_row(struct om_reader *r, const struct om_row *row, struct om_arena *arena,
    struct om_item *out, struct om_err *err)
{
	const struct om_plan *plan = &r->plan[row->at.source];
	bool bad = false;
	struct om_str text = om_step_text(&plan->reference, row, &bad);

	if (row->problem != NULL)
		(void)om_fault_row(&out->reject, row, plan);
	else if (text.n == 0)
		(void)om_fault(&out->reject, row, &plan->reference, text,
		    "reference is empty");
	else
		(void)om_fault(&out->reject, row, &plan->reference, text,
		    "bad reference or channel");
	om_build_reject(&r->builder, row, 1, arena, &out->reject);
	return reject(r, out, err);
}

/* The next order of the group that was brought together last: 1, or 0. */
static int
next_revision(struct om_reader *r, struct om_arena *arena, struct om_item *out,
    struct om_err *err)
{
	const struct om_row *rows;
	size_t count;

	if (!om_revisions_next(&r->revisions, &rows, &count))
		return 0;
	return item(r, rows, count, arena, out, err);
}

/* Rows of one reference. Those of a file of lines alone say of which revision
 * they are: lines of their own do not. */
static int
first_revision(struct om_reader *r, const struct om_row *rows, size_t count,
    struct om_arena *arena, struct om_item *out, struct om_err *err)
{
	if (r->source_count > 1)
		return item(r, rows, count, arena, out, err);
	om_revisions_take(&r->revisions, r->feed, &r->plan[0], rows, count);
	return next_revision(r, arena, out, err);
}

static int
next_gathered(struct om_reader *r, struct om_arena *arena, struct om_item *out,
    struct om_err *err)
{
	const struct om_row *rows;
	struct om_row kept;
	size_t count;
	int rc = next_revision(r, arena, out, err);

	if (rc != 0)
		return rc;
	while ((rc = next_rows(r, &rows, &count, err)) == 1) {
		rc = om_gather_add(r->gather, rows, &kept, err);
		if (rc < 0)
			return om_wrap(err, "%s", r->path[rows->at.source]);
		if (rc == 0)
			return lone_row(r, &kept, arena, out, err);
	}
	if (rc == 0)
		rc = om_gather_next(r->gather, &rows, &count, err);
	return rc <= 0 ? rc : first_revision(r, rows, count, arena, out, err);
}

bool
om_reader_scattered(const struct om_reader *r)
{
	return r->scattered;
}

static int
next_streamed(struct om_reader *r, struct om_arena *arena, struct om_item *out,
    struct om_err *err)
{
	const struct om_row *rows;
	size_t count;
	int rc = next_revision(r, arena, out, err);

	if (rc != 0)
		return rc;
	rc = om_stream_next(r->stream, &rows, &count, err);
	r->scattered = rc == OM_ECONFLICT;
	if (rc <= 0)
		return rc;
	rc = first_revision(r, rows, count, arena, out, err);
	r->scattered = rc < 0 && out->reject.in_sum;
	return rc;
}

static int
next_document(struct om_reader *r, struct om_arena *arena, struct om_item *out,
    struct om_err *err)
{
	struct om_doc *doc;
	int rc = om_docs_item(r->docs, &r->builder, arena, out, &doc, err);

	if (rc <= 0)
		return rc;
	r->doc_rows += doc->lines == 0 ? 1 : doc->lines;
	r->tally.lines += (int64_t)doc->items;
	r->tally.hash += doc->hash.micro / 1000;
	if (out->kind != OM_ITEM_REJECT && r->keep_rows)
		om_fault_rows(&out->reject, arena, doc->rows, doc->count);
	if (out->kind == OM_ITEM_REJECT || r->keep_rows) {
		out->reject.before = om_str_dup(arena, doc->before);
		out->reject.after = om_str_dup(arena, doc->after);
	}
	if (out->kind == OM_ITEM_REJECT)
		return reject(r, out, err);
	om_breaker_good(&r->breaker);
	return 1;
}

/* Rows that are items by themselves. */
static int
next_plain(struct om_reader *r, struct om_arena *arena, struct om_item *out,
    struct om_err *err)
{
	int rc = next_row(r, err);

	return rc <= 0 ? rc : item(r, &r->row, 1, arena, out, err);
}

/* Objects of a JSON file that are items by themselves. */
static int
next_object(struct om_reader *r, struct om_arena *arena, struct om_item *out,
    struct om_err *err)
{
	const struct om_row *rows;
	size_t count;
	int rc = om_jsonfile_next(r->json, &rows, &count, err);

	return rc <= 0 ? rc : item(r, rows, count, arena, out, err);
}

void
om_reader_choose(struct om_reader *r)
{
	if (r->docs != NULL)
		r->next = next_document;
	else if (r->gather != NULL)
		r->next = next_gathered;
	else
		r->next = r->json != NULL ? next_object : next_plain;
}

void
om_reader_stream(struct om_reader *r)
{
	if (r->gather == NULL || r->json != NULL)
		return;
	r->stream = om_stream_open(r->input, r->plan, r->source_count);
	r->next = next_streamed;
}

int
om_reader_next(struct om_reader *r, struct om_arena *arena, struct om_item *out,
    struct om_err *err)
{
	return r->next(r, arena, out, err);
}

void
om_reader_keep_rows(struct om_reader *r)
{
	r->keep_rows = true;
}

const struct om_read_tally *
om_reader_tally(const struct om_reader *r)
{
	return &r->tally;
}

int
om_reader_stated(const struct om_reader *r, const struct om_manifest **out,
    struct om_err *err)
{
	const struct om_trailer *t = r->feed->dialect[0].trailer;

	if (r->docs != NULL)
		return om_docs_stated(r->docs, out);
	if (t == NULL)
		return 0;
	*out = r->input[0].stated;
	if (r->input[0].trailer_line != 0)
		return 1;
	return om_fail(err, OM_EDATA,
	    "%s: no trailer '%s': was the file cut short?", r->path[0],
	    t->match);
}

const struct om_sequences *
om_reader_numbers(const struct om_reader *r)
{
	return r->docs == NULL ? NULL : om_docs_numbers(r->docs);
}

uint64_t
om_reader_rows(const struct om_reader *r)
{
	uint64_t rows = r->doc_rows;

	if (r->json != NULL)
		rows += om_jsonfile_count(r->json);

	for (unsigned i = 0; i < r->source_count; i++)
		rows += r->input[i].rows;
	return rows;
}

struct om_str
om_reader_header(const struct om_reader *r, unsigned source)
{
	struct om_str header = { NULL, 0 };

	return source < r->source_count ? r->input[source].header : header;
}
