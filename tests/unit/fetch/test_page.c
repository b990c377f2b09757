/* What is found in a page of JSON, and how values are compared. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/page.h"

struct fixture {
	char path[32];
	struct om_arena arena;
	struct om_page page;
	struct om_str items[2];
	struct om_page_spec spec;
};

static int
begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	int fd;

	if (f == NULL)
		return -1;
	strcpy(f->path, "/tmp/om-page-XXXXXX");
	fd = mkstemp(f->path);
	close(fd);
	f->items[0] = OM_STR("orders");
	f->items[1] = OM_STR("data.list");
	f->spec = (struct om_page_spec){
		.items = f->items,
		.item_count = 2,
		.id = "id",
		.value = "dates.updated",
		.next = "meta.next",
		.more = "meta.more",
		.total = "total",
	};
	*state = f;
	return fd < 0 ? -1 : 0;
}

static int
end(void **state)
{
	struct fixture *f = *state;

	unlink(f->path);
	om_arena_clear(&f->arena);
	free(f);
	return 0;
}

static int
scan(struct fixture *f, const char *text, struct om_err *err)
{
	FILE *out = fopen(f->path, "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	return om_page_read(f->path, &f->spec, &f->arena, &f->page, err);
}

static void
items_have_ids_values_and_hashes(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(scan(f,
	    "{\"total\": 7, \"orders\": [{\"id\": 12, \"dates\": {\"updated\":"
	    " \"2026-01-01\"}, \"lines\": [{\"id\": 9}]}, {\"id\": \"x\\u0041\"}"
	    "], \"meta\": {\"next\": \"abc\", \"more\": true}}",
	    &err));
	assert_true(f->page.json);
	assert_int_equal(f->page.id.count, 2);
	assert_string_equal(f->page.id.text[0], "12");
	assert_string_equal(f->page.value.text[0], "2026-01-01");
	assert_string_equal(f->page.id.text[1], "xA");
	assert_string_equal(f->page.value.text[1], "");
	assert_string_equal(f->page.next, "abc");
	assert_true(f->page.more);
	assert_int_equal(f->page.total, 7);
}

static void
an_item_that_differs_in_a_byte_has_another_key(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	const char *key;

	assert_ok(scan(f, "[{\"id\": 1, \"total\": 5}]", &err));
	key = f->page.key.text[0];
	assert_int_equal(strncmp(key, "1\t", 2), 0);
	assert_ok(scan(f, "[ {\"id\": 1, \"total\": 5} ]", &err));
	assert_string_equal(f->page.key.text[0], key);
	assert_ok(scan(f, "[{\"id\": 1, \"total\": 6}]", &err));
	assert_string_not_equal(f->page.key.text[0], key);
	assert_int_equal(f->page.total, -1); /* that of an item is none */
}

static void
arrays_are_found_at_their_paths_only(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(scan(f, "{\"data\": {\"list\": [{\"id\": 1}]}}", &err));
	assert_int_equal(f->page.id.count, 1);
	assert_ok(scan(f, "{\"list\": [{\"id\": 1}], \"orders\": {\"id\": 2}}",
	    &err));
	assert_int_equal(f->page.id.count, 0);
	assert_ok(scan(f, "{\"orders\": [[{\"id\": 1}]]}", &err));
	assert_int_equal(f->page.id.count, 0);
	assert_ok(scan(f, "[]", &err));
	assert_int_equal(f->page.id.count, 0);
}

static void
no_cursor_is_null_false_or_empty(void **state)
{
	static const char *const none[] = { "null", "false", "\"\"", "{}" };
	struct fixture *f = *state;

	for (size_t i = 0; i < OM_COUNT(none); i++) {
		struct om_err err = { 0 };
		char text[64];

		snprintf(text, sizeof(text), "{\"meta\": {\"next\": %s}}",
		    none[i]);
		assert_ok(scan(f, text, &err));
		assert_null(f->page.next);
	}
}

static void
more_is_yes_unless_the_document_says_no(void **state)
{
	static const struct {
		const char *text;
		bool more;
	} cases[] = {
		{ "{}", true },
		{ "{\"meta\": {\"more\": false}}", false },
		{ "{\"meta\": {\"more\": null}}", false },
		{ "{\"meta\": {\"more\": 0}}", false },
		{ "{\"meta\": {\"more\": 1}}", true },
		{ "{\"meta\": {\"more\": \"yes\"}}", true },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		struct om_err err = { 0 };

		assert_ok(scan(f, cases[i].text, &err));
		assert_int_equal(f->page.more, cases[i].more);
	}
}

static void
what_does_not_begin_like_json_is_none(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(scan(f, "reference,total\n", &err));
	assert_false(f->page.json);
	assert_ok(scan(f, "", &err));
	assert_false(f->page.json);
	assert_ok(scan(f, "\xef\xbb\xbf \n[]", &err));
	assert_true(f->page.json);
}

static void
json_that_is_cut_off_is_an_error_with_its_place(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_fails(scan(f, "{\"orders\": [{\"id\": 1}", &err), OM_EDATA);
	assert_string_equal(err.msg,
	    "line 1, byte 21, orders[0]: the input ends in "
	    "the middle of a value");
}

static void
too_many_items_are_a_limit(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	size_t n = (size_t)OM_PAGE_ITEMS_MAX;
	char *text = calloc(n + 2, 3);

	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		memcpy(text + 3 * i, i == 0 ? "[{}" : ",{}", 3);
	memcpy(text + 3 * n, "]", 2);
	assert_ok(scan(f, text, &err));
	assert_int_equal(f->page.id.count, n);
	memcpy(text + 3 * n, ",{}]", 5);
	assert_fails(scan(f, text, &err), OM_ELIMIT);
	free(text);
}

static void
values_compare_as_numbers_times_or_bytes(void **state)
{
	(void)state;
	assert_true(om_page_compare("9", "10") < 0);
	assert_int_equal(om_page_compare("10", "10"), 0);
	assert_true(om_page_compare("2026-01-01T12:00:00+02:00",
			"2026-01-01T11:00:00Z") < 0);
	assert_true(om_page_compare("2026-01-01T10:00:00.5Z",
			"2026-01-01T10:00:00.25Z") > 0);
	assert_true(om_page_compare("b", "a") > 0);
	assert_true(om_page_compare("10", "9a") < 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(items_have_ids_values_and_hashes),
		TEST(an_item_that_differs_in_a_byte_has_another_key),
		TEST(arrays_are_found_at_their_paths_only),
		TEST(no_cursor_is_null_false_or_empty),
		TEST(more_is_yes_unless_the_document_says_no),
		TEST(what_does_not_begin_like_json_is_none),
		TEST(json_that_is_cut_off_is_an_error_with_its_place),
		TEST(too_many_items_are_a_limit),
		TEST(values_compare_as_numbers_times_or_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
