/* Radix sort: by key, stable, whatever the keys have in common. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "ingest/sort.h"

#define N 5000

/* The same numbers in every run. */
static uint64_t
next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static int
by_key_then_index(const void *a, const void *b)
{
	const struct om_keyed *x = a;
	const struct om_keyed *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static void
sort_and_compare(struct om_keyed *items, size_t n)
{
	struct om_keyed *scratch = calloc(n + 1, sizeof(*scratch));
	struct om_keyed *want = calloc(n + 1, sizeof(*want));

	assert_non_null(scratch);
	assert_non_null(want);
	memcpy(want, items, n * sizeof(*want));
	qsort(want, n, sizeof(*want), by_key_then_index);
	om_sort_keyed(items, scratch, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(items[i].key, want[i].key);
		assert_int_equal(items[i].index, want[i].index);
	}
	free(scratch);
	free(want);
}

static void
keys_come_out_ascending(void **state)
{
	static struct om_keyed items[N];
	uint64_t seed = 88172645463325252u;

	(void)state;
	for (uint32_t i = 0; i < N; i++)
		items[i] = (struct om_keyed){ (int64_t)(next(&seed) >> 1), i };
	sort_and_compare(items, N);
}

static void
equal_keys_keep_their_order(void **state)
{
	static struct om_keyed items[N];
	uint64_t seed = 5;

	(void)state;
	for (uint32_t i = 0; i < N; i++)
		items[i] = (struct om_keyed){ (int64_t)(next(&seed) % 7), i };
	sort_and_compare(items, N);
}

/* A digit that is alike in all keys is passed over: every number of passes,
 * odd and even, must leave the result in the caller's array. */
static void
any_digits_may_be_alike(void **state)
{
	static struct om_keyed items[N];

	(void)state;
	for (int passes = 0; passes <= 8; passes++) {
		uint64_t mask =
		    passes == 8 ? UINT64_MAX : (UINT64_C(1) << 8 * passes) - 1;
		uint64_t seed = 77;

		for (uint32_t i = 0; i < N; i++)
			items[i] = (struct om_keyed){
				(int64_t)(next(&seed) & mask & INT64_MAX), i
			};
		sort_and_compare(items, N);
	}
}

static void
limits_of_keys_and_counts(void **state)
{
	struct om_keyed items[4] = { { INT64_MAX, 0 }, { 0, 1 },
		{ INT64_MAX - 1, 2 }, { 0, 3 } };

	(void)state;
	sort_and_compare(items, 0);
	sort_and_compare(items, 1);
	assert_int_equal(items[0].key, INT64_MAX);
	sort_and_compare(items, 4);
	assert_int_equal(items[1].index, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_come_out_ascending),
		cmocka_unit_test(equal_keys_keep_their_order),
		cmocka_unit_test(any_digits_may_be_alike),
		cmocka_unit_test(limits_of_keys_and_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
