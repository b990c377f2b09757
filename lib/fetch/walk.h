/*
 * walk.h - which page comes next, and whether the list held still meanwhile.
 *
 * Pure: URLs, states and pages in, URLs and states out.
 */
#ifndef OM_FETCH_WALK_H
#define OM_FETCH_WALK_H

#include "feed/http.h"
#include "fetch/page.h"

/* The URL that a walk begins with. */
const char *om_walk_first(const struct om_feed *feed,
    const struct om_fetch_state *state, struct om_arena *arena);

enum om_walk_step {
	OM_WALK_ON,    /* state->next is the next page */
	OM_WALK_DONE,  /* that was the last one; state is that between walks */
	OM_WALK_MOVED, /* the list has moved under us: begin anew */
};

/* A page that was read, and what led to it. */
struct om_walk_page {
	const char *asked;
	const char *url; /* where redirects led */
	const struct om_page *page;
	struct om_http_answer *answer;
	int64_t at;	  /* by the server's clock */
	bool credentials; /* they may not go to another host */
};

struct om_walk_news {
	int64_t fresh;	    /* items not known from the edge */
	int64_t overlap;    /* items that the page before had, too */
	const char *reason; /* of OM_WALK_MOVED */
};

/* Take the page into the state. OM_EDATA: it repeats another one, or lacks what
 * the feed says it has. OM_EAUTH: the next one is somewhere else. */
OM_MUST_USE int om_walk_turn(const struct om_feed *feed,
    const struct om_walk_page *page, struct om_arena *arena,
    struct om_fetch_state *state, enum om_walk_step *out_step,
    struct om_walk_news *out_news, struct om_err *err);

#endif
