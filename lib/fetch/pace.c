/* pace.c - when the next request may go out, and what is told of it. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fetch/job.h"

#define NS_PER_MS  1000000
#define LINE_BYTES (OM_ERR_MAX + 512)
#define SPARE	   2 /* requests that stay free in a bucket */

static void
put_off(struct om_fetch_job *j, int64_t ms)
{
	int64_t until = om_monotonic_ns() + ms * NS_PER_MS;

	if (until > j->next_ns)
		j->next_ns = until;
}

static void
before(void *arg)
{
	struct om_fetch_job *j = arg;
	int64_t left = j->next_ns - om_monotonic_ns();

	if (left > 0)
		j->options->env.sleep_ms(j->options->env.arg,
		    left / NS_PER_MS + 1);
	put_off(j, j->http_feed->pace_ms);
}

static void
seen(void *arg, const struct om_http_seen *s)
{
	struct om_fetch_job *j = arg;
	const struct om_http_answer *a = s->answer;
	char line[LINE_BYTES];

	j->result->exchanges++;
	if (!j->options->dry_run)
		om_inbox_note(j->inbox, s);
	if (j->options->log == NULL)
		return;
	if (a->status == 0)
		snprintf(line, sizeof(line), "%s %s: %s", s->method, s->url,
		    s->failure == NULL ? "no answer" : s->failure);
	else
		snprintf(line, sizeof(line),
		    "%s %s: %d%s%s, %" PRIu64 " bytes, %" PRId64 " ms%s%s",
		    s->method, s->url, a->status,
		    a->reason[0] == '\0' ? "" : " ", a->reason, a->received,
		    a->ns / NS_PER_MS, s->failure == NULL ? "" : ": ",
		    s->failure == NULL ? "" : s->failure);
	j->options->log(j->options->arg, line);
}

static void
say(void *arg, const char *line)
{
	struct om_fetch_job *j = arg;

	om_fetch_say(j, "%s", line);
}

void
om_fetch_say(struct om_fetch_job *j, const char *fmt, ...)
{
	char line[LINE_BYTES];
	va_list ap;

	if (j->options->say == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	j->options->say(j->options->arg, line);
}

static void
sleep_ms(void *arg, int64_t ms)
{
	struct om_fetch_job *j = arg;

	j->options->env.sleep_ms(j->options->env.arg, ms);
}

static uint32_t
chance(void *arg)
{
	struct om_fetch_job *j = arg;

	return j->options->env.random(j->options->env.arg);
}

void
om_fetch_env(struct om_fetch_job *j)
{
	j->env = (struct om_http_env){
		.clock = j->options->env.clock,
		.sleep_ms = sleep_ms,
		.random = chance,
		.before = before,
		.seen = seen,
		.say = say,
		.arg = j,
		.deadline_ns = j->options->env.deadline_ns,
	};
}

/* "39/40": so many of so many requests are in the bucket. */
void
om_fetch_bucket(struct om_fetch_job *j)
{
	const char *name = j->http_feed->bucket_header;
	const char *text =
	    name == NULL ? NULL : om_http_header(&j->answer, name);
	const char *slash = text == NULL ? NULL : strchr(text, '/');
	int64_t used;
	int64_t size;

	if (slash == NULL ||
	    !om_str_int((struct om_str){ text, (size_t)(slash - text) },
		&used) ||
	    !om_str_int(om_str_of(slash + 1), &size) || size - used >= SPARE)
		return;
	put_off(j, (SPARE - (size - used)) * j->http_feed->bucket_leak_ms);
}
