/*
 * auth.h - the headers of a feed's requests, secrets among them.
 *
 * Secrets are read when a fetch begins, stay in memory that is wiped at its
 * end, and go nowhere but into requests.
 */
#ifndef OM_FETCH_AUTH_H
#define OM_FETCH_AUTH_H

#include "base/buf.h"
#include "feed/http.h"

#define OM_AUTH_LINES_MAX 80

struct om_auth {
	struct om_buf secret; /* what proves who we are, as header lines */
	const char *line[OM_AUTH_LINES_MAX + 1]; /* NULL-terminated */
	size_t count;
	bool credentials;
};

void om_auth_end(struct om_auth *auth); /* wipes; safe twice */

/* Reads the secrets, and for OAuth2 asks for a token. OM_EAUTH. */
OM_MUST_USE int om_auth_begin(const struct om_feed *feed, struct om_http *http,
    const struct om_http_env *env, struct om_auth *out, struct om_err *err);

#endif
