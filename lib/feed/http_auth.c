/* http_auth.c - who we are, and who they are: the keys of `auth:`, `signature:`
 * and `headers:`; see http_keys.h. */
#include <string.h>
#include <strings.h>

#include "feed/http_keys.h"

static int
set_auth_kind(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	static const char *const words[] = { "none", "bearer", "basic",
		"header", "oauth2" };
	struct om_feed_auth *auth = target;
	int word;

	if (om_compile_word(c, node, words, OM_COUNT(words), &word, err) < 0)
		return err->code;
	auth->kind = (enum om_auth_kind)word;
	return 0;
}

static const struct om_http_key auth_keys[] = {
	OM_HTTP_OTHER(set_auth_kind, "kind"),
	OM_HTTP_KEY(struct om_feed_auth, secret, OM_KEY_SECRET, "secret"),
	OM_HTTP_KEY(struct om_feed_auth, user, OM_KEY_TEXT, "user"),
	OM_HTTP_KEY(struct om_feed_auth, header, OM_KEY_TEXT, "header"),
	OM_HTTP_KEY(struct om_feed_auth, token_url, OM_KEY_TEXT, "token-url"),
	OM_HTTP_KEY(struct om_feed_auth, scope, OM_KEY_TEXT, "scope"),
};

int
om_http_auth(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_feed_auth *a = &((struct om_feed_http *)target)->auth;

	if (strncmp(c->path, "profile ", 8) != 0) {
		a->at_line = node->line;
		a->at_column = node->column;
	}
	return om_http_keys(c, node, auth_keys, OM_COUNT(auth_keys), a, err);
}

static const char *const encoding_words[] = { "hex", "base64" };

static const struct om_http_key signature_keys[] = {
	OM_HTTP_KEY(struct om_feed_signature, header, OM_KEY_TEXT, "header"),
	OM_HTTP_KEY(struct om_feed_signature, prefix, OM_KEY_TEXT, "prefix"),
	OM_HTTP_KEY(struct om_feed_signature, secret, OM_KEY_SECRET, "secret"),
	OM_HTTP_CHOICE(struct om_feed_signature, base64, encoding_words,
	    "encoding"),
};

int
om_http_signature(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_feed_signature *s =
	    &((struct om_feed_http *)target)->signature;

	if (om_http_keys(c, node, signature_keys, OM_COUNT(signature_keys), s,
		err) < 0)
		return err->code;
	if (s->header == NULL || s->secret.kind == OM_SECRET_NONE)
		return om_compile_fail(c, node, err,
		    "a signature needs 'header' and 'secret'");
	return 0;
}

const char *
om_http_lacks(const struct om_feed_auth *a)
{
	bool user = a->kind == OM_AUTH_BASIC || a->kind == OM_AUTH_OAUTH2;

	if (a->kind == OM_AUTH_NONE)
		return NULL;
	if (a->secret.kind == OM_SECRET_NONE)
		return "secret";
	if (user && a->user == NULL)
		return "user";
	if (a->kind == OM_AUTH_HEADER && a->header == NULL)
		return "header";
	if (a->kind == OM_AUTH_OAUTH2 && a->token_url == NULL)
		return "token-url";
	return NULL;
}

/* One header that is no secret and not ours to say. */
static int
check_header(const struct om_compiler *c, const struct om_yaml *key,
    const struct om_feed_pair *p, struct om_err *err)
{
	static const char *const ours[] = { "authorization", "cookie",
		"proxy-authorization", "host", "range", "if-range",
		"if-none-match", "if-modified-since", "content-length",
		"transfer-encoding", "accept-encoding" };

	for (size_t i = 0; i < OM_COUNT(ours); i++)
		if (strcasecmp(p->name, ours[i]) == 0)
			return om_compile_fail(c, key, err,
			    i < 3 ? "'%s' is a secret: use 'auth' or "
				    "'header-file'"
				  : "'%s' is not for the configuration to say",
			    p->name);
	if (p->name[0] == '\0' || strpbrk(p->name, " :\r\n\t") != NULL ||
	    strpbrk(p->value.p, "\r\n") != NULL)
		return om_compile_fail(c, key, err, "'%s' is no header",
		    p->name);
	return 0;
}

int
om_http_plain_headers(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err)
{
	struct om_feed_http *h = target;
	size_t first = h->header_count;

	if (om_http_pairs(c, node, h->header, &h->header_count, err) < 0)
		return err->code;
	for (size_t i = first; i < h->header_count; i++)
		if (check_header(c, node->keys[i - first], &h->header[i], err) <
		    0)
			return err->code;
	return 0;
}
