/* A few bytes of text by HTTP, and not one more than there is room for. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/http_get.h"
#include "serve.h"

static void
no_wait(void *arg, int64_t ms)
{
	(void)arg;
	(void)ms;
}

/* What these answers give, with room for so many bytes. */
static int
get_text(const char *const *answers, size_t n, size_t room, struct om_buf *out,
    struct om_err *err)
{
	OM_AUTO(om_http_close) struct om_http *http = NULL;
	OM_AUTO(om_http_answer_end) struct om_http_answer answer = { 0 };
	struct om_http_config config;
	struct om_http_env env;
	struct om_http_get get = { 0 };
	struct serve s;
	char url[128];
	int rc;

	om_http_config_init(&config);
	config.allow_http = true;
	om_http_env_init(&env);
	env.sleep_ms = no_wait;
	om_http_patience_init(&get.patience);
	serve_start(&s, answers, n);
	snprintf(url, sizeof(url), "%s/x", s.at);
	get.url = url;
	om_buf_init(out, room);
	rc = om_http_open(&config, &http, err);
	if (rc == 0)
		rc = om_http_get_text(http, &get, &env, &answer, out, err);
	free(serve_end(&s));
	return rc;
}

static void
a_text_that_was_cut_is_there_once(void **state)
{
	static const char *const answers[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
	};
	struct om_buf out OM_AUTO(om_buf_fini) = { 0 };
	struct om_err err = { 0 };

	(void)state;
	assert_ok(get_text(answers, OM_COUNT(answers), 64, &out, &err));
	assert_string_equal(out.p, "hello");
}

static void
a_text_that_is_too_long_is_told(void **state)
{
	static const char *const answers[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello, world",
	};
	struct om_buf out OM_AUTO(om_buf_fini) = { 0 };
	struct om_buf more OM_AUTO(om_buf_fini) = { 0 };
	struct om_err err = { 0 };

	(void)state;
	assert_ok(get_text(answers, 1, 12, &out, &err));
	assert_string_equal(out.p, "hello, world");
	assert_fails(get_text(answers, 1, 11, &more, &err), OM_ELIMIT);
	assert_non_null(strstr(err.msg, ": an answer of over 11 bytes"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_that_was_cut_is_there_once),
		cmocka_unit_test(a_text_that_is_too_long_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
