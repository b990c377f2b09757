/* walk.c - five ways to turn pages; see walk.h. */
#include "fetch/walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "io/url.h"

#define NUMBER_TEXT 24

static const char *
with_number(const char *url, const char *name, int64_t n,
    struct om_arena *arena)
{
	char text[NUMBER_TEXT];

	snprintf(text, sizeof(text), "%" PRId64, n);
	return om_url_with(url, name, om_str_of(text), arena);
}

/* One second earlier, for a server that leaves out what is just as old; in
 * the form it came in. What is no time is asked for as it is. */
static const char *
step_back(const char *value, struct om_arena *arena)
{
	struct om_err ignored = { 0 };
	char text[OM_TIME_TEXT_MAX];
	size_t n = strlen(value);
	int64_t when;

	if (om_str_int(om_str_of(value), &when)) {
		snprintf(text, sizeof(text), "%" PRId64, when - 1);
		return om_strndup(arena, text, strlen(text));
	}
	if (om_time_parse(om_str_of(value), &when, &ignored) < 0)
		return value;
	om_time_text(when - 1, text);
	/* "2026-11-26T10:00:00" has no zone, and gets none. */
	if (n == strlen("2026-11-26T10:00:00"))
		text[n] = '\0';
	return om_strndup(arena, text, strlen(text));
}

static const char *
add_since(const char *url, const struct om_feed_since *since, const char *value,
    struct om_arena *arena)
{
	if (since->parameter == NULL)
		return url;
	if (value != NULL && since->exclusive)
		value = step_back(value, arena);
	if (value == NULL)
		value = since->start;
	return value == NULL ? url
			     : om_url_with(url, since->parameter,
				   om_str_of(value), arena);
}

const char *
om_walk_first(const struct om_feed *feed, const struct om_fetch_state *state,
    struct om_arena *arena)
{
	const struct om_feed_http *h = om_feed_http(feed);
	const struct om_feed_paging *p = &h->paging;
	const char *url = om_feed_url(feed);

	for (size_t i = 0; i < h->parameter_count; i++)
		url = om_url_with(url, h->parameter[i].name,
		    h->parameter[i].value, arena);
	for (size_t i = 0; i < p->sort_count; i++)
		url =
		    om_url_with(url, p->sort[i].name, p->sort[i].value, arena);
	if (p->size_parameter != NULL && p->size > 0)
		url = with_number(url, p->size_parameter, p->size, arena);
	url = add_since(url, &h->since, state->since, arena);
	if (p->kind == OM_PAGING_PAGE)
		url = with_number(url, p->parameter, p->start, arena);
	if (p->kind == OM_PAGING_OFFSET)
		url = with_number(url, p->parameter, 0, arena);
	if (p->kind == OM_PAGING_SINCE_ID)
		url = om_url_with(url, p->parameter,
		    om_str_of(state->largest == NULL ? "0" : state->largest),
		    arena);
	return url;
}

/* One call of om_walk_turn. */
struct turn {
	const struct om_feed_http *http;
	const struct om_feed_paging *paging;
	const struct om_walk_page *in;
	const struct om_page *page;
	struct om_arena *arena;
	struct om_fetch_state *state;
	struct om_walk_news *news;
	size_t shared; /* items that it should share with the one before */
};

static int
repeats(const struct turn *t, struct om_err *err)
{
	return om_fail(err, OM_EDATA,
	    "page %" PRId64 " repeats the one before it", t->state->pages + 1);
}

/* The total of items, if the server says it. */
static int64_t
total_of(const struct turn *t)
{
	const char *name = t->paging->total_header;
	const char *text =
	    name == NULL ? NULL : om_http_header(t->in->answer, name);
	int64_t total;

	if (text != NULL && om_str_int(om_str_of(text), &total))
		return total;
	return t->page->total;
}

/* Do the first items of the page stand at the end of the one before? */
static bool
hangs_together(const struct turn *t)
{
	const struct om_texts *last = &t->state->last;
	const struct om_texts *now = &t->page->id;

	if (t->shared > now->count || t->shared > last->count)
		return false;
	for (size_t i = 0; i < t->shared; i++)
		if (strcmp(last->text[last->count - t->shared + i],
			now->text[i]) != 0)
			return false;
	return true;
}

/* NULL, or how the list has moved while it was read. */
static const char *
moved(const struct turn *t, int64_t total)
{
	const struct om_fetch_state *s = t->state;
	bool counted = t->paging->kind == OM_PAGING_PAGE ||
		       t->paging->kind == OM_PAGING_OFFSET;
	int64_t items = (int64_t)t->page->id.count;
	int64_t seen = s->seen + items - (int64_t)t->shared;

	if (!counted)
		return NULL;
	if (t->shared > 0 && !hangs_together(t))
		return "a page does not go on where the last one ended";
	if (total >= 0 && s->total >= 0 && total < s->total)
		return "the list has become shorter";
	if (total >= 0 && seen < total &&
	    (items == 0 || items < t->paging->size))
		return "a page is shorter than it should be";
	return NULL;
}

static int64_t
count_overlap(const struct turn *t)
{
	const struct om_page *p = t->page;
	int64_t n = 0;

	for (size_t i = 0; i < p->id.count; i++)
		n += p->id.text[i][0] != '\0' &&
		     om_texts_have(&t->state->last, p->id.text[i]);
	return n - (int64_t)t->shared;
}

/* Can it be said that all of this age was seen? */
static bool
is_settled(const struct om_fetch_state *s, const char *value)
{
	struct om_err ignored = { 0 };
	int64_t when;

	return s->began == 0 || strchr(value, '-') == NULL ||
	       om_time_parse(om_str_of(value), &when, &ignored) < 0 ||
	       when <= s->began;
}

/* The value of an edge's item. */
static const char *
value_of(const char *entry)
{
	return strrchr(entry, '\t') + 1;
}

/* Only items that are as old as value, or newer, can come again. */
static void
prune(struct om_texts *edge, const char *value)
{
	size_t n = 0;

	for (size_t i = 0; i < edge->count; i++)
		if (om_page_compare(value_of(edge->text[i]), value) >= 0)
			edge->text[n++] = edge->text[i];
	edge->count = n;
}

static int
take_value(struct turn *t, size_t i, struct om_err *err)
{
	struct om_fetch_state *s = t->state;
	const char *value = t->page->value.text[i];
	const char *entry = t->page->key.text[i];

	if (value[0] == '\0')
		return om_fail(err, OM_EDATA, "item '%s' has no '%s'",
		    t->page->id.text[i], t->http->since.field);
	if (om_texts_find(&s->edge, entry))
		t->news->fresh--;
	if (is_settled(s, value) &&
	    (s->high == NULL || om_page_compare(value, s->high) > 0)) {
		s->high = value;
		prune(&s->high_edge, value);
	}
	if (s->high == NULL || om_page_compare(value, s->high) >= 0)
		om_texts_add(&s->high_edge, entry, t->arena);
	return 0;
}

static int
take_values(struct turn *t, struct om_err *err)
{
	const struct om_feed_since *since = &t->http->since;
	struct om_fetch_state *s = t->state;

	t->news->fresh = (int64_t)t->page->id.count;
	if (since->parameter == NULL)
		return 0;
	if (s->pages == 0)
		s->began = t->in->at - since->margin_ms / 1000;
	for (size_t i = 0; i < t->page->id.count; i++)
		if (take_value(t, i, err) < 0)
			return err->code;
	return 0;
}

/* The walk is over: the next one asks for what came since. */
static void
rest(struct turn *t)
{
	struct om_fetch_state *s = t->state;

	if (s->high != NULL &&
	    (s->since == NULL || om_page_compare(s->high, s->since) > 0))
		s->since = s->high;
	for (size_t i = 0; i < s->high_edge.count; i++)
		om_texts_add(&s->edge, s->high_edge.text[i], t->arena);
	if (s->since != NULL)
		prune(&s->edge, s->since);
	om_texts_sort(&s->edge);
	/* Without an edge, items come twice; none is lost. */
	if (s->edge.count > OM_FETCH_EDGE_MAX)
		s->edge.count = 0;
	om_fetch_state_rest(s);
}

/* Of counted pages: is there one behind this one? */
static bool
is_last(const struct turn *t)
{
	const struct om_fetch_state *s = t->state;
	size_t items = t->page->id.count;

	if (items == 0 || items == t->shared)
		return true;
	if (s->total >= 0)
		return s->seen >= s->total;
	return t->paging->size > 0 && (int64_t)items < t->paging->size;
}

static const char *
next_counted(struct turn *t)
{
	struct om_fetch_state *s = t->state;

	if (is_last(t))
		return NULL;
	if (t->paging->kind == OM_PAGING_PAGE)
		s->at = (s->at == 0 ? t->paging->start : s->at) + 1;
	else
		s->at += (int64_t)t->page->id.count - t->paging->overlap;
	return with_number(t->in->asked, t->paging->parameter, s->at, t->arena);
}

static int
next_since_id(struct turn *t, const char **out, struct om_err *err)
{
	struct om_fetch_state *s = t->state;
	const struct om_texts *ids = &t->page->id;
	const char *before = s->largest;

	for (size_t i = 0; i < ids->count; i++)
		if (s->largest == NULL ||
		    om_page_compare(ids->text[i], s->largest) > 0)
			s->largest = ids->text[i];
	if (ids->count > 0 && before != NULL && s->largest == before)
		return repeats(t, err);
	*out = (int64_t)ids->count < t->paging->size
		   ? NULL
		   : om_url_with(t->in->asked, t->paging->parameter,
			 om_str_of(s->largest), t->arena);
	return 0;
}

static int
next_cursor(struct turn *t, const char **out, struct om_err *err)
{
	const char *cursor = t->page->next;

	if (cursor == NULL || !t->page->more)
		return 0;
	if (t->paging->parameter == NULL)
		return om_url_resolve(t->in->url, cursor, t->arena, out, err);
	*out = om_url_with(t->in->asked, t->paging->parameter,
	    om_str_of(cursor), t->arena);
	return 0;
}

static int
find_next(struct turn *t, const char **out, struct om_err *err)
{
	const char *link;

	*out = NULL;
	switch (t->paging->kind) {
	case OM_PAGING_NONE:
		return 0;
	case OM_PAGING_LINK:
		link = om_http_link(t->in->answer, "next");
		return link == NULL ? 0
				    : om_url_resolve(t->in->url, link, t->arena,
					  out, err);
	case OM_PAGING_CURSOR:
		return next_cursor(t, out, err);
	case OM_PAGING_OFFSET:
	case OM_PAGING_PAGE:
		*out = next_counted(t);
		return 0;
	case OM_PAGING_SINCE_ID:
		return next_since_id(t, out, err);
	}
	return 0;
}

static int
check_next(const struct turn *t, const char *next, struct om_err *err)
{
	if (strcmp(next, t->in->asked) == 0)
		return om_fail(err, OM_EDATA,
		    "page %" PRId64 " says that it comes after itself",
		    t->state->pages);
	/* It is saved, and no secret may be. */
	if (om_url_is_http(next) && om_url_check(next, true, err) < 0) {
		err->code = OM_EDATA;
		return om_wrap(err, "the next page");
	}
	if (!om_url_same_scheme(next, t->in->url) ||
	    (t->in->credentials && !om_url_same_host(next, t->in->url)))
		return om_fail(err, OM_EAUTH,
		    "the next page is at '%s', which may not see our "
		    "credentials",
		    om_url_public(next, t->arena));
	if (t->state->pages >= t->paging->max_pages)
		return om_fail(err, OM_ELIMIT,
		    "there are more than %" PRId64 " pages",
		    t->paging->max_pages);
	return 0;
}

int
om_walk_turn(const struct om_feed *feed, const struct om_walk_page *in,
    struct om_arena *arena, struct om_fetch_state *state,
    enum om_walk_step *out_step, struct om_walk_news *out_news,
    struct om_err *err)
{
	const struct om_feed_http *h = om_feed_http(feed);
	struct turn t = { h, &h->paging, in, in->page, arena, state, out_news,
		0 };
	const char *next;
	int64_t total = total_of(&t);

	*out_news = (struct om_walk_news){ 0, 0, NULL };
	if (h->paging.kind == OM_PAGING_OFFSET && state->pages > 0)
		t.shared = (size_t)h->paging.overlap;
	if (in->page->id.count > 0 && in->page->id.text[0][0] != '\0' &&
	    om_texts_same(&in->page->id, &state->last))
		return repeats(&t, err);
	out_news->reason = moved(&t, total);
	if (out_news->reason != NULL) {
		om_fetch_state_rest(state);
		*out_step = OM_WALK_MOVED;
		return 0;
	}
	out_news->overlap = count_overlap(&t);
	if (take_values(&t, err) < 0)
		return err->code;
	state->seen += (int64_t)(in->page->id.count - t.shared);
	state->total = total;
	if (find_next(&t, &next, err) < 0)
		return err->code;
	state->pages++;
	state->last = in->page->id;
	if (next != NULL && check_next(&t, next, err) < 0)
		return err->code;
	state->next = next;
	*out_step = next == NULL ? OM_WALK_DONE : OM_WALK_ON;
	if (next == NULL)
		rest(&t);
	return 0;
}
