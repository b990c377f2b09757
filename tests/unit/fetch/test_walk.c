/* Which page comes next, and up to where everything was seen. No server: pages
 * are made up. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/walk.h"

static const int64_t noon = 1764158400; /* 2025-11-26T12:00:00Z */

struct fixture {
	struct om_arena arena;
	struct om_feed *feed;
	struct om_fetch_state state;
	struct om_http_answer answer;
	struct om_page page;
	struct om_walk_news news;
	enum om_walk_step step;
	const char *url;
	bool credentials;
};

static int
begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	om_fetch_state_init(&f->state);
	*state = f;
	return 0;
}

static int
end(void **state)
{
	struct fixture *f = *state;

	om_feed_free(&f->feed);
	om_http_answer_end(&f->answer);
	om_arena_clear(&f->arena);
	free(f);
	return 0;
}

/* The feed of the test, with this in its http block. */
static void
use(struct fixture *f, const char *http)
{
	char path[] = "/tmp/om-walk-XXXXXX";
	int fd = mkstemp(path);
	FILE *out = fdopen(fd, "w");
	struct om_err err = { 0 };

	assert_non_null(out);
	fprintf(out,
	    "profile: canonical\nsource: https://x.example/o?a=1\nhttp: {%s}\n",
	    http);
	fclose(out);
	om_feed_free(&f->feed);
	assert_ok(om_feed_load(path, &f->feed, &err));
	unlink(path);
}

static void
header(struct fixture *f, const char *name, const char *value)
{
	f->answer.header_count = 1;
	f->answer.header[0] = (struct om_http_header){ name, value };
}

/* Turn a page with these items, "id" or "id=value", separated by blanks. */
static int
turn(struct fixture *f, const char *items, struct om_err *err)
{
	const struct om_walk_page in = { f->url, f->url, &f->page, &f->answer,
		noon, f->credentials };
	char *copy = om_strndup(&f->arena, items, strlen(items));
	char *save = NULL;

	f->page.json = true;
	f->page.id = (struct om_texts){ NULL, 0, 0 };
	f->page.key = f->page.id;
	f->page.value = f->page.id;
	for (char *id = strtok_r(copy, " ", &save); id != NULL;
	     id = strtok_r(NULL, " ", &save)) {
		char *value = strchr(id, '=');
		char *key = om_alloc(&f->arena, 2 * strlen(id) + 8);

		if (value != NULL)
			*value++ = '\0';
		sprintf(key, "%s\th\t%s", id, value == NULL ? "" : value);
		om_texts_add(&f->page.id, id, &f->arena);
		om_texts_add(&f->page.key, key, &f->arena);
		om_texts_add(&f->page.value, value == NULL ? "" : value,
		    &f->arena);
	}
	return om_walk_turn(f->feed, &in, &f->arena, &f->state, &f->step,
	    &f->news, err);
}

static void
start(struct fixture *f)
{
	f->page = (struct om_page){ .more = true, .total = -1 };
	f->url = om_walk_first(f->feed, &f->state, &f->arena);
}

/* The next page is asked for by this URL. */
static void
goes_on(struct fixture *f, const char *url)
{
	assert_int_equal(f->step, OM_WALK_ON);
	assert_string_equal(f->state.next, url);
	f->url = f->state.next;
}

static void
a_walk_begins_with_all_its_parameters(void **state)
{
	struct fixture *f = *state;

	use(f, "parameters: {status: any}, paging: {kind: page, start: 0, "
	       "size: 50, size-parameter: n, sort: {by: id}}, "
	       "since: {parameter: from, field: t, start: '2020-01-01'}");
	start(f);
	assert_string_equal(f->url, "https://x.example/o?a=1&status=any&by=id&"
				    "n=50&from=2020-01-01&page=0");
}

static void
links_are_followed_from_where_they_stand(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	use(f, "paging: {kind: link}");
	start(f);
	header(f, "Link", "</o?p=2>; rel=\"next\"");
	assert_ok(turn(f, "1 2", &err));
	goes_on(f, "https://x.example/o?p=2");
	f->answer.header_count = 0;
	assert_ok(turn(f, "3", &err));
	assert_int_equal(f->step, OM_WALK_DONE);
	assert_null(f->state.next);
	assert_int_equal(f->state.pages, 0);
}

static void
a_cursor_is_a_parameter_or_a_url(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	use(f, "paging: {kind: cursor, next: n, parameter: c}");
	start(f);
	f->page.next = "a/b=";
	assert_ok(turn(f, "1", &err));
	goes_on(f, "https://x.example/o?a=1&c=a%2Fb%3D");
	f->page.more = false;
	assert_ok(turn(f, "2", &err));
	assert_int_equal(f->step, OM_WALK_DONE);
	use(f, "paging: {kind: cursor, next: n}");
	start(f);
	f->page.next = "/other?c=1";
	assert_ok(turn(f, "1", &err));
	goes_on(f, "https://x.example/other?c=1");
}

static void
numbered_pages_end_by_total_or_size(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	use(f, "paging: {kind: page, unstable: true, total-header: X-Total}");
	start(f);
	header(f, "X-Total", "3");
	assert_ok(turn(f, "1 2", &err));
	goes_on(f, "https://x.example/o?a=1&page=2");
	assert_ok(turn(f, "3", &err));
	assert_int_equal(f->step, OM_WALK_DONE);

	use(f, "paging: {kind: page, unstable: true, size: 2}");
	f->answer.header_count = 0;
	start(f);
	assert_ok(turn(f, "1 2", &err));
	goes_on(f, "https://x.example/o?a=1&page=2");
	assert_ok(turn(f, "3 4", &err));
	goes_on(f, "https://x.example/o?a=1&page=3");
	assert_ok(turn(f, "", &err));
	assert_int_equal(f->step, OM_WALK_DONE);
}

static void
offsets_overlap_so_that_a_slip_is_seen(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	use(f, "paging: {kind: offset, size: 3, overlap: 1, unstable: true}");
	start(f);
	assert_string_equal(f->url, "https://x.example/o?a=1&offset=0");
	assert_ok(turn(f, "1 2 3", &err));
	goes_on(f, "https://x.example/o?a=1&offset=2");
	assert_ok(turn(f, "3 4 5", &err));
	goes_on(f, "https://x.example/o?a=1&offset=4");
	assert_int_equal(f->news.overlap, 0);
	assert_ok(turn(f, "6 7 8", &err)); /* 1 was deleted */
	assert_int_equal(f->step, OM_WALK_MOVED);
	assert_string_equal(f->news.reason,
	    "a page does not go on where the last one ended");
	assert_null(f->state.next);
	assert_int_equal(f->state.pages, 0);
}

static void
a_total_that_falls_means_that_items_moved(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	use(f, "paging: {kind: page, size: 2, unstable: true, total: t}");
	start(f);
	f->page.total = 5;
	assert_ok(turn(f, "1 2", &err));
	f->url = f->state.next;
	f->page.total = 6; /* more at the end: fine */
	assert_ok(turn(f, "3 4", &err));
	f->url = f->state.next;
	f->page.total = 5;
	assert_ok(turn(f, "6", &err));
	assert_int_equal(f->step, OM_WALK_MOVED);
	assert_string_equal(f->news.reason, "the list has become shorter");
}

static void
a_short_page_before_the_end_means_so_too(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	use(f, "paging: {kind: page, size: 2, unstable: true, total: t}");
	start(f);
	f->page.total = 5;
	assert_ok(turn(f, "1", &err));
	assert_int_equal(f->step, OM_WALK_MOVED);
	assert_string_equal(f->news.reason,
	    "a page is shorter than it should be");
}

static void
the_largest_id_leads_on(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	use(f, "paging: {kind: since-id, size: 2}");
	start(f);
	assert_string_equal(f->url, "https://x.example/o?a=1&since_id=0");
	assert_ok(turn(f, "10 9", &err));
	goes_on(f, "https://x.example/o?a=1&since_id=10");
	assert_fails(turn(f, "8 7", &err), OM_EDATA);
	assert_string_equal(err.msg, "page 2 repeats the one before it");
	assert_ok(turn(f, "11", &err));
	assert_int_equal(f->step, OM_WALK_DONE);
	start(f);
	assert_string_equal(f->url, "https://x.example/o?a=1&since_id=11");
}

static void
the_same_page_again_is_an_error(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	use(f, "paging: {kind: page, unstable: true}");
	start(f);
	assert_ok(turn(f, "1 2", &err));
	f->url = f->state.next;
	assert_fails(turn(f, "1 2", &err), OM_EDATA);
	assert_ok(turn(f, "2 3", &err));
	assert_int_equal(f->news.overlap, 1);
}

static void
a_next_page_may_not_lead_astray(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	use(f, "paging: {kind: link, max-pages: 2}");
	start(f);
	header(f, "Link", "<https://y.example/>; rel=next");
	assert_ok(turn(f, "1", &err));
	f->credentials = true;
	om_fetch_state_rest(&f->state);
	assert_fails(turn(f, "1", &err), OM_EAUTH);
	f->credentials = false;
	om_fetch_state_rest(&f->state);
	header(f, "Link", "<https://x.example/o?a=1>; rel=next");
	assert_fails(turn(f, "1", &err), OM_EDATA);
	om_fetch_state_rest(&f->state);
	header(f, "Link", "</2?token=sesame>; rel=next");
	assert_fails(turn(f, "1", &err), OM_EDATA);
	assert_null(strstr(err.msg, "sesame"));
	om_fetch_state_rest(&f->state);
	header(f, "Link", "</2>; rel=next");
	assert_ok(turn(f, "1", &err));
	assert_fails(turn(f, "2", &err), OM_ELIMIT);
	assert_string_equal(err.msg, "there are more than 2 pages");
}

/* The edge has what is as old as `since`, or newer. */
static void
ties_at_the_edge_are_known_again(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	use(f, "since: {parameter: from, field: t}");
	start(f);
	assert_string_equal(f->url, "https://x.example/o?a=1");
	assert_ok(turn(f, "1=2020-01-02 2=2020-01-03 3=2020-01-03", &err));
	assert_int_equal(f->news.fresh, 3);
	assert_string_equal(f->state.since, "2020-01-03");
	assert_int_equal(f->state.edge.count, 2);
	start(f);
	assert_string_equal(f->url, "https://x.example/o?a=1&from=2020-01-03");
	assert_ok(turn(f, "2=2020-01-03 3=2020-01-03", &err));
	assert_int_equal(f->news.fresh, 0);
	assert_ok(turn(f, "2=2020-01-03 3=2020-01-03 4=2020-01-03", &err));
	assert_int_equal(f->news.fresh, 1);
	assert_int_equal(f->state.edge.count, 3);
	assert_ok(turn(f, "4=2020-01-03 5=2020-01-04", &err));
	assert_string_equal(f->state.since, "2020-01-04");
	assert_int_equal(f->state.edge.count, 1);
}

/* noon, by the server, is when each walk begins. */
static void
since_does_not_pass_the_time_a_walk_began(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	use(f, "since: {parameter: from, field: t, margin: 60s}");
	start(f);
	assert_ok(turn(f,
	    "1=2025-11-26T11:58:00Z 2=2025-11-26T11:59:30Z "
	    "3=2025-11-26T12:00:30Z",
	    &err));
	assert_string_equal(f->state.since, "2025-11-26T11:58:00Z");
	assert_int_equal(f->state.edge.count, 3);
	assert_ok(
	    turn(f, "2=2025-11-26T11:59:30Z 3=2025-11-26T12:00:30Z", &err));
	assert_int_equal(f->news.fresh, 0);
	assert_string_equal(f->state.since, "2025-11-26T11:58:00Z");
}

static void
in_a_walk_since_stays_until_its_end(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	use(f, "paging: {kind: link}, since: {parameter: from, field: t}");
	start(f);
	header(f, "Link", "</2>; rel=next");
	assert_ok(turn(f, "1=2020-01-09 2=2020-01-01", &err));
	assert_null(f->state.since);
	f->answer.header_count = 0;
	assert_ok(turn(f, "3=2020-01-05", &err));
	assert_string_equal(f->state.since, "2020-01-09");
	assert_int_equal(f->state.edge.count, 1);
}

static void
an_exclusive_server_is_asked_for_a_second_earlier(void **state)
{
	static const struct {
		const char *value;
		const char *asked;
	} cases[] = {
		{ "2020-01-01T00:00:00Z", "2019-12-31T23:59:59Z" },
		{ "2020-01-01T00:00:00", "2019-12-31T23:59:59" },
		{ "2020-01-01T02:00:00+02:00", "2019-12-31T23:59:59Z" },
		{ "100", "99" },
		{ "abc", "abc" },
	};
	struct fixture *f = *state;

	use(f, "since: {parameter: from, field: t, exclusive: true}");
	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		char want[128];

		f->state.since = cases[i].value;
		start(f);
		snprintf(want, sizeof(want), "https://x.example/o?a=1&from=%s",
		    cases[i].asked);
		assert_string_equal(f->url, want);
	}
}

static void
an_item_without_its_value_is_an_error(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	use(f, "since: {parameter: from, field: t}");
	start(f);
	assert_fails(turn(f, "1=2020-01-01 2", &err), OM_EDATA);
	assert_string_equal(err.msg, "item '2' has no 't'");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_walk_begins_with_all_its_parameters),
		TEST(links_are_followed_from_where_they_stand),
		TEST(a_cursor_is_a_parameter_or_a_url),
		TEST(numbered_pages_end_by_total_or_size),
		TEST(offsets_overlap_so_that_a_slip_is_seen),
		TEST(a_total_that_falls_means_that_items_moved),
		TEST(a_short_page_before_the_end_means_so_too),
		TEST(the_largest_id_leads_on),
		TEST(the_same_page_again_is_an_error),
		TEST(a_next_page_may_not_lead_astray),
		TEST(ties_at_the_edge_are_known_again),
		TEST(since_does_not_pass_the_time_a_walk_began),
		TEST(in_a_walk_since_stays_until_its_end),
		TEST(an_exclusive_server_is_asked_for_a_second_earlier),
		TEST(an_item_without_its_value_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
