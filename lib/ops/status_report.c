/* status_report.c - the status for people, programs and Prometheus. */
#include <inttypes.h>

#include "ops/figure.h"
#include "ops/status.h"

static void
tell_lock(const struct om_status *s, struct om_report *r)
{
	if (s->locked)
		om_report_fact(r, "lock", "Lock", s->holder);
	else
		om_report_fact(r, "lock", "Lock",
		    s->lockable ? "free" : "kept by the server");
}

static void
tell_troubles(const struct om_status *s, int64_t stale_after,
    struct om_report *r, struct om_arena *a)
{
	bool stale = stale_after > 0 && om_status_stale(s, stale_after);

	for (unsigned i = 0; i < s->shards; i++)
		if (s->shard[i].trouble != NULL)
			om_report_note(r, 'b', s->shard[i].trouble);
	if (stale)
		om_report_note(r, 'b',
		    om_cellf(a, "last success %s, over %" PRId64 " seconds ago",
			om_cell_time(a, s->last_success), stale_after));
	if (s->running > 0 && s->lockable && !s->locked)
		om_report_note(r, 'i',
		    "a run was interrupted; the next writing command finishes"
		    " or undoes it");
	if (s->failed_since > 0)
		om_report_note(r, 'b',
		    om_cellf(a,
			"runs that failed since the last success: %" PRId64,
			s->failed_since));
	if (s->open_rejects > 0)
		om_report_note(r, 'b',
		    om_cellf(a, "orders in quarantine: %" PRId64,
			s->open_rejects));
	om_feeds_remarks(s->feeds, r, a);
	if (!stale && !om_status_troubled(s) && s->failed_since == 0 &&
	    s->open_rejects == 0 && !om_feeds_troubled(s->feeds))
		om_report_note(r, 'g', "nothing needs attention");
}

static void
tell_store(const struct om_status *s, int64_t stale_after, struct om_report *r,
    struct om_arena *a)
{
	om_report_section(r, "store", "The store");
	om_report_fact(r, "url", "Store", s->url);
	om_report_fact(r, "now", "Now", om_cell_time(a, s->now));
	om_report_fact(r, "last_success", "Last success",
	    om_cell_time(a, s->last_success));
	tell_lock(s, r);
	om_report_fact(r, "epoch", "Shard map", s->epoch);
	om_report_count(r, "entries", "Journal entries", s->entries);
	om_report_fact(r, "checkpoint", "Last checkpoint",
	    om_cell_time(a, s->checkpoint_at));
	tell_troubles(s, stale_after, r, a);
}

static void
tell_work(const struct om_status *s, struct om_report *r, struct om_arena *a)
{
	int64_t unsettled = 0;
	int64_t waiting = 0;

	for (unsigned i = 0; i < s->shards; i++) {
		unsettled += s->shard[i].unsettled;
		waiting += s->shard[i].waiting;
	}
	om_report_section(r, "batches", "Batches");
	om_report_count(r, "published", "Taken",
	    s->batches[OM_BATCH_PUBLISHED]);
	om_report_count(r, "loading", "Loading", s->batches[OM_BATCH_LOADING]);
	om_report_count(r, "failed", "Failed", s->batches[OM_BATCH_FAILED]);
	om_report_count(r, "undone", "Undone", s->batches[OM_BATCH_UNDONE]);
	om_report_fact(r, "last", "Last batch",
	    s->published == 0
		? ""
		: om_cellf(a, "%" PRId64 ", %s, %s", s->published,
		      s->last_source, om_cell_time(a, s->last_published)));
	om_report_section(r, "runs", "Runs");
	om_report_count(r, "unfinished", "Unfinished", s->running);
	om_report_fact(r, "last", "Last run",
	    s->last_run == 0
		? ""
		: om_cellf(a, "%" PRId64 ", %s, %s (exit %" PRId64 ")",
		      s->last_run, s->last_command, s->last_state,
		      s->last_status));
	om_report_section(r, "backlog", "Backlog");
	om_report_count(r, "rejects", "Orders in quarantine", s->open_rejects);
	om_report_count(r, "unsettled", "Payments not applied", unsettled);
	om_report_count(r, "waiting", "Early cancellations", waiting);
}

static void
tell_shards(const struct om_status *s, struct om_report *r, struct om_arena *a)
{
	static const struct om_report_column columns[] = {
		{ "shard", "Shard", OM_LEFT },
		{ "url", "URL", OM_LEFT },
		{ "slots", "Slots", OM_RIGHT },
		{ "entries", "Log entries", OM_RIGHT },
		{ "unsettled", "Not applied", OM_RIGHT },
		{ "state", "State", OM_LEFT },
	};

	om_report_section(r, "shards", "Shards");
	om_report_table(r, "shards", columns, OM_COUNT(columns));
	for (unsigned i = 0; i < s->shards; i++)
		om_report_row(r,
		    (const char *const[]){
			om_cell_int(a, i),
			s->shard[i].url,
			om_cell_int(a, s->shard[i].slots),
			om_cell_int(a, s->shard[i].entries),
			om_cell_int(a, s->shard[i].unsettled),
			s->shard[i].trouble == NULL ? "ok" : "away",
		    });
}

struct om_report *
om_status_report(const struct om_status *s, int64_t stale_after,
    struct om_arena *arena)
{
	struct om_report *r =
	    om_report_new(arena, "ordmill.status/1", "Status of the store");

	tell_store(s, stale_after, r, arena);
	tell_work(s, r, arena);
	om_feeds_report(s->feeds, r, arena);
	tell_shards(s, r, arena);
	return r;
}

static void
head(struct om_buf *out, const char *name, const char *help)
{
	om_buf_printf(out, "# HELP ordmill_%s %s\n# TYPE ordmill_%s gauge\n",
	    name, help, name);
}

static void
gauge(struct om_buf *out, const char *name, const char *help, int64_t value)
{
	head(out, name, help);
	om_buf_printf(out, "ordmill_%s %" PRId64 "\n", name, value);
}

static void
batches(const struct om_status *s, struct om_buf *out)
{
	static const char *const names[OM_BATCH_STATES] = { "loading",
		"published", "failed", "undone" };

	head(out, "batches", "Batches by state.");
	for (int i = 0; i < OM_BATCH_STATES; i++)
		om_buf_printf(out,
		    "ordmill_batches{state=\"%s\"} %" PRId64 "\n", names[i],
		    s->batches[i]);
}

static void
shards(const struct om_status *s, struct om_buf *out)
{
	head(out, "shard_up", "1 if the shard answers.");
	for (unsigned i = 0; i < s->shards; i++)
		om_buf_printf(out, "ordmill_shard_up{shard=\"%u\"} %d\n", i,
		    s->shard[i].trouble == NULL);
	head(out, "shard_log_entries", "Entries of the shard's log.");
	for (unsigned i = 0; i < s->shards; i++)
		om_buf_printf(out,
		    "ordmill_shard_log_entries{shard=\"%u\"} %" PRId64 "\n", i,
		    s->shard[i].entries);
	head(out, "payments_unsettled", "Payments applied to no order yet.");
	for (unsigned i = 0; i < s->shards; i++)
		om_buf_printf(out,
		    "ordmill_payments_unsettled{shard=\"%u\"} %" PRId64 "\n", i,
		    s->shard[i].unsettled);
	head(out, "cancellations_waiting",
	    "Cancellations whose order has not come.");
	for (unsigned i = 0; i < s->shards; i++)
		om_buf_printf(out,
		    "ordmill_cancellations_waiting{shard=\"%u\"} %" PRId64 "\n",
		    i, s->shard[i].waiting);
}

void
om_status_prometheus(const struct om_status *s, struct om_buf *out)
{
	gauge(out, "last_success_timestamp_seconds",
	    "When a batch or a run last succeeded.", s->last_success);
	gauge(out, "last_batch_timestamp_seconds",
	    "When the newest batch was published.", s->last_published);
	gauge(out, "last_run_status", "Exit status of the newest run.",
	    s->last_status);
	gauge(out, "runs_unfinished", "Runs that are at work or were killed.",
	    s->running);
	gauge(out, "runs_failed_since_success",
	    "Runs that failed after the last success.", s->failed_since);
	gauge(out, "rejects_open", "Orders in quarantine.", s->open_rejects);
	gauge(out, "journal_entries", "Entries of the store-wide log.",
	    s->entries);
	gauge(out, "checkpoint_timestamp_seconds",
	    "When the newest checkpoint was made.", s->checkpoint_at);
	gauge(out, "locked", "1 while a command writes.", s->locked);
	batches(s, out);
	shards(s, out);
	om_feeds_prometheus(s->feeds, out);
}
