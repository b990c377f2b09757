/* conflicts.c - find the rows of the findings again; see conflicts.h. */
#include "ingest/conflicts.h"

#include <stdlib.h>

#include "feed/reader.h"
#include "ingest/keep.h"
#include "store/ledger.h"

struct place {
	struct om_position at; /* of the first row */
	int64_t reject;
};

struct search {
	const struct om_conflicts *c;
	struct place *place; /* sorted by where they are */
	size_t count;
	size_t cap;
	size_t found;
	struct om_reader *reader;
	struct om_item *item;
	struct om_arena arena; /* of the item */
	struct om_txn txn;
};

static void
search_end(struct search *s)
{
	om_txn_end(&s->txn);
	om_reader_close(&s->reader);
	om_arena_clear(&s->arena);
	free(s->item);
	free(s->place);
}

static int
take_finding(const struct om_finding *f, void *arg, struct om_err *err)
{
	struct search *s = arg;

	if (s->count == s->cap) {
		size_t cap = s->cap == 0 ? 64 : 2 * s->cap;
		struct place *more = realloc(s->place, cap * sizeof(*more));

		if (more == NULL)
			return om_fail(err, OM_ELIMIT, "out of memory");
		s->place = more;
		s->cap = cap;
	}
	s->place[s->count] = (struct place){ .at = f->at,
		.reject = s->c->rejects + (int64_t)s->count + 1 };
	s->count++;
	return 0;
}

static int
by_place(const void *a, const void *b)
{
	const struct om_position *x = &((const struct place *)a)->at;
	const struct om_position *y = &((const struct place *)b)->at;

	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return (x->offset > y->offset) - (x->offset < y->offset);
}

static int
find_places(struct search *s, struct om_err *err)
{
	for (unsigned i = 0; i < om_store_shards(s->c->store); i++) {
		OM_AUTO(om_db_close) struct om_db *db = NULL;

		if (om_store_open_shard(s->c->store, i, OM_DB_READ, &db, err) <
			0 ||
		    om_findings_each(db, s->c->batch, take_finding, s, err) < 0)
			return err->code;
	}
	if (s->count > 0)
		qsort(s->place, s->count, sizeof(s->place[0]), by_place);
	return 0;
}

static int
keep_rows(struct search *s, int64_t reject, struct om_err *err)
{
	s->found++;
	return om_keep_rows(s->c->store, s->c->batch, reject, &s->item->reject,
	    err);
}

static int
look_at(struct search *s, struct om_err *err)
{
	const struct om_item *item = s->item;
	const struct place *p;
	struct place here = { .reject = 0 };

	if (item->kind == OM_ITEM_REJECT)
		return 0;
	here.at =
	    item->kind == OM_ITEM_ORDER ? item->order.at : item->payment.at;
	p = bsearch(&here, s->place, s->count, sizeof(s->place[0]), by_place);
	return p == NULL ? 0 : keep_rows(s, p->reject, err);
}

static int
read_again(struct search *s, struct om_err *err)
{
	const struct om_conflicts *c = s->c;
	int rc;

	s->item = calloc(1, sizeof(*s->item));
	if (s->item == NULL)
		return om_fail(err, OM_ELIMIT, "out of memory");
	if (om_reader_open(c->feed, c->paths, c->path_count, c->memory, NULL,
		&s->reader, err) < 0)
		return err->code;
	om_reader_keep_rows(s->reader);
	while ((rc = om_reader_next(s->reader, &s->arena, s->item, err)) == 1) {
		if (look_at(s, err) < 0)
			return err->code;
		om_arena_reset(&s->arena);
	}
	return rc;
}

int
om_conflicts_keep(const struct om_conflicts *c, struct om_err *err)
{
	OM_AUTO(search_end) struct search s = { .c = c };

	if (find_places(&s, err) < 0)
		return err->code;
	if (s.count == 0)
		return 0;
	if (om_txn_begin(om_store_catalog(c->store), &s.txn, err) < 0 ||
	    read_again(&s, err) < 0)
		return err->code;
	if (s.found != s.count)
		return om_fail(err, OM_EIO,
		    "'%s' has changed while it was read", c->paths[0]);
	return om_txn_commit(&s.txn, err);
}
