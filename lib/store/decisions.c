/* decisions.c - in the catalog, and laid over a range; see decisions.h. */
#include "store/decisions.h"

#include "store/sql.h"

static const char put_decision[] =
    "INSERT INTO gap_decisions (leaf, feed, unit, from_number, to_number,"
    " decision, decided_at, decided_by, reason)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
static const char each_decision[] =
    "SELECT /*scan*/ leaf, feed, unit, from_number, to_number, decision,"
    " decided_at, decided_by, reason FROM gap_decisions WHERE decided_at < $1"
    " ORDER BY leaf DESC";

const char *
om_decision_name(bool accepted)
{
	return accepted ? "accepted" : "reopened";
}

int
om_decision_put(struct om_store *store, const struct om_decision *d,
    struct om_err *err)
{
	return om_sql_run(om_store_catalog(store), err, put_decision,
	    "itsiisitt", d->leaf, &d->feed, om_sequence_unit_name(d->unit),
	    d->from, d->to, om_decision_name(d->accepted), d->at, &d->by,
	    &d->reason);
}

static struct om_str
keep(struct om_arena *arena, struct om_str text)
{
	return (struct om_str){ om_strndup(arena, text.p, text.n), text.n };
}

static int
read_one(const struct om_stmt *q, struct om_arena *arena,
    struct om_decision *out, struct om_err *err)
{
	struct om_str name = om_col_text(q, 5);

	*out = (struct om_decision){
		.leaf = om_col_int(q, 0),
		.feed = keep(arena, om_col_text(q, 1)),
		.from = om_col_int(q, 3),
		.to = om_col_int(q, 4),
		.accepted = om_str_is(name, om_decision_name(true)),
		.at = om_col_int(q, 6),
		.by = keep(arena, om_col_text(q, 7)),
		.reason = keep(arena, om_col_text(q, 8)),
	};
	if (!out->accepted && !om_str_is(name, om_decision_name(false)))
		return om_fail(err, OM_EDAMAGED, "unknown decision '%.*s'",
		    OM_FMT(name));
	return om_sequence_unit_find(om_col_text(q, 2), &out->unit, err);
}

int
om_decisions_read(struct om_store *store, int64_t until, struct om_arena *arena,
    struct om_decision **out, struct om_err *err)
{
	struct om_decision *first = NULL;
	struct om_decision **end = &first;
	struct om_stmt *q;
	int rc;

	if (om_sql(om_store_catalog(store), &q, err, each_decision, "i",
		until) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1) {
		*end = om_new(arena, struct om_decision);
		if (read_one(q, arena, *end, err) < 0) {
			om_stmt_reset(q);
			return err->code;
		}
		end = &(*end)->next;
	}
	om_stmt_reset(q);
	if (rc == 0)
		*out = first;
	return rc;
}

/* The newest one about a number ends the search: newer ones can only begin
 * behind it, and so say where it ends. */
static const struct om_decision *
holds(const struct om_decision *d, struct om_str feed,
    enum om_sequence_unit unit, int64_t number, int64_t *last)
{
	for (; d != NULL; d = d->next) {
		if (d->unit != unit || !om_str_eq(d->feed, feed))
			continue;
		if (d->from > number && d->from <= *last)
			*last = d->from - 1;
		if (d->from > number || d->to < number)
			continue;
		if (d->to < *last)
			*last = d->to;
		return d->accepted ? d : NULL;
	}
	return NULL;
}

const struct om_decision *
om_decisions_at(const struct om_decision *newest, struct om_str feed,
    enum om_sequence_unit unit, int64_t from, int64_t to, int64_t *out_last)
{
	int64_t last = to;
	const struct om_decision *d = holds(newest, feed, unit, from, &last);

	/* What is open behind a decision is one with what is open before. */
	while (d == NULL && last < to) {
		int64_t more = to;

		if (holds(newest, feed, unit, last + 1, &more) != NULL)
			break;
		last = more;
	}
	*out_last = last;
	return d;
}
