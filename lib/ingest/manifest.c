/* manifest.c - figure by figure; see manifest.h. */
#include "ingest/manifest.h"

#include <inttypes.h>
#include <string.h>

static int
check_count(const struct om_manifest *m, unsigned figure, int64_t stated,
    int64_t found, const char *what, struct om_err *err)
{
	if ((m->stated & figure) == 0 || stated == found)
		return 0;
	return om_fail(err, OM_EDATA,
	    "%s says %" PRId64 " %s, but there are %" PRId64, m->name, stated,
	    what, found);
}

static int
check_hash(const struct om_manifest *m, om_int128 found, struct om_err *err)
{
	char want[OM_MONEY_TEXT_MAX];
	char got[OM_MONEY_TEXT_MAX];
	int64_t sum;

	if ((m->stated & OM_FIGURE_HASH) == 0 || m->hash_milli == found)
		return 0;
	if (!om_money_narrow(found, &sum))
		return om_fail(err, OM_ELIMIT,
		    "the sum of the quantities "
		    "overflows");
	return om_fail(err, OM_EDATA,
	    "%s says that the quantities make %s, but they make %s", m->name,
	    om_decimal_text(m->hash_milli, 3, want),
	    om_decimal_text(sum, 3, got));
}

static int
check_sha256(const struct om_manifest *m, const char *found, struct om_err *err)
{
	if ((m->stated & OM_FIGURE_SHA256) == 0 ||
	    strcmp(m->sha256, found) == 0)
		return 0;
	return om_fail(err, OM_EDATA,
	    "%s says SHA-256 %s, but the batch has %s", m->name, m->sha256,
	    found);
}

/* The only page that has a currency, or NULL; *out_many: several. */
static const struct om_page *
only_page(const struct om_books *books, bool *out_many)
{
	const struct om_page *page = NULL;

	*out_many = false;
	for (size_t i = 0; i < books->count; i++) {
		if (books->page[i].currency == NULL)
			continue;
		*out_many = page != NULL;
		if (*out_many)
			return NULL;
		page = &books->page[i];
	}
	return page;
}

static const struct om_page *
page_of(const struct om_books *books, const struct om_currency *currency)
{
	for (size_t i = 0; i < books->count; i++)
		if (books->page[i].currency == currency)
			return &books->page[i];
	return NULL;
}

static int
check_sum(const struct om_manifest *m, const struct om_manifest_sum *sum,
    const struct om_books *books, struct om_err *err)
{
	const struct om_currency *c = sum->currency;
	const struct om_page *page;
	char want[OM_MONEY_TEXT_MAX];
	char got[OM_MONEY_TEXT_MAX];
	int64_t found;
	om_int128 scaled;
	bool many = false;

	page = c == NULL ? only_page(books, &many) : page_of(books, c);
	if (many)
		return om_fail(err, OM_EDATA,
		    "%s states one sum, but there are several currencies",
		    m->name);
	if (page != NULL)
		c = page->currency;
	found = page == NULL ? 0 : page->amount_minor[OM_READ];
	scaled = found;
	for (int i = c == NULL ? 0 : c->exponent; i < OM_MANIFEST_PLACES; i++)
		scaled *= 10;
	if (scaled == sum->amount)
		return 0;
	om_decimal_text(sum->amount, OM_MANIFEST_PLACES, want);
	for (int i = c == NULL ? 0 : c->exponent; i < OM_MANIFEST_PLACES; i++)
		if (strchr(want, '.') != NULL && want[strlen(want) - 1] == '0')
			want[strlen(want) - 1] = '\0';
	if (want[strlen(want) - 1] == '.')
		want[strlen(want) - 1] = '\0';
	return om_fail(err, OM_EDATA,
	    "%s says that the orders make %s%s%s, but they make %s", m->name,
	    want, c == NULL ? "" : " ", c == NULL ? "" : c->code,
	    c == NULL ? "0" : om_money_text(found, c, got));
}

/* A manifest that states sums states all of them. */
static int
check_others(const struct om_manifest *m, const struct om_books *books,
    struct om_err *err)
{
	if (m->sums == 0 || m->sum[0].currency == NULL)
		return 0;
	for (size_t i = 0; i < books->count; i++) {
		const struct om_currency *c = books->page[i].currency;
		bool stated = c == NULL;

		for (size_t k = 0; k < m->sums; k++)
			stated |= m->sum[k].currency == c;
		if (!stated)
			return om_fail(err, OM_EDATA,
			    "%s states no sum in %s, but there are %" PRId64
			    " such orders",
			    m->name, c->code, books->page[i].orders[OM_READ]);
	}
	return 0;
}

static int
check(const struct om_manifest *m, const struct om_found *found,
    struct om_err *err)
{
	const struct om_read_tally *t =
	    found->reader == NULL ? NULL : om_reader_tally(found->reader);

	if (check_sha256(m, found->sha256, err) < 0 ||
	    check_count(m, OM_FIGURE_ROWS, m->rows, found->rows, "rows", err) <
		0 ||
	    check_count(m, OM_FIGURE_ORDERS, m->orders,
		om_books_orders(found->books, OM_READ), "orders", err) < 0 ||
	    (t != NULL && check_count(m, OM_FIGURE_LINES, m->lines, t->lines,
			      "lines", err) < 0) ||
	    (t != NULL && check_hash(m, t->hash, err) < 0))
		return err->code;
	for (size_t i = 0; i < m->sums; i++)
		if (check_sum(m, &m->sum[i], found->books, err) < 0)
			return err->code;
	return check_others(m, found->books, err);
}

int
om_manifests_check(const struct om_manifest *given,
    const struct om_found *found, struct om_err *err)
{
	const struct om_manifest *own = NULL;
	int rc = 0;

	if (given != NULL && check(given, found, err) < 0)
		return err->code;
	if (found->reader != NULL && !found->part)
		rc = om_reader_stated(found->reader, &own, err);
	return rc == 1 ? check(own, found, err) : rc;
}
