/*
 * http_get.h - one document by HTTP: redirects, retries, the rest of a cut one.
 *
 * A redirect leads to the same scheme only, and with credentials to the same
 * host and port only. What is transient (429, 500 and the like, a connection
 * that breaks off) is tried again after a while that doubles, with jitter, or
 * that the server asked for, up to a number of tries and a budget of time. A
 * body that was cut is resumed where the server allows it and the document is
 * still the same one, also one that was cut in an earlier call. Time and chance come from the caller.
 */
#ifndef OM_IO_HTTP_GET_H
#define OM_IO_HTTP_GET_H

#include "base/buf.h"
#include "base/time.h"
#include "io/http.h"

struct om_http_patience {
	int64_t retries;	    /* tries after the first */
	int64_t budget_ms;	    /* of all waiting in one call */
	int64_t wait_ms;	    /* before the second try; then doubled */
	int64_t wait_max_ms;	    /* but no longer than this */
	int64_t retry_after_max_ms; /* nor than this if the server asks */
};

void om_http_patience_init(struct om_http_patience *patience);

/* One exchange that is over, for a log. */
struct om_http_seen {
	const char *method;
	const char *url; /* fit to be shown */
	int64_t at;
	const struct om_http_answer *answer;
	const char *failure; /* NULL: none */
};

struct om_http_env {
	struct om_clock clock;
	void (*sleep_ms)(void *arg, int64_t ms);
	uint32_t (*random)(void *arg);
	void (*before)(void *arg); /* each exchange; NULL: nothing */
	void (*seen)(void *arg, const struct om_http_seen *seen); /* or NULL */
	void (*say)(void *arg, const char *line); /* recovered; or NULL */
	void *arg;
	int64_t deadline_ns; /* om_monotonic_ns(); 0: none */
};

/* The system's clock, sleep and random numbers; nothing is told. */
void om_http_env_init(struct om_http_env *env);

/* What the sink has of a body already, from an earlier call. */
struct om_http_part {
	uint64_t bytes; /* 0: nothing */
	const char *validator;
	struct om_http_headers headers; /* of the answer it came with */
};

struct om_http_get {
	const char *url;
	const char *const *headers;
	bool credentials; /* the headers, or a certificate, prove who we are */
	struct om_str form; /* to be posted; {NULL, 0}: GET */
	int redirects;	    /* at most */
	struct om_http_patience patience;
	struct om_http_part part;
	struct om_http_sink sink;
};

/*
 * 0: status 200, 206 (the rest of a body that is now complete) or 304, and the
 * URL that answered in *out_url. OM_EREMOTE: it did not work in spite of
 * retries. OM_EAUTH: 401, 403, a redirect that would give credentials away, or
 * a certificate. OM_ENOENT: any other status. Messages name the URL.
 */
OM_MUST_USE int om_http_get(struct om_http *http, const struct om_http_get *get,
    const struct om_http_env *env, struct om_http_answer *answer,
    struct om_arena *arena, const char **out_url, struct om_err *err);

/* Likewise, but a few bytes of text: get's sink is not used. OM_ELIMIT if they
 * are more than the buffer may hold. */
OM_MUST_USE int om_http_get_text(struct om_http *http,
    const struct om_http_get *get, const struct om_http_env *env,
    struct om_http_answer *answer, struct om_buf *out, struct om_err *err);

#endif
