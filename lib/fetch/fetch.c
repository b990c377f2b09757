/* fetch.c - page by page into the inbox; see fetch.h. */
#include "fetch/fetch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/manifest.h"
#include "fetch/auth.h"
#include "fetch/inbox.h"
#include "fetch/job.h"
#include "fetch/walk.h"
#include "io/url.h"

static void
job_end(struct om_fetch_job *j)
{
	om_auth_end(&j->auth);
	om_buf_fini(&j->sidecar);
	om_http_close(&j->http);
	om_inbox_close(&j->inbox);
	om_arena_clear(&j->arena[0]);
	om_arena_clear(&j->arena[1]);
	om_arena_clear(&j->walk);
}

/* What the next request begins with: the page that is due. */
static const char *
due(struct om_fetch_job *j, struct om_arena *arena)
{
	if (j->options->url != NULL)
		return j->options->url;
	if (om_fetch_by_day(j))
		return om_fetch_day_url(j);
	return j->state.next != NULL ? j->state.next
				     : om_walk_first(j->feed, &j->state, arena);
}

static int
not_modified(struct om_fetch_job *j, struct om_err *err)
{
	if (!j->conditional)
		return om_fail(err, OM_EREMOTE,
		    "304 without having been asked for");
	j->result->complete = true;
	j->result->known++;
	return 0;
}

/* The place where a walk was left may be gone by now. */
static bool
is_stale(const struct om_fetch_job *j, int rc)
{
	return rc == OM_ENOENT && j->result->resumed && j->result->pages == 0 &&
	       j->result->restarts == 0;
}

/* Into body, whole; or what there is of it is left for later. */
static int
ask(struct om_fetch_job *j, const char *asked, struct om_body *body,
    const char **out_url, struct om_err *err)
{
	int rc;

	if (om_fetch_by_sidecar(j) && om_fetch_sidecar(j, asked, err) < 0)
		return err->code;
	if (om_body_begin(j->inbox, j->options->dry_run ? NULL : asked, body,
		err) < 0)
		return err->code;
	rc = om_fetch_page(j, asked, body, out_url, err);
	if (rc == OM_EREMOTE || rc == OM_EDEADLINE || rc == OM_EAUTH)
		om_body_leave(body);
	return rc;
}

static int
one_page(struct om_fetch_job *j, struct om_err *err)
{
	OM_AUTO(om_body_end) struct om_body body = { .fd = -1 };
	const char *asked = due(j, &j->walk);
	const char *url = asked;
	int rc = ask(j, asked, &body, &url, err);

	if (rc == OM_ENOENT && om_fetch_by_day(j))
		return om_fetch_day_missing(j, err);
	if (is_stale(j, rc))
		return om_fetch_start_over(j, err->msg, err);
	if (rc < 0)
		return rc;
	om_fetch_bucket(j);
	if (j->answer.status == 304)
		rc = not_modified(j, err);
	else
		rc = om_fetch_take(j, &body, asked, url, err);
	return rc < 0 ? om_wrap(err, "%s", om_url_public(url, &j->walk)) : 0;
}

static int
all_pages(struct om_fetch_job *j, struct om_err *err)
{
	int64_t deadline = j->env.deadline_ns;

	while (!j->result->complete) {
		if (deadline != 0 && om_monotonic_ns() >= deadline)
			return om_fail(err, OM_EDEADLINE,
			    "stopped behind %" PRId64 " pages",
			    j->result->pages);
		if (one_page(j, err) < 0)
			return err->code;
		if (j->options->progress != NULL)
			j->options->progress(j->options->arg, j->result);
	}
	return 0;
}

/* What was dropped is taken in again if it still comes. */
static int
load_known(struct om_fetch_job *j, struct om_err *err)
{
	if (om_inbox_list(j->inbox, &j->walk, &j->list, &j->count, err) < 0)
		return err->code;
	for (size_t i = 0; i < j->count; i++)
		if (j->list[i].state != OM_DOCUMENT_DROPPED)
			om_texts_add(&j->known, j->list[i].sha256, &j->walk);
	return 0;
}

/* How far it was; nothing of it counts for another source. */
static int
load_state(struct om_fetch_job *j, struct om_err *err)
{
	const char *source = om_feed_url(j->feed);

	if (om_inbox_state(j->inbox, &j->arena[0], &j->state, err) < 0)
		return err->code;
	if (j->options->url != NULL)
		return 0;
	if (j->options->anew && !j->options->dry_run)
		om_inbox_unmark(j->inbox);
	if (j->options->anew ||
	    (j->state.source != NULL && strcmp(j->state.source, source) != 0))
		om_fetch_state_init(&j->state);
	j->state.source = source;
	j->result->resumed = j->state.next != NULL;
	return 0;
}

static int
run_job(struct om_fetch_job *j, struct om_err *err)
{
	const struct om_fetch_options *o = j->options;
	struct om_http_config transport = j->http_feed->transport;
	bool create = true;

	transport.agent = o->agent;
	if (om_feed_sources(j->feed) != 1)
		return om_fail(err, OM_EUSAGE,
		    "feed '%s' takes two files, which cannot be fetched",
		    om_feed_name(j->feed));
	if (o->url == NULL && om_feed_url(j->feed) == NULL)
		return om_fail(err, OM_EUSAGE,
		    "feed '%s' has no source that begins with https://",
		    om_feed_name(j->feed));
	if (o->url != NULL &&
	    om_url_check(o->url, transport.allow_http, err) < 0)
		return err->code;
	if (om_inbox_open(o->root, om_feed_name(j->feed), create, &j->inbox,
		err) < 0 ||
	    om_inbox_lock(j->inbox, o->lock_wait_ms, o->command, &j->env.clock,
		err) < 0 ||
	    load_known(j, err) < 0 || load_state(j, err) < 0 ||
	    om_http_open(&transport, &j->http, err) < 0 ||
	    om_auth_begin(j->feed, j->http, &j->env, &j->auth, err) < 0)
		return err->code;
	if (om_fetch_by_day(j) && om_fetch_days(j, err) < 0)
		return err->code;
	return all_pages(j, err);
}

int
om_fetch(const struct om_feed *feed, const struct om_fetch_options *options,
    struct om_fetch_result *out, struct om_err *err)
{
	int64_t started = om_monotonic_ns();
	struct om_fetch_job *j = om_must(calloc(1, sizeof(*j)));
	int rc;

	*out = (struct om_fetch_result){ 0 };
	j->feed = feed;
	j->http_feed = om_feed_http(feed);
	j->options = options;
	j->result = out;
	om_buf_init(&j->sidecar, OM_SIDECAR_MAX);
	om_fetch_env(j);
	rc = run_job(j, err);
	om_http_answer_end(&j->answer);
	job_end(j);
	free(j);
	out->ns = om_monotonic_ns() - started;
	return rc;
}
