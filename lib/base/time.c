/* time.c - civil calendar arithmetic and RFC 3339; see time.h. */
#include "base/time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY	   INT64_C(86400)
#define ERA_DAYS   146097 /* of 400 years */
#define EPOCH_DAYS 719468 /* from 0000-03-01 to 1970-01-01 */

/* 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z */
#define TIME_MIN INT64_C(-62167219200)
#define TIME_MAX INT64_C(253402300799)

static int64_t
system_now(const void *arg)
{
	(void)arg;
	return (int64_t)time(NULL);
}

static int64_t
fixed_now(const void *arg)
{
	return *(const int64_t *)arg;
}

struct om_clock
om_clock_system(void)
{
	return (struct om_clock){ system_now, NULL };
}

struct om_clock
om_clock_fixed(const int64_t *when)
{
	return (struct om_clock){ fixed_now, when };
}

int64_t
om_now(const struct om_clock *clock)
{
	return clock->now(clock->arg);
}

int64_t
om_monotonic_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool
is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 1970-01-01, counting years from March so that a leap day is last
 * (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"), and from one era
 * of 400 years earlier so that none is negative. */
bool
om_time_civil(int64_t year, int month, int day, int64_t *out_days)
{
	static const int length[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	unsigned y;
	unsigned doy;

	if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1 ||
	    day > length[month - 1] ||
	    (month == 2 && day == 29 && !is_leap(year)))
		return false;
	y = (unsigned)year + 400 - (month <= 2);
	doy = (153 * (unsigned)(month > 2 ? month - 3 : month + 9) + 2) / 5 +
	      (unsigned)day - 1;
	*out_days = (int64_t)(y * 365 + y / 4 - y / 100 + y / 400 + doy) -
		    ERA_DAYS - EPOCH_DAYS;
	return true;
}

void
om_time_from_days(int64_t days, int64_t *year, int *month, int *day)
{
	int64_t z = days + EPOCH_DAYS;
	int64_t era = (z >= 0 ? z : z - (ERA_DAYS - 1)) / ERA_DAYS;
	int64_t doe = z - era * ERA_DAYS;
	int64_t yoe =
	    (doe - doe / 1460 + doe / 36524 - doe / (ERA_DAYS - 1)) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = yoe + era * 400 + (*month <= 2);
}

const char *
om_time_text(int64_t when, char out[OM_TIME_TEXT_MAX])
{
	int64_t days;
	int64_t rest;
	int64_t year;
	int month;
	int day;

	if (when < TIME_MIN || when > TIME_MAX)
		return memcpy(out, "?", 2);
	days = (when >= 0 ? when : when - (DAY - 1)) / DAY;
	rest = when - days * DAY;
	om_time_from_days(days, &year, &month, &day);
	snprintf(out, OM_TIME_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02dZ",
	    (int)year, month, day, (int)(rest / 3600), (int)(rest / 60 % 60),
	    (int)(rest % 60));
	return out;
}

static unsigned
digit_of(char c)
{
	return (unsigned)(unsigned char)c - '0';
}

/* The number that two digits are; over 99 if they are not. */
static inline int
pair_of(const char *p)
{
	unsigned tens = digit_of(p[0]);
	unsigned ones = digit_of(p[1]);

	return tens > 9 || ones > 9 ? 100 : (int)(tens * 10 + ones);
}

/* Two digits at *p; advances past them. */
static bool
pair(const char **p, const char *end, int *out)
{
	if (end - *p < 2)
		return false;
	*out = pair_of(*p);
	*p += 2;
	return *out <= 99;
}

static bool
skip(const char **p, const char *end, char c)
{
	if (*p == end || **p != c)
		return false;
	(*p)++;
	return true;
}

/* "Z", "+02:00", " +0200" or nothing; *out is seconds east of UTC. */
static bool
parse_offset(const char **p, const char *end, int *out)
{
	int sign;
	int hour;
	int minute;

	*out = 0;
	if (*p == end || skip(p, end, 'Z') || skip(p, end, 'z'))
		return true;
	(void)skip(p, end, ' ');
	if (*p == end || (**p != '+' && **p != '-'))
		return false;
	sign = *(*p)++ == '-' ? -1 : 1;
	if (!pair(p, end, &hour))
		return false;
	(void)skip(p, end, ':');
	if (!pair(p, end, &minute) || hour > 23 || minute > 59)
		return false;
	*out = sign * (hour * 3600 + minute * 60);
	return true;
}

/* The part behind the date: time of day, fraction, offset. */
static bool
parse_clock(const char **p, const char *end, int64_t *out)
{
	int hour;
	int minute;
	int second = 0;
	int offset;

	if (!pair(p, end, &hour) || !skip(p, end, ':') ||
	    !pair(p, end, &minute))
		return false;
	if (skip(p, end, ':') && !pair(p, end, &second))
		return false;
	if (skip(p, end, '.')) {
		if (*p == end || digit_of(**p) > 9)
			return false;
		while (*p < end && digit_of(**p) <= 9)
			(*p)++;
	}
	if (hour > 23 || minute > 59 || second > 60 ||
	    !parse_offset(p, end, &offset))
		return false;
	*out = hour * 3600 + minute * 60 + second - offset;
	return true;
}

/* The ten bytes of "2026-11-23", and no other shape. */
static inline bool
parse_day(const char *p, int64_t *out_days)
{
	int century = pair_of(p);
	int year = pair_of(p + 2);

	return century <= 99 && year <= 99 && p[4] == '-' && p[7] == '-' &&
	       om_time_civil(century * 100 + year, pair_of(p + 5),
		   pair_of(p + 8), out_days);
}

/* "2026-11-23T22:00:00Z": nearly all times are written so. False: not so
 * simple, nothing decided. */
static inline bool
parse_usual(struct om_str text, int64_t *out)
{
	const char *p = text.p;
	int64_t days;
	int hour;
	int minute;
	int second;

	if (text.n != 20 || p[10] != 'T' || p[13] != ':' || p[16] != ':' ||
	    p[19] != 'Z' || !parse_day(p, &days))
		return false;
	hour = pair_of(p + 11);
	minute = pair_of(p + 14);
	second = pair_of(p + 17);
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	*out = days * DAY + hour * 3600 + minute * 60 + second;
	return true;
}

static bool
parse_time(struct om_str text, int64_t *out)
{
	const char *p = text.p;
	const char *end;
	int64_t days;
	int64_t rest = 0;

	if (text.n < 10 || !parse_day(p, &days))
		return false;
	end = p + text.n;
	p += 10;
	if (p != end) {
		if (!skip(&p, end, 'T') && !skip(&p, end, 't') &&
		    !skip(&p, end, ' '))
			return false;
		if (!parse_clock(&p, end, &rest) || p != end)
			return false;
	}
	rest += days * DAY;
	if (rest < TIME_MIN || rest > TIME_MAX)
		return false;
	*out = rest;
	return true;
}

OM_SELDOM static int
parse_any(struct om_str text, int64_t *out, struct om_err *err)
{
	if (parse_time(text, out))
		return 0;
	return om_fail(err, OM_EDATA, "bad time '%.*s'", OM_FMT(text));
}

int
om_time_parse(struct om_str text, int64_t *out, struct om_err *err)
{
	return parse_usual(text, out) ? 0 : parse_any(text, out, err);
}

bool
om_duration_parse(struct om_str text, int64_t *out_ms)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {
		{ "ms", 1 },
		{ "s", 1000 },
		{ "m", 60000 },
		{ "h", 3600000 },
		{ "d", 86400000 },
	};
	struct om_str digits = { text.p, 0 };
	struct om_str unit;
	int64_t n;
	int64_t ms;

	while (digits.n < text.n && text.p[digits.n] >= '0' &&
	       text.p[digits.n] <= '9')
		digits.n++;
	if (!om_str_int(digits, &n))
		return false;
	unit = (struct om_str){ text.p + digits.n, text.n - digits.n };
	if (n == 0 && unit.n == 0) {
		*out_ms = 0;
		return true;
	}
	for (size_t i = 0; i < OM_COUNT(units); i++)
		if (om_str_is(unit, units[i].name)) {
			if (__builtin_mul_overflow(n, units[i].ms, &ms))
				return false;
			*out_ms = ms;
			return true;
		}
	return false;
}
