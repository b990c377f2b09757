/* decide.c - look at the gaps, then write catalog and journal; see decide.h. */
#include "ingest/decide.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/journal.h"
#include "ingest/recover.h"
#include "store/gaps.h"
#include "store/sql.h"

static const char newest_entry[] = "SELECT coalesce(max(leaf), 0) FROM journal";

/* Does a feed count so? */
struct units {
	const char *feed;
	bool has[OM_SEQUENCE_UNITS];
};

static int
take_unit(const struct om_numbered *n, void *arg, struct om_err *err)
{
	struct units *u = arg;

	(void)err;
	if (om_str_is(n->feed, u->feed))
		u->has[n->unit] = true;
	return 0;
}

/* What of a range is missing. */
struct range {
	const char *feed;
	enum om_sequence_unit unit;
	int64_t next; /* not yet found missing */
	int64_t to;
	bool broken; /* next is not missing */
	int64_t open;
	int64_t accepted;
};

/* Gaps come in ascending order. */
static int
take_gap(const struct om_gap *gap, void *arg, struct om_err *err)
{
	struct range *r = arg;
	int64_t last = gap->to < r->to ? gap->to : r->to;
	int64_t n;

	(void)err;
	if (r->broken || gap->unit != r->unit ||
	    !om_str_is(gap->feed, r->feed) || last < r->next)
		return 0;
	if (gap->from > r->next) {
		r->broken =
		    om_sequence_count(r->unit, r->next, gap->from - 1) > 0;
		if (r->broken || gap->from > r->to)
			return 0;
		r->next = gap->from;
	}
	n = om_sequence_count(r->unit, r->next, last);
	if (gap->accepted == NULL)
		r->open += n;
	else
		r->accepted += n;
	r->next = last + 1;
	return 0;
}

static int
look(struct om_store *store, const struct om_ruling *wish,
    enum om_sequence_unit unit, struct range *out, struct om_err *err)
{
	OM_AUTO(om_arena_clear) struct om_arena arena = { 0 };
	struct om_decision *decisions = NULL;
	struct range r = {
		.feed = wish->feed,
		.unit = unit,
		.next = wish->first.number,
		.to = wish->last.number,
	};

	if (om_decisions_read(store, INT64_MAX, &arena, &decisions, err) < 0 ||
	    om_gaps_each(store, om_store_published(store), decisions, take_gap,
		&r, err) < 0)
		return err->code;
	if (om_sequence_count(unit, r.next, r.to) > 0 ||
	    r.open + r.accepted == 0)
		r.broken = true;
	*out = r;
	return 0;
}

/* A day of a feed that counts weekdays is one of them. */
static int
find(struct om_store *store, const struct om_ruling *wish, struct range *out,
    struct om_err *err)
{
	struct units units = { .feed = wish->feed };
	char text[OM_SEQUENCE_TEXT_MAX];
	bool days = wish->first.unit != OM_SEQUENCE_NUMBER;
	bool any = false;

	if (om_numbered_each(store, om_store_published(store), take_unit,
		&units, err) < 0)
		return err->code;
	for (unsigned i = 0; i < OM_SEQUENCE_UNITS; i++) {
		if (!units.has[i] || days != (i != OM_SEQUENCE_NUMBER))
			continue;
		any = true;
		if (look(store, wish, (enum om_sequence_unit)i, out, err) < 0)
			return err->code;
		if (!out->broken)
			return 0;
	}
	if (!any)
		return om_fail(err, OM_ENOENT,
		    "feed '%s' has no batches that are numbered so",
		    wish->feed);
	return om_fail(err, OM_ENOENT, "feed '%s': %s is not missing",
	    wish->feed, om_sequence_text(out->unit, out->next, text));
}

static int
record(struct om_store *store, const struct om_ruling *wish,
    const struct om_decision *d, struct om_err *err)
{
	char from[OM_SEQUENCE_TEXT_MAX];
	char to[OM_SEQUENCE_TEXT_MAX];
	char at[OM_TIME_TEXT_MAX];
	const struct om_journal_field fields[] = {
		{ "command", "gaps" },
		{ "decision", om_decision_name(d->accepted) },
		{ "feed", wish->feed },
		{ "unit", om_sequence_unit_name(d->unit) },
		{ "from", om_sequence_text(d->unit, d->from, from) },
		{ "to", om_sequence_text(d->unit, d->to, to) },
		{ "at", om_time_text(d->at, at) },
		{ "by", wish->by },
		{ "reason", wish->reason },
	};

	return om_journal_append(store, fields, OM_COUNT(fields), NULL, 0, err);
}

static int
enact(struct om_store *store, const struct om_ruling *wish,
    enum om_sequence_unit unit, int64_t *out_leaf, struct om_err *err)
{
	struct om_decision d = {
		.feed = om_str_of(wish->feed),
		.unit = unit,
		.from = wish->first.number,
		.to = wish->last.number,
		.accepted = wish->accept,
		.at = om_now(om_store_clock(store)),
		.by = om_str_of(wish->by),
		.reason = om_str_of(wish->reason),
	};

	if (record(store, wish, &d, err) < 0 ||
	    om_sql_int(om_store_catalog(store), &d.leaf, err, newest_entry,
		"") < 0 ||
	    om_decision_put(store, &d, err) < 0)
		return err->code;
	*out_leaf = d.leaf;
	return 0;
}

int
om_decide(struct om_store *store, const struct om_ruling *wish, bool dry_run,
    struct om_ruled *out, struct om_err *err)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	struct om_ruled r = { 0 };
	struct range range = { 0 };
	int64_t undone;

	if ((dry_run ? om_look(store, err)
		     : om_recover(store, NULL, NULL, &undone, err)) < 0 ||
	    om_txn_begin(om_store_catalog(store), &txn, err) < 0 ||
	    find(store, wish, &range, err) < 0)
		return err->code;
	r.unit = range.unit;
	r.changed = wish->accept ? range.open : range.accepted;
	if (r.changed > 0 && !dry_run &&
	    (enact(store, wish, r.unit, &r.leaf, err) < 0 ||
		om_txn_commit(&txn, err) < 0))
		return err->code;
	*out = r;
	return 0;
}
