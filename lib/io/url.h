/*
 * url.h - http and https URLs: whole, apart, and fit to be shown.
 *
 * By RFC 3986, as libcurl reads it. What is made lives in the arena given.
 */
#ifndef OM_IO_URL_H
#define OM_IO_URL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* Does it begin with http:// or https://? */
bool om_url_is_http(const char *text);

/* OM_EUSAGE if it cannot be read, is not https (nor http, if that is allowed),
 * or holds what may not stand in a URL: a user, a password, a parameter that is
 * called like a secret. The message shows none of it. */
OM_MUST_USE int om_url_check(const char *url, bool allow_http,
    struct om_err *err);

/* For people, logs and files: no user, no fragment, and *** for the value of
 * each parameter that is called like a secret. */
const char *om_url_public(const char *url, struct om_arena *arena);

/* ref as a browser would understand it on the page base. OM_EDATA. */
OM_MUST_USE int om_url_resolve(const char *base, const char *ref,
    struct om_arena *arena, const char **out, struct om_err *err);

/* The same URL with this parameter instead of any of that name. */
const char *om_url_with(const char *url, const char *name, struct om_str value,
    struct om_arena *arena);

bool om_url_same_scheme(const char *a, const char *b);
bool om_url_same_host(const char *a, const char *b); /* and port */

#endif
