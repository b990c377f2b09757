/* request.c - one page or document is asked for; see job.h. */
#include <stdio.h>
#include <string.h>

#include "fetch/job.h"

#define TELL_BYTES ((uint64_t)16 * 1024 * 1024)

bool
om_fetch_alone(const struct om_fetch_job *j)
{
	return j->options->url != NULL ||
	       (j->http_feed->paging.kind == OM_PAGING_NONE &&
		   j->http_feed->since.parameter == NULL);
}

/* Only of the one document of a feed: that the first of many pages is as it was
 * says nothing about the others. */
static void
add_conditions(struct om_fetch_job *j, const char **lines,
    struct om_arena *arena)
{
	const char *name = "If-None-Match";
	const char *value = j->state.etag;
	char *line;
	size_t n = 0;

	while (j->auth.line[n] != NULL) {
		lines[n] = j->auth.line[n];
		n++;
	}
	lines[n] = NULL;
	if (value == NULL) {
		name = "If-Modified-Since";
		value = j->state.modified;
	}
	j->conditional = om_fetch_alone(j) && j->options->url == NULL &&
			 !om_fetch_by_day(j) && value != NULL;
	if (!j->conditional)
		return;
	line = om_alloc(arena, strlen(name) + strlen(value) + 3);
	sprintf(line, "%s: %s", name, value);
	lines[n] = line;
	lines[n + 1] = NULL;
}

/* A body on its way, told of now and then. */
struct underway {
	struct om_fetch_job *job;
	struct om_http_sink sink;
	uint64_t bytes;
	uint64_t told;
};

static int
underway_begin(void *arg, uint64_t offset, const struct om_http_answer *answer,
    struct om_err *err)
{
	struct underway *u = arg;

	u->bytes = offset;
	u->told = offset;
	return u->sink.begin(u->sink.arg, offset, answer, err);
}

static int
underway_write(void *arg, const void *bytes, size_t n, struct om_err *err)
{
	struct underway *u = arg;
	const struct om_fetch_options *o = u->job->options;
	struct om_fetch_result so_far = *u->job->result;

	u->bytes += n;
	if (o->progress != NULL && u->bytes - u->told >= TELL_BYTES) {
		so_far.bytes += (int64_t)u->bytes;
		o->progress(o->arg, &so_far);
		u->told = u->bytes;
	}
	return u->sink.write(u->sink.arg, bytes, n, err);
}

static int
get_once(struct om_fetch_job *j, const char *url, struct om_body *body,
    const char **out_url, struct om_err *err)
{
	const char *lines[OM_AUTH_LINES_MAX + 2];
	struct underway u = { .job = j, .sink = om_body_sink(body) };
	struct om_http_get get = {
		.url = url,
		.headers = lines,
		.credentials = j->auth.credentials,
		.redirects = (int)j->http_feed->redirects,
		.patience = j->http_feed->patience,
		.part = om_body_part(body),
		.sink = { underway_begin, underway_write, &u },
	};

	add_conditions(j, lines, &j->walk);
	return om_http_get(j->http, &get, &j->env, &j->answer, &j->walk,
	    out_url, err);
}

bool
om_fetch_renew(struct om_fetch_job *j, int rc, int status, struct om_err *err)
{
	if (rc != OM_EAUTH || status != 401 || j->renewed ||
	    j->http_feed->auth.kind != OM_AUTH_OAUTH2)
		return false;
	j->renewed = true;
	om_auth_end(&j->auth);
	return om_auth_begin(j->feed, j->http, &j->env, &j->auth, err) == 0;
}

int
om_fetch_page(struct om_fetch_job *j, const char *url, struct om_body *body,
    const char **out_url, struct om_err *err)
{
	int rc = get_once(j, url, body, out_url, err);

	if (om_fetch_renew(j, rc, j->answer.status, err))
		rc = get_once(j, url, body, out_url, err);
	return rc < 0 ? err->code : 0;
}
