/* The memory budget changes where rows wait, never what comes out. */
#include "table.h"

#define ROWS 3000

static uint64_t
next_random(uint64_t *x)
{
	*x = *x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *x >> 33;
}

/* Keys that repeat, amounts that differ at times, some bad rows. */
static void
make_side(struct om_buf *out, uint64_t seed)
{
	om_buf_init(out, 1 << 20);
	om_buf_text(out, "id,amount,note\n");
	for (int i = 0; i < ROWS; i++) {
		uint64_t r = next_random(&seed);

		if (r % 97 == 0)
			om_buf_printf(out, "k%d,oops,\n", i);
		else if (r % 89 == 0)
			om_buf_printf(out, ",1,\n");
		else
			om_buf_printf(out, "k%d,%d.%02d,%s\n",
			    r % 7 == 0 ? i / 2 : i, i % 50, r % 11 == 0 ? 1 : 0,
			    r % 13 == 0 ? "x" : "y");
	}
}

static void
run_with(struct run *r, size_t memory, size_t limit, const char *left,
    const char *right)
{
	struct om_err err = { 0 };

	r->options = (struct om_rec_options){ .memory = memory,
		.limit = limit,
		.matches = true };
	assert_ok(reconcile(r, left, right, &err));
}

static void
a_tiny_budget_gives_the_same_bytes(void **state)
{
	static const size_t budgets[] = { 1, 4096, 65536, 300000, 1 << 20 };
	OM_AUTO(run_free)
	struct run whole = { .words = { .key = "id",
				 .compare = "amount,note" } };
	OM_AUTO(om_buf_fini) struct om_buf left;
	OM_AUTO(om_buf_fini) struct om_buf right;
	const char *want;

	(void)state;
	make_side(&left, 1);
	make_side(&right, 2);
	run_with(&whole, 0, OM_REC_ALL, left.p, right.p);
	assert_false(whole.result->spilled);
	want = items_of(&whole);
	assert_true(whole.result->breaks > 100);
	for (size_t i = 0; i < OM_COUNT(budgets); i++) {
		OM_AUTO(run_free) struct run r = { .words = whole.words };

		run_with(&r, budgets[i], OM_REC_ALL, left.p, right.p);
		assert_true(r.result->spilled);
		assert_string_equal(items_of(&r), want);
		assert_int_equal(r.result->breaks, whole.result->breaks);
	}
}

/* The first n lines of text. */
static size_t
lines_length(const char *text, size_t n)
{
	const char *p = text;

	while (n-- > 0)
		p = strchr(p, '\n') + 1;
	return (size_t)(p - text);
}

static void
a_limit_gives_the_first_items_and_counts_all(void **state)
{
	static const size_t limits[] = { 1, 7, 100 };
	OM_AUTO(run_free)
	struct run whole = { .words = { .key = "id",
				 .compare = "amount,note" } };
	OM_AUTO(om_buf_fini) struct om_buf left;
	OM_AUTO(om_buf_fini) struct om_buf right;
	const char *want;

	(void)state;
	make_side(&left, 3);
	make_side(&right, 4);
	run_with(&whole, 0, OM_REC_ALL, left.p, right.p);
	want = items_of(&whole);
	for (size_t i = 0; i < OM_COUNT(limits); i++) {
		OM_AUTO(run_free) struct run r = { .words = whole.words };
		size_t n = lines_length(want, limits[i]);

		run_with(&r, 65536, limits[i], left.p, right.p);
		assert_int_equal(r.result->breaks, whole.result->breaks);
		assert_int_equal(strlen(items_of(&r)), n);
		assert_memory_equal(r.out.p, want, n);
	}
	{
		OM_AUTO(run_free) struct run r = { .words = whole.words };

		run_with(&r, 65536, 0, left.p, right.p);
		assert_string_equal(items_of(&r), "");
		assert_int_equal(r.result->breaks, whole.result->breaks);
	}
}

static void
sides_swapped_give_breaks_mirrored(void **state)
{
	OM_AUTO(run_free)
	struct run a = { .words = { .key = "id", .compare = "amount,note" } };
	OM_AUTO(run_free) struct run b = { .words = a.words };
	OM_AUTO(om_buf_fini) struct om_buf left;
	OM_AUTO(om_buf_fini) struct om_buf right;

	(void)state;
	make_side(&left, 5);
	make_side(&right, 6);
	run_with(&a, 0, OM_REC_ALL, left.p, right.p);
	run_with(&b, 0, OM_REC_ALL, right.p, left.p);
	assert_int_equal(a.result->breaks, b.result->breaks);
	assert_int_equal(count_of(&a, OM_REC_MISSING_LEFT),
	    count_of(&b, OM_REC_MISSING_RIGHT));
	assert_int_equal(count_of(&a, OM_REC_AMOUNT_OVER),
	    count_of(&b, OM_REC_AMOUNT_UNDER));
	assert_int_equal(amount_of_class(&a, OM_REC_AMOUNT_OVER),
	    -amount_of_class(&b, OM_REC_AMOUNT_UNDER));
	assert_int_equal(count_of(&a, OM_REC_EXACT),
	    count_of(&b, OM_REC_EXACT));
}

static void
a_scratch_directory_that_is_missing_is_an_error(void **state)
{
	OM_AUTO(run_free) struct run r = { .words = { .key = "id" } };
	OM_AUTO(om_buf_fini) struct om_buf left;
	struct om_err err = { 0 };

	(void)state;
	make_side(&left, 7);
	r.options = (struct om_rec_options){ .memory = 1,
		.limit = OM_REC_ALL,
		.temp_dir = "/nonexistent" };
	assert_fails(reconcile(&r, left.p, left.p, &err), OM_EIO);
	assert_string_equal(err.msg,
	    "left.csv: cannot create a temporary file in '/nonexistent': "
	    "No such file or directory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tiny_budget_gives_the_same_bytes),
		cmocka_unit_test(a_limit_gives_the_first_items_and_counts_all),
		cmocka_unit_test(sides_swapped_give_breaks_mirrored),
		cmocka_unit_test(
		    a_scratch_directory_that_is_missing_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
