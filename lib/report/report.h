/*
 * report.h - what a report says, apart from how it looks.
 *
 * A report is built once, as sections of facts, tables and charts, all text
 * already; then rendered as text, CSV, JSON or one self-contained HTML file
 * (inline CSS and SVG, no script, no external URL). The four renderings carry
 * the same figures because they come from the same cells.
 */
#ifndef OM_REPORT_REPORT_H
#define OM_REPORT_REPORT_H

#include "base/buf.h"

struct om_report;

enum om_align { OM_LEFT, OM_RIGHT };

/* name is the schema: "ordmill.report-daily/1". All text is copied. */
struct om_report *om_report_new(struct om_arena *arena, const char *schema,
    const char *title);

/* A section groups what follows it. key is its JSON member and CSV tag. */
void om_report_section(struct om_report *r, const char *key, const char *title);
/* A line "label: value" of the section. */
void om_report_fact(struct om_report *r, const char *key, const char *label,
    const char *value);
void om_report_factf(struct om_report *r, const char *key, const char *label,
    const char *fmt, ...) OM_PRINTF(4, 5);
/* The same for a count, which people read with its digits grouped. */
void om_report_count(struct om_report *r, const char *key, const char *label,
    int64_t n);
/* A paragraph; status 'g'ood, 'b'ad or 'i'nformation decides its look. */
void om_report_note(struct om_report *r, char status, const char *text);

/* A table of the section: declare its columns, then add rows of that many
 * cells. A row of a table is an object of the column keys in JSON. */
struct om_report_column {
	const char *key;
	const char *title;
	enum om_align align;
};
void om_report_table(struct om_report *r, const char *key,
    const struct om_report_column *columns, int count);
void om_report_row(struct om_report *r, const char *const *cells);

/* A bar chart (horizontal, labelled, with the value as text at the bar).
 * Values are integers in any one unit; text is what is printed. */
void om_report_chart(struct om_report *r, const char *key, const char *title);
void om_report_bar(struct om_report *r, const char *label, int64_t value,
    const char *text);

enum om_report_format { OM_AS_TEXT, OM_AS_CSV, OM_AS_JSON, OM_AS_HTML };
bool om_report_format_find(const char *name, enum om_report_format *out);

void om_report_render(const struct om_report *r, enum om_report_format format,
    struct om_buf *out);

#endif
