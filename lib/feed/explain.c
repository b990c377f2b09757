/* explain.c - files, columns and facts put side by side; see explain.h. */
#include "feed/explain.h"

#include <string.h>

#include "feed/input.h"
#include "feed/jsonfile.h"
#include "feed/plan.h"

#define HOW_MAX 512

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

static struct om_seen_column *
see_file(struct om_seen_file *out, struct om_arena *arena,
    const struct om_input *in)
{
	const struct om_dialect *d = in->dialect;
	size_t count = !d->header && !in->pending ? 0 : in->count;
	struct om_seen_column *column =
	    om_alloc(arena, (count + 1) * sizeof(*column));

	for (size_t i = 0; i < count; i++)
		column[i].name = om_str_dup(arena, in->name[i]);
	*out = (struct om_seen_file){
		.path = in->path,
		.encoding = om_encoding_name(in->decoder->encoding),
		.marked = in->decoder->marked,
		.gzip = om_source_gzip(in->source),
		.delimiter = char_name(arena, d->csv.delimiter),
		.quote = char_name(arena, d->csv.quote),
		.escape = char_name(arena, d->csv.escape),
		.comment = char_name(arena, d->csv.comment),
		.header = d->header,
		.skip = d->skip,
		.column = column,
		.count = count,
	};
	return column;
}

static const char *
nearest(struct om_arena *arena, struct om_str want, const struct om_input *in)
{
	const char **list = om_alloc(arena, (in->count + 1) * sizeof(*list));

	for (size_t i = 0; i < in->count; i++)
		list[i] = in->name[i].p;
	return om_str_nearest(om_str_dup(arena, want).p, list, in->count);
}

/* One value of the feed, looked for in the file it belongs to. */
static void
see_fact(struct om_seen *out, struct om_arena *arena,
    const struct om_feed *feed, const char *name, enum om_field field,
    const struct om_value *v, const struct om_input *in,
    struct om_seen_column *column)
{
	struct om_seen_fact *f = &out->fact[out->count++];

	*f = (struct om_seen_fact){ .name = name,
		.file = in->index,
		.from = v->from,
		.constant = v->constant,
		.fallback = v->fallback,
		.how = how(arena, feed, field, v) };
	if (v->from.p == NULL)
		return;
	for (size_t i = 0; i < in->count && f->number == 0; i++)
		if (om_str_eq(v->from, in->name[i]))
			f->number = i + 1;
	f->missing = f->number == 0 && v->need != OM_NEED_NOTHING;
	if (f->number == 0)
		f->near = nearest(arena, v->from, in);
	else if (f->number <= out->file[in->index].count)
		column[f->number - 1].use = OM_COLUMN_MAPPED;
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

static void
see_all(struct om_seen *out, struct om_arena *arena, const struct om_feed *feed,
    const struct om_input *in)
{
	enum om_shape shape = om_plan_shape(feed, in[0].name, in[0].count);
	struct om_seen_column *column[OM_FEED_SOURCES_MAX];

	out->shape = shapes[shape];
	out->fact = om_alloc(arena, (OM_F_COUNT + 1) * sizeof(*out->fact));
	for (unsigned i = 0; i < out->files; i++)
		column[i] = see_file(&out->file[i], arena, &in[i]);
	for (int i = 0; i < OM_F_COUNT; i++) {
		bool line = i >= (int)OM_F_ORDER_COUNT;
		unsigned n = shape == OM_SHAPE_JOINED && line;

		if (feed->value[i].mapped)
			see_fact(out, arena, feed,
			    om_field_row((enum om_field)i)->name,
			    (enum om_field)i, &feed->value[i], &in[n],
			    column[n]);
	}
	if (shape == OM_SHAPE_JOINED)
		see_fact(out, arena, feed, "key", OM_F_REFERENCE, &feed->key,
		    &in[1], column[1]);
	see_kept(column[0], out->file[0].count, feed);
}

/* Of documents nothing is known before they are read: paths are as mapped. */
static int
see_documents(struct om_seen *out, struct om_arena *arena,
    const struct om_feed *feed, const char *path, struct om_err *err)
{
	const struct om_paths *paths = feed->paths;
	struct om_source *source OM_AUTO(om_source_close) = NULL;
	struct om_seen_column *column =
	    om_alloc(arena, (paths->count + 1) * sizeof(*column));
	bool nd = feed->dialect[0].format == OM_FORMAT_NDJSON;
	struct om_input in = { .name = om_alloc(arena,
				   (paths->count + 1) * sizeof(*in.name)),
		.count = paths->count };

	if (om_source_open(path, &source, err) < 0)
		return err->code;
	for (size_t i = 0; i < paths->count; i++) {
		column[i].name = paths->name[i];
		in.name[i] = paths->name[i];
	}
	out->shape = shapes[feed->shape];
	out->fact = om_alloc(arena, (OM_F_COUNT + 1) * sizeof(*out->fact));
	out->file[0] = (struct om_seen_file){ .path = path,
		.format = nd ? "ndjson" : "json",
		.encoding = "utf-8",
		.gzip = om_source_gzip(source),
		.column = column,
		.count = paths->count };
	for (int i = 0; i < OM_F_COUNT; i++)
		if (feed->value[i].mapped)
			see_fact(out, arena, feed,
			    om_field_row((enum om_field)i)->name,
			    (enum om_field)i, &feed->value[i], &in, column);
	see_kept(column, paths->count, feed);
	return 0;
}

int
om_explain(const struct om_feed *feed, const char *const *paths,
    struct om_arena *arena, struct om_seen *out, struct om_err *err)
{
	struct om_input in[OM_FEED_SOURCES_MAX] = { 0 };
	bool is_json = false;
	int rc = 0;

	*out = (struct om_seen){ .files = om_feed_sources(feed) };
	if (feed->json != NULL &&
	    om_jsonfile_sniff(paths[0], &is_json, err) < 0)
		return err->code;
	if (is_json)
		feed = feed->json;
	if (feed->paths != NULL)
		return see_documents(out, arena, feed, paths[0], err);
	for (unsigned i = 0; rc == 0 && i < out->files; i++)
		rc = om_input_open(&in[i], arena, &feed->dialect[i], i,
		    paths[i], err);
	if (rc == 0)
		see_all(out, arena, feed, in);
	for (unsigned i = 0; i < out->files; i++)
		om_input_close(&in[i]);
	return rc;
}
