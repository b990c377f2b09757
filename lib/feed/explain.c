/* explain.c - files, columns and facts put side by side; see explain.h. */
#include "feed/explain.h"

#include <string.h>

#include "feed/doc.h"
#include "feed/docs.h"
#include "feed/input.h"
#include "feed/jsonfile.h"
#include "feed/plan.h"

#define HOW_MAX 512

static const char *const formats[] = {
	[OM_FORMAT_CSV] = "csv",
	[OM_FORMAT_JSON] = "json",
	[OM_FORMAT_NDJSON] = "ndjson",
	[OM_FORMAT_X12] = "x12",
	[OM_FORMAT_EDIFACT] = "edifact",
	[OM_FORMAT_UBL] = "ubl",
};

static const char *const shapes[] = {
	[OM_SHAPE_ORDERS] = "orders",
	[OM_SHAPE_LINES] = "lines",
	[OM_SHAPE_JOINED] = "joined",
	[OM_SHAPE_AUTO] = "auto",
	[OM_SHAPE_NESTED] = "nested",
};

static struct om_str
char_name(struct om_arena *arena, char c)
{
	if (c == '\0' || c == '\n')
		return OM_STR("none");
	if (c == '\t')
		return OM_STR("tab");
	return om_str_dup(arena, (struct om_str){ &c, 1 });
}

static void
add(struct om_buf *b, const char *text)
{
	if (b->n > 0)
		om_buf_text(b, ", ");
	om_buf_text(b, text);
}

static void
add_numbers(struct om_buf *b, const struct om_feed *feed,
    enum om_field_type type, const struct om_value *v)
{
	char decimal = v->decimal != 0 ? v->decimal : feed->decimal;
	char thousands = v->thousands != 0 ? v->thousands : feed->thousands;

	if (type != OM_TYPE_AMOUNT && type != OM_TYPE_QUANTITY &&
	    type != OM_TYPE_PRICE)
		return;
	if (decimal != 0 && decimal != '.') {
		om_buf_printf(b, "%sdecimal '%c'", b->n > 0 ? ", " : "",
		    decimal);
	}
	if (thousands != 0) {
		om_buf_printf(b, "%sthousands '%c'", b->n > 0 ? ", " : "",
		    thousands);
	}
	if (v->minor)
		add(b, "in minor units");
	if (v->scale != 0)
		om_buf_printf(b, "%sin units of 10^-%d", b->n > 0 ? ", " : "",
		    v->scale);
}

static void
add_date(struct om_buf *b, const struct om_feed *feed, enum om_field_type type,
    const struct om_value *v)
{
	const char *date = v->date;

	if (date == NULL && type == OM_TYPE_TIME)
		date = feed->date;
	if (type != OM_TYPE_TIME && date == NULL)
		return;
	add(b, date == NULL ? "RFC 3339" : "date ");
	if (date != NULL)
		om_buf_text(b, date);
	om_buf_printf(b, ", %s",
	    feed->zone_name == NULL ? "UTC" : feed->zone_name);
}

/* What is done to the cell on its way. */
static const char *
how(struct om_arena *arena, const struct om_feed *feed, enum om_field field,
    const struct om_value *v)
{
	enum om_field_type type = om_field_row(field)->type;
	struct om_buf b OM_AUTO(om_buf_fini) = { 0 };

	om_buf_init(&b, HOW_MAX);
	if (v->need == OM_NEED_CELL)
		add(&b, "required");
	if (v->trim)
		add(&b, "trimmed");
	for (size_t i = 0; i < v->blank_count; i++) {
		add(&b, "empty if '");
		om_buf_str(&b, v->blanks[i]);
		om_buf_char(&b, '\'');
	}
	for (size_t i = 0; i < v->rule_count; i++) {
		add(&b, v->rules[i].pattern);
		om_buf_text(&b, " -> ");
		om_buf_str(&b, v->rules[i].value.p == NULL ? OM_STR("empty")
							   : v->rules[i].value);
	}
	add_numbers(&b, feed, type, v);
	if (v->from.p != NULL)
		add_date(&b, feed, type, v);
	if (v->absolute)
		add(&b, "without its sign");
	if (v->negate)
		add(&b, "sign turned round");
	if (v->rate != OM_RATE_NONE)
		add(&b, v->rate == OM_RATE_PERCENT ? "percent" : "a rate");
	if (v->net)
		add(&b, "discount taken off");
	return om_strndup(arena, b.n == 0 ? "" : b.p, b.n);
}

/* A file of rows. */
static void
see_dialect(struct om_seen_file *out, struct om_arena *arena,
    const struct om_input *in)
{
	const struct om_dialect *d = in->dialect;

	out->encoding = om_encoding_name(in->decoder->encoding);
	out->marked = in->decoder->marked;
	out->gzip = om_source_gzip(in->source);
	out->delimiter = char_name(arena, d->csv.delimiter);
	out->quote = char_name(arena, d->csv.quote);
	out->escape = char_name(arena, d->csv.escape);
	out->comment = char_name(arena, d->csv.comment);
	out->header = d->header;
	out->skip = d->skip;
}

static void
see_columns(struct om_seen_file *out, struct om_arena *arena,
    const struct om_str *name, size_t count)
{
	out->column = om_alloc(arena, (count + 1) * sizeof(*out->column));
	out->count = count;
	for (size_t i = 0; i < count; i++)
		out->column[i].name = om_str_dup(arena, name[i]);
}

/* Of JSON nothing is known before it is read: paths are as mapped. */
static int
see_json(struct om_seen_file *out, struct om_arena *arena,
    const struct om_paths *paths, const char *path, struct om_err *err)
{
	struct om_source *source OM_AUTO(om_source_close) = NULL;

	if (om_source_open(path, &source, err) < 0)
		return err->code;
	out->gzip = om_source_gzip(source);
	out->paths = true;
	see_columns(out, arena, paths->name, paths->count);
	return 0;
}

static int
see_file(struct om_seen_file *out, struct om_arena *arena,
    const struct om_feed *feed, unsigned index, const char *path,
    struct om_err *err)
{
	const struct om_dialect *d = &feed->dialect[index];
	struct om_input in = { 0 };
	int rc = 0;

	*out = (struct om_seen_file){ .path = path,
		.format = formats[d->format],
		.rows = d->format == OM_FORMAT_CSV && feed->paths == NULL };
	if (om_format_is_doc(d->format)) {
		see_columns(out, arena, om_doc_columns(), OM_DC_COUNT);
	} else if (feed->paths != NULL) {
		rc = see_json(out, arena, feed->paths, path, err);
	} else {
		rc = om_input_open(&in, arena, d, index, path, err);
		if (rc == 0) {
			see_dialect(out, arena, &in);
			see_columns(out, arena, in.name,
			    !d->header && !in.pending ? 0 : in.count);
		}
		om_input_close(&in);
	}
	return rc;
}

static const char *
nearest(struct om_arena *arena, struct om_str want,
    const struct om_seen_file *f)
{
	const char **list = om_alloc(arena, (f->count + 1) * sizeof(*list));

	for (size_t i = 0; i < f->count; i++)
		list[i] = om_str_dup(arena, f->column[i].name).p;
	return om_str_nearest(om_str_dup(arena, want).p, list, f->count);
}

/* One value of the feed, looked for in the file it belongs to. A file without
 * columns has whatever one asks for. */
static void
see_fact(struct om_seen *out, struct om_arena *arena,
    const struct om_feed *feed, const char *name, enum om_field field,
    unsigned file)
{
	const struct om_value *v =
	    name == NULL ? &feed->value[field] : &feed->key;
	const struct om_seen_file *in = &out->file[file];
	struct om_seen_fact *f = &out->fact[out->count++];

	*f = (struct om_seen_fact){
		.name = name == NULL ? om_field_row(field)->name : name,
		.file = file,
		.from = v->from,
		.constant = v->constant,
		.fallback = v->fallback,
		.how = how(arena, feed, field, v),
	};
	if (v->from.p == NULL)
		return;
	for (size_t i = 0; i < in->count && f->number == 0; i++)
		if (om_str_eq(v->from, in->column[i].name))
			f->number = i + 1;
	if (f->number != 0) {
		in->column[f->number - 1].use = OM_COLUMN_MAPPED;
	} else if (in->count != 0) {
		f->missing = v->need != OM_NEED_NOTHING;
		f->near = nearest(arena, v->from, in);
	}
}

static void
see_kept(struct om_seen_column *column, size_t count,
    const struct om_feed *feed)
{
	for (size_t i = 0; i < count; i++) {
		bool listed = feed->keep == OM_KEEP_ALL;

		for (size_t k = 0; k < feed->keep_count; k++)
			listed |= om_str_eq(column[i].name, feed->keep_list[k]);
		if (column[i].use == OM_COLUMN_UNUSED && listed &&
		    feed->keep != OM_KEEP_NONE)
			column[i].use = OM_COLUMN_KEPT;
	}
}

static enum om_shape
shape_of(const struct om_seen_file *f, struct om_arena *arena,
    const struct om_feed *feed)
{
	struct om_str *name = om_alloc(arena, (f->count + 1) * sizeof(*name));

	for (size_t i = 0; i < f->count; i++)
		name[i] = f->column[i].name;
	return om_plan_shape(feed, name, f->count);
}

int
om_explain(const struct om_feed *feed, const char *const *paths,
    struct om_arena *arena, struct om_seen *out, struct om_err *err)
{
	enum om_shape shape;
	bool is_json = false;

	*out = (struct om_seen){ .files = om_feed_sources(feed) };
	if (feed->json != NULL &&
	    om_jsonfile_sniff(paths[0], &is_json, err) < 0)
		return err->code;
	if (is_json)
		feed = feed->json;
	for (unsigned i = 0; i < out->files; i++)
		if (see_file(&out->file[i], arena, feed, i, paths[i], err) < 0)
			return err->code;
	shape = shape_of(&out->file[0], arena, feed);
	out->shape = shapes[shape];
	out->fact = om_alloc(arena, (OM_F_COUNT + 1) * sizeof(*out->fact));
	for (int i = 0; i < OM_F_COUNT; i++) {
		bool line = i >= (int)OM_F_ORDER_COUNT;

		if (feed->value[i].mapped)
			see_fact(out, arena, feed, NULL, (enum om_field)i,
			    shape == OM_SHAPE_JOINED && line);
	}
	if (shape == OM_SHAPE_JOINED)
		see_fact(out, arena, feed, "key", OM_F_REFERENCE, 1);
	see_kept(out->file[0].column, out->file[0].count, feed);
	return 0;
}
