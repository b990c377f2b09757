/* text.c - a report for a terminal or a mail: ASCII art, 80 columns. */
#include <string.h>

#include "report/model.h"

#define WIDTH	    80
#define INDENT	    2
#define GAP	    2
#define NARROW	    20 /* words up to this width are never broken */
#define BAR_WIDTH   36 /* the longest bar */
#define LABEL_MAX   24
#define REPLACEMENT "\xef\xbf\xbd"

/* Bytes of the UTF-8 sequence at p. */
static size_t
sequence(const char *p)
{
	size_t n = 1;

	while (((unsigned char)p[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static size_t
width_of(const char *text)
{
	size_t width = 0;

	for (; *text != '\0'; text += sequence(text))
		width++;
	return width;
}

static size_t
longest_word(const char *text)
{
	size_t most = 0;
	size_t run = 0;

	for (; *text != '\0'; text += sequence(text)) {
		run = *text == ' ' ? 0 : run + 1;
		if (run > most)
			most = run;
	}
	return most;
}

static void
repeat(struct om_buf *out, char c, size_t n)
{
	while (n-- > 0)
		om_buf_char(out, c);
}

/* What a file's text may do to a terminal: nothing. */
static void
plain(struct om_buf *out, const char *p, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t step = sequence(p + i);
		unsigned char c = (unsigned char)p[i];
		bool c1 = c == 0xc2 && (unsigned char)p[i + 1] < 0xa0;

		if (c < 0x20 || c == 0x7f || c1)
			om_buf_text(out, REPLACEMENT);
		else
			om_buf_add(out, p + i, step);
		i += step;
	}
}

/* How many bytes of text go on a line of that width: up to a blank if there
 * is one, or all that fit. */
static size_t
line_bytes(const char *text, size_t width)
{
	size_t n = 0;
	size_t blank = 0;
	size_t used = 0;

	for (; text[n] != '\0' && used < width; used++) {
		if (text[n] == ' ')
			blank = n;
		n += sequence(text + n);
	}
	if (text[n] == '\0' || text[n] == ' ' || blank == 0)
		return n;
	return blank;
}

/* One line of *rest, which moves on behind it; returns its width. */
static size_t
take_line(struct om_buf *out, const char **rest, size_t width)
{
	size_t n = line_bytes(*rest, width);
	size_t shown = 0;

	plain(out, *rest, n);
	for (size_t i = 0; i < n; i += sequence(*rest + i))
		shown++;
	*rest += n;
	while (**rest == ' ')
		(*rest)++;
	return shown;
}

/* The rest of a paragraph whose first line already has used columns. */
static void
paragraph(struct om_buf *out, const char *text, size_t hang)
{
	take_line(out, &text, WIDTH - hang);
	om_buf_char(out, '\n');
	while (*text != '\0') {
		repeat(out, ' ', hang);
		take_line(out, &text, WIDTH - hang);
		om_buf_char(out, '\n');
	}
}

static void
heading(struct om_buf *out, const char *title, char rule)
{
	size_t width = width_of(title);

	paragraph(out, title, 0);
	repeat(out, rule, width < WIDTH ? width : WIDTH);
	om_buf_char(out, '\n');
}

static void
fact(struct om_buf *out, const struct om_report_part *part, size_t label)
{
	size_t used = width_of(part->title);
	char room[OM_GROUPED_MAX];

	repeat(out, ' ', INDENT);
	plain(out, part->title, strlen(part->title));
	repeat(out, ' ', (label > used ? label - used : 0) + GAP);
	if (used > label) {
		om_buf_char(out, '\n');
		repeat(out, ' ', INDENT + label + GAP);
	}
	paragraph(out, om_report_value(part, room), INDENT + label + GAP);
}

static void
note(struct om_buf *out, const struct om_report_part *part)
{
	const char *mark = part->status == 'g'	 ? "ok  "
			   : part->status == 'b' ? "!!  "
						 : "";

	repeat(out, ' ', INDENT);
	om_buf_text(out, mark);
	paragraph(out, part->text, INDENT + strlen(mark));
}

static const char *
shown(const struct om_report_part *part, const struct om_report_line *line,
    int i, char room[OM_GROUPED_MAX])
{
	if (part->columns[i].align == OM_LEFT)
		return line->cells[i];
	return om_report_grouped(line->cells[i], room);
}

/* Give every column its width; false if the table cannot be made to fit. */
static bool
fit(const struct om_report_part *part, size_t width[])
{
	size_t least[OM_REPORT_COLUMNS_MAX];
	size_t total = INDENT;

	for (int i = 0; i < part->column_count; i++) {
		const char *title = part->columns[i].title;
		size_t cells = 0;
		size_t word = 0;
		char room[OM_GROUPED_MAX];

		for (const struct om_report_line *l = part->lines; l != NULL;
		     l = l->next) {
			const char *cell = shown(part, l, i, room);
			size_t w = width_of(cell);

			cells = w > cells ? w : cells;
			w = longest_word(cell);
			word = w > word ? w : word;
		}
		least[i] = longest_word(title);
		width[i] = width_of(title);
		width[i] = cells > width[i] ? cells : width[i];
		if (part->columns[i].align == OM_LEFT)
			cells = word > NARROW ? NARROW : word;
		least[i] = cells > least[i] ? cells : least[i];
		total += width[i] + (i > 0 ? GAP : 0);
	}
	while (total > WIDTH) {
		int widest = -1;

		for (int i = 0; i < part->column_count; i++)
			if (width[i] > least[i] &&
			    (widest < 0 || width[i] > width[widest]))
				widest = i;
		if (widest < 0)
			return false;
		width[widest]--;
		total--;
	}
	return true;
}

/* Cells side by side, each wrapped in its own column. */
static void
row(struct om_buf *out, const struct om_report_part *part, const char *cell[],
    const size_t width[])
{
	bool more = true;

	while (more) {
		size_t owed = INDENT; /* blanks that no text has followed yet */

		more = false;
		for (int i = 0; i < part->column_count; i++) {
			size_t n = line_bytes(cell[i], width[i]);
			size_t w = 0;

			for (size_t k = 0; k < n; k += sequence(cell[i] + k))
				w++;
			if (part->columns[i].align == OM_RIGHT)
				owed += width[i] - w;
			if (w > 0) {
				repeat(out, ' ', owed);
				take_line(out, &cell[i], width[i]);
				owed = 0;
			}
			if (part->columns[i].align == OM_LEFT)
				owed += width[i] - w;
			owed += GAP;
			more = more || *cell[i] != '\0';
		}
		om_buf_char(out, '\n');
	}
}

static void
rule(struct om_buf *out, const struct om_report_part *part,
    const size_t width[])
{
	repeat(out, ' ', INDENT);
	for (int i = 0; i < part->column_count; i++) {
		repeat(out, '-', width[i]);
		repeat(out, ' ', i + 1 < part->column_count ? GAP : 0);
	}
	om_buf_char(out, '\n');
}

static void
grid(struct om_buf *out, const struct om_report_part *part,
    const size_t width[])
{
	char room[OM_REPORT_COLUMNS_MAX][OM_GROUPED_MAX];
	const char *cell[OM_REPORT_COLUMNS_MAX];

	for (int i = 0; i < part->column_count; i++)
		cell[i] = part->columns[i].title;
	row(out, part, cell, width);
	rule(out, part, width);
	for (const struct om_report_line *line = part->lines; line != NULL;
	     line = line->next) {
		for (int i = 0; i < part->column_count; i++)
			cell[i] = shown(part, line, i, room[i]);
		if (om_report_is_total(line))
			rule(out, part, width);
		row(out, part, cell, width);
	}
}

/* What is too wide for a grid goes down the page, one cell a line. */
static void
records(struct om_buf *out, const struct om_report_part *part)
{
	size_t label = 0;

	for (int i = 0; i < part->column_count; i++) {
		size_t w = width_of(part->columns[i].title);

		label = w > label ? w : label;
	}
	label = label > LABEL_MAX ? LABEL_MAX : label;
	for (const struct om_report_line *line = part->lines; line != NULL;
	     line = line->next) {
		char room[OM_GROUPED_MAX];

		for (int i = 0; i < part->column_count; i++)
			fact(out,
			    &(struct om_report_part){
				.title = part->columns[i].title,
				.text = shown(part, line, i, room),
			    },
			    label);
		if (line->next != NULL)
			om_buf_char(out, '\n');
	}
}

static void
table(struct om_buf *out, const struct om_report_part *part)
{
	size_t width[OM_REPORT_COLUMNS_MAX];

	if (fit(part, width))
		grid(out, part, width);
	else
		records(out, part);
	if (part->lines == NULL) {
		repeat(out, ' ', INDENT);
		om_buf_text(out, "(none)\n");
	}
}

static void
chart(struct om_buf *out, const struct om_report_part *part)
{
	uint64_t scale = om_report_scale(part);
	size_t label = 0;

	for (const struct om_report_bar *b = part->bars; b != NULL;
	     b = b->next) {
		size_t w = width_of(b->label);

		label = w > label ? w : label;
	}
	label = label > LABEL_MAX ? LABEL_MAX : label;
	repeat(out, ' ', INDENT);
	paragraph(out, part->title, INDENT);
	for (const struct om_report_bar *b = part->bars; b != NULL;
	     b = b->next) {
		om_int128 cells =
		    ((om_int128)om_report_length(b) * BAR_WIDTH + scale - 1) /
		    scale;
		const char *rest = b->label;
		char room[OM_GROUPED_MAX];

		repeat(out, ' ', INDENT);
		repeat(out, ' ', label - take_line(out, &rest, label) + GAP);
		repeat(out, '#', (size_t)cells);
		repeat(out, ' ', cells > 0);
		rest = om_report_grouped(b->text, room);
		take_line(out, &rest, WIDTH - label - INDENT - GAP - BAR_WIDTH);
		om_buf_char(out, '\n');
	}
}

static size_t
label_width(const struct om_report_section *s)
{
	size_t label = 0;

	for (const struct om_report_part *p = s->parts; p != NULL;
	     p = p->next) {
		size_t w = p->kind == OM_PART_FACT ? width_of(p->title) : 0;

		if (w > label && w <= LABEL_MAX)
			label = w;
	}
	return label;
}

static void
part_text(struct om_buf *out, const struct om_report_part *part, size_t label)
{
	switch (part->kind) {
	case OM_PART_FACT:
		fact(out, part, label);
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

void
om_report_as_text(const struct om_report *r, struct om_buf *out)
{
	heading(out, r->title, '=');
	for (const struct om_report_section *s = r->sections; s != NULL;
	     s = s->next) {
		enum om_part_kind before = OM_PART_FACT;

		om_buf_char(out, '\n');
		heading(out, s->title, '-');
		for (const struct om_report_part *p = s->parts; p != NULL;
		     p = p->next) {
			if (p != s->parts &&
			    (p->kind != before || p->kind >= OM_PART_TABLE))
				om_buf_char(out, '\n');
			part_text(out, p, label_width(s));
			before = p->kind;
		}
	}
}
