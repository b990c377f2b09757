/* probe.c - what does the shard have under these keys? */
#include <stdlib.h>

#include "base/hash.h"
#include "store/chunk.h"
#include "store/judge.h"

#define AHEAD 8 /* entries */

/* Two steps, because most keys are new: what has such a key, then which of it
 * is current. In one, a server without statistics would join by slot first. */
static const char find_rows[] =
    "SELECT c.n, " OM_STORED_COLUMNS " FROM chunk_hits c"
    " JOIN order_rows o ON o.slot = c.slot AND o.id = c.id"
    " WHERE o.until_batch = 0";

static const struct om_lend_column hit_columns[] = {
	{ "n", OM_INT },
	{ "id", OM_INT },
	{ "slot", OM_INT },
};

static void
hit_cell(const void *rows, size_t row, int col, struct om_value *out)
{
	const struct om_key_hit *h = (const struct om_key_hit *)rows + row;

	out->i = col == 0   ? (int64_t)h->index
		 : col == 1 ? h->id
			    : (int64_t)om_key_slot(h->key);
}

/* Another order may have the same key: what is there of each one. */
struct known {
	struct known *next;
	struct om_stored is;
};

/* The entries with one key, in the order of the input. */
struct group {
	const struct om_keyed *first;
	size_t count;
	struct known *known; /* if there are several entries */
};

struct probe {
	struct om_db *db;
	struct om_entry *entries;
	struct om_arena *arena;
	struct group *group;
	struct om_keyed *key; /* of each group, and its number */
	size_t count;
};

static void
probe_fini(struct probe *p)
{
	free(p->group);
	free(p->key);
}

static void
cut_groups(struct probe *p, const struct om_keyed *keys, size_t n)
{
	p->group = om_must(malloc((n + 1) * sizeof(*p->group)));
	p->key = om_must(malloc((n + 1) * sizeof(*p->key)));
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && keys[i].key == keys[i - 1].key) {
			p->group[p->count - 1].count++;
			continue;
		}
		p->key[p->count] =
		    (struct om_keyed){ keys[i].key, (uint32_t)p->count };
		p->group[p->count++] = (struct group){ &keys[i], 1, NULL };
	}
}

static struct known *
add_known(struct group *g, struct om_arena *arena)
{
	struct known *k = om_new(arena, struct known);

	k->next = g->known;
	g->known = k;
	return k;
}

/* A stored row with the key of a group. */
static int
take_row(struct probe *p, struct group *g, const struct om_stmt *q,
    struct om_err *err)
{
	struct om_entry *e = &p->entries[g->first->index];
	struct om_stored was;

	if (g->count > 1) {
		add_known(g, p->arena)->is = om_stored_read(q, 1, p->arena);
		return 0;
	}
	if (!om_stored_is(q, 1, e->order))
		return 0; /* another order with the same key */
	om_judge_new(e, p->arena);
	was = om_stored_read(q, 1, p->arena);
	return om_judge(p->db, e, &was, p->arena, err);
}

static int
take_rows(struct probe *p, const struct om_key_hits *hits, struct om_err *err)
{
	const struct om_lend table = {
		.name = "chunk_hits",
		.columns = hit_columns,
		.column_count = OM_COUNT(hit_columns),
		.rows = hits->hit,
		.row_count = hits->count,
		.cell = hit_cell,
	};
	struct om_stmt *q;
	int rc;

	if (om_db_lend(p->db, &table, err) < 0 ||
	    om_db_prepare(p->db, find_rows, &q, err) < 0)
		return err->code;
	while ((rc = om_stmt_step(q, err)) == 1)
		if (take_row(p, &p->group[om_col_int(q, 0)], q, err) < 0)
			return err->code;
	om_db_unlend(p->db, table.name);
	return rc;
}

static struct known *
find_known(const struct group *g, const struct om_order *o)
{
	struct known *k = g->known;

	while (k != NULL && !(om_str_eq(k->is.order.reference, o->reference) &&
				om_str_eq(k->is.order.channel, o->channel)))
		k = k->next;
	return k;
}

/* What an entry that becomes a row leaves for those behind it. */
static struct om_stored
left_by(const struct om_entry *e)
{
	return (struct om_stored){
		.slot = e->slot,
		.state = e->state,
		.paid_minor = e->paid_minor,
		.refunded_minor = e->refunded_minor,
		.waits = e->order->currency == NULL,
		.order = *e->order,
		.entry = e,
	};
}

static int
judge_group(struct probe *p, struct group *g, struct om_err *err)
{
	for (size_t i = 0; i < g->count; i++) {
		struct om_entry *e = &p->entries[g->first[i].index];
		struct known *k = find_known(g, e->order);

		if (k == NULL)
			om_judge_new(e, p->arena);
		else if (om_judge(p->db, e, &k->is, p->arena, err) < 0)
			return err->code;
		if (!om_outcome_inserts(e->outcome))
			continue;
		if (k == NULL)
			k = add_known(g, p->arena);
		k->is = left_by(e);
	}
	return 0;
}

/* Nothing was found of an entry that is not judged yet. Not by groups, but in
 * the order of the input: memory is read in one direction. */
static void
judge_rest(struct om_entry *entries, size_t n, struct om_arena *arena)
{
	for (size_t i = 0; i < n; i++) {
		if (i + AHEAD < n)
			__builtin_prefetch(&entries[i + AHEAD].order->kind);
		if (entries[i].outcome == OM_READ)
			om_judge_new(&entries[i], arena);
	}
}

int
om_chunk_probe(struct om_db *shard, struct om_entry *entries,
    const struct om_keyed *keys, size_t n, struct om_arena *arena,
    struct om_err *err)
{
	OM_AUTO(om_key_hits_fini) struct om_key_hits hits = { 0 };
	OM_AUTO(probe_fini)
	struct probe p = { .db = shard, .entries = entries, .arena = arena };

	for (size_t i = 0; i < n; i++)
		entries[i].outcome = OM_READ;
	cut_groups(&p, keys, n);
	if (om_keys_find(shard, p.key, p.count, &hits, err) < 0 ||
	    (hits.count > 0 && take_rows(&p, &hits, err) < 0))
		return err->code;
	for (size_t i = 0; i < p.count; i++)
		if (p.group[i].count > 1 &&
		    judge_group(&p, &p.group[i], err) < 0)
			return err->code;
	judge_rest(entries, n, arena);
	return 0;
}
