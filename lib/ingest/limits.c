/* limits.c - what may be turned away; see limits.h. */
#include "ingest/limits.h"

#include <stdio.h>

#define PPM_MAX 1000000

int
om_limits_orders(struct om_limits *l, const char *text, struct om_err *err)
{
	struct om_str s = om_str_of(text);
	bool share = s.n > 0 && s.p[s.n - 1] == '%';
	struct om_err why = { 0 };
	int64_t n = 0;

	s.n -= share;
	if (om_decimal_parse(s, share ? 4 : 0, OM_ROUND_EXACT, NULL, &n, &why) <
		0 ||
	    n < 0 || (share && n > PPM_MAX))
		return om_fail(err, OM_EUSAGE,
		    "--max-rejects wants a number or a percentage, got '%s'",
		    text);
	l->share = share;
	l->ppm = share ? n : 0;
	l->rejects = share ? 0 : n;
	return 0;
}

int
om_limits_amount(struct om_limits *l, const char *text, struct om_err *err)
{
	struct om_str s = om_str_of(text);
	struct om_limit limit = { NULL, 0 };
	struct om_str amount = { s.p, 0 };
	struct om_err why = { 0 };

	if (s.n > OM_CURRENCY_CODE) {
		amount.n = s.n - OM_CURRENCY_CODE;
		limit.currency = om_currency_find(
		    (struct om_str){ s.p + amount.n, OM_CURRENCY_CODE });
	}
	if (limit.currency == NULL ||
	    om_money_parse(amount, limit.currency, &limit.amount_minor, &why) <
		0 ||
	    limit.amount_minor < 0)
		return om_fail(err, OM_EUSAGE,
		    "--max-reject-amount wants an amount and a currency, such "
		    "as 1000.00EUR, got '%s'",
		    text);
	for (size_t i = 0; i < l->amounts; i++)
		if (l->amount[i].currency == limit.currency)
			return om_fail(err, OM_EUSAGE,
			    "--max-reject-amount is given twice for %s",
			    limit.currency->code);
	if (l->amounts == OM_LIMITS_MAX)
		return om_fail(err, OM_EUSAGE,
		    "--max-reject-amount takes at most %d currencies",
		    OM_LIMITS_MAX);
	l->amount[l->amounts++] = limit;
	return 0;
}

int64_t
om_limits_turned_away(const struct om_books *books)
{
	return om_books_orders(books, OM_REJECTED) +
	       om_books_orders(books, OM_CONFLICTING);
}

static bool
orders_hold(const struct om_limits *l, const struct om_books *books,
    char why[OM_LIMIT_TEXT_MAX])
{
	int64_t bad = om_limits_turned_away(books);
	int64_t read = om_books_orders(books, OM_READ);

	if (l->share ? (om_int128)bad * PPM_MAX <= (om_int128)l->ppm * read
		     : bad <= l->rejects)
		return true;
	snprintf(why, OM_LIMIT_TEXT_MAX,
	    "%lld of %lld orders rejected, more than allowed", (long long)bad,
	    (long long)read);
	return false;
}

static om_int128
magnitude(int64_t n)
{
	return n < 0 ? -(om_int128)n : n;
}

static bool
amount_holds(const struct om_limit *limit, const struct om_page *p,
    char why[OM_LIMIT_TEXT_MAX])
{
	om_int128 bad = magnitude(p->amount_minor[OM_REJECTED]) +
			magnitude(p->amount_minor[OM_CONFLICTING]);
	char allowed[OM_MONEY_TEXT_MAX];
	char text[OM_MONEY_TEXT_MAX];
	int64_t shown;

	if (bad <= limit->amount_minor)
		return true;
	if (!om_money_narrow(bad, &shown))
		shown = INT64_MAX;
	snprintf(why, OM_LIMIT_TEXT_MAX,
	    "%s %s in rejected orders, more than the %s allowed",
	    om_money_text(shown, limit->currency, text), limit->currency->code,
	    om_money_text(limit->amount_minor, limit->currency, allowed));
	return false;
}

bool
om_limits_hold(const struct om_limits *l, const struct om_books *books,
    char why[OM_LIMIT_TEXT_MAX])
{
	if (!orders_hold(l, books, why))
		return false;
	for (size_t i = 0; i < l->amounts; i++)
		for (size_t k = 0; k < books->count; k++)
			if (books->page[k].currency == l->amount[i].currency &&
			    !amount_holds(&l->amount[i], &books->page[k], why))
				return false;
	return true;
}
