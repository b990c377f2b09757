/* reconcile.c - read both sides at once, match, close the books; see
 * reconcile.h. */
#include "recon/reconcile.h"

#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "recon/match.h"
#include "recon/runs.h"

#define THREADS 2

/* One side on its way in. */
struct loader {
	const struct om_rec_input *input;
	struct om_rec_packer packer;
	struct om_rec_parts *parts;
	struct om_rec_control *control;
};

struct job {
	struct om_rec_result *result;
	struct loader loader[2];
	struct om_rec_matcher matcher[THREADS];
};

static void
control_row(struct om_rec_control *control, const struct om_rec_row *row,
    size_t amounts)
{
	control->rows++;
	control->bad += row->flags & OM_REC_BAD;
	control->by_currency[row->currency]++;
	if (amounts > 0)
		control->total[row->currency] += om_rec_row_amounts(row)[0];
}

static int
load_rows(struct loader *l, struct om_err *err)
{
	size_t amounts = l->packer.rules->amounts;
	struct om_rec_record record;
	int rc;

	while ((rc = l->input->next(l->input->arg, &record, err)) > 0) {
		const struct om_rec_row *row = om_rec_pack(&l->packer, &record);

		control_row(l->control, row, amounts);
		if ((rc = om_rec_parts_add(l->parts, row, err)) < 0)
			break;
	}
	return rc;
}

static int
load(void *arg, struct om_err *err)
{
	struct loader *l = arg;

	if (load_rows(l, err) < 0)
		return om_wrap(err, "%s", l->input->name);
	return 0;
}

static void
job_fini(struct job *job)
{
	for (int i = 0; i < 2; i++) {
		om_rec_packer_fini(&job->loader[i].packer);
		om_rec_parts_free(&job->loader[i].parts);
	}
	for (int i = 0; i < THREADS; i++)
		om_rec_matcher_fini(&job->matcher[i]);
	om_rec_result_free(&job->result);
}

/* Both inputs into their parts, one thread each. */
static int
load_both(struct job *job, struct om_err *err)
{
	void *args[2] = { &job->loader[0], &job->loader[1] };
	struct om_pool *pool = NULL;
	int rc = om_pool_start(load, args, 2, &pool, err);
	int waited = om_pool_wait(&pool, err);

	return rc < 0 ? rc : waited;
}

/* Put number i into result->order, which is sorted by code. */
static void
order_currency(struct om_rec_result *r, uint16_t number)
{
	const char *code = om_rec_currency_code(r->currency[number]);
	size_t at = r->currencies++;

	for (; at > 0; at--) {
		const struct om_currency *before =
		    r->currency[r->order[at - 1]];

		if (number == 0 ||
		    strcmp(om_rec_currency_code(before), code) < 0)
			break;
		r->order[at] = r->order[at - 1];
	}
	r->order[at] = number;
}

/* The currencies that occurred, from both packers. */
static void
collect_currencies(struct job *job)
{
	struct om_rec_result *r = job->result;

	for (uint16_t i = 1; i < OM_REC_CURRENCIES; i++) {
		for (int side = 0; side < 2; side++)
			if (job->loader[side].packer.seen[i] != NULL)
				r->currency[i] =
				    job->loader[side].packer.seen[i];
		if (r->currency[i] != NULL)
			order_currency(r, i);
	}
	if (r->side[0].control.by_currency[0] > 0 ||
	    r->side[1].control.by_currency[0] > 0)
		order_currency(r, 0);
}

static int
match_all(struct job *job, const struct om_rec_options *o, size_t memory,
    struct om_err *err)
{
	void *args[THREADS];
	struct om_pool *pool = NULL;
	int waited;
	int rc;

	for (unsigned i = 0; i < THREADS; i++) {
		job->matcher[i] = (struct om_rec_matcher){
			.rules = job->result->rules,
			.parts = { job->loader[0].parts, job->loader[1].parts },
			.currency = job->result->currency,
			.first = i,
			.step = THREADS,
			.keep_matches = o->matches,
			.items =
			    om_rec_items_new(memory / 8, o->limit, o->temp_dir),
		};
		om_rec_tally_init(&job->matcher[i].tally);
		args[i] = &job->matcher[i];
	}
	rc = om_pool_start(om_rec_match, args, THREADS, &pool, err);
	waited = om_pool_wait(&pool, err);
	return rc < 0 ? rc : waited;
}

static int
close_books(struct job *job, struct om_err *err)
{
	struct om_rec_result *r = job->result;
	int rc;

	om_rec_tally_init(&r->tally);
	for (int i = 0; i < THREADS; i++) {
		om_rec_tally_merge(&r->tally, &job->matcher[i].tally);
		r->list[i] = job->matcher[i].items;
		job->matcher[i].items = NULL;
	}
	rc = om_rec_tally_close(&r->tally, &r->side[0].control,
	    &r->side[1].control, err);
	if (rc < 0)
		return rc;
	r->breaks = om_rec_tally_breaks(&r->tally);
	return om_rec_merge_open(r->list, THREADS, &r->items, err);
}

static void
want(const struct om_rec_input *input, const struct om_rec_column *columns,
    size_t n, int side)
{
	for (size_t i = 0; i < n && input->wanted != NULL; i++)
		input->wanted[columns[i].at[side]] = true;
}

static void
want_all(const struct om_rec_rules *rules, const struct om_rec_input *input,
    int side)
{
	want(input, rules->key, rules->keys, side);
	want(input, rules->compare, rules->compares, side);
	want(input, &rules->currency, rules->has_currency, side);
}

static void
prepare(struct job *job, const struct om_rec_rules *rules,
    const struct om_rec_input *const input[2], size_t memory, const char *dir)
{
	struct om_rec_result *r = om_must(calloc(1, sizeof(*r)));

	r->rules = rules;
	job->result = r;
	for (int i = 0; i < 2; i++) {
		r->side[i].name = input[i]->name;
		job->loader[i] = (struct loader){
			.input = input[i],
			.parts = om_rec_parts_new(memory * 3 / 8, dir),
			.control = &r->side[i].control,
		};
		om_rec_packer_init(&job->loader[i].packer, rules, input[i], i);
		want_all(rules, input[i], i);
	}
}

int
om_reconcile(const struct om_rec_rules *rules, const struct om_rec_input *left,
    const struct om_rec_input *right, const struct om_rec_options *options,
    struct om_rec_result **out, struct om_err *err)
{
	const struct om_rec_input *const input[2] = { left, right };
	size_t memory =
	    options->memory == 0 ? OM_REC_MEMORY_DEFAULT : options->memory;
	OM_AUTO(job_fini) struct job job = { 0 };
	int rc;

	prepare(&job, rules, input, memory, options->temp_dir);
	if ((rc = load_both(&job, err)) < 0)
		return rc;
	for (int i = 0; i < 2; i++) {
		if (input[i]->origin != NULL)
			job.result->side[i].origin = *input[i]->origin;
		job.result->spilled |=
		    om_rec_parts_spilled(job.loader[i].parts);
	}
	collect_currencies(&job);
	if ((rc = match_all(&job, options, memory, err)) < 0 ||
	    (rc = close_books(&job, err)) < 0)
		return rc;
	*out = job.result;
	job.result = NULL;
	return 0;
}

void
om_rec_result_free(struct om_rec_result **result)
{
	struct om_rec_result *r = *result;

	if (r == NULL)
		return;
	om_rec_merge_close(&r->items);
	for (int i = 0; i < THREADS; i++)
		om_rec_items_free(&r->list[i]);
	om_rec_tally_fini(&r->tally);
	free(r);
	*result = NULL;
}

const char *
om_rec_amount_text(int64_t amount, const struct om_currency *c,
    char out[OM_MONEY_TEXT_MAX])
{
	size_t n;

	if (c != NULL)
		return om_money_text(amount, c, out);
	om_decimal_text(amount, OM_REC_PLACES, out);
	n = strlen(out);
	for (int cut = OM_REC_PLACES - 2; cut > 0 && out[n - 1] == '0'; cut--)
		out[--n] = '\0';
	return out;
}

const char *
om_rec_currency_code(const struct om_currency *c)
{
	return c == NULL ? "XXX" : c->code;
}

const char *
om_rec_column_name(const struct om_rec_rules *rules, unsigned column)
{
	if (column < rules->compares)
		return rules->compare[column].left;
	if (column >= OM_REC_AT_KEY && column < OM_REC_AT_KEY + rules->keys)
		return rules->key[column - OM_REC_AT_KEY].left;
	if (column == OM_REC_AT_CURRENCY)
		return rules->currency.left;
	return "";
}
