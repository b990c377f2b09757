/*
 * http_keys.h - a block of YAML into a struct, by a table; private to lib/feed.
 */
#ifndef OM_FEED_HTTP_KEYS_H
#define OM_FEED_HTTP_KEYS_H

#include "feed/compile.h"
#include "feed/http.h"

enum om_http_key_kind {
	OM_KEY_BOOL,
	OM_KEY_TEXT,	 /* const char *, not empty */
	OM_KEY_PATH,	 /* likewise, from the folder of the file */
	OM_KEY_DURATION, /* int64_t, milliseconds */
	OM_KEY_COUNT,	 /* int64_t */
	OM_KEY_BYTES,	 /* uint64_t */
	OM_KEY_RATE,	 /* int64_t: milliseconds for one; "2/s" */
	OM_KEY_SECRET,	 /* struct om_secret */
	OM_KEY_CHOICE,	 /* bool: the first or the second of two words */
	OM_KEY_OTHER,	 /* read by its set */
};

#define OM_SINCE_MARGIN_MS 60000

struct om_http_key {
	const char *name;
	enum om_http_key_kind kind;
	size_t offset;
	om_set_fn *set;		  /* OM_KEY_OTHER: target is the struct */
	const char *const *words; /* OM_KEY_CHOICE */
};

/* clang-format off */
#define OM_HTTP_KEY(T, field, kind, name) \
	{ name, kind, offsetof(T, field), NULL, NULL }
#define OM_HTTP_CHOICE(T, field, words, name) \
	{ name, OM_KEY_CHOICE, offsetof(T, field), NULL, words }
#define OM_HTTP_OTHER(set, name) \
	{ name, OM_KEY_OTHER, 0, set, NULL }
/* clang-format on */

/* Unknown keys are errors. A key that is null is taken back: text only. */
OM_MUST_USE int om_http_keys(const struct om_compiler *c,
    const struct om_yaml *map, const struct om_http_key *keys, size_t count,
    void *target, struct om_err *err);

/* Milliseconds, more than none. */
OM_MUST_USE int om_http_duration(const struct om_compiler *c,
    const struct om_yaml *node, int64_t *out, struct om_err *err);

/* om_set_fn's on a struct om_feed_http: the blocks `paging`, `since`
 * and `days`. */
int om_http_paging(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err);
int om_http_days(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err);
int om_http_since(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err);

/* Likewise, http_auth.c: `auth`, `signature` and `headers`; and what is missing
 * to prove who we are, or NULL. */
int om_http_auth(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err);
int om_http_signature(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err);
int om_http_plain_headers(const struct om_compiler *c,
    const struct om_yaml *node, void *target, struct om_err *err);
const char *om_http_lacks(const struct om_feed_auth *auth);

/* A map of names and texts, added to list. */
OM_MUST_USE int om_http_pairs(const struct om_compiler *c,
    const struct om_yaml *map, struct om_feed_pair *list, size_t *count,
    struct om_err *err);

#endif
