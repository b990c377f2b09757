/*
 * html.c - a report as one HTML file that needs nothing else.
 *
 * No script, no external URL: it can be mailed, archived, and read in twenty
 * years. Charts are inline SVG in percentages, so their text stays readable
 * on a telephone; every one has a title for those who cannot see it.
 */
#include <inttypes.h>
#include <string.h>

#include "report/model.h"

#define BAR_PITCH   30 /* pixels from one bar to the next */
#define BAR_HEIGHT  18
#define BAR_FIRST   260	 /* where bars begin, in thousandths of the width */
#define BAR_END	    1000 /* the value stands behind the bar, up to here */
#define BAR_LEAST   4	 /* a value that is not zero can be seen */
#define VALUE_LEAST 8	 /* characters of a value that always have room */
#define VALUE_MOST  27
#define VALUE_PITCH 20 /* room for a character on a telephone */
#define LABEL_MAX   24 /* characters of a label beside its bar */
#define FACT_LARGE  16 /* characters that may stand in large type */
#define FACT_WIDE   34 /* more than this takes a whole row */
#define REPLACEMENT "\xef\xbf\xbd"

/* One character of text, safe in content and in quoted attributes. */
static void
escaped_char(struct om_buf *out, char c)
{
	unsigned char byte = (unsigned char)c;

	if (c == '<')
		om_buf_text(out, "&lt;");
	else if (c == '>')
		om_buf_text(out, "&gt;");
	else if (c == '&')
		om_buf_text(out, "&amp;");
	else if (c == '"')
		om_buf_text(out, "&quot;");
	else if (c == '\'')
		om_buf_text(out, "&#39;");
	else if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f)
		om_buf_text(out, REPLACEMENT); /* not allowed in HTML */
	else
		om_buf_char(out, c);
}

static void
escaped(struct om_buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		escaped_char(out, *text);
}

static size_t
characters(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

/* <tag class="class">text</tag> */
static void
element(struct om_buf *out, const char *tag, const char *class,
    const char *text)
{
	om_buf_printf(out, "<%s", tag);
	if (class[0] != '\0')
		om_buf_printf(out, " class=\"%s\"", class);
	om_buf_char(out, '>');
	escaped(out, text);
	om_buf_printf(out, "</%s>", tag);
}

static void
fact(struct om_buf *out, const struct om_report_part *part)
{
	char room[OM_GROUPED_MAX];
	const char *value = om_report_value(part, room);
	size_t n = characters(value);
	const char *class = n > FACT_WIDE    ? "wide"
			    : n > FACT_LARGE ? ""
					     : "large";

	om_buf_text(out, "<div");
	if (class[0] != '\0')
		om_buf_printf(out, " class=\"%s\"", class);
	om_buf_char(out, '>');
	element(out, "dt", "", part->title);
	element(out, "dd", "", value);
	om_buf_text(out, "</div>\n");
}

static void
note(struct om_buf *out, const struct om_report_part *part)
{
	const char *class = om_report_status(part->status);

	om_buf_printf(out, "<p class=\"note %s\">", class);
	om_buf_printf(out,
	    "<svg class=\"mark\" viewBox=\"0 0 20 20\" "
	    "width=\"20\" height=\"20\" role=\"img\" "
	    "aria-label=\"%s\">"
	    "<circle cx=\"10\" cy=\"10\" r=\"10\"/>",
	    class);
	if (part->status == 'g')
		om_buf_text(out, "<path d=\"M5.5 10.5l3 3 6-7\"/>");
	else if (part->status == 'b')
		om_buf_text(out, "<path d=\"M6.5 6.5l7 7m0-7l-7 7\"/>");
	else
		om_buf_text(out, "<path d=\"M10 9v5.5M10 5.5v.2\"/>");
	om_buf_text(out, "</svg><span>");
	escaped(out, part->text);
	om_buf_text(out, "</span></p>\n");
}

static void
cell(struct om_buf *out, const char *tag, enum om_align align, const char *text)
{
	char room[OM_GROUPED_MAX];

	if (align == OM_RIGHT)
		text = om_report_grouped(text, room);
	element(out, tag, align == OM_RIGHT ? "n" : "", text);
}

static void
table(struct om_buf *out, const struct om_report_part *part)
{
	om_buf_printf(out,
	    "<div class=\"scroll\"><table id=\"%s-%s\">\n<thead>",
	    part->section, part->key);
	om_buf_text(out, "<tr>");
	for (int i = 0; i < part->column_count; i++) {
		const struct om_report_column *c = &part->columns[i];

		om_buf_printf(out, "<th scope=\"col\"%s>",
		    c->align == OM_RIGHT ? " class=\"n\"" : "");
		escaped(out, c->title);
		om_buf_text(out, "</th>");
	}
	om_buf_text(out, "</tr></thead>\n<tbody>\n");
	for (const struct om_report_line *line = part->lines; line != NULL;
	     line = line->next) {
		om_buf_text(out,
		    om_report_is_total(line) ? "<tr class=\"total\">" : "<tr>");
		for (int i = 0; i < part->column_count; i++)
			cell(out, "td", part->columns[i].align, line->cells[i]);
		om_buf_text(out, "</tr>\n");
	}
	if (part->lines == NULL)
		om_buf_printf(out,
		    "<tr><td colspan=\"%d\" class=\"none\">none</td></tr>\n",
		    part->column_count);
	om_buf_text(out, "</tbody></table></div>\n");
}

/* The label, cut when it would run into its bar. */
static void
bar_label(struct om_buf *out, const char *label)
{
	bool cut = characters(label) > LABEL_MAX;
	size_t n = 0;

	for (; *label != '\0'; label++) {
		n += ((unsigned char)*label & 0xc0) != 0x80;
		if (cut && n == LABEL_MAX)
			break;
		escaped_char(out, *label);
	}
	if (cut)
		om_buf_text(out, "\xe2\x80\xa6");
}

/* How long the longest bar may be, with every value behind its bar. */
static int
bar_longest(const struct om_report_part *part)
{
	size_t most = VALUE_LEAST;

	for (const struct om_report_bar *b = part->bars; b != NULL;
	     b = b->next) {
		char room[OM_GROUPED_MAX];
		size_t n = characters(om_report_grouped(b->text, room));

		most = n > most ? n : most;
	}
	if (most > VALUE_MOST)
		most = VALUE_MOST;
	return BAR_END - BAR_FIRST - (int)most * VALUE_PITCH;
}

/* x and y of a bar in thousandths of the width and in pixels. */
static void
bar(struct om_buf *out, const struct om_report_bar *b, uint64_t scale,
    int longest, int i)
{
	om_int128 length = om_report_length(b);
	int width = (int)((length * longest + scale / 2) / scale);
	int end;
	int y = i * BAR_PITCH;
	char room[OM_GROUPED_MAX];

	if (length > 0 && width < BAR_LEAST)
		width = BAR_LEAST;
	end = BAR_FIRST + width;

	om_buf_text(out, "<g><title>");
	escaped(out, b->label);
	om_buf_text(out, ": ");
	escaped(out, om_report_grouped(b->text, room));
	om_buf_printf(out, "</title><text class=\"l\" x=\"0\" y=\"%d\">",
	    y + BAR_PITCH / 2);
	bar_label(out, b->label);
	om_buf_printf(out,
	    "</text><rect class=\"%s\" x=\"%d.%d%%\" y=\"%d\" "
	    "width=\"%d.%d%%\" height=\"%d\" rx=\"3\"/>",
	    b->value < 0 ? "neg" : "pos", BAR_FIRST / 10, BAR_FIRST % 10,
	    y + (BAR_PITCH - BAR_HEIGHT) / 2, width / 10, width % 10,
	    BAR_HEIGHT);
	om_buf_printf(out,
	    "<text class=\"v\" x=\"%d.%d%%\" dx=\"8\" "
	    "y=\"%d\">",
	    end / 10, end % 10, y + BAR_PITCH / 2);
	escaped(out, om_report_grouped(b->text, room));
	om_buf_text(out, "</text></g>\n");
}

static void
chart(struct om_buf *out, const struct om_report_part *part)
{
	uint64_t scale = om_report_scale(part);
	int count = 0;

	for (const struct om_report_bar *b = part->bars; b != NULL; b = b->next)
		count++;
	om_buf_text(out, "<figure><figcaption>");
	escaped(out, part->title);
	om_buf_text(out, "</figcaption>\n");
	if (count == 0) {
		om_buf_text(out, "<p class=\"none\">none</p></figure>\n");
		return;
	}
	om_buf_printf(out,
	    "<svg class=\"chart\" role=\"img\" width=\"100%%\" "
	    "height=\"%d\" aria-labelledby=\"%s-%s\">\n"
	    "<title id=\"%s-%s\">",
	    count * BAR_PITCH, part->section, part->key, part->section,
	    part->key);
	escaped(out, part->title);
	om_buf_text(out, "</title>\n");
	count = 0;
	for (const struct om_report_bar *b = part->bars; b != NULL; b = b->next)
		bar(out, b, scale, bar_longest(part), count++);
	om_buf_text(out, "</svg></figure>\n");
}

static void
part_html(struct om_buf *out, const struct om_report_part *part)
{
	switch (part->kind) {
	case OM_PART_FACT:
		fact(out, part);
		break;
	case OM_PART_NOTE:
		note(out, part);
		break;
	case OM_PART_TABLE:
		table(out, part);
		break;
	case OM_PART_CHART:
		chart(out, part);
		break;
	}
}

/* Facts that follow each other share one list. */
static void
section(struct om_buf *out, const struct om_report_section *s)
{
	bool in_list = false;

	om_buf_printf(out, "<section id=\"section-%s\">\n<h2>", s->key);
	escaped(out, s->title);
	om_buf_text(out, "</h2>\n");
	for (const struct om_report_part *p = s->parts; p != NULL;
	     p = p->next) {
		bool is_fact = p->kind == OM_PART_FACT;

		if (is_fact && !in_list)
			om_buf_text(out, "<dl>\n");
		if (!is_fact && in_list)
			om_buf_text(out, "</dl>\n");
		in_list = is_fact;
		part_html(out, p);
	}
	if (in_list)
		om_buf_text(out, "</dl>\n");
	om_buf_text(out, "</section>\n");
}

void
om_report_as_html(const struct om_report *r, struct om_buf *out)
{
	om_buf_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
			 "<meta charset=\"utf-8\">\n"
			 "<meta name=\"viewport\" content=\"width=device-width,"
			 " initial-scale=1\">\n"
			 "<meta name=\"color-scheme\" content=\"light dark\">\n"
			 "<meta name=\"generator\" content=\"ordmill\">\n");
	element(out, "title", "", r->title);
	om_buf_text(out, "\n<style>\n");
	for (const char *const *css = om_report_css; *css != NULL; css++)
		om_buf_text(out, *css);
	om_buf_text(out, "</style>\n</head>\n<body>\n<header>\n");
	element(out, "h1", "", r->title);
	om_buf_text(out, "\n");
	element(out, "p", "schema", r->schema);
	om_buf_text(out, "\n</header>\n<main>\n");
	for (const struct om_report_section *s = r->sections; s != NULL;
	     s = s->next)
		section(out, s);
	om_buf_text(out, "</main>\n</body>\n</html>\n");
}
