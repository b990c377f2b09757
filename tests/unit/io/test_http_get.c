/* One document in spite of the world: waits, retries, redirects, the rest of
 * a cut body. Nothing sleeps: the waits are only noted. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "io/http_get.h"
#include "serve.h"

#define FINE	    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
#define BUSY(after) "HTTP/1.1 429 Too Many Requests\r\n" after "\r\n"
#define BROKEN	    "HTTP/1.1 500 Internal Server Error\r\n\r\n"
#define TO(where)   "HTTP/1.1 302 Found\r\nLocation: " where "\r\n\r\n"
#define WAITS_MAX   16

static const int64_t noon = 1763899200; /* 2025-11-23T12:00:00Z */

struct fixture {
	struct om_http_config config;
	struct om_http_env env;
	struct om_http_get get;
	struct om_http_answer answer;
	struct om_arena arena;
	struct om_buf body;
	struct om_buf said;
	const char *url; /* that answered */
	char *asked;
	int64_t waits[WAITS_MAX];
	size_t waited;
	size_t exchanges;
	size_t failures;
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

	(void)err;
	om_buf_add(&f->body, bytes, n);
	return 0;
}

static void
note_wait(void *arg, int64_t ms)
{
	struct fixture *f = arg;

	assert_true(f->waited < WAITS_MAX);
	f->waits[f->waited++] = ms;
}

static uint32_t
no_chance(void *arg)
{
	(void)arg;
	return 0;
}

static void
note_line(void *arg, const char *line)
{
	struct fixture *f = arg;

	om_buf_printf(&f->said, "%s\n", line);
}

static void
note_exchange(void *arg, const struct om_http_seen *seen)
{
	struct fixture *f = arg;

	assert_int_equal(seen->at, noon);
	f->exchanges++;
	f->failures += seen->failure != NULL;
}

static int
begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	om_http_config_init(&f->config);
	f->config.allow_http = true;
	om_http_env_init(&f->env);
	f->env.clock = om_clock_fixed(&noon);
	f->env.sleep_ms = note_wait;
	f->env.random = no_chance;
	f->env.say = note_line;
	f->env.seen = note_exchange;
	f->env.arg = f;
	f->get.redirects = 3;
	om_http_patience_init(&f->get.patience);
	f->get.sink = (struct om_http_sink){ begin_body, write_body, f };
	om_buf_init(&f->body, 65536);
	om_buf_init(&f->said, 65536);
	*state = f;
	return 0;
}

static int
end(void **state)
{
	struct fixture *f = *state;

	om_http_answer_end(&f->answer);
	om_arena_clear(&f->arena);
	om_buf_fini(&f->body);
	om_buf_fini(&f->said);
	free(f->asked);
	free(f);
	return 0;
}

static int
get_from(struct fixture *f, const char *const *answers, size_t n,
    struct om_err *err)
{
	struct om_http *http OM_AUTO(om_http_close) = NULL;
	struct serve s;
	char url[128];
	int rc;

	serve_start(&s, answers, n);
	snprintf(url, sizeof(url), "%s/x", s.at);
	f->get.url = url;
	rc = om_http_open(&f->config, &http, err);
	if (rc == 0)
		rc = om_http_get(http, &f->get, &f->env, &f->answer, &f->arena,
		    &f->url, err);
	free(f->asked);
	f->asked = serve_end(&s);
	return rc;
}

#define GET(f, ...)                                                            \
	get_from(f, (const char *const[]){ __VA_ARGS__ },                      \
	    OM_COUNT(((const char *const[]){ __VA_ARGS__ })), &err)

/* The message without the port, which is never the same. */
static const char *
told(const struct om_err *err)
{
	const char *at = strstr(err->msg, "/x: ");

	return at == NULL ? err->msg : at;
}

static void
a_fault_that_passes_is_only_remarked(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(GET(f, BROKEN, BROKEN, FINE));
	assert_string_equal(f->body.p, "hello");
	assert_int_equal(f->exchanges, 3);
	assert_int_equal(f->waited, 2);
	assert_int_equal(f->waits[0], 500);
	assert_int_equal(f->waits[1], 1000);
	assert_non_null(strstr(f->said.p,
	    "/x: 500 Internal Server Error; try 2 of 6 in 500 ms\n"));
}

static void
one_that_does_not_ends_with_the_last_try(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	f->get.patience.retries = 2;
	assert_fails(GET(f, BROKEN, BROKEN, BROKEN, FINE), OM_EREMOTE);
	assert_string_equal(told(&err),
	    "/x: 500 Internal Server Error, after 3 tries");
	f->get.patience.retries = 0;
	assert_fails(GET(f, BROKEN, FINE), OM_EREMOTE);
	assert_string_equal(told(&err),
	    "/x: 500 Internal Server Error, after 1 try");
}

static void
waits_double_up_to_their_limit_and_the_budget(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	f->get.patience = (struct om_http_patience){ .retries = 9,
		.budget_ms = 1200,
		.wait_ms = 200,
		.wait_max_ms = 800 };
	assert_fails(GET(f, BROKEN, BROKEN, BROKEN, BROKEN, BROKEN, FINE),
	    OM_EREMOTE);
	assert_string_equal(told(&err),
	    "/x: 500 Internal Server Error, after 5 tries");
	assert_int_equal(f->waited, 4);
	assert_int_equal(f->waits[0], 100);
	assert_int_equal(f->waits[1], 200);
	assert_int_equal(f->waits[2], 400);
	assert_int_equal(f->waits[3], 400);
}

static uint32_t
much_chance(void *arg)
{
	(void)arg;
	return UINT32_MAX;
}

static void
chance_spreads_waits_between_a_half_and_the_whole(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	f->env.random = much_chance;
	f->get.patience.wait_ms = 101; /* 50 + 2^32-1 mod 51 */
	assert_ok(GET(f, BROKEN, FINE));
	assert_int_equal(f->waits[0], 50 + UINT32_MAX % 51);
}

static void
the_server_may_ask_for_more_time_within_limits(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(GET(f, BUSY("Retry-After: 7\r\n"),
	    BUSY("Retry-After: Sun, 23 Nov 2025 12:00:09 GMT\r\n"),
	    BUSY("Retry-After: Sun, 23 Nov 2025 11:00:00 GMT\r\n"),
	    BUSY("Retry-After: 86400\r\n"), FINE));
	assert_int_equal(f->waits[0], 7000);
	assert_int_equal(f->waits[1], 9000);
	assert_int_equal(f->waits[2], 2000); /* past: our own */
	assert_int_equal(f->waits[3], 120000);
}

static void
a_deadline_is_not_waited_over(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	f->env.deadline_ns = om_monotonic_ns() + INT64_C(60000000000);
	assert_fails(GET(f, BUSY("Retry-After: 100\r\n"), FINE), OM_EDEADLINE);
	assert_int_equal(f->waited, 0);
}

static void
what_will_not_change_is_not_tried_again(void **state)
{
	static const struct {
		const char *answer;
		int code;
		const char *told;
	} cases[] = {
		{ "HTTP/1.1 404 Not Found\r\n\r\n", OM_ENOENT,
		    "/x: 404 Not Found" },
		{ "HTTP/1.1 401 Unauthorized\r\n\r\n", OM_EAUTH,
		    "/x: 401 Unauthorized" },
		{ "HTTP/1.1 403\r\n\r\n", OM_EAUTH, "/x: 403" },
		{ "HTTP/1.1 422 No\r\n\r\n", OM_ENOENT, "/x: 422 No" },
		{ "HTTP/1.1 501 Not Implemented\r\n\r\n", OM_EREMOTE,
		    "/x: 501 Not Implemented" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		struct om_err err = { 0 };

		assert_fails(GET(f, cases[i].answer, FINE), cases[i].code);
		assert_string_equal(told(&err), cases[i].told);
	}
	assert_int_equal(f->waited, 0);
}

static void
redirects_are_followed_to_the_same_scheme(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(GET(f, TO("/y?z=1"), TO("w"), FINE));
	assert_string_equal(f->body.p, "hello");
	assert_string_equal(strrchr(f->url, '/'), "/w");
	assert_int_equal(serve_count(f->asked, "GET /y?z=1 "), 1);
	assert_fails(GET(f, TO("https://127.0.0.1/"), FINE), OM_EAUTH);
	assert_string_equal(told(&err),
	    "/x: is redirected to 'https://127.0.0.1/', by another scheme");
	assert_fails(GET(f, TO("file:///etc/passwd"), FINE), OM_EAUTH);
	assert_string_equal(told(&err),
	    "/x: is redirected to 'file:///etc/passwd', by another scheme");
}

static void
redirects_that_lead_nowhere_end(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_fails(GET(f, TO("/x"), FINE), OM_EREMOTE);
	assert_string_equal(told(&err), "/x: is redirected to itself");
	assert_fails(GET(f, "HTTP/1.1 302 Found\r\n\r\n", FINE), OM_EREMOTE);
	assert_string_equal(told(&err), "/x: is redirected to nowhere");
	assert_fails(GET(f, TO("/a"), TO("/b"), TO("/a"), TO("/x"), FINE),
	    OM_EREMOTE);
	assert_non_null(strstr(err.msg, "/a: is redirected more than 3 times"));
}

static void
credentials_do_not_leave_their_host(void **state)
{
	static const char *const headers[] = { "X-Key: sesame", NULL };
	struct fixture *f = *state;
	struct om_err err = { 0 };

	f->get.headers = headers;
	f->get.credentials = true;
	assert_ok(GET(f, TO("/y"), FINE));
	assert_fails(GET(f, TO("http://localhost:1/y"), FINE), OM_EAUTH);
	assert_string_equal(told(&err),
	    "/x: is redirected to 'http://localhost:1/y', another host, which "
	    "may not see our credentials");
	f->get.form = OM_STR("secret=sesame");
	assert_fails(GET(f, TO("/y"), FINE), OM_EREMOTE);
	assert_string_equal(told(&err), "/x: is redirected, which a request "
					"with a secret in it may not be");
}

/* hello, world: 12 bytes, cut behind each, and the rest of it. */
static void
a_body_cut_at_any_byte_is_resumed(void **state)
{
	static const char whole[] = "hello, world";
	struct fixture *f = *state;

	for (size_t n = 1; n < sizeof(whole) - 1; n++) {
		struct om_err err = { 0 };
		char cut[256];
		char rest[256];
		char range[64];

		snprintf(cut, sizeof(cut),
		    "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\n"
		    "Accept-Ranges: bytes\r\nContent-Length: 12\r\n\r\n%.*s",
		    (int)n, whole);
		snprintf(rest, sizeof(rest),
		    "HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\n"
		    "Content-Range: bytes %zu-11/12\r\n"
		    "Content-Length: %zu\r\n\r\n%s",
		    n, 12 - n, whole + n);
		snprintf(range, sizeof(range), "Range: bytes=%zu-\r\n", n);
		f->body.n = 0;
		f->waited = 0;
		assert_ok(GET(f, cut, BROKEN, rest));
		assert_string_equal(f->body.p, whole);
		assert_int_equal(f->answer.received, 12);
		assert_int_equal(serve_count(f->asked, range), 2);
		assert_int_equal(serve_count(f->asked, "If-Range: \"v1\"\r\n"),
		    2);
	}
}

static void
without_a_strong_validator_a_cut_body_is_read_anew(void **state)
{
	static const char *const heads[] = { "Accept-Ranges: bytes",
		"ETag: \"v1\"", "ETag: W/\"v1\"\r\nAccept-Ranges: bytes" };
	struct fixture *f = *state;

	for (size_t i = 0; i < OM_COUNT(heads); i++) {
		struct om_err err = { 0 };
		char cut[256];

		snprintf(cut, sizeof(cut),
		    "HTTP/1.1 200 OK\r\n%s\r\nContent-Length: 12\r\n\r\nhell",
		    heads[i]);
		assert_ok(GET(f, cut, FINE));
		assert_string_equal(f->body.p, "hello");
		assert_int_equal(serve_count(f->asked, "Range:"), 0);
	}
}

static void
a_range_that_is_not_there_any_more_is_given_up(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(GET(f,
	    "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nAccept-Ranges: bytes\r\n"
	    "Content-Length: 12\r\n\r\nhell",
	    "HTTP/1.1 416 Range Not Satisfiable\r\n\r\n", FINE));
	assert_string_equal(f->body.p, "hello");
	assert_int_equal(serve_count(f->asked, "\r\nRange:"), 1);
}

/* What a server that cannot be trusted sends in spite of If-Range. */
static void
the_rest_of_another_body_is_not_put_behind_this_one(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	f->get.patience.retries = 1;
	assert_ok(GET(f,
	    "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nAccept-Ranges: bytes\r\n"
	    "Content-Length: 12\r\n\r\nhell",
	    "HTTP/1.1 206 Partial Content\r\nETag: \"v2\"\r\n"
	    "Content-Range: bytes 4-4/5\r\nContent-Length: 1\r\n\r\n!",
	    FINE));
	assert_string_equal(f->body.p, "hello");
	assert_int_equal(serve_count(f->asked, "\r\nRange:"), 1);
	assert_int_equal(f->waited, 1); /* it is no try of its own */
}

static void
a_part_of_an_earlier_call_is_gone_on_with(void **state)
{
	static const struct om_http_header said[] = { { "ETag", "\"v0\"" },
		{ "Digest", "SHA-256=x" } };
	struct fixture *f = *state;
	struct om_err err = { 0 };

	om_buf_text(&f->body, "hell");
	f->get.part = (struct om_http_part){ 4, "\"v1\"", { said, 2 } };
	assert_ok(
	    GET(f, "HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\n"
		   "Content-Range: bytes 4-4/5\r\nContent-Length: 1\r\n\r\no"));
	assert_string_equal(f->body.p, "hello");
	assert_int_equal(serve_count(f->asked, "Range: bytes=4-\r\n"), 1);
	assert_string_equal(om_http_header(&f->answer, "etag"), "\"v1\"");
	assert_string_equal(om_http_header(&f->answer, "digest"), "SHA-256=x");
}

static void
a_part_that_the_server_has_no_rest_for_is_no_failure(void **state)
{
	static const char *const answers[] = {
		"HTTP/1.1 416 Range Not Satisfiable\r\n\r\n",
		"HTTP/1.1 206 Partial Content\r\nETag: \"v2\"\r\n"
		"Content-Range: bytes 4-4/5\r\nContent-Length: 1\r\n\r\n!",
		"HTTP/1.1 206 Partial Content\r\n"
		"Content-Range: bytes 4-4/5\r\nContent-Length: 1\r\n\r\n!",
		"HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\n"
		"Content-Range: bytes 3-4/5\r\nContent-Length: 2\r\n\r\n!!",
	};
	struct fixture *f = *state;

	f->get.patience.retries = 0;
	for (size_t i = 0; i < OM_COUNT(answers); i++) {
		struct om_err err = { 0 };

		f->body.n = 0;
		om_buf_text(&f->body, "hell");
		f->get.part = (struct om_http_part){ 4, "\"v1\"", { NULL, 0 } };
		assert_ok(GET(f, answers[i], FINE));
		assert_string_equal(f->body.p, "hello");
		assert_int_equal(f->waited, 0);
	}
}

static void
not_modified_is_an_answer(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(GET(f, "HTTP/1.1 304 Not Modified\r\n\r\n"));
	assert_int_equal(f->answer.status, 304);
	assert_int_equal(f->body.n, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_fault_that_passes_is_only_remarked),
		TEST(one_that_does_not_ends_with_the_last_try),
		TEST(waits_double_up_to_their_limit_and_the_budget),
		TEST(chance_spreads_waits_between_a_half_and_the_whole),
		TEST(the_server_may_ask_for_more_time_within_limits),
		TEST(a_deadline_is_not_waited_over),
		TEST(what_will_not_change_is_not_tried_again),
		TEST(redirects_are_followed_to_the_same_scheme),
		TEST(redirects_that_lead_nowhere_end),
		TEST(credentials_do_not_leave_their_host),
		TEST(a_body_cut_at_any_byte_is_resumed),
		TEST(without_a_strong_validator_a_cut_body_is_read_anew),
		TEST(a_range_that_is_not_there_any_more_is_given_up),
		TEST(the_rest_of_another_body_is_not_put_behind_this_one),
		TEST(a_part_of_an_earlier_call_is_gone_on_with),
		TEST(a_part_that_the_server_has_no_rest_for_is_no_failure),
		TEST(not_modified_is_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
