/*
 * job.h - one call of om_fetch(); private to lib/fetch.
 */
#ifndef OM_FETCH_JOB_H
#define OM_FETCH_JOB_H

#include "base/attr.h"
#include "fetch/auth.h"
#include "fetch/fetch.h"
#include "fetch/inbox.h"

struct om_fetch_job {
	const struct om_feed *feed;
	const struct om_feed_http *http_feed;
	const struct om_fetch_options *options;
	struct om_fetch_result *result;
	struct om_http_env env;
	struct om_inbox *inbox;
	struct om_http *http;
	struct om_auth auth;
	struct om_http_answer answer;
	struct om_fetch_state state; /* in arena[at] */
	struct om_arena arena[2];
	int at;
	struct om_arena walk;	  /* what lasts for the call */
	struct om_document *list; /* when the call began */
	size_t count;
	struct om_buf sidecar;	  /* of the document that is due */
	struct om_texts known;	  /* SHA-256 of all documents */
	struct om_texts seen_now; /* of the pages of this walk */
	int64_t next_ns;	  /* no request before */
	int64_t day;		  /* that is due, by days since 1970 */
	int64_t today;
	bool conditional; /* the last request was */
	bool renewed;	  /* the token */
};

/* Time, chance and what is told: the caller's, with the feed's pace. */
void om_fetch_env(struct om_fetch_job *job);

/* days.c, of a feed with a document for each day. The day that is due; its URL;
 * it was there, which next will say; it was not: 0 to go on, or *err wrapped. */
bool om_fetch_by_day(const struct om_fetch_job *job);
OM_MUST_USE int om_fetch_days(struct om_fetch_job *job, struct om_err *err);
const char *om_fetch_day_url(struct om_fetch_job *job);
void om_fetch_day_over(struct om_fetch_job *job, struct om_fetch_state *next);
OM_MUST_USE int om_fetch_day_missing(struct om_fetch_job *job,
    struct om_err *err);

/* checksum.c, of a feed with a sidecar beside each document, which is read
 * before it: OM_ENOENT if it is not there yet. */
bool om_fetch_by_sidecar(const struct om_fetch_job *job);
OM_MUST_USE int om_fetch_sidecar(struct om_fetch_job *job, const char *document,
    struct om_err *err);
/* OM_EDATA if the body is not what it says. */
OM_MUST_USE int om_fetch_sidecar_holds(struct om_fetch_job *job,
    const char *document, const struct om_body *body, struct om_err *err);

/* take.c. A body that has come whole, from url: if it holds and is new, it is
 * kept with the state that follows it. */
OM_MUST_USE int om_fetch_take(struct om_fetch_job *job, struct om_body *body,
    const char *asked, const char *url, struct om_err *err);
/* Begin the walk anew; what was kept of it stays. */
OM_MUST_USE int om_fetch_start_over(struct om_fetch_job *job,
    const char *reason, struct om_err *err);

/* Is it one document, and no page of a list? */
bool om_fetch_alone(const struct om_fetch_job *job);

/* Ask for url into body. As om_http_get(), but a token that has run out in the
 * middle of a walk is renewed, once. */
OM_MUST_USE int om_fetch_page(struct om_fetch_job *job, const char *url,
    struct om_body *body, const char **out_url, struct om_err *err);

/* After a failure of a request: is there a new token to ask again with? Else
 * *err says why not, or what it said before. */
bool om_fetch_renew(struct om_fetch_job *job, int rc, int status,
    struct om_err *err);

/* A line for who wants to know. */
void om_fetch_say(struct om_fetch_job *job, const char *fmt, ...)
    OM_PRINTF(2, 3);

/* After an answer: if its bucket is nearly full, let some of it leak. */
void om_fetch_bucket(struct om_fetch_job *job);

#endif
