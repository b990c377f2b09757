/*
 * feed.h - a named source of orders: how its bytes become struct om_order.
 *
 * A feed is configuration, not code: a block of YAML, a built-in profile, or
 * a profile with parts overridden. It is compiled once and then read only; it
 * may be used from any thread. The language is documented in ordmill-feed(5).
 */
#ifndef OM_FEED_FEED_H
#define OM_FEED_FEED_H

#include "base/err.h"
#include "base/hash.h"
#include "order/order.h"

#define OM_FEED_SOURCES_MAX 2 /* shape joined reads two files */

struct om_feed;

/* What a feed brings. */
enum om_feed_kind {
	OM_FEED_ORDERS,
	OM_FEED_PAYMENTS, /* a statement of payments and refunds */
};

/* A built-in profile by name. OM_EUSAGE, with a suggestion, if there is none. */
OM_MUST_USE int om_feed_builtin(const char *name, struct om_feed **out,
    struct om_err *err);
/* One feed's block alone: --map FILE. Errors name file, line and column. */
OM_MUST_USE int om_feed_load(const char *path, struct om_feed **out,
    struct om_err *err);
/* A block of `feeds:` in a configuration, by its name there. path is for
 * messages; block need not outlive the call. */
struct om_yaml;
OM_MUST_USE int om_feed_compile(const char *name, const char *path,
    const struct om_yaml *block, struct om_feed **out, struct om_err *err);
void om_feed_free(struct om_feed **feed);

const char *om_feed_name(const struct om_feed *feed);
enum om_feed_kind om_feed_kind_of(const struct om_feed *feed);
/* How many files make one batch: 1, or 2 for shape joined. */
unsigned om_feed_sources(const struct om_feed *feed);
/* The number or day in the name of a file, if the feed says where to look.
 * False: it does not, or the name is another one. */
struct om_sequence;
bool om_feed_number_of(const struct om_feed *feed, const char *name,
    struct om_sequence *out);
/* SHA-256 of the feed in canonical form: two feeds that read alike hash alike. */
void om_feed_digest(const struct om_feed *feed,
    unsigned char out[OM_SHA256_SIZE]);
/* Names of the built-in profiles, NULL-terminated. */
const char *const *om_feed_profiles(void);

#endif
