#include "scene.h"

#define ORDERS 1500
#define LINES  6

/* A file whose orders' lines lie as far from each other as they can. */
static void
write_scattered(const char *path)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	fprintf(f, "reference,currency,total,line,sku,quantity,unit_price\n");
	for (int line = 1; line <= LINES; line++)
		for (int i = 0; i < ORDERS; i++)
			fprintf(f,
			    "R%05d,EUR,%d.00,%d,\"sku \"\"%d\"\"\",1,%d\n",
			    i * 7919 % ORDERS, LINES * (LINES + 1) / 2, line,
			    line, line);
	assert_int_equal(fclose(f), 0);
}

static int
by_reference(const void *a, const void *b)
{
	const struct om_item *x = a;
	const struct om_item *y = b;

	return om_str_cmp(x->order.reference, y->order.reference);
}

/* One number over all that came out, in the order it came out. */
static uint64_t
fingerprint(const struct scene *s)
{
	uint64_t h = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct om_order *o = scene_order(s, i);

		h = h * 31 + o->hash + (uint64_t)o->total_minor + o->at.line;
		for (uint32_t j = 0; j < o->line_count; j++)
			h = h * 31 + o->lines[j].sku.n +
			    (uint64_t)o->lines[j].number;
	}
	return h;
}

static void
check_all(struct scene *s)
{
	assert_int_equal(s->count, ORDERS);
	qsort(s->item, s->count, sizeof(*s->item), by_reference);
	for (int i = 0; i < ORDERS; i++) {
		const struct om_order *o = scene_order(s, (size_t)i);
		char want[16];

		snprintf(want, sizeof(want), "R%05d", i);
		assert_true(scene_is(o->reference, want));
		assert_int_equal(o->line_count, LINES);
		for (int j = 0; j < LINES; j++)
			assert_int_equal(o->lines[j].number, j + 1);
		assert_true(scene_is(o->lines[2].sku, "sku \"3\""));
	}
}

static void
scattered_rows_come_together_within_any_budget(void **state)
{
	static const size_t budgets[] = { 0, 300000, 700000, 64 << 20 };
	struct scene *s = *state;
	uint64_t first;

	assert_ok(scene_map(s, NULL));
	write_scattered(s->file[0]);
	for (size_t i = 0; i < OM_COUNT(budgets); i++) {
		assert_ok(scene_paths(s, s->file[0], NULL, budgets[i]));
		first = fingerprint(s);
		check_all(s);
		assert_ok(scene_paths(s, s->file[0], NULL, budgets[i]));
		assert_true(fingerprint(s) == first);
	}
}

static void
in_memory_orders_come_as_they_first_appeared(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	write_scattered(s->file[0]);
	assert_ok(scene_paths(s, s->file[0], NULL, (size_t)64 << 20));
	for (size_t i = 0; i < s->count; i++)
		assert_int_equal(scene_order(s, i)->at.line, i + 2);
}

/* Rejects, problems and undone quotes survive the way over the disk. */
static void
spilled_rows_are_what_they_were(void **state)
{
	struct scene *s = *state;
	FILE *f = fopen(s->file[0], "wb");
	const struct om_reject *r = NULL;

	assert_non_null(f);
	fprintf(f, "reference,currency,total,sku,quantity,unit_price\n");
	fprintf(f, "bad,EUR,3.00,\"a \"\"b\"\"\",1,1.00\n");
	fprintf(f, "worse,EUR,3.00\n");
	for (int i = 0; i < 4000; i++)
		fprintf(f, "R%d,EUR,1.00,%0100d,1,1.00\n", i, i);
	fprintf(f, "bad,EUR,3.00,\"c\",1,1.00\n");
	assert_int_equal(fclose(f), 0);
	assert_ok(scene_map(s, NULL));
	assert_ok(scene_paths(s, s->file[0], NULL, 0));
	assert_int_equal(s->count, 4002);
	for (size_t i = 0; i < s->count; i++) {
		if (s->item[i].kind != OM_ITEM_REJECT)
			continue;
		r = &s->item[i].reject;
		if (om_str_is(r->reference, "worse")) {
			scene_reject(s, i, 3, "", "3 fields, 6 expected");
			continue;
		}
		scene_reject(s, i, 2, "total",
		    "total 3.00 but lines, discount, shipping and tax make "
		    "2.00");
		assert_int_equal(r->row_count, 2);
		assert_true(scene_is(r->rows[0].bytes,
		    "bad,EUR,3.00,\"a \"\"b\"\"\",1,1.00"));
		assert_int_equal(r->rows[1].at.line, 4004);
	}
	assert_non_null(r);
}

static void
write_one_order(const char *path, int rows, int width)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	fprintf(f, "reference,currency,total,sku,line_total\n");
	for (int i = 0; i < rows; i++)
		fprintf(f, "R,EUR,%d,%0*d,1\n", rows, width, i);
	assert_int_equal(fclose(f), 0);
}

static void
an_order_may_have_65535_lines_and_no_more(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	write_one_order(s->file[0], OM_ORDER_LINES_MAX, 1);
	assert_ok(scene_paths(s, s->file[0], NULL, (size_t)256 << 20));
	assert_int_equal(scene_order(s, 0)->line_count, OM_ORDER_LINES_MAX);
	write_one_order(s->file[0], OM_ORDER_LINES_MAX + 1, 1);
	assert_ok(scene_paths(s, s->file[0], NULL, (size_t)256 << 20));
	scene_reject(s, 0, 2, "reference", "more than 65535 lines");
	write_one_order(s->file[0], OM_ORDER_LINES_MAX + 2, 1);
	assert_fails(scene_paths(s, s->file[0], NULL, (size_t)256 << 20),
	    OM_EDATA);
	assert_non_null(strstr(err.msg,
	    "more than 65536 rows of order 'R': is 'reference' the column of "
	    "its reference?"));
}

static void
an_order_must_fit_the_memory(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	write_one_order(s->file[0], 4000, 100);
	assert_fails(scene_paths(s, s->file[0], NULL, 0), OM_ELIMIT);
	assert_non_null(strstr(err.msg, "order 'R' has over 262144 bytes"));
	assert_ok(scene_paths(s, s->file[0], NULL, (size_t)16 << 20));
	assert_int_equal(scene_order(s, 0)->line_count, 4000);
}

static void
a_spill_folder_that_is_missing_is_an_error(void **state)
{
	struct scene *s = *state;
	const char *const paths[] = { s->file[0] };

	assert_ok(scene_map(s, NULL));
	write_scattered(s->file[0]);
	assert_ok(om_reader_open(s->feed, paths, 1, 0, "/nonexistent",
	    &s->reader, &err));
	assert_true(scene_drain(s) < 0);
	assert_int_equal(s->count, 0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(scattered_rows_come_together_within_any_budget),
		TEST(in_memory_orders_come_as_they_first_appeared),
		TEST(spilled_rows_are_what_they_were),
		TEST(an_order_may_have_65535_lines_and_no_more),
		TEST(an_order_must_fit_the_memory),
		TEST(a_spill_folder_that_is_missing_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
