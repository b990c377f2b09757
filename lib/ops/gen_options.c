/* gen_options.c - what can be asked of the generator; see gen.h. */
#include <string.h>

#include "ops/gen.h"
#include "ops/gen_plan.h"
#include "order/decimal.h"
#include "order/order.h"

#define PPM_MAX 1000000

int
om_gen_count(struct om_str text, int64_t orders, int64_t *out,
    struct om_err *err)
{
	bool share = text.n > 0 && text.p[text.n - 1] == '%';
	struct om_str number = { text.p, text.n - share };
	struct om_err why = { 0 };
	int64_t n;

	if (om_decimal_parse(number, share ? 4 : 0, OM_ROUND_EXACT, NULL, &n,
		&why) < 0 ||
	    n < 0 || (share && n > PPM_MAX))
		return om_fail(err, OM_EUSAGE, "bad number '%.*s'",
		    OM_FMT(text));
	*out = share ? (int64_t)((om_int128)orders * n / PPM_MAX) : n;
	return 0;
}

static int
check_range(const char *what, int64_t n, int64_t from, int64_t to,
    struct om_err *err)
{
	if (n >= from && n <= to)
		return 0;
	return om_fail(err, OM_EUSAGE, "%s is %lld: not within %lld to %lld",
	    what, (long long)n, (long long)from, (long long)to);
}

/* So that it needs no quotes in a file and no escapes in a shell. */
static int
check_channel(const char *channel, struct om_err *err)
{
	size_t n = strspn(channel, "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

	if (n == 0 || n > OM_CHANNEL_MAX || channel[n] != '\0')
		return om_fail(err, OM_EUSAGE, "bad channel '%s'", channel);
	return 0;
}

static int
check_special(const struct om_gen_options *opt, struct om_err *err)
{
	int rc = check_range("breaks", opt->breaks, 0, opt->orders, err);

	if (rc == 0)
		rc = check_range("amendments", opt->amendments, 0, opt->orders,
		    err);
	if (rc == 0)
		rc = check_range("cancellations", opt->cancellations, 0,
		    opt->orders, err);
	if (rc == 0)
		rc =
		    check_range("bad rows", opt->bad_rows, 0, opt->orders, err);
	if (rc < 0 || om_gen_special(opt) <= opt->orders)
		return rc;
	return om_fail(err, OM_EUSAGE,
	    "breaks, amendments, cancellations and bad rows are %lld together, "
	    "but there are %lld orders",
	    (long long)om_gen_special(opt), (long long)opt->orders);
}

int
om_gen_check(const struct om_gen_options *opt, struct om_err *err)
{
	const int64_t last_day = 253402300799 - (OM_GEN_DAYS_MAX + 4) * 86400LL;
	int rc = check_range("orders", opt->orders, 0, OM_GEN_ORDERS_MAX, err);

	if (rc == 0)
		rc = check_range("lines", opt->lines, 0, OM_GEN_LINES_MAX, err);
	if (rc == 0)
		rc = check_special(opt, err);
	if (rc == 0)
		rc = check_range("days", opt->days, 1, OM_GEN_DAYS_MAX, err);
	if (rc == 0)
		rc = check_range("start", opt->start, 0, last_day, err);
	if (rc == 0)
		rc = check_range("parts", opt->parts, 1, OM_GEN_PARTS_MAX, err);
	if (rc == 0)
		rc = check_range("part", opt->part, 1, opt->parts, err);
	return rc < 0 ? rc : check_channel(opt->channel, err);
}
