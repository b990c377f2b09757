/* url.c - URLs by libcurl's own parser; see url.h. */
#include "io/url.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"

#define URL_MAX 65536

static void
handle_free(CURLU **u)
{
	curl_url_cleanup(*u);
}

static void
text_free(char **text)
{
	curl_free(*text);
}

bool
om_url_is_http(const char *text)
{
	return strncasecmp(text, "http://", 7) == 0 ||
	       strncasecmp(text, "https://", 8) == 0;
}

/* NULL if url cannot be read. */
static CURLU *
parse(const char *url)
{
	CURLU *u = curl_url();

	if (u != NULL && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK)
		return u;
	curl_url_cleanup(u);
	return NULL;
}

/* A part of a URL, or NULL; the caller's to free. */
static char *
part(CURLU *u, CURLUPart which)
{
	char *text = NULL;

	if (u == NULL ||
	    curl_url_get(u, which, &text,
		which == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0) != CURLUE_OK)
		return NULL;
	return text;
}

/* Is a parameter of this name one that grants something? */
static bool
is_secret(struct om_str name)
{
	static const char *const marks[] = { "token", "secret", "password",
		"passwd", "apikey", "api_key", "api-key", "signature", "sig",
		"access_key", "consumer_key", "auth", "authorization" };
	char word[64];

	if (name.n >= sizeof(word))
		return false;
	for (size_t i = 0; i < name.n; i++)
		word[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z'
				     ? name.p[i] + ('a' - 'A')
				     : name.p[i]);
	word[name.n] = '\0';
	for (size_t i = 0; i < OM_COUNT(marks); i++) {
		size_t n = strlen(marks[i]);

		/* The whole name, or its end behind a joint: x-amz-signature,
		 * access_token; but not page_token, which turns pages. */
		if (strcmp(word, marks[i]) == 0 ||
		    (name.n > n + 1 &&
			strcmp(word + name.n - n, marks[i]) == 0 &&
			strchr("_-.", word[name.n - n - 1]) != NULL))
			return strncmp(word, "page", 4) != 0 &&
			       strncmp(word, "next", 4) != 0;
	}
	return false;
}

/* The next parameter of a query; false at its end. */
static bool
next_parameter(const char **query, struct om_str *out_name,
    struct om_str *out_all)
{
	size_t n;

	if (*query == NULL || **query == '\0')
		return false;
	n = strcspn(*query, "&");
	*out_all = (struct om_str){ *query, n };
	*out_name = (struct om_str){ *query, strcspn(*query, "=&") };
	*query += n + ((*query)[n] == '&');
	return true;
}

/* Has the query a parameter that is called like a secret? */
static bool
find_secret(const char *query, struct om_str *out_name)
{
	struct om_str all;

	while (next_parameter(&query, out_name, &all))
		if (is_secret(*out_name))
			return true;
	return false;
}

int
om_url_check(const char *url, bool allow_http, struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	CURLU *u OM_AUTO(handle_free) = parse(url);
	char *scheme OM_AUTO(text_free) = part(u, CURLUPART_SCHEME);
	char *user OM_AUTO(text_free) = part(u, CURLUPART_USER);
	char *password OM_AUTO(text_free) = part(u, CURLUPART_PASSWORD);
	char *query OM_AUTO(text_free) = part(u, CURLUPART_QUERY);
	const char *public = om_url_public(url, &arena);
	struct om_str name;

	if (u == NULL || scheme == NULL || !om_url_is_http(url))
		return om_fail(err, OM_EUSAGE, "'%s' is no https URL", public);
	if (user != NULL || password != NULL)
		return om_fail(err, OM_EUSAGE,
		    "'%s' holds a user or password: they come from a file, a "
		    "command or a credential, see ordmill-feed(5)",
		    public);
	if (find_secret(query, &name))
		return om_fail(err, OM_EUSAGE,
		    "'%s': parameter '%.*s' looks like a secret, which may not "
		    "stand in a URL",
		    public, OM_FMT(name));
	if (strcmp(scheme, "https") != 0 && !allow_http)
		return om_fail(err, OM_EUSAGE,
		    "'%s' is not https, and 'allow-http' is not set", public);
	return 0;
}

static void
add_public_query(struct om_buf *out, const char *query)
{
	struct om_str name;
	struct om_str all;
	char joint = '?';

	while (next_parameter(&query, &name, &all)) {
		om_buf_char(out, joint);
		joint = '&';
		om_buf_str(out, is_secret(name) ? name : all);
		if (is_secret(name))
			om_buf_text(out, "=***");
	}
}

const char *
om_url_public(const char *url, struct om_arena *arena)
{
	CURLU *u OM_AUTO(handle_free) = parse(url);
	char *query OM_AUTO(text_free) = part(u, CURLUPART_QUERY);
	char *whole OM_AUTO(text_free) = NULL;
	struct om_buf text OM_AUTO(om_buf_fini);

	om_buf_init(&text, URL_MAX);
	if (u == NULL)
		return "a URL that cannot be read";
	curl_url_set(u, CURLUPART_USER, NULL, 0);
	curl_url_set(u, CURLUPART_PASSWORD, NULL, 0);
	curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
	curl_url_set(u, CURLUPART_QUERY, NULL, 0);
	whole = part(u, CURLUPART_URL);
	om_buf_text(&text, whole == NULL ? "" : whole);
	add_public_query(&text, query);
	return om_str_dup(arena, om_buf_view(&text)).p;
}

int
om_url_resolve(const char *base, const char *ref, struct om_arena *arena,
    const char **out, struct om_err *err)
{
	CURLU *u OM_AUTO(handle_free) = parse(base);
	char *whole OM_AUTO(text_free) = NULL;

	if (u == NULL || curl_url_set(u, CURLUPART_URL, ref,
			     CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
		return om_fail(err, OM_EDATA, "'%.200s' leads nowhere", ref);
	curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
	whole = part(u, CURLUPART_URL);
	if (whole == NULL || strlen(whole) >= URL_MAX)
		return om_fail(err, OM_EDATA, "'%.200s' leads nowhere", ref);
	*out = om_strndup(arena, whole, strlen(whole));
	return 0;
}

static void
add_escaped(struct om_buf *out, struct om_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z') ||
		    (c != '\0' && strchr("-._~:,", c) != NULL))
			om_buf_char(out, (char)c);
		else
			om_buf_printf(out, "%%%02X", c);
	}
}

const char *
om_url_with(const char *url, const char *name, struct om_str value,
    struct om_arena *arena)
{
	const char *fragment = url + strcspn(url, "#");
	const char *query = memchr(url, '?', (size_t)(fragment - url));
	const char *rest = query == NULL ? "" : query + 1;
	struct om_buf text OM_AUTO(om_buf_fini);
	char joint = '?';
	struct om_str found;
	struct om_str all;

	om_buf_init(&text, 2 * URL_MAX);
	om_buf_add(&text, url,
	    (size_t)((query == NULL ? fragment : query) - url));
	rest = om_strndup(arena, rest,
	    query == NULL ? 0 : (size_t)(fragment - query - 1));
	while (next_parameter(&rest, &found, &all)) {
		if (om_str_is(found, name))
			continue;
		om_buf_char(&text, joint);
		om_buf_str(&text, all);
		joint = '&';
	}
	om_buf_char(&text, joint);
	om_buf_text(&text, name);
	om_buf_char(&text, '=');
	add_escaped(&text, value);
	return om_str_dup(arena, om_buf_view(&text)).p;
}

static bool
same_part(const char *a, const char *b, CURLUPart which)
{
	CURLU *ua OM_AUTO(handle_free) = parse(a);
	CURLU *ub OM_AUTO(handle_free) = parse(b);
	char *ta OM_AUTO(text_free) = part(ua, which);
	char *tb OM_AUTO(text_free) = part(ub, which);

	return ta != NULL && tb != NULL && strcasecmp(ta, tb) == 0;
}

bool
om_url_same_scheme(const char *a, const char *b)
{
	return same_part(a, b, CURLUPART_SCHEME);
}

bool
om_url_same_host(const char *a, const char *b)
{
	return same_part(a, b, CURLUPART_HOST) &&
	       same_part(a, b, CURLUPART_PORT);
}
