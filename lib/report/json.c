/*
 * json.c - a report as one JSON document on one line.
 *
 * A section is a member of its key; in it a fact is a string, a table an array
 * of objects by column key, a chart an array of label, value, text; the notes
 * of a section stand together in "notes". Every figure is a string.
 */
#include <inttypes.h>

#include "report/model.h"

static void
string(struct om_buf *out, const char *text)
{
	om_buf_char(out, '"');
	for (const char *p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '"' || c == '\\')
			om_buf_printf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			om_buf_printf(out, "\\u%04x", (unsigned)c);
		else
			om_buf_char(out, *p);
	}
	om_buf_char(out, '"');
}

/* ,"key": or, as the first of its object, "key": */
static void
member(struct om_buf *out, bool *first, const char *key)
{
	if (!*first)
		om_buf_char(out, ',');
	*first = false;
	string(out, key);
	om_buf_char(out, ':');
}

static void
text_member(struct om_buf *out, bool *first, const char *key, const char *text)
{
	member(out, first, key);
	string(out, text);
}

static void
table(struct om_buf *out, const struct om_report_part *part)
{
	om_buf_char(out, '[');
	for (const struct om_report_line *line = part->lines; line != NULL;
	     line = line->next) {
		bool first = true;

		om_buf_char(out, '{');
		for (int i = 0; i < part->column_count; i++)
			text_member(out, &first, part->columns[i].key,
			    line->cells[i]);
		om_buf_text(out, line->next == NULL ? "}" : "},");
	}
	om_buf_char(out, ']');
}

static void
chart(struct om_buf *out, const struct om_report_part *part)
{
	om_buf_char(out, '[');
	for (const struct om_report_bar *b = part->bars; b != NULL;
	     b = b->next) {
		bool first = true;

		om_buf_char(out, '{');
		text_member(out, &first, "label", b->label);
		om_buf_printf(out, ",\"value\":\"%" PRId64 "\"", b->value);
		text_member(out, &first, "text", b->text);
		om_buf_text(out, b->next == NULL ? "}" : "},");
	}
	om_buf_char(out, ']');
}

static void
notes(struct om_buf *out, bool *first, const struct om_report_section *s)
{
	bool any = false;

	for (const struct om_report_part *p = s->parts; p != NULL;
	     p = p->next) {
		bool inner = true;

		if (p->kind != OM_PART_NOTE)
			continue;
		if (!any)
			member(out, first, "notes");
		om_buf_text(out, any ? ",{" : "[{");
		text_member(out, &inner, "status", om_report_status(p->status));
		text_member(out, &inner, "text", p->text);
		om_buf_char(out, '}');
		any = true;
	}
	if (any)
		om_buf_char(out, ']');
}

static void
part_json(struct om_buf *out, bool *first, const struct om_report_part *part)
{
	switch (part->kind) {
	case OM_PART_FACT:
		text_member(out, first, part->key, part->text);
		break;
	case OM_PART_TABLE:
		member(out, first, part->key);
		table(out, part);
		break;
	case OM_PART_CHART:
		member(out, first, part->key);
		chart(out, part);
		break;
	case OM_PART_NOTE:
		break;
	}
}

void
om_report_as_json(const struct om_report *r, struct om_buf *out)
{
	bool first = true;

	om_buf_char(out, '{');
	text_member(out, &first, "schema", r->schema);
	text_member(out, &first, "title", r->title);
	for (const struct om_report_section *s = r->sections; s != NULL;
	     s = s->next) {
		bool inner = true;

		member(out, &first, s->key);
		om_buf_char(out, '{');
		text_member(out, &inner, "title", s->title);
		for (const struct om_report_part *p = s->parts; p != NULL;
		     p = p->next)
			part_json(out, &inner, p);
		notes(out, &inner, s);
		om_buf_char(out, '}');
	}
	om_buf_text(out, "}\n");
}
