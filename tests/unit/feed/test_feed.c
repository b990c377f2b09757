#include "scene.h"

/* The least that a feed of flat orders needs. */
#define FLAT                                                                   \
	"channel: acme\ncurrency: EUR\n"                                       \
	"columns:\n  reference: Ref\n  total: Sum\n"

/* A mapping, and what is said of it behind its path. */
static const char *const mistakes[][2] = {
	{ "chanel: acme\n", "1:1: unknown key 'chanel', did you mean "
			    "'channel'" },
	{ "channel: acme\nfoobarbaz: 1\n", "2:1: unknown key 'foobarbaz'" },
	{ "columns:\n  refrence: Ref\n",
	    "2:3: no such fact 'refrence', did you mean 'reference'" },
	{ "columns:\n  total: {from: Sum, trimm: true}\n",
	    "2:22: unknown key 'trimm', did you mean 'trim'" },
	{ "format: cvs\n", "1:9: unknown word 'cvs', did you mean "
			   "'csv'" },
	{ "shape: tree\n", "1:8: unknown word 'tree', want "
			   "'orders' or the like" },
	{ "header: yes\n", "1:9: unknown word 'yes', want 'false' or "
			   "the like" },
	{ "skip: -1\n", "1:7: a number from 0 to 1000000 expected" },
	{ "delimiter: ab\n",
	    "1:12: one character, or 'tab' or 'none', expected" },
	{ "delimiter: '\"'\n", "1:12: this cannot be a delimiter" },
	{ "timezone: Europe/Wien\n", "1:11: no time zone 'Europe/Wien': " },
	{ "tolerance: -1\n", "1:12: negative tolerance '-1'" },
	{ "tolerance: 0.00001\n", "1:12: bad amount '0.00001': more "
				  "than 4 decimals" },
	{ "rounding: half-odd\n", "1:11: unknown word 'half-odd', want "
				  "'half-even' or the like" },
	{ "on-conflict: never\n", "1:14: unknown word 'never', want "
				  "'reject' or the like" },
	{ "date: \"%d.%m\"\n",
	    "1:7: date format '%d.%m' needs a year, a month and a "
	    "day" },
	{ "decimal: 5\n",
	    "1:10: '5' cannot be part of how a number is grouped" },
	{ "columns: 5\n", "1:10: facts and their columns expected" },
	{ "columns:\n  sku: {trim: true}\n",
	    "2:8: 'sku' has neither 'from' nor 'const'" },
	{ "columns:\n  sku: {from: a, const: b}\n",
	    "2:8: 'sku' has both 'from' and 'const'" },
	{ "columns:\n  sku: {from: a, negate: true}\n",
	    "2:8: 'negate' means nothing for 'sku'" },
	{ "columns:\n  total: {from: a, date: \"%d%m%y\"}\n",
	    "2:10: 'date' means nothing for 'total'" },
	{ "columns:\n  total: {from: a, rate: true}\n",
	    "2:10: 'rate' means nothing for 'total'" },
	{ "columns:\n  total: {from: a, net: true}\n",
	    "2:10: 'net' means nothing for 'total'" },
	{ "columns:\n  total: {from: a, scale: 12}\n",
	    "2:27: a number from -9 to 9 expected" },
	{ "columns:\n  total: {from: a, map: {}}\n",
	    "2:25: patterns and values expected" },
	{ "profile: shopfy\n",
	    "1:10: no feed 'shopfy', did you mean 'shopify'" },
	{ "lines: {columns: {total: 3}}\n",
	    "1:19: 'total' belongs to the orders, not to the lines" },
	{ "[a, b]\n", "1:1: a feed is a block of keys and values" },
};

static void
a_mistake_names_its_place_and_a_remedy(void **state)
{
	struct scene *s = *state;

	for (size_t i = 0; i < OM_COUNT(mistakes); i++) {
		char want[512];

		assert_fails(scene_map(s, mistakes[i][0]), OM_EUSAGE);
		snprintf(want, sizeof(want), "%s:%s", s->map, mistakes[i][1]);
		err.msg[strlen(want)] = '\0';
		assert_string_equal(err.msg, want);
	}
}

static void
a_feed_that_says_too_little_is_refused(void **state)
{
	static const char *const rows[][2] = {
		{ "channel: a\ncurrency: EUR\ncolumns: {total: t}\n",
		    ": no column is mapped to 'reference'" },
		{ "currency: EUR\ncolumns: {reference: r, total: t}\n",
		    ": no column is mapped to 'channel'" },
		{ "channel: a\ncolumns: {reference: r, total: t}\n",
		    ": no column is mapped to 'currency'" },
		{ "channel: a\ncurrency: EUR\ncolumns: {reference: r}\n",
		    ": no column is mapped to 'total'" },
		{ "channel: a\ncurrency: EUR\nshape: lines\n"
		  "columns: {reference: r, quantity: q}\n",
		    ": no price of a line: map 'quantity and unit_price, "
		    "line_gross or line_total'" },
		{ "channel: a\ncurrency: EUR\nshape: joined\n"
		  "columns: {reference: r}\nlines: {columns: "
		  "{line_total: t}}\n",
		    ": shape 'joined' needs 'lines: {key: ...}'" },
		{ "channel: a\ncurrency: EUR\nlines: {key: k}\n"
		  "columns: {reference: r, total: t}\n",
		    ":3:14: 'lines' belongs to shape 'joined'" },
		{ FLAT "  payment: p\n", ":6:12: an order has no 'payment'" },
		{ "kind: payments\n" FLAT, ":6:10: a payment has no 'total'" },
		{ "kind: payments\nchannel: a\ncurrency: EUR\n"
		  "columns: {reference: r, payment: p}\n",
		    ": no column is mapped to 'amount'" },
		{ "header: false\n" FLAT,
		    ":5:14: without a header a column is a number, not "
		    "'Ref'" },
		{ "header: false\nfields: 2\nchannel: a\ncurrency: EUR\n"
		  "columns: {reference: 1, total: 3}\n",
		    ":5:32: there is no column '3'" },
		{ FLAT "  kind: {const: cancle}\n",
		    ":6:9: none of 'order', 'cancel', 'cancelled': 'cancle'" },
		{ "channel: a\ncurrency: EUX\ncolumns: {reference: r, total: "
		  "t}\n",
		    ": no such currency 'EUX'" },
		{ FLAT "decimal: \",\"\nthousands: \",\"\n",
		    ": clashes with 'decimal': 'thousands'" },
		{ FLAT "tax: auto\nshape: lines\n"
		       "  line_tax: {from: t, rate: true}\n",
		    NULL },
		{ "channel: a\ncurrency: EUR\ntax: auto\nshape: lines\n"
		  "columns: {reference: r, line_total: l, line_tax: {from: t, "
		  "rate: true}}\n",
		    ":5:50: a rate needs 'tax: added' or 'tax: included': "
		    "'line_tax'" },
	};
	struct scene *s = *state;

	for (size_t i = 0; i < OM_COUNT(rows); i++) {
		char want[512];

		assert_fails(scene_map(s, rows[i][0]), OM_EUSAGE);
		if (rows[i][1] == NULL)
			continue; /* not even YAML */
		snprintf(want, sizeof(want), "%s%s", s->map, rows[i][1]);
		assert_string_equal(err.msg, want);
	}
}

static void
a_feed_is_named_by_itself_or_by_its_file(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, FLAT));
	assert_string_equal(om_feed_name(s->feed), "acme");
	assert_ok(scene_map(s, "profile: canonical\n"));
	assert_string_equal(om_feed_name(s->feed), "acme");
	assert_ok(scene_map(s, "name: Beta\n" FLAT));
	assert_string_equal(om_feed_name(s->feed), "Beta");
	assert_ok(scene_map(s, NULL));
	assert_string_equal(om_feed_name(s->feed), "canonical");
}

static void
a_missing_map_is_not_there(void **state)
{
	struct scene *s = *state;

	assert_fails(om_feed_load("/nonexistent/acme.yaml", &s->feed, &err),
	    OM_ENOENT);
	assert_null(s->feed);
}

static void
every_profile_compiles(void **state)
{
	struct scene *s = *state;
	const char *const *names = om_feed_profiles();

	for (size_t i = 0; names[i] != NULL; i++) {
		assert_ok(om_feed_builtin(names[i], &s->feed, &err));
		assert_string_equal(om_feed_name(s->feed), names[i]);
		assert_int_equal(om_feed_sources(s->feed),
		    strcmp(names[i], "tpch") == 0 ? 2 : 1);
		assert_int_equal(om_feed_kind_of(s->feed),
		    strcmp(names[i], "payments") == 0 ? OM_FEED_PAYMENTS
						      : OM_FEED_ORDERS);
		om_feed_free(&s->feed);
	}
	assert_fails(om_feed_builtin("tcph", &s->feed, &err), OM_EUSAGE);
	assert_string_equal(err.msg, "no feed 'tcph', did you mean 'tpch'");
}

static void
digest_of(struct scene *s, const char *yaml, unsigned char *out)
{
	assert_ok(scene_map(s, yaml));
	om_feed_digest(s->feed, out);
}

static void
feeds_that_read_alike_hash_alike(void **state)
{
	static const char *const same[] = {
		"name: other\nsource: x.csv\n" FLAT,
		"format: csv\ndelimiter: \",\"\nheader: true\n" FLAT,
		"columns: {total: {from: Sum}, reference: Ref}\n"
		"currency: EUR\nchannel: acme\nshape: orders\n",
	};
	static const char *const other[] = {
		"delimiter: \";\"\n" FLAT,
		"tolerance: 0.01\n" FLAT,
		"timezone: +01:00\n" FLAT,
		"attributes: keep\n" FLAT,
		"tax: included\n" FLAT,
		"on-conflict: keep\n" FLAT,
		"on-conflict: replace\n" FLAT,
		FLAT "  customer: Who\n",
		"channel: acme\ncurrency: EUR\n"
		"columns: {reference: Ref, total: {from: Sum, negate: true}}\n",
	};
	struct scene *s = *state;
	unsigned char want[OM_SHA256_SIZE];
	unsigned char got[OM_SHA256_SIZE];

	digest_of(s, FLAT, want);
	for (size_t i = 0; i < OM_COUNT(same); i++) {
		digest_of(s, same[i], got);
		assert_memory_equal(got, want, sizeof(want));
	}
	for (size_t i = 0; i < OM_COUNT(other); i++) {
		digest_of(s, other[i], got);
		assert_memory_not_equal(got, want, sizeof(want));
	}
}

static void
a_profile_can_be_overridden_in_part(void **state)
{
	struct scene *s = *state;

	assert_ok(
	    scene_map(s, "profile: canonical\nchannel: web\ndelimiter: \";\"\n"
			 "columns:\n  reference: Nr\n  shipping: null\n"));
	assert_ok(scene_read(s, "Nr;currency;total;shipping\n7;EUR;1.50;9.00\n",
	    NULL));
	assert_int_equal(s->count, 1);
	assert_true(scene_is(scene_order(s, 0)->reference, "7"));
	assert_true(scene_is(scene_order(s, 0)->channel, "web"));
	assert_int_equal(scene_order(s, 0)->shipping_minor, 0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_mistake_names_its_place_and_a_remedy),
		TEST(a_feed_that_says_too_little_is_refused),
		TEST(a_feed_is_named_by_itself_or_by_its_file),
		TEST(a_missing_map_is_not_there),
		TEST(every_profile_compiles),
		TEST(feeds_that_read_alike_hash_alike),
		TEST(a_profile_can_be_overridden_in_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
