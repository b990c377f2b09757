/* Scratch files: readable, and not to be found by name. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/temp.h"

static void
what_was_written_is_read_back(void **state)
{
	struct om_err err = { 0 };
	char text[4] = "";
	FILE *f = NULL;

	(void)state;
	assert_ok(om_temp_open(NULL, &f, &err));
	assert_int_equal(fwrite("abc", 1, 3, f), 3);
	rewind(f);
	assert_int_equal(fread(text, 1, 4, f), 3);
	assert_string_equal(text, "abc");
	assert_int_equal(fclose(f), 0);
}

static void
the_directory_stays_empty(void **state)
{
	char dir[] = "/tmp/om-temp-XXXXXX";
	struct om_err err = { 0 };
	FILE *f = NULL;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_ok(om_temp_open(dir, &f, &err));
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(fclose(f), 0);
}

static void
a_missing_directory_is_named(void **state)
{
	struct om_err err = { 0 };
	FILE *f = NULL;

	(void)state;
	assert_fails(om_temp_open("/nonexistent", &f, &err), OM_EIO);
	assert_string_equal(err.msg,
	    "cannot make a scratch file in "
	    "'/nonexistent': No such file or directory");
	assert_null(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read_back),
		cmocka_unit_test(the_directory_stays_empty),
		cmocka_unit_test(a_missing_directory_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
