/* zone.c - TZif files (RFC 8536) as a table of offsets; see zone.h. */
#include "feed/zone.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/time.h"
#include "feed/tzrule.h"
#include "io/source.h"

#define ZONE_DIR      "/usr/share/zoneinfo"
#define FILE_MAX      ((size_t)1024 * 1024)
#define ZONE_NAME_MAX 64
#define HEADER	      ((size_t)44)
#define YEAR_MAX      2500 /* how far the rule is written out */
#define NEAR	      3	   /* spans around a time that may show it */

/* From start (UTC) until the next span begins. */
struct span {
	int64_t start;
	int64_t offset; /* seconds east of UTC */
};

struct om_zone {
	struct span *spans;
	size_t count;
	int64_t until; /* no span is known from here on */
};

struct counts {
	size_t isut;
	size_t isstd;
	size_t leap;
	size_t time;
	size_t type;
	size_t chars;
};

static uint64_t
big_endian(const unsigned char *p, int n)
{
	uint64_t v = 0;

	for (int i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static bool
read_counts(const unsigned char *p, size_t n, struct counts *out)
{
	size_t *field[] = { &out->isut, &out->isstd, &out->leap, &out->time,
		&out->type, &out->chars };

	if (n < HEADER || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
		return false;
	for (size_t i = 0; i < OM_COUNT(field); i++) {
		*field[i] = (size_t)big_endian(p + 20 + 4 * i, 4);
		if (*field[i] > FILE_MAX)
			return false;
	}
	return true;
}

static size_t
body_size(const struct counts *c, size_t word)
{
	return c->time * word + c->time + c->type * 6 + c->chars +
	       c->leap * (word + 4) + c->isstd + c->isut;
}

/* The spans of the 64-bit block at p; type 0 holds before the first. */
static bool
read_spans(const unsigned char *p, const struct counts *c, struct om_zone *zone)
{
	const unsigned char *index = p + c->time * 8;
	const unsigned char *types = index + c->time;

	if (c->type == 0)
		return false;
	zone->spans[0].start = INT64_MIN;
	zone->spans[0].offset = (int32_t)big_endian(types, 4);
	for (size_t i = 0; i < c->time; i++) {
		if (index[i] >= c->type)
			return false;
		zone->spans[i + 1].start = (int64_t)big_endian(p + 8 * i, 8);
		zone->spans[i + 1].offset =
		    (int32_t)big_endian(types + 6 * (size_t)index[i], 4);
		if (i > 0 && zone->spans[i + 1].start <= zone->spans[i].start)
			return false;
	}
	zone->count = c->time + 1;
	return true;
}

static void
add_span(struct om_zone *zone, int64_t start, int64_t offset)
{
	if (start <= zone->spans[zone->count - 1].start)
		return;
	zone->spans[zone->count].start = start;
	zone->spans[zone->count].offset = offset;
	zone->count++;
}

/* Write the rule out, year by year, behind the last span. */
static void
extend(struct om_zone *zone, const struct om_tzrule *rule)
{
	int64_t last = zone->spans[zone->count - 1].start;
	int64_t year = 1970;
	int64_t days = 0;
	int month;
	int day;

	if (!rule->changes) {
		zone->until = INT64_MAX;
		return;
	}
	if (last > 0)
		om_time_from_days(last / 86400, &year, &month, &day);
	for (; year <= YEAR_MAX; year++) {
		int64_t start;
		int64_t end;

		om_tzrule_year(rule, year, &start, &end);
		if (start < end) {
			add_span(zone, start, rule->summer);
			add_span(zone, end, rule->standard);
		} else {
			add_span(zone, end, rule->standard);
			add_span(zone, start, rule->summer);
		}
	}
	(void)om_time_civil(YEAR_MAX, 12, 31, &days);
	zone->until = days * 86400;
}

static bool
parse(struct om_arena *arena, const unsigned char *bytes, size_t n,
    struct om_zone *zone)
{
	struct counts c;
	struct om_tzrule rule;
	size_t at;
	size_t size;
	char footer[128];
	size_t used = 0;

	if (!read_counts(bytes, n, &c))
		return false;
	at = HEADER + body_size(&c, 4);
	if (at > n || !read_counts(bytes + at, n - at, &c))
		return false;
	at += HEADER;
	size = body_size(&c, 8);
	if (size > n - at)
		return false;
	zone->spans = om_alloc(arena,
	    (c.time + 2 + 2 * (YEAR_MAX - 1969)) * sizeof(struct span));
	if (!read_spans(bytes + at, &c, zone))
		return false;
	at += size;
	for (at++; at < n && bytes[at] != '\n' && used < sizeof(footer) - 1;)
		footer[used++] = (char)bytes[at++];
	footer[used] = '\0';
	if (!om_tzrule_parse(footer, &rule))
		return false;
	extend(zone, &rule);
	return true;
}

static int
load(struct om_arena *arena, const char *path, struct om_zone *zone,
    struct om_err *err)
{
	struct om_source *source OM_AUTO(om_source_close) = NULL;
	struct om_arena scratch OM_AUTO(om_arena_clear) = { 0 };
	unsigned char *bytes = om_alloc(&scratch, FILE_MAX);
	size_t n = 0;
	size_t got;

	if (om_source_open(path, &source, err) < 0)
		return err->code;
	do {
		if (om_source_read(source, bytes + n, FILE_MAX - n, &got, err) <
		    0)
			return err->code;
		n += got;
	} while (got > 0 && n < FILE_MAX);
	if (!parse(arena, bytes, n, zone))
		return om_fail(err, OM_EDATA, "not a time zone file");
	return 0;
}

/* Letters, digits and a few signs; no way up or out of the zone folder. */
static bool
well_named(struct om_str name)
{
	if (name.n == 0 || name.n > ZONE_NAME_MAX || name.p[0] == '/')
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
		    !(c >= '0' && c <= '9') && strchr("_+-/", c) == NULL)
			return false;
	}
	return true;
}

/* "+02:00", "-0530", "+01" */
static bool
fixed_offset(struct om_str name, int64_t *out)
{
	int digit[4] = { 0 };
	size_t n = 0;
	int64_t hour;
	int64_t minute;

	if (name.n < 3 || (name.p[0] != '+' && name.p[0] != '-'))
		return false;
	for (size_t i = 1; i < name.n; i++) {
		if (i == 3 && name.p[i] == ':' && name.n == 6)
			continue;
		if (name.p[i] < '0' || name.p[i] > '9' || n == 4)
			return false;
		digit[n++] = name.p[i] - '0';
	}
	hour = digit[0] * 10 + digit[1];
	minute = digit[2] * 10 + digit[3];
	if ((n != 2 && n != 4) || hour > 23 || minute > 59)
		return false;
	*out = (hour * 3600 + minute * 60) * (name.p[0] == '-' ? -1 : 1);
	return true;
}

int
om_zone_find(struct om_arena *arena, struct om_str name,
    const struct om_zone **out, struct om_err *err)
{
	struct om_zone *zone = om_new(arena, struct om_zone);
	struct om_err why = { 0 };
	char path[sizeof(ZONE_DIR) + ZONE_NAME_MAX + 2];
	int64_t offset = 0;

	if (om_str_is(name, "UTC") || om_str_is(name, "Z") ||
	    fixed_offset(name, &offset)) {
		zone->spans = om_new(arena, struct span);
		zone->spans[0] = (struct span){ INT64_MIN, offset };
		zone->count = 1;
		zone->until = INT64_MAX;
		*out = zone;
		return 0;
	}
	if (!well_named(name))
		return om_fail(err, OM_EUSAGE, "bad time zone '%.*s'",
		    OM_FMT(name));
	snprintf(path, sizeof(path), "%s/%.*s", ZONE_DIR, OM_FMT(name));
	if (load(arena, path, zone, &why) < 0)
		return om_fail(err, OM_EUSAGE, "no time zone '%.*s': %s",
		    OM_FMT(name), why.msg);
	*out = zone;
	return 0;
}

/* The last span that starts at or before t. */
static size_t
span_at(const struct om_zone *zone, int64_t t)
{
	size_t low = 0;
	size_t high = zone->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (zone->spans[middle].start <= t)
			low = middle;
		else
			high = middle;
	}
	return low;
}

int
om_zone_utc(const struct om_zone *zone, int64_t local, int64_t *out,
    struct om_err *err)
{
	char text[OM_TIME_TEXT_MAX];
	size_t i;
	size_t last;

	if (zone == NULL) {
		*out = local;
		return 0;
	}
	i = span_at(zone, local);
	last = i + NEAR < zone->count ? i + NEAR : zone->count - 1;
	for (i = i > NEAR ? i - NEAR : 0; i <= last; i++) {
		int64_t utc = local - zone->spans[i].offset;
		int64_t end = i + 1 < zone->count ? zone->spans[i + 1].start
						  : zone->until;

		if (utc >= zone->spans[i].start && utc < end) {
			*out = utc;
			return 0;
		}
	}
	return om_fail(err, OM_EDATA, "the clock never shows %.19s there",
	    om_time_text(local, text));
}
