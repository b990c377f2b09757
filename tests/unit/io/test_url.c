/* URLs: what is refused, what is shown of them, and where they lead. */
#include "unit.h"

#include <string.h>

#include "io/url.h"

static void
what_may_not_stand_in_a_url_is_refused_and_not_repeated(void **state)
{
	static const struct {
		const char *url;
		const char *why;
	} bad[] = {
		{ "https://ann:sesame@shop.example/x",
		    "'https://shop.example/x' holds a user or password: they "
		    "come from a file, a command or a credential, see "
		    "ordmill-feed(5)" },
		{ "https://ann@shop.example/x",
		    "'https://shop.example/x' holds a user or password: they "
		    "come from a file, a command or a credential, see "
		    "ordmill-feed(5)" },
		{ "https://shop.example/x?a=1&access_token=sesame",
		    "'https://shop.example/x?a=1&access_token=***': parameter "
		    "'access_token' looks like a secret, which may not stand "
		    "in a URL" },
		{ "http://shop.example/x", "'http://shop.example/x' is not "
					   "https, and 'allow-http' is not "
					   "set" },
		{ "ftp://shop.example/x",
		    "'ftp://shop.example/x' is no https URL" },
		{ "https://", "'a URL that cannot be read' is no https URL" },
	};

	(void)state;
	for (size_t i = 0; i < OM_COUNT(bad); i++) {
		struct om_err err = { 0 };

		assert_fails(om_url_check(bad[i].url, false, &err), OM_EUSAGE);
		assert_string_equal(err.msg, bad[i].why);
		assert_null(strstr(err.msg, "sesame"));
	}
}

static void
a_url_of_an_allowed_scheme_is_let_through(void **state)
{
	struct om_err err = { 0 };

	(void)state;
	assert_ok(
	    om_url_check("https://shop.example/x?page_token=7", false, &err));
	assert_ok(om_url_check("http://127.0.0.1:80/", true, &err));
	assert_true(om_url_is_http("HTTPS://x"));
	assert_false(om_url_is_http("orders.csv"));
}

static void
secrets_of_a_query_are_starred(void **state)
{
	struct om_arena arena OM_AUTO(om_arena_clear) = { 0 };

	(void)state;
	assert_string_equal(
	    om_url_public("https://a:b@s3.example/o?X-Amz-Date=1&"
			  "X-Amz-Signature=abc&consumer_secret=d&q=#frag",
		&arena),
	    "https://s3.example/o?X-Amz-Date=1&X-Amz-Signature=***&"
	    "consumer_secret=***&q=");
}

static void
references_are_resolved_against_their_page(void **state)
{
	struct om_arena arena OM_AUTO(om_arena_clear) = { 0 };
	static const char base[] = "https://a.example:8443/v1/orders?page=1";
	struct om_err err = { 0 };
	const char *to = NULL;

	(void)state;
	assert_ok(om_url_resolve(base, "?page=2", &arena, &to, &err));
	assert_string_equal(to, "https://a.example:8443/v1/orders?page=2");
	assert_ok(om_url_resolve(base, "/x#y", &arena, &to, &err));
	assert_string_equal(to, "https://a.example:8443/x");
	assert_ok(om_url_resolve(base, "//b.example/z", &arena, &to, &err));
	assert_string_equal(to, "https://b.example/z");
	assert_ok(
	    om_url_resolve(base, "file:///etc/passwd", &arena, &to, &err));
	assert_false(om_url_same_scheme(base, to));
}

static void
a_parameter_takes_the_place_of_its_namesake(void **state)
{
	struct om_arena arena OM_AUTO(om_arena_clear) = { 0 };

	(void)state;
	assert_string_equal(om_url_with("https://x/o", "page", OM_STR("2"),
				&arena),
	    "https://x/o?page=2");
	assert_string_equal(om_url_with("https://x/o?page=1&a=b#f", "page",
				OM_STR("2"), &arena),
	    "https://x/o?a=b&page=2");
	assert_string_equal(om_url_with("https://x/o?a=b", "since",
				OM_STR("2026-01-01T00:00:00+02:00 &"), &arena),
	    "https://x/o?a=b&since=2026-01-01T00:00:00%2B02:00%20%26");
}

static void
hosts_are_the_same_with_their_ports(void **state)
{
	(void)state;
	assert_true(
	    om_url_same_host("https://A.example/x", "https://a.example:443/y"));
	assert_false(om_url_same_host("https://a.example/x",
	    "https://a.example:8443/x"));
	assert_false(
	    om_url_same_host("https://a.example/", "https://b.example/"));
	assert_true(om_url_same_scheme("HTTPS://a/", "https://b/"));
	assert_false(om_url_same_scheme("http://a/", "https://a/"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_may_not_stand_in_a_url_is_refused_and_not_repeated),
		cmocka_unit_test(a_url_of_an_allowed_scheme_is_let_through),
		cmocka_unit_test(secrets_of_a_query_are_starred),
		cmocka_unit_test(references_are_resolved_against_their_page),
		cmocka_unit_test(a_parameter_takes_the_place_of_its_namesake),
		cmocka_unit_test(hosts_are_the_same_with_their_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
