/* gaps.c - numbers of batches, in the catalog; see gaps.h. */
#include "store/gaps.h"

#include "store/sql.h"

static const char put_number[] =
    "INSERT INTO feed_numbers (feed, unit, number, batch)"
    " VALUES ($1, $2, $3, $4) ON CONFLICT (feed, unit, number, batch)"
    " DO NOTHING";
static const char each_feed[] =
    "SELECT feed, unit, min(number), max(number),"
    "       CAST(sum(CASE WHEN batches > 1 THEN 1 ELSE 0 END) AS bigint)"
    "  FROM (SELECT /*scan*/ feed, unit, number, count(*) AS batches"
    "          FROM feed_numbers WHERE batch <= $1"
    "         GROUP BY feed, unit, number) AS seen"
    " GROUP BY feed, unit ORDER BY feed COLLATE \"C\", unit COLLATE \"C\"";
static const char each_gap[] =
    "SELECT feed, unit, before, number FROM"
    " (SELECT feed, unit, number,"
    "         lag(number) OVER (PARTITION BY feed, unit ORDER BY number)"
    "         AS before"
    "    FROM (SELECT DISTINCT /*scan*/ feed, unit, number"
    "            FROM feed_numbers WHERE batch <= $1) AS seen) AS steps"
    " WHERE number > before + 1"
    " ORDER BY feed COLLATE \"C\", unit COLLATE \"C\", number";

int
om_numbered_put(struct om_store *store, const char *feed, int64_t batch,
    const struct om_sequence *sequence, struct om_err *err)
{
	return om_sql_run(om_store_catalog(store), err, put_number, "ssii",
	    feed, om_sequence_unit_name(sequence->unit), sequence->number,
	    batch);
}

int
om_numbered_each(struct om_store *store, int64_t batch, om_numbered_fn *each,
    void *arg, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_sql(om_store_catalog(store), &q, err, each_feed, "i", batch) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		struct om_numbered feed = {
			.feed = om_col_text(q, 0),
			.first = om_col_int(q, 2),
			.last = om_col_int(q, 3),
			.repeated = om_col_int(q, 4),
		};

		if (om_sequence_unit_find(om_col_text(q, 1), &feed.unit, err) <
			0 ||
		    each(&feed, arg, err) < 0) {
			om_stmt_reset(q);
			return err->code;
		}
	}
	om_stmt_reset(q);
	return rc;
}

/* No weekend at its ends, if there is more to it. */
static void
trim(struct om_gap *gap)
{
	while (om_sequence_count(gap->unit, gap->from, gap->from) == 0)
		gap->from++;
	while (om_sequence_count(gap->unit, gap->to, gap->to) == 0)
		gap->to--;
}

/* Cut it where another decision holds. */
static int
tell(const struct om_gap *whole, const struct om_decision *decisions,
    om_gap_fn *each, void *arg, struct om_err *err)
{
	struct om_gap gap = *whole;

	for (; gap.from <= whole->to; gap.from = gap.to + 1) {
		struct om_gap told;

		gap.accepted = om_decisions_at(decisions, gap.feed, gap.unit,
		    gap.from, whole->to, &gap.to);
		gap.missing = om_sequence_count(gap.unit, gap.from, gap.to);
		if (gap.missing == 0)
			continue;
		told = gap;
		trim(&told);
		if (each(&told, arg, err) < 0)
			return err->code;
	}
	return 0;
}

int
om_gaps_each(struct om_store *store, int64_t batch,
    const struct om_decision *decisions, om_gap_fn *each, void *arg,
    struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_sql(om_store_catalog(store), &q, err, each_gap, "i", batch) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		struct om_gap gap = {
			.feed = om_col_text(q, 0),
			.from = om_col_int(q, 2) + 1,
			.to = om_col_int(q, 3) - 1,
		};

		if (om_sequence_unit_find(om_col_text(q, 1), &gap.unit, err) <
			0 ||
		    tell(&gap, decisions, each, arg, err) < 0) {
			om_stmt_reset(q);
			return err->code;
		}
	}
	om_stmt_reset(q);
	return rc;
}
