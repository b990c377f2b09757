/* outcome.c - bookkeeping of counts and money; see outcome.h. */
#include "store/outcome.h"

static const char *const names[OM_COUNTS] = {
	[OM_READ] = "read",
	[OM_CREATED] = "created",
	[OM_AMENDED] = "amended",
	[OM_CANCELLED_BY_FEED] = "cancelled",
	[OM_UNCHANGED] = "unchanged",
	[OM_CONFLICTING] = "conflicting",
	[OM_REJECTED] = "rejected",
	[OM_OVERTAKEN] = "overtaken",
	[OM_EARLY] = "early",
	[OM_STALE] = "stale",
	[OM_VOID] = "void",
};

enum om_outcome
om_outcome_whole(enum om_outcome outcome)
{
	switch (outcome) {
	case OM_OVERTAKEN:
	case OM_VOID:
		return OM_CREATED;
	case OM_EARLY:
		return OM_CANCELLED_BY_FEED;
	case OM_STALE:
		return OM_UNCHANGED;
	case OM_READ:
	case OM_CREATED:
	case OM_AMENDED:
	case OM_CANCELLED_BY_FEED:
	case OM_UNCHANGED:
	case OM_CONFLICTING:
	case OM_REJECTED:
	case OM_COUNTS:
		break;
	}
	return outcome;
}

const char *
om_outcome_name(enum om_outcome outcome)
{
	return names[outcome];
}

bool
om_outcome_find(struct om_str name, enum om_outcome *out)
{
	for (int i = 0; i < OM_COUNTS; i++)
		if (om_str_is(name, names[i])) {
			*out = (enum om_outcome)i;
			return true;
		}
	return false;
}

enum om_outcome
om_outcome_told(int i)
{
	static const enum om_outcome told[OM_COUNTS] = { OM_READ, OM_CREATED,
		OM_OVERTAKEN, OM_VOID, OM_AMENDED, OM_CANCELLED_BY_FEED,
		OM_EARLY, OM_UNCHANGED, OM_STALE, OM_CONFLICTING, OM_REJECTED };

	return told[i];
}

/* The page of a currency, new if need be. There are fewer active currencies
 * than pages. */
static struct om_page *
page_of(struct om_books *books, const struct om_currency *currency)
{
	for (size_t i = 0; i < books->count; i++)
		if (books->page[i].currency == currency)
			return &books->page[i];
	if (books->count == OM_CURRENCIES_MAX)
		return NULL;
	books->page[books->count] = (struct om_page){ .currency = currency };
	return &books->page[books->count++];
}

int
om_books_add(struct om_books *books, const struct om_currency *currency,
    enum om_outcome outcome, int64_t orders, int64_t amount_minor,
    struct om_err *err)
{
	struct om_page *p = page_of(books, currency);

	if (p == NULL)
		return om_fail(err, OM_ELIMIT, "more than %d currencies",
		    OM_CURRENCIES_MAX);
	if (om_money_add(&p->amount_minor[outcome], amount_minor, err) < 0)
		return om_wrap(err, "%s %s", names[outcome],
		    currency == NULL ? "" : currency->code);
	p->orders[outcome] += orders;
	return 0;
}

int
om_books_count(struct om_books *books, const struct om_currency *currency,
    enum om_outcome outcome, int64_t amount_minor, struct om_err *err)
{
	enum om_outcome whole = om_outcome_whole(outcome);

	if (whole != outcome &&
	    om_books_add(books, currency, whole, 1, amount_minor, err) < 0)
		return err->code;
	return om_books_add(books, currency, outcome, 1, amount_minor, err);
}

int
om_books_merge(struct om_books *books, const struct om_books *more,
    struct om_err *err)
{
	for (size_t i = 0; i < more->count; i++)
		for (int o = 0; o < OM_COUNTS; o++) {
			const struct om_page *p = &more->page[i];

			if (om_books_add(books, p->currency, (enum om_outcome)o,
				p->orders[o], p->amount_minor[o], err) < 0)
				return err->code;
		}
	return 0;
}

int64_t
om_books_orders(const struct om_books *books, enum om_outcome outcome)
{
	int64_t n = 0;

	for (size_t i = 0; i < books->count; i++)
		n += books->page[i].orders[outcome];
	return n;
}

static const char *
code_of(const struct om_page *p)
{
	return p->currency == NULL ? "no currency" : p->currency->code;
}

static int
check_parts(const struct om_page *p, struct om_err *err)
{
	for (int o = OM_OUTCOMES; o < OM_COUNTS; o++) {
		enum om_outcome whole = om_outcome_whole((enum om_outcome)o);

		if (p->orders[o] > p->orders[whole])
			return om_fail(err, OM_EINTERNAL,
			    "the books do not close: %s: %lld orders %s, of"
			    " %lld %s",
			    code_of(p), (long long)p->orders[o], names[o],
			    (long long)p->orders[whole], names[whole]);
	}
	return 0;
}

int
om_books_close(const struct om_books *books, struct om_err *err)
{
	for (size_t i = 0; i < books->count; i++) {
		const struct om_page *p = &books->page[i];
		int64_t orders = p->orders[OM_READ];
		om_int128 amount = p->amount_minor[OM_READ];

		for (int o = OM_READ + 1; o < OM_OUTCOMES; o++) {
			orders -= p->orders[o];
			amount -= p->amount_minor[o];
		}
		if (orders != 0 || amount != 0)
			return om_fail(err, OM_EINTERNAL,
			    "the books do not close: %s: %lld orders and %lld"
			    " minor units are unaccounted for",
			    code_of(p), (long long)orders, (long long)amount);
		if (check_parts(p, err) < 0)
			return err->code;
	}
	return 0;
}

static bool
was_taken(enum om_outcome outcome)
{
	enum om_outcome whole = om_outcome_whole(outcome);

	return whole == OM_CREATED || whole == OM_AMENDED ||
	       whole == OM_CANCELLED_BY_FEED;
}

void
om_books_again(struct om_books *books)
{
	for (size_t i = 0; i < books->count; i++) {
		struct om_page *p = &books->page[i];

		for (int o = 0; o < OM_COUNTS; o++) {
			if (!was_taken((enum om_outcome)o))
				continue;
			if (o < OM_OUTCOMES) {
				p->orders[OM_UNCHANGED] += p->orders[o];
				p->amount_minor[OM_UNCHANGED] +=
				    p->amount_minor[o];
			}
			p->orders[o] = 0;
			p->amount_minor[o] = 0;
		}
	}
}
