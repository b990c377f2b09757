/* sequence.c - numbers and days that are counted; see sequence.h. */
#include "order/sequence.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"

static const char *const units[] = {
	[OM_SEQUENCE_NUMBER] = "number",
	[OM_SEQUENCE_DAY] = "day",
	[OM_SEQUENCE_WEEKDAY] = "weekday",
};

const char *
om_sequence_unit_name(enum om_sequence_unit unit)
{
	return units[unit];
}

int
om_sequence_unit_find(struct om_str name, enum om_sequence_unit *out,
    struct om_err *err)
{
	for (size_t i = 0; i < OM_COUNT(units); i++)
		if (om_str_is(name, units[i])) {
			*out = (enum om_sequence_unit)i;
			return 0;
		}
	return om_fail(err, OM_EDAMAGED, "unknown unit '%.*s'", OM_FMT(name));
}

void
om_sequences_add(struct om_sequences *list, enum om_sequence_unit unit,
    int64_t number)
{
	if (list->n == list->room) {
		size_t room = list->room == 0 ? 8 : 2 * list->room;
		struct om_sequence *more =
		    om_alloc(&list->arena, room * sizeof(*more));

		if (list->n > 0)
			memcpy(more, list->item, list->n * sizeof(*more));
		list->item = more;
		list->room = room;
	}
	list->item[list->n++] = (struct om_sequence){ unit, number };
}

void
om_sequences_fini(struct om_sequences *list)
{
	om_arena_clear(&list->arena);
	*list = (struct om_sequences){ 0 };
}

const char *
om_sequence_text(enum om_sequence_unit unit, int64_t number,
    char out[OM_SEQUENCE_TEXT_MAX])
{
	char time[OM_TIME_TEXT_MAX];

	if (unit == OM_SEQUENCE_NUMBER)
		snprintf(out, OM_SEQUENCE_TEXT_MAX, "%" PRId64, number);
	else
		snprintf(out, OM_SEQUENCE_TEXT_MAX, "%.10s",
		    om_time_text(number * 86400, time));
	return out;
}

bool
om_sequence_parse(struct om_str text, struct om_sequence *out)
{
	struct om_err ignored;
	int64_t n;

	if (om_str_int(text, &n) && n >= 0)
		*out = (struct om_sequence){ OM_SEQUENCE_NUMBER, n };
	else if (text.n == 10 && om_time_parse(text, &n, &ignored) == 0)
		*out = (struct om_sequence){ OM_SEQUENCE_DAY, n / 86400 };
	else
		return false;
	return true;
}

/* Weekdays from 1970-01-05, a Monday, until before the day; days may lie
 * before it. */
static int64_t
weekdays_until(int64_t day)
{
	int64_t since = day - 4;
	int64_t weeks = since / 7 - (since % 7 < 0);
	int64_t rest = since - 7 * weeks;

	return 5 * weeks + (rest < 5 ? rest : 5);
}

int64_t
om_sequence_count(enum om_sequence_unit unit, int64_t from, int64_t to)
{
	if (to < from)
		return 0;
	return unit == OM_SEQUENCE_WEEKDAY
		   ? weekdays_until(to + 1) - weekdays_until(from)
		   : to - from + 1;
}
