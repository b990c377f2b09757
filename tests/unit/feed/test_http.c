/* The http block of a feed: what it says, what it overrides, what it may not
 * say. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "feed/http.h"

#define HEAD "profile: canonical\nsource: https://x.example/o\nhttp:\n"

struct fixture {
	char path[40];
	struct om_feed *feed;
};

static int
begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	snprintf(f->path, sizeof(f->path), "/tmp/om-http-%ld.yaml",
	    (long)getpid());
	*state = f;
	return 0;
}

static int
end(void **state)
{
	struct fixture *f = *state;

	om_feed_free(&f->feed);
	unlink(f->path);
	free(f);
	return 0;
}

static int
load(struct fixture *f, const char *text, struct om_err *err)
{
	FILE *out = fopen(f->path, "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	om_feed_free(&f->feed);
	return om_feed_load(f->path, &f->feed, err);
}

static void
a_feed_without_a_block_has_defaults(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	const struct om_feed_http *h;

	assert_ok(load(f, "profile: canonical\nsource: orders.csv\n", &err));
	assert_null(om_feed_url(f->feed));
	assert_ok(
	    load(f, "profile: canonical\nsource: https://x.example/o\n", &err));
	assert_string_equal(om_feed_url(f->feed), "https://x.example/o");
	h = om_feed_http(f->feed);
	assert_false(h->transport.allow_http);
	assert_int_equal(h->transport.stall_ms, 30000);
	assert_int_equal(h->patience.retries, 5);
	assert_int_equal(h->redirects, 5);
	assert_int_equal(h->auth.kind, OM_AUTH_NONE);
	assert_int_equal(h->paging.kind, OM_PAGING_NONE);
	assert_true(h->gzip);
}

static void
units_are_read(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	const struct om_feed_http *h;

	assert_ok(load(f,
	    HEAD "  timeout: 250ms\n  max-size: 64k\n"
		 "  max-unpacked: 2G\n  rate: 40/m\n",
	    &err));
	h = om_feed_http(f->feed);
	assert_int_equal(h->transport.stall_ms, 250);
	assert_int_equal(h->transport.connect_ms, 250);
	assert_int_equal(h->transport.max_bytes, 65536);
	assert_int_equal(h->max_unpacked, UINT64_C(2147483648));
	assert_int_equal(h->pace_ms, 1500);
	assert_ok(load(f, HEAD "  rate: 3/s\n", &err));
	assert_int_equal(om_feed_http(f->feed)->pace_ms, 334); /* rounded up */
}

static void
paths_start_from_the_folder_of_the_file(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };

	assert_ok(load(f,
	    HEAD "  ca-file: ca.pem\n  client-certificate: /c\n"
		 "  auth: {kind: bearer, secret: {file: s}}\n",
	    &err));
	assert_string_equal(om_feed_http(f->feed)->transport.ca_file,
	    "/tmp/ca.pem");
	assert_string_equal(om_feed_http(f->feed)->transport.cert, "/c");
	assert_string_equal(om_feed_http(f->feed)->auth.secret.where, "/tmp/s");
}

static void
a_profile_is_overridden_key_by_key(void **state)
{
	struct fixture *f = *state;
	struct om_err err = { 0 };
	const struct om_feed_http *h;
	size_t n;

	assert_ok(load(f,
	    "profile: woocommerce\nsource: https://x.example/o\n"
	    "http:\n  auth: {user: ck, secret: {command: pass}}\n"
	    "  paging: {size: 20}\n",
	    &err));
	h = om_feed_http(f->feed);
	assert_int_equal(h->auth.kind, OM_AUTH_BASIC);
	assert_string_equal(h->auth.user, "ck");
	assert_int_equal(h->auth.secret.kind, OM_SECRET_COMMAND);
	assert_int_equal(h->paging.kind, OM_PAGING_PAGE);
	assert_int_equal(h->paging.size, 20);
	assert_string_equal(h->paging.size_parameter, "per_page");
	assert_string_equal(h->paging.total_header, "X-WP-Total");
	assert_string_equal(h->since.parameter, "modified_after");
	assert_true(h->since.exclusive);
	assert_string_equal(om_feed_items(f->feed, &n)[0].p, "data");
	assert_int_equal(n, 1);
	assert_ok(load(f,
	    "profile: shopify\nsource: https://x.example/o\n"
	    "http:\n  auth: {secret: {credential: shop}}\n"
	    "  since: null\n",
	    &err));
	h = om_feed_http(f->feed);
	assert_string_equal(h->auth.header, "X-Shopify-Access-Token");
	assert_string_equal(h->bucket_header, "X-Shopify-Shop-Api-Call-Limit");
	assert_int_equal(h->bucket_leak_ms, 500);
	assert_null(h->since.parameter);
	assert_string_equal(om_feed_items(f->feed, &n)[0].p, "orders");
}

static const struct {
	const char *text;
	const char *told;
} refused[] = {
	{ HEAD "  ratee: 2/s\n",
	    "4:3: unknown key 'ratee', did you mean 'rate'" },
	{ HEAD "  rate: 0/s\n",
	    "4:9: a rate such as 2/s, 40/m or 1000/h expected" },
	{ HEAD "  max-size: 99999999999G\n",
	    "4:13: a number of bytes such as 500, 64k, 16M or 2G "
	    "expected" },
	{ HEAD "  auth: {kind: bearer}\n", "4:9: 'auth' lacks 'secret'" },
	{ HEAD "  auth: {kind: header, secret: {file: x}}\n",
	    "4:9: 'auth' lacks 'header'" },
	{ HEAD "  auth: {kind: bearer, secret: {fiel: x}}\n",
	    "4:33: unknown key 'fiel', did you mean 'file'" },
	{ HEAD "  auth: {kind: bearer, secret: {file: a, command: b}}\n",
	    "4:32: one of file, command and credential expected" },
	{ HEAD "  auth: {kind: oauth2, user: a, secret: {file: x}, "
	       "token-url: 'http://x.example/'}\n",
	    "2:9: 'http://x.example/' is not https, and 'allow-http' "
	    "is not set" },
	{ HEAD "  headers: {Cookie: x}\n",
	    "4:13: 'Cookie' is a secret: use 'auth' or 'header-file'" },
	{ HEAD "  headers: {Range: x}\n",
	    "4:13: 'Range' is not for the configuration to say" },
	{ HEAD "  headers: {\"A B\": x}\n", "4:13: 'A B' is no header" },
	{ HEAD "  paging: {kind: offset, size: 1, unstable: true}\n",
	    "4:11: 'overlap' is not below 'size'" },
	{ HEAD "  paging: {kind: since-id}\n",
	    "4:11: paging by since-id needs 'size', the items of a full "
	    "page" },
	{ HEAD "  days: {format: '%d.%m.%y'}\n",
	    "4:18: a day is made of %Y, %m and %d" },
	{ HEAD "  days: {format: '%Y'}\n",
	    "4:18: a day is made of %Y, %m and %d" },
	{ HEAD "  days: {from: yesterday}\n",
	    "4:16: a day such as 2026-11-26 expected" },
	{ "profile: canonical\nsource: 'https://x.example/{date}'\n"
	  "http: {paging: {kind: link}}\n",
	    "2:9: a document for each day has neither pages nor "
	    "'since'" },
	{ HEAD "  bucket: {header: X}\n",
	    "4:11: 'bucket' needs 'header' and 'leak'" },
	{ "profile: canonical\nsource: http://x.example/o\n",
	    "2:9: 'http://x.example/o' is not https, and 'allow-http' "
	    "is not set" },
	{ "profile: canonical\nsource: https://a:b@x.example/o\n",
	    "2:9: 'https://x.example/o' holds a user or password: they "
	    "come from a file, a command or a credential, see "
	    "ordmill-feed(5)" },
	{ "profile: canonical\nsource: https://x.example/o\n"
	  "totals: {sidecar: x}\nhttp: {paging: {kind: link}}\n",
	    "2:9: pages, and what is asked for by 'since', have no "
	    "sidecar" },
	{ "profile: woocommerce\nsource: https://x.example/o\n",
	    "2:9: 'auth' lacks 'secret'" },
};

static void
what_it_may_not_say_is_told_with_its_place(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < OM_COUNT(refused); i++) {
		struct om_err err = { 0 };
		size_t n = strlen(f->path) + 1;

		assert_fails(load(f, refused[i].text, &err), OM_EUSAGE);
		assert_string_equal(err.msg + n, refused[i].told);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_feed_without_a_block_has_defaults),
		TEST(units_are_read),
		TEST(paths_start_from_the_folder_of_the_file),
		TEST(a_profile_is_overridden_key_by_key),
		TEST(what_it_may_not_say_is_told_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
