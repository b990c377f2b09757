/* explain.c - one batch read without a store, and what was seen; explain.h. */
#include "cmd/explain.h"

#include <string.h>

#include "cmd/explain_show.h"
#include "ingest/manifest.h"

#define KEEP_MAX 1000 /* rejects whose memory is not used again */

/* The kinds of rejects are told apart by column and reason without its
 * particulars: what stands in quotes, and numbers. */
static struct om_explain_kind *
kind_of(struct om_explained *x, const struct om_reject *r)
{
	size_t n = strcspn(r->reason, "'0123456789");
	struct om_str reason = { r->reason, n == 0 ? strlen(r->reason) : n };

	for (size_t i = 0; i < x->kinds; i++)
		if (om_str_eq(x->kind[i].column, r->column) &&
		    om_str_eq(x->kind[i].like, reason))
			return &x->kind[i];
	if (x->kinds == OM_EXPLAIN_KINDS)
		return NULL;
	x->kind[x->kinds] = (struct om_explain_kind){
		.column = om_str_dup(&x->arena, r->column),
		.like = om_str_dup(&x->arena, reason),
		.reason = om_strndup(&x->arena, r->reason, strlen(r->reason)),
		.reference = om_str_dup(&x->arena, r->reference),
		.at = r->at,
	};
	return &x->kind[x->kinds++];
}

static int
take_reject(struct om_explained *x, const struct om_reject *r,
    struct om_err *err)
{
	struct om_explain_kind *kind = kind_of(x, r);

	x->rejects++;
	if (kind != NULL)
		kind->count++;
	if (om_books_add(&x->books, r->currency, OM_READ, 1, r->total_minor,
		err) < 0)
		return err->code;
	return om_books_add(&x->books, r->currency, OM_REJECTED, 1,
	    r->total_minor, err);
}

static int
take_order(struct om_explained *x, const struct om_order *o, struct om_err *err)
{
	x->lines += o->line_count;
	return om_books_add(&x->books, o->currency, OM_READ, 1, o->total_minor,
	    err);
}

/* The first ones stay in the arena, which holds their text. */
static int
take(struct om_explained *x, struct om_arena *arena, const struct om_item *item,
    struct om_err *err)
{
	if (item->kind == OM_ITEM_REJECT)
		return take_reject(x, &item->reject, err);
	if (arena == &x->arena)
		x->first[x->firsts++] = *item;
	if (item->kind == OM_ITEM_ORDER)
		return take_order(x, &item->order, err);
	return om_books_add(&x->books, item->payment.currency, OM_READ, 1,
	    item->payment.amount_minor, err);
}

static int
read_all(struct om_explained *x, struct om_reader *reader, struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena scratch = { 0 };
	struct om_item *item = om_new(&x->arena, struct om_item);
	int rc;

	for (;;) {
		struct om_arena *arena =
		    x->firsts < OM_EXPLAIN_FIRST && x->rejects < KEEP_MAX
			? &x->arena
			: &scratch;

		rc = om_reader_next(reader, arena, item, err);
		if (rc <= 0 || take(x, arena, item, err) < 0)
			return rc == 1 ? err->code : rc;
		om_arena_reset(&scratch);
	}
}

/* What the input itself states. */
static int
check_totals(const struct om_explained *x, const struct om_reader *reader,
    struct om_err *err)
{
	const struct om_found found = {
		.books = &x->books,
		.rows = (int64_t)x->rows,
		.sha256 = "",
		.reader = reader,
	};

	return om_manifests_check(NULL, &found, err);
}

static int
explain(struct om_explained *x, const char *const *paths, struct om_err *err)
{
	struct om_reader *reader OM_AUTO(om_reader_close) = NULL;
	int rc;

	if (om_explain(x->feed, paths, &x->arena, &x->seen, err) < 0)
		return err->code;
	x->opened = true;
	if (om_reader_open(x->feed, paths, om_feed_sources(x->feed),
		OM_EXPLAIN_MEMORY, NULL, &reader, err) < 0)
		return err->code;
	rc = read_all(x, reader, err);
	x->rows = om_reader_rows(reader);
	return rc < 0 ? rc : check_totals(x, reader, err);
}

static void
explained_end(struct om_explained *x)
{
	om_arena_clear(&x->arena);
}

int
om_cli_explain(const struct om_cli *cli, const struct om_feed *feed,
    char **names, char **paths, struct om_json *j, int64_t *out_rejects,
    struct om_err *err)
{
	OM_AUTO(explained_end)
	struct om_explained x = { .feed = feed, .names = names };
	int rc = explain(&x, (const char *const *)paths, err);

	if (cli->g->json)
		om_explain_json(j, &x, rc < 0 ? err : NULL);
	else if (x.opened)
		om_explain_text(cli->out, &x);
	*out_rejects = x.rejects;
	return rc;
}
