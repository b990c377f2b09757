/* table.h - inputs and results of a reconciliation as text, for tests. */
#ifndef OM_TEST_RECON_TABLE_H
#define OM_TEST_RECON_TABLE_H

#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recon/reconcile.h"

#define CELLS_MAX 16

/* Lines of cells separated by commas; the first one names the columns. */
struct table {
	struct om_arena arena;
	const char *rest;
	uint64_t line;
	const char *columns[CELLS_MAX];
	struct om_str cell[CELLS_MAX];
	struct om_rec_input input;
};

static inline size_t
split_line(struct table *t)
{
	size_t end = strcspn(t->rest, "\n");
	size_t n = 0;

	for (size_t at = 0; at <= end; n++) {
		size_t len = strcspn(t->rest + at, ",\n");

		assert_true(n < CELLS_MAX);
		t->cell[n] = (struct om_str){ t->rest + at, len };
		at += len + 1;
	}
	t->rest += end + (t->rest[end] == '\n');
	t->line++;
	return n;
}

static inline int
table_next(void *arg, struct om_rec_record *out, struct om_err *err)
{
	struct table *t = arg;
	const char *start = t->rest;

	if (*t->rest == '\0')
		return 0;
	*out = (struct om_rec_record){ .cell = t->cell };
	out->raw = (struct om_str){ start, strcspn(start, "\n") };
	out->count = split_line(t);
	out->line = t->line;
	if (out->cell[0].n == 1 && out->cell[0].p[0] == '!')
		out->problem = "a bare quote";
	if (out->cell[0].n == 1 && out->cell[0].p[0] == '@')
		return om_fail(err, OM_EDATA, "torn");
	return 1;
}

static inline void
table_open(struct table *t, const char *name, const char *text)
{
	size_t n;

	*t = (struct table){ .rest = text };
	n = split_line(t);
	for (size_t i = 0; i < n; i++)
		t->columns[i] =
		    om_strndup(&t->arena, t->cell[i].p, t->cell[i].n);
	t->input = (struct om_rec_input){
		.name = name,
		.columns = t->columns,
		.column_count = n,
		.next = table_next,
		.arg = t,
	};
}

/* Rules and options of a test, and what came of them. */
struct run {
	struct om_rec_words words;
	struct om_rec_options options;
	struct table left;
	struct table right;
	struct om_arena arena;
	struct om_rec_rules rules;
	struct om_rec_result *result;
	struct om_buf out;
};

static inline void
run_free(struct run *r)
{
	om_rec_result_free(&r->result);
	om_arena_clear(&r->arena);
	om_arena_clear(&r->left.arena);
	om_arena_clear(&r->right.arena);
	om_buf_fini(&r->out);
}

static inline int
reconcile(struct run *r, const char *left, const char *right,
    struct om_err *err)
{
	run_free(r);
	table_open(&r->left, "left.csv", left);
	table_open(&r->right, "right.csv", right);
	if (om_rec_rules_make(&r->arena, &r->words, &r->left.input,
		&r->right.input, &r->rules, err) < 0)
		return err->code;
	return om_reconcile(&r->rules, &r->left.input, &r->right.input,
	    &r->options, &r->result, err);
}

static inline void
add_side(struct run *r, const struct om_rec_entry *e, int side)
{
	const struct om_currency *c =
	    r->result->currency[e->item.currency[side]];
	char text[OM_MONEY_TEXT_MAX];

	if (e->item.line[side] == 0)
		return;
	om_buf_printf(&r->out, " %c%" PRIu64, "LR"[side], e -> item.line[side]);
	if (e->item.has & (1 << side))
		om_buf_printf(&r->out, " %s",
		    om_rec_amount_text(e->item.amount[side], c, text));
	if (e->text[side].n > 0)
		om_buf_printf(&r->out, " '%.*s'", OM_FMT(e->text[side]));
}

/* All items, one a line: "missing_right A1 L2 10.00 (reason)". */
static inline const char *
items_of(struct run *r)
{
	const struct om_rec_item *item;
	struct om_err err = { 0 };
	struct om_rec_entry e;

	om_buf_init(&r->out, 1 << 24);
	while (om_rec_merge_next(r->result->items, &item, &err) > 0) {
		om_rec_item_view(item, &e);
		om_buf_printf(&r->out, "%s ",
		    om_rec_class_name((enum om_rec_class)e.item.class));
		for (size_t i = 0; i < e.key.n; i++)
			om_buf_char(&r->out,
			    e.key.p[i] == '\0' ? '/' : e.key.p[i]);
		add_side(r, &e, 0);
		add_side(r, &e, 1);
		if (e.reason.n > 0)
			om_buf_printf(&r->out, " (%.*s)", OM_FMT(e.reason));
		om_buf_char(&r->out, '\n');
	}
	assert_int_equal(err.code, 0);
	return om_buf_view(&r->out).p;
}

static inline int64_t
count_of(const struct run *r, enum om_rec_class class)
{
	return (int64_t)om_rec_tally_class(&r->result->tally, class).items;
}

static inline int64_t
amount_of_class(const struct run *r, enum om_rec_class class)
{
	return (int64_t)om_rec_tally_class(&r->result->tally, class).amount;
}

#endif
