/* date.c - a small strptime of our own; see date.h. */
#include "feed/date.h"

#include <string.h>

#include "base/time.h"

#define DAY	 INT64_C(86400)
#define PIVOT	 69
#define DATE_MAX 64

struct parts {
	int year;
	int month;
	int day;
	int hour;
	int minute;
	int second;
	int offset; /* seconds east of UTC */
	bool zoned;
};

struct cursor {
	const char *p;
	const char *end;
};

int
om_date_check(const char *format, struct om_err *err)
{
	bool year = false;
	bool month = false;
	bool day = false;

	for (const char *f = format; *f != '\0'; f++) {
		if (*f != '%')
			continue;
		f++;
		if (*f == '\0' || strchr("dmYybHMSz%", *f) == NULL)
			return om_fail(err, OM_EUSAGE,
			    "unknown directive '%%%.1s' in date format '%s'", f,
			    format);
		year = year || *f == 'Y' || *f == 'y';
		month = month || *f == 'm' || *f == 'b';
		day = day || *f == 'd';
	}
	if (!year || !month || !day)
		return om_fail(err, OM_EUSAGE,
		    "date format '%s' needs a year, a month and a day", format);
	return 0;
}

/* One to width digits. */
static bool
number(struct cursor *c, int width, int *out)
{
	int value = 0;
	int n = 0;

	while (n < width && c->p < c->end && *c->p >= '0' && *c->p <= '9') {
		value = value * 10 + (*c->p++ - '0');
		n++;
	}
	*out = value;
	return n > 0;
}

static bool
month_name(struct cursor *c, int *out)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	if (c->end - c->p < 3)
		return false;
	for (int m = 0; m < 12; m++) {
		int same = 0;

		while (same < 3 && (c->p[same] | 0x20) == names[3 * m + same])
			same++;
		if (same == 3) {
			c->p += 3;
			*out = m + 1;
			return true;
		}
	}
	return false;
}

static bool
offset(struct cursor *c, struct parts *t)
{
	int sign;
	int hour;
	int minute = 0;

	t->zoned = true;
	if (c->p < c->end && (*c->p == 'Z' || *c->p == 'z')) {
		c->p++;
		return true;
	}
	if (c->p == c->end || (*c->p != '+' && *c->p != '-'))
		return false;
	sign = *c->p++ == '-' ? -1 : 1;
	if (!number(c, 2, &hour))
		return false;
	if (c->p < c->end && *c->p == ':')
		c->p++;
	if (c->p < c->end && *c->p >= '0' && *c->p <= '9' &&
	    !number(c, 2, &minute))
		return false;
	t->offset = sign * (hour * 3600 + minute * 60);
	return hour <= 23 && minute <= 59;
}

static bool
directive(char what, struct cursor *c, struct parts *t)
{
	switch (what) {
	case 'd':
		return number(c, 2, &t->day);
	case 'm':
		return number(c, 2, &t->month);
	case 'Y':
		return number(c, 4, &t->year);
	case 'y':
		if (!number(c, 2, &t->year))
			return false;
		t->year += t->year < PIVOT ? 2000 : 1900;
		return true;
	case 'b':
		return month_name(c, &t->month);
	case 'H':
		return number(c, 2, &t->hour);
	case 'M':
		return number(c, 2, &t->minute);
	case 'S':
		return number(c, 2, &t->second);
	case 'z':
		return offset(c, t);
	default:
		return c->p < c->end && *c->p++ == '%';
	}
}

static bool
blanks(struct cursor *c)
{
	const char *start = c->p;

	while (c->p < c->end && *c->p == ' ')
		c->p++;
	return c->p > start;
}

static bool
by_format(const char *format, struct om_str text, struct parts *t)
{
	struct cursor c = { text.p, text.p + text.n };

	for (const char *f = format; *f != '\0'; f++) {
		bool ok;

		if (*f == '%')
			ok = directive(*++f, &c, t);
		else if (*f == ' ')
			ok = blanks(&c);
		else
			ok = c.p < c.end && *c.p++ == *f;
		if (!ok)
			return false;
	}
	return c.p == c.end && t->hour <= 23 && t->minute <= 59 &&
	       t->second <= 60;
}

/* Whether an RFC 3339 text says its own offset. */
static bool
has_offset(struct om_str text)
{
	for (size_t i = 10; i < text.n; i++)
		if (strchr("Zz+-", text.p[i]) != NULL && text.p[i] != '\0')
			return true;
	return false;
}

OM_MUST_USE static int
parse_format(const char *format, const struct om_zone *zone, struct om_str text,
    int64_t *out, struct om_err *err)
{
	struct parts t = { .month = 1, .day = 1 };
	int64_t local;
	int64_t days;

	if (!by_format(format, text, &t) ||
	    !om_time_civil(t.year, t.month, t.day, &days))
		return om_fail(err, OM_EDATA, "bad time '%.*s' (want '%s')",
		    OM_FMT(text), format);
	local =
	    days * DAY + t.hour * 3600 + t.minute * 60 + t.second - t.offset;
	if (!t.zoned)
		return om_zone_utc(zone, local, out, err);
	*out = local;
	return 0;
}

/* A time that is local to a zone unless it says otherwise. */
OM_MUST_USE static int
parse_local(const struct om_zone *zone, struct om_str text, int64_t *out,
    struct om_err *err)
{
	int64_t local;

	if (has_offset(text))
		return om_time_parse(text, out, err);
	if (om_time_parse(text, &local, err) < 0)
		return err->code;
	return om_zone_utc(zone, local, out, err);
}

OM_MUST_USE static int
parse_other(const char *format, const struct om_zone *zone, struct om_str text,
    int64_t *out, struct om_err *err)
{
	if (text.n == 0 || text.n > DATE_MAX)
		return om_fail(err, OM_EDATA, "bad time '%.*s'", OM_FMT(text));
	if (format != NULL)
		return parse_format(format, zone, text, out, err);
	return parse_local(zone, text, out, err);
}

int
om_date_parse(const char *format, const struct om_zone *zone,
    struct om_str text, int64_t *out, struct om_err *err)
{
	if (format == NULL && zone == NULL && text.n <= DATE_MAX)
		return om_time_parse(text, out, err);
	return parse_other(format, zone, text, out, err);
}
