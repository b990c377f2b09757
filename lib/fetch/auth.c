/* auth.c - who we are, as header lines; see auth.h. */
#include "fetch/auth.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "feed/manifest.h"
#include "text/yaml.h"

#define SECRETS_MAX ((size_t)512 * 1024)
#define ANSWER_MAX  ((size_t)256 * 1024)

void
om_auth_end(struct om_auth *auth)
{
	om_secret_wipe(&auth->secret);
	*auth = (struct om_auth){ .count = 0 };
}

/* A line of auth->secret begins here; NULs join lines as they are read. */
static int
begin_line(struct om_auth *a, struct om_err *err)
{
	if (a->count == OM_AUTH_LINES_MAX)
		return om_fail(err, OM_EUSAGE, "over %d headers",
		    OM_AUTH_LINES_MAX);
	a->count++;
	return 0;
}

static int
add_plain(const struct om_feed_http *f, bool as_it_lies, struct om_auth *a,
    struct om_err *err)
{
	for (size_t i = 0; i < f->header_count; i++) {
		if (begin_line(a, err) < 0)
			return err->code;
		om_buf_printf(&a->secret, "%s: %.*s", f->header[i].name,
		    OM_FMT(f->header[i].value));
		om_buf_char(&a->secret, '\0');
	}
	if (begin_line(a, err) < 0)
		return err->code;
	om_buf_text(&a->secret, f->gzip && !as_it_lies
				    ? "Accept-Encoding: gzip"
				    : "Accept-Encoding: identity");
	om_buf_char(&a->secret, '\0');
	return 0;
}

/* The lines of a file, each "Name: value". */
static int
add_file(const struct om_feed_http *f, struct om_auth *a, struct om_err *err)
{
	const struct om_secret file = { OM_SECRET_FILE, f->header_file };
	struct om_buf text OM_AUTO(om_secret_wipe);
	char *p;

	om_buf_init(&text, OM_SECRET_MAX);
	if (f->header_file == NULL)
		return 0;
	if (om_secret_read(&file, false, &text, err) < 0)
		return err->code;
	a->credentials = true;
	for (p = text.p; *p != '\0';) {
		size_t n = strcspn(p, "\r\n");
		char *next = p + n + strspn(p + n, "\r\n");

		if (n > 0 && memchr(p, ':', n) == NULL)
			return om_fail(err, OM_EAUTH,
			    "'%s' has a line that is no header",
			    f->header_file);
		if (n > 0 && begin_line(a, err) < 0)
			return err->code;
		om_buf_add(&a->secret, p, n);
		if (n > 0)
			om_buf_char(&a->secret, '\0');
		p = next;
	}
	return 0;
}

/* "user:secret" in base64. */
static int
add_basic(const struct om_feed_auth *f, struct om_buf *out, struct om_err *err)
{
	struct om_buf pair OM_AUTO(om_secret_wipe);

	om_buf_init(&pair, OM_SECRET_MAX * 2);
	om_buf_printf(&pair, "%s:", f->user);
	if (om_secret_read(&f->secret, true, &pair, err) < 0)
		return err->code;
	om_base64(pair.p, pair.n, out);
	return 0;
}

/* The access token of an answer by RFC 6749 section 5.1. */
static int
take_token(const struct om_feed_auth *f, const struct om_buf *answer,
    struct om_buf *out, struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	struct om_err why = { 0 };
	const struct om_yaml *root = NULL;
	const struct om_yaml *token = NULL;

	if (om_yaml_parse(&arena, "token", om_buf_view(answer), &root, &why) ==
	    0)
		token = om_yaml_get(root, "access_token");
	if (token == NULL || token->kind != OM_YAML_SCALAR ||
	    token->text.n == 0)
		return om_fail(err, OM_EAUTH, "%s: the answer has no token",
		    f->token_url);
	for (size_t i = 0; i < token->text.n; i++)
		if ((unsigned char)token->text.p[i] < '!')
			return om_fail(err, OM_EAUTH,
			    "%s: the token is no word", f->token_url);
	om_buf_str(out, token->text);
	return 0;
}

/* RFC 6749 section 4.4: who we are by basic authentication, a token back. */
static int
add_oauth2(const struct om_feed_http *f, struct om_http *http,
    const struct om_http_env *env, struct om_buf *out, struct om_err *err)
{
	OM_AUTO(om_http_answer_end) struct om_http_answer answer = { 0 };
	struct om_buf line OM_AUTO(om_secret_wipe);
	struct om_buf body OM_AUTO(om_secret_wipe);
	struct om_buf form OM_AUTO(om_buf_fini);
	const char *headers[] = { NULL, "Accept: application/json", NULL };
	struct om_http_get get = { .url = f->auth.token_url,
		.headers = headers,
		.credentials = true,
		.patience = f->patience };

	om_buf_init(&line, OM_SECRET_MAX * 4);
	om_buf_init(&body, ANSWER_MAX);
	om_buf_init(&form, OM_SECRET_MAX);
	om_buf_text(&line, "Authorization: Basic ");
	if (add_basic(&f->auth, &line, err) < 0)
		return err->code;
	om_buf_text(&form, "grant_type=client_credentials");
	if (f->auth.scope != NULL)
		om_buf_printf(&form, "&scope=%s", f->auth.scope);
	headers[0] = line.p;
	get.form = om_buf_view(&form);
	if (om_http_get_text(http, &get, env, &answer, &body, err) < 0)
		return err->code;
	return take_token(&f->auth, &body, out, err);
}

static int
add_secret(const struct om_feed_http *f, struct om_http *http,
    const struct om_http_env *env, struct om_auth *a, struct om_err *err)
{
	struct om_buf *out = &a->secret;
	int rc = 0;

	if (f->auth.kind == OM_AUTH_NONE)
		return 0;
	if (begin_line(a, err) < 0)
		return err->code;
	a->credentials = true;
	switch (f->auth.kind) {
	case OM_AUTH_NONE:
		break;
	case OM_AUTH_BEARER:
		om_buf_text(out, "Authorization: Bearer ");
		rc = om_secret_read(&f->auth.secret, true, out, err);
		break;
	case OM_AUTH_BASIC:
		om_buf_text(out, "Authorization: Basic ");
		rc = add_basic(&f->auth, out, err);
		break;
	case OM_AUTH_HEADER:
		om_buf_printf(out, "%s: ", f->auth.header);
		rc = om_secret_read(&f->auth.secret, true, out, err);
		break;
	case OM_AUTH_OAUTH2:
		om_buf_text(out, "Authorization: Bearer ");
		rc = add_oauth2(f, http, env, out, err);
		break;
	}
	om_buf_char(out, '\0');
	return rc;
}

int
om_auth_begin(const struct om_feed *feed, struct om_http *http,
    const struct om_http_env *env, struct om_auth *out, struct om_err *err)
{
	const struct om_feed_http *f = om_feed_http(feed);
	bool as_it_lies =
	    f->signature.header != NULL || om_sidecar_wanted(feed);
	OM_AUTO(om_auth_end) struct om_auth a = { .count = 0 };
	const char *p;

	om_buf_init(&a.secret, SECRETS_MAX);
	a.credentials = f->transport.cert != NULL;
	if (add_plain(f, as_it_lies, &a, err) < 0 || add_file(f, &a, err) < 0 ||
	    add_secret(f, http, env, &a, err) < 0)
		return err->code;
	if (om_buf_over(&a.secret))
		return om_fail(err, OM_EUSAGE, "headers of over %zu bytes",
		    SECRETS_MAX);
	p = a.secret.p;
	for (size_t i = 0; i < a.count; i++) {
		a.line[i] = p;
		p += strlen(p) + 1;
	}
	*out = a;
	a = (struct om_auth){ .count = 0 };
	return 0;
}
