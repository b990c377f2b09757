/* An order of one row takes its facts straight; rows that say the same twice go
 * the way of all others. Both must find the same, in the same cell. */
#include "scene.h"

#define HEAD "r,kind,who,when,cur,total,ship,line,price\n"

static const char map[] =
    "shape: lines\n"
    "channel: acme\n"
    "columns:\n"
    "  reference: r\n"
    "  kind: {from: kind, map: {O: order, D: cancelled, \"?\": null}}\n"
    "  customer: {from: who, trim: true, empty: [n/a], required: true}\n"
    "  placed_at: {from: when, default: 2026-01-02}\n"
    "  currency: {from: cur, map: {EU*: EUR, JP: JPY}}\n"
    "  total: total\n"
    "  shipping: {from: ship, empty: error}\n"
    "  line: line\n"
    "  line_total: price\n";

/* What may stand in each column; the first is right. */
static const char *const cells[][4] = {
	{ "O", "D", "X", "" },
	{ "Erika", " Erika ", "n/a", "" },
	{ "2026-08-24T13:18:57Z", "", "soon", "2026-08-24" },
	{ "EUR", "JP", "JPY", "" },
	{ "2.00", "2", "", "x" },
	{ "0", "0.00", "", "1,0" },
};

#define COLUMNS (sizeof(cells) / sizeof(cells[0]))

/* Two lines of one each; only the first line of the order of one is both. */
static void
write_orders(char *out, size_t size, unsigned pick)
{
	char facts[128] = "";

	for (size_t i = 0; i < COLUMNS; i++) {
		const char *cell = cells[i][pick >> (2 * i) & 3];
		size_t n = strlen(facts);

		if (strchr(cell, ',') == NULL)
			snprintf(facts + n, sizeof(facts) - n, "%s,", cell);
		else
			snprintf(facts + n, sizeof(facts) - n, "\"%s\",", cell);
	}
	snprintf(out, size, HEAD "1,%s1,2.00\n2,%s1,1.00\n2,%s2,1.00\n", facts,
	    facts, facts);
}

static void
same_order(const struct om_order *a, const struct om_order *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_true(om_str_eq(a->channel, b->channel));
	assert_true(om_str_eq(a->customer, b->customer));
	assert_ptr_equal(a->currency, b->currency);
	assert_true(a->placed_at == b->placed_at);
	assert_true(a->total_minor == b->total_minor);
	assert_true(a->shipping_minor == b->shipping_minor);
	assert_true(a->subtotal_minor == b->subtotal_minor);
	assert_int_equal(a->line_count, 1);
	assert_int_equal(b->line_count, 2);
}

static void
same_reject(const struct om_reject *a, const struct om_reject *b)
{
	assert_string_equal(a->reason, b->reason);
	assert_true(om_str_eq(a->column, b->column));
	assert_true(om_str_eq(a->value, b->value));
	assert_true(a->total_minor == b->total_minor);
	assert_int_equal(a->at.line, 2);
	assert_int_equal(b->at.line, 3);
}

static void
one_row_says_what_two_like_it_say(void **state)
{
	struct scene *s = *state;
	unsigned orders = 0;

	assert_ok(scene_map(s, map));
	for (unsigned pick = 0; pick < 1U << (2 * COLUMNS); pick++) {
		char text[512];

		write_orders(text, sizeof(text), pick);
		om_arena_reset(&s->arena);
		assert_ok(scene_read(s, text, NULL));
		assert_int_equal(s->count, 2);
		assert_int_equal(s->item[0].kind, s->item[1].kind);
		if (s->item[0].kind == OM_ITEM_REJECT) {
			same_reject(&s->item[0].reject, &s->item[1].reject);
			continue;
		}
		same_order(&s->item[0].order, &s->item[1].order);
		orders++;
	}
	assert_int_equal(orders, 4 * 2 * 3 * 2 * 2 * 2);
}

/* Facts are used again from order to order. */
static void
an_order_keeps_nothing_of_the_one_before(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s,
	    "reference,revision,customer,placed_at,currency,shipping,total\n"
	    "1,7,Erika,2026-08-24,EUR,1.00,3.00\n"
	    "2,,,,EUR,,3.00\n"
	    "3,7,Erika,2026-08-24,EUX,1.00,3.00\n"
	    "4,,,,,,3.00\n",
	    NULL));
	assert_int_equal(scene_order(s, 1)->revision.n, 0);
	assert_int_equal(scene_order(s, 1)->customer.n, 0);
	assert_int_equal(scene_order(s, 1)->placed_at, 0);
	assert_int_equal(scene_order(s, 1)->shipping_minor, 0);
	assert_int_equal(scene_order(s, 1)->subtotal_minor, 300);
	scene_reject(s, 2, 4, "currency", "no such currency 'EUX'");
	scene_reject(s, 3, 5, "currency", "no currency");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(one_row_says_what_two_like_it_say),
		TEST(an_order_keeps_nothing_of_the_one_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
