/* When requests go out: nothing sleeps, the waits are only noted. */
#include "tree.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/fetch.h"
#include "serve.h"

#define WAITS_MAX 16
#define HOUR_MS	  INT64_C(3600000)

/* A page of one order; more: headers, the next page among them. */
#define PAGE(id, more)                                                         \
	"HTTP/1.1 200 OK\r\n" more "Content-Length: 11\r\n\r\n[{\"id\":" id    \
	"}]\n"
#define NEXT(n) "Link: </x?page=" n ">; rel=\"next\"\r\n"

static const int64_t noon = 1763899200; /* 2025-11-23T12:00:00Z */

struct fixture {
	char root[32];
	char map[64];
	struct om_feed *feed;
	struct om_fetch_options options;
	struct om_fetch_result result;
	int64_t waits[WAITS_MAX];
	size_t waited;
};

static void
note_wait(void *arg, int64_t ms)
{
	struct fixture *f = arg;

	assert_true(f->waited < WAITS_MAX);
	f->waits[f->waited++] = ms;
}

static int
begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	strcpy(f->root, "/tmp/om-fetch-XXXXXX");
	om_http_env_init(&f->options.env);
	f->options.env.clock = om_clock_fixed(&noon);
	f->options.env.sleep_ms = note_wait;
	f->options.env.arg = f;
	f->options.command = "fetch";
	f->options.root = f->root;
	*state = f;
	if (mkdtemp(f->root) == NULL)
		return -1;
	snprintf(f->map, sizeof(f->map), "%s/shop.yaml", f->root);
	return 0;
}

static int
end(void **state)
{
	struct fixture *f = *state;

	om_feed_free(&f->feed);
	tree_remove(f->root);
	free(f);
	return 0;
}

/* Fetch what these answers give; http: more of the feed's http block. */
static int
fetch(struct fixture *f, const char *http, const char *const *answers, size_t n,
    struct om_err *err)
{
	struct serve s;
	FILE *out;
	int rc;

	serve_start(&s, answers, n);
	out = fopen(f->map, "w");
	assert_non_null(out);
	fprintf(out,
	    "format: json\nname: shop\nchannel: shop\nsource: %s/x\n"
	    "columns: {reference: id, currency: currency, total: total}\n"
	    "http: {allow-http: true, paging: {kind: link}, %s}\n",
	    s.at, http);
	fclose(out);
	om_feed_free(&f->feed);
	rc = om_feed_load(f->map, &f->feed, err);
	if (rc == 0)
		rc = om_fetch(f->feed, &f->options, &f->result, err);
	free(serve_end(&s));
	return rc;
}

#define FETCH(f, http, ...)                                                    \
	fetch(f, http, (const char *const[]){ __VA_ARGS__ },                   \
	    OM_COUNT(((const char *const[]){ __VA_ARGS__ })), &err)

/* An hour or so many of them, less what the test itself took. */
static void
assert_hours(int64_t ms, int64_t hours)
{
	assert_true(ms <= hours * HOUR_MS + 1);
	assert_true(ms > hours * HOUR_MS - HOUR_MS / 2);
}

static void
without_a_rate_nothing_is_waited_for(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(FETCH(f, "gzip: false", PAGE("1", NEXT("2")), PAGE("2", "")));
	assert_int_equal(f->result.documents, 2);
	assert_int_equal(f->result.exchanges, 2);
	assert_int_equal(f->waited, 0);
}

static void
requests_keep_the_distance_of_the_rate(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(FETCH(f, "rate: 1/h", PAGE("1", NEXT("2")),
	    PAGE("2", NEXT("3")), PAGE("3", "")));
	assert_int_equal(f->result.documents, 3);
	assert_int_equal(f->waited, 2);
	assert_hours(f->waits[0], 1);
	assert_hours(f->waits[1], 1);
}

static void
a_bucket_that_is_nearly_full_is_let_leak(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(FETCH(f, "bucket: {header: X-Limit, leak: 1/h}",
	    PAGE("1", NEXT("2") "X-Limit: 38/40\r\n"),
	    PAGE("2", NEXT("3") "X-Limit: nonsense\r\n"),
	    PAGE("3", NEXT("4") "X-Limit: 39/40\r\n"), PAGE("4", "")));
	assert_int_equal(f->waited, 1);
	assert_hours(f->waits[0], 1);
	f->waited = 0;
	f->options.anew = true;
	assert_ok(FETCH(f, "bucket: {header: X-Limit, leak: 1/h}",
	    PAGE("5", NEXT("2") "X-Limit: 40/40\r\n"), PAGE("6", "")));
	assert_int_equal(f->waited, 1);
	assert_hours(f->waits[0], 2);
}

static void
a_retry_keeps_the_distance_as_well(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(FETCH(f, "rate: 1/h, retry-wait: 1s",
	    "HTTP/1.1 500 Internal Server Error\r\n\r\n", PAGE("1", "")));
	assert_int_equal(f->waited, 2);
	assert_true(f->waits[0] >= 500 && f->waits[0] <= 1000);
	assert_hours(f->waits[1], 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_a_rate_nothing_is_waited_for),
		TEST(requests_keep_the_distance_of_the_rate),
		TEST(a_bucket_that_is_nearly_full_is_let_leak),
		TEST(a_retry_keeps_the_distance_as_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
