/* Blocks: filled up to their limits, shared out by slot, given back once. */
#include "stage.h"

#include <stdio.h>

#include "ingest/block.h"

static const struct om_cut whole = { OM_BLOCK_ITEMS, OM_BLOCK_BYTES, 3, 4 };

static struct om_order
order(const char *reference)
{
	struct om_order o = {
		.channel = OM_STR("shop"),
		.reference = om_str_of(reference),
	};

	o.hash = om_hash64(o.channel, o.reference);
	return o;
}

static void
each_order_goes_to_the_shard_of_its_slot(void **state)
{
	const struct stage *s = stage_of(state);
	struct om_queue *home = om_queue_new(1);
	struct om_block *b =
	    om_block_new(OM_FEED_ORDERS, STAGE_SHARDS, &whole, home);
	size_t shared = 0;
	char name[16];

	for (int i = 0; i < 200; i++) {
		struct om_order o;

		snprintf(name, sizeof(name), "R%d", i);
		o = order(name);
		o.total_minor = i;
		om_block_add_order(b, &o, s->store);
	}
	assert_int_equal(b->count, 200);
	for (unsigned shard = 0; shard < STAGE_SHARDS; shard++) {
		const struct om_share *share = &b->share[shard];

		assert_true(share->count > 0);
		shared += share->count;
		for (size_t i = 0; i < share->count; i++) {
			const struct om_order *o =
			    &b->orders[share->item[i].index];

			assert_int_equal(o->total_minor, share->item[i].index);
			assert_int_equal(share->item[i].key,
			    om_key_of(o->hash));
			assert_int_equal(om_store_shard_of(s->store,
					     om_slot_of(o->hash)),
			    shard);
			if (i > 0)
				assert_true(share->item[i].index >
					    share->item[i - 1].index);
		}
	}
	assert_int_equal(shared, 200);
	om_block_free(b);
	om_queue_free(&home);
}

static void
payments_go_where_their_orders_are(void **state)
{
	const struct stage *s = stage_of(state);
	struct om_queue *home = om_queue_new(1);
	struct om_block *b =
	    om_block_new(OM_FEED_PAYMENTS, STAGE_SHARDS, &whole, home);
	const struct om_order o = order("R1");
	const struct om_payment p = { .reference = o.reference,
		.hash = o.hash,
		.amount_minor = 7 };
	unsigned shard = om_store_shard_of(s->store, om_slot_of(o.hash));

	assert_null(b->orders);
	om_block_add_payment(b, &p, s->store);
	assert_int_equal(b->share[shard].count, 1);
	assert_int_equal(b->share[1 - shard].count, 0);
	assert_int_equal(b->payments[0].amount_minor, 7);
	om_block_free(b);
	om_queue_free(&home);
}

static void
a_block_is_full_at_its_number_of_items(void **state)
{
	const struct stage *s = stage_of(state);
	struct om_queue *home = om_queue_new(1);
	struct om_block *b =
	    om_block_new(OM_FEED_ORDERS, STAGE_SHARDS, &whole, home);
	const struct om_order o = order("R1");

	for (size_t i = 0; i < OM_BLOCK_ITEMS; i++) {
		assert_false(om_block_full(b));
		om_block_add_order(b, &o, s->store);
	}
	assert_true(om_block_full(b));
	om_block_reset(b);
	assert_false(om_block_full(b));
	assert_int_equal(b->count, 0);
	assert_int_equal(b->share[0].count + b->share[1].count, 0);
	om_block_free(b);
	om_queue_free(&home);
}

static void
a_block_is_full_at_its_number_of_bytes(void **state)
{
	struct om_queue *home = om_queue_new(1);
	struct om_block *b =
	    om_block_new(OM_FEED_ORDERS, STAGE_SHARDS, &whole, home);

	(void)stage_of(state);
	(void)om_alloc(&b->arena, OM_BLOCK_BYTES - 64);
	assert_false(om_block_full(b));
	(void)om_alloc(&b->arena, 64);
	assert_true(om_block_full(b));
	om_block_reset(b);
	assert_false(om_block_full(b));
	om_block_free(b);
	om_queue_free(&home);
}

static void
the_last_reader_gives_a_block_back(void **state)
{
	struct om_queue *home = om_queue_new(1);
	struct om_block *b =
	    om_block_new(OM_FEED_ORDERS, STAGE_SHARDS, &whole, home);

	(void)stage_of(state);
	atomic_store(&b->readers, 3);
	om_block_release(b);
	om_block_release(b);
	assert_int_equal(atomic_load(&b->readers), 1);
	om_block_release(b);
	om_queue_close(home);
	assert_ptr_equal(om_queue_pop(home), b);
	assert_null(om_queue_pop(home));
	om_block_free(b);
	om_block_free(NULL);
	om_queue_free(&home);
}

/* More shards, larger blocks and fewer of them: memory stays what it is. */
static void
a_batch_is_cut_by_the_number_of_shards(void **state)
{
	(void)state;
	for (unsigned shards = 1; shards <= OM_SHARDS_MAX; shards++) {
		const struct om_cut cut = om_block_cut(false, shards, 0);

		assert_in_range(cut.items, OM_BLOCK_ITEMS_MIN, OM_BLOCK_ITEMS);
		assert_in_range(cut.bytes, 1, OM_BLOCK_BYTES);
		assert_in_range(cut.blocks, 3, OM_BLOCKS);
		assert_true((size_t)cut.blocks * cut.bytes <= OM_BLOCKS_BYTES);
		assert_true(cut.commit_blocks >= 1);
	}
	assert_int_equal(om_block_cut(false, 2, 0).items, OM_BLOCK_ITEMS_MIN);
	assert_int_equal(om_block_cut(false, 64, 0).items, OM_BLOCK_ITEMS);
	assert_int_equal(om_block_cut(false, 64, 7).items, 7);
}

static void
a_server_gets_as_much_as_there_may_be_at_a_time(void **state)
{
	const struct om_cut few = om_block_cut(true, 1, 0);
	const struct om_cut many = om_block_cut(true, OM_SHARDS_MAX, 0);

	(void)state;
	assert_int_equal(few.items, OM_BLOCK_ITEMS);
	assert_memory_equal(&few, &many, sizeof(few));
	assert_true((size_t)few.blocks * few.bytes <= OM_BLOCKS_BYTES);
	assert_int_equal(om_block_cut(true, 1, 7).items, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_batch_is_cut_by_the_number_of_shards),
		cmocka_unit_test(
		    a_server_gets_as_much_as_there_may_be_at_a_time),
		STAGE(on_sqlite, each_order_goes_to_the_shard_of_its_slot),
		STAGE(on_sqlite, payments_go_where_their_orders_are),
		STAGE(on_sqlite, a_block_is_full_at_its_number_of_items),
		STAGE(on_sqlite, a_block_is_full_at_its_number_of_bytes),
		STAGE(on_sqlite, the_last_reader_gives_a_block_back),
	};

	om_db_setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
