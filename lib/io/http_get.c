/* http_get.c - try, follow, wait and try again; see http_get.h. */
#include "io/http_get.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "io/url.h"

#define RETRIES		   5
#define BUDGET_MS	   (INT64_C(300) * 1000)
#define WAIT_MS		   1000
#define WAIT_MAX_MS	   60000
#define RETRY_AFTER_MAX_MS (INT64_C(120) * 1000)
#define NS_PER_MS	   1000000
#define LINE_MAX_BYTES	   (OM_ERR_MAX + 128)

/* One call of om_http_get. */
struct job {
	struct om_http *http;
	const struct om_http_get *get;
	const struct om_http_env *env;
	struct om_http_answer *answer;
	struct om_arena *arena;
	const char *url; /* where the last redirect led */
	uint64_t have;	 /* bytes of a cut body that can be gone on with */
	char validator[OM_HTTP_TAG_MAX];
	struct om_http_headers first; /* of the answer that was cut */
	int64_t tries;
	int64_t waited_ms;
};

void
om_http_patience_init(struct om_http_patience *p)
{
	*p = (struct om_http_patience){
		.retries = RETRIES,
		.budget_ms = BUDGET_MS,
		.wait_ms = WAIT_MS,
		.wait_max_ms = WAIT_MAX_MS,
		.retry_after_max_ms = RETRY_AFTER_MAX_MS,
	};
}

static void
system_sleep(void *arg, int64_t ms)
{
	struct timespec t = { ms / 1000, (long)(ms % 1000 * NS_PER_MS) };

	(void)arg;
	while (nanosleep(&t, &t) != 0 && errno == EINTR)
		continue;
}

static uint32_t
system_random(void *arg)
{
	uint32_t n = 0;

	(void)arg;
	if (getentropy(&n, sizeof(n)) != 0)
		n = 0; /* no jitter, then */
	return n;
}

void
om_http_env_init(struct om_http_env *env)
{
	*env = (struct om_http_env){
		.clock = om_clock_system(),
		.sleep_ms = system_sleep,
		.random = system_random,
	};
}

static void
tell(const struct job *j, const char *url, int64_t at, const struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	const struct om_http_seen seen = {
		.method = j->get->form.p == NULL ? "GET" : "POST",
		.url = om_url_public(url, &arena),
		.at = at,
		.answer = j->answer,
		.failure = err == NULL ? NULL : err->msg,
	};

	if (j->env->seen != NULL)
		j->env->seen(j->env->arg, &seen);
}

static int
one_exchange(struct job *j, struct om_err *err)
{
	const struct om_http_request request = {
		.url = j->url,
		.headers = j->get->headers,
		.form = j->get->form,
		.from = j->have,
		.if_range = j->have > 0 ? j->validator : NULL,
	};
	int64_t at = om_now(&j->env->clock);
	int rc;

	if (j->env->before != NULL)
		j->env->before(j->env->arg);
	rc = om_http_exchange(j->http, &request, &j->get->sink, j->answer, err);
	tell(j, j->url, at, rc < 0 ? err : NULL);
	return rc;
}

static bool
is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 ||
	       status == 307 || status == 308;
}

/* May a redirect lead from j->url to there? */
static int
check_redirect(const struct job *j, const char *to, struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	const char *public = om_url_public(to, &arena);

	if (j->get->form.p != NULL)
		return om_fail(err, OM_EREMOTE,
		    "is redirected, which a request with a secret in it may "
		    "not be");
	if (!om_url_same_scheme(j->url, to))
		return om_fail(err, OM_EAUTH,
		    "is redirected to '%s', by another scheme", public);
	if (j->get->credentials && !om_url_same_host(j->url, to))
		return om_fail(err, OM_EAUTH,
		    "is redirected to '%s', another host, which may not see "
		    "our credentials",
		    public);
	if (strcmp(j->url, to) == 0)
		return om_fail(err, OM_EREMOTE, "is redirected to itself");
	return 0;
}

/* One try: an exchange, and those that redirects lead to. */
static int
one_try(struct job *j, struct om_err *err)
{
	const char *where;

	j->url = j->get->url;
	for (int hops = 0;; hops++) {
		int rc = one_exchange(j, err);

		if (rc < 0 || !is_redirect(j->answer->status))
			return rc;
		where = om_http_header(j->answer, "location");
		if (where == NULL)
			return om_fail(err, OM_EREMOTE,
			    "is redirected to nowhere");
		if (hops == j->get->redirects)
			return om_fail(err, OM_EREMOTE,
			    "is redirected more than %d times",
			    j->get->redirects);
		if (om_url_resolve(j->url, where, j->arena, &where, err) < 0 ||
		    check_redirect(j, where, err) < 0)
			return err->code;
		j->url = where;
	}
}

static bool
is_transient(int status)
{
	return status == 408 || status == 425 || status == 429 ||
	       status == 500 || status == 502 || status == 503 || status == 504;
}

/* 0, or what the status means; a transient one is marked. */
static int
judge_status(struct job *j, struct om_err *err)
{
	struct om_http_answer *a = j->answer;
	enum om_code code = OM_ENOENT;

	if (a->status == 200 || a->status == 206 || a->status == 304)
		return 0;
	a->transient = is_transient(a->status);
	if (a->transient || a->status >= 500)
		code = OM_EREMOTE;
	else if (a->status == 401 || a->status == 403 || a->status == 407)
		code = OM_EAUTH;
	return om_fail(err, code, "%d%s%s", a->status,
	    a->reason[0] == '\0' ? "" : " ", a->reason);
}

/* After a cut: can the rest be asked for? Only of the very same bytes. */
static void
note_cut(struct job *j)
{
	const struct om_http_answer *a = j->answer;
	const char *tag = om_http_validator(a);

	if (a->status == 206)
		tag = j->validator;
	if (a->status != 200 && a->status != 206)
		return; /* what there was is still there */
	j->have = tag == NULL ? 0 : a->received;
	if (j->have == 0 || a->status != 200)
		return;
	strcpy(j->validator, tag);
	j->first = om_http_headers_copy(om_http_headers(a), j->arena);
}

/* There is no rest of what we have: it is worth nothing. */
static bool
is_void(const struct job *j)
{
	return j->have > 0 && (j->answer->status == 416 || j->answer->no_rest);
}

/* What an earlier call left, if it can be gone on with. */
static void
take_part(struct job *j)
{
	const struct om_http_part *part = &j->get->part;

	if (part->bytes == 0 || strlen(part->validator) >= OM_HTTP_TAG_MAX)
		return;
	strcpy(j->validator, part->validator);
	j->have = part->bytes;
	j->first = om_http_headers_copy(part->headers, j->arena);
}

/* How long to wait before the next try. */
static int64_t
next_wait(const struct job *j)
{
	const struct om_http_patience *p = &j->get->patience;
	int64_t wait = p->wait_ms;
	int64_t asked;

	for (int64_t i = 1; i < j->tries && wait < p->wait_max_ms; i++)
		wait *= 2;
	if (wait > p->wait_max_ms)
		wait = p->wait_max_ms;
	wait = wait / 2 + (int64_t)(j->env->random(j->env->arg) %
				    (uint64_t)(wait / 2 + 1));
	asked = om_http_retry_after(j->answer, om_now(&j->env->clock));
	if (asked > p->retry_after_max_ms / 1000)
		asked = p->retry_after_max_ms;
	else
		asked *= 1000;
	return asked > wait ? asked : wait;
}

static void
say_retry(const struct job *j, int64_t wait, const struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	char line[LINE_MAX_BYTES];

	if (j->env->say == NULL)
		return;
	snprintf(line, sizeof(line),
	    "%s: %s; try %" PRId64 " of %" PRId64 " in %" PRId64 " ms",
	    om_url_public(j->url, &arena), err->msg, j->tries + 1,
	    j->get->patience.retries + 1, wait);
	j->env->say(j->env->arg, line);
}

/* 0: wait is over, try again. */
static int
wait_a_while(struct job *j, struct om_err *err)
{
	const struct om_http_patience *p = &j->get->patience;
	int64_t wait = next_wait(j);

	if (j->tries > p->retries || j->waited_ms + wait > p->budget_ms) {
		size_t n = strlen(err->msg);

		snprintf(err->msg + n, sizeof(err->msg) - n,
		    ", after %" PRId64 " %s", j->tries,
		    j->tries == 1 ? "try" : "tries");
		err->code = OM_EREMOTE;
		return err->code;
	}
	if (j->env->deadline_ns != 0 &&
	    om_monotonic_ns() + wait * NS_PER_MS > j->env->deadline_ns) {
		err->code = OM_EDEADLINE;
		return om_wrap(err, "no time is left to try again");
	}
	say_retry(j, wait, err);
	note_cut(j);
	j->waited_ms += wait;
	j->env->sleep_ms(j->env->arg, wait);
	return 0;
}

int
om_http_get(struct om_http *http, const struct om_http_get *get,
    const struct om_http_env *env, struct om_http_answer *answer,
    struct om_arena *arena, const char **out_url, struct om_err *err)
{
	struct job j = { .http = http,
		.get = get,
		.env = env,
		.answer = answer,
		.arena = arena,
		.url = get->url };

	take_part(&j);
	for (;;) {
		struct om_err why = { 0 };
		int rc;

		j.tries++;
		rc = one_try(&j, &why);
		if (rc == 0)
			rc = judge_status(&j, &why);
		if (rc == 0)
			break;
		if (is_void(&j)) {
			j.have = 0;
			j.tries--;
			continue;
		}
		if (!answer->transient || wait_a_while(&j, &why) < 0) {
			*err = why;
			return om_wrap(err, "%s", om_url_public(j.url, arena));
		}
	}
	if (answer->status == 206)
		om_http_headers_fill(answer, j.first);
	*out_url = j.url;
	return 0;
}
