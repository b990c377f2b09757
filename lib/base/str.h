/*
 * str.h - a borrowed run of bytes, and the few things one does with it.
 *
 * A struct om_str owns nothing, ends nowhere in particular and may hold any
 * byte. {NULL, 0} means "not there"; {p, 0} means "there, and empty".
 */
#ifndef OM_BASE_STR_H
#define OM_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

struct om_str {
	const char *p;
	size_t n;
};

#define OM_STR(literal) ((struct om_str){ (literal), sizeof(literal) - 1 })

/* printf("%.*s", OM_FMT(s)) */
#define OM_FMT(s) (int)(s).n, (s).n == 0 ? "" : (s).p

struct om_str om_str_of(const char *text); /* NULL gives {NULL, 0} */
struct om_str om_str_dup(struct om_arena *arena, struct om_str s);

static inline bool
om_str_eq(struct om_str a, struct om_str b)
{
	return a.n == b.n && (b.n == 0 || memcmp(a.p, b.p, b.n) == 0);
}

bool om_str_is(struct om_str a, const char *text);
int om_str_cmp(struct om_str a, struct om_str b); /* bytes, then length */
struct om_str om_str_trim(struct om_str s); /* ASCII blanks at both ends */

/* The whole of s is a decimal integer that fits: true. No blanks, no '+'. */
bool om_str_int(struct om_str s, int64_t *out);

/* Shell-like '*' and '?' over bytes; no brackets, no escapes. */
bool om_str_glob(const char *pattern, struct om_str s);

/* Nothing but ' ' to '~': so no control character, and well-formed UTF-8. */
bool om_str_plain(struct om_str s);

/* Well-formed UTF-8 by RFC 3629; *out_at is the first bad byte. */
bool om_utf8_valid(struct om_str s, size_t *out_at);

/* The nearest of n names within edit distance 2, or NULL: for "did you mean". */
const char *om_str_nearest(const char *word, const char *const *names,
    size_t n);

#endif
