/* json.c - the result as scripts read it; see write.h. */
#include <stdio.h>

#include "recon/write.h"
#include "text/json.h"

static void
put_amount(struct om_json *j, const struct om_rec_result *r, size_t currency,
    om_int128 amount)
{
	const struct om_currency *c = r->currency[currency];
	char text[OM_MONEY_TEXT_MAX];

	om_json_cstr(j, om_rec_currency_code(c),
	    om_rec_amount_text((int64_t)amount, c, text));
}

static void
put_side(struct om_json *j, const struct om_rec_result *r, int side)
{
	const struct om_rec_side *s = &r->side[side];

	om_json_object(j, side == 0 ? "left" : "right");
	om_json_cstr(j, "name", s->name);
	om_json_int(j, "rows", (int64_t)s->control.rows);
	om_json_int(j, "unreadable", (int64_t)s->control.bad);
	if (s->origin.sha256[0] != '\0') {
		om_json_int(j, "bytes", (int64_t)s->origin.bytes);
		om_json_cstr(j, "sha256", s->origin.sha256);
	}
	om_json_object(j, "totals");
	for (size_t k = 0; k < r->currencies && r->rules->amounts > 0; k++) {
		size_t i = r->order[k];

		if (s->control.by_currency[i] > 0)
			put_amount(j, r, i, s->control.total[i]);
	}
	om_json_end(j);
	om_json_end(j);
}

static void
put_column(struct om_json *j, const struct om_rec_column *c, bool kind)
{
	om_json_object(j, NULL);
	om_json_cstr(j, "left", c->left);
	om_json_cstr(j, "right", c->right);
	if (kind)
		om_json_cstr(j, "kind",
		    c->kind == OM_REC_AMOUNT ? "amount" : "text");
	if (c->slack != OM_REC_NONE)
		om_json_cstr(j, "tolerance", c->tolerance_text);
	om_json_end(j);
}

static void
put_rules(struct om_json *j, const struct om_rec_rules *rules)
{
	om_json_array(j, "key");
	for (size_t i = 0; i < rules->keys; i++)
		put_column(j, &rules->key[i], false);
	om_json_end(j);
	om_json_array(j, "compare");
	for (size_t i = 0; i < rules->compares; i++)
		put_column(j, &rules->compare[i], true);
	om_json_end(j);
}

/* What is at stake in a class, per currency. */
static void
put_amounts(struct om_json *j, const char *key, const struct om_rec_result *r,
    enum om_rec_class class)
{
	om_json_object(j, key);
	for (size_t k = 0; k < r->currencies && r->rules->amounts > 0; k++) {
		size_t i = r->order[k];

		if (r->tally.sum[i][class].items > 0)
			put_amount(j, r, i, r->tally.sum[i][class].amount);
	}
	om_json_end(j);
}

static void
put_matched(struct om_json *j, const struct om_rec_result *r)
{
	om_json_object(j, "matched");
	om_json_int(j, "exact",
	    (int64_t)om_rec_tally_class(&r->tally, OM_REC_EXACT).items);
	om_json_int(j, "tolerance",
	    (int64_t)om_rec_tally_class(&r->tally, OM_REC_TOLERATED).items);
	om_json_int(j, "group", 0);
	put_amounts(j, "exact_amount", r, OM_REC_EXACT);
	put_amounts(j, "tolerated", r, OM_REC_TOLERATED);
	om_json_end(j);
}

static void
put_breaks(struct om_json *j, const struct om_rec_result *r)
{
	om_json_object(j, "breaks");
	for (int c = OM_REC_FIRST_BREAK; c < OM_REC_CLASSES; c++) {
		enum om_rec_class class = (enum om_rec_class)c;

		om_json_object(j, om_rec_class_name(class));
		om_json_int(j, "count",
		    (int64_t)om_rec_tally_class(&r->tally, class).items);
		put_amounts(j, "amount", r, class);
		om_json_end(j);
	}
	om_json_end(j);
}

static void
put_listing(struct om_json *j, const char *key, const struct om_rec_result *r,
    const struct om_rec_listing *listing)
{
	struct om_rec_shown shown;

	om_json_array(j, key);
	for (size_t i = 0; i < listing->n; i++) {
		om_rec_show(r, &listing->entry[i], &shown);
		om_json_object(j, NULL);
		for (int c = 0; c < OM_REC_CELLS; c++)
			if (shown.cell[c].n > 0)
				om_json_text(j, om_rec_cell_names[c],
				    shown.cell[c]);
		om_json_end(j);
	}
	om_json_end(j);
}

static void
put_answers(struct om_json *j, const struct om_rec_result *r,
    const struct om_rec_answers *answers)
{
	size_t listed = 0;

	om_json_object(j, "answers");
	om_json_int(j, "expected", (int64_t)answers->n);
	om_json_int(j, "found", (int64_t)answers->found);
	om_json_int(j, "missing", (int64_t)answers->missing);
	om_json_int(j, "extra", (int64_t)answers->extra);
	om_json_array(j, "missing_items");
	for (size_t i = 0; i < answers->n; i++) {
		const struct om_rec_answer *a = &answers->answer[i];

		if (a->found || listed++ >= answers->extras.max)
			continue;
		om_json_object(j, NULL);
		om_json_cstr(j, "class", om_rec_class_name(a->class));
		om_json_text(j, "key", a->key);
		om_json_int(j, "line", (int64_t)a->line);
		om_json_end(j);
	}
	om_json_end(j);
	put_listing(j, "extra_items", r, &answers->extras);
	om_json_bool(j, "agree", answers->missing + answers->extra == 0);
	om_json_end(j);
}

void
om_rec_write_json(struct om_buf *out, const struct om_rec_result *result,
    const struct om_rec_listing *listing, const struct om_rec_answers *answers)
{
	struct om_json j;

	om_json_init(&j, out);
	om_json_object(&j, NULL);
	om_json_cstr(&j, "schema", "ordmill.reconcile/1");
	put_side(&j, result, 0);
	put_side(&j, result, 1);
	put_rules(&j, result->rules);
	put_matched(&j, result);
	put_breaks(&j, result);
	om_json_int(&j, "opening", 0);
	om_json_int(&j, "new", (int64_t)result->breaks);
	om_json_int(&j, "cleared", 0);
	om_json_int(&j, "closing", (int64_t)result->breaks);
	om_json_bool(&j, "closed", true);
	put_listing(&j, "items", result, listing);
	if (answers != NULL)
		put_answers(&j, result, answers);
	om_json_end(&j);
	om_buf_char(out, '\n');
}
