/* demo_reconcile.c - were the breaks found those that were planted? */
#include "cmd/demo.h"
#include "io/output.h"
#include "recon/file.h"
#include "recon/query.h"
#include "recon/write.h"

#define REPORT_MAX ((size_t)64 * 1024 * 1024)
#define LISTED	   200

struct sides {
	struct om_rec_query *left;
	struct om_rec_file *right;
	struct om_rec_result *result;
};

static void
sides_end(struct sides *s)
{
	om_rec_result_free(&s->result);
	om_rec_query_close(&s->left);
	om_rec_file_close(&s->right);
}

static int
tick_off(struct om_demo *d, struct om_rec_result *result,
    struct om_rec_listing *listing, struct om_rec_answers *answers,
    struct om_err *err)
{
	const struct om_rec_item *item;
	struct om_rec_entry entry;
	int rc;

	while ((rc = om_rec_merge_next(result->items, &item, err)) > 0) {
		om_rec_item_view(item, &entry);
		om_rec_answers_take(answers, d->cli->arena, result, &entry);
		om_rec_listing_add(listing, d->cli->arena, &entry);
	}
	(void)om_rec_answers_end(answers);
	d->planted = answers->n;
	d->found = answers->found;
	d->unasked = answers->extra;
	return rc;
}

static int
write_html(struct om_demo *d, const struct om_report *report,
    struct om_err *err)
{
	OM_AUTO(om_buf_fini) struct om_buf html;

	om_buf_init(&html, REPORT_MAX);
	om_report_render(report, OM_AS_HTML, &html);
	return om_file_replace(d->breaks_html, html.p, html.n, 0644, err);
}

int
om_demo_reconcile(struct om_demo *d, struct om_err *err)
{
	OM_AUTO(sides_end) struct sides s = { 0 };
	const struct om_rec_words words = { .key = "reference",
		.compare = "amount" };
	const struct om_rec_options options = { .limit = OM_REC_ALL };
	struct om_rec_listing listing = { .max = LISTED };
	struct om_rec_answers answers;
	struct om_rec_rules rules;

	if (om_rec_answers_read(d->cli->arena, d->answers, LISTED, &answers,
		err) < 0 ||
	    om_rec_query_open(d->store, "orders", &s.left, err) < 0 ||
	    om_rec_file_open(d->statement, &s.right, err) < 0 ||
	    om_rec_rules_make(d->cli->arena, &words, om_rec_query_input(s.left),
		om_rec_file_input(s.right), &rules, err) < 0 ||
	    om_reconcile(&rules, om_rec_query_input(s.left),
		om_rec_file_input(s.right), &options, &s.result, err) < 0 ||
	    tick_off(d, s.result, &listing, &answers, err) < 0)
		return err->code;
	return write_html(d,
	    om_rec_report(d->cli->arena, s.result, &listing, &answers, true),
	    err);
}
