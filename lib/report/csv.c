/*
 * csv.c - a report as tagged records, RFC 4180 quoting, LF line ends.
 *
 *     section,item,kind,values
 *     day,date,fact,2026-11-23
 *     money,currencies,head,currency,orders,total
 *     money,currencies,row,EUR,7,2093.85
 *     money,share,bar,EUR,209385,2093.85
 *     books,,note,good,every book closes
 *
 * So that one file holds all tables, and `awk -F, '$2 == "currencies"'` or a
 * spreadsheet's filter takes out any one of them.
 */
#include <inttypes.h>
#include <string.h>

#include "report/model.h"

static void
field(struct om_buf *out, const char *text)
{
	om_buf_char(out, ',');
	if (strpbrk(text, ",\"\r\n") == NULL) {
		om_buf_text(out, text);
		return;
	}
	om_buf_char(out, '"');
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"')
			om_buf_char(out, '"');
		om_buf_char(out, *p);
	}
	om_buf_char(out, '"');
}

/* Keys are the program's own words and never need quotes. */
static void
tag(struct om_buf *out, const struct om_report_section *s,
    const struct om_report_part *part, const char *kind)
{
	om_buf_printf(out, "%s,%s,%s", s->key,
	    part->key == NULL ? "" : part->key, kind);
}

static void
table(struct om_buf *out, const struct om_report_section *s,
    const struct om_report_part *part)
{
	tag(out, s, part, "head");
	for (int i = 0; i < part->column_count; i++)
		field(out, part->columns[i].key);
	om_buf_char(out, '\n');
	for (const struct om_report_line *line = part->lines; line != NULL;
	     line = line->next) {
		tag(out, s, part, "row");
		for (int i = 0; i < part->column_count; i++)
			field(out, line->cells[i]);
		om_buf_char(out, '\n');
	}
}

static void
chart(struct om_buf *out, const struct om_report_section *s,
    const struct om_report_part *part)
{
	for (const struct om_report_bar *b = part->bars; b != NULL;
	     b = b->next) {
		tag(out, s, part, "bar");
		field(out, b->label);
		om_buf_printf(out, ",%" PRId64, b->value);
		field(out, b->text);
		om_buf_char(out, '\n');
	}
}

static void
part_csv(struct om_buf *out, const struct om_report_section *s,
    const struct om_report_part *part)
{
	switch (part->kind) {
	case OM_PART_FACT:
		tag(out, s, part, "fact");
		field(out, part->text);
		om_buf_char(out, '\n');
		break;
	case OM_PART_NOTE:
		tag(out, s, part, "note");
		field(out, om_report_status(part->status));
		field(out, part->text);
		om_buf_char(out, '\n');
		break;
	case OM_PART_TABLE:
		table(out, s, part);
		break;
	case OM_PART_CHART:
		chart(out, s, part);
		break;
	}
}

void
om_report_as_csv(const struct om_report *r, struct om_buf *out)
{
	om_buf_text(out, "section,item,kind,values\n");
	for (const struct om_report_section *s = r->sections; s != NULL;
	     s = s->next)
		for (const struct om_report_part *p = s->parts; p != NULL;
		     p = p->next)
			part_csv(out, s, p);
}
