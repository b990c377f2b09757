/* planted.c - reconcile, and tick off the answer key; see planted.h. */
#include "cmd/planted.h"

#include "recon/file.h"
#include "recon/query.h"
#include "recon/write.h"

#define LISTED 200

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
tick_off(struct om_arena *arena, struct om_rec_result *result,
    struct om_rec_listing *listing, struct om_rec_answers *answers,
    struct om_err *err)
{
	const struct om_rec_item *item;
	struct om_rec_entry entry;
	int rc;

	while ((rc = om_rec_merge_next(result->items, &item, err)) > 0) {
		om_rec_item_view(item, &entry);
		om_rec_answers_take(answers, arena, result, &entry);
		om_rec_listing_add(listing, arena, &entry);
	}
	(void)om_rec_answers_end(answers);
	return rc;
}

int
om_planted_find(const struct om_store *store, const char *statement,
    const char *answer_key, struct om_arena *arena, struct om_planted *out,
    struct om_err *err)
{
	OM_AUTO(sides_end) struct sides s = { 0 };
	const struct om_rec_words words = { .key = "reference",
		.compare = "amount" };
	const struct om_rec_options options = { .limit = OM_REC_ALL };
	struct om_rec_listing listing = { .max = LISTED };
	struct om_rec_answers answers;
	struct om_rec_rules rules;

	if (om_rec_answers_read(arena, answer_key, LISTED, &answers, err) < 0 ||
	    om_rec_query_open(store, "orders", &s.left, err) < 0 ||
	    om_rec_file_open(statement, &s.right, err) < 0 ||
	    om_rec_rules_make(arena, &words, om_rec_query_input(s.left),
		om_rec_file_input(s.right), &rules, err) < 0 ||
	    om_reconcile(&rules, om_rec_query_input(s.left),
		om_rec_file_input(s.right), &options, &s.result, err) < 0 ||
	    tick_off(arena, s.result, &listing, &answers, err) < 0)
		return err->code;
	*out = (struct om_planted){
		.planted = answers.n,
		.found = answers.found,
		.unasked = answers.extra,
		.report =
		    om_rec_report(arena, s.result, &listing, &answers, true),
	};
	return 0;
}

bool
om_planted_right(const struct om_planted *planted)
{
	return planted->found == planted->planted && planted->unasked == 0;
}
