/*
 * feeds.h - the feeds whose batches are numbered, and what is missing of them,
 * for the status and the daily report.
 */
#ifndef OM_OPS_FEEDS_H
#define OM_OPS_FEEDS_H

#include "base/buf.h"
#include "order/sequence.h"
#include "report/report.h"
#include "store/store.h"

#define OM_FEEDS_GAPS_SHOWN 20 /* of each feed; the rest are counted */

struct om_feed_gap {
	struct om_feed_gap *next;
	const char *text; /* "6", "8 to 12" */
};

struct om_feed_state {
	struct om_feed_state *next;
	const char *feed;
	enum om_sequence_unit unit;
	const char *first; /* as text */
	const char *last;
	int64_t missing;  /* numbers or days between the two, not accepted */
	int64_t accepted; /* as missing */
	int64_t gaps;	  /* that the missing make */
	int64_t repeated; /* numbers that several batches had */
	struct om_feed_gap *gap;
};

/* Batches up to this one count, and what was decided until then. Everything is
 * in arena. */
OM_MUST_USE int om_feeds_read(struct om_store *store, int64_t batch,
    int64_t until, struct om_arena *arena, struct om_feed_state **out,
    struct om_err *err);

/* Something is missing, or came twice. */
bool om_feeds_troubled(const struct om_feed_state *feeds);
/* A remark for each such feed. */
void om_feeds_remarks(const struct om_feed_state *feeds, struct om_report *r,
    struct om_arena *arena);
/* A section, if there are such feeds. */
void om_feeds_report(const struct om_feed_state *feeds, struct om_report *r,
    struct om_arena *arena);
void om_feeds_prometheus(const struct om_feed_state *feeds, struct om_buf *out);

#endif
