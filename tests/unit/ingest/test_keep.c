/* The bytes of a reject lie in the quarantine in the order of an export. */
#include "world.h"

#include "base/buf.h"
#include "ingest/keep.h"
#include "store/quarantine.h"

static int
take(const struct om_position *at, struct om_str bytes, void *arg,
    struct om_err *err)
{
	(void)err;
	om_buf_printf(arg, "%d %.*s|", (int)at->line, OM_FMT(bytes));
	return 0;
}

static void
kept(struct stage *s, const struct om_reject *r, const char *want)
{
	OM_AUTO(om_buf_fini) struct om_buf text = { 0 };
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_err err = { 0 };

	om_buf_init(&text, 4096);
	assert_ok(om_txn_begin(om_store_catalog(s->store), &txn, &err));
	assert_ok(om_keep_rows(s->store, 1, 7, r, &err));
	assert_ok(om_quarantine_rows(s->store, 1, 7, take, &text, &err));
	om_buf_char(&text, '\0');
	assert_string_equal(text.p, want);
}

static void
rows_are_kept_in_their_order(void **state)
{
	const struct om_reject_row rows[] = { { { 0, 9, 90 }, OM_STR("b") },
		{ { 0, 3, 30 }, OM_STR("a") }, { { 0, 12, 99 }, OM_STR("") } };
	const struct om_reject r = { .rows = rows, .row_count = 3 };

	kept(stage_of(state), &r, "9 b|3 a|12 |");
}

static void
an_envelope_is_kept_around_them(void **state)
{
	const struct om_reject_row rows[] = { { { 0, 3, 30 }, OM_STR("doc") },
		{ { 0, 4, 40 }, OM_STR("end") } };
	const struct om_reject r = {
		.rows = rows,
		.row_count = 2,
		.before = OM_STR("open"),
		.after = OM_STR("close"),
	};

	kept(stage_of(state), &r, "3 open|3 doc|4 end|4 close|");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE_BOTH(rows_are_kept_in_their_order),
		STAGE_BOTH(an_envelope_is_kept_around_them),
	};

	return cmocka_run_group_tests(tests, stage_start, stage_stop);
}
