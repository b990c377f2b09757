/* Arenas: zeroed, aligned, dropped whole. */
#include "unit.h"

#include <stdalign.h>
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"

static int
is_zero(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return 0;
	return 1;
}

static void
memory_is_zeroed_and_aligned_at_every_size(void **state)
{
	struct om_arena arena OM_AUTO(om_arena_clear) = { 0 };

	(void)state;
	for (size_t n = 0; n < 3000; n++) {
		unsigned char *p = om_alloc(&arena, n);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
		assert_true(is_zero(p, n));
		if (n > 0)
			memset(p, 0xff, n);
	}
}

static void
pieces_do_not_overlap(void **state)
{
	struct om_arena arena OM_AUTO(om_arena_clear) = { 0 };
	unsigned char *piece[300];
	const size_t size[300] = { [7] = 100000,
		[8] = 65536,
		[9] = 65537,
		[200] = 20000,
		[201] = 60000 };

	(void)state;
	for (int i = 0; i < 300; i++) {
		size_t n = size[i] == 0 ? 1000 : size[i];

		piece[i] = om_alloc(&arena, n);
		memset(piece[i], i & 0xff, n);
	}
	for (int i = 0; i < 300; i++) {
		size_t n = size[i] == 0 ? 1000 : size[i];

		for (size_t j = 0; j < n; j++)
			assert_int_equal(piece[i][j], i & 0xff);
	}
}

static void
a_large_piece_leaves_the_block_in_use(void **state)
{
	struct om_arena arena OM_AUTO(om_arena_clear) = { 0 };
	char *before = om_alloc(&arena, 16);
	char *large = om_alloc(&arena, 1000000);
	char *after = om_alloc(&arena, 16);

	(void)state;
	large[999999] = 'x';
	assert_ptr_equal(after, before + 16);
}

static void
used_counts_what_was_handed_out(void **state)
{
	struct om_arena arena OM_AUTO(om_arena_clear) = { 0 };

	(void)state;
	(void)om_alloc(&arena, 16);
	(void)om_alloc(&arena, 1600000);
	(void)om_alloc(&arena, 32);
	assert_int_equal(arena.used, 1600048);
	om_arena_clear(&arena);
	assert_int_equal(arena.used, 0);
}

static void
a_cleared_arena_is_usable_again(void **state)
{
	struct om_arena arena = { 0 };

	(void)state;
	om_arena_clear(&arena);
	memset(om_alloc(&arena, 5000), 0xff, 5000);
	om_arena_clear(&arena);
	om_arena_clear(&arena);
	assert_null(arena.head);
	assert_true(is_zero(om_alloc(&arena, 5000), 5000));
	om_arena_clear(&arena);
}

static void
a_copied_text_is_terminated(void **state)
{
	struct om_arena arena OM_AUTO(om_arena_clear) = { 0 };

	(void)state;
	assert_string_equal(om_strndup(&arena, "abcdef", 3), "abc");
	assert_string_equal(om_strndup(&arena, NULL, 0), "");
	assert_memory_equal(om_strndup(&arena, "a\0b", 3), "a\0b", 4);
}

struct thing {
	int64_t n;
	char c;
};

static void
new_makes_an_object_of_its_type(void **state)
{
	struct om_arena arena OM_AUTO(om_arena_clear) = { 0 };
	struct thing *t = om_new(&arena, struct thing);

	(void)state;
	assert_int_equal(t->n, 0);
	assert_int_equal(t->c, 0);
	assert_true(arena.used >= sizeof(*t));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_and_aligned_at_every_size),
		cmocka_unit_test(pieces_do_not_overlap),
		cmocka_unit_test(a_large_piece_leaves_the_block_in_use),
		cmocka_unit_test(used_counts_what_was_handed_out),
		cmocka_unit_test(a_cleared_arena_is_usable_again),
		cmocka_unit_test(a_copied_text_is_terminated),
		cmocka_unit_test(new_makes_an_object_of_its_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
