/*
 * date.h - dates in the formats of other people's files, without locale.
 *
 * A format is text with the directives %d %m %Y %y %b %H %M %S %z %%; a blank
 * in it stands for one or more blanks. Numbers may be one digit short of their
 * width, %b is an English month of three letters in any case, %y below 69 is
 * in this century (as in strptime), %z is Z or an offset with or without a
 * colon. A part that is missing in the format is the first or zero.
 */
#ifndef OM_FEED_DATE_H
#define OM_FEED_DATE_H

#include "base/err.h"
#include "base/str.h"
#include "feed/zone.h"

/* Every directive is known, and together they name a day. Else OM_EUSAGE. */
OM_MUST_USE int om_date_check(const char *format, struct om_err *err);

/* format NULL: RFC 3339 and what om_time_parse() takes beside it. A time
 * without an offset is local to zone. OM_EDATA "bad time '...'". */
OM_MUST_USE int om_date_parse(const char *format, const struct om_zone *zone,
    struct om_str text, int64_t *out, struct om_err *err);

#endif
