/* model.c - build a report from its parts; see report.h. */
#include "report/model.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FACT_MAX 1024

/* Into the arena, with U+FFFD for every byte that is not UTF-8. */
static const char *
copy(struct om_arena *arena, const char *text)
{
	struct om_str rest = om_str_of(text);
	char *out;
	size_t n = 0;
	size_t at;

	if (om_utf8_valid(rest, &at))
		return om_strndup(arena, rest.p == NULL ? "" : rest.p, rest.n);
	out = om_alloc(arena, 3 * rest.n + 1);
	while (!om_utf8_valid(rest, &at)) {
		memcpy(out + n, rest.p, at);
		memcpy(out + n + at, "\xef\xbf\xbd", 3);
		n += at + 3;
		rest.p += at + 1;
		rest.n -= at + 1;
	}
	memcpy(out + n, rest.p, rest.n);
	return out;
}

struct om_report *
om_report_new(struct om_arena *arena, const char *schema, const char *title)
{
	struct om_report *r = om_new(arena, struct om_report);

	*r = (struct om_report){
		.arena = arena,
		.schema = copy(arena, schema),
		.title = copy(arena, title),
	};
	r->sections_end = &r->sections;
	return r;
}

void
om_report_section(struct om_report *r, const char *key, const char *title)
{
	struct om_report_section *s =
	    om_new(r->arena, struct om_report_section);

	s->key = copy(r->arena, key);
	s->title = copy(r->arena, title);
	s->parts_end = &s->parts;
	*r->sections_end = s;
	r->sections_end = &s->next;
	r->last = s;
}

static struct om_report_part *
add_part(struct om_report *r, enum om_part_kind kind, const char *key)
{
	struct om_report_part *part = om_new(r->arena, struct om_report_part);

	assert(r->last != NULL);
	part->kind = kind;
	part->section = r->last->key;
	part->key = key == NULL ? NULL : copy(r->arena, key);
	part->lines_end = &part->lines;
	part->bars_end = &part->bars;
	*r->last->parts_end = part;
	r->last->parts_end = &part->next;
	r->last->last = part;
	return part;
}

void
om_report_fact(struct om_report *r, const char *key, const char *label,
    const char *value)
{
	struct om_report_part *part = add_part(r, OM_PART_FACT, key);

	part->title = copy(r->arena, label);
	part->text = copy(r->arena, value);
}

void
om_report_count(struct om_report *r, const char *key, const char *label,
    int64_t n)
{
	om_report_factf(r, key, label, "%" PRId64, n);
	r->last->last->count = true;
}

void
om_report_factf(struct om_report *r, const char *key, const char *label,
    const char *fmt, ...)
{
	char value[FACT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	om_report_fact(r, key, label, value);
}

void
om_report_note(struct om_report *r, char status, const char *text)
{
	struct om_report_part *part = add_part(r, OM_PART_NOTE, NULL);

	part->status = status;
	part->text = copy(r->arena, text);
}

void
om_report_table(struct om_report *r, const char *key,
    const struct om_report_column *columns, int count)
{
	struct om_report_part *part = add_part(r, OM_PART_TABLE, key);

	assert(count > 0 && count <= OM_REPORT_COLUMNS_MAX);
	part->columns =
	    om_alloc(r->arena, (size_t)count * sizeof(part->columns[0]));
	for (int i = 0; i < count; i++)
		part->columns[i] = (struct om_report_column){
			copy(r->arena, columns[i].key),
			copy(r->arena, columns[i].title),
			columns[i].align,
		};
	part->column_count = count;
}

void
om_report_row(struct om_report *r, const char *const *cells)
{
	struct om_report_part *part = r->last == NULL ? NULL : r->last->last;
	struct om_report_line *line = om_new(r->arena, struct om_report_line);

	assert(part != NULL && part->kind == OM_PART_TABLE);
	line->cells = om_alloc(r->arena,
	    (size_t)part->column_count * sizeof(line->cells[0]));
	for (int i = 0; i < part->column_count; i++)
		line->cells[i] = copy(r->arena, cells[i]);
	*part->lines_end = line;
	part->lines_end = &line->next;
}

void
om_report_chart(struct om_report *r, const char *key, const char *title)
{
	add_part(r, OM_PART_CHART, key)->title = copy(r->arena, title);
}

void
om_report_bar(struct om_report *r, const char *label, int64_t value,
    const char *text)
{
	struct om_report_part *part = r->last == NULL ? NULL : r->last->last;
	struct om_report_bar *bar = om_new(r->arena, struct om_report_bar);

	assert(part != NULL && part->kind == OM_PART_CHART);
	bar->label = copy(r->arena, label);
	bar->value = value;
	bar->text = copy(r->arena, text);
	*part->bars_end = bar;
	part->bars_end = &bar->next;
}

bool
om_report_format_find(const char *name, enum om_report_format *out)
{
	static const char *const names[] = { "text", "csv", "json", "html" };

	for (size_t i = 0; i < OM_COUNT(names); i++) {
		if (strcmp(name, names[i]) == 0) {
			*out = (enum om_report_format)i;
			return true;
		}
	}
	return false;
}

void
om_report_render(const struct om_report *r, enum om_report_format format,
    struct om_buf *out)
{
	switch (format) {
	case OM_AS_TEXT:
		om_report_as_text(r, out);
		break;
	case OM_AS_CSV:
		om_report_as_csv(r, out);
		break;
	case OM_AS_JSON:
		om_report_as_json(r, out);
		break;
	case OM_AS_HTML:
		om_report_as_html(r, out);
		break;
	}
}

const char *
om_report_grouped(const char *text, char out[OM_GROUPED_MAX])
{
	bool negative = text[0] == '-';
	size_t whole = strspn(text + negative, "0123456789");
	const char *tail = text + negative + whole;
	size_t fraction = *tail == '.' ? strspn(tail + 1, "0123456789") : 0;
	size_t n = 0;

	if (whole < 4 || tail[fraction + (*tail == '.')] != '\0' ||
	    (*tail == '.' && fraction == 0) ||
	    strlen(text) + whole / 3 >= OM_GROUPED_MAX)
		return text;
	if (negative)
		out[n++] = '-';
	for (size_t i = 0; i < whole; i++) {
		if (i > 0 && (whole - i) % 3 == 0)
			out[n++] = ',';
		out[n++] = text[negative + i];
	}
	memcpy(out + n, tail, strlen(tail) + 1);
	return out;
}

const char *
om_report_value(const struct om_report_part *fact, char out[OM_GROUPED_MAX])
{
	if (fact->text[0] == '\0')
		return "-";
	return fact->count ? om_report_grouped(fact->text, out) : fact->text;
}

bool
om_report_is_total(const struct om_report_line *line)
{
	return strcmp(line->cells[0], "total") == 0;
}

uint64_t
om_report_length(const struct om_report_bar *bar)
{
	return bar->value < 0 ? 0 - (uint64_t)bar->value : (uint64_t)bar->value;
}

uint64_t
om_report_scale(const struct om_report_part *chart)
{
	uint64_t most = 1;

	for (const struct om_report_bar *b = chart->bars; b != NULL;
	     b = b->next)
		if (om_report_length(b) > most)
			most = om_report_length(b);
	return most;
}

const char *
om_report_status(char status)
{
	return status == 'g' ? "good" : status == 'b' ? "bad" : "info";
}
