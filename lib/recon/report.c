/* report.c - the result as a report for people; see write.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "recon/write.h"

#define LINE_MAX_BYTES 4096

struct author {
	struct om_report *report;
	const struct om_rec_result *result;
	const struct om_rec_rules *rules;
};

void
om_rec_describe_column(struct om_buf *out, const struct om_rec_column *column)
{
	om_buf_text(out, column->left);
	if (strcmp(column->left, column->right) != 0)
		om_buf_printf(out, " = %s", column->right);
	if (column->slack != OM_REC_NONE)
		om_buf_printf(out, " (tolerance %s)", column->tolerance_text);
}

static void
add_columns(struct author *a, const char *key, const char *label,
    const struct om_rec_column *column, size_t n)
{
	OM_AUTO(om_buf_fini) struct om_buf text;

	om_buf_init(&text, 65536);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			om_buf_text(&text, ", ");
		om_rec_describe_column(&text, &column[i]);
	}
	om_report_fact(a->report, key, label,
	    n == 0 ? "nothing but the key" : om_buf_view(&text).p);
}

static void
add_input(struct author *a, int side)
{
	static const char *const keys[][2] = { { "left", "left_sha256" },
		{ "right", "right_sha256" } };
	const struct om_rec_side *s = &a->result->side[side];
	bool is_file = s->origin.sha256[0] != '\0';
	char bytes[48] = "";

	if (is_file)
		snprintf(bytes, sizeof(bytes), ", %" PRIu64 " bytes",
		    s->origin.bytes);
	om_report_factf(a->report, keys[side][0], keys[side][0],
	    "%s: %" PRIu64 " rows%s", s->name, s->control.rows, bytes);
	if (is_file)
		om_report_fact(a->report, keys[side][1], "sha256",
		    s->origin.sha256);
}

static void
add_inputs(struct author *a)
{
	const struct om_rec_rules *rules = a->rules;
	const char *currency = "not given";

	om_report_section(a->report, "inputs", "Inputs and rules");
	add_input(a, 0);
	add_input(a, 1);
	add_columns(a, "key", "key", rules->key, rules->keys);
	add_columns(a, "compare", "compare", rules->compare, rules->compares);
	if (rules->has_currency)
		add_columns(a, "currency", "currency", &rules->currency, 1);
	else
		om_report_fact(a->report, "currency", "currency",
		    rules->default_currency != NULL
			? rules->default_currency->code
			: currency);
}

static const char *
count_text(uint64_t n, char out[OM_MONEY_TEXT_MAX])
{
	snprintf(out, OM_MONEY_TEXT_MAX, "%" PRIu64, n);
	return out;
}

static const char *
sum_text(const struct author *a, size_t currency, om_int128 sum,
    char out[OM_MONEY_TEXT_MAX])
{
	if (a->rules->amounts == 0)
		return "";
	return om_rec_amount_text((int64_t)sum, a->result->currency[currency],
	    out);
}

/* Control totals: what each side adds up to by itself. */
static void
add_totals(struct author *a)
{
	static const struct om_report_column columns[] = {
		{ "currency", "currency", OM_LEFT },
		{ "left_rows", "left rows", OM_RIGHT },
		{ "left_total", "left total", OM_RIGHT },
		{ "right_rows", "right rows", OM_RIGHT },
		{ "right_total", "right total", OM_RIGHT },
		{ "difference", "difference", OM_RIGHT },
	};
	const struct om_rec_control *l = &a->result->side[0].control;
	const struct om_rec_control *r = &a->result->side[1].control;
	char text[5][OM_MONEY_TEXT_MAX];

	om_report_section(a->report, "totals", "Control totals");
	om_report_table(a->report, "totals", columns, OM_COUNT(columns));
	for (size_t k = 0; k < a->result->currencies; k++) {
		size_t i = a->result->order[k];
		om_int128 difference = r->total[i] - l->total[i];
		const char *cells[] = {
			om_rec_currency_code(a->result->currency[i]),
			count_text(l->by_currency[i], text[0]),
			sum_text(a, i, l->total[i], text[1]),
			count_text(r->by_currency[i], text[2]),
			sum_text(a, i, r->total[i], text[3]),
			difference > INT64_MAX || difference < INT64_MIN
			    ? "-"
			    : sum_text(a, i, difference, text[4]),
		};

		if (l->by_currency[i] + r->by_currency[i] > 0)
			om_report_row(a->report, cells);
	}
	if (l->bad + r->bad > 0)
		om_report_factf(a->report, "unreadable", "unreadable rows",
		    "%" PRIu64 " left, %" PRIu64 " right (no amount counted)",
		    l->bad, r->bad);
}

static void
add_class(struct author *a, enum om_rec_class class)
{
	char text[2][OM_MONEY_TEXT_MAX];

	for (size_t k = 0; k < a->result->currencies; k++) {
		size_t i = a->result->order[k];
		const struct om_rec_sum *s = &a->result->tally.sum[i][class];
		const char *cells[] = {
			om_rec_class_name(class),
			om_rec_currency_code(a->result->currency[i]),
			count_text(s->items, text[0]),
			sum_text(a, i, s->amount, text[1]),
		};

		if (s->items > 0)
			om_report_row(a->report, cells);
	}
}

static void
add_outcome(struct author *a, bool chart)
{
	static const struct om_report_column columns[] = {
		{ "class", "class", OM_LEFT },
		{ "currency", "currency", OM_LEFT },
		{ "count", "count", OM_RIGHT },
		{ "amount", "amount", OM_RIGHT },
	};
	const struct om_rec_tally *tally = &a->result->tally;
	char text[OM_MONEY_TEXT_MAX];

	om_report_section(a->report, "matched", "Matched, by rule");
	om_report_table(a->report, "matched", columns, OM_COUNT(columns));
	add_class(a, OM_REC_EXACT);
	add_class(a, OM_REC_TOLERATED);
	om_report_section(a->report, "breaks", "Breaks, by class");
	om_report_table(a->report, "breaks", columns, OM_COUNT(columns));
	for (int c = OM_REC_FIRST_BREAK; c < OM_REC_CLASSES; c++)
		add_class(a, (enum om_rec_class)c);
	if (!chart || a->result->breaks == 0)
		return;
	om_report_chart(a->report, "breaks_chart", "Breaks, by class (count)");
	for (int c = OM_REC_FIRST_BREAK; c < OM_REC_CLASSES; c++) {
		uint64_t n =
		    om_rec_tally_class(tally, (enum om_rec_class)c).items;

		om_report_bar(a->report,
		    om_rec_class_name((enum om_rec_class)c), (int64_t)n,
		    count_text(n, text));
	}
}

static void
add_books(struct author *a)
{
	static const char *const names[] = { "left", "right" };
	uint64_t breaks = a->result->breaks;

	om_report_section(a->report, "books", "Books");
	for (int side = 0; side < 2; side++) {
		uint64_t rows = a->result->side[side].control.rows;
		uint64_t matched = 0;

		for (int c = 0; c < OM_REC_FIRST_BREAK; c++)
			matched += om_rec_tally_class(&a->result->tally,
			    (enum om_rec_class)c)
				       .rows[side];
		om_report_factf(a->report, names[side], names[side],
		    "%" PRIu64 " rows = %" PRIu64 " matched + %" PRIu64
		    " in breaks",
		    rows, matched, rows - matched);
	}
	om_report_factf(a->report, "roll_forward", "breaks",
	    "0 opening + %" PRIu64 " new - 0 cleared = %" PRIu64 " closing",
	    breaks, breaks);
}

static void
add_listing(struct author *a, const struct om_rec_listing *listing)
{
	char text[200];

	if (a->result->breaks == 0 && listing->n == 0)
		return;
	om_report_section(a->report, "items",
	    "Breaks (lines are left:right, the difference is right - left)");
	if (listing->n > 0)
		om_rec_report_items(a->report, "items", "notes", a->result,
		    listing);
	if (listing->n >= a->result->breaks)
		return;
	snprintf(text, sizeof(text),
	    "%zu of %" PRIu64 " breaks are listed: --limit N lists more, "
	    "--format csv all of them.",
	    listing->n, a->result->breaks);
	om_report_note(a->report, 'i', text);
}

static void
add_missing(struct author *a, const struct om_rec_answers *answers)
{
	static const struct om_report_column columns[] = {
		{ "class", "class", OM_LEFT },
		{ "key", "key", OM_LEFT },
		{ "line", "line of the key", OM_RIGHT },
	};
	OM_AUTO(om_arena_clear) struct om_arena scratch = { 0 };
	char line[OM_MONEY_TEXT_MAX];
	size_t listed = 0;

	om_report_table(a->report, "missing", columns, OM_COUNT(columns));
	for (size_t i = 0; i < answers->n; i++) {
		const struct om_rec_answer *w = &answers->answer[i];
		const char *cells[3];

		if (w->found || listed++ >= answers->extras.max)
			continue;
		cells[0] = om_rec_class_name(w->class);
		cells[1] = om_strndup(&scratch, w->key.p, w->key.n);
		cells[2] = count_text(w->line, line);
		om_report_row(a->report, cells);
	}
}

static void
add_answers(struct author *a, const struct om_rec_answers *answers)
{
	bool agree = answers->missing + answers->extra == 0;
	char text[200];

	om_report_section(a->report, "answers", "Answer key");
	snprintf(text, sizeof(text),
	    "%zu expected, %" PRIu64 " found, %" PRIu64 " missing, %" PRIu64
	    " extra",
	    answers->n, answers->found, answers->missing, answers->extra);
	om_report_note(a->report, agree ? 'g' : 'b', text);
	if (answers->missing > 0)
		add_missing(a, answers);
	if (answers->extra > 0)
		om_rec_report_items(a->report, "extra", "extra_notes",
		    a->result, &answers->extras);
}

struct om_report *
om_rec_report(struct om_arena *arena, const struct om_rec_result *result,
    const struct om_rec_listing *listing, const struct om_rec_answers *answers,
    bool chart)
{
	struct author a = { .result = result, .rules = result->rules };
	char title[LINE_MAX_BYTES];
	char text[80];

	snprintf(title, sizeof(title), "Reconciliation of %s with %s",
	    result->side[0].name, result->side[1].name);
	a.report = om_report_new(arena, "ordmill.reconcile/1", title);
	add_inputs(&a);
	add_totals(&a);
	add_outcome(&a, chart);
	add_books(&a);
	if (result->breaks == 0)
		snprintf(text, sizeof(text), "no breaks");
	else
		snprintf(text, sizeof(text), "%" PRIu64 " break%s",
		    result->breaks, result->breaks == 1 ? "" : "s");
	om_report_note(a.report, result->breaks == 0 ? 'g' : 'b', text);
	add_listing(&a, listing);
	if (answers != NULL)
		add_answers(&a, answers);
	return a.report;
}
