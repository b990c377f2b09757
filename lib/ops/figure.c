/* figure.c - cells of reports; see figure.h. */
#include "ops/figure.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"

#define CELL_MAX 1024

const char *
om_cellf(struct om_arena *arena, const char *fmt, ...)
{
	char text[CELL_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return om_strndup(arena, text, strlen(text));
}

const char *
om_cell_int(struct om_arena *arena, int64_t n)
{
	return om_cellf(arena, "%" PRId64, n);
}

const char *
om_cell_str(struct om_arena *arena, struct om_str s)
{
	return s.n == 0 ? "" : om_strndup(arena, s.p, s.n);
}

const char *
om_cell_money(struct om_arena *arena, int64_t minor,
    const struct om_currency *c)
{
	char text[OM_MONEY_TEXT_MAX];

	if (c == NULL)
		return om_cell_int(arena, minor);
	return om_cellf(arena, "%s", om_money_text(minor, c, text));
}

const char *
om_cell_code(const struct om_currency *c)
{
	return c == NULL ? "-" : c->code;
}

const char *
om_cell_time(struct om_arena *arena, int64_t when)
{
	char text[OM_TIME_TEXT_MAX];

	return when == 0 ? "-"
			 : om_cellf(arena, "%s", om_time_text(when, text));
}

const char *
om_cell_date(struct om_arena *arena, int64_t when)
{
	char text[OM_TIME_TEXT_MAX];

	return om_strndup(arena, om_time_text(when, text), 10);
}
