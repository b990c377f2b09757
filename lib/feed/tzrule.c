/* tzrule.c - POSIX TZ strings; see tzrule.h. */
#include "feed/tzrule.h"

#include "base/time.h"

#define DAY INT64_C(86400)

/* An abbreviation: letters, or anything in <>. */
static bool
name(const char **p)
{
	const char *start = *p;

	if (**p == '<') {
		while (**p != '\0' && **p != '>')
			(*p)++;
		return *(*p)++ == '>';
	}
	while ((**p >= 'A' && **p <= 'Z') || (**p >= 'a' && **p <= 'z'))
		(*p)++;
	return *p - start >= 3;
}

static bool
number(const char **p, int max, int *out)
{
	int value = 0;

	if (**p < '0' || **p > '9')
		return false;
	while (**p >= '0' && **p <= '9') {
		value = value * 10 + (*(*p)++ - '0');
		if (value > max)
			return false;
	}
	*out = value;
	return true;
}

/* [+-]hh[:mm[:ss]] */
static bool
seconds(const char **p, int64_t *out)
{
	int64_t sign = 1;
	int64_t total = 0;
	int64_t unit = 3600;

	if (**p == '-' || **p == '+')
		sign = *(*p)++ == '-' ? -1 : 1;
	for (int i = 0; i < 3; i++) {
		int n;

		if (i > 0 && *(*p)++ != ':')
			return false;
		if (!number(p, i == 0 ? 167 : 59, &n))
			return false;
		total += n * unit;
		unit /= 60;
		if (**p != ':')
			break;
	}
	*out = sign * total;
	return true;
}

static bool
skip(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

static bool
change(const char **p, struct om_tzchange *out)
{
	out->time = 7200;
	out->form = 'n';
	if (!skip(p, ','))
		return false;
	if (skip(p, 'M')) {
		out->form = 'M';
		if (!number(p, 12, &out->month) || !skip(p, '.') ||
		    !number(p, 5, &out->week) || !skip(p, '.') ||
		    !number(p, 6, &out->day) || out->month < 1 || out->week < 1)
			return false;
	} else {
		if (skip(p, 'J'))
			out->form = 'J';
		if (!number(p, 365, &out->day))
			return false;
	}
	return !skip(p, '/') || seconds(p, &out->time);
}

bool
om_tzrule_parse(const char *text, struct om_tzrule *out)
{
	struct om_tzrule r = { 0 };
	const char *p = text;

	if (!name(&p) || !seconds(&p, &r.standard))
		return false;
	r.standard = -r.standard; /* POSIX counts west */
	if (*p != '\0') {
		r.changes = true;
		r.summer = r.standard + 3600;
		if (!name(&p))
			return false;
		if (*p != ',') {
			if (!seconds(&p, &r.summer))
				return false;
			r.summer = -r.summer;
		}
		if (!change(&p, &r.start) || !change(&p, &r.end))
			return false;
	}
	*out = r;
	return *p == '\0';
}

static int64_t
first_of(int64_t year, int month)
{
	int64_t days = 0;

	(void)om_time_civil(year, month, 1, &days);
	return days;
}

/* The day, counted from 1970-01-01, on which the clock changes. */
static int64_t
change_day(const struct om_tzchange *c, int64_t year)
{
	int64_t january = first_of(year, 1);
	int64_t first;
	int64_t next;
	int64_t day;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (c->form == 'J')
		return january + c->day - 1 + (leap && c->day >= 60);
	if (c->form == 'n')
		return january + c->day;
	first = first_of(year, c->month);
	next = c->month == 12 ? january + 365 + leap
			      : first_of(year, c->month + 1);
	/* 1970-01-01 was a Thursday: weekday 4. */
	day = first + (c->day - ((first + 4) % 7 + 7) % 7 + 7) % 7;
	day += 7 * (c->week - 1);
	while (day >= next)
		day -= 7;
	return day;
}

void
om_tzrule_year(const struct om_tzrule *rule, int64_t year, int64_t *out_start,
    int64_t *out_end)
{
	*out_start = change_day(&rule->start, year) * DAY + rule->start.time -
		     rule->standard;
	*out_end =
	    change_day(&rule->end, year) * DAY + rule->end.time - rule->summer;
}
