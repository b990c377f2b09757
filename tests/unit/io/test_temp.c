/* Scratch files leave nothing in their directory. */
#include "unit.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/temp.h"

static void
a_scratch_file_has_no_name(void **state)
{
	char dir[] = "/tmp/om-temp-XXXXXX";
	struct om_err err = { 0 };
	char text[8] = { 0 };
	FILE *f = NULL;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_ok(om_temp_open(dir, &f, &err));
	assert_int_equal(rmdir(dir), 0); /* so it was empty */
	assert_true(fputs("text", f) >= 0);
	rewind(f);
	assert_string_equal(fgets(text, sizeof(text), f), "text");
	fclose(f);
}

static void
the_environment_says_where(void **state)
{
	struct om_err err = { 0 };
	FILE *f = NULL;

	(void)state;
	assert_int_equal(setenv("TMPDIR", "/nowhere", 1), 0);
	assert_fails(om_temp_open(NULL, &f, &err), OM_EIO);
	assert_string_equal(err.msg, "cannot create a temporary file in "
				     "'/nowhere': No such file or directory");
	assert_int_equal(setenv("TMPDIR", "", 1), 0);
	assert_ok(om_temp_open(NULL, &f, &err));
	fclose(f);
	assert_int_equal(unsetenv("TMPDIR"), 0);
	assert_ok(om_temp_open(NULL, &f, &err));
	fclose(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scratch_file_has_no_name),
		cmocka_unit_test(the_environment_says_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
