/* Rejects: found again by batch, with every byte, until someone repairs them. */
#include "stage.h"

#include <string.h>

#include "store/batch.h"
#include "store/quarantine.h"

static struct om_quarantined
reject(int64_t batch, int64_t number)
{
	return (struct om_quarantined){
		.batch = batch,
		.reject = number,
		.outcome = OM_REJECTED,
		.channel = OM_STR("shop"),
		.reference = OM_STR("A-1"),
		.at = { 1, 42, INT64_C(5000000000) },
		.column = OM_STR("Total"),
		.value = OM_STR("oops"),
		.reason = OM_STR("bad amount 'oops'"),
		.currency = om_currency_find(OM_STR("EUR")),
		.total_minor = -3,
	};
}

struct list {
	int64_t id[16]; /* batch * 100 + reject */
	size_t n;
	size_t stop_at;
};

static int
note(const struct om_quarantined *q, void *arg, struct om_err *err)
{
	struct list *l = arg;

	l->id[l->n++] = q->batch * 100 + q->reject;
	return l->n == l->stop_at ? om_fail(err, OM_EIO, "enough") : 0;
}

static void
put(struct stage *s, int64_t batch, int64_t number)
{
	const struct om_quarantined q = reject(batch, number);
	struct om_err err = { 0 };

	assert_ok(om_quarantine_put(s->store, &q, &err));
}

static int
same(const struct om_quarantined *q, void *arg, struct om_err *err)
{
	const struct om_quarantined *want = arg;

	(void)err;
	assert_int_equal(q->batch, want->batch);
	assert_int_equal(q->reject, want->reject);
	assert_int_equal(q->outcome, want->outcome);
	assert_true(om_str_eq(q->channel, want->channel));
	assert_true(om_str_eq(q->reference, want->reference));
	assert_int_equal(q->at.source, want->at.source);
	assert_int_equal(q->at.line, want->at.line);
	assert_int_equal(q->at.offset, want->at.offset);
	assert_true(om_str_eq(q->column, want->column));
	assert_true(om_str_eq(q->value, want->value));
	assert_true(om_str_eq(q->reason, want->reason));
	assert_ptr_equal(q->currency, want->currency);
	assert_int_equal(q->total_minor, want->total_minor);
	assert_int_equal(q->resolved_by, want->resolved_by);
	return 0;
}

static void
a_reject_comes_back_as_it_was_put(void **state)
{
	struct stage *s = stage_of(state);
	struct om_quarantined q = reject(1, 1);
	struct om_err err = { 0 };

	assert_ok(om_quarantine_put(s->store, &q, &err));
	assert_ok(om_quarantine_each(s->store, 1, true, same, &q, &err));
	q = reject(2, 7);
	q.outcome = OM_CONFLICTING;
	q.currency = NULL;
	assert_ok(om_quarantine_put(s->store, &q, &err));
	assert_ok(om_quarantine_each(s->store, 2, true, same, &q, &err));
}

/* PostgreSQL refuses text that is none; nothing may depend on the engine. */
static void
text_that_is_no_text_is_kept_readable(void **state)
{
	struct stage *s = stage_of(state);
	struct om_quarantined q = reject(1, 1);
	struct om_quarantined want = q;
	struct om_err err = { 0 };

	q.reference = OM_STR("M\xfcller\xc3");
	q.value = OM_STR("a\0b\xff\xfe");
	q.channel = (struct om_str){ NULL, 0 };
	want.reference = OM_STR("M?ller?");
	want.value = OM_STR("a?b??");
	want.channel = OM_STR("");
	assert_ok(om_quarantine_put(s->store, &q, &err));
	assert_ok(om_quarantine_each(s->store, 1, true, same, &want, &err));
}

struct bytes {
	size_t n;
	struct om_position at[4];
	char text[64];
	size_t length;
};

static int
note_row(const struct om_position *at, struct om_str bytes, void *arg,
    struct om_err *err)
{
	struct bytes *b = arg;

	(void)err;
	b->at[b->n++] = *at;
	for (size_t i = 0; i < bytes.n; i++)
		b->text[b->length++] = bytes.p[i] == '\0' ? '0' : bytes.p[i];
	b->text[b->length++] = '|';
	return 0;
}

static void
the_rows_of_a_reject_keep_every_byte(void **state)
{
	struct stage *s = stage_of(state);
	const struct om_position first = { 0, 7, 700 };
	const struct om_position second = { 1, 9, 900 };
	struct bytes seen = { 0 };
	struct om_err err = { 0 };

	assert_ok(om_quarantine_put_row(s->store, 1, 1, 1, &second,
	    OM_STR("\"q\"\r\n\xff\0z"), &err));
	assert_ok(
	    om_quarantine_put_row(s->store, 1, 1, 0, &first, OM_STR(""), &err));
	assert_ok(om_quarantine_put_row(s->store, 1, 2, 0, &first,
	    OM_STR("other"), &err));
	assert_ok(om_quarantine_rows(s->store, 1, 1, note_row, &seen, &err));
	assert_int_equal(seen.n, 2);
	assert_string_equal(seen.text, "|\"q\"\r\n\xff"
				       "0z|");
	assert_int_equal(seen.at[0].line, 7);
	assert_int_equal(seen.at[1].source, 1);
	assert_int_equal(seen.at[1].offset, 900);
}

static void
rejects_are_listed_by_batch_or_all(void **state)
{
	struct stage *s = stage_of(state);
	struct list l = { .n = 0 };
	struct om_err err = { 0 };

	put(s, 2, 1);
	put(s, 1, 2);
	put(s, 1, 1);
	assert_ok(om_quarantine_each(s->store, 0, true, note, &l, &err));
	assert_int_equal(l.n, 3);
	assert_int_equal(l.id[0], 101);
	assert_int_equal(l.id[1], 102);
	assert_int_equal(l.id[2], 201);
	l.n = 0;
	assert_ok(om_quarantine_each(s->store, 2, true, note, &l, &err));
	assert_int_equal(l.n, 1);
	l = (struct list){ .stop_at = 2 };
	assert_fails(om_quarantine_each(s->store, 0, true, note, &l, &err),
	    OM_EIO);
	assert_int_equal(l.n, 2);
}

static void
a_resolved_reject_is_only_a_memory(void **state)
{
	struct stage *s = stage_of(state);
	struct list l = { .n = 0 };
	struct om_err err = { 0 };
	int64_t open = -1;

	put(s, 1, 1);
	put(s, 1, 2);
	assert_ok(om_quarantine_open(s->store, 1, &open, &err));
	assert_int_equal(open, 2);
	assert_ok(om_quarantine_resolve(s->store, 1, 2, 5, &err));
	assert_ok(om_quarantine_open(s->store, 1, &open, &err));
	assert_int_equal(open, 1);
	assert_ok(om_quarantine_each(s->store, 1, true, note, &l, &err));
	assert_int_equal(l.n, 1);
	assert_ok(om_quarantine_each(s->store, 1, false, note, &l, &err));
	assert_int_equal(l.n, 3);
	assert_int_equal(catalog_number(s, "SELECT resolved_by FROM rejects"
					   " WHERE reject = 2"),
	    5);
}

static void
a_batch_that_is_loading_shows_no_rejects(void **state)
{
	struct stage *s = stage_of(state);
	struct om_batch b = { .feed = "f", .kind = "orders", .source = "s" };
	struct list l = { .n = 0 };
	struct om_err err = { 0 };

	assert_ok(om_batch_begin(s->store, &b, &err));
	put(s, b.batch, 1);
	assert_ok(om_quarantine_each(s->store, 0, true, note, &l, &err));
	assert_ok(om_quarantine_each(s->store, b.batch, true, note, &l, &err));
	assert_int_equal(l.n, 0);
	assert_ok(om_batch_end(s->store, b.batch, "failed", "why", &err));
	assert_ok(om_quarantine_each(s->store, b.batch, true, note, &l, &err));
	assert_int_equal(l.n, 1);
}

static void
dropping_takes_rejects_and_rows_of_one_batch(void **state)
{
	struct stage *s = stage_of(state);
	const struct om_position at = { 0, 1, 0 };
	struct om_err err = { 0 };

	for (int64_t batch = 1; batch < 3; batch++) {
		put(s, batch, 1);
		assert_ok(om_quarantine_put_row(s->store, batch, 1, 0, &at,
		    OM_STR("x"), &err));
	}
	assert_ok(om_quarantine_drop(s->store, 1, &err));
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM rejects"), 1);
	assert_int_equal(catalog_number(s, "SELECT batch FROM rejects"), 2);
	assert_int_equal(catalog_number(s, "SELECT count(*) FROM reject_rows"),
	    1);
}

static void
an_outcome_that_no_one_knows_is_damage(void **state)
{
	struct stage *s = stage_of(state);
	struct list l = { .n = 0 };
	struct om_err err = { 0 };

	put(s, 1, 1);
	db_run(om_store_catalog(s->store),
	    "UPDATE rejects SET outcome = 'vanished'");
	assert_fails(om_quarantine_each(s->store, 0, true, note, &l, &err),
	    OM_EDAMAGED);
	assert_string_equal(err.msg, "unknown outcome 'vanished'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(a_reject_comes_back_as_it_was_put),
		STAGE_BOTH(text_that_is_no_text_is_kept_readable),
		STAGE_BOTH(the_rows_of_a_reject_keep_every_byte),
		STAGE_BOTH(rejects_are_listed_by_batch_or_all),
		STAGE_BOTH(a_resolved_reject_is_only_a_memory),
		STAGE_BOTH(a_batch_that_is_loading_shows_no_rejects),
		STAGE_BOTH(dropping_takes_rejects_and_rows_of_one_batch),
		STAGE_BOTH(an_outcome_that_no_one_knows_is_damage),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
