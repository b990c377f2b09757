/* shop.h - an empty store in a directory of its own, for tests that fill it. */
#ifndef OM_TEST_SHOP_H
#define OM_TEST_SHOP_H

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "store/chunk.h"
#include "store/store.h"

static const int64_t shop_noon = INT64_C(1795435200); /* 2026-11-23T12:00:00Z */

struct shop {
	char dir[64];
	int64_t now;
	struct om_store *store;
	struct om_db *shard; /* the only one */
	struct om_arena arena;
};

static inline int
shop_open(void **state)
{
	struct shop *s = calloc(1, sizeof(*s));
	struct om_store_plan plan = { .shards = 1 };
	struct om_session session = { .access = OM_STORE_WRITE,
		.command = "test" };
	struct om_err err = { 0 };
	char dir[] = "/tmp/om-shop-XXXXXX";

	if (s == NULL || mkdtemp(dir) == NULL)
		return -1;
	s->now = shop_noon;
	session.clock = om_clock_fixed(&s->now);
	snprintf(s->dir, sizeof(s->dir), "%s/store", dir);
	if (om_store_create(s->dir, &plan, &session.clock, &err) < 0 ||
	    om_store_open(s->dir, &session, &s->store, &err) < 0 ||
	    om_store_open_shard(s->store, 0, OM_DB_WRITE, &s->shard, &err) <
		0) {
		fprintf(stderr, "# %s\n", err.msg);
		return -1;
	}
	*state = s;
	return 0;
}

static inline int
shop_close(void **state)
{
	struct shop *s = *state;
	char command[256];

	om_db_close(&s->shard);
	om_store_close(&s->store);
	om_arena_clear(&s->arena);
	snprintf(command, sizeof(command), "rm -rf '%s' && rmdir '%.*s'",
	    s->dir, (int)(sizeof("/tmp/om-shop-XXXXXX") - 1), s->dir);
	free(s);
	return system(command);
}

/* Run one statement, made by printf. */
static inline void shop_sql(struct om_db *db, const char *fmt, ...)
    OM_PRINTF(2, 3);

static inline void
shop_sql(struct om_db *db, const char *fmt, ...)
{
	struct om_err err = { 0 };
	char sql[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(sql, sizeof(sql), fmt, ap);
	va_end(ap);
	if (om_db_exec(db, sql, &err) < 0)
		fail_msg("%s: %s", sql, err.msg);
}

/* A published batch 1 that everything may belong to. */
static inline void
shop_publish(struct shop *s)
{
	struct om_err err = { 0 };

	shop_sql(om_store_catalog(s->store),
	    "INSERT INTO batches VALUES (1, 'canonical', 'orders', 'a.csv',"
	    " 'x', 1, 'published', 'x', 0, 1, %lld, %lld, '')",
	    (long long)s->now, (long long)s->now);
	assert_ok(om_store_set_meta(s->store, "published", "1", &err));
	assert_ok(om_store_refresh(s->store, &err));
}

static inline void
shop_key(struct shop *s, int64_t key, int64_t id)
{
	OM_AUTO(om_txn_end) struct om_txn txn = { 0 };
	const struct om_new_key added = { key, id };
	struct om_err err = { 0 };

	assert_ok(om_txn_begin(s->shard, &txn, &err));
	assert_ok(om_keys_add(s->shard, &added, 1, &err));
	assert_ok(om_keys_merge(s->shard, 0, &err));
	assert_ok(om_txn_commit(&txn, &err));
}

/* An order of batch 1 in that state; returns its id. */
static inline int64_t
shop_order(struct shop *s, const char *reference, int state,
    const char *currency, int64_t total, int lines, int64_t leaf)
{
	uint64_t hash = om_hash64(OM_STR("web"), om_str_of(reference));
	unsigned slot = om_slot_of(hash);
	int64_t id = om_row_id((uint64_t)leaf);

	shop_sql(s->shard,
	    "INSERT INTO order_rows (id, slot, kind, channel, reference,"
	    " revision, customer, placed_at, currency, tax_included,"
	    " subtotal_minor, discount_minor, shipping_minor, tax_minor,"
	    " total_minor, line_count, attributes, prev_id, batch,"
	    " source_line, until_batch, last_leaf, state, paid_minor,"
	    " refunded_minor) VALUES (%lld, %u, 0, 'web', '%s', '', '', 0,"
	    " '%s', 0, %lld, 0, 0, 0, %lld, %d, '', 0, 1, 2, 0, 0, %d, 0, 0)",
	    (long long)id, slot, reference, currency, (long long)total,
	    (long long)total, lines, state);
	shop_key(s, om_key_of(hash), id);
	return id;
}

#endif
