/* How a feed is numbered: names of files, envelopes, trailers, manifests. */
#include "scene.h"

#include "feed/manifest.h"
#include "order/sequence.h"

#define MAP "profile: canonical\n"

static void
named(struct scene *s, const char *pattern, const char *name, const char *want)
{
	struct om_sequence n;
	char text[OM_SEQUENCE_TEXT_MAX];
	char map[256];

	om_feed_free(&s->feed);
	snprintf(map, sizeof(map), MAP "sequence: {name: '%s'}\n", pattern);
	assert_ok(scene_map(s, map));
	if (!om_feed_number_of(s->feed, name, &n)) {
		if (want != NULL)
			fail_msg("'%s' does not fit '%s'", name, pattern);
		return;
	}
	if (want == NULL)
		fail_msg("'%s' fits '%s'", name, pattern);
	assert_string_equal(om_sequence_text(n.unit, n.number, text), want);
}

static void
a_number_is_found_in_a_name(void **state)
{
	struct scene *s = *state;

	named(s, "orders-{number}.csv", "in/orders-0007.csv", "7");
	named(s, "orders-{number}.csv", "orders-7.csv.gz", NULL);
	named(s, "orders-{number}.csv*", "orders-7.csv.gz", "7");
	named(s, "orders-{number}.csv", "orders-7x.csv", NULL);
	named(s, "orders-{number}.csv", "orders-.csv", NULL);
	named(s, "orders-{number}.csv", "-", NULL);
	named(s, "*-{number}*", "a-b-12-34.csv", "12");
	named(s, "*{number}.csv", "2026-12.csv", "12"); /* all its digits */
	named(s, "{number}", "123456789012345678", "123456789012345678");
	named(s, "{number}", "1234567890123456789", NULL); /* over 18 */
}

static void
so_is_a_day(void **state)
{
	struct scene *s = *state;

	named(s, "orders-{date}.csv", "orders-2026-11-26.csv", "2026-11-26");
	named(s, "orders-{date}.csv", "/a/orders-20261126.csv", "2026-11-26");
	named(s, "orders-{date}.csv", "orders-2026-02-29.csv", NULL);
	named(s, "orders-{date}.csv", "orders-2026-1-1.csv", NULL);
	named(s, "orders-{date}.csv", "orders-20261126", NULL);
	named(s, "*{date}*", "x20260101T0900.csv", "2026-01-01");
}

static void
days_may_be_weekdays(void **state)
{
	struct scene *s = *state;
	struct om_sequence n = { 0 };

	assert_ok(scene_map(s,
	    MAP "sequence: {name: '{date}.csv', days: weekdays}\n"));
	assert_true(om_feed_number_of(s->feed, "2026-11-26.csv", &n));
	assert_int_equal(n.unit, OM_SEQUENCE_WEEKDAY);
	om_feed_free(&s->feed);
	assert_ok(
	    scene_map(s, MAP "sequence: {name: '{date}.csv', days: all}\n"));
	assert_true(om_feed_number_of(s->feed, "2026-11-26.csv", &n));
	assert_int_equal(n.unit, OM_SEQUENCE_DAY);
}

static void
without_a_rule_there_is_no_number(void **state)
{
	struct scene *s = *state;
	struct om_sequence n;

	assert_ok(scene_map(s, MAP));
	assert_false(om_feed_number_of(s->feed, "orders-7.csv", &n));
}

static void
a_rule_that_makes_no_sense_is_refused(void **state)
{
	struct scene *s = *state;
	static const char *const bad[][2] = {
		{ "{name: 'orders.csv'}",
		    ":2:18: a name has one {number} or one {date} in it" },
		{ "{name: '{number}-{date}'}",
		    ":2:18: a name has one {number} or one {date} in it" },
		{ "{name: '{number}', days: weekdays}",
		    "'days' belongs to a 'name' with {date}" },
		{ "{days: all}", "'days' belongs to a 'name' with {date}" },
		{ "{envelope: interchange}",
		    "only X12 and EDIFACT have an 'envelope'" },
		{ "{envelop: group}",
		    "unknown key 'envelop', did you mean 'envelope'" },
	};

	for (size_t i = 0; i < OM_COUNT(bad); i++) {
		char map[256];

		om_feed_free(&s->feed);
		snprintf(map, sizeof(map), MAP "sequence: %s\n", bad[i][0]);
		assert_fails(scene_map(s, map), OM_EUSAGE);
		if (strstr(err.msg, bad[i][1]) == NULL)
			fail_msg("'%s' does not say '%s'", err.msg, bad[i][1]);
	}
}

static void
a_trailer_may_state_the_number(void **state)
{
	struct scene *s = *state;
	const struct om_manifest *m;

	assert_ok(scene_map(s,
	    MAP "totals: {trailer: {match: 'T,*', count: 2, sequence: 3}}\n"));
	assert_ok(scene_read(s,
	    "reference,currency,total\n1,EUR,1.00\nT,1,0042\n", NULL));
	assert_int_equal(om_reader_stated(s->reader, &m, &err), 1);
	assert_int_equal(m->stated, OM_FIGURE_ORDERS | OM_FIGURE_SEQUENCE);
	assert_int_equal(m->sequence, 42);
	assert_null(om_reader_numbers(s->reader));
}

static void
so_may_a_manifest(void **state)
{
	struct scene *s = *state;
	struct om_manifest m;
	FILE *f = fopen(s->map, "w");

	assert_non_null(f);
	fputs("sequence: 17\n", f);
	fclose(f);
	assert_ok(om_manifest_load(s->map, &m, &err));
	assert_int_equal(m.stated, OM_FIGURE_SEQUENCE);
	assert_int_equal(m.sequence, 17);
}

#define X12_ISA(n)                                                              \
	"ISA*00*          *00*          *01*828513080      *01*001903202U     " \
	"*100817*0850*U*00400*" n "*0*P*>~\n"
#define X12_SET                                                                \
	"ST*850*0001~\nBEG*00*SA*P1**20100810~\nCUR*BY*USD~\n"                 \
	"PO1*1*5*EA*5.09*UM*BP*0459*VP*V-1~\nCTT*1~\nSE*6*0001~\n"
#define X12_GROUP(n)                                                           \
	"GS*PO*BUYER1*US*20100817*0850*" n "*X*004010~\n" X12_SET "GE*1*" n    \
	"~\n"

static void
numbered_by(struct scene *s, const char *envelope, const char *bytes,
    const char *want)
{
	const struct om_sequences *list;
	char text[OM_SEQUENCE_TEXT_MAX];
	char got[256] = "";
	char map[256];

	om_feed_free(&s->feed);
	snprintf(map, sizeof(map), "profile: %s\n%s",
	    strstr(bytes, "ISA") == bytes ? "x12-850" : "edifact-orders",
	    envelope);
	assert_ok(scene_map(s, map));
	assert_ok(scene_read(s, bytes, NULL));
	list = om_reader_numbers(s->reader);
	assert_non_null(list);
	for (size_t i = 0; i < list->n; i++) {
		strcat(got, om_sequence_text(list->item[i].unit,
				list->item[i].number, text));
		strcat(got, " ");
	}
	assert_string_equal(got, want);
}

static void
envelopes_of_x12_are_numbered(void **state)
{
	struct scene *s = *state;
	static const char bytes[] = X12_ISA("000000245") X12_GROUP("11")
	    X12_GROUP("12") "IEA*2*000000245~\n" X12_ISA("000000246")
		X12_GROUP("13") "IEA*1*000000246~\n";

	numbered_by(s, "sequence: {envelope: interchange}\n", bytes,
	    "245 246 ");
	numbered_by(s, "sequence: {envelope: group}\n", bytes, "11 12 13 ");
	numbered_by(s, "", bytes, "");
}

static void
so_are_those_of_edifact_if_they_are_numbers(void **state)
{
	struct scene *s = *state;
#define FACT(n)                                                                \
	"UNB+UNOA:1+S:1+R:1+260101:1200+" n "'UNH+1+ORDERS:D:96A:UN'"          \
	"BGM+220+P1+9'DTM+137:20260101:102'CUX+2:EUR:9'LIN+1++V:SA'QTY+21:1'"  \
	"PRI+AAA:5.00'UNS+S'UNT+9+1'UNZ+1+" n "'"

	numbered_by(s, "sequence: {envelope: interchange}\n",
	    FACT("00031") FACT("REF-32") FACT("33"), "31 33 ");
	numbered_by(s, "sequence: {envelope: group}\n", FACT("31"), "");
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(a_number_is_found_in_a_name),
		SCENE(so_is_a_day),
		SCENE(days_may_be_weekdays),
		SCENE(without_a_rule_there_is_no_number),
		SCENE(a_rule_that_makes_no_sense_is_refused),
		SCENE(a_trailer_may_state_the_number),
		SCENE(so_may_a_manifest),
		SCENE(envelopes_of_x12_are_numbered),
		SCENE(so_are_those_of_edifact_if_they_are_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
