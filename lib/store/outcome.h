/*
 * outcome.h - what can become of an order that was read, and the books of it.
 *
 * read = created + amended + cancelled + unchanged + conflicting + rejected,
 * in orders and, per currency, in the money that the input states. Some of
 * them have a part with a count of its own: it is counted in its whole, too,
 * and so has no place in that sum.
 */
#ifndef OM_STORE_OUTCOME_H
#define OM_STORE_OUTCOME_H

#include "order/money.h"

#define OM_CURRENCIES_MAX 200

enum om_outcome {
	OM_READ,
	OM_CREATED,
	OM_AMENDED,
	OM_CANCELLED_BY_FEED,
	OM_UNCHANGED,
	OM_CONFLICTING,
	OM_REJECTED,
	OM_OUTCOMES,
	OM_OVERTAKEN = OM_OUTCOMES, /* created: its cancellation came first */
	OM_EARLY,		    /* cancelled: its order is not here yet */
	OM_STALE,		    /* unchanged: older than what is there */
	OM_VOID,		    /* created: it came cancelled */
	OM_COUNTS
};

/* What it is a part of; itself if it is not a part. */
enum om_outcome om_outcome_whole(enum om_outcome outcome);
/* All OM_COUNTS of them in the order in which they are told to people: each
 * part behind its whole. */
enum om_outcome om_outcome_told(int i);
const char *om_outcome_name(enum om_outcome outcome); /* "created" */
bool om_outcome_find(struct om_str name, enum om_outcome *out);

/* One currency's page. currency NULL: the amount could not be read. */
struct om_page {
	const struct om_currency *currency;
	int64_t orders[OM_COUNTS];
	int64_t amount_minor[OM_COUNTS];
};

struct om_books {
	size_t count;
	struct om_page page[OM_CURRENCIES_MAX];
};

/* What became of one order: a part counts in its whole, too. OM_ELIMIT if a
 * sum overflows. */
OM_MUST_USE int om_books_count(struct om_books *books,
    const struct om_currency *currency, enum om_outcome outcome,
    int64_t amount_minor, struct om_err *err);
/* Figures as they are: a part comes beside its whole. OM_ELIMIT as above. */
OM_MUST_USE int om_books_add(struct om_books *books,
    const struct om_currency *currency, enum om_outcome outcome, int64_t orders,
    int64_t amount_minor, struct om_err *err);
OM_MUST_USE int om_books_merge(struct om_books *books,
    const struct om_books *more, struct om_err *err);
/* The books of the same batch when it comes again: what was taken then is
 * unchanged now. */
void om_books_again(struct om_books *books);
int64_t om_books_orders(const struct om_books *books, enum om_outcome outcome);

/* OM_EINTERNAL names the first page that does not close, or has a part that is
 * more than its whole. */
OM_MUST_USE int om_books_close(const struct om_books *books,
    struct om_err *err);

#endif
