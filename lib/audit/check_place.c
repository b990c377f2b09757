/* check_place.c - is every row where its key says, and none anywhere else? */
#include <inttypes.h>

#include "audit/check.h"
#include "base/hash.h"
#include "store/chunk.h"
#include "store/keys.h"
#include "store/sql.h"

static const char sql_rows[] =
    "SELECT /*scan*/ id, channel, reference FROM order_rows";
static const char sql_keys[] = "SELECT /*scan*/ key, id, slot FROM order_keys";
static const char sql_early[] = "SELECT /*scan*/ id, slot FROM early_rows";
static const char count_rows[] = "SELECT /*scan*/ count(*) FROM order_rows";
static const char count_lines[] = "SELECT /*scan*/ count(*) FROM line_rows";
static const char count_events[] = "SELECT /*scan*/ count(*) FROM events";
static const char count_payments[] = "SELECT /*scan*/ count(*) FROM payments";

static const struct om_str nobody = { NULL, 0 };

static uint64_t
mix(uint64_t h)
{
	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 33;
}

static void
sketch_add(struct om_sketch *s, int64_t key, int64_t id, int64_t slot)
{
	uint64_t a = mix((uint64_t)key ^ UINT64_C(0x9e3779b97f4a7c15));
	uint64_t b = mix(a + (uint64_t)id);

	s->count++;
	s->sum[0] += mix(b + (uint64_t)slot);
	s->sum[1] += mix(mix(b ^ a) ^ (uint64_t)slot);
}

/* Rows of what is pending may be on their way out, ahead of their keys. */
static bool
is_pending(const struct om_check *c, int64_t id)
{
	uint64_t leaf = om_row_leaf(id);

	return leaf < c->size && leaf >= c->size - c->pending;
}

static bool
same_sketch(const struct om_sketch *a, const struct om_sketch *b)
{
	return a->count == b->count && a->sum[0] == b->sum[0] &&
	       a->sum[1] == b->sum[1];
}

void
om_check_place(struct om_check *c, int64_t id, int64_t slot,
    struct om_str channel, struct om_str reference)
{
	uint64_t hash = om_hash64(channel, reference);

	c->rows++;
	if (!is_pending(c, id))
		sketch_add(&c->placed, om_key_of(hash), id, slot);
	if (slot != (int64_t)om_slot_of(hash))
		om_flaw(&c->flaws, channel, reference,
		    "its row says slot %" PRId64 ", its key slot %u", slot,
		    om_slot_of(hash));
	else if (om_store_shard_of(c->store, (unsigned)slot) != c->shard)
		om_flaw(&c->flaws, channel, reference,
		    "its row is of slot %" PRId64 ", which is elsewhere", slot);
}

/* Was the row out of reach of om_check_orders()? */
static void
name_stray(struct om_check *c, const struct om_stmt *q)
{
	int64_t id = om_col_int(q, 0);

	if (om_row_leaf(id) >= c->size)
		om_flaw(&c->flaws, om_col_text(q, 1), om_col_text(q, 2),
		    "its leaf %" PRIu64 " is not in the log", om_row_leaf(id));
}

static int
name_strays(struct om_check *c, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(c->db, sql_rows, &q, err) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1)
		name_stray(c, q);
	return rc;
}

static int
scan_keys(const struct om_check *c, struct om_sketch *keys, struct om_err *err)
{
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(c->db, sql_keys, &q, err) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1)
		if (!is_pending(c, om_col_int(q, 1)))
			sketch_add(keys, om_col_int(q, 0), om_col_int(q, 1),
			    om_col_int(q, 2));
	return rc;
}

static int
check_count(struct om_check *c, const char *sql, uint64_t seen,
    const char *what, struct om_err *err)
{
	int64_t there = 0;

	if (om_sql_int(c->db, &there, err, sql, "") < 0)
		return err->code;
	if ((uint64_t)there != seen)
		om_flaw(&c->flaws, nobody, nobody,
		    "%" PRId64 " %s are stored, %" PRIu64
		    " of them where they belong",
		    there, what, seen);
	return 0;
}

/* An index that is damaged in itself hides orders that are there; only one
 * that is sound can be read and compared. */
static int
check_keys(struct om_check *c, struct om_err *err)
{
	struct om_sketch keys = { 0 };

	if (om_keys_check(c->db, err) < 0)
		return om_flaw_or_fail(&c->flaws, err);
	if (scan_keys(c, &keys, err) < 0)
		return err->code;
	if (!same_sketch(&keys, &c->placed))
		om_flaw(&c->flaws, nobody, nobody,
		    "the table of keys is not that of the order rows");
	return 0;
}

void
om_check_early(struct om_check *c, int64_t id, int64_t slot)
{
	sketch_add(&c->early, 0, id, slot);
}

/* Are those that early_rows names the ones without an order's facts? */
static int
check_early(struct om_check *c, struct om_err *err)
{
	struct om_sketch named = { 0 };
	struct om_stmt *q;
	int rc;

	if (om_db_prepare(c->db, sql_early, &q, err) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1)
		sketch_add(&named, 0, om_col_int(q, 0), om_col_int(q, 1));
	if (rc == 0 && !same_sketch(&named, &c->early))
		om_flaw(&c->flaws, nobody, nobody,
		    "the table of early cancellations is not that of the"
		    " order rows");
	return rc;
}

int
om_check_places(struct om_check *c, struct om_err *err)
{
	uint64_t flaws = c->flaws.count;

	if (check_count(c, count_rows, c->rows, "order rows", err) < 0)
		return err->code;
	if (c->flaws.count != flaws && name_strays(c, err) < 0)
		return err->code;
	if (check_keys(c, err) < 0 || check_early(c, err) < 0)
		return err->code;
	if (check_count(c, count_lines, c->lines, "rows of lines", err) < 0 ||
	    check_count(c, count_events, c->events, "events", err) < 0 ||
	    check_count(c, count_payments, c->payments, "payments", err) < 0)
		return err->code;
	if (c->applied != c->paid_events)
		om_flaw(&c->flaws, nobody, nobody,
		    "%" PRIu64 " events apply payments, %" PRIu64
		    " payments are applied",
		    c->paid_events, c->applied);
	return 0;
}
