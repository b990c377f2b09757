/* One exchange: what an answer is, and every way in which it is none. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "io/http.h"
#include "serve.h"

#define OK "HTTP/1.1 200 OK\r\n"

struct fixture {
	struct om_http_config config;
	struct om_http_answer answer;
	struct om_buf body;
	char *asked;
};

static int
begin_body(void *arg, uint64_t offset, const struct om_http_answer *answer,
    struct om_err *err)
{
	struct fixture *f = arg;

	(void)answer;
	(void)err;
	assert_true(offset <= f->body.n);
	f->body.n = (size_t)offset;
	return 0;
}

static int
write_body(void *arg, const void *bytes, size_t n, struct om_err *err)
{
	struct fixture *f = arg;

	om_buf_add(&f->body, bytes, n);
	if (om_buf_over(&f->body))
		return om_fail(err, OM_EIO, "no room");
	return 0;
}

static int
begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	om_http_config_init(&f->config);
	f->config.allow_http = true;
	om_buf_init(&f->body, 65536);
	*state = f;
	return 0;
}

static int
end(void **state)
{
	struct fixture *f = *state;

	om_http_answer_end(&f->answer);
	om_http_answer_end(&f->answer);
	om_buf_fini(&f->body);
	free(f->asked);
	free(f);
	return 0;
}

/* One exchange with a server that gives this answer. */
static int
ask(struct fixture *f, const char *answer, struct om_http_request r,
    struct om_err *err)
{
	const struct om_http_sink sink = { begin_body, write_body, f };
	struct om_http *http OM_AUTO(om_http_close) = NULL;
	struct serve s;
	char url[128];
	int rc;

	serve_start(&s, &answer, 1);
	snprintf(url, sizeof(url), "%s/x", s.at);
	r.url = url;
	rc = om_http_open(&f->config, &http, err);
	if (rc == 0)
		rc = om_http_exchange(http, &r, &sink, &f->answer, err);
	free(f->asked);
	f->asked = serve_end(&s);
	return rc;
}

static int
get(struct fixture *f, const char *answer, struct om_err *err)
{
	return ask(f, answer, (struct om_http_request){ 0 }, err);
}

static void
an_answer_has_status_reason_headers_and_body(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(get(f, OK "Content-Length: 5\r\nETag:  \"v1\" \r\n\r\nhello",
	    &err));
	assert_int_equal(f->answer.status, 200);
	assert_string_equal(f->answer.reason, "OK");
	assert_string_equal(om_http_header(&f->answer, "etag"), "\"v1\"");
	assert_null(om_http_header(&f->answer, "x-none"));
	assert_string_equal(f->body.p, "hello");
	assert_int_equal(f->answer.length, 5);
	assert_int_equal(f->answer.received, 5);
	assert_true(f->answer.ns > 0);
}

static void
headers_and_agent_are_sent_and_packed_bodies_left_as_they_are(void **state)
{
	static const char *const headers[] = { "Accept-Encoding: gzip",
		"X-Key: sesame", NULL };
	struct fixture *f = *state;
	struct om_err err = { 0 };

	f->config.agent = "ordmill/test";
	assert_ok(ask(f,
	    OK "Content-Encoding: gzip\r\nContent-Length: 4\r\n"
	       "\r\nabcd",
	    (struct om_http_request){ .headers = headers }, &err));
	assert_string_equal(f->body.p, "abcd");
	assert_int_equal(serve_count(f->asked, "GET /x HTTP/1.1\r\n"), 1);
	assert_int_equal(serve_count(f->asked, "X-Key: sesame\r\n"), 1);
	assert_int_equal(serve_count(f->asked, "User-Agent: ordmill/test\r\n"),
	    1);
}

static void
a_form_is_posted(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(ask(f, OK "Content-Length: 2\r\n\r\n{}",
	    (struct om_http_request){ .form = OM_STR("a=1&b=2") }, &err));
	assert_int_equal(serve_count(f->asked, "POST /x HTTP/1.1\r\n"), 1);
	assert_int_equal(serve_count(f->asked, "\r\n\r\na=1&b=2"), 1);
}

static void
the_body_of_another_status_is_dropped(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(get(f,
	    "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\noops", &err));
	assert_int_equal(f->answer.status, 404);
	assert_string_equal(f->answer.reason, "Not Found");
	assert_int_equal(f->body.n, 0);
}

static void
a_body_that_is_not_whole_is_a_failure(void **state)
{
	static const struct {
		const char *answer;
		const char *why;
	} bad[] = {
		{ OK "Content-Length: 9\r\n\r\nhello",
		    "the body ends after 5 of 9 bytes" },
		{ OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
		    "the body breaks off after 5 bytes" },
		{ OK "Transfer-Encoding: chunked\r\n\r\n9\r\nhello",
		    "the body breaks off after 5 bytes" },
		{ "", "the connection was closed without an answer" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < OM_COUNT(bad); i++) {
		struct om_err err = { 0 };

		assert_fails(get(f, bad[i].answer, &err), OM_EREMOTE);
		assert_string_equal(err.msg, bad[i].why);
		assert_true(f->answer.transient);
	}
}

static void
a_broken_chunk_is_a_failure(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_fails(get(f,
			 OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello"
			    "\r\nzz\r\n",
			 &err),
	    OM_EREMOTE);
	assert_true(f->answer.transient);
}

static void
a_body_over_the_limit_is_a_failure_that_stays(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	f->config.max_bytes = 5;
	assert_ok(get(f, OK "Content-Length: 5\r\n\r\nhello", &err));
	assert_fails(get(f, OK "Content-Length: 6\r\n\r\nhello!", &err),
	    OM_ELIMIT);
	assert_string_equal(err.msg,
	    "a body of 6 bytes is over the limit of 5");
	assert_false(f->answer.transient);
	assert_fails(get(f,
			 OK "Transfer-Encoding: chunked\r\n\r\n6\r\nhello!"
			    "\r\n0\r\n\r\n",
			 &err),
	    OM_ELIMIT);
	assert_string_equal(err.msg, "the body is over the limit of 5 bytes");
}

static void
one_who_says_nothing_has_stalled(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	f->config.stall_ms = 20;
	assert_fails(get(f, SERVE_HANG, &err), OM_EREMOTE);
	assert_string_equal(err.msg, "stalled: 0 bytes in 20 ms");
	assert_true(f->answer.transient);
}

static void
one_who_takes_too_long_in_all_is_given_up(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	f->config.total_ms = 20;
	assert_fails(get(f, SERVE_HANG, &err), OM_EREMOTE);
	assert_string_equal(err.msg, "took too long");
	assert_true(f->answer.transient);
}

static void
nobody_there_is_a_transient_failure(void **state)
{
	struct fixture *f = *state;
	const struct om_http_sink sink = { begin_body, write_body, f };
	const struct om_http_request r = { .url = "http://127.0.0.1:1/" };
	struct om_http *http OM_AUTO(om_http_close) = NULL;
	struct om_err err = { 0 };

	assert_ok(om_http_open(&f->config, &http, &err));
	assert_fails(om_http_exchange(http, &r, &sink, &f->answer, &err),
	    OM_EREMOTE);
	assert_string_equal(err.msg, "cannot connect");
	assert_true(f->answer.transient);
}

static void
http_is_refused_unless_allowed(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	f->config.allow_http = false;
	assert_fails(get(f, OK "Content-Length: 0\r\n\r\n", &err), OM_EUSAGE);
}

static void
the_rest_of_a_body_goes_behind_what_there_is(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	struct om_http_request r = { .from = 3, .if_range = "\"v1\"" };

	om_buf_text(&f->body, "hel");
	assert_ok(ask(f,
	    "HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\n"
	    "Content-Range: bytes 3-4/5\r\n"
	    "Content-Length: 2\r\n\r\nlo",
	    r, &err));
	assert_string_equal(f->body.p, "hello");
	assert_int_equal(f->answer.received, 5);
	assert_int_equal(f->answer.length, 5);
	assert_int_equal(serve_count(f->asked, "Range: bytes=3-\r\n"), 1);
	assert_int_equal(serve_count(f->asked, "If-Range: \"v1\"\r\n"), 1);
	assert_ok(ask(f, OK "Content-Length: 5\r\n\r\nHELLO", r, &err));
	assert_string_equal(f->body.p, "HELLO"); /* it has changed: all of it */
}

static void
another_part_than_was_asked_for_is_refused(void **state)
{
	static const char *const ranges[] = { "bytes 2-4/5", "bytes 3-4/9",
		"bytes 3-4/*", "5" };
	struct fixture *f = *state;
	struct om_http_request r = { .from = 3, .if_range = "\"v1\"" };

	for (size_t i = 0; i < OM_COUNT(ranges); i++) {
		struct om_err err = { 0 };
		char answer[256];

		snprintf(answer, sizeof(answer),
		    "HTTP/1.1 206 Partial Content\r\nContent-Range: %s\r\n"
		    "Content-Length: 2\r\n\r\nlo",
		    ranges[i]);
		assert_fails(ask(f, answer, r, &err), OM_EREMOTE);
		assert_string_equal(err.msg,
		    "a part of the body was sent that was not asked for");
	}
}

static void
a_sink_that_fails_ends_the_exchange_with_its_reason(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	om_buf_fini(&f->body);
	om_buf_init(&f->body, 2);
	assert_fails(get(f, OK "Content-Length: 5\r\n\r\nhello", &err), OM_EIO);
	assert_string_equal(err.msg, "no room");
	assert_false(f->answer.transient);
}

static void
too_many_header_lines_are_a_failure(void **state)
{
	struct fixture *f = *state;
	struct om_buf head OM_AUTO(om_buf_fini);
	struct om_err err = { 0 };

	om_buf_init(&head, 65536);
	om_buf_text(&head, OK);
	for (int i = 0; i < OM_HTTP_HEADERS_MAX; i++)
		om_buf_printf(&head, "X-%d: 1\r\n", i);
	om_buf_text(&head, "\r\n");
	assert_ok(get(f, head.p, &err));
	assert_int_equal(f->answer.header_count, OM_HTTP_HEADERS_MAX);
	head.n -= 2;
	om_buf_text(&head, "X: 1\r\n\r\n");
	assert_fails(get(f, head.p, &err), OM_ELIMIT);
	assert_string_equal(err.msg, "over 256 header lines");
}

/* An answer with one header. */
static void
put(struct om_http_answer *a, const char *name, const char *value)
{
	a->header[a->header_count++] = (struct om_http_header){ name, value };
}

static void
a_link_is_found_by_its_relation(void **state)
{
	struct om_http_answer *a = &((struct fixture *)*state)->answer;

	put(a, "Link",
	    "<https://x/1>; rel=\"previous\"; title=\"a, <b>\", "
	    "<https://x/3>; rel=\"prefetch next\"");
	assert_string_equal(om_http_link(a, "next"), "https://x/3");
	assert_string_equal(om_http_link(a, "previous"), "https://x/1");
	assert_null(om_http_link(a, "last"));
	assert_null(om_http_link(a, "nex"));
	put(a, "link", "</last>;rel=last");
	assert_string_equal(om_http_link(a, "last"), "/last");
	put(a, "link", "<unfinished; rel=first");
	assert_null(om_http_link(a, "first"));
}

static void
retry_after_is_a_number_or_a_date(void **state)
{
	static const struct {
		const char *value;
		int64_t want;
	} cases[] = {
		{ "120", 120 },
		{ "-5", 0 },
		{ "Sun, 23 Nov 2025 12:00:30 GMT", 30 },
		{ "Sunday, 23-Nov-25 12:00:30 GMT", 30 },
		{ "Sun, 23 Nov 2025 11:00:00 GMT", 0 },
		{ "soon", -1 },
	};
	struct om_http_answer *a = &((struct fixture *)*state)->answer;
	const int64_t noon = 1763899200;

	assert_int_equal(om_http_retry_after(a, noon), -1);
	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		a->header_count = 0;
		put(a, "retry-after", cases[i].value);
		assert_int_equal(om_http_retry_after(a, noon), cases[i].want);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_has_status_reason_headers_and_body),
		TEST(
		    headers_and_agent_are_sent_and_packed_bodies_left_as_they_are),
		TEST(a_form_is_posted),
		TEST(the_body_of_another_status_is_dropped),
		TEST(a_body_that_is_not_whole_is_a_failure),
		TEST(a_broken_chunk_is_a_failure),
		TEST(a_body_over_the_limit_is_a_failure_that_stays),
		TEST(one_who_says_nothing_has_stalled),
		TEST(one_who_takes_too_long_in_all_is_given_up),
		TEST(nobody_there_is_a_transient_failure),
		TEST(http_is_refused_unless_allowed),
		TEST(the_rest_of_a_body_goes_behind_what_there_is),
		TEST(another_part_than_was_asked_for_is_refused),
		TEST(a_sink_that_fails_ends_the_exchange_with_its_reason),
		TEST(too_many_header_lines_are_a_failure),
		TEST(a_link_is_found_by_its_relation),
		TEST(retry_after_is_a_number_or_a_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
