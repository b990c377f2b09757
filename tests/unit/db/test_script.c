/* Reading SQL text just enough. */
#include "unit.h"

#include "db/backend.h"

static void
a_line_for_the_other_engine_is_left_out(void **state)
{
	OM_AUTO(om_buf_fini) struct om_buf out = { .max = 1000 };
	const char *script = "a\nb --@sqlite\nc --@postgres \nd";

	(void)state;
	om_script_for(OM_SQLITE, script, &out);
	assert_string_equal(om_buf_view(&out).p, "a\nb --@sqlite\n\nd");
	om_buf_reset(&out);
	om_script_for(OM_POSTGRES, script, &out);
	assert_string_equal(om_buf_view(&out).p, "a\n\nc --@postgres \nd");
}

static void
a_mark_in_the_middle_of_a_line_is_only_text(void **state)
{
	OM_AUTO(om_buf_fini) struct om_buf out = { .max = 1000 };

	(void)state;
	om_script_for(OM_SQLITE, "x --@postgres y\n", &out);
	assert_string_equal(om_buf_view(&out).p, "x --@postgres y\n");
}

static void
parameters_are_counted_outside_quotes_and_comments(void **state)
{
	(void)state;
	assert_int_equal(om_param_count("SELECT 1", NULL), 0);
	assert_int_equal(om_param_count("SELECT $2, $1, $2", NULL), 2);
	assert_int_equal(om_param_count("SELECT '$3', \"$4\", $1", NULL), 1);
	assert_int_equal(om_param_count("SELECT $1 -- $5\n, $2 /* $9 */", NULL),
	    2);
	assert_int_equal(om_param_count("SELECT 'it''s $7' || $64", NULL), 64);
	assert_int_equal(om_param_count("SELECT '$1", NULL), 0);
	assert_int_equal(om_param_count("SELECT 1 /* $1", NULL), 0);
}

static void
the_number_after_the_last_parameter_is_seen_as_too_large(void **state)
{
	(void)state;
	assert_true(om_param_count("SELECT $65", NULL) > OM_PARAM_MAX);
	assert_true(
	    om_param_count("SELECT $99999999999999", NULL) > OM_PARAM_MAX);
}

static void
the_parameters_in_use_are_marked(void **state)
{
	bool used[OM_PARAM_MAX] = { false };

	(void)state;
	assert_int_equal(om_param_count("SELECT $3, $1, $64", used), 64);
	assert_true(used[0] && !used[1] && used[2] && used[63]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_for_the_other_engine_is_left_out),
		cmocka_unit_test(a_mark_in_the_middle_of_a_line_is_only_text),
		cmocka_unit_test(
		    parameters_are_counted_outside_quotes_and_comments),
		cmocka_unit_test(
		    the_number_after_the_last_parameter_is_seen_as_too_large),
		cmocka_unit_test(the_parameters_in_use_are_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
