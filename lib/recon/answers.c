/* answers.c - tick off breaks against an answer key; see answers.h. */
#include "recon/answers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "recon/file.h"

enum { CLASS, KEY, LEFT, RIGHT, CURRENCY, COLUMNS };

static const char *const column_names[COLUMNS] = { "class", "key",
	"left_amount", "right_amount", "currency" };

#define ABSENT SIZE_MAX

static int
find_columns(const struct om_rec_input *input, size_t at[COLUMNS],
    struct om_err *err)
{
	for (int c = 0; c < COLUMNS; c++) {
		at[c] = ABSENT;
		for (size_t i = 0; i < input->column_count; i++)
			if (strcmp(input->columns[i], column_names[c]) == 0)
				at[c] = i;
		if (c <= KEY && at[c] == ABSENT)
			return om_fail(err, OM_EDATA, "no column '%s'",
			    column_names[c]);
	}
	return 0;
}

static int
parse(const struct om_rec_record *record, const size_t at[COLUMNS],
    struct om_arena *arena, struct om_rec_answer *out, struct om_err *err)
{
	struct om_str cell[COLUMNS];

	if (record->problem != NULL)
		return om_fail(err, OM_EDATA, "line %" PRIu64 ": %s",
		    record->line, record->problem);
	for (int c = 0; c < COLUMNS; c++)
		cell[c] = at[c] < record->count
			      ? om_str_dup(arena, record->cell[at[c]])
			      : OM_STR("");
	*out = (struct om_rec_answer){
		.key = cell[KEY],
		.amount = { cell[LEFT], cell[RIGHT] },
		.currency = cell[CURRENCY],
		.line = record->line,
	};
	if (!om_rec_class_find(cell[CLASS], &out->class) ||
	    out->class < OM_REC_FIRST_BREAK)
		return om_fail(err, OM_EDATA,
		    "line %" PRIu64 ": no class of break '%.*s'", record->line,
		    OM_FMT(cell[CLASS]));
	return 0;
}

static int
compare(const struct om_rec_answer *a, struct om_str key,
    enum om_rec_class class)
{
	int d = om_str_cmp(a->key, key);

	return d != 0 ? d : (int)a->class - (int)class;
}

static int
by_key(const void *a, const void *b)
{
	const struct om_rec_answer *x = a;
	const struct om_rec_answer *y = b;
	int d = compare(x, y->key, y->class);

	return d != 0 ? d : (x->line > y->line) - (x->line < y->line);
}

static int
read_all(const struct om_rec_input *input, struct om_arena *arena,
    struct om_rec_answers *out, struct om_err *err)
{
	struct om_rec_record record;
	size_t at[COLUMNS];
	size_t room = 0;
	int rc = find_columns(input, at, err);

	if (rc < 0)
		return rc;
	while ((rc = input->next(input->arg, &record, err)) > 0) {
		if (out->n == room) {
			struct om_rec_answer *more;

			room = 2 * room + 64;
			more = om_alloc(arena, room * sizeof(*more));
			if (out->n > 0)
				memcpy(more, out->answer,
				    out->n * sizeof(*more));
			out->answer = more;
		}
		rc = parse(&record, at, arena, &out->answer[out->n++], err);
		if (rc < 0)
			return rc;
	}
	if (out->n > 0)
		qsort(out->answer, out->n, sizeof(*out->answer), by_key);
	return rc;
}

int
om_rec_answers_read(struct om_arena *arena, const char *path, size_t list_max,
    struct om_rec_answers *out, struct om_err *err)
{
	OM_AUTO(om_rec_file_close) struct om_rec_file *file = NULL;
	struct om_rec_answers answers = { .extras = { .max = list_max } };

	if (om_rec_file_open(path, &file, err) < 0)
		return err->code;
	if (read_all(om_rec_file_input(file), arena, &answers, err) < 0)
		return om_wrap(err, "%s", path);
	*out = answers;
	return 0;
}

/* The first answer not before (key, class). */
static size_t
lower_bound(const struct om_rec_answers *answers, struct om_str key,
    enum om_rec_class class)
{
	size_t low = 0;
	size_t high = answers->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare(&answers->answer[mid], key, class) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* A stated amount is that of the break, if the break has one on that side. */
static bool
amount_agrees(struct om_str stated, const struct om_rec_entry *e, int side,
    const struct om_currency *c)
{
	struct om_err err = { 0 };
	int64_t n;

	if (stated.n == 0 || (e->item.has & (OM_REC_HAS_LEFT << side)) == 0)
		return true;
	return om_decimal_parse(stated, c == NULL ? OM_REC_PLACES : c->exponent,
		   OM_ROUND_EXACT, NULL, &n, &err) == 0 &&
	       n == e->item.amount[side];
}

static bool
agrees(const struct om_rec_answer *a, const struct om_rec_result *result,
    const struct om_rec_entry *e)
{
	int shown = e->item.line[0] == 0;
	const struct om_currency *c;

	for (int side = 0; side < 2; side++) {
		c = result->currency[e->item.currency[side]];
		if (!amount_agrees(a->amount[side], e, side, c))
			return false;
	}
	c = result->currency[e->item.currency[shown]];
	return a->currency.n == 0 || c == NULL ||
	       om_str_is(a->currency, c->code);
}

void
om_rec_answers_take(struct om_rec_answers *answers, struct om_arena *arena,
    const struct om_rec_result *result, const struct om_rec_entry *entry)
{
	enum om_rec_class class = (enum om_rec_class)entry->item.class;
	char bytes[OM_REC_KEY_MAX];
	struct om_str key = { bytes, om_rec_show_key(entry->key, bytes) };

	if (class < OM_REC_FIRST_BREAK)
		return;
	for (size_t i = lower_bound(answers, key, class);
	     i < answers->n && compare(&answers->answer[i], key, class) == 0;
	     i++) {
		struct om_rec_answer *a = &answers->answer[i];

		if (a->found || !agrees(a, result, entry))
			continue;
		a->found = true;
		answers->found++;
		return;
	}
	answers->extra++;
	om_rec_listing_add(&answers->extras, arena, entry);
}

bool
om_rec_answers_end(struct om_rec_answers *answers)
{
	answers->missing = answers->n - answers->found;
	return answers->missing == 0 && answers->extra == 0;
}
