/*
 * fetch.h - mirror what is new of a feed into its inbox.
 *
 * Every document is kept as it came, and on the disk, before anything is read
 * out of it; what follows it is saved with it, in one step. Killed anywhere,
 * the same call goes on with the page that it was at. Documents are numbered in
 * the order in which they came, and none is kept twice.
 */
#ifndef OM_FETCH_FETCH_H
#define OM_FETCH_FETCH_H

#include "feed/feed.h"
#include "io/http_get.h"

struct om_fetch_result {
	int64_t documents; /* kept */
	int64_t first;	   /* the number of the first one of this call */
	int64_t last;	   /* or the one that was there already */
	int64_t pages;	   /* that were read */
	int64_t items;	   /* in all pages; of what can be counted */
	int64_t known;	   /* pages that brought nothing new */
	int64_t overlap;   /* items that a page shared with the one before */
	int64_t restarts;  /* because the list moved */
	int64_t exchanges; /* requests */
	int64_t bytes;	   /* of the documents */
	bool resumed;	   /* a walk that was interrupted */
	bool complete;	   /* there is nothing more, for now */
	int64_t ns;
};

struct om_fetch_options {
	const char *root; /* of all inboxes */
	const char *url;  /* instead of the feed's: one document; or NULL */
	const char *agent;
	const char *command; /* for the lock's holder line */
	int64_t lock_wait_ms;
	bool dry_run;		/* ask, but keep nothing */
	bool anew;		/* forget how far it was */
	struct om_http_env env; /* seen, say and before are ours */
	void (*say)(void *arg, const char *line); /* recovered; or NULL */
	void (*log)(void *arg, const char *line); /* exchanges; or NULL */
	void (*progress)(void *arg, const struct om_fetch_result *so_far);
	void *arg;
};

/*
 * 0: the mirror is complete for now. A failure leaves what was kept until then,
 * and the same call goes on from there: OM_EREMOTE, OM_EAUTH, OM_ENOENT as of
 * om_http_get(), OM_EDATA and OM_ELIMIT for what a server may not send,
 * OM_EBUSY, OM_EDEADLINE between two pages, OM_EUSAGE for a feed that does not
 * come by HTTP. *out is filled in any case.
 */
OM_MUST_USE int om_fetch(const struct om_feed *feed,
    const struct om_fetch_options *options, struct om_fetch_result *out,
    struct om_err *err);

#endif
