/* daily_parts.h - what the sections of the daily report share. For daily*.c. */
#ifndef OM_OPS_DAILY_PARTS_H
#define OM_OPS_DAILY_PARTS_H

#include "ops/census.h"
#include "ops/feeds.h"
#include "report/report.h"
#include "store/outcome.h"

struct om_daily_batch {
	struct om_daily_batch *next;
	int64_t batch;
	const char *feed;
	const char *source;
	const char *state;
	const char *reason;
	bool orders;	      /* else payments */
	bool published;	      /* counts in the day's sums */
	const char *unclosed; /* NULL: the books close; else why not */
	struct om_books *books;
};

struct om_daily_day {
	struct om_store *store;
	struct om_arena *arena;
	struct om_report *report;
	int64_t from; /* midnight */
	int64_t to;
	struct om_census census;
	const struct om_daily_batch *batches;
	struct om_books *orders; /* of all published batches of orders */
	struct om_books *payments;
	const struct om_feed_state *feeds; /* as of the end of the day */
	int64_t open_passes; /* passes of the day whose books do not close */
};

/* Read the day's batches and their books. */
OM_MUST_USE int om_daily_read_batches(struct om_daily_day *day,
    struct om_err *err);

/* Sections, in their order. */
void om_daily_money(const struct om_daily_day *day);
OM_MUST_USE int om_daily_states(const struct om_daily_day *day,
    struct om_err *err);
OM_MUST_USE int om_daily_shards(const struct om_daily_day *day,
    struct om_err *err);
OM_MUST_USE int om_daily_payments(const struct om_daily_day *day,
    struct om_err *err);
void om_daily_batches(const struct om_daily_day *day);
OM_MUST_USE int om_daily_rejects(const struct om_daily_day *day,
    struct om_err *err);
OM_MUST_USE int om_daily_runs(const struct om_daily_day *day,
    struct om_err *err);
OM_MUST_USE int om_daily_evidence(const struct om_daily_day *day,
    struct om_err *err);

#endif
