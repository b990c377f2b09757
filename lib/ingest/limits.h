/*
 * limits.h - how much of a batch may be turned away before nothing of it is
 * loaded: a number or a share of orders, and money per currency. All hold.
 */
#ifndef OM_INGEST_LIMITS_H
#define OM_INGEST_LIMITS_H

#include "store/outcome.h"

#define OM_LIMITS_MAX	  16 /* currencies */
#define OM_LIMIT_TEXT_MAX 160

struct om_limit {
	const struct om_currency *currency;
	int64_t amount_minor;
};

/* Zeroed: nothing may be turned away. */
struct om_limits {
	int64_t rejects; /* orders */
	bool share;	 /* ppm counts, not rejects */
	int64_t ppm;	 /* of the orders read */
	struct om_limit amount[OM_LIMITS_MAX];
	size_t amounts;
};

/* "7" or "0.1%". OM_EUSAGE. */
OM_MUST_USE int om_limits_orders(struct om_limits *l, const char *text,
    struct om_err *err);
/* "1000.00EUR", each currency once. OM_EUSAGE. */
OM_MUST_USE int om_limits_amount(struct om_limits *l, const char *text,
    struct om_err *err);

/* Orders turned away: rejected and conflicting. */
int64_t om_limits_turned_away(const struct om_books *books);

/* False: over a limit, *why says which. Money is what the input states of the
 * orders; what could not be read counts 0, and the sums of the rejected and of
 * the conflicting ones count without their signs. */
bool om_limits_hold(const struct om_limits *l, const struct om_books *books,
    char why[OM_LIMIT_TEXT_MAX]);

#endif
