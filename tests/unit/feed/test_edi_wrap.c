/* What is turned away comes with an envelope of its own. */
#include "scene.h"

static void
comes_in(const struct scene *s, size_t i, const char *before, const char *after)
{
	const struct om_reject *r = &s->item[i].reject;

	assert_int_equal(s->item[i].kind, OM_ITEM_REJECT);
	assert_true(scene_is(r->before, before));
	assert_true(scene_is(r->after, after));
}

#define ISA                                                                     \
	"ISA*00*          *00*          *01*828513080      *01*001903202U     " \
	"*100817*0850*U*00400*000000245*0*P*>~"

static void
a_set_of_x12_has_its_group_and_interchange(void **state)
{
	struct scene *s = *state;

	assert_ok(om_feed_builtin("x12-850", &s->feed, &err));
	assert_ok(scene_read(s,
	    ISA "GS*PO*B*US*20100817*0850*7*X*004010~\n"
		"ST*850*1~BEG*00*SA*P1**20100810~SE*3*1~\n"
		"ST*850*2~BEG*00*SA*P2**20100810~SE*3*2~\n"
		"GE*2*7~GS*PO*B*US*20100817*0850*08*X*004010~\n"
		"ST*850*1~BEG*00*SA*P3**20100810~SE*3*1~GE*1*8~\n"
		"IEA*2*245~",
	    NULL));
	assert_int_equal(s->count, 3);
	for (size_t i = 0; i < 2; i++)
		comes_in(s, i, ISA "\nGS*PO*B*US*20100817*0850*7*X*004010~",
		    "GE*1*7~\nIEA*1*000000245~");
	comes_in(s, 2, ISA "\nGS*PO*B*US*20100817*0850*08*X*004010~",
	    "GE*1*08~\nIEA*1*000000245~");
}

static void
a_message_of_edifact_has_una_and_a_group_if_there_is_one(void **state)
{
	struct scene *s = *state;

	assert_ok(om_feed_builtin("edifact-orders", &s->feed, &err));
	assert_ok(scene_read(s,
	    "UNA;*.! 'UNB*UNOA;3*S*R*101120;1030*A!*7'\n"
	    "UNG*ORDERS*A*B*101120;1030*G1*UN*D;96A'\n"
	    "UNH*1*ORDERS;D;96A;UN'BGM*220*P1*9'UNS*S'UNT*4*1'\n"
	    "UNE*1*G1'UNZ*1*A!*7'\n"
	    "UNB+UNOA:3+S+R+101120:1030+8'\n"
	    "UNH+1+ORDERS:D:96A:UN'BGM+220+P2+9'UNS+S'UNT+4+1'UNZ+1+8'",
	    NULL));
	assert_int_equal(s->count, 2);
	comes_in(s, 0,
	    "UNA;*.! 'UNB*UNOA;3*S*R*101120;1030*A!*7'\n"
	    "UNG*ORDERS*A*B*101120;1030*G1*UN*D;96A'",
	    "UNE*1*G1'\nUNZ*1*A!*7'");
	/* The next interchange has neither. */
	comes_in(s, 1, "UNB+UNOA:3+S+R+101120:1030+8'", "UNZ+1+8'");
}

static void
rows_of_other_files_have_none(void **state)
{
	struct scene *s = *state;

	assert_ok(scene_map(s, NULL));
	assert_ok(scene_read(s, "reference,currency,total\nA,EUR,x\n", NULL));
	comes_in(s, 0, "", "");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_set_of_x12_has_its_group_and_interchange),
		TEST(a_message_of_edifact_has_una_and_a_group_if_there_is_one),
		TEST(rows_of_other_files_have_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
