/* Trailers are no rows; what they and a manifest state is read exactly. */
#include "scene.h"

#include "feed/manifest.h"

#define MAP                                                                    \
	"profile: canonical\nchannel: t\ntotals:\n"                            \
	"  trailer: {match: 'T,*', count: 2, sum: 3, lines: 4, hash: 5}\n"
#define HEAD "reference,currency,total,sku,quantity,unit_price\n"

static void
a_trailer_is_read_and_the_rest_counted(void **state)
{
	struct scene *s = *state;
	const struct om_manifest *m;

	assert_ok(scene_map(s, MAP));
	assert_ok(scene_read(s,
	    HEAD "1,EUR,3.00,X,2,1.00\n2,EUR,1.00,Y,1,1.00\n"
		 "1,EUR,3.00,Y,1,1.00\n3,EUR,x,Y,1,1.00\n"
		 "T,3,-4.1234,4,0.5\n",
	    NULL));
	assert_int_equal(s->count, 3);
	assert_int_equal(om_reader_rows(s->reader), 4);
	assert_int_equal(om_reader_tally(s->reader)->lines, 4);
	assert_true(om_reader_tally(s->reader)->hash == 4000);
	assert_int_equal(om_reader_stated(s->reader, &m, &err), 1);
	assert_string_equal(m->name, "the trailer in line 6");
	assert_int_equal(m->stated,
	    OM_FIGURE_ORDERS | OM_FIGURE_LINES | OM_FIGURE_HASH);
	assert_int_equal(m->orders, 3);
	assert_int_equal(m->lines, 4);
	assert_int_equal(m->hash_milli, 500);
	assert_int_equal(m->sums, 1);
	assert_int_equal(m->sum[0].amount, -41234);
	assert_null(m->sum[0].currency);
}

static void
a_trailer_of_lines_stands_anywhere_but_in_front(void **state)
{
	struct scene *s = *state;
	const struct om_manifest *m;

	assert_ok(scene_map(s, MAP));
	assert_ok(scene_read(s, HEAD "T,0,0,0,0\n", NULL));
	assert_int_equal(s->count, 0);
	assert_int_equal(om_reader_stated(s->reader, &m, &err), 1);
	assert_fails(scene_read(s, HEAD "T,0,0,0,0\nT,0,0,0,0\n", NULL),
	    OM_EDATA);
	assert_non_null(
	    strstr(err.msg, "line 3 stands behind the trailer of line 2"));
	assert_ok(scene_read(s, HEAD, NULL));
	assert_fails(om_reader_stated(s->reader, &m, &err), OM_EDATA);
	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s, HEAD, NULL));
	assert_int_equal(om_reader_stated(s->reader, &m, &err), 0);
}

static int
load(struct scene *s, const char *text, struct om_manifest *m)
{
	scene_write(s->map, text, strlen(text));
	return om_manifest_load(s->map, m, &err);
}

static void
a_manifest_states_what_it_states(void **state)
{
	static struct om_manifest m;
	struct scene *s = *state;

	assert_ok(load(s, "orders: 0\nsum: {EUR: 1.5, KWD: 0.001}\n", &m));
	assert_int_equal(m.stated, OM_FIGURE_ORDERS);
	assert_int_equal(m.sums, 2);
	assert_string_equal(m.sum[1].currency->code, "KWD");
	assert_int_equal(m.sum[0].amount, 15000);
	assert_int_equal(m.sum[1].amount, 10);
	assert_ok(load(s, "sum: 7\n", &m));
	assert_null(m.sum[0].currency);
}

static void
a_manifest_that_cannot_be_read_is_refused(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
		{ "", "figures expected" },
		{ "orders: -1\n", ":1:1: bad count '-1'" },
		{ "lines: [1]\n", ":1:1: a number expected" },
		{ "orders: 1\nsum: {EUX: 1}\n",
		    ":2:1: no such currency 'EUX'" },
		{ "sum: [1]\n", ":1:1: no such currency ''" },
		{ "sum: {EUR: {}}\n", ":1:1: an amount expected" },
		{ "sum: 1.00001\n", "more than 4 decimals" },
		{ "sha256: abc\n", ":1:1: bad SHA-256 'abc'" },
		{ "color: red\n", ":1:1: unknown key 'color'" },
	};
	static struct om_manifest m;
	struct scene *s = *state;

	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		assert_fails(load(s, cases[i].text, &m), OM_EUSAGE);
		if (strstr(err.msg, cases[i].why) == NULL)
			fail_msg("'%s' lacks '%s'", err.msg, cases[i].why);
	}
}

static void
totals_are_compiled_with_their_place(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
		{ "totals: {trailer: {match: T, cuont: 1}}\n",
		    "unknown key 'cuont', did you mean 'count'" },
		{ "totals: {trailer: {match: T, sum: 0}}\n",
		    "a number from 1 to 4096 expected" },
		{ "totals: {trailer: {match: T, currency: 1}}\n",
		    "'currency' belongs to a 'sum'" },
		{ "totals: {sidecar: ''}\n", "empty path" },
		{ "format: ndjson\ntotals: {trailer: {match: T}}\n",
		    "only delimited files have a 'trailer'" },
		{ "format: json\nencoding: latin1\n",
		    "only of delimited files one says the 'encoding'" },
	};
	struct scene *s = *state;

	for (size_t i = 0; i < OM_COUNT(cases); i++) {
		assert_fails(scene_map(s, cases[i].text), OM_EUSAGE);
		assert_non_null(strstr(err.msg, cases[i].why));
	}
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_trailer_is_read_and_the_rest_counted),
		TEST(a_trailer_of_lines_stands_anywhere_but_in_front),
		TEST(a_manifest_states_what_it_states),
		TEST(a_manifest_that_cannot_be_read_is_refused),
		TEST(totals_are_compiled_with_their_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
