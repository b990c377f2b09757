/* The books: they close, or they say where they do not. */
#include "unit.h"

#include <stdlib.h>

#include "recon/tally.h"

struct books {
	struct om_rec_tally tally;
	struct om_rec_control *side; /* left, right */
};

static void
books_init(struct books *b)
{
	om_rec_tally_init(&b->tally);
	b->side = calloc(2, sizeof(*b->side));
	assert_non_null(b->side);
}

static void
books_fini(struct books *b)
{
	om_rec_tally_fini(&b->tally);
	free(b->side);
}

static void
read_row(struct books *b, int side, size_t currency, int64_t amount)
{
	b->side[side].rows++;
	b->side[side].by_currency[currency]++;
	b->side[side].total[currency] += amount;
}

static void
book_row(struct books *b, int side, size_t currency, enum om_rec_class class,
    int64_t amount)
{
	struct om_rec_sum *s = &b->tally.sum[currency][class];

	s->rows[side]++;
	s->total[side] += amount;
	s->items++;
	s->amount += amount;
}

static int
close_books(struct books *b, struct om_err *err)
{
	return om_rec_tally_close(&b->tally, &b->side[0], &b->side[1], err);
}

static void
books_close_when_every_row_has_its_bucket(void **state)
{
	OM_AUTO(books_fini) struct books b;
	struct om_err err = { 0 };

	(void)state;
	books_init(&b);
	assert_ok(close_books(&b, &err));
	read_row(&b, 0, 978, 100);
	read_row(&b, 1, 978, 250);
	book_row(&b, 0, 978, OM_REC_MISSING_RIGHT, 100);
	book_row(&b, 1, 978, OM_REC_DUPLICATE, 250);
	assert_ok(close_books(&b, &err));
	assert_int_equal(om_rec_tally_breaks(&b.tally), 2);
}

static void
a_row_without_a_bucket_is_our_mistake(void **state)
{
	OM_AUTO(books_fini) struct books b;
	struct om_err err = { 0 };

	(void)state;
	books_init(&b);
	read_row(&b, 1, 978, 100);
	assert_fails(close_books(&b, &err), OM_EINTERNAL);
	assert_string_equal(err.msg, "the books of the right side do not close:"
				     " 1 rows read, 0 accounted for");
}

static void
a_cent_without_a_bucket_is_our_mistake(void **state)
{
	OM_AUTO(books_fini) struct books b;
	struct om_err err = { 0 };

	(void)state;
	books_init(&b);
	read_row(&b, 0, 978, 100);
	book_row(&b, 0, 978, OM_REC_EXACT, 99);
	assert_fails(close_books(&b, &err), OM_EINTERNAL);
}

static void
a_row_in_the_wrong_currency_is_our_mistake(void **state)
{
	OM_AUTO(books_fini) struct books b;
	struct om_err err = { 0 };

	(void)state;
	books_init(&b);
	read_row(&b, 0, 978, 100);
	book_row(&b, 0, 840, OM_REC_EXACT, 100);
	assert_fails(close_books(&b, &err), OM_EINTERNAL);
}

static void
sums_hold_to_the_largest_integer_and_no_further(void **state)
{
	OM_AUTO(books_fini) struct books b;
	struct om_err err = { 0 };

	(void)state;
	books_init(&b);
	read_row(&b, 0, 392, INT64_MAX);
	book_row(&b, 0, 392, OM_REC_EXACT, INT64_MAX);
	assert_ok(close_books(&b, &err));
	read_row(&b, 0, 392, 1);
	book_row(&b, 0, 392, OM_REC_TOLERATED, 1);
	assert_fails(close_books(&b, &err), OM_ELIMIT);
	assert_string_equal(err.msg, "sum of the left side overflows");
}

static void
class_names_are_found_and_unknown_ones_are_not(void **state)
{
	enum om_rec_class class;

	(void)state;
	for (int i = 0; i < OM_REC_CLASSES; i++) {
		const char *name = om_rec_class_name((enum om_rec_class)i);

		assert_true(om_rec_class_find(om_str_of(name), &class));
		assert_int_equal(class, i);
	}
	assert_false(om_rec_class_find(OM_STR("missing"), &class));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(books_close_when_every_row_has_its_bucket),
		cmocka_unit_test(a_row_without_a_bucket_is_our_mistake),
		cmocka_unit_test(a_cent_without_a_bucket_is_our_mistake),
		cmocka_unit_test(a_row_in_the_wrong_currency_is_our_mistake),
		cmocka_unit_test(
		    sums_hold_to_the_largest_integer_and_no_further),
		cmocka_unit_test(
		    class_names_are_found_and_unknown_ones_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
