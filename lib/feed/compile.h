/*
 * compile.h - from a YAML block to a struct om_feed; private to lib/feed.
 *
 * Every message names file, line and column: "acme.yaml:3:7: ...". All are
 * OM_EUSAGE.
 */
#ifndef OM_FEED_COMPILE_H
#define OM_FEED_COMPILE_H

#include "feed/spec.h"
#include "text/yaml.h"

struct om_compiler {
	struct om_feed *feed;
	const char *path;
};

int om_compile_fail(const struct om_compiler *c, const struct om_yaml *at,
    struct om_err *err, const char *fmt, ...) OM_PRINTF(4, 5);

/* What one key of a map does to its target. */
typedef int om_set_fn(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err);

struct om_key {
	const char *name;
	om_set_fn *set; /* NULL: read elsewhere, or not by us */
};

/* Apply each key of a map; an unknown one is an error with a suggestion. */
OM_MUST_USE int om_compile_map(const struct om_compiler *c,
    const struct om_yaml *map, const struct om_key *keys, size_t key_count,
    void *target, struct om_err *err);

/* One scalar, typed. */
OM_MUST_USE int om_compile_text(const struct om_compiler *c,
    const struct om_yaml *node, struct om_str *out, struct om_err *err);
OM_MUST_USE int om_compile_bool(const struct om_compiler *c,
    const struct om_yaml *node, bool *out, struct om_err *err);
OM_MUST_USE int om_compile_int(const struct om_compiler *c,
    const struct om_yaml *node, int64_t min, int64_t max, int64_t *out,
    struct om_err *err);
OM_MUST_USE int om_compile_char(const struct om_compiler *c,
    const struct om_yaml *node, char none, char *out, struct om_err *err);
OM_MUST_USE int om_compile_decimal(const struct om_compiler *c,
    const struct om_yaml *node, char *out, struct om_err *err);
OM_MUST_USE int om_compile_date(const struct om_compiler *c,
    const struct om_yaml *node, const char **out, struct om_err *err);

/* One of n words; *out its index. */
OM_MUST_USE int om_compile_word(const struct om_compiler *c,
    const struct om_yaml *node, const char *const *words, size_t n, int *out,
    struct om_err *err);

/* The value of one column: a name, or {from: ..., ...}. */
OM_MUST_USE int om_compile_value(const struct om_compiler *c,
    enum om_field field, const struct om_yaml *node, struct om_value *out,
    struct om_err *err);

/* format, delimiter, header, ... : the target is a struct om_dialect. */
bool om_compile_is_dialect(struct om_str key);
OM_MUST_USE int om_compile_dialect(const struct om_compiler *c,
    const struct om_yaml *map, struct om_dialect *out, struct om_err *err);

/* An om_set_fn: `sequence:`. */
int om_compile_sequence(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err);

/* An om_set_fn: `totals:`. */
int om_compile_totals(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err);

/* `http:` and `source:`, likewise; and whether what they lead to is a URL that
 * may be asked. */
int om_compile_http(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err);
int om_compile_source(const struct om_compiler *c, const struct om_yaml *node,
    void *target, struct om_err *err);
OM_MUST_USE int om_compile_check_source(const struct om_feed *feed,
    struct om_err *err);
void om_compile_http_init(struct om_feed_http *http);

/* A whole block; a profile in it is applied first. */
OM_MUST_USE int om_compile_feed(const struct om_compiler *c,
    const struct om_yaml *root, struct om_err *err);

/* The keys of a block again, on another feed: not what says how files are cut,
 * and no profile. */
OM_MUST_USE int om_compile_over(const struct om_compiler *c,
    const struct om_yaml *root, struct om_err *err);

/* What is there fits together and is enough; defaults are filled in. */
OM_MUST_USE int om_compile_check(struct om_feed *feed, struct om_err *err);

#endif
