/* Journal records, byte for byte and back. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "audit/journal.h"

static const struct om_journal_field some_fields[] = {
	{ "command", "ingest" },
	{ "", "" },
};
static const struct om_head some_heads[] = {
	{ 0, 5, { "a" } },
	{ 7, 6, { "b" } },
};

static void
some_record(struct om_buf *out, size_t fields, size_t heads)
{
	om_buf_init(out, 1000);
	om_journal_record(out, some_fields, fields, some_heads, heads);
}

static void
a_record_is_these_bytes(void **state)
{
#define ZEROS "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	static const char want[] = "\0\0\0\x11"
				   "ordmill/journal/1"
				   "\0\0\0\2"
				   "\0\0\0\7"
				   "command"
				   "\0\0\0\6"
				   "ingest"
				   "\0\0\0\0"
				   "\0\0\0\0"
				   "\0\0\0\2"
				   "\0\0\0\0\0\0\0\0"
				   "\0\0\0\0\0\0\0\5"
				   "a" ZEROS "\0\0\0\0\0\0\0\7"
				   "\0\0\0\0\0\0\0\6"
				   "b" ZEROS;
	struct om_buf buf;

	(void)state;
	some_record(&buf, 2, 2);
	assert_int_equal(buf.n, sizeof(want) - 1);
	assert_memory_equal(buf.p, want, buf.n);
	om_buf_fini(&buf);
}

static void
fields_and_heads_are_read_back_in_order(void **state)
{
	struct om_journal_reader r;
	struct om_err err = { 0 };
	struct om_str name;
	struct om_str value;
	struct om_head head;
	struct om_buf buf;

	(void)state;
	some_record(&buf, 2, 2);
	assert_ok(om_journal_read(om_buf_view(&buf), &r, &err));
	assert_true(om_journal_next_field(&r, &name, &value));
	assert_true(om_str_is(name, "command"));
	assert_true(om_str_is(value, "ingest"));
	assert_true(om_journal_next_field(&r, &name, &value));
	assert_int_equal(name.n + value.n, 0);
	assert_false(om_journal_next_field(&r, &name, &value));
	assert_true(om_journal_next_head(&r, &head));
	assert_int_equal(head.shard, 0);
	assert_true(om_journal_next_head(&r, &head));
	assert_int_equal(head.shard, 7);
	assert_int_equal(head.size, 6);
	assert_int_equal(head.root.h[0], 'b');
	assert_false(om_journal_next_head(&r, &head));
	om_buf_fini(&buf);
}

static void
heads_are_reached_past_fields_and_without_any(void **state)
{
	struct om_err err = { 0 };
	struct om_head head;
	struct om_buf buf;
	bool there = false;

	(void)state;
	for (size_t fields = 0; fields <= 2; fields++) {
		some_record(&buf, fields, 2);
		assert_ok(
		    om_journal_head(om_buf_view(&buf), 7, &head, &there, &err));
		assert_true(there);
		assert_int_equal(head.size, 6);
		assert_ok(
		    om_journal_head(om_buf_view(&buf), 1, &head, &there, &err));
		assert_false(there);
		om_buf_fini(&buf);
	}
	some_record(&buf, 0, 0);
	assert_ok(om_journal_head(om_buf_view(&buf), 0, &head, &there, &err));
	assert_false(there);
	om_buf_fini(&buf);
}

static void
no_part_and_no_extension_of_a_record_is_one(void **state)
{
	struct om_journal_reader r;
	struct om_err err = { 0 };
	struct om_buf buf;

	(void)state;
	some_record(&buf, 2, 2);
	for (size_t n = 0; n < buf.n; n++) {
		char *part = malloc(n + 1); /* ASan sees a read beyond it */

		memcpy(part, buf.p, n);
		assert_fails(om_journal_read((struct om_str){ part, n }, &r,
				 &err),
		    OM_EDAMAGED);
		free(part);
	}
	om_buf_char(&buf, 0);
	assert_fails(om_journal_read(om_buf_view(&buf), &r, &err), OM_EDAMAGED);
	assert_string_equal(err.msg, "malformed journal record");
	om_buf_fini(&buf);
}

/* Counts of what is not there end at once, not after four billion tries. */
static void
a_count_beyond_the_record_is_refused(void **state)
{
	struct om_journal_reader r;
	struct om_err err = { 0 };
	struct om_buf buf;

	(void)state;
	some_record(&buf, 0, 0);
	memset(buf.p + 4 + 17, 0xff, 8);
	assert_fails(om_journal_read(om_buf_view(&buf), &r, &err), OM_EDAMAGED);
	memset(buf.p + 4 + 17, 0, 4);
	assert_fails(om_journal_read(om_buf_view(&buf), &r, &err), OM_EDAMAGED);
	buf.p[4] = 'O';
	memset(buf.p + 4 + 17, 0, 8);
	assert_fails(om_journal_read(om_buf_view(&buf), &r, &err), OM_EDAMAGED);
	buf.p[4] = 'o';
	assert_ok(om_journal_read(om_buf_view(&buf), &r, &err));
	om_buf_fini(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_these_bytes),
		cmocka_unit_test(fields_and_heads_are_read_back_in_order),
		cmocka_unit_test(heads_are_reached_past_fields_and_without_any),
		cmocka_unit_test(no_part_and_no_extension_of_a_record_is_one),
		cmocka_unit_test(a_count_beyond_the_record_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
