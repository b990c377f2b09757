/* money.c - checked sums of minor units; see money.h. */
#include "order/money.h"

int
om_money_parse(struct om_str text, const struct om_currency *c,
    int64_t *out_minor, struct om_err *err)
{
	return om_decimal_parse(text, c->exponent, OM_ROUND_EXACT, NULL,
	    out_minor, err);
}

const char *
om_money_text(int64_t minor, const struct om_currency *c,
    char out[OM_MONEY_TEXT_MAX])
{
	return om_decimal_text(minor, c->exponent, out);
}

int
om_money_add(int64_t *sum, int64_t amount, struct om_err *err)
{
	int64_t result;

	if (__builtin_add_overflow(*sum, amount, &result))
		return om_fail(err, OM_ELIMIT, "sum overflows");
	*sum = result;
	return 0;
}

int
om_money_sub(int64_t *sum, int64_t amount, struct om_err *err)
{
	int64_t result;

	if (__builtin_sub_overflow(*sum, amount, &result))
		return om_fail(err, OM_ELIMIT, "difference overflows");
	*sum = result;
	return 0;
}
