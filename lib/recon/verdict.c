/* verdict.c - compare two rows column by column; see verdict.h. */
#include "recon/verdict.h"

#include <assert.h>

static size_t
count_before(const struct om_rec_rules *rules, size_t column,
    enum om_rec_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < column; i++)
		n += rules->compare[i].kind == kind;
	return n;
}

size_t
om_rec_amount_index(const struct om_rec_rules *rules, size_t column)
{
	return count_before(rules, column, OM_REC_AMOUNT);
}

size_t
om_rec_text_index(const struct om_rec_rules *rules, size_t column)
{
	return count_before(rules, column, OM_REC_TEXT);
}

/* Blame column i: the first one decides the class, amounts before texts. */
static void
differ(struct om_rec_verdict *v, size_t i, enum om_rec_class class)
{
	bool decided = v->class >= OM_REC_FIRST_BREAK;

	if (decided && (v->class != OM_REC_VALUE || class == OM_REC_VALUE)) {
		v->also |= UINT32_C(1) << i;
		return;
	}
	if (decided) /* an amount takes over from a text */
		v->also |= UINT32_C(1) << v->column;
	v->class = class;
	v->column = (uint8_t)i;
}

static void
judge_amount(struct om_rec_verdict *v, const struct om_rec_column *column,
    size_t i, int64_t left, int64_t right, int places)
{
	if (left == right)
		return;
	if (!om_rec_within(column, left, right, places)) {
		differ(v, i,
		    right > left ? OM_REC_AMOUNT_OVER : OM_REC_AMOUNT_UNDER);
		return;
	}
	v->tolerated += right > left ? right - left : left - right;
	if (v->class == OM_REC_EXACT)
		v->class = OM_REC_TOLERATED;
}

static void
judge_columns(struct om_rec_verdict *v, const struct om_rec_rules *rules,
    const struct om_rec_row *left, const struct om_rec_row *right, int places)
{
	const int64_t *l = om_rec_row_amounts(left);
	const int64_t *r = om_rec_row_amounts(right);
	struct om_str lt = om_rec_row_text(left, rules->amounts, 0);
	struct om_str rt = om_rec_row_text(right, rules->amounts, 0);

	for (size_t i = 0; i < rules->compares; i++) {
		const struct om_rec_column *c = &rules->compare[i];

		if (c->kind == OM_REC_AMOUNT) {
			judge_amount(v, c, i, *l++, *r++, places);
			continue;
		}
		if (!om_str_eq(lt, rt))
			differ(v, i, OM_REC_VALUE);
		lt = om_str_of(lt.p + lt.n + 1);
		rt = om_str_of(rt.p + rt.n + 1);
	}
}

struct om_rec_verdict
om_rec_judge(const struct om_rec_rules *rules, const struct om_rec_row *left,
    const struct om_rec_row *right, int places)
{
	struct om_rec_verdict v = { .class = OM_REC_EXACT };

	static_assert(OM_REC_COMPARES_MAX <= 32, "also has a bit for each");
	v.column = rules->amounts > 0 ? (uint8_t)rules->main : OM_REC_AT_ROW;
	if ((left->flags | right->flags) & OM_REC_BAD) {
		v.class = OM_REC_DATA;
		v.column =
		    left->flags & OM_REC_BAD ? left->column : right->column;
	} else if (left->currency != right->currency) {
		v.class = OM_REC_CURRENCY;
		v.column = OM_REC_AT_CURRENCY;
	} else if (!om_rec_row_same(left, right)) {
		judge_columns(&v, rules, left, right, places);
	}
	return v;
}
