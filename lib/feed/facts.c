/* facts.c - the facts of an order over its rows; see facts.h. */
#include "feed/facts.h"

#include <stdio.h>
#include <string.h>

int
om_fact_fault(const struct om_fact *f, const char *reason,
    struct om_reject *why)
{
	return om_fault(why, f->row, f->step, f->text, "%s", reason);
}

OM_SELDOM static int
misfit(const struct om_step *step, const struct om_row *row, struct om_str text,
    struct om_reject *why)
{
	return om_fault(why, row, step, text,
	    "no pattern of the map fits '%.*s'", OM_FMT(text));
}

OM_SELDOM static int
contradiction(const struct om_step *step, const struct om_row *row,
    struct om_str text, const struct om_fact *first, bool is_first,
    struct om_reject *why)
{
	char where[40] = "the order's first row";

	if (!is_first)
		snprintf(where, sizeof(where), "line %llu",
		    (unsigned long long)first->row->at.line);
	return om_fault(why, row, step, text, "%s '%.*s' but %s says '%.*s'",
	    om_field_row(step->field)->name, OM_FMT(text), where,
	    OM_FMT(first->text));
}

OM_SELDOM static int
empty(const struct om_fact *f, struct om_reject *why)
{
	return om_fault(why, f->row, f->step, OM_STR(""), "%s is empty",
	    om_field_row(f->step->field)->name);
}

/* What a fact is that no cell says. False: it must not be empty, and is. */
static inline bool
fall_back(const struct om_step *step, struct om_str *text)
{
	*text = step->value->fallback;
	return text->p != NULL || step->value->need != OM_NEED_CELL;
}

/* The facts of one more row of the order. */
static int
merge_row(struct om_builder *b, const struct om_row *rows, size_t at,
    struct om_reject *why)
{
	const struct om_row *row = &rows[at];
	const struct om_plan *plan = b->plan[row->at.source];
	bool bad = false;

	for (size_t i = 0; i < plan->order_count; i++) {
		const struct om_step *s = &plan->order[i];
		struct om_fact *f = &b->fact[s->field];
		struct om_str text = om_step_text(s, row, &bad);

		if (bad)
			return misfit(s, row, text, why);
		if (f->text.p == NULL) {
			if (text.p != NULL || f->row == NULL)
				*f = (struct om_fact){ text, s, row };
		} else if (text.p != NULL && !om_str_eq(text, f->text)) {
			return contradiction(s, row, text, f, f->row == rows,
			    why);
		}
	}
	return 0;
}

/* The facts of the only row that says any: there are none that they could
 * differ from. Each fact that the plan knows is set, so none is left of the
 * order before. */
static int
take_row(struct om_fact *restrict fact, const struct om_plan *restrict plan,
    const struct om_row *restrict row, struct om_reject *why)
{
	const struct om_fact *missing = NULL;

	for (size_t i = 0; i < plan->order_count; i++) {
		const struct om_step *s = &plan->order[i];
		struct om_fact *f = fact + s->field;
		bool bad = false;
		struct om_str text = om_step_text(s, row, &bad);

		if (bad)
			return misfit(s, row, text, why);
		if (text.p == NULL && !fall_back(s, &text) && missing == NULL)
			missing = f;
		*f = (struct om_fact){ text, s, row };
	}
	return missing == NULL ? 0 : empty(missing, why);
}

static int
merge_rows(struct om_builder *b, const struct om_row *rows, size_t count,
    struct om_reject *why)
{
	memset(b->fact, 0, sizeof(b->fact));
	for (size_t i = 0; i < count; i++)
		if (merge_row(b, rows, i, why) < 0)
			return OM_EDATA;
	for (size_t i = 0; i < OM_F_ORDER_COUNT; i++) {
		struct om_fact *f = &b->fact[i];

		if (f->step != NULL && f->text.p == NULL &&
		    !fall_back(f->step, &f->text))
			return empty(f, why);
	}
	return 0;
}

int
om_facts_merge(struct om_builder *b, const struct om_row *rows, size_t count,
    struct om_reject *why)
{
	const struct om_plan *first = b->plan[rows[0].at.source];
	size_t saying = 0;

	for (size_t i = 0; i < count; i++) {
		const struct om_plan *plan = b->plan[rows[i].at.source];

		if (rows[i].problem != NULL)
			return om_fault_row(why, &rows[i], plan);
		saying += plan->order_count > 0;
	}
	if (saying == 1 && first->order_count > 0)
		return take_row(b->fact, first, rows, why);
	return merge_rows(b, rows, count, why);
}
