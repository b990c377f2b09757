/* take.c - a body that has come: is it new, and what follows it; see job.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fetch/job.h"
#include "fetch/proof.h"
#include "fetch/walk.h"
#include "io/url.h"

#define RESTARTS_MAX 3
#define BAD_BODY     "bad.body"

/* Is there a document with just this content, or was there one in this walk? */
static bool
is_known(const struct om_fetch_job *j, const char *sha)
{
	return om_texts_have(&j->known, sha);
}

/* The number of the document that was there already. */
static int64_t
number_of(const struct om_fetch_job *j, const char *sha)
{
	for (size_t i = 0; i < j->count; i++)
		if (j->list[i].state != OM_DOCUMENT_DROPPED &&
		    strcmp(j->list[i].sha256, sha) == 0)
			return j->list[i].number;
	return 0;
}

/* State and document in one step; or the state alone, if the page brings
 * nothing new. */
static int
keep(struct om_fetch_job *j, struct om_body *body, const char *url,
    int64_t items, const struct om_fetch_state *next, bool fresh,
    struct om_err *err)
{
	struct om_fetch_result *r = j->result;
	const struct om_record record = {
		.feed = om_feed_name(j->feed),
		.at = om_now(&j->env.clock),
		.url = om_url_public(url, &j->walk),
		.answer = &j->answer,
		.items = items,
	};
	int64_t number = 0;

	if (!fresh) {
		r->known++;
		return j->options->dry_run
			   ? 0
			   : om_inbox_put_state(j->inbox, next, err);
	}
	if (!j->options->dry_run &&
	    om_body_commit(body, &record, next, &number, err) < 0)
		return err->code;
	om_texts_add(&j->known,
	    om_strndup(&j->walk, body->hex, strlen(body->hex)), &j->walk);
	r->documents++;
	r->bytes += (int64_t)body->size;
	r->first = r->first == 0 ? number : r->first;
	r->last = number;
	return 0;
}

static const char *
kept_header(const struct om_fetch_job *j, const char *name,
    struct om_arena *arena)
{
	const char *value = om_http_header(&j->answer, name);

	return value == NULL || strlen(value) > 1024
		   ? NULL
		   : om_strndup(arena, value, strlen(value));
}

/* The one document of a feed, of a day, or of a URL. */
static int
take_alone(struct om_fetch_job *j, struct om_body *body, const char *url,
    struct om_err *err)
{
	struct om_fetch_state next = j->state;

	j->result->complete = true;
	if (om_fetch_by_day(j)) {
		om_fetch_day_over(j, &next);
	} else if (j->options->url == NULL) {
		next.etag = kept_header(j, "etag", &j->walk);
		next.modified = kept_header(j, "last-modified", &j->walk);
		om_fetch_state_rest(&next);
	}
	j->result->last = number_of(j, body->hex);
	return keep(j, body, url, -1, &next, !is_known(j, body->hex), err);
}

static int
read_page(struct om_fetch_job *j, const struct om_body *body,
    struct om_page *out, struct om_err *err)
{
	const struct om_feed_http *h = j->http_feed;
	struct om_str own = om_str_of(h->paging.items);
	struct om_page_spec spec = {
		.items = &own,
		.item_count = 1,
		.id = h->paging.id,
		.value = h->since.parameter == NULL ? NULL : h->since.field,
		.next = h->paging.next,
		.more = h->paging.more,
		.total = h->paging.total,
	};

	if (h->paging.items == NULL)
		spec.items = om_feed_items(j->feed, &spec.item_count);
	if (om_page_read(body->path, &spec, &j->arena[!j->at], out, err) < 0)
		return err->code;
	if (!out->json && h->paging.kind != OM_PAGING_LINK)
		return om_fail(err, OM_EDATA,
		    "it is no JSON, which paging and 'since' need");
	return 0;
}

int
om_fetch_start_over(struct om_fetch_job *j, const char *reason,
    struct om_err *err)
{
	if (j->result->restarts == RESTARTS_MAX)
		return om_fail(err, OM_EREMOTE,
		    "%s, and did so %d times: it keeps changing while it is "
		    "read",
		    reason, RESTARTS_MAX + 1);
	j->result->restarts++;
	om_fetch_say(j, "%s; starting over", reason);
	om_fetch_state_rest(&j->state);
	j->seen_now = (struct om_texts){ NULL, 0, 0 };
	return j->options->dry_run
		   ? 0
		   : om_inbox_put_state(j->inbox, &j->state, err);
}

/* Has this walk had the very same page, items and all, before? */
static int
check_circle(struct om_fetch_job *j, const struct om_body *body,
    struct om_err *err)
{
	for (size_t i = 0; i < j->seen_now.count; i++)
		if (strcmp(j->seen_now.text[i], body->hex) == 0)
			return om_fail(err, OM_EDATA,
			    "page %" PRId64 " repeats an earlier one",
			    j->state.pages + 1);
	om_texts_add(&j->seen_now,
	    om_strndup(&j->walk, body->hex, strlen(body->hex)), &j->walk);
	return 0;
}

/* The new state is built in the other arena, and becomes the state once it is
 * saved. */
static int
take_page(struct om_fetch_job *j, struct om_body *body, const char *asked,
    const char *url, struct om_err *err)
{
	struct om_arena *arena = &j->arena[!j->at];
	struct om_fetch_state next;
	enum om_walk_step step = OM_WALK_DONE;
	struct om_walk_news news = { 0, 0, NULL };
	struct om_page page;
	struct om_walk_page in = { asked, url, &page, &j->answer,
		om_http_date(&j->answer), j->auth.credentials };
	bool fresh;

	if (in.at < 0)
		in.at = om_now(&j->env.clock);
	om_arena_reset(arena);
	om_fetch_state_copy(&j->state, arena, &next);
	if (read_page(j, body, &page, err) < 0 ||
	    (page.id.count > 0 && check_circle(j, body, err) < 0) ||
	    om_walk_turn(j->feed, &in, arena, &next, &step, &news, err) < 0)
		return err->code;
	if (step == OM_WALK_MOVED)
		return om_fetch_start_over(j, news.reason, err);
	fresh = !is_known(j, body->hex) && (!page.json || news.fresh > 0);
	if (keep(j, body, url, page.json ? (int64_t)page.id.count : -1, &next,
		fresh, err) < 0)
		return err->code;
	j->result->items += (int64_t)page.id.count;
	j->result->overlap += news.overlap;
	j->result->complete = step == OM_WALK_DONE;
	j->state = next;
	j->at = !j->at;
	return 0;
}

static int
prove_and_take(struct om_fetch_job *j, struct om_body *body, const char *asked,
    const char *url, struct om_err *err)
{
	bool whole = j->answer.status == 200;

	if (om_body_finish(body, err) < 0 ||
	    om_proof(j->http_feed, &j->answer, body, whole, err) < 0 ||
	    (om_fetch_by_sidecar(j) &&
		om_fetch_sidecar_holds(j, asked, body, err) < 0))
		return err->code;
	j->result->pages++;
	return om_fetch_alone(j) ? take_alone(j, body, url, err)
				 : take_page(j, body, asked, url, err);
}

/* A body that is not what it should be is left for somebody to look at. */
int
om_fetch_take(struct om_fetch_job *j, struct om_body *body, const char *asked,
    const char *url, struct om_err *err)
{
	int rc = prove_and_take(j, body, asked, url, err);
	size_t n = strlen(err->msg);

	if (rc != OM_EDATA || j->options->dry_run)
		return rc;
	om_body_keep(body, BAD_BODY);
	snprintf(err->msg + n, sizeof(err->msg) - n, "; see '%s/%s'",
	    om_inbox_folder(j->inbox), BAD_BODY);
	return rc;
}
