/*
 * tzrule.h - the rule at the end of a TZif file: how the years go on.
 *
 * A POSIX TZ string (POSIX.1-2008 8.3, with the hours beyond a day of RFC
 * 8536 section 3.3.1), such as "CET-1CEST,M3.5.0,M10.5.0/3".
 */
#ifndef OM_FEED_TZRULE_H
#define OM_FEED_TZRULE_H

#include <stdbool.h>
#include <stdint.h>

/* One of the two changes of a year. */
struct om_tzchange {
	char form; /* 'M', 'J' or 'n' */
	int month;
	int week;
	int day;
	int64_t time; /* seconds after local midnight */
};

struct om_tzrule {
	int64_t standard; /* seconds east of UTC */
	int64_t summer;
	bool changes; /* false: standard time the whole year */
	struct om_tzchange start;
	struct om_tzchange end;
};

bool om_tzrule_parse(const char *text, struct om_tzrule *out);

/* UTC of both changes in a year. */
void om_tzrule_year(const struct om_tzrule *rule, int64_t year,
    int64_t *out_start, int64_t *out_end);

#endif
