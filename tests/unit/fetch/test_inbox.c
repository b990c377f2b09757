/* The inbox: a document and its state in one step, whatever is killed where. */
#include "tree.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch/inbox.h"

static const int64_t noon = 1763899200; /* 2025-11-23T12:00:00Z */

struct fixture {
	char root[32];
	struct om_arena arena;
	struct om_inbox *inbox;
	struct om_http_answer answer;
	struct om_clock clock;
};

static int
begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct om_err err = { 0 };

	if (f == NULL)
		return -1;
	strcpy(f->root, "/tmp/om-inbox-XXXXXX");
	f->clock = om_clock_fixed(&noon);
	f->answer.status = 200;
	*state = f;
	return mkdtemp(f->root) == NULL ||
		       om_inbox_open(f->root, "shop", true, &f->inbox, &err) < 0
		   ? -1
		   : 0;
}

static int
end(void **state)
{
	struct fixture *f = *state;

	om_inbox_close(&f->inbox);
	om_arena_clear(&f->arena);
	tree_remove(f->root);
	free(f);
	return 0;
}

/* A document with these bytes, and a state that says so. */
static int64_t
put(struct fixture *f, const char *bytes, const char *since)
{
	OM_AUTO(om_body_end) struct om_body body = { .fd = -1 };
	const struct om_record record = { .feed = "shop",
		.at = noon,
		.url = "https://shop.example/x?y=\"z\"",
		.answer = &f->answer,
		.items = 1 };
	struct om_fetch_state state;
	struct om_http_sink sink;
	struct om_err err = { 0 };
	int64_t number = 0;

	om_fetch_state_init(&state);
	state.since = since;
	assert_ok(
	    om_body_begin(f->inbox, "https://shop.example/x", &body, &err));
	sink = om_body_sink(&body);
	assert_ok(sink.begin(sink.arg, 0, &f->answer, &err));
	assert_ok(sink.write(sink.arg, bytes, strlen(bytes), &err));
	assert_ok(om_body_finish(&body, &err));
	assert_ok(om_body_commit(&body, &record, &state, &number, &err));
	return number;
}

/* What the state's since is. */
static const char *
since(struct fixture *f)
{
	struct om_fetch_state state;
	struct om_err err = { 0 };

	assert_ok(om_inbox_state(f->inbox, &f->arena, &state, &err));
	return state.since == NULL ? "none" : state.since;
}

static void
write_file(struct fixture *f, const char *name, const char *text)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/shop/%s", f->root, name);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void
documents_are_numbered_and_listed_in_order(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct om_document *list;
	size_t count;

	for (int i = 1; i <= 11; i++)
		assert_int_equal(put(f, "abc", "1"), i);
	assert_ok(om_inbox_loaded(f->inbox, 2, 7, &err));
	assert_ok(om_inbox_drop(f->inbox, 3, &err));
	assert_ok(om_inbox_list(f->inbox, &f->arena, &list, &count, &err));
	assert_int_equal(count, 11);
	assert_int_equal(list[10].number, 11);
	assert_int_equal(list[0].state, OM_DOCUMENT_WAITING);
	assert_int_equal(list[0].bytes, 3);
	assert_int_equal(list[0].at, noon);
	assert_string_equal(list[0].url, "https://shop.example/x?y=\"z\"");
	assert_string_equal(list[0].sha256,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(list[1].state, OM_DOCUMENT_LOADED);
	assert_int_equal(list[1].batch, 7);
	assert_int_equal(list[2].state, OM_DOCUMENT_DROPPED);
}

static void
the_state_is_that_of_the_last_step(void **state)
{
	struct fixture *f = *state;
	struct om_fetch_state s;
	struct om_err err = { 0 };

	assert_string_equal(since(f), "none");
	put(f, "a", "1");
	assert_string_equal(since(f), "1");
	om_fetch_state_init(&s);
	s.since = "2";
	assert_ok(om_inbox_put_state(f->inbox, &s, &err));
	assert_string_equal(since(f), "2");
	put(f, "b", "3");
	assert_string_equal(since(f), "3");
}

/* Killed: in the body; behind it; between body and record. */
static void
what_a_kill_leaves_is_no_document(void **state)
{
	struct fixture *f = *state;
	struct om_document *list;
	struct om_err err = { 0 };
	size_t count;

	put(f, "a", "1");
	write_file(f, "next.part", "hal");
	write_file(f, "00000002.body", "orphan");
	write_file(f, "00000002.json.ordmill-x", "{");
	assert_ok(om_inbox_list(f->inbox, &f->arena, &list, &count, &err));
	assert_int_equal(count, 1);
	assert_string_equal(since(f), "1");
	assert_int_equal(put(f, "b", "2"), 2);
	assert_ok(om_inbox_list(f->inbox, &f->arena, &list, &count, &err));
	assert_int_equal(count, 2);
	assert_int_equal(list[1].bytes, 1);
}

static void
a_body_that_is_not_committed_is_gone(void **state)
{
	struct fixture *f = *state;
	struct om_body body = { .fd = -1 };
	struct om_http_sink sink;
	struct om_err err = { 0 };
	char path[128];

	assert_ok(
	    om_body_begin(f->inbox, "https://shop.example/x", &body, &err));
	sink = om_body_sink(&body);
	assert_ok(sink.write(sink.arg, "xyz", 3, &err));
	assert_ok(sink.begin(sink.arg, 3, &f->answer, &err)); /* goes on */
	assert_ok(sink.write(sink.arg, "!", 1, &err));
	assert_fails(sink.begin(sink.arg, 2, &f->answer, &err), OM_EINTERNAL);
	assert_ok(sink.begin(sink.arg, 0, &f->answer, &err)); /* begins anew */
	assert_ok(sink.write(sink.arg, "abc", 3, &err));
	assert_ok(om_body_finish(&body, &err));
	assert_string_equal(body.hex,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	snprintf(path, sizeof(path), "%s/shop/next.part", f->root);
	assert_int_equal(access(path, F_OK), 0);
	om_body_end(&body);
	om_body_end(&body);
	assert_int_equal(access(path, F_OK), -1);
}

static void
numbers_go_on_when_records_are_forgotten(void **state)
{
	struct fixture *f = *state;
	struct om_fetch_state s;
	struct om_err err = { 0 };

	put(f, "a", "1");
	put(f, "b", "2");
	om_fetch_state_init(&s);
	s.since = "2";
	assert_ok(om_inbox_put_state(f->inbox, &s, &err));
	assert_ok(om_inbox_forget(f->inbox, 1, &err));
	assert_ok(om_inbox_forget(f->inbox, 2, &err));
	assert_string_equal(since(f), "2");
	assert_int_equal(put(f, "c", "3"), 3);
	assert_string_equal(since(f), "3");
}

static void
a_whole_state_goes_through_the_file(void **state)
{
	struct fixture *f = *state;
	struct om_fetch_state s;
	struct om_fetch_state back;
	struct om_err err = { 0 };

	om_fetch_state_init(&s);
	s.source = "https://x/?a=1&b=\"\\\xc3\xbc";
	s.since = "2026-01-01";
	om_texts_add(&s.edge, "1\tabc\t2026-01-01", &f->arena);
	s.largest = "77";
	s.etag = "\"v\"";
	s.modified = "Sun";
	s.day = "2026-01-02";
	s.next = "https://x/2";
	s.pages = 3;
	s.at = 4;
	s.seen = 300;
	s.total = 1000;
	s.began = noon;
	s.high = "2026-02-01";
	om_texts_add(&s.high_edge, "9\tdef\t2026-02-01", &f->arena);
	om_texts_add(&s.last, "8", &f->arena);
	om_texts_add(&s.last, "9", &f->arena);
	assert_ok(om_inbox_put_state(f->inbox, &s, &err));
	assert_ok(om_inbox_state(f->inbox, &f->arena, &back, &err));
	assert_string_equal(back.source, s.source);
	assert_string_equal(back.since, s.since);
	assert_true(om_texts_same(&back.edge, &s.edge));
	assert_string_equal(back.largest, s.largest);
	assert_string_equal(back.etag, s.etag);
	assert_string_equal(back.modified, s.modified);
	assert_string_equal(back.day, s.day);
	assert_string_equal(back.next, s.next);
	assert_int_equal(back.pages, 3);
	assert_int_equal(back.at, 4);
	assert_int_equal(back.seen, 300);
	assert_int_equal(back.total, 1000);
	assert_int_equal(back.began, noon);
	assert_string_equal(back.high, s.high);
	assert_true(om_texts_same(&back.high_edge, &s.high_edge));
	assert_true(om_texts_same(&back.last, &s.last));
}

static void
a_damaged_record_is_told_not_passed_over(void **state)
{
	struct fixture *f = *state;
	struct om_fetch_state s;
	struct om_document *list;
	struct om_err err = { 0 };
	size_t count;

	put(f, "a", "1");
	write_file(f, "00000002.json", "{\"schema\":");
	assert_fails(om_inbox_list(f->inbox, &f->arena, &list, &count, &err),
	    OM_EDAMAGED);
	assert_fails(om_inbox_state(f->inbox, &f->arena, &s, &err),
	    OM_EDAMAGED);
	write_file(f, "00000002.json", "{\"bytes\":\"1\"}");
	assert_fails(om_inbox_list(f->inbox, &f->arena, &list, &count, &err),
	    OM_EDAMAGED);
	assert_non_null(strstr(err.msg, "00000002.json' is no record"));
}

static void
headers_that_grant_something_are_not_kept(void **state)
{
	static const struct om_http_header headers[] = {
		{ "Content-Type", "text/csv" },
		{ "Set-Cookie", "session=sesame" },
		{ "X-Access-Token", "sesame" },
		{ "Location", "https://x/?token=sesame" },
	};
	struct fixture *f = *state;
	char path[OM_INBOX_PATH_MAX];
	char text[4096] = "";
	FILE *in;

	memcpy(f->answer.header, headers, sizeof(headers));
	f->answer.header_count = OM_COUNT(headers);
	put(f, "a", "1");
	om_inbox_record_path(f->inbox, 1, path);
	in = fopen(path, "r");
	assert_non_null(in);
	assert_true(fread(text, 1, sizeof(text) - 1, in) > 0);
	fclose(in);
	assert_non_null(strstr(text, "text/csv"));
	assert_null(strstr(text, "sesame"));
}

static void
a_name_that_is_no_folder_is_refused(void **state)
{
	static const char *const bad[] = { "", ".", "..", "a/b", "a b",
		".hidden", "\xc3\xbc" };
	struct fixture *f = *state;

	for (size_t i = 0; i < OM_COUNT(bad); i++) {
		struct om_inbox *inbox = NULL;
		struct om_err err = { 0 };

		assert_fails(om_inbox_open(f->root, bad[i], true, &inbox, &err),
		    OM_EUSAGE);
		assert_null(inbox);
	}
}

static void
feeds_are_the_folders_of_the_root(void **state)
{
	struct fixture *f = *state;
	struct om_inbox *other = NULL;
	struct om_texts feeds;
	struct om_err err = { 0 };

	assert_ok(om_inbox_open(f->root, "acme", true, &other, &err));
	om_inbox_close(&other);
	assert_ok(om_inbox_feeds(f->root, &f->arena, &feeds, &err));
	assert_int_equal(feeds.count, 2);
	assert_string_equal(feeds.text[0], "acme");
	assert_string_equal(feeds.text[1], "shop");
	assert_ok(om_inbox_feeds("/tmp/om-not-there", &f->arena, &feeds, &err));
	assert_int_equal(feeds.count, 0);
}

static void
one_at_a_time_fetches_a_feed(void **state)
{
	struct fixture *f = *state;
	struct om_inbox *other = NULL;
	struct om_err err = { 0 };

	assert_ok(om_inbox_lock(f->inbox, 0, "fetch", &f->clock, &err));
	assert_ok(om_inbox_open(f->root, "shop", true, &other, &err));
	assert_fails(om_inbox_lock(other, 0, "fetch", &f->clock, &err),
	    OM_EBUSY);
	om_inbox_close(&f->inbox);
	assert_ok(om_inbox_lock(other, 0, "fetch", &f->clock, &err));
	om_inbox_close(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(documents_are_numbered_and_listed_in_order),
		TEST(the_state_is_that_of_the_last_step),
		TEST(what_a_kill_leaves_is_no_document),
		TEST(a_body_that_is_not_committed_is_gone),
		TEST(numbers_go_on_when_records_are_forgotten),
		TEST(a_whole_state_goes_through_the_file),
		TEST(a_damaged_record_is_told_not_passed_over),
		TEST(headers_that_grant_something_are_not_kept),
		TEST(a_name_that_is_no_folder_is_refused),
		TEST(feeds_are_the_folders_of_the_root),
		TEST(one_at_a_time_fetches_a_feed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
