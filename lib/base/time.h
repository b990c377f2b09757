/*
 * time.h - UTC seconds since 1970, their RFC 3339 text, and where now is from.
 *
 * Time is an int64_t count of seconds, in UTC, without leap seconds. Nothing
 * in lib/ asks the system what time it is: it asks a struct om_clock.
 */
#ifndef OM_BASE_TIME_H
#define OM_BASE_TIME_H

#include "base/err.h"
#include "base/str.h"

#define OM_TIME_TEXT_MAX 32

struct om_clock {
	int64_t (*now)(const void *arg); /* seconds, UTC */
	const void *arg;
};

struct om_clock om_clock_system(void);
struct om_clock om_clock_fixed(const int64_t *when); /* *when is borrowed */
int64_t om_now(const struct om_clock *clock);

/* Monotonic nanoseconds, for durations only. */
int64_t om_monotonic_ns(void);

/* "2026-11-23T22:00:00Z", terminated. Years 0000 to 9999;
 * anything else, as a damaged store may hold, reads "?". */
const char *om_time_text(int64_t when, char out[OM_TIME_TEXT_MAX]);

/* RFC 3339, or with a blank for the T, or a bare date (midnight UTC). A time
 * without an offset is UTC, an offset may lack its colon and follow a blank
 * ("+0200", as shops write it), seconds may be missing. Fractions of a second
 * are cut off; a leap second (:60) is the second after. OM_EDATA "bad time
 * '2026-02-30'", also when UTC leaves the years 0000 to 9999. */
OM_MUST_USE int om_time_parse(struct om_str text, int64_t *out,
    struct om_err *err);

/* "0", "500ms", "90s", "15m", "2h", "1d": milliseconds. */
bool om_duration_parse(struct om_str text, int64_t *out_ms);

/* Proleptic Gregorian calendar, for parsers of other date formats.
 * month 1-12, day 1-31; false if there is no such day. */
bool om_time_civil(int64_t year, int month, int day, int64_t *out_days);
void om_time_from_days(int64_t days, int64_t *year, int *month, int *day);

#endif
