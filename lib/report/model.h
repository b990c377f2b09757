/*
 * model.h - the parts of a report, for the renderings in this folder only.
 *
 * Everything lives in the report's arena and is linked in the order in which
 * it was added. Text is valid UTF-8 (bad bytes became U+FFFD when it was
 * copied) but may hold control characters: each rendering has its own way
 * with them.
 */
#ifndef OM_REPORT_MODEL_H
#define OM_REPORT_MODEL_H

#include "report/report.h"

#define OM_REPORT_COLUMNS_MAX 16
#define OM_GROUPED_MAX	      64

enum om_part_kind {
	OM_PART_FACT,
	OM_PART_NOTE,
	OM_PART_TABLE,
	OM_PART_CHART,
};

struct om_report_line {
	struct om_report_line *next;
	const char **cells;
};

struct om_report_bar {
	struct om_report_bar *next;
	const char *label;
	const char *text;
	int64_t value;
};

struct om_report_part {
	struct om_report_part *next;
	enum om_part_kind kind;
	const char *section; /* the key of the section it is in */
	const char *key;     /* NULL for a note */
	const char *title;   /* a fact's label, a chart's title */
	const char *text;    /* a fact's value, a note's paragraph */
	char status;	     /* of a note */
	bool count;	     /* a fact that is a number to be grouped */
	struct om_report_column *columns;
	int column_count;
	struct om_report_line *lines;
	struct om_report_line **lines_end;
	struct om_report_bar *bars;
	struct om_report_bar **bars_end;
};

struct om_report_section {
	struct om_report_section *next;
	const char *key;
	const char *title;
	struct om_report_part *parts;
	struct om_report_part **parts_end;
	struct om_report_part *last;
};

struct om_report {
	struct om_arena *arena;
	const char *schema;
	const char *title;
	struct om_report_section *sections;
	struct om_report_section **sections_end;
	struct om_report_section *last;
};

/* "1234567.50" as people read it, "1,234,567.50", in out; anything that is
 * not a plain number comes back as it is. */
const char *om_report_grouped(const char *text, char out[OM_GROUPED_MAX]);

/* Is it the line of sums that a table ends with? Its first cell is "total". */
bool om_report_is_total(const struct om_report_line *line);

/* The longest bar of a chart, by absolute value; at least 1. */
uint64_t om_report_scale(const struct om_report_part *chart);
uint64_t om_report_length(const struct om_report_bar *bar);

/* A fact as people read it. */
const char *om_report_value(const struct om_report_part *fact,
    char out[OM_GROUPED_MAX]);

const char *om_report_status(char status); /* "good", "bad", "info" */

void om_report_as_text(const struct om_report *r, struct om_buf *out);
void om_report_as_csv(const struct om_report *r, struct om_buf *out);
void om_report_as_json(const struct om_report *r, struct om_buf *out);
void om_report_as_html(const struct om_report *r, struct om_buf *out);

/* The style sheet of the HTML rendering, in pieces; NULL-terminated. */
extern const char *const om_report_css[];

#endif
