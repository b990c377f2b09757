/* typed.c - see typed.h. */
#include "feed/typed.h"

#include <string.h>

#include "feed/date.h"

/* Down by 10^places, exactly. */
static int
scale_down(struct om_str text, int places, int64_t *value, struct om_err *err)
{
	om_int128 result;
	om_int128 divisor = 1;

	for (int i = 0; i < places; i++)
		divisor *= 10;
	if (!om_divide(*value, divisor, OM_ROUND_EXACT, &result))
		return om_fail(err, OM_EDATA, "bad amount '%.*s'",
		    OM_FMT(text));
	*value = (int64_t)result;
	return 0;
}

int
om_typed_number(const struct om_step *step, struct om_str text, int places,
    int64_t *out, struct om_err *err)
{
	const struct om_value *v = step->value;
	int64_t value;

	places -= v->scale;
	if (om_decimal_parse(text, places < 0 ? 0 : places, OM_ROUND_EXACT,
		&step->number, &value, err) < 0 ||
	    (places < 0 && scale_down(text, -places, &value, err) < 0))
		return err->code;
	if ((v->absolute && value < 0) || v->negate) {
		if (value == INT64_MIN)
			return om_fail(err, OM_ELIMIT,
			    "amount '%.*s' is too large", OM_FMT(text));
		if (v->absolute && value < 0)
			value = -value;
		if (v->negate)
			value = -value;
	}
	*out = value;
	return 0;
}

int
om_typed_time(const struct om_feed *feed, const struct om_step *step,
    struct om_str text, int64_t *out, struct om_err *err)
{
	const char *format = step->value->date;

	return om_date_parse(format != NULL ? format : feed->date, feed->zone,
	    text, out, err);
}

int
om_typed_kind(struct om_str text, enum om_kind *out, struct om_err *err)
{
	if (om_str_eq(text, OM_STR("order")))
		*out = OM_KIND_ORDER;
	else if (om_str_eq(text, OM_STR("cancel")))
		*out = OM_KIND_CANCEL;
	else if (om_str_eq(text, OM_STR("cancelled")))
		*out = OM_KIND_CANCELLED;
	else
		return om_fail(err, OM_EDATA,
		    "kind '%.*s' is none of 'order', 'cancel', 'cancelled'",
		    OM_FMT(text));
	return 0;
}

int
om_typed_bool(struct om_str text, bool *out, struct om_err *err)
{
	static const char *const words[] = { "false", "true", "no", "yes", "0",
		"1" };

	for (size_t i = 0; i < OM_COUNT(words); i++) {
		if (om_str_is(text, words[i])) {
			*out = i % 2 == 1;
			return 0;
		}
	}
	return om_fail(err, OM_EDATA, "'%.*s' is neither 'true' nor 'false'",
	    OM_FMT(text));
}

OM_SELDOM static int
check_odd_text(const struct om_field_row *row, struct om_str text,
    struct om_err *err)
{
	if (text.n > row->max)
		return om_fail(err, OM_EDATA, "%s is longer than %zu bytes",
		    row->name, row->max);
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c < ' ' || c == 0x7f)
			return om_fail(err, OM_EDATA,
			    "%s has a control character at byte %zu", row->name,
			    i + 1);
	}
	return 0;
}

int
om_typed_text(enum om_field field, struct om_str text, struct om_err *err)
{
	const struct om_field_row *row = om_field_row(field);

	if (text.n <= row->max &&
	    (row->type != OM_TYPE_NAME || om_str_plain(text)))
		return 0;
	return check_odd_text(row, text, err);
}
