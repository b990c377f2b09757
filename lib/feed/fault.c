/* fault.c - rejects, and when there are too many alike; see fault.h. */
#include "feed/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Reasons quote what stood in the file: keep them text, and cut them between
 * characters. */
static void
make_text(char *text)
{
	struct om_str s = om_str_of(text);
	size_t at;

	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = '?';
	while (!om_utf8_valid(s, &at)) {
		if (s.n - at < 4 && s.n == OM_REASON_MAX - 1) {
			text[at] = '\0';
			return;
		}
		text[at] = '?';
	}
}

/* A place in a document, by its offset in the input. */
static struct om_position
in_document(const struct om_origin *origin, uint64_t offset)
{
	struct om_position at = origin->at;
	size_t n = offset < at.offset ? 0 : (size_t)(offset - at.offset);

	for (size_t i = 0; i < n && i < origin->raw.n; i++)
		at.line += origin->raw.p[i] == '\n';
	at.offset += n;
	return at;
}

static struct om_position
place(const struct om_row *row, const struct om_step *step)
{
	if (row->origin == NULL || step == NULL || step->cell >= row->count)
		return row->at;
	return in_document(row->origin,
	    row->origin->at.offset + row->cell_at[step->cell]);
}

int
om_fault(struct om_reject *why, const struct om_row *row,
    const struct om_step *step, struct om_str value, const char *fmt, ...)
{
	va_list ap;

	why->in_sum = false;
	why->at = place(row, step);
	why->column = step == NULL ? OM_STR("") : om_step_column(step);
	why->value = value;
	va_start(ap, fmt);
	vsnprintf(why->reason, sizeof(why->reason), fmt, ap);
	va_end(ap);
	make_text(why->reason);
	return OM_EDATA;
}

int
om_fault_row(struct om_reject *why, const struct om_row *row,
    const struct om_plan *plan)
{
	int rc = om_fault(why, row, NULL, OM_STR(""), "%s", row->problem);

	if (row->problem_cell < plan->name_count)
		why->column = plan->name[row->problem_cell];
	if (row->problem_cell < row->count)
		why->value = row->cell[row->problem_cell];
	why->at.offset = row->problem_offset;
	if (row->origin != NULL)
		why->at = in_document(row->origin, row->problem_offset);
	return rc;
}

void
om_fault_rows(struct om_reject *why, struct om_arena *arena,
    const struct om_row *rows, size_t count)
{
	struct om_reject_row *copy = om_alloc(arena, count * sizeof(*copy));

	if (rows[0].origin != NULL)
		count = 1; /* its bytes are those of all */
	for (size_t i = 0; i < count; i++) {
		copy[i].at = rows[i].at;
		copy[i].bytes = om_str_dup(arena, rows[i].raw);
	}
	why->before = (struct om_str){ NULL, 0 };
	why->after = (struct om_str){ NULL, 0 };
	why->rows = copy;
	why->row_count = count;
}

/* "line_items[].sku" is "line_items[2].sku" in the third line. */
static struct om_str
name_line(struct om_arena *arena, struct om_str column, uint64_t offset,
    const struct om_row *rows, size_t count)
{
	size_t n = 0;
	size_t line = 0;
	char *text;

	while (
	    n + 1 < column.n && (column.p[n] != '[' || column.p[n + 1] != ']'))
		n++;
	if (n + 1 >= column.n)
		return om_str_dup(arena, column);
	while (line + 1 < count && rows[line + 1].at.offset <= offset)
		line++;
	text = om_alloc(arena, column.n + 24);
	n = (size_t)snprintf(text, column.n + 24, "%.*s[%zu%.*s", (int)n,
	    column.p, line, (int)(column.n - n - 1), column.p + n + 1);
	return (struct om_str){ text, n };
}

void
om_fault_finish(struct om_reject *why, struct om_arena *arena,
    const struct om_row *rows, size_t count)
{
	if (rows[0].origin != NULL)
		why->column =
		    name_line(arena, why->column, why->at.offset, rows, count);
	else
		why->column = om_str_dup(arena, why->column);
	om_fault_rows(why, arena, rows, count);
	why->channel = om_str_dup(arena, why->channel);
	why->reference = om_str_dup(arena, why->reference);
	why->value = om_str_dup(arena, why->value);
}

void
om_breaker_good(struct om_breaker *b)
{
	b->run = 0;
}

/* "total: bad amount": up to the first quote or digit of the reason. */
static void
particular(const struct om_reject *r, char *out, size_t size)
{
	size_t n = strcspn(r->reason, "'0123456789");

	while (n > 0 && r->reason[n - 1] == ' ')
		n--;
	if (n == 0)
		n = strlen(r->reason);
	snprintf(out, size, "%.*s%s%.*s", OM_FMT(r->column),
	    r->column.n == 0 ? "" : ": ", (int)n, r->reason);
}

int
om_breaker_reject(struct om_breaker *b, const struct om_reject *reject,
    struct om_err *err)
{
	char now[sizeof(b->last)];

	particular(reject, now, sizeof(now));
	if (strcmp(now, b->last) != 0)
		b->run = 0;
	memcpy(b->last, now, sizeof(now));
	if (++b->run < OM_BREAKER_RUN)
		return 0;
	return om_fail(err, OM_EDATA,
	    "%u rejects in a row, all '%s': is this the right file?",
	    OM_BREAKER_RUN, b->last);
}
