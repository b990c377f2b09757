/*
 * state.h - how far a feed has been fetched.
 *
 * A walk is one round over the pages of a feed. Between walks there is `since`,
 * a value of the feed's `since` field up to which everything was seen, with the
 * items that have this value or a later one (the edge); in a walk there is the
 * page that comes next.
 *
 * What changes while a walk is on may be on a page that was read already. So
 * `since` never goes beyond the time at which the walk began, by the server's
 * own clock and less a margin.
 *
 * A state is saved with the document that led to it, in one step: inbox.h.
 * Everything lives in an arena.
 */
#ifndef OM_FETCH_STATE_H
#define OM_FETCH_STATE_H

#include "base/arena.h"
#include "text/json.h"
#include "text/yaml.h"

#define OM_FETCH_EDGE_MAX 20000

struct om_texts {
	const char **text;
	size_t count;
	size_t room;
};

void om_texts_add(struct om_texts *list, const char *text,
    struct om_arena *arena);
/* Sorted, each once; and whether such a list has text. */
void om_texts_sort(struct om_texts *list);
bool om_texts_find(const struct om_texts *sorted, const char *text);
bool om_texts_have(const struct om_texts *list, const char *text);
bool om_texts_same(const struct om_texts *a, const struct om_texts *b);

struct om_fetch_state {
	const char *source; /* of the feed as it was: another one starts over */
	/* Between walks. */
	const char *since;    /* NULL: everything is wanted */
	struct om_texts edge; /* "id TAB hash TAB value", sorted */
	const char *largest;  /* id, paging by since-id; or NULL */
	/* Of the one document of a feed without pages. */
	const char *etag;
	const char *modified;
	const char *day; /* the last one that was there, of a document a day */
	/* In a walk. */
	const char *next; /* URL; NULL: no walk */
	int64_t pages;	  /* read in it */
	int64_t at;	  /* page number or offset that comes next */
	int64_t seen;	  /* items */
	int64_t total;	  /* as the server stated it last, or -1 */
	int64_t began;	  /* values beyond it are no `since`; 0: all are */
	const char *high; /* as since, so far */
	struct om_texts high_edge;
	struct om_texts last; /* ids of the last page */
};

/* A state that has no walk. */
void om_fetch_state_init(struct om_fetch_state *state);
/* The walk is over, or is to begin anew: forget what belongs to it. */
void om_fetch_state_rest(struct om_fetch_state *state);

/* A deep copy. */
void om_fetch_state_copy(const struct om_fetch_state *from,
    struct om_arena *arena, struct om_fetch_state *out);

/* As the object "state" of a larger one, and back. OM_EDAMAGED. */
void om_fetch_state_write(const struct om_fetch_state *state,
    struct om_json *j);
OM_MUST_USE int om_fetch_state_read(const struct om_yaml *root,
    struct om_arena *arena, struct om_fetch_state *out, struct om_err *err);

#endif
