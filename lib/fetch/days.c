/* days.c - a feed with a document for each day: {date} in its source. */
#include <stdio.h>
#include <string.h>

#include "fetch/job.h"

#define MARK	    "{date}"
#define DAY_SECONDS 86400

bool
om_fetch_by_day(const struct om_fetch_job *j)
{
	return j->options->url == NULL &&
	       strstr(om_feed_url(j->feed), MARK) != NULL;
}

/* A day in a form of %Y, %m and %d. */
static void
add_day(struct om_buf *out, const char *format, int64_t day)
{
	int64_t year;
	int month;
	int mday;

	om_time_from_days(day, &year, &month, &mday);
	for (const char *p = format; *p != '\0'; p++) {
		if (*p != '%') {
			om_buf_char(out, *p);
			continue;
		}
		p++;
		if (*p == 'Y')
			om_buf_printf(out, "%04d", (int)year);
		else if (*p == 'm')
			om_buf_printf(out, "%02d", month);
		else
			om_buf_printf(out, "%02d", mday);
	}
}

static const char *
day_text(int64_t day, const char *format, struct om_arena *arena)
{
	struct om_buf text OM_AUTO(om_buf_fini);

	om_buf_init(&text, 256);
	add_day(&text, format, day);
	return om_str_dup(arena, om_buf_view(&text)).p;
}

/* A feed that begins today still begins there tomorrow, if today's document
 * comes late. */
static int
begin_today(struct om_fetch_job *j, struct om_err *err)
{
	j->day = j->today;
	j->state.day = day_text(j->today - 1, "%Y-%m-%d", &j->walk);
	return j->options->dry_run
		   ? 0
		   : om_inbox_put_state(j->inbox, &j->state, err);
}

/* Behind the last day that was there; else the first one of the feed. */
int
om_fetch_days(struct om_fetch_job *j, struct om_err *err)
{
	const char *text = j->state.day;
	int64_t when = om_now(&j->env.clock);

	j->today = when / DAY_SECONDS;
	if (text == NULL)
		text = j->http_feed->days.from;
	if (text == NULL)
		return begin_today(j, err);
	if (om_time_parse(om_str_of(text), &when, err) < 0)
		return om_wrap(err, "'days'");
	j->day = when / DAY_SECONDS + (j->state.day != NULL);
	j->result->complete = j->day > j->today;
	return 0;
}

const char *
om_fetch_day_url(struct om_fetch_job *j)
{
	const char *source = om_feed_url(j->feed);
	const char *mark;
	struct om_buf url OM_AUTO(om_buf_fini);

	om_buf_init(&url, 65536);
	while ((mark = strstr(source, MARK)) != NULL) {
		om_buf_add(&url, source, (size_t)(mark - source));
		add_day(&url, j->http_feed->days.format, j->day);
		source = mark + strlen(MARK);
	}
	om_buf_text(&url, source);
	return om_str_dup(&j->walk, om_buf_view(&url)).p;
}

void
om_fetch_day_over(struct om_fetch_job *j, struct om_fetch_state *next)
{
	next->day = day_text(j->day, "%Y-%m-%d", &j->walk);
	j->day++;
	j->result->complete = j->day > j->today;
}

/* Today's may come yet; and a day without one may be passed over, for good once
 * a later day has one. */
int
om_fetch_day_missing(struct om_fetch_job *j, struct om_err *err)
{
	if (j->day < j->today && !j->http_feed->days.skip)
		return om_wrap(err, "day %s is missing",
		    day_text(j->day, "%Y-%m-%d", &j->walk));
	om_fetch_say(j, "%s: not there",
	    day_text(j->day, "%Y-%m-%d", &j->walk));
	j->day++;
	j->result->complete = j->day > j->today;
	return 0;
}
